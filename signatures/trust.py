"""Whom the house trusts, put together for the verifier; each such state is kept and can be had again."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from signatures.authorities import (
    LIMIT,
    Answer,
    Authority,
    Revocations,
    read_answer,
    read_certificate,
    read_certificates,
    read_list,
)
from signatures.models import (
    RevocationAnswer,
    RevocationList,
    TrustedCertificate,
    TrustProposal,
    TrustSnapshot,
)
from signatures.rules import CertificateUse, ProposalKind
from verifier.pdf.trust import Anchor, TrustStore

__all__ = [
    "LIMIT",
    "Answer",
    "Authority",
    "Revocations",
    "build_trust_store",
    "find_next_change",
    "foresee_trust_store",
    "keep_snapshot",
    "name_trust_of_today",
    "read_answer",
    "read_certificate",
    "read_certificates",
    "read_list",
    "rebuild_trust_store",
]

Term = tuple[str, str, datetime | None, datetime | None]  # use, fingerprint, counts from, counts until


def build_trust_store() -> TrustStore:
    """All that is trusted now. An issuing authority stands for itself: its root need not be known."""
    return _assemble(_list_terms(), *_list_revocations())


def name_trust_of_today() -> str:
    """The fingerprint of `build_trust_store()`, without reading megabytes of lists where nothing is new."""
    return build_trust_store().fingerprint


def foresee_trust_store(proposal: TrustProposal) -> TrustStore:
    """The trust of today as it would be with the proposal."""
    terms = set(_list_terms())
    if proposal.kind == ProposalKind.END:
        ended = proposal.certificate
        terms = {term for term in terms if ended is None or term[1] != ended.fingerprint}
        if ended is not None and proposal.counts_until:
            terms.add((ended.use, ended.fingerprint, ended.counts_from, proposal.counts_until))
        return _assemble(tuple(sorted(terms, key=str)), *_list_revocations())
    proposed = [Authority.from_json(item) for item in proposal.certificates]
    known = {term[1] for term in terms if term[0] != CertificateUse.LINK}
    added = {
        item.fingerprint: (item.use, item.fingerprint, proposal.counts_from, proposal.counts_until)
        for item in proposed
        if item.fingerprint not in known
    }
    kept = {term for term in terms if term[1] not in added} | set(added.values())
    pems = tuple((item.fingerprint, item.pem) for item in proposed)
    return _assemble(tuple(sorted(kept, key=str)), *_list_revocations(), pems)


def find_next_change(after: datetime) -> datetime | None:
    """When time alone may change what the trust says: a list is overdue, a certificate or a term begins or
    ends. At once where a list in use does not say until when it holds."""
    moments: list[datetime] = []
    for model in (RevocationList, RevocationAnswer):
        used = model.objects.in_use()
        if used.filter(next_at=None).exists():
            return after
        moments += used.filter(next_at__gt=after).values_list("next_at", flat=True)
    trusted = TrustedCertificate.objects.trusted()
    for field in ("not_before", "not_after", "counts_from", "counts_until"):
        moments += trusted.filter(**{f"{field}__gt": after}).values_list(field, flat=True)
    return min(moments, default=None)


def keep_snapshot(store: TrustStore) -> TrustSnapshot:
    """What exactly was trusted, by name: its parts are rows already and are never erased."""
    plain = store.to_json()
    content = {part: [_name_part(item) for item in plain[part]] for part in plain}
    snapshot, _ = TrustSnapshot.objects.get_or_create(
        fingerprint=store.fingerprint, defaults={"content": content}
    )
    return snapshot


def rebuild_trust_store(snapshot: TrustSnapshot) -> TrustStore:
    """The store of that day, to reach an old verdict anew."""
    content: dict[str, Any] = snapshot.content
    wanted = {part: [item["sha256"] for item in items] for part, items in content.items()}
    pems = _find_pems({*wanted["anchors"], *wanted["timestampers"], *wanted["intermediates"]})
    lists = dict(
        RevocationList.objects.filter(fingerprint__in=wanted["crls"]).values_list("fingerprint", "der")
    )
    answers = dict(
        RevocationAnswer.objects.filter(fingerprint__in=wanted["ocsps"]).values_list("fingerprint", "der")
    )

    def anchors(part: str) -> list[Anchor]:
        return [
            Anchor(pems[item["sha256"]].encode(), _hear(item["from"]), _hear(item["until"]))
            for item in content[part]
        ]

    return TrustStore.build(
        anchors=anchors("anchors"),
        timestampers=anchors("timestampers"),
        intermediates=[pems[name].encode() for name in wanted["intermediates"]],
        crls=[bytes(lists[name]) for name in wanted["crls"]],
        ocsps=[bytes(answers[name]) for name in wanted["ocsps"]],
    )


def _list_terms() -> tuple[Term, ...]:
    trusted = TrustedCertificate.objects.trusted().order_by("fingerprint")
    return tuple(trusted.values_list("use", "fingerprint", "counts_from", "counts_until"))


def _list_revocations() -> tuple[tuple[str, ...], tuple[str, ...]]:
    lists = RevocationList.objects.in_use().order_by("fingerprint")
    answers = RevocationAnswer.objects.in_use().order_by("fingerprint")
    return (
        tuple(lists.values_list("fingerprint", flat=True)),
        tuple(answers.values_list("fingerprint", flat=True)),
    )


@lru_cache(maxsize=4)
def _assemble(
    terms: tuple[Term, ...],
    lists: tuple[str, ...],
    answers: tuple[str, ...],
    proposed: tuple[tuple[str, str], ...] = (),
) -> TrustStore:
    """Names of parts stand for their bytes, so the same names give the same store."""
    pems = {**dict(proposed), **_find_pems({term[1] for term in terms})}

    def anchors(*uses: str) -> Iterable[Anchor]:
        return [Anchor(pems[name].encode(), start, end) for use, name, start, end in terms if use in uses]

    return TrustStore.build(
        anchors=anchors(CertificateUse.ROOT, CertificateUse.ISSUER),
        timestampers=anchors(CertificateUse.TIMESTAMPS),
        intermediates=[pems[name].encode() for use, name, _, _ in terms if use == CertificateUse.LINK],
        crls=_read_rows(RevocationList, lists),
        ocsps=_read_rows(RevocationAnswer, answers),
    )


def _find_pems(fingerprints: Iterable[str]) -> dict[str, str]:
    certificates = TrustedCertificate.objects.filter(fingerprint__in=list(fingerprints))
    return dict(certificates.order_by("pk").values_list("fingerprint", "pem"))


def _read_rows(model: Any, names: tuple[str, ...]) -> list[bytes]:
    ordered = model.objects.filter(fingerprint__in=names).order_by("fingerprint")
    return [bytes(der) for der in ordered.values_list("der", flat=True)]


def _name_part(item: Any) -> dict[str, str]:
    der = base64.b64decode(item["der"] if isinstance(item, dict) else item)
    terms = {"from": item["from"], "until": item["until"]} if isinstance(item, dict) else {}
    return {"sha256": hashlib.sha256(der).hexdigest(), **terms}


def _hear(moment: str) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
