"""How long private notes are kept after the matter is closed, and who is told before they go."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from audit.models import AuditEvent
from core import clock
from decisions.models import RuleSet
from documents.models import Dossier, DossierPaper
from notifications.models import Notification
from reading.models import Note
from reading.retention import find_due_day, find_kept_days
from reading.tasks import erase_old_notes
from tests.reading.samples import make_note

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 11, 20, 12))


class TestRetention:
    @pytest.fixture
    def dossier(self, cast, version):
        dossier = Dossier.objects.create(body=cast.body, title="Hồ sơ")
        DossierPaper.objects.create(dossier=dossier, version=version, place=1)
        RuleSet.objects.update(notes_kept_days=60)
        return dossier

    def close(self, dossier, days_ago):
        Dossier.objects.filter(pk=dossier.pk).update(closed_at=NOON - timedelta(days=days_ago))

    def run(self, days_later=0):
        with clock.at(NOON + timedelta(days=days_later)):
            erase_old_notes()

    def test_the_day_counts_from_the_last_dossier_to_close(self, cast, version, dossier):
        assert find_due_day(version.document) is None and find_kept_days(version.document) == 60
        self.close(dossier, 10)
        assert find_due_day(version.document) == (NOON + timedelta(days=50)).date()
        other = Dossier.objects.create(body=cast.body, title="Hồ sơ khác")
        DossierPaper.objects.create(dossier=other, version=version, place=1)
        assert find_due_day(version.document) is None
        self.close(other, 1)
        assert find_due_day(version.document) == (NOON + timedelta(days=59)).date()

    def test_a_paper_in_no_dossier_keeps_its_notes(self, cast, version):
        make_note(cast.minister, version)
        self.run(10_000)
        assert Note.objects.count() == 1 and find_kept_days(version.document) is None

    def test_a_fortnight_before_the_owner_is_told_and_then_they_go(self, cast, version, dossier):
        make_note(cast.minister, version)
        self.close(dossier, 0)
        self.run(45)
        assert not Notification.objects.exists()
        self.run(46)
        self.run(47)
        notice = Notification.objects.get(recipient=cast.minister, kind="reading/purge_announced")
        assert notice.context["day"] == "19/01/2027"
        self.run(59)
        assert Note.objects.count() == 1
        self.run(60)
        assert not Note.objects.exists()
        event = AuditEvent.objects.get(action="reading.purge_notes")
        assert (event.actor_name, event.details) == ("clock", {"notes": 1})

    def test_nobody_loses_notes_untold(self, cast, version, dossier):
        """The clock stood still for months, or the note was written after the day."""
        make_note(cast.minister, version)
        self.close(dossier, 300)
        self.run()
        assert Note.objects.get().erased_from == (NOON + timedelta(days=14)).date()
        self.run(13)
        assert Note.objects.count() == 1
        self.run(14)
        assert not Note.objects.exists()

    def test_put_before_the_members_again_they_stay(self, cast, version, dossier):
        make_note(cast.minister, version)
        self.close(dossier, 300)
        self.run()
        other = Dossier.objects.create(body=cast.body, title="Hồ sơ khác")
        DossierPaper.objects.create(dossier=other, version=version, place=1)
        self.run(14)
        assert Note.objects.get().erased_from is None

    def test_without_rules_nothing_is_erased(self, cast, version, dossier):
        RuleSet.objects.all().delete()
        make_note(cast.minister, version)
        self.close(dossier, 1000)
        self.run()
        assert find_due_day(version.document) is None and Note.objects.get().erased_from is None

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_the_notice_is_written_in_both_languages(self, cast, version, dossier, language):
        make_note(cast.minister, version)
        self.close(dossier, 50)
        self.run()
        notice = Notification.objects.get()
        with translation.override(language):
            more = {"recipient": notice.recipient, "site_url": "https://x", "link": "https://x"}
            for part in ("subject.txt", "txt", "html"):
                assert "04/12/2026" in notice.write(part, **more)
