"""Who brings a resolution into the archive, and what a search may show to whom."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from core.actors import is_worker
from core.workflow import Rule, Rulebook
from decisions.rules import ResolutionStatus
from people.rules import Role, holds_office

EVIDENCE_ROLES = (Role.ARCHIVIST, Role.SECRETARY, Role.AUDITOR)  # whoever holds several orders as the first

# What a bundle tells of the trail, whoever orders it: the deeds that made the decision, each known to the
# offices that order bundles; of signing, what is about the papers inside (evidence/log.py). Of every other
# entry it has the hash and the proof; auditors have the words.
DEEDS_OF_A_DECISION = (
    "documents.seal_dossier",
    "opinions.approve_request",
    "opinions.reissue_dossier",
    "opinions.close_request",
    "opinions.close_box",
    "opinions.count_box",
    "opinions.refer_request",
    "opinions.draft_decision",
    "decisions.approve_resolution",
    "decisions.approve_for_signing",
    "decisions.record_signing",
    "decisions.ask_for_signature",
    "decisions.return_resolution",
    "decisions.record_signing",
    "decisions.issue_resolution",
    "decisions.seal_resolution",
    "decisions.seal_resolution",
    "decisions.release_resolution",
    "signatures.request_signatures",
    "signatures.sign_step",
    "signatures.affix_seal",
    "signatures.complete_signing",
    "archive.file_resolution",
    "archive.seal_evidence",
)


def is_issued(resolution: Any) -> str | None:
    if resolution.status != ResolutionStatus.ISSUED:
        return gettext("Only an issued resolution comes into the archive.")
    return None


FILING = Rulebook(
    initial=None,
    rules={
        "file_resolution": Rule(is_worker, guards=(is_issued,)),
    },
)


def office_of_evidence(user: Any, resolution: Any) -> str:
    """The office as which this person orders evidence; empty where she holds none."""
    return next((role for role in EVIDENCE_ROLES if holds_office(user, resolution, role)), "")


def keeps_evidence(user: Any, resolution: Any) -> bool:
    """Archivists, the Office and auditors of the body."""
    return bool(office_of_evidence(user, resolution))


def holds_its_office(user: Any, bundle: Any) -> bool:
    """What is in a bundle is what one office may read: those who hold it take the file."""
    return holds_office(user, bundle, bundle.role)


def is_packed(bundle: Any) -> str | None:
    return None if bundle.sha256 else gettext("The evidence bundle is not ready yet.")


EVIDENCE = Rulebook(
    initial=None,
    rules={
        "order_evidence": Rule(keeps_evidence, guards=(is_issued,)),
        "seal_evidence": Rule(is_worker),
        "record_evidence": Rule(is_worker),
        "open_evidence": Rule(holds_its_office, guards=(is_packed,)),
    },
)


def sees_evidence(user: Any) -> Q:
    """Each office the bundles that were made for it."""
    seen = Q(pk__in=[])
    for role in EVIDENCE_ROLES:
        seen |= Q(role=role, resolution__body__in=user.body_ids(role))
    return seen


def sees_entry(user: Any) -> Q:
    """What the paper itself may be read by: those on its distribution list, and the office that keeps it."""
    return Q(readers__overlap=user.reader_keys())
