"""A bundle in other hands: whatever is changed in it, the verifier says which part does not hold."""

import json
import random
from dataclasses import replace
from datetime import timedelta
from string import Formatter

import pytest

from audit import checkpoints
from core import clock
from tests.archive import evidence_case
from tests.verifier import tampering
from tests.verifier.tampering import change_json, find, list_anew
from verifier.bundle.container import Unreadable
from verifier.bundle.findings import Given, State
from verifier.bundle.judging import judge_file
from verifier.bundle.sentences import SENTENCES
from verifier.bundle.words import say, say_judgement
from verifier.log.checkpoints import load_signer, make_key
from verifier.pdf.trust import TrustStore

PDF, SLIP = r"documents/\d+\.pdf", r"answers/\d+\.json"


@pytest.fixture
def made(cast, monkeypatch, settings, tmp_path, django_capture_on_commit_callbacks):
    """The auditor's bundle of a decision: it tells the whole trail."""
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)
    decision = evidence_case.decide(cast, restricted=False)
    with clock.at(clock.now() + timedelta(days=20)):  # the trail tells the answers after the deadline
        bundle = evidence_case.make_bundle(decision, cast.auditor, django_capture_on_commit_callbacks)
    given = Given(TrustStore(), tuple(checkpoints.known_keys()), clock.now())
    return bundle.path, given


def flip(content, place=None):
    changed = bytearray(content)
    changed[len(changed) // 2 if place is None else place] ^= 1
    return bytes(changed)


# Each: what is done, and the sentence that must be among what does not hold.


def a_byte_of_a_paper(files):
    name = find(files, PDF)
    return {**files, name: flip(files[name])}, "file_changed"


def an_answer(files):
    def agree(slip):
        slip["answers"][0] |= {"position": "agree", "reason": ""}

    return change_json(files, find(files, SLIP, '"other"'), agree), "count_differs"


def an_answer_and_the_list(files):
    return list_anew(an_answer(files)[0]), "manifest_changed"


def an_answer_the_outcome_and_the_list(files):
    """A forger who counts anew: the trail has the answer and the count as they were."""
    files, _ = an_answer(files)

    def count(outcome):
        result = outcome["questions"][0]["result"]
        result |= {"agree": result["agree"] + 1, "other": 0, "branch": "b"}
        result["in_favour"] += 1
        outcome["branch"] = "b"

    return list_anew(change_json(files, "outcome.json", count)), "answer_differs"


def a_reason(files):
    def soften(slip):
        slip["answers"][0]["reason"] = "Không có ý kiến gì quan trọng."

    return list_anew(change_json(files, find(files, SLIP, '"other"'), soften)), "answer_differs"


def an_answer_that_was_never_given(files):
    def agree(slip):
        slip |= {"status": "answered", "receipt": "AAAAA-AAAAA"}
        slip["answers"] = [{"question": 1, "position": "agree", "options": [], "reason": ""}]

    return list_anew(change_json(files, find(files, SLIP, '"silent"'), agree)), "answer_differs"


def an_answer_is_gone(files):
    name = find(files, SLIP, '"other"')
    return {path: content for path, content in files.items() if path != name}, "file_missing"


def an_answer_is_gone_from_the_list(files):
    return list_anew(an_answer_is_gone(files)[0]), "count_differs"


def the_outcome(files):
    def adopt(outcome):
        outcome["branch"] = "b"

    return change_json(files, "outcome.json", adopt), "outcome_differs"


def the_rules(files):
    def change(rules):
        rules["silence"] = "nothing"

    return list_anew(change_json(files, "rules.json", change)), "count_differs"


def the_number(files):
    def change(decision):
        decision["number"] = "08/NQ-CP"

    return list_anew(change_json(files, "decision.json", change)), "manifest_changed"


def an_entry(files):
    def change(trail):
        trail["entries"][3]["entry"]["actor_name"] = "Người khác"

    return list_anew(change_json(files, "log/trail.json", change)), "entry_altered"


def an_entry_with_its_hash(files):
    def change(trail):
        entry = trail["entries"][3]
        entry["leaf"] = trail["entries"][4]["leaf"]
        entry["entry"] = trail["entries"][4]["entry"]

    return list_anew(change_json(files, "log/trail.json", change)), "proof_wrong"


def an_entry_is_gone(files):
    def change(trail):
        del trail["entries"][3]

    return list_anew(change_json(files, "log/trail.json", change)), "manifest_changed"


def proofs_are_swapped(files):
    def change(trail):
        first, second = trail["entries"][:2]
        first["proof"], second["proof"] = second["proof"], first["proof"]

    return list_anew(change_json(files, "log/trail.json", change)), "proof_wrong"


def the_checkpoint(files):
    def change(trail):
        lines = trail["checkpoint"].split("\n")
        trail["checkpoint"] = "\n".join([lines[0], str(int(lines[1]) + 1), *lines[2:]])

    return list_anew(change_json(files, "log/trail.json", change)), "checkpoint_forged"


def the_list(files):
    def change(manifest):
        manifest["decision"]["subject"] = "Về việc khác"

    return change_json(files, "manifest.json", change), "manifest_changed"


def the_proof_of_the_list(files):
    def change(receipt):
        entry = receipt["entries"][0]["entry"]
        entry["details"] = json.dumps({"manifest": "0" * 64})

    return change_json(files, "manifest.log.json", change), "manifest_changed"


def a_file_more(files):
    return {**files, "documents/9999.pdf": b"%PDF-1.7"}, "file_added"


def a_dossier_list(files):
    name = find(files, r"dossier/issue-\d+\.json")

    def change(issue):
        issue["reason"] = "Không rõ"

    return list_anew(change_json(files, name, change)), "issue_out_of_order"


def a_paper_of_the_dossier_is_gone(files):
    manifest = json.loads(files["manifest.json"])
    name = next(line["path"] for line in manifest["files"] if line.get("use") == "paper")
    kept = {path: content for path, content in files.items() if path != name}
    return list_anew(kept), "papers_absent"


def no_json_at_all(files):
    return list_anew({**files, "outcome.json": b"\xff{"}), "part_unreadable"


def deep_json(files):
    return list_anew({**files, "outcome.json": b"[" * 200_000}), "part_unreadable"


def a_flood_of_values(files):
    """Six megabytes that would be a gigabyte in memory."""
    return list_anew({**files, "outcome.json": b"[" + b"{}," * 2_000_001 + b"{}]"}), "part_unreadable"


def other_types(files):
    return list_anew({**files, "log/trail.json": b'{"entries":[7],"checkpoint":7}'}), "part_unreadable"


TAMPERED = [
    a_byte_of_a_paper,
    an_answer,
    an_answer_and_the_list,
    an_answer_the_outcome_and_the_list,
    a_reason,
    an_answer_that_was_never_given,
    an_answer_is_gone,
    an_answer_is_gone_from_the_list,
    the_outcome,
    the_rules,
    the_number,
    an_entry,
    an_entry_with_its_hash,
    an_entry_is_gone,
    proofs_are_swapped,
    the_checkpoint,
    the_list,
    the_proof_of_the_list,
    a_file_more,
    a_dossier_list,
    a_paper_of_the_dossier_is_gone,
    no_json_at_all,
    deep_json,
    a_flood_of_values,
    other_types,
]


def test_whatever_is_changed_is_told(made, tmp_path):
    path, given = made
    manifest, honest = judge_file(path, given)
    assert not [finding for finding in honest.findings if finding.state == State.FAILS]
    files = tampering.take_apart(path)
    for tamper in TAMPERED:
        changed, code = tamper(files)
        _manifest, judgement = judge_file(tampering.pack(changed, tmp_path / "changed.zip"), given)
        failed = {finding.code for finding in judgement.findings if finding.state == State.FAILS}
        assert code in failed, f"{tamper.__name__}: {say_judgement('', manifest, judgement, 'en')}"
        for finding in judgement.findings:
            assert say(finding, "vi") and say(finding, "en")


def test_no_bit_of_it_is_without_a_guard(made, tmp_path):
    """A bit anywhere, inside the files or between them: something does not hold, and nothing is raised."""
    path, given = made
    whole, chance = path.read_bytes(), random.Random(4)
    changed = tmp_path / "changed.zip"
    for place in chance.sample(range(len(whole)), 20):
        changed.write_bytes(flip(whole, place))
        try:
            _manifest, judgement = judge_file(changed, given)
        except Unreadable:
            continue
        assert judgement.state == State.FAILS, place


def test_who_knows_no_key_learns_what_rests_on_the_bundles_own_word(made):
    path, given = made
    manifest, judgement = judge_file(path, replace(given, log_keys=()))
    assert judgement.state == State.UNPROVEN
    proven = {finding.code for finding in judgement.findings if finding.state == State.HOLDS}
    assert not {"manifest_logged", "trail_proven", "trail_agrees"} & proven
    words = say_judgement("b.zip", manifest, judgement, "vi")
    assert "chưa được chứng minh" in words and "--log-key" in words and "--anchor" in words


def test_another_log_of_the_same_name_is_not_believed(made):
    path, given = made
    stranger = load_signer(make_key(), given.log_keys[0].name).public
    _manifest, judgement = judge_file(path, replace(given, log_keys=(stranger,)))
    assert "checkpoint_forged" in {finding.code for finding in judgement.findings}
    assert judgement.state == State.FAILS


def test_names_out_of_a_bundle_do_not_move_the_cursor(made, tmp_path):
    path, given = made
    files = tampering.take_apart(path)
    manifest = json.loads(files["manifest.json"])
    manifest["decision"]["subject"] = "x\x1b[2J\u202e"
    files["manifest.json"] = json.dumps(manifest).encode()
    told, judgement = judge_file(tampering.pack(files, tmp_path / "c.zip"), given)
    words = say_judgement("c.zip", told, judgement, "vi")
    assert "\x1b" not in words and "\u202e" not in words


def test_every_sentence_can_be_said():
    """Both languages want the same values."""
    for code, words in SENTENCES.items():
        wanted = [{name for _text, name, _spec, _way in Formatter().parse(one) if name} for one in words]
        assert wanted[0] == wanted[1], code


def test_patience_ends(made):
    """Whoever fills a bundle with files that take long does not keep the judge for ever."""
    path, given = made
    _manifest, judgement = judge_file(path, replace(given, until=0.0))
    assert "paper_unverifiable" in {finding.code for finding in judgement.findings}
    assert not judgement.holds
