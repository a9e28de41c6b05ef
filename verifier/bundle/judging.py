"""The judgement on a bundle: its files and the dossier.

The count (outcome.py), signatures (signed.py) and the log (trail.py) stand apart.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Finding, Given, Judgement, fails, holds, run, told
from verifier.bundle.outcome import check_count
from verifier.bundle.reading import APART, Bundle, expect, read_json
from verifier.bundle.signed import check_papers, check_seal, check_statements
from verifier.bundle.trail import check_origin, check_trail


def judge_file(path: Path, given: Given) -> tuple[dict[str, Any], Judgement]:
    """What the bundle says of itself, and what of it holds. `Unreadable` where it is no bundle."""
    with Bundle(path) as bundle:
        findings: list[Finding] = []
        for check in CHECKS:
            findings.extend(run(check, bundle, given))
        return bundle.manifest, Judgement(tuple(findings))


def check_files(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """Every file of the list is there with its bytes, and no other."""
    faults = 0
    for path, file in sorted(bundle.files.items()):
        if not bundle.has(path):
            faults += 1
            yield fails("file_missing", path)
        elif (file.sha256, file.size) != _measure(bundle, path):
            faults += 1
            yield fails("file_changed", path)
    for path in sorted(set(bundle.reader.entries) - set(bundle.files) - set(APART)):
        faults += 1
        yield fails("file_added", path)
    if not faults:
        yield holds(
            "files_unchanged", count=len(bundle.files), size=sum(f.size for f in bundle.files.values())
        )


def _measure(bundle: Bundle, path: str) -> tuple[str, int]:
    hashed, size = hashlib.sha256(), 0
    try:
        for chunk in bundle.reader.chunks(path):
            hashed.update(chunk)
            size += len(chunk)
    except Unreadable:
        return "", 0
    return hashed.hexdigest(), size


def check_left_out(bundle: Bundle, given: Given) -> Iterator[Finding]:
    for line in expect(bundle.manifest.get("left_out", []), list):
        what, because = expect(line.get("what"), str), expect(line.get("because"), str)
        yield told("left_out", count=expect(line.get("count"), int), what=what, because=because)


def check_dossier(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """The sealed lists of the dossier: each names the one before, and the papers are those they name."""
    issues = bundle.of_kind("issue")
    if not issues:
        return
    papers = {file.sha256: file for file in bundle.of_kind("document")}
    previous, excerpts, absent, faults = "", 0, set(), 0
    for number, file in enumerate(issues, 1):
        content = bundle.read(file.path)
        issue = expect(read_json(content), dict)
        is_excerpt = "excerpt_of" in issue
        excerpts += is_excerpt
        if issue.get("issue") != number or issue.get("previous") != previous:
            faults += 1
            yield fails("issue_out_of_order", file.path, number=number)
        previous = str(issue["excerpt_of"]) if is_excerpt else hashlib.sha256(content).hexdigest()
        for line in expect(issue.get("papers"), list):
            wanted = line.get("sha256")
            paper = papers.get(wanted)
            if wanted is None:
                continue
            if paper is None:
                absent.add(wanted)
            elif paper.size != line.get("size"):
                faults += 1
                yield fails("paper_not_as_sealed", paper.path, number=number)
    if absent:
        faults += 1
        yield fails("papers_absent", count=len(absent))
    if not faults:
        yield holds("dossier_as_sealed", issues=len(issues), papers=len(papers))
    if excerpts:
        yield told("issue_excerpts", count=excerpts)


CHECKS = (
    check_files,
    check_origin,
    check_seal,
    check_dossier,
    check_papers,
    check_statements,
    check_count,
    check_trail,
    check_left_out,
)
