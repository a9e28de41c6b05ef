"""What changed between two papers: as text, or page beside page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.work import WorkState
from documents.actions import open_version
from documents.models import DocumentVersion
from documents.pictures import find_picture, order_pictures
from reading import results, rules
from reading.actions import comparisons as actions
from reading.models import Comparison
from reading.wording import word_counts, word_failure

SIDES = ("older", "newer")
WAYS = {"changes": results.show_changes, "text": results.show_text, "pages": results.show_pairs}


@require_http_methods(["GET", "HEAD", "POST"])
def compare_versions(request: HttpRequest, older: int, newer: int) -> HttpResponse:
    """Asking for what was never compared begins the work; a failed one is begun again by its button."""
    first, second = _find_version(request, older), _find_version(request, newer)
    if request.method == "POST":
        return redirect(actions.compare_versions(first, second, by=request.user))
    rules.COMPARISON.check("compare_versions", request.user, Comparison(older=first, newer=second))
    for version in (first, second):
        open_version(version, by=request.user)
    context = {"older": first, "newer": second, **_find_state(request, first, second)}
    return render(request, "reading/_comparison.html" if request.htmx else "reading/compare.html", context)


@require_safe
def read_sheet(request: HttpRequest, older: int, newer: int, place: int, side: str) -> HttpResponse:
    """One page of a pair: asks again until its picture is drawn."""
    comparisons = Comparison.objects.visible_to(request.user).filter(work_state=WorkState.DONE)
    comparison = get_object_or_404(comparisons.select_related("older", "newer"), older=older, newer=newer)
    pair = results.find_pair(comparison.result, place)
    if pair is None or side not in SIDES:
        raise Http404
    sheet = _draw(pair[side], getattr(comparison, side))
    context = {
        "sheet": sheet,
        "side": side,
        "place": place,
        "older": comparison.older,
        "newer": comparison.newer,
    }
    return render(request, "reading/_sheet.html", context)


def _find_state(request: HttpRequest, older: DocumentVersion, newer: DocumentVersion) -> dict[str, Any]:
    if older.view is None or newer.view is None:
        return {"state": WorkState.QUEUED if _is_prepared(older, newer) else WorkState.FAILED, "failure": ""}
    comparison = (
        Comparison.objects.visible_to(request.user)
        .select_related("older__document", "newer__document")
        .filter(older=older, newer=newer)
        .first()
    )
    if comparison is None or (comparison.work_state == WorkState.DONE and not _is_current(comparison)):
        comparison = actions.compare_versions(older, newer, by=request.user)
        comparison.refresh_from_db()
    if comparison.work_state != WorkState.DONE:
        failed = comparison.work_state == WorkState.FAILED
        failure = word_failure(comparison.work_error) if failed else ""
        return {"comparison": comparison, "state": comparison.work_state, "failure": failure}
    return {"comparison": comparison, "state": comparison.work_state, **_show(request, comparison)}


def _show(request: HttpRequest, comparison: Comparison) -> dict[str, Any]:
    result = comparison.result
    way = request.GET.get("view", "changes")
    way = way if way in WAYS else "changes"
    typed = request.GET.get("page", "")
    portion = WAYS[way](result, int(typed) if typed.isdecimal() and len(typed) < 7 else 1)
    for pair in portion.pairs:
        for side in SIDES:
            _draw(pair[side], getattr(comparison, side))
    return {
        "way": way,
        "portion": portion,
        "total": len(result["changes"]),
        "counts": result["counts"],
        "counted": word_counts(result["counts"]),
        "blank": result["blank"],
        "figures": sum(change["figures"] for change in result["changes"]),
        "earlier": f"?view={way}&page={portion.number - 1}" if portion.number > 1 else "",
        "later": f"?view={way}&page={portion.number + 1}" if portion.number < portion.last else "",
    }


def _draw(sheet: dict[str, Any], version: DocumentVersion) -> dict[str, Any]:
    """The sheet with its picture, or with the worker at it."""
    sheet["version"] = version
    sheet["has_picture"] = find_picture(version, sheet["page"]) is not None
    if not sheet["has_picture"]:
        copy = order_pictures(version, sheet["page"])
        sheet["is_waiting"], sheet["has_failed"] = copy.is_waiting, not copy.is_waiting
    return sheet


def _is_current(comparison: Comparison) -> bool:
    return comparison.result.get("form") == results.FORM


def _is_prepared(*versions: DocumentVersion) -> bool:
    """The PDFs for reading are still being made."""
    missing = [version.pk for version in versions if version.view is None]
    return DocumentVersion.objects.filter(pk__in=missing).being_prepared().count() == len(missing)


def _find_version(request: HttpRequest, pk: int) -> Any:
    versions = DocumentVersion.objects.visible_to(request.user).kept().select_related("document__body")
    return get_object_or_404(versions.prefetch_related("copies"), pk=pk)
