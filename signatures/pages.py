"""What the pages of trust and verification show, each by the same number of queries for few rows and many."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest

from core.work import UNDER_WAY
from documents.models import DocumentVersion
from signatures import rules
from signatures.actions._proposals import find_other_administrators
from signatures.authorities import Authority
from signatures.models import (
    RevocationAnswer,
    RevocationList,
    RevocationSource,
    TrustedCertificate,
    TrustProposal,
    TrustSnapshot,
)
from signatures.rules import CertificateUse, ProposalKind, ProposalStatus

MOST_SHOWN = 100


def gather_trust(user: Any) -> dict[str, Any]:
    certificates = list(TrustedCertificate.objects.visible_to(user).trusted().order_by("subject", "pk"))
    return {
        "signers": [one for one in certificates if one.use in (CertificateUse.ROOT, CertificateUse.ISSUER)],
        "timestampers": [one for one in certificates if one.use == CertificateUse.TIMESTAMPS],
        "links": [one for one in certificates if one.use == CertificateUse.LINK],
        "earlier": TrustedCertificate.objects.visible_to(user)
        .filter(trusted_until__isnull=False)
        .order_by("-trusted_until", "-pk")[:MOST_SHOWN],
        "proposals": TrustProposal.objects.visible_to(user)
        .open()
        .select_related("certificate")
        .order_by("-pk"),
        "lists": RevocationList.objects.visible_to(user)
        .in_use()
        .defer("der")
        .order_by("issuer", "-issued_at", "-pk"),
        "answers": RevocationAnswer.objects.visible_to(user)
        .in_use()
        .defer("der")
        .order_by("-issued_at", "-pk")[:MOST_SHOWN],
        "sources": RevocationSource.objects.visible_to(user)
        .used()
        .select_related("authority")
        .order_by("pk"),
        "allowed": {
            *rules.CERTIFICATE.allowed(user, TrustedCertificate()),
            *rules.SOURCE.allowed(user, RevocationSource()),
            *(
                name
                for name in rules.PROPOSAL.allowed(user, TrustProposal())
                if name == "propose_certificates"
            ),
        },
    }


def describe_proposal(proposal: TrustProposal, request: HttpRequest) -> dict[str, Any]:
    """The change, how far the worker has come, and the papers whose word would change."""
    user = request.user
    counted = proposal.foreseen.aggregate(
        whole=Count("pk"),
        waiting=Count("pk", filter=Q(work_state__in=UNDER_WAY)),
        failed=Count("pk", filter=Q(work_state="failed")),
    )
    changes = list(
        proposal.foreseen.changing()
        .values("verdict_now", "verdict_then")
        .annotate(papers=Count("pk"))
        .order_by("verdict_now", "verdict_then")
    )
    rows = list(
        proposal.foreseen.changing().select_related("version__document").order_by("version")[:MOST_SHOWN]
    )
    readable = DocumentVersion.objects.visible_to(user).filter(pk__in=[row.version_id for row in rows])
    seen = set(readable.values_list("pk", flat=True))
    for row in rows:
        row.is_readable = row.version_id in seen
    is_open = proposal.status == ProposalStatus.OPEN
    return {
        "proposal": proposal,
        "authorities": [Authority.from_json(item) for item in proposal.certificates],
        "is_end": proposal.kind == ProposalKind.END,
        "foreseen": {**counted, "done": counted["whole"] - counted["waiting"]},
        "changes": changes,
        "rows": rows,
        "changing": sum(change["papers"] for change in changes),
        "is_mine": proposal.proposed_by_id == user.pk,
        "is_alone": is_open and not find_other_administrators(proposal.proposed_by).exists(),
        "allowed": rules.PROPOSAL.allowed(user, proposal),
    }


def describe_snapshot(snapshot: TrustSnapshot) -> dict[str, Any]:
    content: dict[str, Any] = snapshot.content
    parts = ("anchors", "timestampers", "intermediates")
    names = {item["sha256"] for part in parts for item in content[part]}
    certificates = {
        certificate.fingerprint: certificate
        for certificate in TrustedCertificate.objects.filter(fingerprint__in=names).order_by("pk")
    }
    lists = RevocationList.objects.filter(fingerprint__in=[item["sha256"] for item in content["crls"]])
    answers = RevocationAnswer.objects.filter(fingerprint__in=[item["sha256"] for item in content["ocsps"]])
    return {
        "snapshot": snapshot,
        **{
            part: [{**item, "certificate": certificates[item["sha256"]]} for item in content[part]]
            for part in parts
        },
        "lists": lists.defer("der").order_by("issuer", "-issued_at"),
        "answers": answers.defer("der").order_by("-issued_at"),
    }
