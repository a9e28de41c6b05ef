"""Giving an issue of the dossier to its readers."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from documents import actions as documents
from documents.models import Distribution, IssuedPaper, NeedToKnow
from opinions.models import OpinionRequest, RequestIssue
from people.models import User
from people.rules import PRESIDING, Role


def give_issue(opinion_request: OpinionRequest, *, by: Any, to: Iterable[User]) -> None:
    """Who is given what, in the words of the Office:

    The whole dossier goes to every member asked, to her assistants, and to the auditor. A paper for named
    readers goes to those named alone: an assistant or the auditor only if named too. Those who preside have
    it because they decide on the sending, the Office because it keeps the dossier. Who was given a paper
    keeps it, and is not given it again with the next issue.
    """
    readers, because = list(to), say_why(opinion_request)
    issue = opinion_request.dossier.current_issue
    assert issue is not None  # it has just been sealed
    papers = list(IssuedPaper.objects.filter(issue=issue).select_related("version"))
    named = _list_named(opinion_request)
    given = Distribution.objects.filter(version__in=[paper.version_id for paper in papers])
    has_it = set(given.filter(reader__isnull=False).values_list("version", "reader"))
    office_has_it = set(given.filter(body=opinion_request.body_id).values_list("version", "role"))
    for paper in papers:
        version = paper.version
        roles = PRESIDING if paper.is_restricted else (*PRESIDING, Role.AUDITOR)
        people = [
            reader
            for reader in readers
            if (not paper.is_restricted or (version.pk, reader.pk) in named)
            and (version.pk, reader.pk) not in has_it
        ]
        offices = [
            (role, opinion_request.body) for role in roles if (version.pk, str(role)) not in office_has_it
        ]
        if people or offices:
            documents.distribute_version(version, by=by, to=people, roles=offices, because=because)


def record_issue(opinion_request: OpinionRequest, *, by: Any, reason: str = "") -> RequestIssue:
    """What the members have before them from now on, under its number."""
    dossier_issue = opinion_request.dossier.current_issue
    assert dossier_issue is not None  # it has just been sealed
    return RequestIssue.objects.create(
        request=opinion_request,
        number=opinion_request.issue,
        dossier_issue=dossier_issue,
        reason=reason,
        issued_by_name=str(by),
    )


def say_why(opinion_request: OpinionRequest) -> str:
    """The reason that stands on the distribution list."""
    reason = _("Opinion request: %(subject)s") % {"subject": opinion_request.subject}
    return reason[:200]


def _list_named(opinion_request: OpinionRequest) -> set[tuple[int, int]]:
    """The named readers, as (version, person)."""
    named = NeedToKnow.objects.filter(paper__dossier=opinion_request.dossier_id)
    return set(named.values_list("paper__version", "reader"))
