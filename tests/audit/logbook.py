"""The log in tests: what their open transaction wrote, and what who owns the database may do to it."""

from django.db import connection

from audit import sequencer
from audit.models import LogState


def take_all() -> int:
    """Also what this transaction has written: as the sequencer does on a restored copy."""
    LogState.objects.update(cluster=0)
    return sequencer.extend_log()


def own(*statements: str) -> None:
    """Triggers off, whatever one likes, and on again, as if nothing had been."""
    tables = ("audit_auditevent", "audit_logentry", "audit_checkpoint", "audit_attestation")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
