"""Having papers signed, and signing them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents import actions as documents
from documents.models import DocumentVersion
from documents.serving import StoredFile, serve_file
from signatures import actions, rules, signing_pages
from signatures.csp import agent_allowed
from signatures.keys.orders import write_order
from signatures.models import Signature, SigningRequest, SigningStep
from signatures.rules import KeyWay
from signatures.signing_forms import (
    SIGNERS_LIMIT,
    PassForm,
    PrepareForm,
    ReasonForm,
    RequestForm,
    SealForm,
    ValueForm,
    suggest_signers,
)

A_PAGE = 20
LISTS = ("waiting", "asked", "done")


# Lists


@require_safe
def list_signings(request: HttpRequest) -> HttpResponse:
    """What waits for one's own signature, what one has sent round, what one has signed."""
    shown = request.GET.get("show", "")
    shown = shown if shown in LISTS else "waiting"
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    due = request.GET.get("due", "")
    waiting: Any = signing_pages.waiting_for(request.user)
    if shown == "waiting":
        found = signing_pages.narrow(waiting, "request__", words, due)
    else:
        own = signing_pages.asked_by if shown == "asked" else signing_pages.done_by
        found = signing_pages.narrow(own(request.user), "", words, due)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    if shown == "waiting":
        for step in page.object_list:
            step.verb = signing_pages.describe_step(step)
    context = {
        "shown": shown,
        "words": words,
        "due": due,
        "page": page,
        "waiting_count": waiting.count(),
        "has_token": shown == "waiting" and signing_pages.list_tokens(request.user).exists(),
        "first_in_row": waiting.values_list("request", flat=True).first() if shown == "waiting" else None,
    }
    return render(request, "signatures/list_signings.html", context)


@require_safe
@agent_allowed
def sign_together(request: HttpRequest) -> HttpResponse:
    """Several papers, each looked at, signed with one PIN: the token's program shows them all once more."""
    steps = signing_pages.find_together(request.user)
    for step in steps:
        step.verb = signing_pages.describe_step(step)
    context = {"steps": steps, "certificates": list(signing_pages.list_tokens(request.user))}
    return render(request, "signatures/sign_together.html", context)


# Asking for signatures


def request_signatures(request: HttpRequest, pk: int) -> HttpResponseBase:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body__office")
    version = get_object_or_404(versions, pk=pk)
    under_way = SigningRequest.objects.visible_to(request.user).open().filter(version=version).first()
    if under_way is not None:
        return redirect(under_way)
    form = RequestForm(request.POST or None, version=version, signers=suggest_signers(version))
    signing = SigningRequest(version=version, requested_by=request.user)
    signing.wanted = (SigningStep(place=1, organisation=version.document.body.office),)
    rules.SIGNING_REQUEST.check("request_signatures", request.user, signing)
    if request.method == "POST":
        if changed := _rearrange(request, form):
            return _ask(request, version, changed)
        if form.is_valid():
            signing = actions.request_signatures(
                version,
                by=request.user,
                steps=form.steps,
                purpose=form.cleaned_data["purpose"],
                due_at=form.cleaned_data["due_at"],
            )
            messages.success(request, _("The paper is with those who are to sign it."))
            return redirect(signing)
    return _ask(request, version, form)


def _ask(request: HttpRequest, version: DocumentVersion, form: RequestForm) -> HttpResponse:
    context = {"version": version, "form": form, "has_room": form.count < SIGNERS_LIMIT}
    status = 422 if form.is_bound else 200
    return render(request, "signatures/request_signatures.html", context, status=status)


def _rearrange(request: HttpRequest, form: RequestForm) -> RequestForm | None:
    """A signer more or less, or in another place."""
    if "add_signer" in request.POST:
        return form.rearranged(add=True)
    for deed in ("remove", "up", "down"):
        number = request.POST.get(f"{deed}_signer", "")
        if number.isascii() and number.isdigit():
            return form.rearranged(**{deed: int(number[:3])})
    return None


# One paper on its way


@require_safe
@agent_allowed
def read_signing(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as signed so far, who signs, and for the next one the way to sign."""
    signing = _find(request, pk)
    page = signing_pages.describe_signing(request.user, signing)
    context: dict[str, Any] = {
        "signing": signing,
        "page": page,
        "asks_one_after_another": "row" in request.GET,
    }
    if page.mine is not None:
        certificates = list(signing_pages.list_certificates_for(request.user, page.mine.step))
        context["certificates"] = [one for one in certificates if one.way != KeyWay.SERVER]
        if any(one.way == KeyWay.SERVER for one in certificates):
            context["seal_form"] = SealForm(
                certificates=signing_pages.list_certificates_for(request.user, page.mine.step)
            )
    if "row" in request.GET:
        context["row"] = signing_pages.find_in_row(request.user, signing)
    return render(request, "signatures/read_signing.html", context)


@require_safe
def show_signing_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed and who is next; the page asks every few seconds.

    Where something has changed, the whole page is drawn anew; but not under the hands of somebody who signs.
    """
    signing = _find(request, pk)
    page = signing_pages.describe_signing(request.user, signing)
    seen = request.GET.get("seen", "")
    if seen and seen != page.key and "mine" not in request.GET:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"signing": signing, "page": page, "seen": seen, "signs_here": "mine" in request.GET}
    return render(request, "signatures/_signing_state.html", context)


@require_safe
def download_signing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes as signed so far: what the next signer is shown, and signs."""
    signing = _find(request, pk)
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__body")
    version = documents.open_version(get_object_or_404(versions, pk=signing.version_id), by=request.user)
    file = StoredFile(signing.sha256, signing.size, version.file_name, is_active=bool(version.active_content))
    return serve_file(request, file, as_attachment="save" in request.GET)


def withdraw_signing(request: HttpRequest, pk: int) -> HttpResponseBase:
    signing = _find(request, pk)
    form = ReasonForm(request.POST or None)
    signing.reason_given = "-"  # asked for on this page
    rules.SIGNING_REQUEST.check("withdraw_signing", request.user, signing)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("The paper is taken back."))
        return redirect(actions.withdraw_signing(signing, by=request.user, **form.cleaned_data))
    return _confirm(request, "signatures/withdraw_signing.html", form, signing=signing)


# Signing


@require_POST
def prepare_signature(request: HttpRequest, pk: int) -> JsonResponse:
    """Gives the browser what the key is to sign: the order."""
    step = _find_step(request, pk)
    certificates = signing_pages.list_certificates_for(request.user, step)
    form = PrepareForm(request.POST, step=step, certificates=certificates)
    if not form.is_valid():
        return _refuse(form)
    signature = actions.prepare_signature(step, by=request.user, certificate=form.cleaned_data["certificate"])
    return JsonResponse(_write_order(request, signature, step))


@require_POST
def complete_signature(request: HttpRequest, pk: int) -> JsonResponse:
    """Takes what the key has made."""
    signature = get_object_or_404(
        Signature.objects.visible_to(request.user).select_related("step__request", "certificate"), pk=pk
    )
    form = ValueForm(request.POST)
    if not form.is_valid():
        return _refuse(form)
    signature = actions.complete_signature(signature, by=request.user, value=form.cleaned_data["value"])
    messages.success(
        request,
        _("Your signature is accepted: %(title)s. It is being put into the file.") % {"title": signature},
    )
    return JsonResponse({"state": signature.status, "url": _way_on(request, signature)})


@require_POST
def affix_seal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The office has the seal put on; the key is in the house's module."""
    step = _find_step(request, pk)
    form = SealForm(request.POST, certificates=signing_pages.list_certificates_for(request.user, step))
    if form.is_valid():
        actions.affix_seal(step, by=request.user, **form.cleaned_data)
        messages.success(request, _("The seal is being put on."))
    else:
        messages.error(request, _("This certificate of the seal cannot be used any more. Look again."))
    return redirect(step.request)


def refuse_signature(request: HttpRequest, pk: int) -> HttpResponseBase:
    step = _find_step(request, pk)
    form = ReasonForm(request.POST or None)
    rules.SIGNING_STEP.check("prepare_signature", request.user, step)  # who may sign may refuse
    if request.method == "POST" and form.is_valid():
        actions.refuse_signature(step, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your refusal is entered. Whoever asked has been told why."))
        return redirect(step.request)
    return _confirm(request, "signatures/refuse_signature.html", form, step=step, signing=step.request)


def pass_signature(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To a stand-in whom the register names."""
    step = _find_step(request, pk)
    page = signing_pages.describe_signing(request.user, step.request)
    stand_ins = next((row.stand_ins for row in page.rows if row.step.pk == step.pk), [])
    first = stand_ins[0] if stand_ins else None
    step.proposed = first
    form = PassForm(request.POST or None, stand_ins=stand_ins, initial={"to": first})
    rules.SIGNING_STEP.check("pass_signature", request.user, step)
    if request.method == "POST" and form.is_valid():
        actions.pass_signature(step, by=request.user, **form.cleaned_data)
        messages.success(request, _("The stand-in is asked to sign."))
        return redirect("signatures:list_signings")
    return _confirm(request, "signatures/pass_signature.html", form, step=step, signing=step.request)


def _write_order(request: HttpRequest, signature: Signature, step: SigningStep) -> dict[str, Any]:
    """What the key gets, wherever it lives, and where to send what it makes."""
    order = write_order(
        signature.pk,
        to_sign=bytes(signature.to_sign),
        sha256=signature.document_sha256,
        certificate=signature.certificate,
        title=str(step.request),
        signer=str(request.user),
        expires_at=signature.expires_at,
    )
    after = "?row=1" if "row" in request.GET else ""
    urls = {
        "complete_url": reverse("signatures:complete_signature", args=[signature.pk]) + after,
        "remote_url": reverse("signatures:sign_remotely", args=[signature.pk]),
    }
    return order | urls


def _way_on(request: HttpRequest, signature: Signature) -> str:
    """Back to the paper; for those who sign one after another, on to the next."""
    if signature.step is None:
        return reverse("home")
    signing = signature.step.request
    if "row" not in request.GET:
        return str(signing.get_absolute_url())
    row = signing_pages.find_in_row(request.user, signing)
    if row is None or row.following is None:
        return reverse("signatures:list_signings")
    return f"{reverse('signatures:read_signing', args=[row.following])}?row=1"


def _refuse(form: Any) -> JsonResponse:
    """What was sent is not in its right shape; the first reason."""
    return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=422)


def _confirm(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)


def _find(request: HttpRequest, pk: int) -> SigningRequest:
    return get_object_or_404(signing_pages.find_signings(request.user), pk=pk)


def _find_step(request: HttpRequest, pk: int) -> SigningStep:
    """A step of a paper that one may see."""
    steps = SigningStep.objects.select_related(
        "signer__user", "organisation", "stands_in_for__user", "request__version__document__body"
    )
    return get_object_or_404(steps, pk=pk, request__in=signing_pages.find_signings(request.user))
