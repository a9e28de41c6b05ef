"""What changed in a dossier since a person read it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from documents import actions
from documents.changes import Kind, _stay_in_order, find_change, find_changes
from documents.models import DocumentVersion, NeedToKnow, ReadingPlace, Section
from people.rules import Role
from tests.documents.test_issues import dossier, put, reopen, seal, speak_english

__all__ = ["dossier", "speak_english"]


def give(cast, issue, *people):
    for paper in issue.papers.all():
        named = NeedToKnow.objects.filter(paper__version=paper.version_id).values_list("reader", flat=True)
        to = [person for person in people if not paper.is_restricted or person.pk in named]
        actions.distribute_version(paper.version, by=cast.secretary, to=to, because="Phiếu")
    return issue


def read(person, paper, page=1):
    actions.open_version(paper.version, by=person)
    ReadingPlace.objects.remember(person, paper.version, page=page)


def replace(paper, number=2):
    """The same document in a new version."""
    old = paper.version
    new = DocumentVersion.objects.get(pk=old.pk)
    new.pk, new.number, new.sha256 = None, number, f"{number}" * 64
    new.file_name = f"bản {number}.pdf"
    new.save()
    paper.version = new
    paper.save()
    return new


def kinds(changes):
    return [(change.kind, str(change.paper.version.document)) for change in changes.rows]


@pytest.fixture
def first(cast, dossier):
    with clock.at(clock.now() - timedelta(hours=5)):
        return give(cast, seal(cast, dossier), cast.minister, cast.other_minister)


def reissue(cast, dossier, *people, reason="Sai số liệu"):
    return give(cast, seal(cast, dossier, reason=reason), *(people or (cast.minister, cast.other_minister)))


def test_who_has_read_nothing_is_told_of_no_change(cast, dossier, first):
    reopen(cast, dossier)
    put(cast, dossier, "Phụ lục")
    issue = reissue(cast, dossier)
    changes = find_changes(cast.minister, issue)
    assert (changes.since, changes.rows) == (None, ())


def test_new_replaced_and_taken_out(cast, dossier, first):
    with clock.at(clock.now() - timedelta(hours=1)):
        _submission, draft = first.papers.order_by("place")
        read(cast.minister, draft, page=4)
    reopen(cast, dossier)
    new = replace(dossier.papers.get(place=2))
    put(cast, dossier, "Phụ lục")
    dossier.papers.get(place=1).delete()
    issue = reissue(cast, dossier)

    changes = find_changes(cast.minister, issue)

    assert changes.since == first
    assert kinds(changes) == [
        (Kind.REPLACED, "Dự thảo"),
        (Kind.NEW, "Phụ lục"),
        (Kind.REMOVED, "Tờ trình"),
    ]
    replaced = changes.rows[0]
    assert (replaced.older, replaced.read_to) == (draft.version, 4)
    assert [change.is_unread for change in changes.rows] == [True, True, False]
    assert find_change(cast.minister, new) == changes.of(new.pk)
    read(cast.minister, replaced.paper)
    assert [change.is_unread for change in find_changes(cast.minister, issue).rows] == [False, True, False]


def test_the_reader_says_so_and_leads_to_the_comparison(cast, dossier, first, sign_in):
    with clock.at(clock.now() - timedelta(hours=1)):
        old = first.papers.get(place=2)
        read(cast.minister, old, page=4)
    reopen(cast, dossier)
    new = replace(dossier.papers.get(place=2))
    reissue(cast, dossier)
    compare = reverse("reading:compare_versions", args=[old.version_id, new.pk])
    client = sign_in(cast.minister)
    reader = client.get(new.get_absolute_url())
    assert (reader.context["change"].older, reader.context["change"].read_to) == (old.version, 4)
    assert compare in reader.content.decode()
    assert compare in client.get(dossier.get_absolute_url()).content.decode()
    assert sign_in(cast.other_minister).get(new.get_absolute_url()).context["change"] is None


def test_a_replaced_paper_that_was_not_opened_is_compared_with_what_lay_there(cast, dossier, first):
    with clock.at(clock.now() - timedelta(hours=1)):
        submission, draft = first.papers.order_by("place")
        read(cast.minister, submission)
    reopen(cast, dossier)
    replace(dossier.papers.get(place=2))
    (change,) = find_changes(cast.minister, reissue(cast, dossier)).rows
    assert (change.older, change.read_to) == (draft.version, 0)


def test_over_several_issues_the_last_one_read_counts(cast, dossier, first):
    with clock.at(clock.now() - timedelta(hours=4)):
        read(cast.other_minister, first.papers.first())
    with clock.at(clock.now() - timedelta(hours=3)):
        reopen(cast, dossier)
        put(cast, dossier, "Phụ lục 1")
        second = reissue(cast, dossier)
    with clock.at(clock.now() - timedelta(hours=2)):
        read(cast.minister, second.papers.get(place=3))
    reopen(cast, dossier)
    put(cast, dossier, "Phụ lục 2")
    third = reissue(cast, dossier)
    assert kinds(find_changes(cast.minister, third)) == [(Kind.NEW, "Phụ lục 2")]
    assert kinds(find_changes(cast.other_minister, third)) == [
        (Kind.NEW, "Phụ lục 1"),
        (Kind.NEW, "Phụ lục 2"),
    ]


def test_another_place_or_section_is_told(cast, dossier, first):
    with clock.at(clock.now() - timedelta(hours=1)):
        read(cast.minister, first.papers.first())
    reopen(cast, dossier)
    dossier.papers.filter(place=1).update(place=7)
    (moved,) = find_changes(cast.minister, reissue(cast, dossier)).rows
    assert (moved.kind, moved.before.place != moved.paper.place) == (Kind.MOVED, True)
    reopen(cast, dossier)
    section = Section.objects.create(dossier=dossier, title="Kèm theo", place=1)
    dossier.papers.update(section=section)
    assert len(find_changes(cast.minister, reissue(cast, dossier)).rows) == 2


def test_what_one_may_not_read_is_not_among_the_changes(cast, dossier, first):
    with clock.at(clock.now() - timedelta(hours=1)):
        for person in (cast.minister, cast.other_minister):
            read(person, first.papers.first())
    reopen(cast, dossier)
    secret = put(cast, dossier, "Báo cáo riêng")
    NeedToKnow.objects.create(paper=secret, reader=cast.minister)
    issue = reissue(cast, dossier)
    assert kinds(find_changes(cast.minister, issue)) == [(Kind.NEW, "Báo cáo riêng")]
    assert kinds(find_changes(cast.other_minister, issue)) == []
    assert find_change(cast.other_minister, secret.version) is None


def test_who_decided_on_the_sending_read_before_the_first_issue(cast, dossier):
    papers = list(dossier.papers.all())
    for paper in papers:
        actions.distribute_version(
            paper.version, by=cast.secretary, roles=[(Role.VICE_CHAIR, cast.body)], because="Trình"
        )
    with clock.at(clock.now() - timedelta(hours=2)):
        read(cast.vice_chair, papers[0])
    first = seal(cast, dossier)
    assert find_changes(cast.vice_chair, first).rows == ()
    reopen(cast, dossier)
    dossier.papers.get(place=2).delete()
    second = seal(cast, dossier)
    assert kinds(find_changes(cast.vice_chair, second)) == [(Kind.REMOVED, "Dự thảo")]


@pytest.mark.parametrize(
    ("places", "stayed"),
    [
        ([], set()),
        ([1, 2, 3], {1, 2, 3}),
        ([2, 3, 1], {2, 3}),
        ([3, 1, 2], {1, 2}),
        ([4, 1, 5, 2, 3], {1, 2, 3}),
    ],
)
def test_as_few_as_possible_have_moved(places, stayed):
    assert _stay_in_order(places) == stayed


def test_the_number_of_queries_is_fixed(cast, dossier, first, django_assert_max_num_queries):
    with clock.at(clock.now() - timedelta(hours=1)):
        for paper in first.papers.all():
            read(cast.minister, paper)
    reopen(cast, dossier)
    for number in range(12):
        put(cast, dossier, f"Phụ lục {number}")
    issue = reissue(cast, dossier)
    minister = type(cast.minister).objects.get(pk=cast.minister.pk)
    with django_assert_max_num_queries(6):
        assert len(find_changes(minister, issue).rows) == 12
