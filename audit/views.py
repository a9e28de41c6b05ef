"""The trail as its auditors read it. For everyone else these pages do not exist."""

import csv
from typing import Any

from django.apps import apps
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from audit import actions, log, trail
from audit.checkpoints import known_keys
from audit.codes import draw_code
from audit.forms import SearchForm
from audit.models import Attestation, AuditEvent, AuditEventQuerySet, Checkpoint, LogEntry, LogState
from audit.sentences import tell_action, tell_actor, tell_event

ENTRIES_A_PAGE = 50
CASE_ENTRIES_A_PAGE = 300
CHECKPOINTS_A_PAGE = 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_GET
def search_trail(request: HttpRequest) -> HttpResponse:
    events = _events(request)
    form = SearchForm(request.GET)
    found = form.narrow(events).order_by("-pk")
    entries, newer, older = _cut(request, found)
    context = {"form": form, "entries": entries, "newer": newer, "older": older, "sought": request.GET}
    return render(request, "audit/trail.html", context)


@require_GET
def read_case(request: HttpRequest, case_type: str, case_id: int) -> HttpResponse:
    """Everything that happened in a case, from its beginning, with what belongs to it."""
    case, told = _tell_case(request, case_type, case_id)
    after = _number(request, "after")
    entries = list(told.filter(pk__gt=after).order_by("pk")[: CASE_ENTRIES_A_PAGE + 1])
    if not entries:
        raise Http404
    more = len(entries) > CASE_ENTRIES_A_PAGE
    entries = entries[:CASE_ENTRIES_A_PAGE]
    context = {
        "case": case,
        "case_type": case_type,
        "case_id": case_id,
        "name": trail.name(case) if case is not None else entries[0].target_name,
        "case_url": _address(case, request.user),
        "entries": entries,
        "is_continued": bool(after),
        "next": entries[-1].pk if more else None,
    }
    return render(request, "audit/case.html", context)


@require_GET
def read_log(request: HttpRequest) -> HttpResponse:
    """Whether the log keeps up with the trail, and who else holds its checkpoints."""
    _events(request)
    newest = log.newest_checkpoint()
    recent = Checkpoint.objects.order_by("-size").prefetch_related("attestations")[:CHECKPOINTS_A_PAGE]
    context = {
        "state": LogState.objects.filter(pk=1).first(),
        "waiting": log.count_waiting(),
        "newest": newest,
        "keys": known_keys(),
        "picture": draw_code(newest.note) if newest else "",
        "checkpoints": recent,
        "last": {kind: _last_of(kind) for kind in Attestation.Kind.values},
    }
    return render(request, "audit/log.html", context)


@require_GET
def read_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, and what proves that it is as it was written."""
    event = get_object_or_404(_events(request), pk=pk)
    place = LogEntry.objects.filter(event_id=pk).first()
    covering = Checkpoint.objects.covering(place.index + 1).first() if place else None
    context = {"event": event, "place": place, "covering": covering, "leaf": bytes(event.leaf_hash).hex()}
    return render(request, "audit/entry.html", context)


@require_POST
def prove_entry(request: HttpRequest, pk: int) -> HttpResponse:
    event = get_object_or_404(_events(request), pk=pk)
    found = _events(request).filter(pk=pk)
    receipt = actions.export_proofs(found, by=request.user, target=event.target_name)
    return _hand_out(receipt, f"proof-{pk}.json")


@require_POST
def prove_case(request: HttpRequest, case_type: str, case_id: int) -> HttpResponse:
    case, told = _tell_case(request, case_type, case_id)
    first = told.order_by("pk").first()
    if first is None:
        raise Http404
    name = trail.name(case) if case is not None else first.target_name
    receipt = actions.export_proofs(told, by=request.user, target=name)
    return _hand_out(receipt, f"proof-{case_type}-{case_id}.json")


@require_POST
def export_trail(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.POST)
    found = form.narrow(_events(request))
    sought = {name: str(value) for name, value in getattr(form, "cleaned_data", {}).items() if value}
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="trail.csv"'
    response.write("\ufeff")  # so that office programs read the accents
    table = csv.writer(response)
    table.writerow(
        ["number", "time", "person", "action", "words", "object", "object type", "object number", "details"]
    )
    for event in actions.export_trail(found, by=request.user, sought=sought):
        table.writerow([_cell(value) for value in _row(event)])
    return response


def _hand_out(receipt: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(receipt, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _last_of(kind: str) -> Attestation | None:
    found = Attestation.objects.filter(kind=kind).select_related("checkpoint")
    return found.order_by("-pk").first()


def _tell_case(
    request: HttpRequest, case_type: str, case_id: int
) -> tuple[models.Model | None, AuditEventQuerySet]:
    events = _events(request)
    case = _find(case_type, case_id)
    if case is None:  # the trail outlives what it tells of
        return None, events.filter(case_type=case_type, case_id=case_id)
    return case, events.of_cases(getattr(case, "trail_cases", [case]))


def _events(request: HttpRequest) -> AuditEventQuerySet:
    if not request.user.audited_body_ids():
        raise Http404
    return AuditEvent.objects.visible_to(request.user).with_seals()


def _cut(request: HttpRequest, found: AuditEventQuerySet) -> tuple[list[AuditEvent], str, str]:
    """One page by key, so that a new entry moves nothing; with the addresses of its neighbours."""
    before, after = _number(request, "before"), _number(request, "after")
    if after:
        entries = list(found.filter(pk__gt=after).order_by("pk")[: ENTRIES_A_PAGE + 1])
        more_newer, more_older = len(entries) > ENTRIES_A_PAGE, True
        entries = entries[:ENTRIES_A_PAGE][::-1]
    else:
        entries = list((found.filter(pk__lt=before) if before else found)[: ENTRIES_A_PAGE + 1])
        more_newer, more_older = bool(before), len(entries) > ENTRIES_A_PAGE
        entries = entries[:ENTRIES_A_PAGE]
    if not entries:
        return [], "", ""
    newer = _turn(request, "after", entries[0].pk) if more_newer else ""
    older = _turn(request, "before", entries[-1].pk) if more_older else ""
    return entries, newer, older


def _turn(request: HttpRequest, name: str, pk: int) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    query[name] = str(pk)
    return f"?{query.urlencode()}"


def _number(request: HttpRequest, name: str) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0


def _find(case_type: str, case_id: int) -> models.Model | None:
    app, _, name = case_type.partition(".")
    model = apps.all_models.get(app, {}).get(name)
    if model is None:
        raise Http404
    return model._base_manager.filter(pk=case_id).first()


def _address(case: Any, user: Any) -> str:
    """Where the thing itself is, if the auditor may see it."""
    if not hasattr(case, "get_absolute_url") or not hasattr(type(case).objects, "visible_to"):
        return ""
    return case.get_absolute_url() if type(case).objects.visible_to(user).filter(pk=case.pk).exists() else ""


def _row(event: AuditEvent) -> list[Any]:
    return [
        event.pk,
        timezone.localtime(event.at).isoformat(timespec="seconds"),
        tell_actor(event.actor_name, event.actor_id),
        event.action,
        tell_action(event.action),
        event.target_name,
        event.target_type,
        event.target_id,
        "; ".join(f"{label}: {words}" for label, words in tell_event(event)),
    ]


def _cell(value: Any) -> Any:
    """Names are foreign text: none of them may become a formula in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
