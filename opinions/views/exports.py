"""The synthesis on screen and as files to take along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from opinions import actions, rules
from opinions.exports import FORMATS, name_file
from opinions.pages.answers import show_answers
from opinions.views.finding import find


@require_safe
def read_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """By question, by member or by class; whoever may take the synthesis along may read it here."""
    opinion_request = find(request, pk)
    rules.SYNTHESIS.check("export_synthesis", request.user, opinion_request)
    context = show_answers(request.user, opinion_request, request.GET.get("by", ""))
    return render(request, "opinions/answers.html", context)


@require_POST
def export_synthesis(request: HttpRequest, pk: int) -> HttpResponse:
    form = request.POST.get("as", "")
    if form not in FORMATS:
        raise Http404
    opinion_request = actions.export_synthesis(find(request, pk), by=request.user, form=form)
    wanted = FORMATS[form]
    response = HttpResponse(wanted.write(opinion_request), content_type=wanted.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name_file(opinion_request, form)}"'
    return response


@require_POST
def renew_synthesis(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.renew_synthesis(find(request, pk), by=request.user))
