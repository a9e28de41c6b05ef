"""What people are told: in their language, whole, and without a word of what members answered."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from core import clock
from notifications import outbox
from notifications.models import Notification
from opinions import actions, ballots, tasks
from tests import factories
from tests.opinions import steps, voting
from tests.verifier.balloting import SMALL

pytestmark = pytest.mark.django_db

SUBJECT = 'Phí & lệ phí "bảo hiểm" <y tế>'
REASON = "Lý do không ai ngoài hệ thống được đọc."
KINDS = {
    path.name.removesuffix(".subject.txt")
    for path in (Path(settings.BASE_DIR) / "templates/mail/opinions").glob("*.subject.txt")
}


def go_anew_and_wait(cast):
    """A deadline that was moved, members asked anew, and the ladder up to the deadline and beyond."""
    later = factories.deadline_in(cast.rule_set, 5)
    moved = steps.send(cast, subject=SUBJECT)
    moved = actions.move_deadline(moved, by=cast.chair, deadline=later, reason=REASON)
    moved = actions.correct_dossier(moved, by=cast.secretary, reason=REASON)
    steps.make_paper(moved.dossier)
    actions.reissue_dossier(moved, by=cast.secretary, voids_answers=True)
    with clock.at(later - timedelta(hours=4)):
        tasks.climb_ladders()
    closed = steps.close(moved)
    with steps.after_the_deadline(moved):
        tasks.climb_ladders()
    with clock.at(factories.at_hour(closed.process_by, 9)):
        tasks.climb_ladders()


def report_and_settle(cast):
    referred = steps.refer_with_a_remark(cast, subject=SUBJECT)
    reported = actions.report_on_opinions(
        steps.explain_all(cast, referred), by=cast.submitter, report=REASON, repeats=False
    )
    actions.settle_remark(reported.remarks.first(), by=cast.secretary)
    actions.record_office_opinion(reported, by=cast.secretary, opinion=REASON)


def break_signatures(cast):
    """That these are given when a signature does not hold is told in test_signing: it takes a real key."""
    told = {"url": "/opinions/1/", "subject": SUBJECT, "because": "refused"}
    outbox.tell([cast.minister], "opinions/signature_broken", outcome="void", deadline="17:00", **told)
    outbox.tell([cast.secretary], "opinions/signature_broken_late", member="Bộ trưởng", **told)


@pytest.fixture
def notices(cast, monkeypatch):
    """One notice of each kind, from the deeds that give it."""
    monkeypatch.setattr(ballots, "GROUP", SMALL)
    secret = voting.send(cast, subject=SUBJECT)
    voting.vote(secret, cast.chair)
    voting.close(secret)
    returned = steps.submit(cast, subject=SUBJECT)
    actions.return_request(returned, by=cast.chair, reason=REASON)
    withdrawn = steps.send(cast, subject=SUBJECT)
    actions.withdraw_request(withdrawn, by=cast.chair, reason=REASON)
    opened = steps.send(cast, subject=SUBJECT)
    slip = steps.slip_of(opened, cast.minister)
    actions.draft_answer(slip, by=cast.assistant, answers=steps.give(opened, ("other", REASON)))
    actions.submit_answer(slip, by=cast.assistant)
    actions.return_answer(slip, by=cast.minister, reason=REASON)
    steps.answer(opened, cast.minister, "other", REASON)
    steps.enter(opened, cast.other_minister, by=cast.secretary, position="other", words=REASON)
    go_anew_and_wait(cast)
    referred = actions.refer_request(steps.close(opened), by=cast.chair, note=REASON)
    with clock.at(factories.at_hour(referred.report_by, 9)):
        tasks.climb_ladders()
    steps.close(steps.send(cast, subject=SUBJECT))
    report_and_settle(cast)
    break_signatures(cast)
    return {notice.kind.removeprefix("opinions/"): notice for notice in Notification.objects.all()}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_kind_is_written_in_both_languages(notices, language):
    assert set(notices) == KINDS
    with translation.override(language):
        for kind, notice in notices.items():
            more = {"recipient": notice.recipient, "site_url": "https://x", "link": f"https://x{notice.url}"}
            subject, text, html = (notice.write(part, **more) for part in ("subject.txt", "txt", "html"))
            assert SUBJECT in subject, kind
            assert SUBJECT in text, kind
            assert "&lt;y tế&gt;" in html, kind
            for words in (subject, text, html):
                assert REASON not in words, kind
                assert "%(" not in words and "{{" not in words, kind


def test_the_words_differ_by_language(notices):
    for kind, notice in notices.items():
        written = set()
        for language in ("vi", "en"):
            with translation.override(language):
                written.add(notice.subject)
        assert len(written) == 2, kind
