"""`python -m verifier COMMAND …`: what a bundle, a signed paper or an entry of the trail is worth.

Exit codes: 0 everything holds, 1 something does not hold or is not proven, 2 it cannot be read.
"""

import argparse
import logging
import sys
from importlib import import_module

COMMANDS = {
    "bundle": "Kiểm tra gói chứng cứ của một quyết định / check the evidence bundle of a decision",
    "pdf": "Kiểm tra chữ ký số trên tệp PDF / check the signatures on PDF files",
    "ballots": "Kiểm tra hòm phiếu kín / check a secret ballot box",
    "entry": "Kiểm tra mục nhật ký / check entries of the trail",
    "witness": "Chứng kiến mốc kiểm chứng của nhật ký / sign checkpoints of the trail as a witness",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ecabinet-verifier", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, words in COMMANDS.items():
        module = import_module(f"verifier.commands.{name}")
        command = commands.add_parser(name, help=words, description=words)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    for library in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what they meet is told as a finding
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
