"""One's own keys, and the administrator's: whose certificate is whose, and what signatures look like."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from signatures import actions, key_pages, rules
from signatures.csp import agent_allowed, sandboxed
from signatures.key_forms import (
    AnswerForm,
    ClaimForm,
    ImageForm,
    SealCertificateForm,
    SealImageForm,
    UnlockForm,
    organisations_of,
)
from signatures.keys import remote
from signatures.keys.orders import write_challenge_order
from signatures.models import Signature, SignatureImage, SigningCertificate
from signatures.rules import CertificateStatus, KeyWay


@require_safe
@agent_allowed
def list_keys(request: HttpRequest) -> HttpResponse:
    """Whatever one signs with, what it looks like, and the ways to register another."""
    mine = SigningCertificate.objects.visible_to(request.user).of(request.user).shown().order_by("-pk")
    context = {
        "certificates": key_pages.describe(mine, request.user),
        "picture": SignatureImage.objects.visible_to(request.user).filter(holder=request.user).last(),
        "picture_form": ImageForm(initial={"width_mm": 35}),
        "has_remote": remote.is_configured(),
        "administers": organisations_of(request.user).exists(),
        "waiting": key_pages.claims_waiting_for(request.user).count(),
    }
    return render(request, "signatures/list_keys.html", context)


@require_POST
def begin_claim(request: HttpRequest) -> JsonResponse:
    """The script has read a certificate; it gets what the key is to sign."""
    form = ClaimForm(request.POST, user=request.user)
    if not form.is_valid():
        return _refuse(form)
    certificate = actions.begin_claim(
        SigningCertificate(
            holder=request.user,
            way=form.cleaned_data["way"],
            key_name=form.cleaned_data["key_name"],
            **form.cleaned_data["certificate"].fields,
        ),
        by=request.user,
    )
    order = write_challenge_order(certificate, _("Proof that this key is yours"))
    order["complete_url"] = reverse("signatures:claim_certificate", args=[certificate.pk])
    order["remote_url"] = reverse("signatures:answer_remotely", args=[certificate.pk])
    return JsonResponse(order)


@require_POST
def claim_certificate(request: HttpRequest, pk: int) -> JsonResponse:
    certificate = _find(request, pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refuse(form)
    return _claimed(request, actions.claim_certificate(certificate, by=request.user, **form.cleaned_data))


@sensitive_post_parameters("pin", "otp")
@require_POST
def answer_remotely(request: HttpRequest, pk: int) -> JsonResponse:
    """The signing service answers the challenge for its holder."""
    certificate = _find(request, pk, way=KeyWay.REMOTE)
    rules.SIGNING_CERTIFICATE.check("claim_certificate", request.user, certificate)
    return _ask_service(request, certificate, bytes(certificate.to_sign))


@require_safe
def list_credentials(request: HttpRequest) -> JsonResponse:
    """The certificates that the signing service holds for this person."""
    return JsonResponse({"credentials": remote.list_credentials(request.user)})


@sensitive_post_parameters("pin", "otp")
@require_POST
def sign_remotely(request: HttpRequest, pk: int) -> JsonResponse:
    """The signing service signs what was prepared; PIN and code are passed on and forgotten."""
    signatures = Signature.objects.visible_to(request.user).select_related("step__request", "certificate")
    signature = get_object_or_404(signatures, pk=pk, certificate__way=KeyWay.REMOTE)
    rules.SIGNATURE.check("complete_signature", request.user, signature)
    return _ask_service(request, signature.certificate, bytes(signature.to_sign))


@require_safe
def list_claims(request: HttpRequest) -> HttpResponse:
    """The administrator's list: who says that a certificate is hers, and what the register says."""
    organisations = organisations_of(request.user)
    if not organisations.exists():
        rules.SIGNING_CERTIFICATE.check("confirm_certificate", request.user, SigningCertificate())
    seals = SigningCertificate.objects.visible_to(request.user).of_seals().shown().order_by("-pk")
    registered = SigningCertificate.objects.visible_to(request.user).filter(
        status=CertificateStatus.REGISTERED, holder__isnull=False
    )
    context = {
        "claims": key_pages.describe(key_pages.claims_waiting_for(request.user), request.user),
        "seals": key_pages.describe(seals, request.user),
        "registered": registered.select_related("holder").order_by("holder__sort_key", "-pk"),
        "pictures": SignatureImage.objects.visible_to(request.user)
        .filter(organisation__in=organisations)
        .newest()
        .select_related("organisation")
        .order_by("organisation__name"),
    }
    return render(request, "signatures/list_claims.html", context)


@require_POST
def confirm_certificate(request: HttpRequest, pk: int) -> HttpResponseBase:
    actions.confirm_certificate(_find(request, pk), by=request.user)
    messages.success(request, _("The certificate is registered. Its holder can sign with it."))
    return redirect("signatures:list_claims")


@require_http_methods(["GET", "POST"])
def end_certificate(request: HttpRequest, pk: int) -> HttpResponseBase:
    certificate = _find(request, pk)
    back = "list_keys" if certificate.holder_id == request.user.pk else "list_claims"
    if request.method == "POST":
        actions.end_certificate(certificate, by=request.user)
        messages.success(request, _("The certificate is no longer used here."))
        return redirect(f"signatures:{back}")
    rules.SIGNING_CERTIFICATE.check("end_certificate", request.user, certificate)
    return render(
        request,
        "signatures/end_certificate.html",
        {"certificate": certificate, "back": reverse(f"signatures:{back}")},
    )


@require_http_methods(["GET", "POST"])
def register_seal(request: HttpRequest) -> HttpResponseBase:
    """The certificate of a seal whose key lies in the security module; a worker has the key answer."""
    organisations = organisations_of(request.user)
    if not organisations.exists():
        rules.SIGNING_CERTIFICATE.check("confirm_certificate", request.user, SigningCertificate())
    form = SealCertificateForm(request.POST or None, request.FILES or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        seal = SigningCertificate(
            organisation=form.cleaned_data["organisation"],
            way=KeyWay.SERVER,
            key_name=form.cleaned_data["key_name"],
            **form.cleaned_data["file"].fields,
        )
        actions.begin_claim(seal, by=request.user)
        messages.success(request, _("The security module is being asked. Then confirm the certificate here."))
        return redirect("signatures:list_claims")
    status = 422 if form.is_bound else 200
    return render(request, "signatures/register_seal.html", {"form": form}, status=status)


@require_POST
def register_image(request: HttpRequest) -> HttpResponseBase:
    """One's own hand signature."""
    form = ImageForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "signatures/register_image.html", {"form": form}, status=422)
    _register(request, form, SignatureImage(holder=request.user))
    return redirect("signatures:list_keys")


@require_http_methods(["GET", "POST"])
def register_seal_image(request: HttpRequest) -> HttpResponseBase:
    organisations = organisations_of(request.user)
    if not organisations.exists():
        rules.IMAGE.check("register_image", request.user, SignatureImage())
    form = SealImageForm(
        request.POST or None, request.FILES or None, organisations=organisations, initial={"width_mm": 36}
    )
    if request.method == "POST" and form.is_valid():
        _register(request, form, SignatureImage(organisation=form.cleaned_data["organisation"]))
        return redirect("signatures:list_claims")
    status = 422 if form.is_bound else 200
    return render(request, "signatures/register_image.html", {"form": form, "is_seal": True}, status=status)


@require_safe
@cache_control(private=True, max_age=3600, immutable=True)
def show_image(request: HttpRequest, pk: int) -> HttpResponseBase:
    image = get_object_or_404(SignatureImage.objects.visible_to(request.user), pk=pk)
    return FileResponse(image.open_file(), content_type="image/png")


@require_safe
@xframe_options_sameorigin
@sandboxed
def open_key_file(request: HttpRequest) -> HttpResponse:
    """A page of its own for key files: its origin is nobody's, it reaches no network and keeps nothing."""
    return render(request, "signatures/open_key_file.html")


def _register(request: HttpRequest, form: ImageForm, image: SignatureImage) -> None:
    image.width_mm, image.height_mm = form.cleaned_data["width_mm"], form.height_mm
    actions.register_image(image, by=request.user, picture=form.cleaned_data["file"])
    messages.success(request, _("The picture is entered. Signatures show it from now on."))


def _claimed(request: HttpRequest, certificate: SigningCertificate) -> JsonResponse:
    messages.success(request, _("The key has answered. An administrator now compares the names."))
    return JsonResponse({"state": certificate.status, "url": reverse("signatures:list_keys")})


def _ask_service(request: HttpRequest, certificate: SigningCertificate, data: bytes) -> JsonResponse:
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return _refuse(form)
    value = remote.sign_for(request, certificate, data, **form.cleaned_data)
    return JsonResponse({"value": remote.encode(value)})


def _refuse(form: Any) -> JsonResponse:
    return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=422)


def _find(request: HttpRequest, pk: int, **wanted: Any) -> Any:
    return get_object_or_404(SigningCertificate.objects.visible_to(request.user), pk=pk, **wanted)
