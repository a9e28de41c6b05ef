"""Correcting what lies before the members, and what they answered to each issue of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opinions import actions, rules
from opinions.forms.corrections import CorrectionForm
from opinions.pages.issues import show_issues
from opinions.views.finding import ask_reason, find, show_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def correct_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    return ask_reason(request, find(request, pk), "correct_dossier")


@require_POST
def reissue_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """What was corrected goes to its readers; a correction of substance asks the members anew."""
    opinion_request = find(request, pk)
    rules.REQUEST.check("reissue_dossier", request.user, opinion_request)
    form = CorrectionForm(request.POST, opinion_request=opinion_request)
    if changed := form.rearranged(request.POST):
        return show_page(request, opinion_request, reissue_form=changed)
    if not form.is_valid():
        return show_page(request, opinion_request, status=422, reissue_form=form)
    return redirect(actions.reissue_dossier(opinion_request, by=request.user, **form.deed()))


@require_safe
def read_issues(request: HttpRequest, pk: int) -> HttpResponse:
    """Each issue with its questions; the answers to them side by side."""
    return render(request, "opinions/issues.html", show_issues(request.user, find(request, pk)))
