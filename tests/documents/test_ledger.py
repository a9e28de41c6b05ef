"""The paper ledger: numbers and receivers, never a word of what the paper says."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from audit.models import AuditEvent
from core.actors import CLOCK
from core.workflow import Conflict
from documents import actions
from documents.models import Dossier, PaperCopy, PaperSlot
from people.rules import Role
from tests.conftest import CAST
from tests.opinions.steps import make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def speak_english(cast):
    type(cast.nobody).objects.update(language="en")
    with translation.override("en"):
        yield


@pytest.fixture
def dossier(cast):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ về quốc phòng")


@pytest.fixture
def slot(cast, dossier):
    return actions.add_slot(dossier, by=cast.secretary)


def hand_out(cast, slot, person):
    return actions.hand_out_copy(slot, by=cast.secretary, receiver=person)


def page_of(dossier):
    return reverse("documents:read_ledger", args=[dossier.pk])


def test_slots_and_copies_are_numbered_in_their_order(cast, dossier, slot):
    second = actions.add_slot(dossier, by=cast.secretary)
    copies = [
        hand_out(cast, where, person)
        for where, person in ((slot, cast.chair), (slot, cast.minister), (second, cast.chair))
    ]
    assert [(copy.slot.number, copy.number) for copy in copies] == [(1, 1), (1, 2), (2, 1)]
    assert str(second) == "Paper handed out and collected after the session, no. 2"


def test_no_field_can_hold_a_word_of_the_paper(cast, dossier, slot):
    """State secrets are not drafted or stored on a networked machine (Luật 117/2025/QH15)."""
    texts = {"CharField", "TextField", "JSONField", "FileField"}
    held = {
        field.name
        for model in (PaperSlot, PaperCopy)
        for field in model._meta.fields
        if field.get_internal_type() in texts
    }
    assert held == {"handed_out_by_name", "taken_back_by_name"}


def test_a_line_without_copies_can_go_one_with_copies_stays(cast, dossier, slot):
    empty = actions.add_slot(dossier, by=cast.secretary)
    actions.remove_slot(empty, by=cast.secretary)
    hand_out(cast, slot, cast.minister)
    with pytest.raises(Conflict, match="stays in the ledger"):
        actions.remove_slot(slot, by=cast.secretary)
    assert list(dossier.slots.all()) == [slot]


def test_one_person_holds_one_copy_of_a_paper_at_a_time(cast, slot):
    first = hand_out(cast, slot, cast.minister)
    with pytest.raises(Conflict, match="has a copy of this paper already"):
        hand_out(cast, slot, cast.minister)
    actions.take_back_copy(first, by=cast.secretary)
    assert hand_out(cast, slot, cast.minister).number == 2
    with pytest.raises(Conflict, match="come back already"):
        actions.take_back_copy(first, by=cast.secretary)


@pytest.mark.parametrize("stranger", ["outside_member", "nobody"])
def test_a_copy_is_handed_to_people_of_the_body(cast, slot, stranger):
    with pytest.raises(Conflict, match="holds an office in this body"):
        hand_out(cast, slot, getattr(cast, stranger))
    cast.minister.is_active = False
    with pytest.raises(Conflict, match="holds an office in this body"):
        hand_out(cast, slot, cast.minister)


@pytest.mark.parametrize("person", [person for person in CAST if person != "secretary"])
def test_only_the_office_keeps_it(cast, dossier, slot, person):
    who, copy = getattr(cast, person), hand_out(cast, slot, cast.chair)
    deeds = (
        lambda: actions.add_slot(dossier, by=who),
        lambda: actions.remove_slot(slot, by=who),
        lambda: actions.hand_out_copy(slot, by=who, receiver=cast.minister),
        lambda: actions.take_back_copy(copy, by=who),
    )
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()


def test_each_deed_leaves_one_trace(cast, dossier):
    before = AuditEvent.objects.count()
    slot = actions.add_slot(dossier, by=cast.secretary)
    copy = hand_out(cast, slot, cast.minister)
    actions.take_back_copy(copy, by=cast.secretary)
    actions.remove_slot(actions.add_slot(dossier, by=cast.secretary), by=cast.secretary)
    traces = AuditEvent.objects.order_by("pk")[before:]
    assert [trace.action for trace in traces] == [
        "documents.add_slot",
        "documents.hand_out_copy",
        "documents.take_back_copy",
        "documents.add_slot",
        "documents.remove_slot",
    ]
    assert {trace.case_id for trace in traces} == {dossier.pk}
    assert traces[1].details == {"number": 1, "person": "Nguyễn Hữu Đức"}


def test_what_is_still_out_when_the_matter_is_closed_is_overdue(cast, dossier, slot):
    out, back = hand_out(cast, slot, cast.minister), hand_out(cast, slot, cast.chair)
    actions.take_back_copy(back, by=cast.secretary)
    make_paper(dossier)
    actions.seal_dossier(dossier, by=cast.chair)
    assert not PaperCopy.objects.overdue().exists()
    actions.close_dossier(dossier, by=CLOCK)
    assert PaperCopy.objects.overdue().get() == out
    late = actions.take_back_copy(out, by=cast.secretary)  # after the session too
    assert not late.is_overdue


# Who sees what


def test_who_sees_a_line_and_a_copy(cast, dossier, slot):
    hand_out(cast, slot, cast.minister)
    paper = make_paper(dossier)
    actions.seal_dossier(dossier, by=cast.chair)
    for person in (cast.minister, cast.other_minister):
        actions.distribute_version(paper.version, by=cast.secretary, to=[person], because="Phiếu")
    seen = {
        model: {name for name in CAST if model.objects.visible_to(getattr(cast, name)).exists()}
        for model in (PaperSlot, PaperCopy)
    }
    assert seen[PaperSlot] == {"secretary", "auditor", "minister", "other_minister"}
    assert seen[PaperCopy] == {"secretary", "auditor", "minister"}


@pytest.mark.parametrize("person", CAST)
def test_the_ledger_is_the_office_s_and_the_auditor_s(cast, sign_in, dossier, slot, person):
    hand_out(cast, slot, cast.minister)
    answer = sign_in(getattr(cast, person)).get(page_of(dossier))
    assert answer.status_code == (200 if person in ("secretary", "auditor") else 404)
    if answer.status_code == 200:
        words = answer.content.decode()
        assert "Nguyễn Hữu Đức" in words
        assert ("Hand out a copy" in words) == (person == "secretary")


def test_a_receiver_sees_her_own_copies_in_the_dossier(cast, rf, dossier, slot):
    hand_out(cast, slot, cast.minister), hand_out(cast, slot, cast.other_minister)
    paper = make_paper(dossier)
    actions.seal_dossier(dossier, by=cast.chair)
    actions.distribute_version(
        paper.version, by=cast.secretary, roles=[(Role.MEMBER, cast.body)], because="Phiếu"
    )
    words = show_slots(rf, cast.minister, dossier)
    assert "no. 1" in words and "You have received copy no. 1" in words
    assert "copy no. 2" not in words
    assert "You have received" not in show_slots(rf, cast.third_minister, dossier)
    assert "no. 1" not in show_slots(rf, cast.archivist, dossier)


def show_slots(rf, person, dossier):
    from django.template import engines

    request = rf.get("/")
    request.user = type(person).objects.get(pk=person.pk)
    template = engines["django"].from_string("{% include 'documents/_slots.html' %}")
    return template.render({"dossier": Dossier.objects.get(pk=dossier.pk)}, request)


# The page


def test_the_office_keeps_the_ledger_through_its_page(cast, sign_in, dossier):
    office = sign_in(cast.secretary)
    assert "Nothing of this dossier is handed out" in office.get(page_of(dossier)).content.decode()
    assert office.post(reverse("documents:add_slot", args=[dossier.pk])).url == page_of(dossier)
    slot = PaperSlot.objects.get()
    address = reverse("documents:hand_out_copy", args=[slot.pk])
    empty = office.post(address, {f"slot-{slot.pk}-receiver": ""})
    assert empty.status_code == 422
    stranger = office.post(address, {f"slot-{slot.pk}-receiver": cast.outside_member.pk})
    assert stranger.status_code == 422
    assert office.post(address, {f"slot-{slot.pk}-receiver": cast.minister.pk}).status_code == 302
    assert office.post(address, {f"slot-{slot.pk}-receiver": cast.minister.pk}).status_code == 409
    copy = PaperCopy.objects.get()
    assert "1 copy is out" in office.get(page_of(dossier)).content.decode()
    assert office.post(reverse("documents:take_back_copy", args=[copy.pk])).status_code == 302
    assert office.post(reverse("documents:remove_slot", args=[slot.pk])).status_code == 409
    copy.refresh_from_db()
    assert copy.taken_back_by_name == "Hoàng Minh Khôi"


def test_the_page_costs_the_same_for_one_copy_and_for_many(cast, sign_in, dossier, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    office = sign_in(cast.secretary)
    hand_out(cast, actions.add_slot(dossier, by=cast.secretary), cast.minister)
    with CaptureQueriesContext(connection) as few:
        office.get(page_of(dossier))
    for _ in range(3):
        slot = actions.add_slot(dossier, by=cast.secretary)
        for person in (cast.chair, cast.minister, cast.other_minister):
            hand_out(cast, slot, person)
    with django_assert_num_queries(len(few)):
        office.get(page_of(dossier))
