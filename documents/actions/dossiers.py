"""The folder as a whole: opened, passed on, sealed, corrected, closed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from documents import rules, seals
from documents.manifest import Manifest, digest
from documents.models import Dossier, DossierIssue, IssuedPaper
from people.models import Body, Organisation


@transaction.atomic
def create_dossier(*, by: Any, body: Body, title: str, prepared_by: Organisation | None = None) -> Dossier:
    """A secretary opens a folder for the papers of a matter; or an officer of the lead agency for its own.

    What the Office opens for an agency that hands in on paper lies with the Office from the beginning.
    """
    dossier = Dossier(body=body, title=title, prepared_by=prepared_by)
    dossier.is_with_agency = rules.prepares_for_agency(by, dossier)
    rules.DOSSIER.check("create_dossier", by, dossier)

    dossier.save()

    trail.record("documents.create_dossier", by=by, on=dossier)
    return dossier


@transaction.atomic
def seal_dossier(dossier: Dossier, *, by: Any, reason: str = "") -> Dossier:
    """The folder is put before the members: what lies in it is written down with its hashes, as one issue.

    Every issue after the first needs a reason (the one of the correction, where none is given), and a change.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("seal_dossier", by, dossier)

    previous, papers = dossier.current_issue, seals.list_papers(dossier)
    reason = reason.strip() or dossier.correction_reason
    if previous is not None and not reason:
        raise Conflict(_("Say why the dossier is put before the members anew."))
    if previous is not None and seals.is_as_sealed(previous, papers):
        raise Conflict(_("Nothing has changed since the last issue of this dossier."))
    now = clock.now()
    dossier.sealed_at, dossier.correction_reason = now, ""
    issue = _write_issue(dossier, previous, papers, by=by, at=now, reason=reason)
    rules.DOSSIER.advance("seal_dossier", dossier)
    dossier.save()

    trail.record(
        "documents.seal_dossier",
        by=by,
        on=dossier,
        issue=issue.number,
        sha256=issue.sha256,
        papers=[paper.version.sha256 for paper in papers],
        reason=reason,
    )
    return dossier


@transaction.atomic
def reopen_dossier(dossier: Dossier, *, by: Any, reason: str) -> Dossier:
    """A secretary corrects a folder that lies before the members. They go on reading the last issue of it
    until the next is sealed."""
    dossier = lock(dossier)
    rules.DOSSIER.check("reopen_dossier", by, dossier)
    if not reason.strip():
        raise Conflict(_("Say why the dossier is corrected."))

    dossier.correction_reason = reason.strip()
    rules.DOSSIER.advance("reopen_dossier", dossier)
    dossier.save()

    trail.record("documents.reopen_dossier", by=by, on=dossier, reason=dossier.correction_reason)
    return dossier


@transaction.atomic
def drop_correction(dossier: Dossier, *, by: Any) -> Dossier:
    """A secretary finds that nothing need be corrected: the last issue goes on to count.

    Changes are not undone behind anyone's back: whoever made some takes them back first, or seals them.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("drop_correction", by, dossier)
    issue = dossier.current_issue
    if issue is not None and not seals.is_as_sealed(issue, seals.list_papers(dossier)):
        raise Conflict(
            _(
                "The papers are no longer as they were sealed. Take the changes back, or put the dossier "
                "before the members anew."
            )
        )

    dossier.correction_reason = ""
    rules.DOSSIER.advance("drop_correction", dossier)
    dossier.save()

    trail.record("documents.drop_correction", by=by, on=dossier)
    return dossier


@transaction.atomic
def close_dossier(dossier: Dossier, *, by: Any) -> Dossier:
    """The matter is counted, decided or withdrawn: nothing of the folder changes any more.

    A correction that was not sealed by then has never been before anyone.
    """
    dossier = lock(dossier)
    rules.DOSSIER.check("close_dossier", by, dossier)

    dossier.closed_at = clock.now()
    rules.DOSSIER.advance("close_dossier", dossier)
    dossier.save()

    trail.record("documents.close_dossier", by=by, on=dossier)
    return dossier


def _write_issue(
    dossier: Dossier,
    previous: DossierIssue | None,
    papers: list[Any],
    *,
    by: Any,
    at: datetime,
    reason: str,
) -> DossierIssue:
    lines = seals.write_lines(papers)
    manifest = Manifest(
        dossier=dossier.pk,
        title=dossier.title,
        body=dossier.body.name,
        issue=previous.number + 1 if previous else 1,
        sealed_at=at,
        sealed_by=str(by),
        reason=reason,
        previous=previous.sha256 if previous else "",
        papers=tuple(lines),
    )
    text = manifest.write()
    issue = DossierIssue.objects.create(
        dossier=dossier,
        number=manifest.issue,
        sealed_at=manifest.sealed_at,
        sealed_by_name=manifest.sealed_by,
        reason=reason,
        manifest=text,
        sha256=digest(text),
    )
    IssuedPaper.objects.bulk_create(
        IssuedPaper(
            issue=issue,
            version=paper.version,
            section_title=line.section,
            place=line.place,
            first_page=line.first_page,
            pages=line.pages,
            is_restricted=line.restricted,
        )
        for paper, line in zip(papers, lines, strict=True)
    )
    return issue
