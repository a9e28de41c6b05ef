"""`witness`: sign checkpoints of the trail's log after checking that nothing left it. Files in, files out."""

import argparse
import sys
import time
from pathlib import Path

from verifier.log.checkpoints import BadNote, PublicKey
from verifier.log.witness import Refused, cosign, prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where the witness keeps its key and the last checkpoint")
    parser.add_argument(
        "request", type=Path, nargs="?", help="what the system asks (ask_witness); none: only the key"
    )
    parser.add_argument(
        "--name", default="witness", help="the name of a new witness, such as kiem-toan.gov.vn"
    )
    parser.add_argument("--log-key", type=PublicKey.parse, help="the public key of the log: name+hash+key")
    parser.add_argument(
        "--out", type=Path, help="where the signed checkpoint goes; standard output without it"
    )


def run(options: argparse.Namespace) -> int:
    try:
        key = prepare(options.folder, options.name)
        if options.request is None:
            print(key)
            return 0
        if options.log_key is None:
            raise Refused("The public key of the log is needed: --log-key.")
        signed = cosign(options.folder, options.request.read_text(), options.log_key, int(time.time()))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError, BadNote) as error:
        print(error, file=sys.stderr)
        return 2
    if options.out:
        options.out.write_text(signed)
    else:
        print(signed, end="")
    return 0
