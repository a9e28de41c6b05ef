"""Whom the house trusts."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signatures import actions, rules
from signatures.forms import CertificateForm, ConfirmCertificateForm, RevocationListForm
from signatures.models import RevocationList, TrustedCertificate


@require_safe
def list_certificates(request: HttpRequest) -> HttpResponse:
    certificates = TrustedCertificate.objects.visible_to(request.user)
    context = {
        "trusted": certificates.trusted().order_by("subject", "pk"),
        "earlier": certificates.filter(trusted_until__isnull=False).order_by("-trusted_until", "-pk"),
        "lists": RevocationList.objects.visible_to(request.user).order_by("-issued_at", "-pk"),
        "allowed": rules.CERTIFICATE.allowed(request.user, TrustedCertificate()),
    }
    return render(request, "signatures/list_certificates.html", context)


@require_http_methods(["GET", "POST"])
def supply_certificate(request: HttpRequest) -> HttpResponse:
    """The first step: the file is read and shown. Nothing is stored yet."""
    rules.CERTIFICATE.check("trust_certificate", request.user, None)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _confirm_page(request, form.cleaned_data["file"])
    return _form_page(request, form, "signatures/supply_certificate.html")


@require_POST
def trust_certificate(request: HttpRequest) -> HttpResponseBase:
    """The second step: the administrator says that the fingerprint is the published one."""
    form = ConfirmCertificateForm(request.POST)
    if form.is_valid():
        actions.trust_certificate(by=request.user, authority=form.cleaned_data["pem"])
        return redirect("signatures:list_certificates")
    if authority := form.cleaned_data.get("pem"):
        return _confirm_page(request, authority, form)
    return _form_page(request, CertificateForm(), "signatures/supply_certificate.html", status=422)


@require_http_methods(["GET", "POST"])
def distrust_certificate(request: HttpRequest, pk: int) -> HttpResponseBase:
    certificate = get_object_or_404(TrustedCertificate.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.distrust_certificate(certificate, by=request.user)
        return redirect("signatures:list_certificates")
    rules.CERTIFICATE.check("distrust_certificate", request.user, certificate)
    return render(request, "signatures/distrust_certificate.html", {"certificate": certificate})


@require_http_methods(["GET", "POST"])
def add_revocation_list(request: HttpRequest) -> HttpResponseBase:
    rules.CERTIFICATE.check("add_revocation_list", request.user, None)
    form = RevocationListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.add_revocation_list(by=request.user, revocations=form.cleaned_data["file"])
        return redirect("signatures:list_certificates")
    return _form_page(request, form, "signatures/add_revocation_list.html")


def _confirm_page(request: HttpRequest, authority: Any, form: Any = None) -> HttpResponse:
    shown = form or ConfirmCertificateForm(initial={"pem": authority.pem})
    context = {"authority": authority, "form": shown}
    return render(request, "signatures/confirm_certificate.html", context, status=422 if form else 200)


def _form_page(request: HttpRequest, form: Any, template: str, status: int = 0) -> HttpResponse:
    return render(request, template, {"form": form}, status=status or (422 if form.is_bound else 200))
