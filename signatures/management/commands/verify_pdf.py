"""Judges signed PDFs from the command line, with no database and no network."""

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from signatures.rules import Verdict
from signatures.verifier import Report, TrustStore, verify_in_sandbox
from signatures.wording import deviation_words, reason_words
from verifier.pdf.options import add_arguments, make_record, read_trust


class Command(BaseCommand):
    help = (
        "Checks the signatures of PDF files: one JSON object a line with --json, else in words. "
        "Nobody is trusted but those who are given."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--detached",
            metavar="CONTENT",
            help="the files are signatures (.p7s, .p7m) over this file instead of PDF files",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        # `./run` works in the project's folder; what was typed is meant from where it was typed.
        base = Path(os.environ.get("RUN_FROM") or ".")
        trust = read_trust(options, base=base, complain=self.stderr.write)
        at = options["at"] or datetime.now(UTC)
        judge = partial(
            judge_file,
            base=base,
            trust=trust,
            at=at,
            profile=options["profile"],
            content=options["detached"],
        )
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for name, report in zip(options["files"], pool.map(judge, options["files"]), strict=True):
                if options["json"]:
                    self.stdout.write(json.dumps(make_record(name, report), ensure_ascii=False))
                else:
                    self.stdout.write("\n".join(describe(name, report)))
                self.stdout.flush()


def judge_file(
    name: str, *, base: Path, trust: TrustStore, at: datetime, profile: str, content: str | None
) -> Report:
    try:
        if content:
            return verify_in_sandbox(base / content, trust=trust, at=at, detached=base / name)
        return verify_in_sandbox(base / name, trust=trust, at=at, profile=profile)
    except OSError as error:
        return Report("", error=f"{type(error).__name__}: {error.strerror}")


def describe(name: str, report: Report) -> Iterator[str]:
    yield f"{name}: {Verdict(report.verdict).label}"
    for found in report.signatures:
        words = reason_words(found)
        who = ", ".join(part for part in (found.signer, found.organisation) if part)
        yield f"  {found.field}: {who}"
        yield "    " + " ".join(
            part
            for part in (found.indication, found.sub_indication, found.level and f"({found.level})")
            if part
        )
        yield f"    {words.sentence} {words.advice}".rstrip()
    for code in report.deviations:
        yield f"  - {deviation_words(code)}"
    if report.error:
        yield f"  {report.error}"
