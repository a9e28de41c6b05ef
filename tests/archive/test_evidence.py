"""A decision leaves the house as one file that proves itself: as its office may read it, and recorded."""

import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from archive import actions, rules, tasks
from archive.evidence.gathering import gather
from archive.models import EvidenceBundle
from audit import checkpoints, trail
from audit.models import AuditEvent
from core import clock
from core.actors import CLOCK, WORKER
from core.work import WorkState
from core.workflow import Conflict
from documents import storage
from documents.models import DocumentVersion, object_name
from signatures.models import SigningRequest, SigningStep
from tests.archive import evidence_case
from tests.conftest import CAST
from verifier.bundle.findings import Given, State
from verifier.bundle.judging import judge_file
from verifier.bundle.words import say_judgement
from verifier.pdf.trust import TrustStore

MAY = {"secretary", "archivist", "auditor"}
PROVEN = (
    "files_unchanged manifest_logged dossier_as_sealed count_agrees outcome_agrees trail_proven trail_agrees"
)


@pytest.fixture(autouse=True)
def a_log(monkeypatch, settings, tmp_path):
    evidence_case.keep_log_here(monkeypatch, settings, tmp_path)


@pytest.fixture
def decision(cast):
    return evidence_case.decide(cast)


@pytest.fixture
def issued(archive):
    """A resolution without a story: enough for who may do what."""
    return archive.add("Về bảo hiểm y tế", index=False)


def judge(path):
    keys = tuple(checkpoints.known_keys())
    return judge_file(path, Given(TrustStore(), keys, clock.now()))


def codes(judgement, state):
    return {finding.code for finding in judgement.findings if finding.state == state}


def test_the_bundle_of_a_decision_holds(decision, cast, django_capture_on_commit_callbacks):
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    manifest, judgement = judge(bundle.path)
    assert not codes(judgement, State.FAILS), say_judgement("", manifest, judgement, "en")
    # Nobody signed this resolution, and nobody is trusted: that is said, and nothing else is left open.
    assert codes(judgement, State.UNPROVEN) == {"paper_unsigned", "no_anchors"}
    assert set(PROVEN.split()) <= codes(judgement, State.HOLDS)
    assert bundle.row.is_logged and bundle.row.manifest_sha256
    kinds = bundle.row.contents["files"]
    # Both versions of the corrected paper, the other one, the synthesis and the resolution; five slips.
    assert (kinds["document"], kinds["answer"], kinds["issue"]) == (5, 5, 2)
    with zipfile.ZipFile(bundle.path) as archive:
        assert archive.testzip() is None
        slips = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("answers/")]
    answers = {slip["member"]: [answer["position"] for answer in slip["answers"]] for slip in slips}
    assert answers[str(cast.minister)] == ["other"]
    assert answers[str(cast.third_minister)] == []


def test_an_auditor_reads_the_trail_and_not_every_paper(decision, cast, django_capture_on_commit_callbacks):
    bundle = evidence_case.make_bundle(decision, cast.auditor, django_capture_on_commit_callbacks)
    _manifest, judgement = judge(bundle.path)
    assert not codes(judgement, State.FAILS)
    assert bundle.row.contents["left_out"] == [["paper", "need_to_know", 2]]  # and the synthesis
    with zipfile.ZipFile(bundle.path) as archive:
        told = json.loads(archive.read("log/trail.json"))["entries"]
        names = archive.namelist()
        apart = b"".join(archive.read(name) for name in names if not name.startswith("log/"))
    assert {"opinions.answer_slip", "opinions.draft_request"} <= {one["entry"]["action"] for one in told}
    assert sum(name.startswith("documents/") for name in names) == 3
    restricted = decision.dossier.papers.get(readers__isnull=False).version
    assert restricted.document.title.encode() not in apart
    assert restricted.sha256.encode() not in apart
    assert "issue_excerpts" in codes(judgement, State.TOLD)


def test_who_reads_no_trail_gets_hashes_of_what_others_did(
    decision, cast, django_capture_on_commit_callbacks
):
    bundle = evidence_case.make_bundle(decision, cast.secretary, django_capture_on_commit_callbacks)
    with zipfile.ZipFile(bundle.path) as archive:
        told = json.loads(archive.read("log/trail.json"))["entries"]
    disclosed = {one["entry"]["action"] for one in told if "entry" in one}
    assert disclosed and disclosed <= set(rules.DEEDS_OF_A_DECISION)
    withheld = [one for one in told if "entry" not in one]
    assert withheld and all(set(one) == {"leaf", "index", "size", "proof"} for one in withheld)
    assert bundle.row.contents["left_out"] == [["trail_entry", "read_by_auditors", len(withheld)]]


def test_signing_is_told_of_papers_inside_only(decision, cast, django_capture_on_commit_callbacks):
    """A paper for named readers: neither its title nor who was to sign it leaves the house in the trail."""
    hidden = decision.dossier.papers.get(readers__isnull=False).version
    shown = decision.dossier.papers.filter(readers__isnull=True).first().version
    text = decision.document.versions.get()
    before = evidence_case.add_version(text.document, "du-thao.pdf")
    for number, (version, result) in enumerate(((hidden, None), (shown, None), (before, text))):
        signing = SigningRequest.objects.create(
            version=version,
            result=result,
            requested_by_name="x",
            sha256=version.sha256,
            size=1,
            status="done",
        )
        step = SigningStep.objects.create(
            request=signing, place=1, signer=cast.minister.appointments.first(), status="signed"
        )
        trail.record("signatures.request_signatures", by=cast.secretary, on=signing, signers=[f"Ký {number}"])
        trail.record("signatures.sign_step", by=cast.minister, on=step)
    hidden.distributions.filter(role="archivist").delete()
    DocumentVersion.objects.filter(pk=before.pk).update(refused_because="x")  # the bundle has not this one

    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    assert ["paper", "need_to_know", 1] in bundle.row.contents["left_out"]
    _manifest, judgement = judge(bundle.path)
    assert not codes(judgement, State.FAILS)
    with zipfile.ZipFile(bundle.path) as archive:
        words = archive.read("log/trail.json").decode()
    told = [one["entry"] for one in json.loads(words)["entries"] if "entry" in one]
    assert hidden.document.title not in words
    assert [name for name in ("Ký 0", "Ký 1", "Ký 2") if name in words] == ["Ký 1", "Ký 2"]
    assert [entry["action"] for entry in told].count("signatures.sign_step") == 2


def test_unsent_words_stay_in_the_house(cast, django_capture_on_commit_callbacks):
    """Drafts of assistants and of members, private papers: nobody's evidence."""
    resolution = evidence_case.decide(cast)
    slip = resolution.opinion_request.slips.get(member=cast.third_minister)
    words = {"1": {"position": "disagree", "reason": "Chưa gửi."}}
    slip.draft = words
    slip.save(update_fields=["draft"])
    slip.unsent.create(writer=slip.member, content=words)
    bundle = evidence_case.make_bundle(resolution, cast.secretary, django_capture_on_commit_callbacks)
    assert "Chưa gửi".encode() not in bundle.path.read_bytes()


def test_who_orders_a_bundle(issued, cast):
    for person in CAST:
        by = getattr(cast, person)
        assert rules.EVIDENCE.allows("order_evidence", by, issued) == (person in MAY), person
        if person not in MAY:
            with pytest.raises(PermissionDenied):
                actions.order_evidence(issued, by=by)
    assert not EvidenceBundle.objects.exists()


def test_who_sees_and_takes_a_bundle(issued, cast):
    """It is made as one office may read: the others have their own."""
    for role in sorted(MAY):
        bundle = actions.order_evidence(issued, by=getattr(cast, role))
        EvidenceBundle.objects.update(sha256="a" * 64)
        bundle.refresh_from_db()
        for person in CAST:
            by = getattr(cast, person)
            seen = EvidenceBundle.objects.visible_to(by).filter(pk=bundle.pk).exists()
            assert seen == (person == role), person
            assert rules.EVIDENCE.allows("open_evidence", by, bundle) == (person == role), person


def test_nobody_makes_one_by_hand(issued, cast):
    bundle = actions.order_evidence(issued, by=cast.archivist)
    for by in (CLOCK, *(getattr(cast, person) for person in CAST)):
        assert not rules.EVIDENCE.allows("seal_evidence", by, bundle)
        assert not rules.EVIDENCE.allows("record_evidence", by, bundle)


def test_nothing_is_proven_before_it_is_issued(issued, cast):
    issued.status = "approved"
    issued.save()
    with pytest.raises(Conflict):
        actions.order_evidence(issued, by=cast.archivist)


def test_nobody_takes_what_is_not_made(issued, cast):
    bundle = actions.order_evidence(issued, by=cast.archivist)
    with pytest.raises(Conflict):
        actions.open_evidence(bundle, by=cast.archivist)


def test_ordered_twice_it_is_made_once(issued, cast):
    first = actions.order_evidence(issued, by=cast.archivist)
    assert actions.order_evidence(issued, by=cast.archivist) == first
    assert actions.order_evidence(issued, by=cast.secretary) != first


def test_everything_is_in_the_trail(decision, cast, django_capture_on_commit_callbacks):
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    actions.open_evidence(bundle.row, by=cast.archivist)
    events = AuditEvent.objects.filter(action__endswith="_evidence").order_by("pk")
    assert [event.action.removeprefix("archive.") for event in events] == [
        "order_evidence",
        "seal_evidence",
        "record_evidence",
        "open_evidence",
    ]
    assert {event.case_id for event in events} == {decision.pk}
    assert events[1].details == {"manifest": bundle.row.manifest_sha256}
    assert events[3].details == {"sha256": bundle.row.sha256}


def test_its_file_is_kept(decision, cast, django_capture_on_commit_callbacks):
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    storage.sweep()
    assert default_storage.exists(object_name(bundle.row.sha256))


@pytest.mark.parametrize(("damage", "error"), [("erase", "file_missing"), ("change", "file_changed")])
def test_no_evidence_is_made_of_lost_or_other_bytes(
    decision, cast, django_capture_on_commit_callbacks, damage, error
):
    name = decision.document.versions.get().storage_name
    default_storage.delete(name)
    if damage == "change":
        default_storage.save(name, ContentFile(b"%PDF-1.7 something else"))
    bundle = actions.order_evidence(decision, by=cast.archivist)
    tasks.make_evidence(bundle.pk)
    bundle.refresh_from_db()
    assert (bundle.work_state, bundle.work_error, bundle.sha256) == (WorkState.FAILED, error, "")


def test_a_bundle_that_the_broker_lost_is_made_by_the_sweep(issued, cast, django_capture_on_commit_callbacks):
    bundle = actions.order_evidence(issued, by=cast.archivist)  # the message never comes
    version = issued.document.versions.get()
    evidence_case.give_bytes(version)
    with clock.at(clock.now() + timedelta(minutes=5)), django_capture_on_commit_callbacks(execute=True):
        tasks.hand_in_evidence()
    bundle.refresh_from_db()
    assert bundle.work_state == WorkState.DONE, bundle.work_error


def test_the_same_rows_make_the_same_bytes(decision, cast):
    """Apart from the log, which goes on."""
    bundle = actions.order_evidence(decision, by=cast.archivist)
    assert read_parts(bundle) == read_parts(bundle)


def read_parts(bundle):
    read = {}
    for part in gather(bundle).parts:
        with part.open() as source:
            read[part.path] = source.read()
    return {path: content for path, content in read.items() if not path.startswith("log/")}


def test_without_a_signed_log_it_says_so(decision, cast, settings, django_capture_on_commit_callbacks):
    settings.AUDIT_KEY_FILE = ""
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    _manifest, judgement = judge(bundle.path)
    assert not bundle.row.is_logged
    assert "manifest_not_logged" in codes(judgement, State.UNPROVEN)
    assert not judgement.holds


def test_the_house_judges_as_the_program_does(decision, cast, capsys, django_capture_on_commit_callbacks):
    bundle = evidence_case.make_bundle(decision, cast.archivist, django_capture_on_commit_callbacks)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_bundle", str(bundle.path), "--language", "en")
    told = capsys.readouterr().out
    assert ended.value.code == 1  # nobody signed the resolution
    assert "that you trust" in told and "the recount agrees" in told and "Does not hold" not in told
    assert "--log-key" not in told  # the house knows its own key

    with pytest.raises(SystemExit) as ended:
        call_command("verify_bundle", __file__)
    assert ended.value.code == 2


def test_an_earlier_released_text_is_inside_and_a_draft_is_not(decision, cast):
    """The trail names the text that was released: a later one does not take it away."""
    released = decision.document.versions.get()
    draft = evidence_case.add_version(decision.document, "du-thao.pdf")
    later = evidence_case.add_version(decision.document, "ban-sau.pdf")
    actions.file_resolution(decision, by=WORKER)
    bundle = actions.order_evidence(decision, by=cast.archivist)
    inside = {part.expected: part.facts.get("use") for part in gather(bundle).parts}
    assert inside[later.sha256] == "resolution" and inside[released.sha256] == "resolution_before"
    assert draft.sha256 not in inside
