"""What of a dossier is handed out on paper, as far as a person may know it."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Prefetch
from django.urls import reverse

from documents.models import Dossier, PaperCopy, PaperSlot

register = template.Library()


@dataclass(frozen=True)
class Ledger:
    slots: list[PaperSlot]  # each with `own_copies`, those that this person has received
    url: str  # of the whole ledger, for the office and the auditors


@register.simple_tag(takes_context=True)
def slots_of(context: dict[str, Any], dossier: Dossier) -> Ledger:
    """Two questions, however many papers are handed out."""
    user = context["request"].user
    own = PaperCopy.objects.filter(receiver=user).order_by("number")
    slots = PaperSlot.objects.visible_to(user).filter(dossier=dossier).order_by("number")
    found = list(slots.prefetch_related(Prefetch("copies", own, to_attr="own_copies")))
    keeps = Dossier.objects.with_ledger_for(user).filter(pk=dossier.pk).exists()
    return Ledger(found, reverse("documents:read_ledger", args=[dossier.pk]) if keeps else "")
