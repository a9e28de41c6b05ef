"""Who has signatures checked, and who says whom the house trusts."""

import pytest

from core.actors import CLOCK, WORKER
from signatures import rules
from signatures.models import RevocationList, TrustedCertificate, Verification
from tests.conftest import CAST
from tests.signatures.papers import add_paper, settle, trust

# `trust_certificate` is the last step of confirming; of what is not confirmed, see the tests of proposals
ADMINISTRATION = {"add_revocation_list", "add_revocation_answer", "trust_certificate"}

# person: to a paper whose signatures were checked; to the trust store
MAY = {
    "chair": (set(), set()),
    "vice_chair": (set(), set()),
    "minister": (set(), set()),
    "other_minister": (set(), set()),
    "third_minister": (set(), set()),
    "assistant": (set(), set()),
    "secretary": ({"order_verification"}, set()),
    "archivist": (set(), set()),
    "administrator": (set(), ADMINISTRATION),
    "auditor": (set(), set()),
    "submitter": (set(), set()),
    "other_submitter": (set(), set()),
    "outside_secretary": (set(), set()),
    "outside_member": (set(), set()),
    "outside_auditor": (set(), set()),
    "nobody": (set(), set()),
}


def test_the_table_names_everyone():
    assert set(MAY) == set(CAST)


@pytest.mark.parametrize("person", CAST)
def test_who_may_do_what(cast, person):
    version = add_paper(cast)
    settle(version)
    user, (papers, trust_store) = getattr(cast, person), MAY[person]
    assert set(rules.VERIFICATION.allowed(user, Verification(version=version))) == papers
    assert set(rules.CERTIFICATE.allowed(user, trust(cast))) == trust_store


def test_what_the_machines_may_do(cast):
    version = add_paper(cast)
    settle(version)
    verification = Verification(version=version)
    assert set(rules.VERIFICATION.allowed(WORKER, verification)) == {
        "order_verification",
        "record_verification",
    }
    assert set(rules.CERTIFICATE.allowed(WORKER, trust(cast))) == {
        "add_revocation_list",
        "add_revocation_answer",
        "link_certificate",
    }
    assert rules.VERIFICATION.allowed(CLOCK, verification) == ["order_rechecks"]


def test_nothing_is_ordered_twice(cast):
    verification = Verification(version=add_paper(cast))
    assert rules.VERIFICATION.allowed(cast.secretary, verification) == []


@pytest.mark.parametrize("person", CAST)
def test_everyone_in_office_may_know_whom_the_house_trusts(cast, person):
    trust(cast)
    sees = TrustedCertificate.objects.visible_to(getattr(cast, person)).exists()
    assert sees == (person != "nobody")
    assert RevocationList.objects.visible_to(getattr(cast, person)).count() == 0
