"""Private notes on the server: whose they are, what is never overwritten, when they end. It reads none."""

import json
import threading
import uuid
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from audit.models import AuditEvent
from core.workflow import Conflict
from documents import actions as papers
from documents.models import Document, DocumentText, DocumentVersion
from notifications.models import Notification
from reading import rules
from reading.actions import notes as actions
from reading.models import Note, NoteShare, NotesKey
from tests.reading.samples import (
    KEY,
    LOCK,
    LOCKS,
    PUBLIC,
    WRAPPED,
    add_version,
    code,
    give,
    make_note,
    sealed,
    set_up,
)

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime(2026, 11, 20, 12))


@pytest.fixture
def put(client):
    """`put(person, version)` keeps a note as that person's browser does."""

    def put_note(person, on, pk=None, revision=0, **fields):
        client.force_login(person)
        body = {"version": on.pk, "revision": revision, "sealed": sealed(), "key": WRAPPED, **fields}
        return client.put(f"/reading/notes/{pk or uuid.uuid4()}/", json.dumps(body), "application/json")

    return put_note


class TestWriting:
    def test_a_note_is_kept_and_found_by_its_owner_alone(self, cast, client, version, put):
        assert put(cast.minister, version).status_code == 200
        for person, count in ((cast.minister, 1), (cast.other_minister, 0), (cast.secretary, 0)):
            client.force_login(person)
            answer = client.get(f"/reading/notes/versions/{version.pk}/").json()
            assert len(answer["notes"]) == count, person

    @pytest.mark.parametrize(
        "name", ["third_minister", "outside_member", "nobody", "administrator", "auditor"]
    )
    def test_who_may_not_read_the_paper_writes_nothing_on_it(self, cast, client, version, put, name):
        assert put(getattr(cast, name), version).status_code == 404
        assert client.get(f"/reading/notes/versions/{version.pk}/").status_code == 404
        assert client.get(f"/reading/notes/versions/{version.pk}/text/").status_code == 404
        assert not Note.objects.exists()

    def test_a_repeat_changes_nothing(self, cast, version, put):
        pk = uuid.uuid4()
        for _ in range(2):
            assert put(cast.minister, version, pk).json()["note"]["revision"] == 1
        assert Note.objects.count() == 1

    def test_what_is_newer_is_never_overwritten(self, cast, version, put):
        pk = uuid.uuid4()
        put(cast.minister, version, pk)
        assert put(cast.minister, version, pk, 1, sealed=sealed(b"y")).json()["note"]["revision"] == 2
        late = put(cast.minister, version, pk, 1, sealed=sealed(b"z"))
        assert (late.status_code, late.json()["outcome"]) == (409, "stale")
        assert late.json()["note"]["sealed"] == sealed(b"y")
        assert Note.objects.get().sealed == sealed(b"y")

    def test_what_another_device_deleted_is_told(self, cast, version, put):
        assert put(cast.minister, version, revision=3).status_code == 410

    def test_a_forged_number_reaches_nobodys_note(self, cast, client, version, put):
        note = make_note(cast.minister, version)
        assert put(cast.other_minister, version, note.pk, 1, sealed=sealed(b"y")).status_code == 404
        client.force_login(cast.other_minister)
        assert client.delete(f"/reading/notes/{note.pk}/").status_code == 404
        assert client.get(f"/reading/notes/{note.pk}/readers/").status_code == 404
        for deed in ("share", "take-back"):
            body = json.dumps({"reader": cast.chair.pk, "key": {**WRAPPED, "salt": code(16)}})
            assert (
                client.post(f"/reading/notes/{note.pk}/{deed}/", body, "application/json").status_code == 404
            )
        note.refresh_from_db()
        assert note.sealed == sealed()

    def test_a_note_stays_on_its_version(self, cast, paper, version, put):
        note = make_note(cast.minister, version)
        newer = add_version(paper, 2)
        newer.test_secretary = cast.secretary
        give(newer, cast.minister)
        assert put(cast.minister, newer, note.pk, 1).status_code == 404

    def test_deleting_minds_what_another_device_wrote(self, cast, client, version):
        note = make_note(cast.minister, version, revision=2)
        client.force_login(cast.minister)
        assert client.delete(f"/reading/notes/{note.pk}/?revision=1").status_code == 409
        assert client.delete(f"/reading/notes/{note.pk}/?revision=2").status_code == 204
        assert not Note.objects.exists()

    @pytest.mark.parametrize(
        "broken",
        [
            {"sealed": {"iv": code(12), "data": "Đồng ý với mức phí này"}},
            {"sealed": {"iv": "short", "data": code(40)}},
            {"sealed": "Đồng ý"},
            {"key": None},
            {"version": "mười"},
            {"revision": -1},
            {"carried_from": "1"},
        ],
    )
    def test_what_is_not_sealed_is_refused(self, cast, version, put, broken):
        answer = put(cast.minister, version, **broken)
        assert answer.status_code == 422 and answer.json()["error"]
        assert not Note.objects.exists()

    @pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff"])
    def test_what_is_no_json_is_refused(self, cast, client, version, body):
        client.force_login(cast.minister)
        assert client.put(f"/reading/notes/{uuid.uuid4()}/", body, "application/json").status_code == 422

    def test_words_in_clear_beside_the_sealed_are_not_kept(self, cast, version, put):
        put(cast.minister, version, sealed={**sealed(), "text": "Đồng ý"}, text="Đồng ý")
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(reading_note)::text FROM reading_note")
            assert "ng ý" not in cursor.fetchone()[0]

    def test_limits_are_told_in_words(self, cast, version, put, monkeypatch):
        too_long = put(cast.minister, version, sealed=sealed(length=72_003))
        assert too_long.status_code == 413 and "quá dài" in too_long.json()["error"]
        assert put(cast.minister, version, sealed=sealed(length=65_552)).status_code == 200
        monkeypatch.setattr(rules, "NOTES_ON_A_VERSION", 1)
        full = put(cast.minister, version)
        assert full.status_code == 422 and "Tài liệu này" in full.json()["error"]
        monkeypatch.setattr(rules, "NOTES_ON_A_VERSION", 9)
        monkeypatch.setattr(rules, "NOTES_OF_A_PERSON", 1)
        assert put(cast.minister, version).status_code == 422

    def test_writing_leaves_no_trace_in_the_trail(self, cast, version, put):
        put(cast.minister, version)
        told = set(AuditEvent.objects.values_list("action", flat=True))
        assert told == {"documents.distribute_version", "people.sign_in"}

    def test_the_list_asks_as_often_for_many_notes_as_for_one(
        self, cast, client, version, django_assert_max_num_queries
    ):
        for _ in range(21):
            make_note(cast.minister, version)
        client.force_login(cast.minister)
        with django_assert_max_num_queries(16):
            assert len(client.get(f"/reading/notes/versions/{version.pk}/").json()["notes"]) == 21


class TestKeys:
    def keep(self, client, person, **fields):
        client.force_login(person)
        return client.put("/reading/notes/key/", json.dumps({**KEY, **fields}), "application/json")

    def test_a_key_is_set_up_once_and_its_locks_are_changed(self, cast, client):
        client.force_login(cast.minister)
        assert client.get("/reading/notes/key/").json() == {"revision": 0}
        assert self.keep(client, cast.minister).json()["revision"] == 1
        assert self.keep(client, cast.minister).status_code == 409
        other = [{**lock, "salt": code(16, b"y")} for lock in LOCKS]
        assert self.keep(client, cast.minister, revision=1, locks=other).json()["locks"] == other
        assert AuditEvent.objects.filter(action="reading.keep_notes_key").count() == 2

    def test_the_pair_of_keys_stays(self, cast, client):
        self.keep(client, cast.minister)
        another = {**PUBLIC, "x": "C" * 43}
        assert self.keep(client, cast.minister, revision=1, public_key=another).status_code == 409

    @pytest.mark.parametrize(
        "broken",
        [
            {"locks": LOCKS[:1]},
            {"locks": [LOCKS[0], LOCKS[0]]},
            {"public_key": {**PUBLIC, "crv": "P-521"}},
            {"private_key": {}},
        ],
    )
    def test_a_key_with_one_way_in_is_refused(self, cast, client, broken):
        assert self.keep(client, cast.minister, **broken).status_code == 422
        assert not NotesKey.objects.exists()

    def test_nobody_sees_the_locks_of_another(self, cast, client):
        set_up(cast.minister)
        client.force_login(cast.other_minister)
        assert client.get("/reading/notes/key/").json() == {"revision": 0}

    def test_beginning_anew_erases_what_nobody_can_read(self, cast, client, version):
        for person in (cast.minister, cast.other_minister):
            set_up(person)
        make_note(cast.minister, version)
        theirs = make_note(cast.other_minister, version)
        NoteShare.objects.create(note=theirs, reader=cast.minister, key=LOCK)
        client.force_login(cast.minister)
        assert "1 ghi chú" in client.get("/reading/notes/anew/").content.decode()
        assert Note.objects.count() == 2
        assert client.post("/reading/notes/anew/").status_code == 302
        assert list(Note.objects.all()) == [theirs]
        assert not NoteShare.objects.exists() and not NotesKey.objects.filter(user=cast.minister).exists()


class TestSharing:
    @pytest.fixture
    def note(self, cast, version):
        for person in (cast.minister, cast.other_minister):
            set_up(person)
        return make_note(cast.minister, version)

    def share(self, client, cast, note, reader, deed="share"):
        client.force_login(cast.minister)
        body = json.dumps({"reader": reader.pk, "key": {**WRAPPED, "salt": code(16)}})
        return client.post(f"/reading/notes/{note.pk}/{deed}/", body, "application/json")

    def test_a_note_is_given_to_one_named_person_and_taken_back(self, cast, client, version, note):
        assert (
            self.share(client, cast, note, cast.other_minister).json()["shared_with"][0]["name"]
            == "Trần Ngọc Ánh"
        )
        notice = Notification.objects.get(recipient=cast.other_minister)
        assert (notice.kind, notice.url) == ("reading/note_shared", f"{version.get_absolute_url()}#notes")
        client.force_login(cast.other_minister)
        found = client.get(f"/reading/notes/versions/{version.pk}/").json()["shared"]
        assert [(row["owner"]["name"], row["key"]["salt"]) for row in found] == [("Nguyễn Hữu Đức", code(16))]
        client.force_login(cast.chair)
        assert self.share(client, cast, note, cast.other_minister, "take-back").status_code == 200
        client.force_login(cast.other_minister)
        assert not client.get(f"/reading/notes/versions/{version.pk}/").json()["shared"]
        told = AuditEvent.objects.filter(action__startswith="reading.").values_list("action", "details")
        assert ("reading.share_note", {"to": ["Trần Ngọc Ánh"]}) in told
        assert ("reading.take_back_note", {"to": ["Trần Ngọc Ánh"]}) in told

    def test_the_reader_reads_and_changes_nothing(self, cast, client, version, note, put):
        self.share(client, cast, note, cast.other_minister)
        assert put(cast.other_minister, version, note.pk, 1, sealed=sealed(b"y")).status_code == 404
        assert client.delete(f"/reading/notes/{note.pk}/").status_code == 404

    def test_given_twice_the_key_is_the_newer_and_nobody_is_told_again(self, cast, client, note):
        for _ in range(2):
            assert self.share(client, cast, note, cast.other_minister).status_code == 200
        assert NoteShare.objects.count() == Notification.objects.count() == 1

    @pytest.mark.parametrize("deed", ["share", "take-back"])
    def test_a_share_of_no_shape_is_refused(self, cast, client, note, deed):
        client.force_login(cast.minister)
        body = json.dumps({"reader": "ai đó"})
        assert client.post(f"/reading/notes/{note.pk}/{deed}/", body, "application/json").status_code == 422

    def test_the_office_does_not_read_a_private_paper(self, cast, client, paper, note):
        Document.objects.filter(pk=paper.pk).update(owner=cast.minister)
        client.force_login(cast.minister)
        people = client.get(f"/reading/notes/{note.pk}/readers/").json()["people"]
        assert [person["name"] for person in people] == ["Trần Ngọc Ánh"]

    def test_only_who_may_read_the_paper_is_given_a_note(self, cast, client, note):
        set_up(cast.third_minister)
        assert self.share(client, cast, note, cast.third_minister).status_code == 403
        assert self.share(client, cast, note, cast.minister).status_code == 403
        assert not NoteShare.objects.exists()

    def test_who_has_no_key_cannot_be_reached_yet(self, cast, client, note):
        assert self.share(client, cast, note, cast.secretary).status_code == 409
        client.force_login(cast.minister)
        people = client.get(f"/reading/notes/{note.pk}/readers/").json()["people"]
        assert {person["name"]: bool(person["public_key"]) for person in people} == {
            "Trần Ngọc Ánh": True,
            "Hoàng Minh Khôi": False,
        }
        found = client.get(f"/reading/notes/{note.pk}/readers/", {"q": "anh ngoc"}).json()["people"]
        assert [person["title"] for person in found] == ["Bộ trưởng Bộ Y tế"]

    def test_offices_are_found_by_their_holders(self, cast, client, version, note):
        with transaction.atomic():
            papers.distribute_version(
                version, by=cast.secretary, roles=[("chair", cast.body)], because="test"
            )
        client.force_login(cast.minister)
        people = client.get(f"/reading/notes/{note.pk}/readers/", {"q": "Minh"}).json()["people"]
        assert {person["name"] for person in people} == {"Phạm Quang Minh", "Hoàng Minh Khôi"}

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_the_notice_names_the_matter_and_nothing_of_the_note(self, cast, client, note, language):
        self.share(client, cast, note, cast.other_minister)
        notice = Notification.objects.get(recipient=cast.other_minister)
        with translation.override(language):
            more = {"recipient": notice.recipient, "site_url": "https://x", "link": f"https://x{notice.url}"}
            for part in ("subject.txt", "txt", "html"):
                words = notice.write(part, **more)
                assert "Nguyễn Hữu Đức" in words and "Tờ trình về phí bảo hiểm y tế" in words
                assert note.sealed["data"] not in words


class TestFollowing:
    @pytest.fixture
    def newer(self, cast, paper, version):
        newer = add_version(paper, 2)
        newer.test_secretary = cast.secretary
        give(newer, cast.minister)
        return newer

    def earlier(self, client, person, version):
        client.force_login(person)
        return client.get(f"/reading/notes/versions/{version.pk}/").json()["earlier"]

    def test_notes_wait_at_the_next_version_until_they_are_carried(self, cast, client, version, newer, put):
        note = make_note(cast.minister, version)
        assert [row["id"] for row in self.earlier(client, cast.minister, newer)] == [str(note.pk)]
        carried = put(cast.minister, newer, carried_from=str(note.pk))
        assert carried.status_code == 200
        assert not self.earlier(client, cast.minister, newer)
        assert Note.objects.filter(version=newer).get().carried_from == note

    def test_the_loser_of_a_race_is_given_what_the_winner_carried(self, cast, version, newer, put):
        note = make_note(cast.minister, version)
        first = put(cast.minister, newer, carried_from=str(note.pk)).json()["note"]["id"]
        second = put(cast.minister, newer, carried_from=str(note.pk))
        assert (second.status_code, second.json()["note"]["id"]) == (409, first)
        assert Note.objects.filter(version=newer).count() == 1
        assert put(cast.minister, newer, first, carried_from=str(note.pk)).status_code == 200

    def test_what_was_deleted_there_does_not_come_again(self, cast, client, version, newer, put):
        note = make_note(cast.minister, version)
        pk = put(cast.minister, newer, carried_from=str(note.pk)).json()["note"]["id"]
        client.delete(f"/reading/notes/{pk}/")
        assert not self.earlier(client, cast.minister, newer)
        again = put(cast.minister, newer, carried_from=str(note.pk))
        assert (again.status_code, again.json()["note"]) == (409, None)

    def test_only_ones_own_note_of_the_same_paper_is_carried(self, cast, version, newer, put):
        theirs = make_note(cast.other_minister, version)
        assert put(cast.minister, newer, carried_from=str(theirs.pk)).status_code == 404
        elsewhere = add_version(Document.objects.create(body=cast.body, title="Khác"))
        mine = make_note(cast.minister, elsewhere)
        assert put(cast.minister, newer, carried_from=str(mine.pk)).status_code == 404

    def test_the_text_is_for_those_who_may_read(self, cast, client, version):
        client.force_login(cast.minister)
        assert client.get(f"/reading/notes/versions/{version.pk}/text/").json() == {
            "pages": None,
            "is_awaited": False,
        }
        DocumentVersion.objects.filter(pk=version.pk).update(work_state="running")
        assert client.get(f"/reading/notes/versions/{version.pk}/text/").json()["is_awaited"]
        DocumentText.objects.create(version=version, pages=["Điều 1."])
        assert client.get(f"/reading/notes/versions/{version.pk}/text/").json() == {
            "pages": ["Điều 1."],
            "is_awaited": False,
        }


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_carry_a_note_once(cast, paper):
    version, newer = add_version(paper), add_version(paper, 2)
    note = make_note(cast.minister, version)
    outcomes, gate = [], threading.Barrier(2)

    def carry():
        gate.wait()
        try:
            kept = Note.objects.keep(
                cast.minister,
                newer,
                uuid.uuid4(),
                revision=0,
                carried_from=note,
                sealed=sealed(),
                key=WRAPPED,
            )
            outcomes.append(kept.outcome)
        finally:
            connection.close()

    devices = [threading.Thread(target=carry) for _ in range(2)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()

    assert sorted(outcomes) == ["carried", "kept"]
    assert Note.objects.filter(version=newer).count() == 1


class TestTheOwnersPage:
    def test_it_names_the_papers_and_how_many_notes(self, cast, client, version):
        make_note(cast.minister, version)
        make_note(cast.minister, version)
        client.force_login(cast.minister)
        page = client.get("/reading/notes/").content.decode()
        assert (
            "Tờ trình về phí bảo hiểm y tế" in page
            and '<td class="numeric" data-label="Số ghi chú">2</td>' in page
        )
        client.force_login(cast.other_minister)
        assert "Tờ trình" not in client.get("/reading/notes/").content.decode()

    def test_all_of_them_are_fetched_in_portions(self, cast, client, version, monkeypatch):
        monkeypatch.setattr("reading.views.notes.EXPORTED_AT_ONCE", 2)
        notes = {str(make_note(cast.minister, version).pk) for _ in range(3)}
        make_note(cast.other_minister, version)
        client.force_login(cast.minister)
        first = client.get("/reading/notes/export/", {"document": version.document_id}).json()
        second = client.get("/reading/notes/export/", {"after": first["next"]}).json()
        assert {row["id"] for row in first["notes"] + second["notes"]} == notes
        assert second["next"] is None
        assert client.get("/reading/notes/export/", {"after": "x"}).status_code == 422

    def test_erasing_is_asked_once_more(self, cast, client, version):
        make_note(cast.minister, version)
        theirs = make_note(cast.other_minister, version)
        client.force_login(cast.minister)
        address = f"/reading/notes/erase/{version.document_id}/"
        assert "1 ghi chú" in client.get(address).content.decode()
        assert Note.objects.count() == 2
        assert client.post(address).status_code == 302
        assert list(Note.objects.all()) == [theirs]
        assert client.get(address).status_code == 404
        event = AuditEvent.objects.get(action="reading.purge_notes")
        assert (event.details, event.target_id) == ({"notes": 1}, cast.minister.pk)
        client.force_login(cast.other_minister)
        client.post("/reading/notes/erase/")
        assert not Note.objects.exists()

    def test_nobody_erases_the_notes_of_another(self, cast, version):
        make_note(cast.minister, version)
        with pytest.raises(Exception, match="purge_notes"):
            actions.purge_notes(cast.minister, by=cast.administrator, notes=Note.objects.all())
        assert Note.objects.count() == 1


def test_a_share_needs_the_owner_even_below_the_door(cast, version):
    note = make_note(cast.minister, version)
    for name in ("share_note", "take_back_note"):
        assert not rules.NOTE.allows(name, cast.other_minister, note)
        assert rules.NOTE.allows(name, cast.minister, note)
    set_up(cast.minister)
    with pytest.raises(Conflict):
        actions.share_note(note, by=cast.minister, reader=cast.other_minister, key=LOCK)


def test_seen_by_its_owner_and_those_named(cast, version):
    note = make_note(cast.minister, version)
    NoteShare.objects.create(note=note, reader=cast.other_minister, key=LOCK)
    seen = {name for name in vars(cast) if hasattr(getattr(cast, name), "current_appointments")}
    assert {name for name in seen if Note.objects.visible_to(getattr(cast, name)).exists()} == {
        "minister",
        "other_minister",
    }
