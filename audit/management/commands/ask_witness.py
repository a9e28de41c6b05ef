"""Writes what a witness is to check and sign, and takes what it has signed."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.checkpoints import take_cosignature, write_request
from audit.log import newest_checkpoint
from verifier.log.checkpoints import BadNote


class Command(BaseCommand):
    help = (
        "For `python -m verifier witness`: print the newest checkpoint with the proof that the log has only "
        "grown since the witness knew so many entries. With --signed: keep what the witness has signed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--known", type=int, metavar="SIZE", help="entries the witness knows (0: none yet)")
        way.add_argument("--signed", metavar="FILE", help="the checkpoint with the witness's signature")

    def handle(self, *args: Any, known: int | None, signed: str | None, **options: Any) -> None:
        if signed is not None:
            self._take(Path(os.environ.get("RUN_FROM") or ".") / signed)
            return
        checkpoint = newest_checkpoint()
        if checkpoint is None:
            raise CommandError("There is no checkpoint yet.")
        if not 0 <= (known or 0) <= checkpoint.size:
            raise CommandError(f"The log has {checkpoint.size} entries.")
        self.stdout.write(write_request(checkpoint, known or 0), ending="")

    def _take(self, file: Path) -> None:
        try:
            taken = take_cosignature(file.read_text())
        except (OSError, UnicodeDecodeError, BadNote) as error:
            raise CommandError(str(error)) from error
        if not taken:
            raise CommandError("There is no new signature of a witness whose key is in AUDIT_WITNESSES.")
        for attestation in taken:
            self.stdout.write(f"{attestation.who}: {attestation.checkpoint.size}")
