"""`pdf FILE…`: what the signatures on PDF files are worth."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from verifier.bundle.words import say_report
from verifier.commands.trusting import DOES_NOT, HERE, HOLDS, UNREADABLE, add_language, complain
from verifier.guard import judge_pdf
from verifier.pdf import options as trust_options


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE")
    trust_options.add_arguments(parser)
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    return max(_judge(Path(name), options) for name in options.files)


def _judge(path: Path, options: argparse.Namespace) -> int:
    if not path.is_file():
        complain(f"{path}: không có tệp / no such file")
        return UNREADABLE
    trust = trust_options.read_trust(vars(options), base=HERE, complain=complain)
    report = judge_pdf(path, trust=trust, at=options.at or datetime.now(UTC), profile=options.profile)
    if options.json:
        print(json.dumps(trust_options.make_record(str(path), report), ensure_ascii=False))
    else:
        print(say_report(path.name, report, options.language))
    return HOLDS if report.verdict == "valid" else DOES_NOT
