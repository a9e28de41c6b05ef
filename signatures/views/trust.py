"""Whom the house trusts, and how two administrators change that."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signatures import actions, rules
from signatures.actions._proposals import find_other_administrators
from signatures.forms import (
    CertificateForm,
    ConfirmProposalForm,
    ProposeCertificatesForm,
    ProposeEndForm,
    RejectProposalForm,
)
from signatures.models import TrustedCertificate, TrustProposal, TrustSnapshot
from signatures.pages import describe_proposal, describe_snapshot, gather_trust

A_PAGE = 30


@require_safe
def list_certificates(request: HttpRequest) -> HttpResponse:
    return render(request, "signatures/list_certificates.html", gather_trust(request.user))


@require_http_methods(["GET", "POST"])
def supply_certificate(request: HttpRequest) -> HttpResponse:
    """The first step: the file is read and shown. Nothing is stored yet."""
    _check_proposing(request)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        authorities = form.cleaned_data["authorities"]
        pem = "".join(authority.pem for authority in authorities)
        shown = ProposeCertificatesForm(initial={"pem": pem, "use": form.cleaned_data["use"]})
        return _proposal_page(request, authorities, shown)
    return _form_page(request, form, "signatures/supply_certificate.html")


@require_POST
def propose_certificates(request: HttpRequest) -> HttpResponseBase:
    """The second step: the administrator says that the fingerprints are the published ones."""
    _check_proposing(request)
    form = ProposeCertificatesForm(request.POST)
    if form.is_valid():
        proposal = actions.propose_certificates(
            form.cleaned_data["authorities"],
            by=request.user,
            because=form.cleaned_data["because"],
            counts_from=form.cleaned_data["counts_from"],
            counts_until=form.cleaned_data["counts_until"],
        )
        return redirect(proposal)
    if authorities := form.cleaned_data.get("authorities"):
        return _proposal_page(request, authorities, form)
    return _form_page(request, CertificateForm(), "signatures/supply_certificate.html", status=422)


@require_http_methods(["GET", "POST"])
def propose_end(request: HttpRequest, pk: int) -> HttpResponseBase:
    certificate = get_object_or_404(TrustedCertificate.objects.visible_to(request.user), pk=pk)
    rules.PROPOSAL.check("propose_end", request.user, TrustProposal(certificate=certificate))
    form = ProposeEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.propose_end(certificate, by=request.user, **form.cleaned_data))
    context = {
        "certificate": certificate,
        "form": form,
        "is_alone": not find_other_administrators(request.user).exists(),
    }
    return render(request, "signatures/propose_end.html", context, status=422 if form.is_bound else 200)


# Proposals


@require_safe
def list_proposals(request: HttpRequest) -> HttpResponse:
    """What was ever proposed, and what became of it; the newest first."""
    proposals = TrustProposal.objects.visible_to(request.user).order_by("-pk")
    if before := request.GET.get("before", ""):
        proposals = proposals.filter(pk__lt=int(before) if before.isdecimal() else 0)
    shown = list(proposals.select_related("certificate")[: A_PAGE + 1])
    context = {
        "proposals": shown[:A_PAGE],
        "older": shown[A_PAGE - 1].pk if len(shown) > A_PAGE else None,
    }
    return render(request, "signatures/list_proposals.html", context)


@require_safe
def read_proposal(request: HttpRequest, pk: int) -> HttpResponse:
    return _read_page(request, _find_proposal(request, pk), ConfirmProposalForm())


@require_safe
def show_foreseen(request: HttpRequest, pk: int) -> HttpResponse:
    """What the change would do, as far as it is known. The page asks each other second until it is."""
    return render(
        request, "signatures/_foreseen.html", describe_proposal(_find_proposal(request, pk), request)
    )


@require_POST
def confirm_proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    proposal, form = _find_proposal(request, pk), ConfirmProposalForm(request.POST)
    rules.PROPOSAL.check("confirm_proposal", request.user, proposal)
    if form.is_valid():
        return redirect(actions.confirm_proposal(proposal, by=request.user))
    return _read_page(request, proposal, form, status=422)


@require_http_methods(["GET", "POST"])
def reject_proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    proposal = _find_proposal(request, pk)
    rules.PROPOSAL.check("reject_proposal", request.user, proposal)
    form = RejectProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.reject_proposal(proposal, by=request.user, **form.cleaned_data))
    context = {"proposal": proposal, "form": form}
    return render(request, "signatures/reject_proposal.html", context, status=422 if form.is_bound else 200)


@require_POST
def withdraw_proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    return redirect(actions.withdraw_proposal(_find_proposal(request, pk), by=request.user))


@require_POST
def foresee_proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    return redirect(actions.foresee_proposal(_find_proposal(request, pk), by=request.user))


# States of the trust


@require_safe
def read_snapshot(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """What exactly was trusted when a verdict was reached."""
    snapshot = get_object_or_404(TrustSnapshot.objects.visible_to(request.user), fingerprint=fingerprint)
    return render(request, "signatures/read_snapshot.html", describe_snapshot(snapshot))


def _check_proposing(request: HttpRequest) -> None:
    rules.PROPOSAL.check("propose_certificates", request.user, TrustProposal())


def _find_proposal(request: HttpRequest, pk: int) -> TrustProposal:
    proposals = TrustProposal.objects.visible_to(request.user)
    return get_object_or_404(proposals.select_related("certificate"), pk=pk)


def _proposal_page(request: HttpRequest, authorities: Any, form: Any) -> HttpResponse:
    context = {
        "authorities": authorities,
        "form": form,
        "is_alone": not find_other_administrators(request.user).exists(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "signatures/propose_certificates.html", context, status=status)


def _read_page(request: HttpRequest, proposal: TrustProposal, form: Any, status: int = 200) -> HttpResponse:
    context = {**describe_proposal(proposal, request), "form": form}
    return render(request, "signatures/read_proposal.html", context, status=status)


def _form_page(request: HttpRequest, form: Any, template: str, status: int = 0) -> HttpResponse:
    return render(request, template, {"form": form}, status=status or (422 if form.is_bound else 200))
