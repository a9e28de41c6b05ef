"""Who handles papers, and who may read them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.actors import is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import Role, is_secretary


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


def has_a_paper(dossier: Any) -> str | None:
    if not dossier.papers.exists():
        return _t("The dossier is empty: add at least one paper.")
    return None


def papers_are_read(dossier: Any) -> str | None:
    """What has not been looked into is not put before the members."""
    if dossier.papers.waiting().exists():
        return _t("Some papers are still being checked. Wait a moment and try again.")
    if dossier.papers.refused().exists():
        return _t("A paper of the dossier could not be accepted. Remove it first.")
    return None


DOSSIER = Rulebook(
    initial=DossierStatus.OPEN,
    rules={
        "create_dossier": Rule(is_secretary),
        "add_paper": Rule(is_secretary, when={DossierStatus.OPEN}),
        "remove_paper": Rule(is_secretary, when={DossierStatus.OPEN}),
        "seal_dossier": Rule(
            any_of(is_secretary, lambda user, dossier: user.holds(Role.VICE_CHAIR, dossier.body_id), lambda user, dossier: user.holds(Role.CHAIR, dossier.body_id)),
            when={DossierStatus.OPEN},
            then=DossierStatus.SEALED,
            guards=(has_a_paper, papers_are_read),
        ),
    },
)


def may_read_version(user: Any, version: Any) -> bool:
    return type(version).objects.visible_to(user).filter(pk=version.pk).exists()


VERSION = Rulebook(
    initial=None,
    rules={
        "add_rendered_version": Rule(is_worker),
        "record_text": Rule(is_worker),
        "refuse_version": Rule(is_worker),
        "distribute_version": Rule(any_of(is_worker, is_secretary, lambda user, version: user.holds(Role.CHAIR, version.body_id), lambda user, version: user.holds(Role.VICE_CHAIR, version.body_id))),
        "open_version": Rule(may_read_version),
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
