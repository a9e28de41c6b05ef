"""Locks for actions: a row for the one who changes it, a parent shared by the many who act under it."""

from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def lock(row: Row) -> Row:
    """The row as it stands now, kept from others until the transaction ends."""
    return row.__class__._base_manager.select_for_update().get(pk=row.pk)


def share(row: Row) -> Row:
    """The row as it stands now; it cannot be `hold`-ed by another until this transaction ends.

    Those who share do not wait for each other: 25 members answer in the same second.
    """
    return _advise("pg_advisory_xact_lock_shared", row)


def hold(row: Row) -> Row:
    """The row as it stands now, after all who `share` it have finished, and before any new one."""
    _advise("pg_advisory_xact_lock", row)
    return lock(row)


def _advise(function: str, row: Row) -> Row:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s), %s)", [row._meta.label_lower, row.pk])
    return row.__class__._base_manager.get(pk=row.pk)
