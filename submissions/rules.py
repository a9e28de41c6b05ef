"""The dossier's way to the Office: Nghị định 191/2026/NĐ-CP, Điều 13 to 15."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.rules import of_own_agency
from people.rules import Role


class SubmissionStatus(models.TextChoices):
    PREPARED = "prepared", _("being prepared")
    HANDED_IN = "handed_in", _("handed in")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


def sees_submission(user: Any) -> Q:
    """The lead agency its own; the office, those who preside and the auditors from the handing in on."""
    handed_in = Q(dossier__body__in=user.body_ids(Role.CHAIR, Role.VICE_CHAIR, Role.AUDITOR)) & ~Q(
        status=SubmissionStatus.PREPARED
    )
    return Q(dossier__body__in=user.body_ids(Role.SECRETARY)) | of_own_agency(user, "dossier__") | handed_in
