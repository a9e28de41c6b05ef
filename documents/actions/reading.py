"""Giving papers to readers, and their opening them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from documents import rules
from documents.models import Distribution, DocumentVersion, ReadingPlace
from people.models import Body, User
from people.rules import Role

ONE_OPENING = timedelta(hours=1)  # what is read on within it is not told again


@transaction.atomic
def distribute_version(
    version: DocumentVersion,
    *,
    by: Any,
    to: Iterable[User] = (),
    roles: Iterable[tuple[str, Body]] = (),
    because: str,
) -> DocumentVersion:
    """Give a paper to people by name, and to offices as (role, body). Who was given it once keeps it."""
    version = lock(version)
    rules.VERSION.check("distribute_version", by, version)

    readers, offices = list(to), [(Role(role), body) for role, body in roles]
    told = {"version": version, "because": because, "given_by_name": str(by) if by.pk else ""}
    Distribution.objects.bulk_create(
        [
            *(Distribution(reader=reader, **told) for reader in readers),
            *(Distribution(role=role, body=body, **told) for role, body in offices),
        ],
        ignore_conflicts=True,
    )

    trail.record(
        "documents.distribute_version",
        by=by,
        on=version,
        to=[str(reader) for reader in readers],
        roles=[f"{role}: {body}" for role, body in offices],
        because=because,
    )
    return version


@transaction.atomic
def open_version(version: DocumentVersion, *, by: User) -> DocumentVersion:
    """A person opens a paper, on the screen or as a file.

    Told once an hour for each person and paper: a reader asks for the same file many times while paging.
    """
    rules.VERSION.check("open_version", by, version)

    now = clock.now()
    place, is_new = ReadingPlace.objects.get_or_create(user=by, version=version, defaults={"opened_at": now})
    earlier = ReadingPlace.objects.filter(pk=place.pk, opened_at__lte=now - ONE_OPENING)
    if is_new or earlier.update(opened_at=now):
        trail.record("documents.open_version", by=by, on=version, sha256=version.sha256)
    return version
