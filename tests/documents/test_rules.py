"""Who may do what to dossiers, papers and renderings: written from the law, not from the table."""

import pytest

from core.actors import CLOCK, WORKER
from core.work import WorkState
from documents import actions, rules
from documents.models import Distribution, DocumentVersion, Dossier, DossierPaper
from people.rules import Role
from tests import factories
from tests.conftest import CAST
from tests.documents.samples import received

PAPERS = {"add_paper", "include_version", "replace_paper", "describe_paper", "move_paper", "remove_paper"}
SECTIONS = {"add_section", "rename_section", "move_section", "remove_section"}
EDITS = PAPERS | SECTIONS
SLOTS, COPIES = {"add_slot", "remove_slot"}, {"hand_out_copy", "take_back_copy"}
LEDGER = SLOTS | COPIES
PUT_FORWARD = {"submit_dossier", "seal_dossier"}

# moment of a dossier that holds a paper already read: {who: actions}; who is not named may do nothing
DOSSIER = {
    "the Office's own": {
        "secretary": {"create_dossier", "limit_readers", *EDITS, *LEDGER, *PUT_FORWARD},
        "chair": {"seal_dossier"},
        "vice_chair": {"seal_dossier"},
    },
    "with the lead agency": {  # the Office sees it and touches no paper of it
        "submitter": {"create_dossier", "hand_over_dossier", *EDITS},
        "secretary": LEDGER,
    },
    "handed in": {
        "secretary": {
            "create_dossier",
            "hand_over_dossier",
            "limit_readers",
            *EDITS,
            *LEDGER,
            *PUT_FORWARD,
        },
        "chair": {"seal_dossier"},
        "vice_chair": {"seal_dossier"},
    },
    "before those who decide": {  # what they look at is what the members get
        "secretary": {"seal_dossier", *COPIES},
        "chair": {"seal_dossier", "return_dossier"},
        "vice_chair": {"seal_dossier", "return_dossier"},
    },
    "before the members": {
        "secretary": {"reopen_dossier", "close_dossier", *LEDGER},
        "chair": {"close_dossier"},
        "vice_chair": {"close_dossier"},
        "clock": {"close_dossier"},
        "worker": {"close_dossier"},
    },
    "being corrected": {
        "secretary": {
            "limit_readers",
            "seal_dossier",
            "drop_correction",
            "close_dossier",
            *EDITS,
            *LEDGER,
        },
        "chair": {"seal_dossier", "close_dossier"},
        "vice_chair": {"seal_dossier", "close_dossier"},
        "clock": {"close_dossier"},
        "worker": {"close_dossier"},
    },
    "closed": {"secretary": COPIES},  # what was handed out is collected after the session too
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
    "submitter": (set(), set()),
    "other_submitter": (set(), set()),
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
    version.copies.update(work_state=WorkState.DONE)  # made readable
    actions.distribute_version(
        version, by=cast.secretary, roles=[(Role.MEMBER, cast.body)], because="Phiếu số 1"
    )
    return DossierPaper.objects.select_related("dossier", "version").get()


def reach(cast, paper, moment):
    """The dossier of the paper at that moment."""
    dossiers, dossier = Dossier.objects.filter(pk=paper.dossier_id), paper.dossier
    if moment in ("with the lead agency", "handed in"):
        dossiers.update(prepared_by=cast.finance, is_with_agency=True)
    if moment == "handed in":
        actions.hand_over_dossier(dossier, by=cast.submitter, to_office=True)
    if moment == "before those who decide":
        actions.submit_dossier(dossier, by=cast.secretary)
    if moment in ("before the members", "being corrected", "closed"):
        actions.seal_dossier(dossier, by=cast.vice_chair)
    if moment == "being corrected":
        actions.reopen_dossier(dossier, by=cast.secretary, reason="Sửa số liệu.")
    if moment == "closed":
        actions.close_dossier(dossier, by=CLOCK)
    return dossiers.get()


def test_the_table_names_everyone():
    assert set(VERSION) == set(CAST)


@pytest.mark.parametrize("moment", DOSSIER)
def test_who_may_do_what_to_a_dossier(cast, paper, moment):
    dossier = reach(cast, paper, moment)
    people = {**{name: getattr(cast, name) for name in CAST}, "clock": CLOCK, "worker": WORKER}
    found = {name: act(rules.DOSSIER, person, dossier) for name, person in people.items()}
    assert {name: allowed for name, allowed in found.items() if allowed} == DOSSIER[moment]


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


@pytest.mark.parametrize("moment", ["the Office's own", "with the lead agency", "handed in"])
def test_the_folder_is_the_office_s_and_its_lead_agency_s(cast, paper, moment):
    Distribution.objects.all().delete()
    reach(cast, paper, moment)
    entitled = {"secretary"} if moment == "the Office's own" else {"secretary", "submitter"}
    for model in (Dossier, DossierPaper, DocumentVersion):
        seeing = {person for person in CAST if model.objects.visible_to(getattr(cast, person)).exists()}
        assert seeing == entitled, model


def test_an_officer_sees_her_agency_s_folders_before_her_own_body_alone(cast, paper):
    Dossier.objects.update(prepared_by=cast.finance)
    abroad = factories.make_officer("Hồ Văn Sang", Role.SUBMITTER, cast.province, organisation=cast.finance)
    former = factories.make_officer(
        "Lê Thị Cũ", Role.SUBMITTER, cast.body, organisation=cast.finance, valid_until="2026-02-01"
    )
    assert Dossier.objects.visible_to(cast.submitter).exists()
    for person in (abroad, former, cast.other_submitter):
        assert not Dossier.objects.visible_to(person).exists()


def test_a_paper_given_by_name_is_seen_by_that_person_alone(cast, paper):
    actions.distribute_version(paper.version, by=cast.secretary, to=[cast.archivist], because="Lưu trữ")
    assert DocumentVersion.objects.visible_to(cast.archivist).get() == paper.version
    assert not DocumentVersion.objects.visible_to(cast.auditor).exists()


def test_an_office_that_has_ended_reads_nothing(cast, paper):
    cast.minister.appointments.update(valid_until="2026-02-01")
    minister = type(cast.minister).objects.get(pk=cast.minister.pk)
    assert not DocumentVersion.objects.visible_to(minister).exists()


def test_a_paper_given_in_one_matter_opens_no_other_folder_in_preparation(cast, paper):
    actions.distribute_version(paper.version, by=cast.secretary, to=[cast.minister], because="phiếu")
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    actions.include_version(other, by=cast.secretary, version=paper.version)
    assert not Dossier.objects.visible_to(cast.minister).exists()
    actions.seal_dossier(other, by=cast.vice_chair)
    assert list(Dossier.objects.visible_to(cast.minister)) == [other]
