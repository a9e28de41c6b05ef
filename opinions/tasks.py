"""The clock's and the worker's part in the written procedure."""

import logging

from celery import shared_task

from core.actors import CLOCK, WORKER
from core.work import attempt, claim
from core.workflow import Conflict
from documents.actions import add_rendered_version, distribute_version
from documents.models import Rendering
from documents.rendering import render_official
from opinions import actions
from opinions.models import OpinionRequest, find_assistants
from opinions.rendering import write_synthesis
from people.models import User
from people.rules import PRESIDING, Role

logger = logging.getLogger(__name__)


@shared_task
def close_overdue_requests() -> None:
    """Every five seconds, each request in a transaction of its own: one that fails holds up no other."""
    for opinion_request in OpinionRequest.objects.overdue().order_by("deadline", "pk"):
        try:
            actions.close_request(opinion_request, by=CLOCK)
        except Conflict:  # another clock was quicker
            logger.info("Opinion request %s was closed already.", opinion_request.pk)
        except Exception:
            logger.exception(
                "Opinion request %s could not be closed; the next round tries again.", opinion_request.pk
            )


@shared_task
def render_synthesis(rendering_id: int) -> None:
    """The synthesis as a PDF, for the members and their assistants, those who preside, and the auditor."""
    rendering = claim(Rendering.objects.all(), rendering_id)
    if rendering is None:
        return
    with attempt(rendering):
        opinion_request = OpinionRequest.objects.select_related(
            "body__office", "rule_set", "lead_agency", "dossier"
        ).get(pk=rendering.target_id)
        pdf = render_official(write_synthesis(opinion_request))
        name = f"tong-hop-y-kien-{opinion_request.pk}.pdf"
        version = add_rendered_version(rendering, by=WORKER, pdf=pdf, file_name=name)
        members = list(User.objects.filter(slips__request=opinion_request))
        distribute_version(
            version,
            by=WORKER,
            to=[*members, *find_assistants(opinion_request.body_id, members)],
            roles=[(role, opinion_request.body) for role in (*PRESIDING, Role.AUDITOR)],
            because=opinion_request.synthesis.title[:200],
        )
