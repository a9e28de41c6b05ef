"""The dossier as it lies before its readers, and the ledger of who has opened it."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents import actions, pages, rules
from documents.models import Dossier
from documents.readers import list_readers, write_table


@require_safe
def read_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """What was put before the members; before that, and for those who prepare it, the working copy."""
    dossier = _find(request, pk)
    context = {
        "dossier": dossier,
        **pages.describe_copy(request.user, dossier),
        "issues": list(dossier.issues.order_by("-number")),
        "keeps_ledger": rules.keeps_ledger(request.user, dossier),
        "works_on_it": rules.works_on_dossier(request.user, dossier),
    }
    if context["issue"]:
        context |= pages.describe_binders(request.user, context["issue"])
    return render(request, "documents/read_dossier.html", context)


@require_safe
def read_issue(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier issue, as it was: kept, and no longer what counts."""
    dossier = _find(request, pk)
    issue = get_object_or_404(dossier.issues, number=number)
    context = {"dossier": dossier, "issue": issue, "papers": pages.list_older(request.user, issue)}
    return render(request, "documents/read_issue.html", context)


@require_POST
def drop_correction(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.drop_correction(_find(request, pk), by=request.user))


@require_safe
def read_readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was given what, and has opened it. For all but those who keep the ledger it does not exist."""
    dossier = _find_with_ledger(request, pk)
    readers = list_readers(request.user, dossier)
    context = {"dossier": dossier, "issue": dossier.current_issue, "readers": readers}
    return render(request, "documents/read_readers.html", context)


@require_POST
def export_readers(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = _find_with_ledger(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="readers-{dossier.pk}.csv"'
    response.write("\ufeff")  # so that office programs read the accents
    table = csv.writer(response)
    table.writerow(
        [
            _("Reader"),
            _("Office held"),
            _("Issue number"),
            _("Place"),
            _("Paper"),
            _("Version"),
            _("Given"),
            _("Opened first"),
        ]
    )
    table.writerows(write_table(actions.export_readers(dossier, by=request.user)))
    return response


def _find(request: HttpRequest, pk: int) -> Any:
    dossiers = Dossier.objects.visible_to(request.user).select_related("body__office", "prepared_by")
    return get_object_or_404(dossiers, pk=pk)


def _find_with_ledger(request: HttpRequest, pk: int) -> Any:
    dossier = _find(request, pk)
    if not rules.keeps_ledger(request.user, dossier):
        raise Http404
    return dossier
