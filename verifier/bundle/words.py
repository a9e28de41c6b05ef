"""What the verifier tells. What a bundle says of itself is quoted, cleaned of control marks."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Finding, Judgement, State
from verifier.bundle.sentences import (
    BECAUSE,
    BRANCHES,
    HEADINGS,
    INDICATIONS,
    REASONS,
    SENTENCES,
    SETTLED,
    UNREADABLE,
    VERDICTS,
    WHAT,
)
from verifier.pdf.report import PASSED, Report, SignatureResult

VIETNAM = timezone(timedelta(hours=7))
MARKS = {State.HOLDS: "✓", State.FAILS: "✗", State.UNPROVEN: "?", State.TOLD: "·"}
ORDER = (State.FAILS, State.UNPROVEN, State.HOLDS, State.TOLD)
LANGUAGES = ("vi", "en")

Words = tuple[str, str]
TABLES = {
    "reason": REASONS,
    "indication": INDICATIONS,
    "branch": BRANCHES,
    "what": WHAT,
    "because": BECAUSE,
    "before": VERDICTS,
    "now": VERDICTS,
}


def say_judgement(name: str, manifest: dict[str, Any], judgement: Judgement, language: str) -> str:
    """All of it, the worst first."""
    lines = [name, *_say_decision(manifest, language), "", pick(SETTLED[judgement.state], language)]
    for state in ORDER:
        found = [finding for finding in judgement.findings if finding.state == state]
        if found:
            lines += ["", pick(HEADINGS[state], language)]
            lines += [f"  {MARKS[state]} {say(finding, language)}" for finding in found]
    return "\n".join(lines)


def _say_decision(manifest: dict[str, Any], language: str) -> Iterator[str]:
    decision = manifest.get("decision")
    if isinstance(decision, dict):
        told = [clean(decision.get(name)) for name in ("number", "subject", "body")]
        yield pick(("Nghị quyết số {} – {} ({})", "Resolution {} – {} ({})"), language).format(*told)


def say(finding: Finding, language: str) -> str:
    """One finding as a sentence, and the file that it is about."""
    values = {name: _word(name, value, language) for name, value in finding.values.items()}
    if finding.code == "signature":
        values["who"] = ", ".join(dict.fromkeys(filter(None, (values["signer"], values["organisation"]))))
        told = (values["indication"], values["sub_indication"], values["level"])
        values["result"] = " ".join(filter(None, told))
    if finding.code == "part_unreadable":
        values["reason"] = pick(
            UNREADABLE.get(str(finding.values.get("reason")), UNREADABLE["bad_json"]), language
        )
    sentence = pick(SENTENCES[finding.code], language).format(**values)
    return f"{sentence} [{clean(finding.path)}]" if finding.path else sentence


def say_unreadable(name: str, unreadable: Unreadable, language: str) -> str:
    sentence = pick(UNREADABLE.get(unreadable.reason, UNREADABLE["not_a_bundle"]), language)
    detail = f" [{clean(unreadable.detail)}]" if unreadable.detail else ""
    return f"{name}\n  ✗ {sentence}{detail}"


def say_report(name: str, report: Report, language: str) -> str:
    """The signatures of one PDF."""
    lines = [f"{name}: {pick(VERDICTS[report.verdict], language)}"]
    for one in report.signatures:
        if one.kind == "signature":
            values = {"title": one.field, **describe_signature(one)}
            lines.append(f"  · {say(Finding('signature', State.TOLD, '', values), language)}")
    if report.error:
        lines.append(f"  ✗ {clean(report.error)}")
    return "\n".join(lines)


def describe_signature(one: SignatureResult) -> dict[str, Any]:
    """The values of the sentence. Of a timestamp only the time that it proves."""
    stamp = one.timestamp if one.timestamp and one.timestamp.indication == PASSED else None
    return {
        "signer": one.signer or "?",
        "organisation": one.organisation,
        "issuer": one.issuer,
        "indication": one.indication,
        "sub_indication": one.sub_indication or "",
        "reason": one.reason,
        "level": one.level,
        "time": stamp.time.isoformat() if stamp else "",
    }


def pick(words: Words, language: str) -> str:
    return words[LANGUAGES.index(language)]


def clean(value: Any) -> str:
    """Text of strangers for a screen: nothing that moves the cursor or turns the line around."""
    text = unicodedata.normalize("NFC", str(value))[:300]
    return "".join(
        "�" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter for letter in text
    )


def _word(name: str, value: Any, language: str) -> str:
    table = TABLES.get(name)
    if table is not None and value in table:
        return pick(table[value], language)
    if name in ("at", "time"):
        return _say_time(value, language)
    if isinstance(value, bool):
        return pick(("có", "yes") if value else ("không", "no"), language)
    return clean(value)


def _say_time(value: Any, language: str) -> str:
    """Ha Noi time, as the papers have it."""
    try:
        moment = datetime.fromisoformat(str(value)).astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return pick(("chưa chứng minh", "not proven"), language)
    return f"{moment:%H:%M:%S %d/%m/%Y}"
