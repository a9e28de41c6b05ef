"""The readers' ledger, and the page of a dossier."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from documents import actions, rules
from documents.models import DocumentVersion, NeedToKnow, ReadingPlace
from documents.readers import as_cell, list_readers
from people.rules import Role
from tests.conftest import CAST
from tests.documents.test_changes import replace
from tests.documents.test_issues import dossier, put, reopen, seal, speak_english

__all__ = ["dossier", "speak_english"]

KEEPERS = {"chair", "vice_chair", "secretary", "auditor"}


@pytest.fixture
def issue(cast, dossier):
    """One paper for the minister alone, the others for all members; the minister has opened one."""
    own = put(cast, dossier, "Báo cáo riêng")
    NeedToKnow.objects.create(paper=own, reader=cast.minister)
    issue = seal(cast, dossier)
    presiding = [(Role.CHAIR, cast.body), (Role.VICE_CHAIR, cast.body)]
    for paper in issue.papers.all():
        to = [cast.minister] if paper.is_restricted else [cast.minister, cast.other_minister]
        roles = presiding if paper.is_restricted else [*presiding, (Role.AUDITOR, cast.body)]
        actions.distribute_version(paper.version, by=cast.secretary, to=to, roles=roles, because="Phiếu")
    actions.open_version(issue.papers.get(place=1).version, by=cast.minister)
    return issue


def of(readers, person):
    return next(reader for reader in readers if reader.person == person)


def test_it_tells_who_was_given_what_and_has_opened_it(cast, dossier, issue):
    readers = list_readers(cast.secretary, dossier)
    assert [reader.person for reader in readers] == [
        cast.chair,
        cast.vice_chair,
        cast.minister,
        cast.other_minister,
        cast.auditor,
    ]
    minister = of(readers, cast.minister)
    assert minister.office == "Bộ trưởng Bộ Tài chính"
    assert [(line.place, bool(line.opened_at)) for line in minister.lines] == [
        (1, True),
        (2, False),
        (3, False),
    ]
    assert (len(minister.opened), len(minister.missing)) == (1, 2)
    assert [line.place for line in of(readers, cast.other_minister).lines] == [1, 2]


def test_a_replaced_version_stays_in_it(cast, dossier, issue):
    with clock.at(clock.now() + timedelta(hours=1)):
        reopen(cast, dossier)
        new = replace(dossier.papers.get(place=1))
        seal(cast, dossier, reason="Sai số")
        actions.distribute_version(new, by=cast.secretary, to=[cast.minister], because="Phiếu")
    lines = of(list_readers(cast.secretary, dossier), cast.minister).lines
    told = [(line.place, line.version.number, line.is_current, bool(line.opened_at)) for line in lines]
    assert told == [(1, 1, False, True), (1, 2, True, False), (2, 1, True, False), (3, 1, True, False)]


def test_the_office_opens_without_being_given(cast, dossier, issue):
    actions.open_version(issue.papers.get(place=2).version, by=cast.secretary)
    (line,) = of(list_readers(cast.chair, dossier), cast.secretary).lines
    assert (line.given_at, line.place) == (None, 2)


def test_how_far_someone_has_read_is_not_in_it(cast, dossier, issue, sign_in):
    ReadingPlace.objects.update(page=77, furthest_page=77)
    page = sign_in(cast.secretary).get(reverse("documents:read_readers", args=[dossier.pk]))
    assert "77" not in page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


def test_the_auditor_reads_nothing_of_a_paper_for_named_readers(cast, dossier, issue, sign_in):
    page = sign_in(cast.auditor).get(reverse("documents:read_readers", args=[dossier.pk])).content.decode()
    assert "Dự thảo" in page
    assert "Báo cáo riêng" not in page
    assert (
        "Báo cáo riêng"
        in sign_in(cast.chair).get(reverse("documents:read_readers", args=[dossier.pk])).content.decode()
    )


def test_for_others_it_does_not_exist(cast, dossier, issue, sign_in):
    addresses = [
        reverse(f"documents:{name}", args=[dossier.pk]) for name in ("read_readers", "export_readers")
    ]
    read, take = {}, {}
    for person in CAST:
        client = sign_in(getattr(cast, person))
        read[person] = client.get(addresses[0]).status_code
        take[person] = client.post(addresses[1]).status_code
    assert read == take == {person: 200 if person in KEEPERS else 404 for person in CAST}
    allowed = {p for p in CAST if rules.LEDGER.allows("export_readers", getattr(cast, p), dossier)}
    assert allowed == KEEPERS


def test_the_copy_is_a_table_and_leaves_a_trace(cast, dossier, issue, sign_in):
    answer = sign_in(cast.secretary).post(reverse("documents:export_readers", args=[dossier.pk]))
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 3 + 3 + 3 + 2 + 2
    assert rows[3 + 3 + 1][0] == cast.minister.full_name
    assert AuditEvent.objects.get(action="documents.export_readers").details == {"entries": 13}
    with pytest.raises(PermissionDenied):
        actions.export_readers(dossier, by=cast.minister)


@pytest.mark.parametrize(("text", "cell"), [("=1+1", "'=1+1"), ("@a", "'@a"), ("Tờ trình", "Tờ trình")])
def test_no_name_becomes_a_formula(text, cell):
    assert as_cell(text) == cell


# The page of the dossier


def page_of(client, dossier):
    return client.get(dossier.get_absolute_url())


def test_who_sees_the_dossier(cast, dossier, issue, sign_in):
    readers = {*KEEPERS, "minister", "other_minister"}
    for person in CAST:
        client, expected = sign_in(getattr(cast, person)), 200 if person in readers else 404
        assert page_of(client, dossier).status_code == expected, person
        earlier = client.get(reverse("documents:read_issue", args=[dossier.pk, 1]))
        assert earlier.status_code == expected, person


def test_the_page_shows_what_is_given_and_how_far_it_is_read(cast, dossier, issue, sign_in):
    version = issue.papers.get(place=1).version
    ReadingPlace.objects.remember(cast.minister, version, page=2)
    context = page_of(sign_in(cast.minister), dossier).context
    assert [(row.paper.place, row.paper.mark, row.paper.furthest_page) for row in context["rows"]] == [
        (1, "begun", 2),
        (2, "unread", 0),
        (3, "unread", 0),
    ]
    assert (context["go_on"].place, context["next_unread"].place, context["pages_given"]) == (1, 2, 11)
    assert not context["keeps_ledger"]
    other = page_of(sign_in(cast.other_minister), dossier)
    assert [row.paper.first_page for row in other.context["rows"]] == [1, 4]
    assert "Báo cáo riêng" not in other.content.decode()


def test_an_earlier_issue_stays_readable_and_says_that_it_is_one(cast, dossier, issue, sign_in):
    reopen(cast, dossier)
    dossier.papers.get(place=2).delete()
    seal(cast, dossier, reason="Rút dự thảo")
    client = sign_in(cast.minister)
    page = page_of(client, dossier).content.decode()
    assert "Rút dự thảo" in page
    assert reverse("documents:read_issue", args=[dossier.pk, 1]) in page
    earlier = client.get(reverse("documents:read_issue", args=[dossier.pk, 1])).content.decode()
    assert "Dự thảo" in earlier
    assert dossier.get_absolute_url() in earlier
    assert client.get(reverse("documents:read_issue", args=[dossier.pk, 3])).status_code == 404


def test_before_the_first_issue_the_office_sees_the_working_copy(cast, dossier, sign_in):
    answer = page_of(sign_in(cast.secretary), dossier)
    assert answer.context["issue"] is None
    assert len(answer.context["rows"]) == 2


def test_the_page_costs_the_same_for_many_papers(
    cast, dossier, issue, sign_in, django_assert_max_num_queries
):
    client = sign_in(cast.minister)
    page_of(client, dossier)
    with django_assert_max_num_queries(60) as few:
        page_of(client, dossier)
    reopen(cast, dossier)
    for number in range(10):
        put(cast, dossier, f"Phụ lục {number}")
    second = seal(cast, dossier, reason="Bổ sung")
    for paper in second.papers.filter(place__gt=3):
        actions.distribute_version(paper.version, by=cast.secretary, to=[cast.minister], because="Phiếu")
    for version in DocumentVersion.objects.filter(issued__issue=issue):
        ReadingPlace.objects.get_or_create(user=cast.minister, version=version)
    page_of(client, dossier)
    with django_assert_max_num_queries(60) as many:
        page_of(client, dossier)
    assert len(many) <= len(few) + 3, "what changed is asked for once the dossier has two issues"
