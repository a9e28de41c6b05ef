"""Checks the trail: against its log, its checkpoints and the copies that others keep."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.checkpoints import known_keys
from audit.inspection import Against, Finding, Result, inspect
from signatures.checkpoints import judge_checkpoint
from verifier.log.checkpoints import BadNote, PublicKey


class Command(BaseCommand):
    help = (
        "Computes every entry of the trail anew; names those that were altered, taken out, put in or moved. "
        "Exit 0 when all is as it was written, 1 with the list when not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="PATH",
            help="what was kept outside: the witness folder, or a file with checkpoints, such as a mail",
        )
        parser.add_argument("--log-key", action="append", default=[], help="its public key: name+hash+key")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, against: list[str], log_key: list[str], **options: Any) -> None:
        base = Path(os.environ.get("RUN_FROM") or ".")
        paths = [base / path for path in against]
        if not paths and settings.AUDIT_WITNESS_DIR and Path(settings.AUDIT_WITNESS_DIR).exists():
            paths = [Path(settings.AUDIT_WITNESS_DIR)]
        try:
            keys = [PublicKey.parse(line) for line in log_key] or known_keys()
            copies = [Against.read(path) for path in paths]
        except (OSError, BadNote) as error:
            raise CommandError(str(error), returncode=2) from error
        result = inspect(keys, copies)
        stamp = judge_checkpoint(result.last)
        if stamp == "invalid":
            result.findings.append(
                Finding("timestamp", _("the timestamp of the newest checkpoint is not valid"))
            )
        if options["json"]:
            self.stdout.write(json.dumps(as_json(result, bool(keys), stamp), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(describe(result, bool(keys), stamp)))
        if not result.is_whole:
            raise SystemExit(1)


def as_json(result: Result, has_key: bool, stamp: str) -> dict[str, Any]:
    return {
        "whole": result.is_whole,
        "entries": result.size,
        "root": result.root.hex(),
        "pending": result.pending,
        "checkpoints": result.checkpoints,
        "checkpoints_outside": result.outside,
        "signatures_compared": has_key,
        "timestamp": stamp,
        "findings": [finding.as_json() for finding in result.findings],
    }


def describe(result: Result, has_key: bool, stamp: str) -> list[str]:
    lines = [name_finding(finding) for finding in result.findings]
    if result.is_whole:
        lines.append(_("Nothing was altered, taken out, put in or moved."))
    else:
        lines.append(_("The trail is NOT as it was written: %(count)s findings.") % {"count": len(lines)})
    numbers = {"size": result.size, "root": result.root.hex(), "pending": result.pending}
    lines.append(_("%(size)s entries, root %(root)s; %(pending)s not in the log yet") % numbers)
    compared = {"inside": result.checkpoints, "outside": result.outside}
    lines.append(_("Compared with %(inside)s checkpoints in the database and %(outside)s outside") % compared)
    lines.append(
        {
            "valid": _("Timestamp of the newest checkpoint: valid"),
            "undecided": _("Timestamp of the newest checkpoint: its authority cannot be judged yet"),
            "invalid": _("Timestamp of the newest checkpoint: NOT valid"),
            "": _("The newest checkpoint has no timestamp"),
        }[stamp]
    )
    if not has_key:
        lines.append(_("Without the public key of the log the signatures of checkpoints were not compared."))
    if not result.outside:
        lines.append(
            _("Nothing outside was compared: who owns the database could have written all of this anew.")
        )
    return lines


def name_finding(finding: Finding) -> str:
    place = "" if finding.index is None else _("number %(index)s") % {"index": finding.index}
    entry = "" if finding.event_id is None else _("entry %(id)s") % {"id": finding.event_id}
    who = ", ".join(part for part in (entry, place, finding.at, finding.action) if part)
    return f"✗ {who}: {finding.what}" if who else f"✗ {finding.what}"
