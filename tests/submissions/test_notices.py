"""What people are told of a dossier: in their language, whole, and without a reason given in confidence."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from core.actors import CLOCK
from notifications.models import Notification
from submissions import actions
from tests.submissions import steps
from tests.submissions.test_actions import draft_from

pytestmark = pytest.mark.django_db

TITLE = 'Phí & lệ phí "bảo hiểm" <y tế>'
REASON = "Lý do không ai ngoài hệ thống được đọc."
KINDS = {
    path.name.removesuffix(".subject.txt")
    for path in (Path(settings.BASE_DIR) / "templates/mail/submissions").glob("*.subject.txt")
}


@pytest.fixture
def notices(cast):
    """One notice of each kind, from the deeds that give it."""
    with steps.on(steps.MONDAY):
        submission = steps.complete(cast, title=TITLE, wanted_on=steps.FRIDAY)
        actions.remind_of_submission(submission, by=CLOCK)
    with steps.on(steps.FRIDAY):
        actions.hand_in_submission(submission, by=cast.submitter)
        actions.propose_removal(submission, by=cast.secretary, reason=REASON)
    with steps.on(steps.FRIDAY + timedelta(days=9)):
        actions.remind_of_check(submission, by=CLOCK)
        actions.return_submission(submission, by=cast.secretary, reason=REASON)
        actions.hand_in_submission(submission, by=cast.submitter)
        submission = actions.accept_submission(submission, by=cast.secretary)
    draft_from(cast, submission)
    return {notice.kind.removeprefix("submissions/"): notice for notice in Notification.objects.all()}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_kind_is_written_in_both_languages(notices, language):
    assert set(notices) == KINDS
    with translation.override(language):
        for kind, notice in notices.items():
            more = {"recipient": notice.recipient, "site_url": "https://x", "link": f"https://x{notice.url}"}
            subject, text, html = (notice.write(part, **more) for part in ("subject.txt", "txt", "html"))
            assert TITLE in subject, kind
            assert TITLE in text, kind
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
