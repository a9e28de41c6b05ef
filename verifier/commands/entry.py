"""`entry`: whether entries of the trail are in its log, as a receipt says."""

import argparse
import json
import sys
from pathlib import Path

from verifier.log.checkpoints import PublicKey
from verifier.log.receipts import Receipt, check_receipt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the receipt, as the page of the trail gives it")
    parser.add_argument(
        "--log-key", type=PublicKey.parse, action="append", default=[], help="the public key of the log"
    )


def run(options: argparse.Namespace) -> int:
    try:
        receipt = check_receipt(json.loads(options.file.read_text("utf-8")), *options.log_key)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in describe(receipt):
        print(line)
    return 0 if receipt.holds else 1


def describe(receipt: Receipt) -> list[str]:
    checkpoint = receipt.checkpoint
    lines = [f"{checkpoint.origin}: {checkpoint.size} mục / entries, root {checkpoint.root.hex()}"]
    lines.append(
        {
            True: "✓ Mốc kiểm chứng được ký bằng khóa của nhật ký / signed with the key of the log",
            False: "✗ Mốc kiểm chứng KHÔNG được ký bằng khóa này / NOT signed with this key",
            None: "? Chưa so được chữ ký / the signature was not compared: --log-key",
        }[receipt.is_signed]
    )
    for proof in receipt.proofs:
        entry = proof.entry
        who = " → ".join(entry.names) if entry.names else "…"
        words = f"{entry.id} · {entry.at.isoformat()} · {entry.action} · {who}"
        lines.append(f"✗ {words}: {proof.problem}" if proof.problem else f"✓ {words} (№ {proof.index})")
    return lines
