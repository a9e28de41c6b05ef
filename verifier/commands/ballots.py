"""`ballots`: whether a secret ballot box was counted as its ballots say. No ballot is opened by it."""

import argparse
import json
import sys
from pathlib import Path

from verifier.ballots.published import Check, check_published


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the file of the box, as the page of the ballots gives it")
    parser.add_argument("--tracker", help="the tracker of your own ballot: is it among those counted?")
    parser.add_argument("--fingerprint", help="the fingerprint of the box as the counters told it to you")


def run(options: argparse.Namespace) -> int:
    try:
        check = check_published(json.loads(options.file.read_text("utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        print(error, file=sys.stderr)
        return 2
    print(*describe(check), sep="\n")
    is_proven = check.holds and check.counted is not None
    for line, is_so in compare(check, options.tracker, options.fingerprint):
        print(line)
        is_proven &= is_so
    return 0 if is_proven else 1


def describe(check: Check) -> list[str]:
    manifest = check.box.manifest
    lines = [
        f"{manifest['subject']}",
        f"  Vân tay hòm phiếu / fingerprint of the box: {check.box.fingerprint}",
        *(f"✓ Ban kiểm phiếu / counter: {counter['name']}" for counter in manifest["counters"]),
        *(f"  {tracker}  {voter}" for voter, tracker in check.trackers),
        *(f"✗ {problem}" for problem in check.problems),
    ]
    if check.holds:
        lines.append(
            f"✓ {len(check.trackers)} phiếu hợp lệ / valid ballots, mỗi người một phiếu / one a voter"
        )
    if check.holds and check.counted is None:
        missing = len(check.box.shares) - check.shares
        lines.append(f"? Chưa mở được: còn thiếu {missing} phần mở / not opened: {missing} share(s) missing")
    for question in manifest["questions"] if check.counted is not None else ():
        lines.append(f"  {question['text']}")
        figures = check.counted[question["id"]] if check.counted else {}
        lines += [f"    {choice['label']}: {figures[choice['code']]}" for choice in question["choices"]]
    return lines


def compare(check: Check, tracker: str | None, fingerprint: str | None) -> list[tuple[str, bool]]:
    """What only the one who asks can bring: her own tracker, and the fingerprint from elsewhere."""
    lines = []
    if tracker:
        is_there = tracker.strip().upper() in {each for _, each in check.trackers}
        words = "có trong hòm / is in the box" if is_there else "KHÔNG có trong hòm / is NOT in the box"
        lines.append((f"{'✓' if is_there else '✗'} {tracker}: {words}", is_there))
    if fingerprint:
        is_same = "".join(fingerprint.split()).lower() == check.box.fingerprint
        words = "đúng vân tay / the same fingerprint" if is_same else "KHÁC vân tay / ANOTHER fingerprint"
        lines.append((f"{'✓' if is_same else '✗'} {words}", is_same))
    return lines
