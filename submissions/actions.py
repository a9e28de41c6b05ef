"""A dossier on its way: prepared, handed in, returned or accepted, taken up; and the kinds of matters."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from decisions.calendar import add_working_days
from documents import actions as documents
from documents.models import Dossier
from notifications import outbox
from people.models import Organisation, User
from people.rules import PRESIDING, Role
from submissions import rules
from submissions.models import MatterKind, Submission


@transaction.atomic
def prepare_submission(
    *, by: Any, kind: MatterKind, agency: Organisation, title: str, wanted_on: date | None = None
) -> Submission:
    """An officer of a lead agency begins a dossier; or the Office, for an agency that hands in on paper.

    The kind of matter says what it must hold and by when it is due: that of this day, whatever comes later.
    """
    folder = Dossier(body=kind.body, title=title, prepared_by=agency)
    submission = Submission(dossier=folder, kind=kind, wanted_on=wanted_on, created_by=by)
    rules.SUBMISSION.check("prepare_submission", by, submission)

    submission.dossier = documents.create_dossier(by=by, body=kind.body, title=title, prepared_by=agency)
    submission.due_on = submission.find_due_day()
    submission.save()

    trail.record("submissions.prepare_submission", by=by, on=submission, after=_describe(submission))
    return submission


@transaction.atomic
def edit_submission(
    submission: Submission, *, by: Any, kind: MatterKind, title: str, wanted_on: date | None = None
) -> Submission:
    """Another title, kind or day. The day on which it is due follows."""
    submission = lock(submission)  # before its dossier, as in handing in
    dossier = lock(submission.dossier)
    rules.SUBMISSION.check("edit_submission", by, submission)

    before = _describe(submission)
    has_new_kind, has_new_day = kind != submission.kind, wanted_on != submission.wanted_on
    submission.kind, submission.wanted_on = kind, wanted_on
    for guard, applies in ((rules.kind_is_known, has_new_kind), (rules.day_is_ahead, has_new_day)):
        if applies and (reason := guard(submission)):
            raise Conflict(reason)
    dossier.title = title
    dossier.save(update_fields=["title"])
    submission.dossier = dossier
    if has_new_kind or has_new_day:
        submission.due_on, submission.reminded_at = submission.find_due_day(), None
    submission.save()

    trail.record(
        "submissions.edit_submission", by=by, on=submission, before=before, after=_describe(submission)
    )
    return submission


@transaction.atomic
def hand_in_submission(submission: Submission, *, by: Any) -> Submission:
    """The lead agency hands the dossier in. From here the days of the Office run.

    After its day it is taken as well, and marked as late.
    """
    submission = lock(submission)
    rules.SUBMISSION.check("hand_in_submission", by, submission)

    today = clock.today()
    submission.handed_in_at, submission.handed_in_by_name = clock.now(), str(by)
    submission.is_late = submission.due_on is not None and today > submission.due_on
    submission.check_by = add_working_days(today, submission.kind.check_days, submission.list_days_off())
    submission.removal_reason, submission.removal_proposed_by_name = "", ""
    submission.removal_proposed_at = submission.overdue_told_at = None
    rules.SUBMISSION.advance("hand_in_submission", submission)
    submission.save()
    submission.dossier = documents.hand_over_dossier(submission.dossier, by=by, to_office=True)

    trail.record("submissions.hand_in_submission", by=by, on=submission, late=submission.is_late)
    outbox.tell(
        User.objects.holding([Role.SECRETARY], submission.body_id),
        "submissions/handed_in",
        url=submission.get_absolute_url(),
        **_name(submission),
        check_by=_in_figures(submission.check_by),
        late=submission.is_late,
    )
    return submission


@transaction.atomic
def return_submission(submission: Submission, *, by: Any, reason: str) -> Submission:
    """The Office gives an incomplete dossier back and says what is missing (Điều 15(3)).

    The lead agency works on it again; for one that has no officers here the Office does.
    """
    submission = lock(submission)
    rules.SUBMISSION.check("return_submission", by, submission)

    submission.return_reason = reason.strip()
    submission.returned_at, submission.returned_by_name = clock.now(), str(by)
    submission.reminded_at = None
    rules.SUBMISSION.advance("return_submission", submission)
    submission.save()
    if submission.has_officers:
        submission.dossier = documents.hand_over_dossier(submission.dossier, by=by, to_office=False)

    trail.record("submissions.return_submission", by=by, on=submission, reason=submission.return_reason)
    _tell_officers(submission, "submissions/returned", person=str(by))
    return submission


@transaction.atomic
def accept_submission(submission: Submission, *, by: Any) -> Submission:
    """The dossier is complete: the Office takes it, and submits it within the days of its kind."""
    submission = lock(submission)
    rules.SUBMISSION.check("accept_submission", by, submission)

    submission.accepted_at, submission.accepted_by_name = clock.now(), str(by)
    submission.submit_by = add_working_days(
        clock.today(), submission.kind.submit_days, submission.list_days_off()
    )
    rules.SUBMISSION.advance("accept_submission", submission)
    submission.save()

    trail.record(
        "submissions.accept_submission", by=by, on=submission, until=_in_figures(submission.submit_by)
    )
    _tell_officers(submission, "submissions/accepted", person=str(by))
    return submission


@transaction.atomic
def propose_removal(submission: Submission, *, by: Any, reason: str) -> Submission:
    """The Office proposes to take a late dossier off; those who preside decide (Điều 23 to 25)."""
    submission = lock(submission)
    rules.SUBMISSION.check("propose_removal", by, submission)

    submission.removal_reason = reason.strip()
    submission.removal_proposed_at, submission.removal_proposed_by_name = clock.now(), str(by)
    submission.save()

    trail.record("submissions.propose_removal", by=by, on=submission, reason=submission.removal_reason)
    people = {*submission.list_officers(), *User.objects.holding(PRESIDING, submission.body_id)}
    outbox.tell(
        sorted(people, key=lambda person: person.pk),
        "submissions/removal_proposed",
        url=submission.get_absolute_url(),
        **_name(submission),
        person=str(by),
    )
    return submission


@transaction.atomic
def take_up_submission(submission: Submission, *, by: Any) -> Submission:
    """The accepted dossier goes into a written procedure: into one, and no second."""
    submission = lock(submission)
    rules.SUBMISSION.check("take_up_submission", by, submission)

    submission.taken_up_at = clock.now()
    submission.save(update_fields=["taken_up_at"])

    trail.record("submissions.take_up_submission", by=by, on=submission)
    _tell_officers(submission, "submissions/taken_up", person=str(by))
    return submission


@transaction.atomic
def remind_of_submission(submission: Submission, *, by: Any) -> Submission:
    """The clock reminds the lead agency one working day before the dossier is due."""
    submission = lock(submission)
    rules.SUBMISSION.check("remind_of_submission", by, submission)

    submission.reminded_at = clock.now()
    submission.save(update_fields=["reminded_at"])

    trail.record("submissions.remind_of_submission", by=by, on=submission)
    _tell_officers(submission, "submissions/due_soon", due_on=_in_figures(submission.due_on))
    return submission


@transaction.atomic
def remind_of_check(submission: Submission, *, by: Any) -> Submission:
    """The clock tells the Office of a dossier that it should have returned or accepted."""
    submission = lock(submission)
    rules.SUBMISSION.check("remind_of_check", by, submission)

    submission.overdue_told_at = clock.now()
    submission.save(update_fields=["overdue_told_at"])

    trail.record("submissions.remind_of_check", by=by, on=submission)
    outbox.tell(
        User.objects.holding([Role.SECRETARY], submission.body_id),
        "submissions/check_overdue",
        url=submission.get_absolute_url(),
        **_name(submission),
        check_by=_in_figures(submission.check_by),
    )
    return submission


# Kinds of matters


@transaction.atomic
def add_matter_kind(kind: MatterKind, *, by: Any) -> MatterKind:
    """The administrator enters what dossiers of a kind must hold, from a day on. It is never changed: it is
    ended, and a new one is entered."""
    lock(kind.body)  # two of one name cannot be entered at once
    rules.MATTER_KIND.check("add_matter_kind", by, kind)

    others = MatterKind.objects.filter(body=kind.body, name__iexact=kind.name)
    if others.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=kind.valid_from)).exists():
        raise Conflict(_("A kind of matter with this name is in force in that time. End it first."))
    kind.save()

    trail.record(
        "submissions.add_matter_kind",
        by=by,
        on=kind,
        valid_from=kind.valid_from.isoformat(),
        papers=kind.required_names,
    )
    return kind


@transaction.atomic
def end_matter_kind(kind: MatterKind, *, by: Any, last_day: date) -> MatterKind:
    """From the day after nothing is begun under it any more; what was begun goes on under it."""
    kind = lock(kind)
    rules.MATTER_KIND.check("end_matter_kind", by, kind)
    if last_day < kind.valid_from:
        raise Conflict(
            _("The last day lies before the first: %(day)s.") % {"day": _in_figures(kind.valid_from)}
        )

    kind.valid_until = last_day
    kind.save(update_fields=["valid_until"])

    trail.record("submissions.end_matter_kind", by=by, on=kind, last_day=_in_figures(last_day))
    return kind


def _tell_officers(submission: Submission, kind: str, **context: Any) -> None:
    outbox.tell(
        submission.list_officers(),
        kind,
        url=submission.get_absolute_url(),
        **_name(submission),
        **context,
    )


def _describe(submission: Submission) -> dict[str, Any]:
    return {
        "subject": submission.dossier.title,
        "kind": str(submission.kind),
        "lead_agency": str(submission.agency),
        "day": _in_figures(submission.wanted_on),
        "until": _in_figures(submission.due_on),
    }


def _name(submission: Submission) -> dict[str, Any]:
    """What every notice about a dossier tells."""
    return {"subject": submission.dossier.title, "lead_agency": submission.agency.name}


def _in_figures(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
