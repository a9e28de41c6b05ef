"""What was found about signatures."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from documents.models import DocumentVersion, DossierPaper
from signatures import actions, rules
from signatures.models import Verification


@require_safe
def paper_state(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of one paper so far. The page asks each second until it is settled."""
    papers = DossierPaper.objects.visible_to(request.user).select_related("version__document")
    paper = get_object_or_404(papers, pk=pk)
    paper.verification = Verification.objects.filter(version=paper.version_id).order_by("-pk").first()
    response = render(request, "signatures/_paper_state.html", {"paper": paper})
    if not (paper.version.is_in_work or (paper.verification and paper.verification.is_waiting)):
        response["HX-Trigger"] = "papers-settled"
    return response


@require_safe
def read_verification(request: HttpRequest, pk: int) -> HttpResponse:
    """All the evidence on one version, each signature for itself."""
    return _verification_page(request, _find_version(request, pk))


@require_POST
def order_verification(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = _find_version(request, pk)
    actions.order_verification(version, by=request.user)
    return redirect("signatures:read_verification", pk=version.pk)


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body")
    return get_object_or_404(versions, pk=pk)


def _verification_page(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    found = list(Verification.objects.filter(version=version).order_by("-pk"))
    context = {
        "version": version,
        "verification": found[0] if found else None,
        "earlier": found[1:],
        "allowed": rules.VERIFICATION.allowed(request.user, Verification(version=version)),
    }
    return render(request, "signatures/read_verification.html", context)
