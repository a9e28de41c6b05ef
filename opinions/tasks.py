"""The clock's and the worker's part in the written procedure."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from celery import shared_task

from core.actors import CLOCK, WORKER
from core.work import attempt, claim
from core.workflow import Conflict
from documents.actions import add_rendered_version, distribute_version
from documents.models import DocumentVersion, Rendering
from documents.rendering import render_official
from opinions import actions, rules
from opinions.models import (
    AnswerSheet,
    OpinionRequest,
    find_assistants,
    find_awaited,
    find_followed_up,
    find_missed,
)
from opinions.rendering import write_synthesis
from opinions.slip_papers import write_slip
from people.models import User
from people.rules import PRESIDING, Role

logger = logging.getLogger(__name__)


@shared_task
def close_overdue_requests() -> None:
    """Every five seconds, each request in a transaction of its own: one that fails holds up no other."""
    for opinion_request in OpinionRequest.objects.overdue().order_by("deadline", "pk"):
        try:
            close = actions.close_box if opinion_request.is_secret else actions.close_request
            close(opinion_request, by=CLOCK)
        except Conflict:  # another clock was quicker
            logger.info("Opinion request %s was closed already.", opinion_request.pk)
        except Exception:
            logger.exception(
                "Opinion request %s could not be closed; the next round tries again.", opinion_request.pk
            )


@shared_task
def climb_ladders() -> None:
    """Each minute: who has not answered, who was silent, and what is due after the count."""
    _tell(find_awaited(), actions.remind_members, actions.escalate_request)
    _tell(find_missed(), actions.tell_silent)
    _tell(find_followed_up(), actions.remind_of_result)


def _tell(requests: Iterable[OpinionRequest], *deeds: Callable[..., Any]) -> None:
    """Each in a transaction of its own; most have nothing to tell at this minute, and lock nothing."""
    for opinion_request in requests:
        for deed in deeds:
            if rules.REQUEST.allows(deed.__name__, CLOCK, opinion_request):
                _try(deed, opinion_request)


def _try(deed: Callable[..., Any], opinion_request: OpinionRequest) -> None:
    try:
        deed(opinion_request, by=CLOCK)
    except Conflict:  # another clock was quicker
        logger.info("%s: request %s was told of already.", deed.__name__, opinion_request.pk)
    except Exception:
        logger.exception(
            "%s: request %s failed; the next round tries again.", deed.__name__, opinion_request.pk
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
        _open_slips(opinion_request, members)


def _open_slips(opinion_request: OpinionRequest, members: list[User]) -> None:
    """The signed slips of the answers that are read from now on, by those who read them."""
    versions = DocumentVersion.objects.filter(
        document__answer_sheet__slip__request=opinion_request,
        document__answer_sheet__signed_at__isnull=False,
        document__answer_sheet__standing__in=rules.READ_BY_ALL,
    )
    for version in versions.order_by("pk"):
        distribute_version(
            version,
            by=WORKER,
            to=members,
            roles=[(role, opinion_request.body) for role in (Role.SECRETARY, *PRESIDING, Role.AUDITOR)],
            because=opinion_request.synthesis.title[:200],
        )


@shared_task
def render_slip(rendering_id: int) -> None:
    """A member's answer as the paper that she signs; it is hers alone until the close."""
    rendering = claim(Rendering.objects.all(), rendering_id)
    if rendering is None:
        return
    with attempt(rendering):
        sheets = AnswerSheet.objects.select_related(
            "slip__member", "slip__stand_in", "slip__request__body__office", "slip__request__lead_agency"
        )
        sheet = sheets.select_related(
            "slip__request__kind", "slip__request__dossier", "given_by", "attachment"
        ).get(pk=rendering.target_id)
        pdf = render_official(write_slip(sheet))
        version = add_rendered_version(
            rendering, by=WORKER, pdf=pdf, file_name=f"phieu-ghi-y-kien-{sheet.receipt}.pdf"
        )
        actions.write_statement(sheet, by=WORKER, version=version)
