"""Who handles papers, and who may read them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_clock, is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import Role, is_secretary, presides


class DossierStatus(models.TextChoices):
    OPEN = "open", _("in preparation")
    SEALED = "sealed", _("sealed")


class DocumentKind(models.TextChoices):
    """The kinds of a submission's papers (Nghị định 191/2026/NĐ-CP, Điều 13)."""

    SUBMISSION = "submission", _("Submission")
    DRAFT = "draft", _("Draft decision")
    REPORT = "report", _("Report")
    OPINION = "opinion", _("Written opinion")
    ACCEPTANCE = "acceptance", _("Table of acceptance and explanation")
    SYNTHESIS = "synthesis", _("Synthesis of opinions")
    RESOLUTION = "resolution", _("Resolution")
    OTHER = "other", _("Other paper")


MADE_HERE = (DocumentKind.SYNTHESIS, DocumentKind.RESOLUTION)  # never uploaded


def has_a_paper(dossier: Any) -> str | None:
    if not dossier.papers.exists():
        return gettext("The dossier is empty: add at least one paper.")
    return None


def papers_are_read(dossier: Any) -> str | None:
    """What has not been looked into is not put before the members."""
    if dossier.papers.waiting().exists():
        return gettext("Some papers are still being checked. Wait a moment and try again.")
    if dossier.papers.refused().exists():
        return gettext("A paper of the dossier could not be accepted. Remove it first.")
    return None


DOSSIER = Rulebook(
    initial=DossierStatus.OPEN,
    rules={
        "create_dossier": Rule(is_secretary, when={DossierStatus.OPEN}),
        "add_paper": Rule(is_secretary, when={DossierStatus.OPEN}),
        "remove_paper": Rule(is_secretary, when={DossierStatus.OPEN}),
        "seal_dossier": Rule(
            any_of(is_secretary, presides),
            when={DossierStatus.OPEN},
            then=DossierStatus.SEALED,
            guards=(has_a_paper, papers_are_read),
        ),
    },
)


def may_read_version(user: Any, version: Any) -> bool:
    return type(version).objects.visible_to(user).filter(pk=version.pk).exists()


def bytes_are_kept(version: Any) -> str | None:
    """A paper that was refused has a row, and nothing else."""
    return version.refusal if version.refused_because else None


VERSION = Rulebook(
    initial=None,
    rules={
        "record_text": Rule(is_worker, guards=(bytes_are_kept,)),
        "refuse_version": Rule(is_worker),
        "distribute_version": Rule(
            any_of(is_worker, is_clock, is_secretary, presides), guards=(bytes_are_kept,)
        ),
        "open_version": Rule(may_read_version, guards=(bytes_are_kept,)),
    },
)

RENDERING = Rulebook(
    initial=None,
    rules={
        "order_rendering": Rule(any_of(is_worker, is_clock, is_secretary, presides)),
        "add_rendered_version": Rule(is_worker),
    },
)


def sees_version(user: Any) -> Q:
    """The office that keeps the papers, and those to whom they were distributed, by name or by office."""
    given = Q(distributions__reader=user)
    for appointment in user.current_appointments:
        given |= Q(distributions__role=appointment.role, distributions__body=appointment.body_id)
    return Q(document__body__in=user.body_ids(Role.SECRETARY)) | given


def sees_dossier(user: Any) -> Q:
    """The office; others see the papers that they were given, not the folder."""
    return Q(body__in=user.body_ids(Role.SECRETARY))


def sees_paper(user: Any) -> Q:
    """A paper at its place in a dossier is seen by those who may read it."""
    given = Q(version__distributions__reader=user)
    for appointment in user.current_appointments:
        given |= Q(
            version__distributions__role=appointment.role, version__distributions__body=appointment.body_id
        )
    return Q(dossier__body__in=user.body_ids(Role.SECRETARY)) | given
