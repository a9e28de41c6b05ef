"""Judges evidence bundles with the code of the stand-alone program, by the house's own trust and log."""

import argparse
import logging
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.checkpoints import known_keys
from signatures.trust import build_trust_store
from verifier.bundle.findings import Given
from verifier.commands import bundle
from verifier.commands.trusting import read_given


class Command(BaseCommand):
    help = (
        "Checks evidence bundles: the same verdicts as `python -m verifier bundle`. Trusted are the house's "
        "authorities and the key of its log, unless --anchor or --log-key say otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        bundle.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it has to say stands in the verdicts
        # `./run` works in the project's folder; what was typed is meant from where it was typed.
        base = Path(os.environ.get("RUN_FROM") or ".")
        given = argparse.Namespace(**{**options, "files": [str(base / name) for name in options["files"]]})
        sys.exit(bundle.run(given, partial(with_the_house, given, base)))


def with_the_house(options: argparse.Namespace, base: Path, path: Path) -> Given:
    """What was named on the command line; else what the house trusts."""
    given = read_given(options, path, base)
    if not given.trust.anchors:
        given = replace(given, trust=build_trust_store())
    return given if given.log_keys else replace(given, log_keys=tuple(known_keys()))
