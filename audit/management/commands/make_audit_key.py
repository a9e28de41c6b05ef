"""Makes the key of the trail's log, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.checkpoints import create_key, read_signer


class Command(BaseCommand):
    help = (
        "Make the key that signs the checkpoints of the trail's log, if there is none; tell its public half."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.AUDIT_KEY_FILE:
            raise CommandError("AUDIT_KEY_FILE names no file.")
        made = create_key()
        signer = read_signer()
        assert signer is not None
        self.stdout.write(
            f"{settings.AUDIT_KEY_FILE}: {'made' if made else 'there already'}\n{signer.public}"
        )
