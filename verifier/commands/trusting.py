"""Whom the caller trusts, from the command line: files, or fingerprints of what a bundle encloses."""

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Given
from verifier.bundle.reading import Bundle
from verifier.log.checkpoints import BadNote, PublicKey
from verifier.pdf.options import read_trust
from verifier.pdf.trust import Anchor, TrustStore, UnfitTrust

HOLDS, DOES_NOT, UNREADABLE = 0, 1, 2
HERE = Path()


class BadOption(Exception):
    """What was given cannot serve: said to the caller, and nothing is judged."""


def add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--language", choices=("vi", "en"), default="vi", help="tiếng Việt (mặc định) / English"
    )
    parser.add_argument("--json", action="store_true", help="một đối tượng JSON mỗi tệp / one object a file")


def add_bundle_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--anchor-fingerprint",
        action="append",
        default=[],
        metavar="SHA256",
        help="a certificate that the bundle encloses, its fingerprint compared with the published one",
    )
    parser.add_argument(
        "--log-key",
        action="append",
        default=[],
        metavar="KEY|FILE",
        help="the public key of the log, published as one line: name+hash+key",
    )


def complain(words: str) -> None:
    print(words, file=sys.stderr)


def read_given(options: argparse.Namespace, bundle: Path, base: Path = HERE) -> Given:
    """Names of files are meant from `base`."""
    trust = read_trust(vars(options), base=base, complain=complain)
    wanted = [item.replace(":", "").lower() for item in options.anchor_fingerprint]
    if wanted:
        enclosed = _enclosed(bundle)
        chosen = tuple(enclosed[item] for item in wanted if item in enclosed)
        trust = replace(trust, anchors=(*trust.anchors, *chosen))
    log_keys = tuple(_read_key(name, base) for name in options.log_key)
    return Given(trust, log_keys, options.at or datetime.now(UTC))


def _read_key(name: str, base: Path) -> PublicKey:
    try:
        return PublicKey.parse(name if "+" in name else (base / name).read_text())
    except (OSError, ValueError, BadNote) as error:
        raise BadOption(f"--log-key {name}: {error}") from error


def _enclosed(path: Path) -> dict[str, Anchor]:
    try:
        with Bundle(path) as bundle:
            store = TrustStore.from_json(bundle.the_json("trust") or {})
            return {anchor.certificate.sha256.hex(): Anchor(anchor.der) for anchor in store.anchors}
    except (Unreadable, UnfitTrust, OSError, ValueError, KeyError, TypeError):
        return {}  # the judgement says what is wrong with it
