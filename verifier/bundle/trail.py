"""What a bundle says of the trail: entries that lie in a log which nobody can change unseen (RFC 9162)."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from verifier.ballots.transcript import make_fingerprint
from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Finding, Given, fails, holds, told, unproven
from verifier.bundle.reading import PROOF, Bundle, expect, read_json
from verifier.bundle.signed import list_issues
from verifier.guard import judge_stamp
from verifier.log.checkpoints import BadNote, Checkpoint, PublicKey, read_checkpoint, verify_checkpoint
from verifier.log.entries import Entry, read_entry
from verifier.log.merkle import is_included
from verifier.pdf.report import FAILED, PASSED

SEALED_BY = "archive.seal_evidence"
COUNTED = ("opinions.close_request", "opinions.count_box")
ANSWERED = ("opinions.answer_slip", "opinions.count_signed_answer", "opinions.enter_answer")
TAKEN_BACK = ("opinions.withdraw_answer", "opinions.void_answer", "opinions.void_signed_answer")
LONGEST_PROOF = 64


@dataclass(frozen=True)
class Proven:
    """An entry at its place; `entry` is None where only its hash was given."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]
    entry: Entry | None

    @classmethod
    def read(cls, plain: Any) -> "Proven":
        proof = expect(expect(plain, dict).get("proof"), list)
        if len(proof) > LONGEST_PROOF:
            raise Unreadable("bad_json", "proof")
        told_entry = plain.get("entry")
        return cls(
            expect(plain.get("index"), int),
            bytes.fromhex(expect(plain.get("leaf"), str)),
            tuple(bytes.fromhex(expect(node, str)) for node in proof),
            None if told_entry is None else read_entry(expect(told_entry, dict)),
        )

    @property
    def is_itself(self) -> bool:
        """The words are those that the leaf is made of."""
        return self.entry is None or self.entry.leaf == self.leaf

    def is_in(self, checkpoint: Checkpoint) -> bool:
        return is_included(self.leaf, self.index, checkpoint.size, self.proof, checkpoint.root)


def check_origin(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """The log names the manifest's SHA-256: nothing in the bundle was changed since that entry."""
    made_by = expect(bundle.manifest.get("made_by"), dict)
    facts = {name: str(made_by.get(name))[:200] for name in ("address", "person", "office")}
    yield told("made", at=str(bundle.manifest.get("made_at"))[:40], **facts)
    if not bundle.has(PROOF):
        yield unproven("manifest_not_logged")
        return
    receipt = expect(read_json(bundle.read(PROOF)), dict)
    checkpoint, found = _judge_checkpoint(receipt, given, PROOF)
    yield from found
    entries = [Proven.read(plain) for plain in expect(receipt.get("entries"), list)]
    if checkpoint is None or len(entries) != 1:
        yield fails("manifest_changed", PROOF)
        return
    proven, entry = entries[0], entries[0].entry
    named = _read_details(entry).get("manifest") if entry and entry.action == SEALED_BY else None
    if entry is None or named != hashlib.sha256(bundle.manifest_bytes).hexdigest():
        yield fails("manifest_changed", PROOF)
    elif not proven.is_itself:
        yield fails("entry_altered", PROOF, index=proven.index + 1)
    elif not proven.is_in(checkpoint):
        yield fails("proof_wrong", PROOF, index=proven.index + 1)
    else:
        # Under a key of the caller it is proven; else the bundle says it of itself.
        say, code = (holds, "manifest_logged") if is_trusted(found) else (told, "manifest_logged_claimed")
        yield say(code, at=entry.at.isoformat(), index=proven.index + 1, size=checkpoint.size)


def check_trail(bundle: Bundle, given: Given) -> Iterator[Finding]:
    """Each entry of the case is in the log, and the bundle tells the same as the log."""
    receipt = bundle.the_json("trail")
    if receipt is None:
        yield unproven("no_trail")
        return
    path = bundle.of_kind("trail")[0].path
    plain = expect(receipt.get("entries"), list)
    pending = [one for one in plain if expect(one, dict).get("index") is None]
    entries = [Proven.read(one) for one in plain if one.get("index") is not None]
    trusted = False
    if entries:
        checkpoint, found = _judge_checkpoint(receipt, given, path)
        trusted = is_trusted(found)
        yield from found
        yield from _judge_entries(entries, checkpoint, path, trusted)
    if pending:
        yield told("entries_pending", count=len(pending))
    disclosed = [proven.entry for proven in entries if proven.entry is not None]
    is_whole = len(disclosed) == len(plain)
    yield from _compare(bundle, sorted(disclosed, key=lambda entry: entry.id), trusted, is_whole)


def is_trusted(found: list[Finding]) -> bool:
    """Whether a checkpoint is signed by a key of the caller."""
    return any(finding.code == "checkpoint_signed" for finding in found)


def _judge_entries(
    entries: list[Proven], checkpoint: Checkpoint | None, path: str, trusted: bool
) -> Iterator[Finding]:
    faults = 0
    if len({proven.index for proven in entries}) != len(entries):
        faults += 1
        yield fails("entry_twice", path)
    for proven in entries:
        if not proven.is_itself:
            faults += 1
            yield fails("entry_altered", path, index=proven.index + 1)
        elif checkpoint is None or not proven.is_in(checkpoint):
            faults += 1
            yield fails("proof_wrong", path, index=proven.index + 1)
    if not faults and checkpoint is not None:
        withheld = sum(proven.entry is None for proven in entries)
        say, code = (holds, "trail_proven") if trusted else (told, "trail_claimed")
        yield say(code, count=len(entries), withheld=withheld, size=checkpoint.size)


def _judge_checkpoint(
    receipt: dict[str, Any], given: Given, path: str
) -> tuple[Checkpoint | None, list[Finding]]:
    """A checkpoint, by the keys that the caller trusts; without them it is worth what the bundle is worth."""
    note = expect(receipt.get("checkpoint"), str)
    try:
        checkpoint = read_checkpoint(note)
    except BadNote:
        return None, [fails("checkpoint_unreadable", path)]
    keys = [key for key in given.log_keys if key.name == checkpoint.origin]
    values: dict[str, Any] = {"origin": checkpoint.origin[:100], "size": checkpoint.size}
    if not keys:
        return checkpoint, [unproven("no_log_key", path, **values)]
    try:
        verify_checkpoint(note, *keys)
    except BadNote:
        return None, [fails("checkpoint_forged", path, **values)]
    stamped = _judge_stamp(receipt, note, checkpoint, given, path)
    return checkpoint, [holds("checkpoint_signed", path, key=_name(keys), **values), stamped]


def _judge_stamp(
    receipt: dict[str, Any], note: str, checkpoint: Checkpoint, given: Given, path: str
) -> Finding:
    """The token of a timestamp authority over the note (verifier/log/receipts.py)."""
    told_token = receipt.get("timestamp")
    if not isinstance(told_token, str) or not told_token:
        return told("not_timestamped", path, size=checkpoint.size)
    token = b64decode(told_token, validate=True)
    found = judge_stamp(token, note.encode(), trust=given.trust, at=given.at, until=given.until)
    values = {"time": found.time, "authority": found.authority or "?", "size": checkpoint.size}
    if found.indication == PASSED:
        return holds("checkpoint_timestamped", path, **values)
    if found.indication == FAILED:
        return fails("timestamp_forged", path)
    return unproven("timestamp_undecided", path, reason=found.reason, **values)


def _name(keys: list[PublicKey]) -> str:
    return ", ".join(key.id.hex() for key in keys)


def _compare(bundle: Bundle, entries: list[Entry], trusted: bool, is_whole: bool) -> Iterator[Finding]:
    """What the entries tell of the decision, against the files: the deeds are the same in both."""
    faults = list(_find_differences(bundle, entries, is_whole))
    yield from faults
    if entries and not faults:
        yield (holds if trusted else told)("trail_agrees", count=len(entries))


def _find_differences(bundle: Bundle, entries: list[Entry], is_whole: bool) -> Iterator[Finding]:
    documents = {file.sha256 for file in bundle.of_kind("document")}
    issues = list_issues(bundle)
    last_answers: dict[int, dict[str, Any] | None] = {}
    for entry in entries:
        details = _read_details(entry)
        if entry.action in COUNTED:
            yield from _compare_outcome(bundle, details, entry.id)
        elif entry.action == "opinions.close_box":
            yield from _compare_box(bundle, details, entry.id)
        elif entry.action == "documents.seal_dossier" and issues and details.get("sha256") not in issues:
            yield fails("trail_differs", what="issue", index=entry.id)
        elif entry.action == "decisions.release_resolution" and details.get("sha256") not in documents:
            yield fails("trail_differs", what="text", index=entry.id)
        elif entry.action == "decisions.issue_resolution":
            decision = bundle.the_json("decision") or {}
            if decision.get("number") != details.get("number"):
                yield fails("trail_differs", what="number", index=entry.id)
        elif entry.action in ANSWERED and details:
            last_answers[entry.target_id] = details
        elif entry.action in TAKEN_BACK:
            last_answers[entry.target_id] = None
    told_of = {entry.target_id for entry in entries if entry.action in ANSWERED}
    yield from _compare_answers(bundle, last_answers, told_of if is_whole else None)


def _compare_answers(
    bundle: Bundle, last: dict[int, dict[str, Any] | None], told_of: set[int] | None
) -> Iterator[Finding]:
    """What each member answered last by the trail is what is counted; what she took back is not. Where every
    entry is disclosed, an answer that none tells of was never given."""
    options = _name_options(bundle)
    answers = {}
    for file in bundle.of_kind("answer"):
        slip = expect(bundle.read_json(file.path), dict)
        answers[slip.get("slip")] = (file.path, slip)
        if told_of is not None and slip.get("answers") and slip.get("slip") not in told_of:
            yield fails("answer_differs", file.path, member=str(slip.get("member"))[:100])
    for slip_id, details in last.items():
        path, slip = answers.get(slip_id, ("", {}))
        in_file = [_spell(answer, options) for answer in slip.get("answers", [])]
        in_trail = [_spell(answer, {}) for answer in details["after"]] if details else []
        receipt = details.get("receipt") if details else ""
        if (receipt, in_trail) != (slip.get("receipt"), in_file):
            yield fails("answer_differs", path, member=str(slip.get("member"))[:100])


def _spell(answer: dict[str, Any], options: dict[int, str]) -> tuple[Any, ...]:
    """The trail has options by their words, the files by their numbers."""
    chosen = sorted(options.get(option, str(option)) for option in answer.get("options", []))
    reason = str(answer.get("reason")).replace("\r\n", "\n")
    return (answer.get("position"), chosen, reason)


def _name_options(bundle: Bundle) -> dict[int, str]:
    outcome = bundle.the_json("outcome") or {}
    questions = [expect(question, dict) for question in expect(outcome.get("questions", []), list)]
    offered = [expect(one, dict) for asked in questions for one in expect(asked.get("options", []), list)]
    return {expect(one.get("number"), int): str(one.get("text")) for one in offered}


def _compare_box(bundle: Bundle, details: dict[str, Any], index: int) -> Iterator[Finding]:
    """Anybody can make a box with keys and ballots in it: this is the one that the house has closed."""
    box = expect(bundle.the_json("box") or {}, dict)
    ballots = [expect(ballot, dict) for ballot in expect(box.get("ballots", []), list)]
    in_file = (make_fingerprint(box.get("manifest")), sorted(str(one.get("tracker")) for one in ballots))
    if in_file != (details.get("box"), sorted(expect(details.get("ballots", []), list))):
        yield fails("trail_differs", what="box", index=index)


def _compare_outcome(bundle: Bundle, details: dict[str, Any], index: int) -> Iterator[Finding]:
    outcome = bundle.the_json("outcome") or {}
    results = [question.get("result") or {} for question in expect(outcome.get("questions", []), list)]
    names = ("in_favour", "is_adopted", "chosen", "adopted")
    in_trail = [[one.get(name) for name in names] for one in details.get("results", [])]
    in_file = [[one.get(name) for name in names] for one in results]
    if (details.get("branch"), in_trail) != (outcome.get("branch"), in_file):
        yield fails("trail_differs", what="outcome", index=index)


def _read_details(entry: Entry) -> dict[str, Any]:
    return expect(json.loads(entry.details), dict) if entry.details is not None else {}
