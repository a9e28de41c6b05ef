"""Who sets the rules of deciding, and who puts a resolution into the register."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_worker
from core.workflow import Rule, Rulebook
from documents.rules import of_own_agency
from people.rules import PRESIDING, Role, is_administrator, is_secretary, presides


class ResolutionStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved for issue")
    ISSUED = "issued", _("issued")


def draft_is_rendered(resolution: Any) -> str | None:
    """Nobody approves a text that cannot be read."""
    rendering = resolution.newest_rendering
    if rendering is None or rendering.version_id is None:
        return gettext("The draft is still being made. Wait a moment and try again.")
    return None


def signer_presides(resolution: Any) -> str | None:
    """The signature is the chair's, or a vice chair's for the chair: of this body, and of today."""
    signer = resolution.signer
    if signer.body_id == resolution.body_id and signer.role in PRESIDING and signer.is_in_force:
        return None
    return gettext("The signer must hold the office of chair or vice chair of this body.")


def is_not_confirmed(rule_set: Any) -> str | None:
    """Rules in force are never changed: new ones follow them."""
    if rule_set.confirmed_at is not None:
        return gettext("This rule set is in force. Enter a new one with a later date.")
    return None


RULE_SET = Rulebook(
    initial=None, rules={"confirm_rule_set": Rule(is_administrator, guards=(is_not_confirmed,))}
)

DAY_OFF = Rulebook(initial=None, rules={"add_day_off": Rule(is_administrator)})

RESOLUTION = Rulebook(
    initial=ResolutionStatus.DRAFT,
    rules={
        "draft_resolution": Rule(is_secretary, when={ResolutionStatus.DRAFT}, guards=(signer_presides,)),
        "edit_resolution": Rule(is_secretary, when={ResolutionStatus.DRAFT}),
        "approve_resolution": Rule(
            presides,
            when={ResolutionStatus.DRAFT},
            then=ResolutionStatus.APPROVED,
            guards=(draft_is_rendered,),
        ),
        "issue_resolution": Rule(
            is_secretary, when={ResolutionStatus.APPROVED}, then=ResolutionStatus.ISSUED
        ),
        "release_resolution": Rule(is_worker, when={ResolutionStatus.ISSUED}),
    },
)


def sees_rule_set(user: Any) -> Q:
    """The rules of a body are known to all who work for it."""
    return Q(body__in=user.body_ids())


def sees_resolution(user: Any) -> Q:
    """The office and those who preside see drafts; members, archivists and auditors what is issued; a lead
    agency what was issued on its own dossier."""
    working = Q(body__in=user.body_ids(Role.SECRETARY, Role.CHAIR, Role.VICE_CHAIR))
    reading = Q(body__in=user.body_ids(Role.MEMBER, Role.ASSISTANT, Role.ARCHIVIST, Role.AUDITOR))
    reading |= of_own_agency(user, "dossier__")
    return working | (reading & Q(status=ResolutionStatus.ISSUED))
