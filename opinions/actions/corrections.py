"""Correcting the dossier while the members are being asked."""

from typing import Any

from django.db import transaction

from audit import trail
from core.locks import hold
from documents import actions as documents
from notifications import outbox
from opinions import rules
from opinions.actions._issues import give_issue
from opinions.models import OpinionRequest, find_assistants
from people.models import User
from people.rules import PRESIDING


@transaction.atomic
def correct_dossier(opinion_request: OpinionRequest, *, by: Any, reason: str) -> OpinionRequest:
    """A secretary takes the dossier up again: a paper is wrong, or one is missing.

    The members go on reading what lies before them, until the corrected dossier is put before them.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("correct_dossier", by, opinion_request)

    opinion_request.dossier = documents.reopen_dossier(opinion_request.dossier, by=by, reason=reason)

    trail.record("opinions.correct_dossier", by=by, on=opinion_request, reason=reason)
    return opinion_request


@transaction.atomic
def reissue_dossier(opinion_request: OpinionRequest, *, by: Any, reason: str = "") -> OpinionRequest:
    """The corrected dossier is sealed as a new issue, given to the same readers, and everyone is told once.

    Answers stay. Who has answered sees that the dossier changed afterwards, and may answer anew until the
    deadline.
    """
    opinion_request = hold(opinion_request)
    rules.REQUEST.check("reissue_dossier", by, opinion_request)

    opinion_request.dossier = documents.seal_dossier(opinion_request.dossier, by=by, reason=reason)
    issue = opinion_request.dossier.current_issue
    members = list(User.objects.filter(slips__request=opinion_request))
    assistants = list(find_assistants(opinion_request.body_id, members))
    give_issue(opinion_request, by=by, to=[*members, *assistants])

    trail.record(
        "opinions.reissue_dossier", by=by, on=opinion_request, issue=issue.number, reason=issue.reason
    )
    presiding = User.objects.holding(PRESIDING, opinion_request.body_id)
    outbox.tell(
        {*members, *assistants, *presiding},
        "documents/dossier_changed",
        url=opinion_request.dossier.get_absolute_url(),
        subject=opinion_request.subject,
        issue=issue.number,
    )
    return opinion_request
