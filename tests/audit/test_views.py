"""The auditor's pages on the log: its state, an entry's place, proofs that hold without the system."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from audit import checkpoints, log, tasks, trail
from audit.models import AuditEvent, LogState
from core import clock
from ecabinet.health import CHECKS
from tests.audit.logbook import take_all
from tests.conftest import CAST
from verifier.__main__ import main as verifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(cast, settings, tmp_path):
    settings.AUDIT_KEY_FILE = str(tmp_path / "audit.pem")
    settings.AUDIT_WITNESS_DIR = str(tmp_path / "witness")
    checkpoints.create_key()
    for _ in range(3):
        event = trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
    trail.record(
        "opinions.answer_slip",
        by=cast.minister,
        on=cast.minister,
        sealed_until=clock.now() + timedelta(hours=1),
        position="disagree",
    )
    take_all()
    tasks.keep_log()
    return event


def pages(event):
    case = [event.case_type, event.case_id]
    return (
        ("get", reverse("audit:read_log")),
        ("get", reverse("audit:read_entry", args=[event.pk])),
        ("post", reverse("audit:prove_entry", args=[event.pk])),
        ("post", reverse("audit:prove_case", args=case)),
    )


@pytest.mark.parametrize("who", CAST)
def test_only_auditors_of_the_body_read_and_take_proofs(cast, kept, sign_in, who):
    client = sign_in(getattr(cast, who))
    status = [getattr(client, method)(url).status_code for method, url in pages(kept)]

    assert status == {"auditor": [200] * 4, "outside_auditor": [200, 404, 404, 404]}.get(who, [404] * 4)


def test_the_state_of_the_log_is_told(cast, kept, sign_in, settings):
    page = sign_in(cast.auditor).get(reverse("audit:read_log")).content.decode()
    newest = log.newest_checkpoint()

    assert newest.root_hex in page and newest.note.split()[-1] in page
    assert "data:image/svg+xml;base64," in page
    assert settings.AUDIT_WITNESS_DIR in page
    assert checkpoints.read_signer().public.name in page and "PRIVATE" not in page
    assert "Chưa nơi nào khác giữ" not in page


def test_what_is_lacking_is_said(cast, sign_in):
    page = sign_in(cast.auditor).get(reverse("audit:read_log")).content.decode()
    assert "Chưa có mốc nào được ký" in page


def test_the_number_of_queries_does_not_grow(cast, kept, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.auditor)
    for _ in range(4):
        trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
        take_all()
        tasks.keep_log()
    with django_assert_max_num_queries(18):
        client.get(reverse("audit:read_log"))


@pytest.mark.parametrize("which", [2, 3], ids=["entry", "case"])
def test_a_proof_holds_without_the_system(cast, kept, sign_in, tmp_path, capsys, which):
    client = sign_in(cast.auditor)
    method, url = pages(kept)[which]
    answer = getattr(client, method)(url)
    file = tmp_path / "proof.json"
    file.write_bytes(answer.content)
    key = str(checkpoints.read_signer().public)

    assert answer["Content-Disposition"].startswith('attachment; filename="proof-')
    assert b"disagree" not in answer.content  # sealed
    assert verifier(["entry", str(file), "--log-key", key]) == 0
    assert "Phan Đình Lâm → Nguyễn Hữu Đức" in capsys.readouterr().out
    assert verifier(["entry", str(file)]) == 1  # whose checkpoint it is, nobody has said
    told = json.loads(answer.content)
    told["entries"][0]["entry"]["actor_name"] = "Ai đó"
    file.write_text(json.dumps(told))
    assert verifier(["entry", str(file), "--log-key", key]) == 1
    assert "✗" in capsys.readouterr().out
    told = json.loads(answer.content)
    told["entries"][0]["index"] += 1
    file.write_text(json.dumps(told))
    assert verifier(["entry", str(file), "--log-key", key]) == 1
    for wrong in ("{", "[]", '{"type": "ecabinet trail receipt v1"}'):
        file.write_text(wrong)
        assert verifier(["entry", str(file)]) == 2


def test_taking_proofs_leaves_a_trace(cast, kept, sign_in):
    sign_in(cast.auditor).post(pages(kept)[3][1])

    told = AuditEvent.objects.filter(action="audit.export_proofs").get()
    assert (told.actor_name, told.details["target"]) == ("Ngô Bảo Châu Anh", "Nguyễn Hữu Đức")
    assert told.details["entries"] >= 4


def test_an_entry_that_is_not_in_the_log_yet_says_so(cast, kept, sign_in):
    event = trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
    page = sign_in(cast.auditor).get(reverse("audit:read_entry", args=[event.pk])).content.decode()

    assert "chưa được đánh số" in page and "Tải bằng chứng" not in page


def test_the_system_is_not_ready_when_the_log_stands_still(kept):
    assert CHECKS["log"]()
    LogState.objects.update(extended_at=clock.now() - timedelta(minutes=16))
    assert not CHECKS["log"]()
    LogState.objects.all().delete()
    assert CHECKS["log"]()  # nothing was begun yet
