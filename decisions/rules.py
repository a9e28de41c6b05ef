"""Who sets the rules of deciding, and who puts a resolution into the register."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_worker
from core.workflow import Rule, Rulebook
from documents.rules import of_own_agency
from people.rules import PRESIDING, Role, is_administrator, is_secretary, presides


class CopyForm(models.TextChoices):
    """Nghị định 30/2020/NĐ-CP, Điều 25. An extract is another text: it bears no signature of the original."""

    COPY = "SY", "SAO Y"
    COPY_OF_COPY = "SL", "SAO LỤC"


class ResolutionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved for issue")
    SIGNING = "signing", _("approved, being signed")
    SIGNED = "signed", _("signed, to be numbered")
    ISSUED = "issued", _("issued")


def draft_is_rendered(resolution: Any) -> str | None:
    """Nobody approves a text that cannot be read."""
    rendering = resolution.newest_rendering
    if rendering is None or rendering.version_id is None:
        return gettext("The draft is still being made. Wait a moment and try again.")
    return None


def signer_presides(resolution: Any) -> str | None:
    """The signature is the chair's, or a vice chair's for the chair: of this body, and of today."""
    signer = resolution.signer
    if signer.body_id == resolution.body_id and signer.role in PRESIDING and signer.is_in_force:
        return None
    return gettext("The signer must hold the office of chair or vice chair of this body.")


def is_signed_by_hand(resolution: Any) -> str | None:
    """Whether a body signs digitally is a matter of its rules, and of those under which it decided."""
    if resolution.rule_set.resolutions_signed:
        return gettext("This body signs its resolutions digitally: approve the text for signing.")
    return None


def is_signed_digitally(resolution: Any) -> str | None:
    if resolution.rule_set.resolutions_signed:
        return None
    return gettext("The rules of this body do not have its resolutions signed digitally.")


def seal_is_at_hand(resolution: Any) -> str | None:
    """No number is given to a resolution that cannot be sealed afterwards."""
    if not resolution.rule_set.resolutions_signed or resolution.seal is not None:
        return None
    return seal_is_missing(resolution)


def seal_is_missing(paper: Any) -> str:
    return gettext(
        "The seal of %(office)s has no valid certificate here. Ask the administrator to register it."
    ) % {"office": paper.body.office}


def is_not_sealed(resolution: Any) -> str | None:
    return gettext("Number, date and seal are on the paper already.") if resolution.is_sealed else None


def is_not_confirmed(rule_set: Any) -> str | None:
    """Rules in force are never changed: new ones follow them."""
    if rule_set.confirmed_at is not None:
        return gettext("This rule set is in force. Enter a new one with a later date.")
    return None


def original_is_valid(copy: Any) -> str | None:
    """The office vouches for nothing that the check of the signatures has not found valid."""
    if copy.is_of_valid_paper:
        return None
    return gettext("A copy is made only of a signed paper whose signatures have been found valid.")


def copy_can_be_sealed(copy: Any) -> str | None:
    return seal_is_missing(copy) if copy.seal is None else None


def copy_is_not_certified(copy: Any) -> str | None:
    return gettext("This copy is certified already.") if copy.is_certified else None


COPY = Rulebook(
    initial=None,
    rules={
        "make_copy": Rule(is_secretary, guards=(original_is_valid, copy_can_be_sealed)),
        "certify_copy": Rule(is_secretary, guards=(copy_is_not_certified, copy_can_be_sealed)),
    },
)

RULE_SET = Rulebook(
    initial=None, rules={"confirm_rule_set": Rule(is_administrator, guards=(is_not_confirmed,))}
)

DAY_OFF = Rulebook(initial=None, rules={"add_day_off": Rule(is_administrator)})

RESOLUTION = Rulebook(
    initial=ResolutionStatus.DRAFT,
    rules={
        "draft_resolution": Rule(is_secretary, when={ResolutionStatus.DRAFT}, guards=(signer_presides,)),
        "edit_resolution": Rule(is_secretary, when={ResolutionStatus.DRAFT}),
        "approve_resolution": Rule(
            presides,
            when={ResolutionStatus.DRAFT},
            then=ResolutionStatus.APPROVED,
            guards=(is_signed_by_hand, draft_is_rendered),
        ),
        "approve_for_signing": Rule(
            presides,
            when={ResolutionStatus.DRAFT},
            then=ResolutionStatus.SIGNING,
            guards=(is_signed_digitally, draft_is_rendered),
        ),
        "ask_for_signature": Rule(is_worker, when={ResolutionStatus.SIGNING}),
        "return_resolution": Rule(is_worker, when={ResolutionStatus.SIGNING}, then=ResolutionStatus.DRAFT),
        "record_signing": Rule(is_worker, when={ResolutionStatus.SIGNING}, then=ResolutionStatus.SIGNED),
        "issue_resolution": Rule(
            is_secretary,
            when={ResolutionStatus.APPROVED, ResolutionStatus.SIGNED},
            then=ResolutionStatus.ISSUED,
            guards=(seal_is_at_hand,),
        ),
        "seal_resolution": Rule(
            is_secretary,
            when={ResolutionStatus.ISSUED},
            guards=(is_signed_digitally, is_not_sealed, seal_is_at_hand),
        ),
        "release_resolution": Rule(is_worker, when={ResolutionStatus.ISSUED}),
    },
)


def sees_rule_set(user: Any) -> Q:
    """The rules of a body are known to all who work for it."""
    return Q(body__in=user.body_ids())


def sees_copy(user: Any) -> Q:
    """The office makes copies; auditors look at its register."""
    return Q(body__in=user.body_ids(Role.SECRETARY, Role.ARCHIVIST, Role.AUDITOR))


def sees_resolution(user: Any) -> Q:
    """The office and those who preside see drafts; members, archivists and auditors what is issued; a lead
    agency what was issued on its own dossier."""
    working = Q(body__in=user.body_ids(Role.SECRETARY, Role.CHAIR, Role.VICE_CHAIR))
    reading = Q(body__in=user.body_ids(Role.MEMBER, Role.ASSISTANT, Role.ARCHIVIST, Role.AUDITOR))
    reading |= of_own_agency(user, "dossier__")
    return working | (reading & Q(status=ResolutionStatus.ISSUED))
