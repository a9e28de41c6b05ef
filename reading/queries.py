"""Reads that join the tables of several apps."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from people.models import Appointment, User
from people.rules import Role

SHOWN = 20


def find_possible_readers(version: Any, asker: Any, words: str) -> list[User]:
    """Those to whom the paper was given, by name or by office, and the office that keeps it."""
    given = Q(distributions__version=version)
    offices = Q(pk__in=[])
    for role, body_id in version.distributions.filter(reader__isnull=True).values_list("role", "body_id"):
        offices |= Q(role=role, body=body_id)
    if version.document.owner_id is None:
        offices |= Q(role=Role.SECRETARY, body=version.document.body_id)
    held = Appointment.objects.current().filter(offices)
    people = (
        User.objects.filter(given | Q(pk__in=held.values("user")), is_active=True)
        .exclude(pk=asker.pk)
        .matching(words)
        .select_related("notes_key")
        .distinct()
        .annotate(is_reachable=ExpressionWrapper(Q(notes_key__isnull=False), BooleanField()))
        .order_by("-is_reachable", "sort_key", "pk")[:SHOWN]
    )
    titles = dict(
        Appointment.objects.current()
        .filter(user__in=[person.pk for person in people])
        .order_by("-pk")
        .values_list("user", "title")
    )
    found = list(people)
    for person in found:
        person.title = titles.get(person.pk, "")
    return found
