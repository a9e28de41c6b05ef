"""The signatures in a bundle: on papers, on the members' answers, on the bundle itself."""

import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Finding, Given, fails, holds, told, unproven
from verifier.bundle.reading import SEAL, Bundle, File, expect
from verifier.bundle.words import describe_signature
from verifier.guard import judge_pdf, judge_statement
from verifier.pdf.report import FAILED, PASSED, Report
from verifier.pdf.trust import TrustStore, UnfitTrust
from verifier.statements.content import BadStatement, decode

ANSWER = "opinions.answer"  # the kind of statement that a slip is signed by

# What certificates write before a name. A word that is not here may be part of another person's name.
TITLES = frozenset(
    "ông bà đồng chí gs pgs ts ths giáo sư tiến sĩ thạc phó thủ tướng bộ trưởng thứ chủ nhiệm".split()
)

LARGEST_PDF = 4 * 1024 * 1024 * 1024


def check_papers(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """Every PDF anew. The resolution must be signed; of papers that came in the verdict is told."""
    trust = with_claims(bundle, given)
    yield from _tell_claims(bundle, given)
    unsigned = 0
    for file in bundle.of_kind("document"):
        if not file.path.endswith(".pdf"):
            continue
        copies = bundle.of_kind("preserved", file.path)
        report = judge(bundle, copies[0] if copies else file, trust, given)
        if copies and not _continues(bundle, file, copies[0]):
            yield fails("copy_of_another", copies[0].path)
        is_resolution = file.facts.get("use") == "resolution"
        title = _title(file)
        if report.verdict == "unsigned" and not is_resolution:
            unsigned += 1
        else:
            yield _tell_verdict(file, report, is_resolution, title)
            yield from _tell_signatures(file, report, title)
        yield from _compare_with_report(bundle, file, report, title)
    if unsigned:
        yield told("papers_unsigned", count=unsigned)


def _tell_verdict(file: File, report: Report, is_resolution: bool, title: str) -> Finding:
    values = {"title": title, "count": sum(one.kind == "signature" for one in report.signatures)}
    if report.verdict == "valid":
        return holds("paper_valid", file.path, **values)
    if report.verdict in ("invalid", "destroyed"):
        return (fails if is_resolution else told)(f"paper_{report.verdict}", file.path, **values)
    return (unproven if is_resolution else told)(f"paper_{report.verdict}", file.path, **values)


def _tell_signatures(file: File, report: Report, title: str) -> Iterator[Finding]:
    for one in report.signatures:
        if one.kind == "signature":
            yield told("signature", file.path, title=title, **describe_signature(one))


def _compare_with_report(bundle: Bundle, file: File, report: Report, title: str) -> Iterator[Finding]:
    """What the house had observed. A verdict may become better or older; it does not turn over."""
    for stored in bundle.of_kind("report", file.path):
        observed = expect(bundle.read_json(stored.path), dict)
        before = str(observed.get("verdict"))[:20]
        settled = {"valid", "invalid", "destroyed", "unsigned"}
        if before != report.verdict and {before, report.verdict} <= settled:
            yield fails("observed_otherwise", file.path, title=title, before=before, now=report.verdict)


def judge(bundle: Bundle, file: File, trust: TrustStore, given: Given) -> Report:
    if file.size > LARGEST_PDF or not bundle.has(file.path):
        raise Unreadable("too_large" if bundle.has(file.path) else "file_missing", file.path)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        for chunk in bundle.reader.chunks(file.path):
            copy.write(chunk)
        copy.flush()
        return judge_pdf(Path(copy.name), trust=trust, at=given.at, until=given.until)


def _continues(bundle: Bundle, original: File, copy: File) -> bool:
    """A preserved copy is the original with something written behind it (an incremental update)."""
    with tempfile.TemporaryFile() as whole:
        for chunk in bundle.reader.chunks(copy.path):
            whole.write(chunk)
        whole.seek(0)
        return all(whole.read(len(chunk)) == chunk for chunk in bundle.reader.chunks(original.path))


def _title(file: File) -> str:
    return str(file.facts.get("title") or file.path)[:200]


# Trust


def with_claims(bundle: Bundle, given: Given) -> TrustStore:
    """The caller's anchors, with what the bundle encloses that is believed by its own signature: intermediate
    certificates, revocation lists, answers. An anchor is never taken from the bundle."""
    claimed = _read_claims(bundle)
    if claimed is None:
        return given.trust
    return replace(
        given.trust,
        intermediates=tuple(dict.fromkeys((*given.trust.intermediates, *claimed.intermediates))),
        crls=tuple(dict.fromkeys((*given.trust.crls, *claimed.crls))),
        ocsps=tuple(dict.fromkeys((*given.trust.ocsps, *claimed.ocsps))),
    )


def _read_claims(bundle: Bundle) -> TrustStore | None:
    plain = bundle.the_json("trust")
    try:
        return TrustStore.from_json(plain) if plain is not None else None
    except (UnfitTrust, KeyError, TypeError, ValueError):
        raise Unreadable("bad_json", "trust") from None


def _tell_claims(bundle: Bundle, given: Given) -> Iterator[Finding]:
    claimed = _read_claims(bundle)
    ours = {anchor.der for anchor in given.trust.anchors}
    for anchor in claimed.anchors if claimed else ():
        if anchor.der not in ours:
            subject = anchor.certificate.subject.human_friendly
            yield told("anchor_claimed", name=subject[:200], fingerprint=anchor.certificate.sha256.hex())
    if not ours:
        yield unproven("no_anchors")


# Detached signatures


def check_seal(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """The organisation's seal on the list of files."""
    if not bundle.has(SEAL):
        yield told("not_sealed")
        return
    trust = with_claims(bundle, given)
    result = judge_statement(
        bundle.read(SEAL), bundle.manifest_bytes, trust=trust, at=given.at, until=given.until
    )
    values = describe_signature(result)
    if result.indication == PASSED:
        yield holds("sealed", SEAL, **values)
    elif result.indication == FAILED:
        yield fails("seal_invalid", SEAL, **values)
    else:
        yield unproven("seal_undecided", SEAL, **values)


def check_statements(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """What the members signed of their answers, and that it is what was counted."""
    trust = with_claims(bundle, given)
    signed, unsigned = 0, 0
    for file in bundle.of_kind("answer"):
        slip = expect(bundle.read_json(file.path), dict)
        statements = bundle.of_kind("statement", file.path)
        signatures = bundle.of_kind("signature", statements[0].path) if statements else []
        if not signatures:
            unsigned += bool(slip.get("answers"))
            if slip.get("signature") == "broken":
                yield told("answer_signature_broken", file.path, member=str(slip.get("member"))[:200])
            continue
        content = bundle.read(statements[0].path)
        found = list(_judge_answer(slip, content, bundle.read(signatures[0].path), file.path, trust, given))
        found += _compare_with_files(bundle, slip, content, file.path)
        yield from found
        signed += not found
    if signed:
        yield holds("answers_signed", count=signed)
    if unsigned:
        yield told("answers_unsigned", count=unsigned)


def _judge_answer(
    slip: dict[str, Any], content: bytes, signature: bytes, path: str, trust: TrustStore, given: Given
) -> Iterator[Finding]:
    """Everything that is wrong with it; nothing where it holds."""
    member = str(slip.get("member"))[:200]
    if not _says(content, slip):
        yield fails("answer_not_as_signed", path, member=member)
    result = judge_statement(signature, content, trust=trust, at=given.at, until=given.until)
    if result.indication == FAILED:
        yield fails("answer_forged", path, member=member, reason=result.reason)
    elif result.indication != PASSED:
        yield unproven("answer_undecided", path, member=member, reason=result.reason)
    elif not _is_named(str(slip.get("given_by") or member)[:200], result.signer):
        yield fails("answer_of_another", path, member=member, signer=result.signer)


def _says(content: bytes, slip: dict[str, Any]) -> bool:
    """The statement is about this slip, and gives these answers."""
    try:
        statement = decode(content)
    except BadStatement:
        return False
    is_about = statement.kind == ANSWER and statement.target == slip.get("slip")
    return is_about and statement.body.get("answers") == slip.get("answers")


def _compare_with_files(bundle: Bundle, slip: dict[str, Any], content: bytes, path: str) -> Iterator[Finding]:
    """The slip that she saw as a paper, and the dossier that lay before her, are those enclosed."""
    try:
        body = decode(content).body
    except BadStatement:
        return  # told already
    member = str(slip.get("member"))[:200]
    papers = {file.sha256 for file in bundle.of_kind("slip", path)}
    seen = body.get("slip")
    if papers and (not isinstance(seen, dict) or seen.get("sha256") not in papers):
        yield fails("answer_paper_differs", path, member=member)
    dossier = body.get("dossier")
    if isinstance(dossier, dict) and dossier.get("sha256") not in list_issues(bundle):
        yield fails("answer_on_other_dossier", path, member=member)


def list_issues(bundle: Bundle) -> dict[str, File]:
    """The sealed lists of the dossier, by their SHA-256; an excerpt names that of the whole."""
    issues = bundle.of_kind("issue")
    whole = {file.sha256: file for file in issues}
    return whole | {str(expect(bundle.read_json(file.path), dict).get("excerpt_of")): file for file in issues}


def _is_named(member: str, signer: str) -> bool:
    """Certificates write the name in capitals, behind a title, or with an office or a number beside it.

    The name is compared whole: "Trần Thị Thu" is neither "Trần Thị Thuận" nor "Trần Thị Thu Hà".
    """
    name = _list_words(member)
    found = (_list_words(part) for part in re.split(r"[,;:()/|–—]|\s-\s|\d+", signer))
    return bool(name) and any(
        words[-len(name) :] == name and TITLES.issuperset(words[: -len(name)]) for words in found
    )


def _list_words(text: str) -> list[str]:
    """The dots of titles part words as blanks do."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return folded.replace(".", " ").split()
