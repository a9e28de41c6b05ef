"""Pages of the rules of deciding, and of a resolution until it stands in the register."""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from decisions import actions, rules
from decisions.forms import (
    CopyChoiceForm,
    DayOffForm,
    IssueForm,
    ResolutionForm,
    RuleSetForm,
    SignedResolutionForm,
)
from decisions.models import DayOff, ElectronicCopy, Resolution, RuleSet
from decisions.rules import ResolutionStatus
from documents.models import DocumentVersion
from people.models import Body
from signatures.models import Signature, SigningRequest, SigningStep, Verification
from signatures.rules import RequestStatus, SignatureStatus, StepStatus


def list_rule_sets(request: HttpRequest) -> HttpResponse:
    """The rules of my bodies, those in force today marked, with the days off."""
    rule_sets = RuleSet.objects.visible_to(request.user).select_related("body")
    bodies = Body.objects.filter(pk__in=request.user.body_ids()).prefetch_related("days_off").order_by("pk")
    context = {
        "groups": [_group_rule_sets(request.user, body, rule_sets) for body in bodies],
        "day_off_form": DayOffForm(),
    }
    return render(request, "decisions/rule_sets.html", context)


def _group_rule_sets(user: Any, body: Body, rule_sets: Any) -> dict[str, Any]:
    own = [rule_set for rule_set in rule_sets if rule_set.body_id == body.pk]
    today = clock.today()
    in_force = next((r for r in own if r.confirmed_at and r.valid_from <= today), None)
    return {
        "body": body,
        "rule_sets": own,
        "in_force": in_force,
        "may_add": rules.RULE_SET.allows("confirm_rule_set", user, RuleSet(body=body)),
    }


def confirm_rule_set(request: HttpRequest, body_id: int) -> HttpResponse:
    """Enter new rules, look at them once more, put them in force."""
    body = get_object_or_404(Body, pk=body_id, pk__in=request.user.body_ids())
    rule_set = RuleSet(body=body)
    rules.RULE_SET.check("confirm_rule_set", request.user, rule_set)
    form = RuleSetForm(request.POST or None, instance=rule_set, initial=_copy_rules(body))
    if request.method == "POST" and form.is_valid():
        if "confirm" in request.POST:
            actions.confirm_rule_set(form.save(commit=False), by=request.user)
            return redirect("decisions:list_rule_sets")
        return render(
            request,
            "decisions/confirm_rule_set.html",
            {"form": form, "body": body, "rule_set": form.instance},
        )
    status = 422 if form.is_bound else 200
    return render(request, "decisions/rule_set_form.html", {"form": form, "body": body}, status=status)


def _copy_rules(body: Body) -> dict[str, Any]:
    """New rules begin as a copy of the latest."""
    latest = RuleSet.objects.filter(body=body).order_by("valid_from", "pk").last()
    if latest is None:
        return {}
    return {name: getattr(latest, name) for name in RuleSetForm.Meta.fields if name != "valid_from"}


@require_POST
def add_day_off(request: HttpRequest, body_id: int) -> HttpResponse:
    body = get_object_or_404(Body, pk=body_id, pk__in=request.user.body_ids())
    form = DayOffForm(request.POST, instance=DayOff(body=body))
    if not form.is_valid():
        return render(request, "decisions/day_off_form.html", {"form": form, "body": body}, status=422)
    actions.add_day_off(form.instance, by=request.user)
    return redirect("decisions:list_rule_sets")


def read_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


def show_rendering(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of the PDF, asked for again and again until it is there."""
    return render(request, "decisions/_rendering.html", {"resolution": _find(request, pk)})


def edit_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    resolution = _find(request, pk)
    if request.method != "POST":
        rules.RESOLUTION.check("edit_resolution", request.user, resolution)
        return _edit(request, resolution, _make_form(resolution))
    form = _make_form(resolution, request.POST)
    if not form.is_valid():
        return _edit(request, resolution, form, status=422)
    return redirect(actions.edit_resolution(resolution, by=request.user, **form.cleaned_data))


def _make_form(resolution: Resolution, data: Any = None) -> ResolutionForm:
    if not resolution.is_signed_digitally:
        fields = {name: getattr(resolution, name) for name in ResolutionForm.base_fields}
        return ResolutionForm(data, initial=fields)
    fields = {name: getattr(resolution, name) for name in SignedResolutionForm.base_fields}
    return SignedResolutionForm(data, initial=fields, body=resolution.body)


@require_POST
def approve_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    seen = request.POST.get("text_sha256", "")
    return redirect(actions.approve_resolution(_find(request, pk), by=request.user, text_sha256=seen))


@require_POST
def approve_for_signing(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the page where she signs, unless the text has to be laid out anew for her."""
    seen = request.POST.get("text_sha256", "")
    resolution = actions.approve_for_signing(_find(request, pk), by=request.user, text_sha256=seen)
    waiting = SigningStep.objects.waiting_for(request.user)
    step = waiting.filter(request__in=resolution.signings).select_related("request").first()
    return redirect(step.request if step else resolution)


@require_safe
def show_signing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has signed so far, asked for again and again while signatures are put into the file."""
    resolution = _find(request, pk)
    return render(request, "decisions/_signing.html", _describe_signing(request, resolution))


@require_POST
def seal_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """When the security module did not answer: the office has the sealing gone on with."""
    return redirect(actions.seal_resolution(_find(request, pk), by=request.user))


@require_POST
def issue_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    resolution = _find(request, pk)
    form = IssueForm(request.POST)
    if not form.is_valid():
        return _show(request, resolution, form, status=422)
    return redirect(actions.issue_resolution(resolution, by=request.user, **form.cleaned_data))


@require_POST
def make_copy(request: HttpRequest, version_id: int) -> HttpResponse:
    version = get_object_or_404(DocumentVersion.objects.visible_to(request.user), pk=version_id)
    form = CopyChoiceForm(request.POST)
    if not form.is_valid():
        raise Http404
    return redirect(actions.make_copy(version, by=request.user, form=form.cleaned_data["form"]))


@require_safe
def read_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """One electronic copy: what it is a copy of, and whether the organisation's words are on it."""
    copy = _find_copy(request, pk)
    template = "decisions/_copy.html" if request.htmx else "decisions/copy.html"
    return render(request, template, {"copy": copy, **_describe_copy(request, copy)})


@require_POST
def certify_copy(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.certify_copy(_find_copy(request, pk), by=request.user))


def _find_copy(request: HttpRequest, pk: int) -> ElectronicCopy:
    copies = ElectronicCopy.objects.visible_to(request.user)
    return get_object_or_404(copies.select_related("body__office", "source__document", "document"), pk=pk)


def _describe_copy(request: HttpRequest, copy: ElectronicCopy) -> dict[str, Any]:
    signing = copy.signing
    signatures = Signature.objects.filter(step__request=signing).exclude(status=SignatureStatus.VOID)
    newest = signatures.order_by("-pk").first() if signing else None
    is_moving = not copy.is_certified and (newest.is_waiting if newest else copy.text.is_in_work)
    return {
        "is_moving": is_moving,
        "is_certified": copy.is_certified,
        "signature": newest,
        "may_go_on": not is_moving and rules.COPY.allows("certify_copy", request.user, copy),
        "may_read": DocumentVersion.objects.visible_to(request.user).filter(pk=copy.text.pk).exists(),
        "verification": Verification.objects.filter(version=copy.text).last(),
    }


def _find(request: HttpRequest, pk: int) -> Resolution:
    resolutions = Resolution.objects.visible_to(request.user)
    return get_object_or_404(
        resolutions.select_related("body", "document", "lead_agency", "rule_set", "signer__user"), pk=pk
    )


def _show(
    request: HttpRequest, resolution: Resolution, form: IssueForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "issue_form": form or IssueForm(initial={"issued_on": clock.today()}),
        **_describe_signing(request, resolution),
        **_describe_copies(request, resolution),
    }
    return render(request, "decisions/resolution.html", context, status=status)


def _describe_signing(request: HttpRequest, resolution: Resolution) -> dict[str, Any]:
    """The signatures wanted and given, and what our check of the newest text has found."""
    signing = resolution.signings.exclude(status__in=[RequestStatus.REFUSED, RequestStatus.WITHDRAWN])
    steps = SigningStep.objects.filter(request__in=signing).order_by("request", "place", "pk")
    steps = steps.select_related("request", "signer__user", "organisation", "stands_in_for__user")
    pairs = [(step, step.signatures.exclude(status=SignatureStatus.VOID).last()) for step in steps]
    rows = [list(marks) for _, marks in groupby(pairs, key=_name_signer)]
    return {
        "resolution": resolution,
        "allowed": rules.RESOLUTION.allowed(request.user, resolution),
        "signing_rows": rows,
        "my_step": SigningStep.objects.waiting_for(request.user).filter(request__in=signing).first(),
        "open_signing": SigningRequest.objects.visible_to(request.user).open().filter(pk__in=signing).first(),
        "is_moving": any(
            signature and step.status != StepStatus.SIGNED and signature.is_waiting
            for step, signature in pairs
        ),
        "verification": Verification.objects.filter(version=resolution.text).last(),
    }


def _name_signer(pair: tuple[SigningStep, Signature | None]) -> tuple[int, int]:
    """Number, day, month and seal are one row: the organisation's. A person's signature stands for itself."""
    step = pair[0]
    return (step.request_id, 0) if step.organisation_id is not None else (step.request_id, step.pk)


def _describe_copies(request: HttpRequest, resolution: Resolution) -> dict[str, Any]:
    copies = ElectronicCopy.objects.visible_to(request.user)
    new = ElectronicCopy(body=resolution.body, source=resolution.text)
    may_copy = resolution.status == ResolutionStatus.ISSUED and resolution.is_signed_digitally
    may_copy = may_copy and resolution.is_sealed
    return {
        "copies": copies.filter(source__document=resolution.document).select_related("document"),
        "copy_form": CopyChoiceForm(),
        "may_copy": may_copy and rules.COPY.allows("make_copy", request.user, new),
    }


def _edit(
    request: HttpRequest, resolution: Resolution, form: ResolutionForm, status: int = 200
) -> HttpResponse:
    return render(
        request, "decisions/edit_resolution.html", {"resolution": resolution, "form": form}, status=status
    )
