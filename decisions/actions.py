"""Setting the rules of deciding; a resolution on its way from the draft into the register."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.actors import WORKER
from core.locks import lock
from core.news import publish
from core.workflow import Conflict
from decisions import rules
from decisions.events import ResolutionIssued
from decisions.models import DayOff, ElectronicCopy, NumberRegister, Resolution, RuleSet
from documents.actions import copy_version, distribute_version, order_rendering
from documents.models import Document, DocumentVersion
from documents.rules import DocumentKind
from notifications import outbox
from people.models import Appointment, User
from people.rules import PRESIDING, Role
from signatures.actions import affix_seal, request_signatures
from signatures.models import SigningCertificate, SigningRequest, SigningStep
from signatures.rules import Mark, RequestStatus, StepStatus

READERS = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER, Role.ASSISTANT, Role.ARCHIVIST, Role.AUDITOR)
ENDED = (RequestStatus.REFUSED, RequestStatus.WITHDRAWN)  # without what was asked for


@transaction.atomic
def confirm_rule_set(rule_set: RuleSet, *, by: Any) -> RuleSet:
    """The administrator puts a new rule set of the body in force from its date.

    Matters that are open keep the rules under which they were opened.
    """
    rules.RULE_SET.check("confirm_rule_set", by, rule_set)

    if RuleSet.objects.filter(
        body=rule_set.body, valid_from=rule_set.valid_from, confirmed_at__isnull=False
    ).exists():
        raise Conflict(_("A confirmed rule set of this body begins on that day already."))
    rule_set.confirmed_at, rule_set.confirmed_by_name = clock.now(), str(by)
    rule_set.save()

    trail.record("decisions.confirm_rule_set", by=by, on=rule_set, valid_from=rule_set.valid_from.isoformat())
    return rule_set


@transaction.atomic
def add_day_off(day_off: DayOff, *, by: Any) -> DayOff:
    """The administrator enters a public holiday: it is no working day from then on."""
    rules.DAY_OFF.check("add_day_off", by, day_off)

    day_off.save()

    trail.record("decisions.add_day_off", by=by, on=day_off, day=day_off.day.isoformat())
    return day_off


@transaction.atomic
def draft_resolution(
    resolution: Resolution,
    *,
    by: Any,
    bases: Sequence[str],
    articles: Sequence[str],
    recipients: Sequence[str] = (),
) -> Resolution:
    """A secretary drafts what the body has agreed to. The worker lays it out in the official form."""
    rules.RESOLUTION.check("draft_resolution", by, resolution)

    resolution.notation = f"NQ-{resolution.body.notation}"
    resolution.bases, resolution.articles, resolution.recipients = (
        list(bases),
        list(articles),
        list(recipients),
    )
    resolution.document = Document.objects.create(
        body=resolution.body, kind=DocumentKind.RESOLUTION, title=resolution.subject
    )
    resolution.save()

    trail.record("decisions.draft_resolution", by=by, on=resolution)
    order_rendering(resolution.document, by=by, task="decisions.tasks.render_resolution", target=resolution)
    return resolution


@transaction.atomic
def edit_resolution(
    resolution: Resolution,
    *,
    by: Any,
    subject: str,
    bases: Sequence[str],
    articles: Sequence[str],
    recipients: Sequence[str],
    initials_by: Appointment | None = None,
) -> Resolution:
    """The draft is worded anew, and laid out anew. An officer may be named to put her initials to it."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("edit_resolution", by, resolution)

    before = {"subject": resolution.subject, "bases": resolution.bases, "articles": resolution.articles}
    resolution.subject, resolution.initials_by = subject, initials_by
    resolution.bases, resolution.articles, resolution.recipients = (
        list(bases),
        list(articles),
        list(recipients),
    )
    resolution.save()

    after = {"subject": resolution.subject, "bases": resolution.bases, "articles": resolution.articles}
    trail.record("decisions.edit_resolution", by=by, on=resolution, before=before, after=after)
    order_rendering(resolution.document, by=by, task="decisions.tasks.render_resolution", target=resolution)
    return resolution


@transaction.atomic
def approve_resolution(resolution: Resolution, *, by: Any, text_sha256: str = "") -> Resolution:
    """The chair or a vice chair approves the text and will be its signer.

    `text_sha256` is that of the text on the screen: nobody approves a newer one unread.
    """
    resolution = lock(resolution)
    rules.RESOLUTION.check("approve_resolution", by, resolution)
    _check_text(resolution, text_sha256)

    resolution.signer, resolution.approved_at = _presiding_office(resolution, by), clock.now()
    rules.RESOLUTION.advance("approve_resolution", resolution)
    resolution.save()

    trail.record(
        "decisions.approve_resolution",
        by=by,
        on=resolution,
        text_sha256=resolution.newest_rendering.version.sha256,
    )
    return resolution


@transaction.atomic
def approve_for_signing(resolution: Resolution, *, by: Any, text_sha256: str = "") -> Resolution:
    """The chair or a vice chair approves the text and will sign it: it is put before her, after the initials.

    Where another than she was named as the signer, or the year has changed, it is laid out anew before.
    """
    resolution = lock(resolution)
    rules.RESOLUTION.check("approve_for_signing", by, resolution)
    _check_text(resolution, text_sha256)

    printed = resolution.signer, resolution.printed_year
    resolution.signer, resolution.approved_at = _presiding_office(resolution, by), clock.now()
    resolution.returned_because, resolution.signing = "", None
    rules.RESOLUTION.advance("approve_for_signing", resolution)
    resolution.save()

    trail.record(
        "decisions.approve_for_signing",
        by=by,
        on=resolution,
        text_sha256=resolution.newest_rendering.version.sha256,
    )
    if printed == (resolution.signer, resolution.printed_year):
        return ask_for_signature(resolution, by=WORKER, version=resolution.newest_rendering.version)
    order_rendering(resolution.document, by=by, task="decisions.tasks.render_resolution", target=resolution)
    return resolution


@transaction.atomic
def ask_for_signature(resolution: Resolution, *, by: Any, version: DocumentVersion) -> Resolution:
    """The text as it is to be signed goes to the officer who puts her initials to it, then to the signer."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("ask_for_signature", by, resolution)

    signers = [(resolution.signer, Mark.LEADER)]
    if resolution.initials_by is not None and resolution.initials_by.is_in_force:
        signers.insert(0, (resolution.initials_by, Mark.INITIALS))
    steps = [
        SigningStep(place=place, signer=signer, mark=mark) for place, (signer, mark) in enumerate(signers, 1)
    ]
    leader = resolution.signer.user
    distribute_version(version, by=by, to=[leader], because=_("Approved for signing"))
    resolution.signing = request_signatures(
        version, by=leader, steps=steps, purpose=_("Signing of a resolution"), is_ordered=True
    )
    resolution.save(update_fields=["signing"])

    trail.record("decisions.ask_for_signature", by=by, on=resolution, sha256=version.sha256)
    return resolution


@transaction.atomic
def return_resolution(resolution: Resolution, *, by: Any, reason: str) -> Resolution:
    """A signer has refused, or the leader has taken her approval back: the text is a draft again."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("return_resolution", by, resolution)

    resolution.returned_because, resolution.approved_at = reason[:500], None
    rules.RESOLUTION.advance("return_resolution", resolution)
    resolution.save()

    trail.record("decisions.return_resolution", by=by, on=resolution, reason=resolution.returned_because)
    _tell_office(resolution, "resolution_returned")
    return resolution


@transaction.atomic
def record_signing(resolution: Resolution, *, by: Any, version: DocumentVersion) -> Resolution:
    """The leader has signed. The office gives the number, which its own signature will write on the paper."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("record_signing", by, resolution)

    rules.RESOLUTION.advance("record_signing", resolution)
    resolution.save()

    trail.record("decisions.record_signing", by=by, on=resolution, sha256=version.sha256)
    _tell_office(resolution, "resolution_signed")
    return resolution


@transaction.atomic
def issue_resolution(resolution: Resolution, *, by: Any, issued_on: date | None = None) -> Resolution:
    """The office enters the resolution in the register: it gets the next number of the year and its date.

    The numbers of a year begin at 01 and leave no gap, however many officers register at once. A text
    signed digitally keeps its bytes: number, day, month and seal come onto it as signatures of the office.
    """
    register_year = (issued_on or clock.today()).year
    resolution = lock(resolution)
    rules.RESOLUTION.check("issue_resolution", by, resolution)
    if resolution.is_signed_digitally and register_year != resolution.printed_year:
        raise Conflict(
            _("The year %(year)s stands on the signed text. The date of issue must lie in that year.")
            % {"year": resolution.printed_year}
        )

    resolution.issued_on, resolution.year = issued_on or clock.today(), register_year
    resolution.number = _take_number(resolution)
    resolution.issued_at = clock.now()
    rules.RESOLUTION.advance("issue_resolution", resolution)
    resolution.save()
    resolution.document.number, resolution.document.issued_on = resolution.full_number, resolution.issued_on
    resolution.document.save()

    trail.record("decisions.issue_resolution", by=by, on=resolution, number=resolution.full_number)
    if resolution.is_signed_digitally:
        return seal_resolution(resolution, by=by)
    order_rendering(resolution.document, by=by, task="decisions.tasks.render_resolution", target=resolution)
    return resolution


@transaction.atomic
def seal_resolution(resolution: Resolution, *, by: Any) -> Resolution:
    """The office has number, day, month and seal put on the signed text, one after the other, each a
    signature of the organisation (Nghị định 30/2020/NĐ-CP, phụ lục I). Called again it goes on; where it was
    taken back it begins anew, on the file that the leader has signed."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("seal_resolution", by, resolution)

    signing = resolution.sealing
    if signing is None or signing.status in ENDED:
        signed = cast(SigningRequest, resolution.signing).result
        signing = resolution.sealing = request_signatures(
            cast(DocumentVersion, signed),
            by=WORKER,
            steps=list(_seals(resolution)),
            purpose=_("Number, date and seal of %(number)s") % {"number": resolution.full_number},
            is_ordered=True,
        )
        resolution.save(update_fields=["sealing"])
    step = signing.steps.filter(status=StepStatus.WAITING).order_by("pk").first()
    if step is not None and signing.status == RequestStatus.OPEN:
        affix_seal(step, by=by, certificate=cast(SigningCertificate, resolution.seal))

    trail.record("decisions.seal_resolution", by=by, on=resolution, mark=step.mark if step else "")
    return resolution


def _seals(resolution: Resolution) -> Iterator[SigningStep]:
    """What each writes: a day, and a month of January or February, in two figures."""
    assert resolution.issued_on is not None
    day, month = resolution.issued_on.day, resolution.issued_on.month
    marks = (
        (Mark.NUMBER, resolution.full_number.split("/")[0]),
        (Mark.DAY, f"{day:02}"),
        (Mark.MONTH, f"{month:02}" if month < 3 else str(month)),
        (Mark.SEAL, ""),
    )
    for mark, words in marks:
        yield SigningStep(place=1, organisation=resolution.body.office, mark=mark, words=words)


@transaction.atomic
def release_resolution(resolution: Resolution, *, by: Any, version: DocumentVersion) -> Resolution:
    """The text with its number is there: it is given to all who may read it, and to the archive."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("release_resolution", by, resolution)

    distribute_version(
        version,
        by=by,
        roles=[(role, resolution.body) for role in READERS],
        because=_("Resolution %(number)s") % {"number": resolution.full_number},
    )

    trail.record("decisions.release_resolution", by=by, on=resolution, sha256=version.sha256)
    publish(ResolutionIssued(resolution.pk))
    return resolution


@transaction.atomic
def make_copy(version: DocumentVersion, *, by: Any, form: str) -> ElectronicCopy:
    """The office copies a signed paper for others: the copy gets the next number of its own register, and the
    organisation's words come onto it as soon as it has been read. The original stays as it is."""
    body = version.document.body
    copy = ElectronicCopy(body=body, source=version, form=form, made_by=by, made_by_name=str(by))
    rules.COPY.check("make_copy", by, copy)

    copy.notation = f"{form}-{body.office.short_name or body.notation}"
    copy.year = clock.today().year
    copy.number = _take_number(copy)
    copied = copy_version(version, by=WORKER, number=copy.full_number, issued_on=clock.today())
    copy.document = copied.document
    copy.save()

    trail.record("decisions.make_copy", by=by, on=copy, number=copy.full_number, sha256=version.sha256)
    return copy


@transaction.atomic
def certify_copy(copy: ElectronicCopy, *, by: Any) -> ElectronicCopy:
    """Form of the copy, organisation and time, at the top right of the first page (Nghị định 30/2020/NĐ-CP,
    phụ lục I, phần III). Called again it goes on where the module did not answer."""
    copy = lock(copy)
    rules.COPY.check("certify_copy", by, copy)

    signing = copy.signing
    if signing is None or signing.status in ENDED:
        words = str(copy.get_form_display())
        signing = copy.signing = request_signatures(
            copy.text,
            by=WORKER,
            steps=[SigningStep(place=1, organisation=copy.body.office, mark=Mark.COPY, words=words)],
            purpose=str(copy),
            is_ordered=True,
        )
        copy.save(update_fields=["signing"])
    step = signing.steps.filter(status=StepStatus.WAITING).first()
    if step is not None:
        affix_seal(step, by=by, certificate=cast(SigningCertificate, copy.seal))

    trail.record("decisions.certify_copy", by=by, on=copy, number=copy.full_number)
    return copy


def _check_text(resolution: Resolution, seen: str) -> None:
    if seen not in ("", resolution.newest_rendering.version.sha256):
        raise Conflict(_("The text has been worded anew meanwhile. Read it again before you approve it."))


def _presiding_office(resolution: Resolution, by: Any) -> Appointment:
    """On the day a vice chair becomes chair she is both."""
    offices = by.appointments.current().filter(body=resolution.body, role__in=PRESIDING)
    office: Appointment = offices.order_by("role", "pk")[:1].get()
    return office


def _tell_office(resolution: Resolution, kind: str) -> None:
    outbox.tell(
        User.objects.holding([Role.SECRETARY], resolution.body_id),
        f"decisions/{kind}",
        url=resolution.get_absolute_url(),
        subject=resolution.subject,
        reason=resolution.returned_because,
    )


def _take_number(paper: Resolution | ElectronicCopy) -> int:
    key: dict[str, Any] = {"body": paper.body, "notation": paper.notation, "year": paper.year}
    NumberRegister.objects.get_or_create(**key)
    register = NumberRegister.objects.select_for_update().get(**key)
    register.last += 1
    register.save(update_fields=["last"])
    return register.last
