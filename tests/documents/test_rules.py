"""Who may do what to dossiers, papers and renderings: written from the law, not from the table."""

import pytest

from core.actors import CLOCK, WORKER
from documents import actions, rules
from documents.models import DocumentVersion, Dossier, DossierPaper
from people.rules import Role
from tests.conftest import CAST
from tests.documents.samples import received

EDITS = {"create_dossier", "add_paper", "remove_paper"}

# person: what may be done to a dossier in preparation that holds a paper already read, and to a sealed one
DOSSIER = {
    "chair": ({"seal_dossier"}, set()),
    "vice_chair": ({"seal_dossier"}, set()),
    "minister": (set(), set()),
    "other_minister": (set(), set()),
    "third_minister": (set(), set()),
    "assistant": (set(), set()),
    "secretary": ({*EDITS, "seal_dossier"}, set()),
    "archivist": (set(), set()),
    "administrator": (set(), set()),
    "auditor": (set(), set()),
    "outside_secretary": (set(), set()),
    "outside_member": (set(), set()),
    "outside_auditor": (set(), set()),
    "nobody": (set(), set()),
}

# person: what may be done to a version that was given to the ministers by their office, and to one refused
VERSION = {
    "chair": ({"distribute_version"}, set()),
    "vice_chair": ({"distribute_version"}, set()),
    "minister": ({"open_version"}, set()),
    "other_minister": ({"open_version"}, set()),
    "third_minister": ({"open_version"}, set()),
    "assistant": (set(), set()),
    "secretary": ({"open_version", "distribute_version"}, set()),
    "archivist": (set(), set()),
    "administrator": (set(), set()),
    "auditor": (set(), set()),
    "outside_secretary": (set(), set()),
    "outside_member": (set(), set()),
    "outside_auditor": (set(), set()),
    "nobody": (set(), set()),
}

RENDERING = {
    "chair": {"order_rendering"},
    "vice_chair": {"order_rendering"},
    "secretary": {"order_rendering"},
}


def act(book, person, obj):
    return {name for name in book.allowed(person, obj)}


@pytest.fixture
def paper(cast):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    paper = actions.add_paper(dossier, by=cast.secretary, upload=received())
    version = actions.record_text(paper.version, by=WORKER, pages=["Kính trình"])
    actions.distribute_version(
        version, by=cast.secretary, roles=[(Role.MEMBER, cast.body)], because="Phiếu số 1"
    )
    return DossierPaper.objects.select_related("dossier", "version").get()


def test_the_tables_name_everyone():
    assert set(DOSSIER) == set(VERSION) == set(CAST)


@pytest.mark.parametrize("person", CAST)
def test_who_may_do_what_to_a_dossier(cast, paper, person):
    in_preparation, sealed = DOSSIER[person]
    assert act(rules.DOSSIER, getattr(cast, person), paper.dossier) == in_preparation
    dossier = actions.seal_dossier(paper.dossier, by=cast.vice_chair)
    assert act(rules.DOSSIER, getattr(cast, person), dossier) == sealed


@pytest.mark.parametrize("person", CAST)
def test_who_may_do_what_to_a_paper(cast, paper, person):
    kept, refused = VERSION[person]
    assert act(rules.VERSION, getattr(cast, person), paper.version) == kept
    version = actions.refuse_version(paper.version, by=WORKER, because="secret")
    assert act(rules.VERSION, getattr(cast, person), version) == refused


@pytest.mark.parametrize("person", CAST)
def test_who_may_have_a_document_made(cast, paper, person):
    document = paper.version.document
    assert act(rules.RENDERING, getattr(cast, person), document) == RENDERING.get(person, set())


def test_what_the_machines_may_do(cast, paper):
    document = paper.version.document
    assert act(rules.RENDERING, WORKER, document) == {"order_rendering", "add_rendered_version"}
    assert act(rules.RENDERING, CLOCK, document) == {"order_rendering"}
    assert rules.VERSION.allows("record_text", WORKER, paper.version)
    assert rules.VERSION.allows("refuse_version", WORKER, paper.version)
    assert rules.VERSION.allows("distribute_version", CLOCK, paper.version)
    assert not rules.VERSION.allows("record_text", CLOCK, paper.version)


@pytest.mark.parametrize("person", CAST)
def test_who_may_open_also_sees(cast, paper, person):
    user = getattr(cast, person)
    may_open = "open_version" in VERSION[person][0]
    assert DocumentVersion.objects.visible_to(user).exists() == may_open
    assert DossierPaper.objects.visible_to(user).exists() == may_open


def test_the_folder_is_the_office_s_own(cast, paper):
    seen_by = {person for person in CAST if Dossier.objects.visible_to(getattr(cast, person)).exists()}
    assert seen_by == {"secretary"}


def test_a_paper_given_by_name_is_seen_by_that_person_alone(cast, paper):
    actions.distribute_version(paper.version, by=cast.secretary, to=[cast.archivist], because="Lưu trữ")
    assert DocumentVersion.objects.visible_to(cast.archivist).get() == paper.version
    assert not DocumentVersion.objects.visible_to(cast.auditor).exists()


def test_an_office_that_has_ended_reads_nothing(cast, paper):
    cast.minister.appointments.update(valid_until="2026-02-01")
    minister = type(cast.minister).objects.get(pk=cast.minister.pk)
    assert not DocumentVersion.objects.visible_to(minister).exists()
