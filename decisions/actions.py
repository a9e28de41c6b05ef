"""Setting the rules of deciding; a resolution on its way from the draft into the register."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.news import publish
from core.workflow import Conflict
from decisions import rules
from decisions.events import ResolutionIssued
from decisions.models import DayOff, NumberRegister, Resolution, RuleSet
from documents.actions import distribute_version, order_rendering
from documents.models import Document, DocumentVersion
from documents.rules import DocumentKind
from people.rules import PRESIDING, Role

READERS = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER, Role.ASSISTANT, Role.ARCHIVIST, Role.AUDITOR)


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
) -> Resolution:
    """The draft is worded anew, and laid out anew."""
    resolution = lock(resolution)
    rules.RESOLUTION.check("edit_resolution", by, resolution)

    before = {"subject": resolution.subject, "bases": resolution.bases, "articles": resolution.articles}
    resolution.subject = subject
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
    if text_sha256 not in ("", resolution.newest_rendering.version.sha256):
        raise Conflict(_("The text has been worded anew meanwhile. Read it again before you approve it."))

    resolution.signer = (
        by.appointments.current()
        .filter(body=resolution.body, role__in=PRESIDING)
        .order_by("role", "pk")[:1]  # on the day a vice chair becomes chair she is both
        .get()
    )
    resolution.approved_at = clock.now()
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
def issue_resolution(resolution: Resolution, *, by: Any, issued_on: date | None = None) -> Resolution:
    """The office enters the resolution in the register: it gets the next number of the year and its date.

    The numbers of a year begin at 01 and leave no gap, however many officers register at once.
    """
    register_year = (issued_on or clock.today()).year
    resolution = lock(resolution)
    rules.RESOLUTION.check("issue_resolution", by, resolution)

    resolution.issued_on, resolution.year = issued_on or clock.today(), register_year
    resolution.number = _take_number(resolution)
    resolution.issued_at = clock.now()
    rules.RESOLUTION.advance("issue_resolution", resolution)
    resolution.save()
    resolution.document.number, resolution.document.issued_on = resolution.full_number, resolution.issued_on
    resolution.document.save()

    trail.record("decisions.issue_resolution", by=by, on=resolution, number=resolution.full_number)
    order_rendering(resolution.document, by=by, task="decisions.tasks.render_resolution", target=resolution)
    return resolution


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


def _take_number(resolution: Resolution) -> int:
    key: dict[str, Any] = {"body": resolution.body, "notation": resolution.notation, "year": resolution.year}
    NumberRegister.objects.get_or_create(**key)
    register = NumberRegister.objects.select_for_update().get(**key)
    register.last += 1
    register.save(update_fields=["last"])
    return register.last
