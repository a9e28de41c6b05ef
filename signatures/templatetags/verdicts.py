"""Verdicts beside the papers they are on."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import prefetch_related_objects

from signatures import wording
from signatures.detached import show_content
from signatures.models import Verification

register = template.Library()


@register.simple_tag
def with_verdicts(papers: Iterable[Any], user: Any) -> list[Any]:
    """The papers of a dossier, each with its newest `verification` (or None) and what was made of it, by as
    many queries for one as for all."""
    papers = list(papers)
    prefetch_related_objects(papers, "version__copies", "version__virus_scan")
    newest = Verification.objects.newest().filter(version__in=[paper.version_id for paper in papers])
    by_version = {verification.version_id: verification for verification in newest}
    show_content(by_version.values(), user)
    for paper in papers:
        paper.verification = by_version.get(paper.version_id)
    return papers


@register.filter
def is_checked(paper: Any) -> bool:
    """Whether a paper that `with_verdicts` gave is being read or verified just now."""
    return paper.version.is_in_work or (paper.verification is not None and paper.verification.is_waiting)


@register.filter
def still_checking(papers: Iterable[Any]) -> bool:
    """Whether one of them is."""
    return any(is_checked(paper) for paper in papers)


@register.simple_tag
def verdict_on(version: Any) -> Verification | None:
    """The newest verification of one version."""
    return Verification.objects.filter(version=version).order_by("-pk").first()


@register.filter
def in_pairs(fingerprint: str) -> str:
    """AB:CD:EF…, as authorities publish it."""
    return ":".join(fingerprint[n : n + 2] for n in range(0, len(fingerprint), 2)).upper()


@register.filter
def is_of_demonstration(verification: Verification | None) -> bool:
    """Each certificate of a demonstration's authority says in its unit what it is worth."""
    if verification is None or verification.evidence is None:
        return False
    return any(wording.DEMONSTRATION in signature.unit for signature in verification.evidence.signatures)


register.filter("finding", wording.summarise)
register.filter("content_words", wording.content_words)
register.filter("reason_words", wording.reason_words)
register.filter("chain_words", wording.chain_words)
register.filter("revocation_words", wording.revocation_words)
register.filter("level_words", wording.level_words)
register.filter("digest_name", wording.name_digest)
register.filter("deviation_words", wording.deviation_words)
register.filter("failure_words", wording.failure_words)
