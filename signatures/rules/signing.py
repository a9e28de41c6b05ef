"""Who signs a paper, in which order, and what the worker does with a signature."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import Role, is_secretary


class Mark(models.TextChoices):
    """What a signature shows on the page (Nghị định 30/2020/NĐ-CP, phụ lục I, phần I mục II, and III)."""

    LEADER = "leader", _("signature of the competent person")
    INITIALS = "initials", _("initials")
    NUMBER = "number", _("number")
    DAY = "day", _("day")
    MONTH = "month", _("month")
    SEAL = "seal", _("seal of the organisation")
    ATTACHMENT = "attachment", _("organisation's words on an attachment")
    COPY = "copy", _("electronic copy")
    NONE = "none", _("nothing visible")


class RequestStatus(models.TextChoices):
    OPEN = "open", _("being signed")
    COMPLETED = "completed", _("signed by all")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StepStatus(models.TextChoices):
    WAITING = "waiting", _("not signed yet")
    SIGNING = "signing", _("signature being put into the file")
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("refused")


class SignatureStatus(models.TextChoices):
    PREPARED = "prepared", _("waiting for the key")
    SIGNED = "signed", _("signed, being put into the file")
    EMBEDDED = "embedded", _("in the file")


def asked(user: Any, request: Any) -> bool:
    """Whoever asked for the signatures."""
    return request.requested_by_id is not None and request.requested_by_id == user.pk


def may_have_signed(user: Any, request: Any) -> bool:
    """The office, the lead agency of the paper, and those who preside."""
    body = request.version.body_id
    return any(
        user.holds(role, body) for role in (Role.SECRETARY, Role.CHAIR, Role.VICE_CHAIR, Role.SUBMITTER)
    )


def signs_step(user: Any, step: Any) -> bool:
    """The named signer in the office named, while she holds it; a seal is affixed by the office (văn thư)."""
    if step.signer_id is None:
        return is_secretary(user, step.request.version)
    return step.signer.user_id == user.pk and step.signer.is_in_force


def owns_signature(user: Any, signature: Any) -> bool:
    """Who began it; nobody completes another's."""
    return signature.by_id == user.pk


def it_is_her_turn(step: Any) -> str | None:
    if step.request.status != RequestStatus.OPEN:
        return gettext("Signing of this paper has ended: %(state)s.") % {
            "state": step.request.get_status_display()
        }
    if not step.is_next:
        return gettext("Others sign before: %(names)s.") % {"names": ", ".join(step.names_before)}
    return None


def certificate_is_fit(signature: Any) -> str | None:
    """Registered to her, and valid today."""
    certificate = signature.certificate
    if certificate.is_usable_by(signature):
        return None
    return gettext("This certificate is not registered to you, or it is not valid today.")


def is_not_lapsed(signature: Any) -> str | None:
    if signature.expires_at > clock.now():
        return None
    return gettext("The time to sign has run out. Begin again: nothing was signed.")


SIGNING_REQUEST = Rulebook(
    initial=RequestStatus.OPEN,
    rules={
        "request_signatures": Rule(any_of(is_worker, may_have_signed), when={RequestStatus.OPEN}),
        "withdraw_signing": Rule(asked, when={RequestStatus.OPEN}, then=RequestStatus.WITHDRAWN),
        "complete_signing": Rule(is_worker, when={RequestStatus.OPEN}, then=RequestStatus.COMPLETED),
    },
)

SIGNING_STEP = Rulebook(
    initial=StepStatus.WAITING,
    rules={
        "prepare_signature": Rule(signs_step, when={StepStatus.WAITING}, guards=(it_is_her_turn,)),
        "refuse_signature": Rule(
            signs_step, when={StepStatus.WAITING}, then=StepStatus.REFUSED, guards=(it_is_her_turn,)
        ),
        "pass_signature": Rule(signs_step, when={StepStatus.WAITING}),
    },
)

SIGNATURE = Rulebook(
    initial=SignatureStatus.PREPARED,
    rules={
        "prepare_statement": Rule(owns_signature, guards=(certificate_is_fit,)),
        "complete_signature": Rule(
            owns_signature,
            when={SignatureStatus.PREPARED},
            then=SignatureStatus.SIGNED,
            guards=(certificate_is_fit, is_not_lapsed),
        ),
        "embed_signature": Rule(is_worker, when={SignatureStatus.SIGNED}, then=SignatureStatus.EMBEDDED),
    },
)

PRESERVATION = Rulebook(
    initial=None,
    rules={"order_preservation": Rule(is_worker), "record_preservation": Rule(is_worker)},
)


def sees_signing_request(user: Any) -> Q:
    """Those who may read the paper, those who asked, and those who are asked to sign."""
    return (
        Q(requested_by=user.pk)
        | Q(steps__signer__user=user.pk)
        | Q(version__document__body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR))
    )


def sees_signature(user: Any) -> Q:
    return Q(by=user.pk)
