"""What signers, office and askers are told: in their language, whole, and nothing of what the paper says."""

import pytest
from django.utils import translation

from notifications.models import Notification
from people.models import User
from signatures import actions, tasks
from tests.signatures.signing import ask, make_paper, step_for

KINDS = {"signature_wanted", "signing_withdrawn", "signing_completed", "signature_refused", "signature_void"}
TITLE = 'Phí & lệ phí "bảo hiểm" <y tế>'
REASON = "Lý do không ai ngoài hệ thống được đọc."


@pytest.fixture
def notices(house):
    def begin():
        version = make_paper(house)
        version.document.title = TITLE
        version.document.save()
        version.refresh_from_db()
        return ask(house, step_for(house.minister), version=version)

    signing = begin()
    tasks.embed_signature(house.sign(signing.steps.get(), house.minister).pk)
    actions.refuse_signature(begin().steps.get(), by=house.minister, reason=REASON)
    withdrawn = begin()
    signature = house.sign(withdrawn.steps.get(), house.minister)
    actions.withdraw_signing(withdrawn, by=house.secretary, reason=REASON)
    tasks.embed_signature(signature.pk)
    told = Notification.objects.filter(kind__startswith="signatures/", url__contains="requests")
    return {notice.kind.removeprefix("signatures/"): notice for notice in told}


def test_each_kind_is_written_in_both_languages(notices):
    assert set(notices) == KINDS
    User.objects.update(language="vi")
    for kind, notice in notices.items():
        written = set()
        for language in ("vi", "en"):
            more = {"recipient": notice.recipient, "site_url": "https://x", "link": f"https://x{notice.url}"}
            with translation.override(language):
                subject, text, html = (notice.write(part, **more) for part in ("subject.txt", "txt", "html"))
            assert TITLE in text and "&lt;y tế&gt;" in html, kind
            assert REASON not in text + html and "%(" not in text + html and "{{" not in text + html, kind
            written.add(subject)
        assert len(written) == 2, kind
    words = {
        "revoked": "bị thu hồi",
        "chain_unknown": "chưa được tin cậy",
        "ended": "đã kết thúc",
        "no_room": "lý do: no_room",
    }
    for because, said in words.items():  # why a signature was set aside
        notice = notices["signature_void"]
        notice.context["because"] = because
        with translation.override("vi"):
            text = notice.write("txt", recipient=notice.recipient, site_url="https://x", link="https://x")
        assert [word for word in words.values() if word in text] == [said]
