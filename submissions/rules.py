"""The dossier's way to the Office: Nghị định 191/2026/NĐ-CP, Điều 13 to 15."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actors import is_clock
from core.workflow import Rule, Rulebook, any_of
from decisions.calendar import count_working_days
from documents.rules import (
    DocumentKind,
    of_own_agency,
    papers_are_read,
    prepares_for_agency,
    works_on_dossier,
)
from people.rules import Role, is_administrator, is_secretary


class SubmissionStatus(models.TextChoices):
    PREPARED = "prepared", _("being prepared")
    HANDED_IN = "handed_in", _("handed in")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


WITH_THE_AGENCY = (SubmissionStatus.PREPARED, SubmissionStatus.RETURNED)
LATE = "late"  # handed in after its day, whatever has become of it since
REASON_LIMIT = 5000


# Who


def works_on_submission(user: Any, submission: Any) -> bool:
    """Whoever has the dossier on the desk; for an agency without officers here that is the Office."""
    return works_on_dossier(user, submission.dossier)


def prepares_submission(user: Any, submission: Any) -> bool:
    return prepares_for_agency(user, submission.dossier)


# What a dossier must hold

SUMMED_UP = (DocumentKind.SUBMISSION, DocumentKind.REPORT, DocumentKind.SCHEME)


@dataclass(frozen=True)
class Check:
    """One line of the list: what it is about, and what is missing."""

    label: str
    missing: str = ""


def check_submission(submission: Any) -> list[Check]:
    """What the kind of matter requires, line by line: done, or what to do."""
    present = {paper.kind for paper in submission.papers}
    required = [
        Check(
            str(DocumentKind(kind).label),
            ""
            if kind in present
            else gettext("“%(kind)s” is missing: add it.") % {"kind": DocumentKind(kind).label},
        )
        for kind in submission.kind.required
    ]
    checked = Check(gettext("Every paper checked"), papers_are_read(submission.dossier) or "")
    return [*required, *_check_summary(submission), checked]


def _check_summary(submission: Any) -> list[Check]:
    """A submission, report or scheme over 10 pages needs a summary of at most 6 (Điều 13(3)(b))."""
    kind = submission.kind
    pages = max((paper.pages for paper in submission.papers if paper.kind in SUMMED_UP), default=0)
    summaries = [paper.pages for paper in submission.papers if paper.kind == DocumentKind.SUMMARY]
    is_needed = pages > kind.summary_over_pages and DocumentKind.SUMMARY not in kind.required
    if not is_needed and not summaries:
        return []
    label = ngettext(
        "Summary of at most %(most)s page", "Summary of at most %(most)s pages", kind.summary_pages
    )
    missing = ""
    if not summaries:
        missing = ngettext(
            "A submission, report or scheme has %(pages)s page: add a summary.",
            "A submission, report or scheme has %(pages)s pages: add a summary.",
            pages,
        ) % {"pages": pages}
    elif max(summaries) > kind.summary_pages:
        missing = gettext("The summary has %(pages)s pages, at most %(most)s are allowed: shorten it.") % {
            "pages": max(summaries),
            "most": kind.summary_pages,
        }
    return [Check(label % {"most": kind.summary_pages}, missing)]


# Guards


def submission_is_complete(submission: Any) -> str | None:
    """All that is missing at once, so that nobody comes back for each line of it."""
    return " ".join(check.missing for check in check_submission(submission) if check.missing) or None


def kind_is_known(submission: Any) -> str | None:
    """One of this body, in force today. What was begun under it goes on under it when it ends."""
    if submission.kind.body_id != submission.body_id or not submission.kind.is_in_force:
        return gettext("This kind of matter is not in force. Choose another one.")
    return None


def day_is_ahead(submission: Any) -> str | None:
    if submission.wanted_on is not None and submission.wanted_on < clock.today():
        return gettext("The day on which it is to be dealt with has passed. Choose a later one.")
    return None


def submission_is_late(submission: Any) -> str | None:
    return None if submission.is_late else gettext("This dossier was handed in in time.")


def removal_is_not_proposed(submission: Any) -> str | None:
    if submission.removal_proposed_at is not None:
        return gettext("The removal of this dossier has been proposed already.")
    return None


def submission_is_free(submission: Any) -> str | None:
    if submission.taken_up_at is not None:
        return gettext("An opinion request has been drafted from this dossier already.")
    return None


def day_to_hand_in_is_near(submission: Any) -> str | None:
    """Today or on the next working day, and nobody was told yet."""
    if submission.due_on is None or submission.reminded_at is not None:
        return gettext("There is nothing to remind of.")
    today = clock.today()
    if (
        submission.due_on < today
        or count_working_days(today, submission.due_on, submission.list_days_off()) > 1
    ):
        return gettext("There is nothing to remind of.")
    return None


def check_is_overdue(submission: Any) -> str | None:
    if submission.overdue_told_at is not None or submission.check_by >= clock.today():
        return gettext("There is nothing to remind of.")
    return None


SUBMISSION = Rulebook(
    initial=SubmissionStatus.PREPARED,
    rules={
        "prepare_submission": Rule(
            any_of(prepares_submission, is_secretary),
            when={SubmissionStatus.PREPARED},
            guards=(kind_is_known, day_is_ahead),
        ),
        "edit_submission": Rule(works_on_submission, when=WITH_THE_AGENCY),
        "hand_in_submission": Rule(
            works_on_submission,
            when=WITH_THE_AGENCY,
            then=SubmissionStatus.HANDED_IN,
            guards=(submission_is_complete,),
        ),
        "return_submission": Rule(
            is_secretary, when={SubmissionStatus.HANDED_IN}, then=SubmissionStatus.RETURNED
        ),
        "accept_submission": Rule(
            is_secretary,
            when={SubmissionStatus.HANDED_IN},
            then=SubmissionStatus.ACCEPTED,
            guards=(submission_is_complete,),
        ),
        "propose_removal": Rule(
            is_secretary,
            when={SubmissionStatus.HANDED_IN, SubmissionStatus.ACCEPTED},
            guards=(submission_is_late, removal_is_not_proposed, submission_is_free),
        ),
        "take_up_submission": Rule(
            is_secretary, when={SubmissionStatus.ACCEPTED}, guards=(submission_is_free,)
        ),
        "remind_of_submission": Rule(is_clock, when=WITH_THE_AGENCY, guards=(day_to_hand_in_is_near,)),
        "remind_of_check": Rule(is_clock, when={SubmissionStatus.HANDED_IN}, guards=(check_is_overdue,)),
    },
)


def kind_is_open(kind: Any) -> str | None:
    if kind.valid_until is not None:
        return gettext("The end of this kind of matter is entered already.")
    return None


MATTER_KIND = Rulebook(
    initial=None,
    rules={
        "add_matter_kind": Rule(is_administrator),
        "end_matter_kind": Rule(is_administrator, guards=(kind_is_open,)),
    },
)


def sees_submission(user: Any) -> Q:
    """The lead agency its own; the office, those who preside and the auditors from the handing in on."""
    handed_in = Q(dossier__body__in=user.body_ids(Role.CHAIR, Role.VICE_CHAIR, Role.AUDITOR)) & ~Q(
        status=SubmissionStatus.PREPARED
    )
    return Q(dossier__body__in=user.body_ids(Role.SECRETARY)) | of_own_agency(user, "dossier__") | handed_in


def sees_matter_kind(user: Any) -> Q:
    """What a dossier must hold is known to all who work for the body."""
    return Q(body__in=user.body_ids())
