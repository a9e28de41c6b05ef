"""`bundle FILE…`: what an evidence bundle proves, and what not."""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Given
from verifier.bundle.judging import judge_file
from verifier.bundle.words import say_judgement, say_unreadable
from verifier.commands.trusting import (
    DOES_NOT,
    HOLDS,
    UNREADABLE,
    BadOption,
    add_bundle_trust,
    add_language,
    complain,
    read_given,
)
from verifier.pdf import options as trust_options


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE")
    add_bundle_trust(parser)
    trust_options.add_arguments(parser)
    add_language(parser)


def run(options: argparse.Namespace, whom: Callable[[Path], Given] | None = None) -> int:
    """`whom` says for each file whom the caller trusts; by default that is what the options say."""
    whom = whom or partial(read_given, options)
    try:
        return max(_judge(Path(name), options, whom) for name in options.files)
    except BadOption as bad:
        complain(str(bad))
        return UNREADABLE


def _judge(path: Path, options: argparse.Namespace, whom: Callable[[Path], Given]) -> int:
    try:
        manifest, judgement = judge_file(path, whom(path))
    except (Unreadable, OSError) as error:
        unreadable = error if isinstance(error, Unreadable) else Unreadable("no_file", str(error))
        if options.json:
            told = {"state": "unreadable", "reason": unreadable.reason, "detail": unreadable.detail}
            print(json.dumps({"file": str(path), **told}, ensure_ascii=False))
        else:
            print(say_unreadable(path.name, unreadable, options.language))
        return UNREADABLE
    if options.json:
        print(json.dumps({"file": str(path), **judgement.to_json()}, ensure_ascii=False))
    else:
        print(say_judgement(path.name, manifest, judgement, options.language))
    return HOLDS if judgement.holds else DOES_NOT
