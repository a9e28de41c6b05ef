"""How the members of a body answer, for those who follow it; for all others it does not exist."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from opinions import actions
from opinions.exports import OFFICE
from opinions.exports.statistics import write_table, write_workbook
from opinions.forms.statistics import StatisticsForm
from opinions.pages.statistics import show_statistics
from opinions.rules import FOLLOWING
from opinions.statistics import span
from people.models import Body


@require_safe
def read_statistics(request: HttpRequest) -> HttpResponse:
    form = _form(request, request.GET)
    if not form.is_valid():
        return render(request, "opinions/statistics.html", {"form": form}, status=422)
    body, since, until = _asked(form)
    shown = StatisticsForm(
        initial={"body": body, "since": since, "until": until}, bodies=form.fields["body"].queryset
    )
    context = show_statistics(body, since, until, form.cleaned_data["by"])
    return render(request, "opinions/statistics.html", {"form": shown, **context})


@require_POST
def export_statistics(request: HttpRequest) -> HttpResponse:
    form, kind = _form(request, request.POST), request.POST.get("as", "")
    if kind not in ("xlsx", "csv") or not form.is_valid():
        raise Http404
    body, since, until = _asked(form)
    actions.export_statistics(body, by=request.user, form=kind, since=str(since), until=str(until))
    if kind == "xlsx":
        response = HttpResponse(
            write_workbook(body, since, until), content_type=f"{OFFICE}.spreadsheetml.sheet"
        )
    else:
        table = write_table(body, since, until, form.cleaned_data["by"])
        response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="thong-ke-{since}-{until}.{kind}"'
    return response


def _form(request: HttpRequest, asked: Any) -> StatisticsForm:
    bodies = Body.objects.filter(pk__in=request.user.body_ids(*FOLLOWING)).order_by("pk")
    if not bodies:
        raise Http404
    return StatisticsForm(asked, bodies=bodies)


def _asked(form: StatisticsForm) -> tuple[Any, Any, Any]:
    chosen = form.cleaned_data
    body = chosen["body"] or form.fields["body"].queryset[0]
    return body, *span(chosen["since"], chosen["until"], clock.today())
