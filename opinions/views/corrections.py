"""Correcting the dossier of an open request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from opinions import actions
from opinions.forms.requests import ReasonForm
from opinions.views.finding import ask_reason, find, show_page

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def correct_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    return ask_reason(request, find(request, pk), "correct_dossier")


@require_POST
def reissue_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The corrected dossier goes to its readers; without another reason with that of the correction."""
    opinion_request, form = find(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return show_page(request, opinion_request, status=422, reissue_form=form)
    return redirect(actions.reissue_dossier(opinion_request, by=request.user, **form.cleaned_data))
