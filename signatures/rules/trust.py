"""Whose certificates the house trusts, and who says so: never one person alone."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_clock, is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import Role


class CertificateUse(models.TextChoices):
    """What a certificate is trusted for. A LINK is trusted for nothing by itself: it leads to its root."""

    ROOT = "root", _("Root authority")
    ISSUER = "issuer", _("Issuing authority")
    TIMESTAMPS = "timestamps", _("Time stamp authority")
    LINK = "link", _("Issuing authority below a trusted root")


ANCHORS = (CertificateUse.ROOT, CertificateUse.ISSUER, CertificateUse.TIMESTAMPS)


class ProposalKind(models.TextChoices):
    TRUST = "trust", _("Begin to trust")
    END = "end", _("End the trust")


class ProposalStatus(models.TextChoices):
    OPEN = "open", _("waiting for a second administrator")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SourceKind(models.TextChoices):
    LIST = "list", _("Revocation list (CRL)")
    ANSWER = "answer", _("Answers on single certificates (OCSP)")
    CERTIFICATE = "certificate", _("Certificate of an issuing authority")


def administers(user: Any, obj: Any) -> bool:
    return user.holds(Role.ADMINISTRATOR)


def proposed(user: Any, proposal: Any) -> bool:
    return proposal.proposed_by_id is not None and proposal.proposed_by_id == user.pk


def is_another_administrator(user: Any, proposal: Any) -> bool:
    """Nobody confirms or rejects what she has proposed herself."""
    return administers(user, proposal) and not proposed(user, proposal)


def is_still_trusted(certificate: Any) -> str | None:
    if certificate.trusted_until is not None:
        return gettext("This certificate is no longer trusted already.")
    return None


def its_certificate_is_still_trusted(proposal: Any) -> str | None:
    if proposal.certificate is None:
        return gettext("Say whose trust is to end.")
    return is_still_trusted(proposal.certificate)


def effect_is_known(proposal: Any) -> str | None:
    """Nobody agrees to a change whose effect on the papers was not shown, under the trust of today."""
    if proposal.is_foreseen:
        return None
    return gettext(
        "What the change does to earlier verdicts is still being found out. Wait until it is shown."
    )


def its_confirmer_was_there_before(proposal: Any) -> str | None:
    """Who needs a second person does not make one: an account that came later confirms nothing."""
    if proposal.confirmer_came_later:
        return gettext(
            "Only an administrator who held the office on an earlier day than that of the proposal can "
            "confirm it. Ask another administrator."
        )
    return None


def two_have_agreed(certificate: Any) -> str | None:
    """One administrator has proposed it, another one has confirmed it."""
    return _lacks_confirmation(certificate.proposal)


def two_have_agreed_to_end(certificate: Any) -> str | None:
    return _lacks_confirmation(certificate.ending)


def _lacks_confirmation(proposal: Any) -> str | None:
    if proposal is not None and proposal.status == ProposalStatus.CONFIRMED:
        return None
    return gettext(
        "A change of the trust needs two administrators: one proposes it, another one confirms it."
    )


def source_is_used(source: Any) -> str | None:
    if source.ended_at is not None:
        return gettext("This address is no longer asked.")
    return None


PROPOSAL = Rulebook(
    initial=ProposalStatus.OPEN,
    rules={
        "propose_certificates": Rule(administers, when={ProposalStatus.OPEN}),
        "propose_end": Rule(
            administers, when={ProposalStatus.OPEN}, guards=(its_certificate_is_still_trusted,)
        ),
        "foresee_proposal": Rule(any_of(administers, is_worker), when={ProposalStatus.OPEN}),
        "record_foreseen": Rule(is_worker, when={ProposalStatus.OPEN}),
        "confirm_proposal": Rule(
            is_another_administrator,
            when={ProposalStatus.OPEN},
            then=ProposalStatus.CONFIRMED,
            guards=(its_confirmer_was_there_before, effect_is_known),
        ),
        "reject_proposal": Rule(
            is_another_administrator, when={ProposalStatus.OPEN}, then=ProposalStatus.REJECTED
        ),
        "withdraw_proposal": Rule(proposed, when={ProposalStatus.OPEN}, then=ProposalStatus.WITHDRAWN),
    },
)

CERTIFICATE = Rulebook(
    initial=None,
    rules={
        "trust_certificate": Rule(administers, guards=(two_have_agreed,)),
        "distrust_certificate": Rule(administers, guards=(is_still_trusted, two_have_agreed_to_end)),
        "add_revocation_list": Rule(any_of(administers, is_worker)),
        "add_revocation_answer": Rule(any_of(administers, is_worker)),
        "link_certificate": Rule(is_worker),
    },
)

SOURCE = Rulebook(
    initial=None,
    rules={
        "add_source": Rule(administers),
        "end_source": Rule(administers, guards=(source_is_used,)),
        "ask_source": Rule(any_of(administers, is_clock), guards=(source_is_used,)),
        "record_fetch": Rule(is_worker),
    },
)


def sees_certificate(user: Any) -> Q:
    """Whom the house trusts is no secret within the house."""
    return Q() if user.current_appointments else Q(pk=None)


def sees_proposal(user: Any) -> Q:
    """Those who decide on the trust, and those who look over their shoulder."""
    return Q() if user.holds(Role.ADMINISTRATOR) or user.holds(Role.AUDITOR) else Q(pk=None)
