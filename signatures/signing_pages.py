"""What the pages of signing are made of: reads that join several models, in a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.workflow import Conflict
from people.models import Appointment, Delegation
from people.rules import DelegationScope, Role
from signatures import rules
from signatures.models import Signature, SigningCertificate, SigningRequest, SigningStep
from signatures.rules import KeyWay, Mark, RequestStatus, SignatureStatus, StepStatus

A_ROW = 100  # papers that can be signed one after another
TOGETHER = 20  # papers that the agent shows and signs with one PIN
SOON = timedelta(days=3)


@dataclass
class StepRow:
    """One signature wanted, as the list shows it."""

    step: SigningStep
    state: str  # signed, stamping, embedding, refused, next, later, dropped
    names_before: str = ""
    signature: Signature | None = None
    is_mine: bool = False
    stand_ins: list[Appointment] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in ("next", "later")


@dataclass
class SigningPage:
    signing: SigningRequest
    rows: list[StepRow]
    mine: StepRow | None  # the signature that this person can give now
    why_not: str  # what keeps her from it, though it is her turn
    may_read: bool
    may_withdraw: bool

    @property
    def is_moving(self) -> bool:
        """Something happens by itself: the page asks more often."""
        return any(row.state in ("stamping", "embedding") for row in self.rows)

    @property
    def asks_again(self) -> bool:
        return self.signing.status == RequestStatus.OPEN or self.is_moving

    @property
    def signed_count(self) -> int:
        return sum(row.state == "signed" for row in self.rows)

    @property
    def key(self) -> str:
        """Changes with anything that a signer should look at again."""
        return "-".join([self.signing.status, self.signing.sha256[:16], *(row.state for row in self.rows)])


def find_signings(user: Any) -> QuerySet[SigningRequest]:
    return SigningRequest.objects.visible_to(user).select_related("version__document__body", "result")


def describe_signing(user: Any, signing: SigningRequest) -> SigningPage:
    """The request with everyone who signs, who is next, and what this person may do."""
    by_hand = Q(status=SignatureStatus.PREPARED) & ~Q(certificate__way=KeyWay.SERVER)
    newest = Signature.objects.exclude(by_hand).order_by("pk")
    steps = list(
        SigningStep.objects.filter(request=signing)
        .select_related("signer__user", "signer__organisation", "organisation", "stands_in_for__user")
        .prefetch_related(Prefetch("signatures", newest.select_related("certificate", "by"), to_attr="made"))
        .order_by("place", "pk")
    )
    stand_ins = _list_stand_ins(user, signing, steps)
    rows = []
    for step in steps:
        step.request = signing
        before = [str(one) for one in steps if one.place < step.place and one.status != StepStatus.SIGNED]
        signature = step.made[-1] if step.made else None
        rows.append(
            StepRow(
                step,
                _state_of(signing, step, signature, bool(before)),
                ", ".join(before),
                signature,
                is_mine=rules.SIGNING_STEP.rules["prepare_signature"].who(user, step),
                stand_ins=stand_ins.get(step.pk, []),
            )
        )
    turn = [(row, _find_obstacle(user, row.step)) for row in rows if row.is_mine and row.state == "next"]
    mine = next((row for row, obstacle in turn if not obstacle), None)
    who = rules.SIGNING_REQUEST.rules["withdraw_signing"].who
    return SigningPage(
        signing,
        rows,
        mine,
        why_not="" if mine or not turn else turn[0][1],
        may_read=type(signing.version).objects.visible_to(user).filter(pk=signing.version_id).exists(),
        may_withdraw=signing.status == RequestStatus.OPEN and who(user, signing),
    )


def _find_obstacle(user: Any, step: SigningStep) -> str:
    """Why this person cannot sign the step just now."""
    try:
        rules.SIGNING_STEP.check("prepare_signature", user, step)
    except Conflict as refused:
        return str(refused)
    return ""


def _state_of(
    signing: SigningRequest, step: SigningStep, signature: Signature | None, has_others_before: bool
) -> str:
    if step.status == StepStatus.SIGNED:
        return "signed"
    if step.status == StepStatus.REFUSED:
        return "refused"
    if step.status == StepStatus.SIGNING:
        return "stamping" if signature is not None and signature.waits_for_timestamp else "embedding"
    if signing.status != RequestStatus.OPEN:
        return "dropped"
    if signature is not None and _is_being_sealed(signature):
        return "embedding"
    return "later" if has_others_before else "next"


def _is_being_sealed(signature: Signature) -> bool:
    """The module has been asked for the seal."""
    is_asked = signature.status == SignatureStatus.PREPARED and signature.is_waiting
    return is_asked and signature.expires_at > clock.now()


def _list_stand_ins(
    user: Any, signing: SigningRequest, steps: list[SigningStep]
) -> dict[int, list[Appointment]]:
    """To whom this person may pass each signature that is still wanted."""
    if signing.status != RequestStatus.OPEN:
        return {}
    who = rules.SIGNING_STEP.rules["pass_signature"].who
    open_steps = []
    for step in steps:
        step.request = signing
        if step.status == StepStatus.WAITING and step.signer_id is not None and who(user, step):
            open_steps.append(step)
    replaced = [step.stands_in_for_id or step.signer_id for step in open_steps]
    if not replaced:
        return {}
    entries = Delegation.objects.in_force().filter(appointment__in=replaced, scope=DelegationScope.SIGNING)
    delegates: dict[int, list[Appointment]] = {}
    for entry in entries.select_related("delegate__user").order_by("pk"):
        delegates.setdefault(entry.appointment_id, []).append(entry.delegate)
    return {
        step.pk: [one for one in delegates.get(office or 0, []) if one.pk != step.signer_id]
        for step, office in zip(open_steps, replaced, strict=True)
    }


def list_certificates_for(user: Any, step: SigningStep) -> QuerySet[SigningCertificate]:
    """What this person can sign the step with: her own, or the organisation's for its seal."""
    usable = SigningCertificate.objects.usable()
    if step.organisation_id is not None:
        return usable.filter(organisation=step.organisation_id)
    return usable.filter(holder=user.pk).exclude(way=KeyWay.SERVER)


# The lists


def waiting_for(user: Any) -> QuerySet[SigningStep]:
    """What this person can sign now: in her own name, as stand-in, or the seal; the earliest due first."""
    office = Q(signer__isnull=True, request__version__document__body__in=user.body_ids(Role.SECRETARY))
    own = Q(signer__in=[office.pk for office in user.current_appointments])
    unsigned = SigningStep.objects.exclude(status=StepStatus.SIGNED)
    before = unsigned.filter(request=OuterRef("request"), place__lt=OuterRef("place"))
    return (
        SigningStep.objects.filter(
            own | office, status=StepStatus.WAITING, request__status=RequestStatus.OPEN
        )
        .exclude(Exists(before))
        .select_related("request__version__document", "organisation", "signer", "stands_in_for__user")
        .order_by(F("request__due_at").asc(nulls_last=True), "request", "place", "pk")
    )


def asked_by(user: Any) -> QuerySet[SigningRequest]:
    """What this person has sent round: what is still under way first."""
    found = _with_counts(find_signings(user).filter(requested_by=user.pk))
    return found.order_by(F("ended_at").desc(nulls_first=True), "-pk")


def done_by(user: Any) -> QuerySet[SigningRequest]:
    """What this person has signed or refused, the latest first."""
    offices = Appointment.objects.filter(user=user.pk)
    settled = (StepStatus.SIGNING, StepStatus.SIGNED, StepStatus.REFUSED)
    mine = SigningStep.objects.filter(signer__in=offices, status__in=settled, request=OuterRef("pk"))
    sealed = Signature.objects.filter(by=user.pk, step__request=OuterRef("pk"), step__status__in=settled)
    return _with_counts(find_signings(user).filter(Exists(mine) | Exists(sealed))).order_by("-pk")


def narrow(found: QuerySet[Any], prefix: str, words: str, due: str) -> QuerySet[Any]:
    """By words of the title or the number, and by the day it is due."""
    for word in words.split():
        found = found.filter(
            Q(**{f"{prefix}version__document__title__icontains": word})
            | Q(**{f"{prefix}version__document__number__icontains": word})
        )
    now = clock.now()
    if due == "overdue":
        return found.filter(**{f"{prefix}due_at__lt": now})
    if due == "soon":
        return found.filter(**{f"{prefix}due_at__gte": now, f"{prefix}due_at__lte": now + SOON})
    return found


def _with_counts(found: QuerySet[SigningRequest]) -> QuerySet[SigningRequest]:
    return found.annotate(
        wanted_count=Count("steps", distinct=True),
        signed_count=Count("steps", filter=Q(steps__status=StepStatus.SIGNED), distinct=True),
    )


# One after another


@dataclass(frozen=True)
class Row:
    """The papers that wait, in their order, seen from one of them."""

    here: int  # 1 is the first
    count: int
    following: int | None  # the request after this one


def find_in_row(user: Any, signing: SigningRequest) -> Row | None:
    waiting = list(dict.fromkeys(waiting_for(user).values_list("request", flat=True)[:A_ROW]))
    if signing.pk not in waiting:
        return Row(0, len(waiting), waiting[0]) if waiting else None
    here = waiting.index(signing.pk)
    return Row(here + 1, len(waiting), waiting[here + 1] if here + 1 < len(waiting) else None)


VERBS = {
    Mark.INITIALS: gettext_lazy("Put your initials"),
    Mark.NUMBER: gettext_lazy("Give the number"),
    Mark.DAY: gettext_lazy("Give the day"),
    Mark.MONTH: gettext_lazy("Give the month"),
    Mark.ATTACHMENT: gettext_lazy("Sign the attachment"),
    Mark.COPY: gettext_lazy("Certify the copy"),
}


def find_together(user: Any) -> list[SigningStep]:
    """What this person can sign with one PIN of a token: one signature a paper."""
    first: dict[int, SigningStep] = {}
    for step in waiting_for(user).filter(signer__isnull=False)[: 2 * TOGETHER]:
        first.setdefault(step.request_id, step)
    return list(first.values())[:TOGETHER]


def list_tokens(user: Any) -> QuerySet[SigningCertificate]:
    return SigningCertificate.objects.usable().filter(holder=user.pk, way=KeyWay.TOKEN)


def describe_step(step: SigningStep) -> str:
    """What is wanted: a verb for the lists."""
    if step.organisation is not None:
        return _("Put on the seal of %(organisation)s") % {"organisation": step.organisation}
    if step.stands_in_for is not None:
        return _("Sign in place of %(person)s") % {"person": step.stands_in_for.user}
    return str(VERBS.get(Mark(step.mark), _("Sign")))
