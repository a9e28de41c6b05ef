"""Signing an answer: the slip on the screen, the key wherever it lives, and the signature to take away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from opinions import actions, rules
from opinions.forms.signing import SignAnswerForm
from opinions.models import AnswerSheet, OpinionSlip
from opinions.pages.signing import describe_signing, find_signature, list_certificates
from opinions.pages.slips import name_card
from opinions.views.finding import find_slip
from signatures import actions as signatures
from signatures.csp import agent_allowed
from signatures.keys.orders import write_order
from signatures.signing_forms import ValueForm


def begin(request: HttpRequest, slip: OpinionSlip, answers: Any) -> HttpResponse:
    """The last step of the form, where the answer is signed: on to the page that shows the slip."""
    actions.prepare_answer(slip, by=request.user, answers=answers)
    page = reverse("opinions:sign_slip", args=[slip.pk])
    return HttpResponse(headers={"HX-Redirect": page}) if request.htmx else redirect(page)


@require_safe
@agent_allowed
def sign_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be signed, as a paper and word for word."""
    slip, sheet = _find(request, pk)
    if sheet is None:
        return redirect(f"{slip.get_absolute_url()}#{name_card(request.user, slip)}")
    return render(request, "opinions/sign_slip.html", describe_signing(request.user, slip, sheet))


@require_safe
def watch_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the slip is made: the page asks each second, and then shows it."""
    slip, sheet = _find(request, pk)
    if sheet is None or sheet.statement is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "opinions/_slip_state.html", describe_signing(request.user, slip, sheet))


@require_POST
def sign_answer(request: HttpRequest, pk: int) -> JsonResponse:
    """Gives the browser what the key is to sign: the order."""
    _slip, sheet = _find(request, pk)
    if sheet is None:
        raise Http404
    rules.SHEET.check("sign_answer", request.user, sheet)
    form = SignAnswerForm(request.POST, sheet=sheet, certificates=list_certificates(request.user))
    if not form.is_valid():
        return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=422)
    signature = actions.sign_answer(sheet, by=request.user, certificate=form.cleaned_data["certificate"])
    order = write_order(
        signature.pk,
        to_sign=bytes(signature.to_sign),
        sha256=signature.document_sha256,
        certificate=signature.certificate,
        title=str(sheet.paper),
        signer=str(request.user),
        expires_at=signature.expires_at,
    )
    urls = {
        "complete_url": reverse("opinions:complete_answer", args=[signature.pk]),
        "remote_url": reverse("signatures:sign_remotely", args=[signature.pk]),
    }
    return JsonResponse(order | urls)


@require_POST
def complete_answer(request: HttpRequest, pk: int) -> JsonResponse:
    """Takes what the key has made: with it the answer is given."""
    signature = find_signature(request.user, pk)
    if signature is None:
        raise Http404
    form = ValueForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=422)
    signature = signatures.complete_signature(signature, by=request.user, value=form.cleaned_data["value"])
    slip = signature.statement.answer_sheet.slip
    return JsonResponse(
        {"state": signature.status, "url": f"{slip.get_absolute_url()}#{name_card(request.user, slip)}"}
    )


@require_safe
def watch_signature(request: HttpRequest, pk: int) -> HttpResponse:
    """What has become of the signature over an answer."""
    sheet = _find_signed(request, pk)
    return render(request, "opinions/_signature.html", {"sheet": sheet, "slip": sheet.slip})


@require_safe
def download_words(request: HttpRequest, pk: int) -> HttpResponse:
    """The very bytes that were signed."""
    sheet = _find_signed(request, pk)
    return _give(bytes(sheet.statement.content), "application/json", f"{sheet.receipt}.json")


@require_safe
def download_signature(request: HttpRequest, pk: int) -> HttpResponse:
    """The signature with its timestamp (CAdES-B-T), detached."""
    sheet = _find_signed(request, pk)
    signature = sheet.statement.signatures.exclude(cms=None).order_by("-pk").first()
    if signature is None:
        raise Http404
    return _give(bytes(signature.cms), "application/pkcs7-signature", f"{sheet.receipt}.p7s")


def _give(content: bytes, kind: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="phieu-ghi-y-kien-{name}"'}
    return HttpResponse(content, content_type=kind, headers={**disposition, "Cache-Control": "private"})


def _find(request: HttpRequest, pk: int) -> tuple[OpinionSlip, AnswerSheet | None]:
    """A slip that this person answers, and what waits there for her signature."""
    slip = find_slip(request, pk)
    if not rules.answers_slip(request.user, slip):
        raise Http404
    return slip, slip.find_sheet_to_sign(request.user)


def _find_signed(request: HttpRequest, pk: int) -> AnswerSheet:
    """A signed answer, for those who read the answer itself."""
    slips = OpinionSlip.objects.visible_to(request.user)
    sheets = AnswerSheet.objects.filter(slip__in=slips, signed_at__isnull=False)
    sheets = sheets.select_related("statement", "paper", "slip__request__kind", "slip__stand_in")
    sheet = get_object_or_404(sheets, pk=pk)
    is_read_by_all = sheet.standing in rules.READ_BY_ALL or rules.answers_slip(request.user, sheet.slip)
    if not (is_read_by_all and rules.reads_answers(request.user, sheet.slip)):
        raise Http404
    return sheet
