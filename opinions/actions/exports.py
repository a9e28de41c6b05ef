"""The synthesis and the statistics as files to take along, and the synthesis made once more."""

from typing import Any

from django.db import transaction

from audit import trail
from core.locks import lock
from documents.actions import order_rendering
from opinions import rules
from opinions.models import OpinionRequest
from people.models import Body


@transaction.atomic
def export_synthesis(opinion_request: OpinionRequest, *, by: Any, form: str) -> OpinionRequest:
    """Whoever takes the answers out of the system is remembered."""
    rules.SYNTHESIS.check("export_synthesis", by, opinion_request)

    trail.record("opinions.export_synthesis", by=by, on=opinion_request, form=form)
    return opinion_request


@transaction.atomic
def renew_synthesis(opinion_request: OpinionRequest, *, by: Any) -> OpinionRequest:
    """With what has become of the remarks since; the earlier synthesis stays as the version before."""
    opinion_request = lock(opinion_request)
    rules.SYNTHESIS.check("renew_synthesis", by, opinion_request)

    document = opinion_request.synthesis
    assert document is not None  # the guard has seen to that
    order_rendering(document, by=by, task="opinions.tasks.render_synthesis", target=opinion_request)

    trail.record("opinions.renew_synthesis", by=by, on=opinion_request)
    return opinion_request


@transaction.atomic
def export_statistics(body: Body, *, by: Any, form: str, since: str, until: str) -> Body:
    rules.STATISTICS.check("export_statistics", by, body)

    trail.record("opinions.export_statistics", by=by, on=body, form=form, since=since, until=until)
    return body
