"""What was found about signatures."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from documents.models import DocumentVersion, DossierPaper
from signatures import actions, rules
from signatures.detached import show_content
from signatures.models import TrustSnapshot, Verification

A_PAGE = 50
MOST_SHOWN = 100


@require_safe
def paper_state(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of one paper so far. The page asks each second until it is settled."""
    papers = DossierPaper.objects.visible_to(request.user).select_related("version__document")
    paper = get_object_or_404(papers, pk=pk)
    paper.verification = Verification.objects.filter(version=paper.version_id).order_by("-pk").first()
    show_content([paper.verification], request.user)
    response = render(request, "signatures/_paper_state.html", {"paper": paper})
    if not (paper.version.is_in_work or (paper.verification and paper.verification.is_waiting)):
        response["HX-Trigger"] = "papers-settled"
    return response


@require_safe
def read_verification(request: HttpRequest, pk: int) -> HttpResponse:
    """All the evidence on one version, each signature for itself."""
    return _verification_page(request, _find_version(request, pk))


@require_safe
def read_observation(request: HttpRequest, pk: int, observation: int) -> HttpResponse:
    """An earlier look, as it was found then."""
    version = _find_version(request, pk)
    get_object_or_404(version.verifications.done(), pk=observation)
    return _verification_page(request, version, observation)


@require_safe
def download_report(request: HttpRequest, pk: int, observation: int) -> HttpResponse:
    """The evidence of one look as other programs read it (ETSI TS 119 102-2)."""
    version = _find_version(request, pk)
    found = get_object_or_404(version.verifications.with_evidence(), pk=observation)
    response = HttpResponse(found.write_etsi_report(), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="verification-{found.pk}.xml"'
    return response


@require_POST
def order_verification(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = _find_version(request, pk)
    actions.order_verification(version, by=request.user)
    return redirect("signatures:read_verification", pk=version.pk)


@require_safe
def list_changes(request: HttpRequest) -> HttpResponse:
    """Papers about which a later look came to another verdict; the newest first."""
    changes = Verification.objects.visible_to(request.user).changed().order_by("-pk")
    if before := request.GET.get("before", ""):
        changes = changes.filter(pk__lt=int(before) if before.isdecimal() else 0)
    found = changes.select_related("version__document", "same_as")[: A_PAGE + 1]
    shown = list(found)
    readable = DocumentVersion.objects.visible_to(request.user).filter(
        pk__in=[change.version_id for change in shown]
    )
    seen = set(readable.values_list("pk", flat=True))
    for change in shown:
        change.is_readable = change.version_id in seen
    context = {"changes": shown[:A_PAGE], "older": shown[A_PAGE - 1].pk if len(shown) > A_PAGE else None}
    return render(request, "signatures/list_changes.html", context)


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body")
    return get_object_or_404(versions, pk=pk)


def _verification_page(
    request: HttpRequest, version: DocumentVersion, observation: int | None = None
) -> HttpResponse:
    observations = Verification.objects.filter(version=version).order_by("-pk")
    history = list(observations.defer("report")[:MOST_SHOWN])
    whole = observations.select_related("same_as", "preserved_copy")
    shown = whole.filter(pk=observation).first() if observation else whole.first()
    show_content([shown], request.user)
    trust = TrustSnapshot.objects.filter(fingerprint=shown.trust_store) if shown else None
    context = {
        "version": version,
        "verification": shown,
        "is_earlier": shown is not None and shown != history[0],
        "snapshot": trust.first() if trust is not None else None,
        "history": history if len(history) > 1 else [],
        "allowed": rules.VERIFICATION.allowed(request.user, Verification(version=version)),
    }
    return render(request, "signatures/read_verification.html", context)
