"""Who signs a paper, in which order, and what the worker does with a signature."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_worker
from core.workflow import Rule, Rulebook, any_of
from documents.rules import Format, may_read_version
from people.rules import PRESIDING, Role, is_secretary, presides
from signatures.rules.keys import KeyWay
from signatures.rules.verification import Verdict


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
    VOID = "void", _("not accepted")


# What the verifier found broken, or could not come to an end with, is not read by the web process either.
UNFIT_TO_SIGN = (Verdict.INVALID, Verdict.DESTROYED, Verdict.UNVERIFIABLE)


def asked(user: Any, request: Any) -> bool:
    """Whoever asked for the signatures."""
    return request.requested_by_id is not None and request.requested_by_id == user.pk


def may_take_back(user: Any, request: Any) -> bool:
    """Whoever asked, the office, and those who preside: what a worker asked for must find its end too."""
    if request.pk is None:
        return False
    return asked(user, request) or is_secretary(user, request) or presides(user, request)


def may_have_signed(user: Any, request: Any) -> bool:
    """The office, the lead agency of the paper, and those who preside; each of what she may read herself."""
    body = request.version.body_id
    roles = (Role.SECRETARY, Role.CHAIR, Role.VICE_CHAIR, Role.SUBMITTER)
    return any(user.holds(role, body) for role in roles) and may_read_version(user, request.version)


def signs_step(user: Any, step: Any) -> bool:
    """The named signer in the office named, while she holds it; a seal is affixed by the office (văn thư)."""
    if step.signer_id is None:
        return is_secretary(user, step.request.version)
    return step.signer.user_id == user.pk and step.signer.is_in_force


def affixes_seal(user: Any, step: Any) -> bool:
    return step.signer_id is None and is_secretary(user, step.request.version)


def has_refused(user: Any, request: Any) -> bool:
    """Whose own signature was wanted, and who has said no."""
    if request.pk is None:
        return False
    return any(signs_step(user, step) for step in request.steps.all() if step.status == StepStatus.REFUSED)


def passes_step(user: Any, step: Any) -> bool:
    """The signer herself; when she is away, the office or whoever asked."""
    if step.signer_id is None:
        return False
    return signs_step(user, step) or is_secretary(user, step.request.version) or asked(user, step.request)


def owns_signature(user: Any, signature: Any) -> bool:
    """Who began it; nobody completes another's."""
    return signature.by_id is not None and signature.by_id == user.pk


def seals_by_module(user: Any, signature: Any) -> bool:
    """The worker, with the key of the security module, for the seal that the office has asked for."""
    return is_worker(user, signature) and signature.certificate.way == KeyWay.SERVER


def signs_now(user: Any, step: Any) -> bool:
    return signs_step(user, step) or is_worker(user, step)


def version_can_be_signed(request: Any) -> str | None:
    version = request.version
    if version.refused_because:
        return str(version.refusal)
    if version.is_own_paper:
        return gettext("A private paper is not sent round for signatures. Give it to the office first.")
    if version.format != Format.PDF:
        return gettext("Only a PDF can be signed. Have the paper made into a PDF first.")
    if version.work_state != "done":
        return gettext("This paper has not been read through yet. Try again in a moment.")
    found = version.verifications.done().order_by("-pk").first()
    if found is not None and found.verdict in UNFIT_TO_SIGN:
        return gettext(
            "The check of the signatures in this file came to: %(verdict)s. Such a file is not signed; "
            "have it made anew."
        ) % {"verdict": found.get_verdict_display()}
    if type(request).objects.open().filter(version=version).exists():
        return gettext("This paper is being signed already.")
    return None


def is_signed_as_it_must_be(request: Any) -> str | None:
    """A resolution is signed by its leader, then by the office; an electronic copy by the office alone."""
    if request.is_ordered:
        return None
    for label in settings.SIGNED_WHERE_MADE:
        if apps.get_model(label).objects.filter(document=request.version.document_id).exists():
            return gettext(
                "Who signs this paper, and in which order, is laid down where it is made: "
                "it is not sent round for other signatures."
            )
    return None


def signers_are_named(request: Any) -> str | None:
    if not request.wanted:
        return gettext("Say who is to sign.")
    for step in request.wanted:
        signer = step.signer
        if signer is not None and (not signer.is_in_force or signer.body_id != request.version.body_id):
            return gettext("%(name)s does not hold this office here today.") % {"name": signer.user}
    return None


def reason_is_given(thing: Any) -> str | None:
    return None if thing.reason_given.strip() else gettext("Say why.")


def it_is_her_turn(step: Any) -> str | None:
    if step.request.status != RequestStatus.OPEN:
        return gettext("Signing of this paper has ended: %(state)s.") % {
            "state": step.request.get_status_display()
        }
    if not step.is_next:
        return gettext("Others sign before: %(names)s.") % {"names": ", ".join(step.names_before)}
    return None


def stand_in_still_stands(step: Any) -> str | None:
    """The register is asked again at each deed: an order may end between passing and signing."""
    if step.stands_in_for_id is None or step.may_pass_to(step.signer):
        return None
    return gettext("%(name)s does not stand in for %(other)s any more.") % {
        "name": step.signer.user,
        "other": step.stands_in_for.user,
    }


def register_names_stand_in(step: Any) -> str | None:
    if step.proposed is not None and step.may_pass_to(step.proposed):
        return None
    return gettext("Only who is entered in the register as stand-in for %(name)s can sign in the place.") % {
        "name": step.principal.user
    }


def file_is_at_rest(step: Any) -> str | None:
    """Two never write into one file at once: the second would lose the first."""
    signing = step.request.steps.filter(status=StepStatus.SIGNING).exclude(pk=step.pk)
    if signing.exists():
        return gettext("Another signature is just being put into this paper. Look again in a moment.")
    return None


def certificate_is_fit(signature: Any) -> str | None:
    """Registered to her, and valid today."""
    if not signature.certificate.is_usable_by(signature):
        return gettext("This certificate is not registered to you, or it is not valid today.")
    return (
        None
        if signature.has_fit_key
        else gettext("This kind of key cannot sign here. RSA from 2048 bits on, P-256 and P-384 can.")
    )


def is_not_begun_anew(signature: Any) -> str | None:
    if signature.is_superseded:
        return gettext("You have begun this signature anew in another window. Finish it there.")
    return None


def is_not_lapsed(signature: Any) -> str | None:
    if signature.expires_at > clock.now():
        return None
    return gettext("The time to sign has run out. Begin again: nothing was signed.")


def file_is_unchanged(signature: Any) -> str | None:
    step = signature.step
    if step is None or signature.document_sha256 == step.request.sha256:
        return None
    return gettext("The paper has been signed by another meanwhile. Look at it again, then sign.")


def value_fits(signature: Any) -> str | None:
    """Before anything is stored: a library that only embeds takes a wrong key, other data and zeros alike."""
    if signature.value_holds:
        return None
    return gettext(
        "The signature does not fit: it was not made over this paper with the key of your registered "
        "certificate. Nothing was signed."
    )


SIGNING_REQUEST = Rulebook(
    initial=RequestStatus.OPEN,
    rules={
        "request_signatures": Rule(
            any_of(is_worker, may_have_signed),
            when={RequestStatus.OPEN},
            guards=(is_signed_as_it_must_be, version_can_be_signed, signers_are_named),
        ),
        "withdraw_signing": Rule(
            may_take_back,
            when={RequestStatus.OPEN},
            then=RequestStatus.WITHDRAWN,
            guards=(reason_is_given,),
        ),
        "refuse_signing": Rule(has_refused, when={RequestStatus.OPEN}, then=RequestStatus.REFUSED),
        "complete_signing": Rule(is_worker, when={RequestStatus.OPEN}, then=RequestStatus.COMPLETED),
    },
)

IN_TURN = (it_is_her_turn, stand_in_still_stands, file_is_at_rest)

SIGNING_STEP = Rulebook(
    initial=StepStatus.WAITING,
    rules={
        "prepare_signature": Rule(signs_step, when={StepStatus.WAITING}, guards=IN_TURN),
        "affix_seal": Rule(affixes_seal, when={StepStatus.WAITING}, guards=IN_TURN),
        "sign_step": Rule(signs_now, when={StepStatus.WAITING}, then=StepStatus.SIGNING, guards=IN_TURN),
        "settle_step": Rule(is_worker, when={StepStatus.SIGNING}, then=StepStatus.SIGNED),
        "release_step": Rule(is_worker, when={StepStatus.SIGNING}, then=StepStatus.WAITING),
        "refuse_signature": Rule(
            signs_step,
            when={StepStatus.WAITING},
            then=StepStatus.REFUSED,
            guards=(reason_is_given, *IN_TURN),
        ),
        "pass_signature": Rule(passes_step, when={StepStatus.WAITING}, guards=(register_names_stand_in,)),
    },
)

SIGNATURE = Rulebook(
    initial=SignatureStatus.PREPARED,
    rules={
        "prepare_statement": Rule(owns_signature, guards=(certificate_is_fit,)),
        "complete_signature": Rule(
            any_of(owns_signature, seals_by_module),
            when={SignatureStatus.PREPARED},
            then=SignatureStatus.SIGNED,
            guards=(is_not_begun_anew, is_not_lapsed, file_is_unchanged, certificate_is_fit, value_fits),
        ),
        "embed_signature": Rule(
            is_worker,
            when={SignatureStatus.SIGNED},
            then=SignatureStatus.EMBEDDED,
            guards=(file_is_unchanged,),
        ),
        "stamp_statement": Rule(is_worker, when={SignatureStatus.SIGNED}, then=SignatureStatus.EMBEDDED),
        "void_signature": Rule(is_worker, when={SignatureStatus.SIGNED}, then=SignatureStatus.VOID),
    },
)


def is_not_being_preserved(copy: Any) -> str | None:
    if type(copy).objects.waiting().filter(version=copy.version_id).exists():
        return gettext("This paper is being prepared for preservation already.")
    return None


PRESERVATION = Rulebook(
    initial=None,
    rules={
        "order_preservation": Rule(is_worker, guards=(is_not_being_preserved,)),
        "record_preservation": Rule(is_worker),
    },
)


def sees_signing_request(user: Any) -> Q:
    """The office and its auditors, those who preside, those who asked, and those who are asked to sign."""
    return (
        Q(requested_by=user.pk)
        | Q(steps__signer__user=user.pk)
        | Q(steps__stands_in_for__user=user.pk)
        | Q(version__document__body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR, *PRESIDING))
    )


def sees_signature(user: Any) -> Q:
    return Q(by=user.pk)
