"""The lists of requests, and those that a person keeps."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from opinions import actions
from opinions.forms.lists import ViewForm
from opinions.models import SavedView
from opinions.pages.lists import show_list


@require_safe
def list_requests(request: HttpRequest) -> HttpResponse:
    """All requests that this person may see, by list, words and filters."""
    return render(request, "opinions/requests.html", show_list(request.user, request.GET))


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """The list as it is shown is kept under a name."""
    form = ViewForm(request.POST)
    if form.is_valid():
        view = SavedView(owner=request.user, **form.cleaned_data)
        return redirect(actions.save_view(view, by=request.user))
    shown = show_list(request.user, QueryDict(request.POST.get("query", "")), form)
    return render(request, "opinions/requests.html", shown, status=422)


@require_POST
def remove_view(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_view(get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk), by=request.user)
    return redirect("opinions:list_requests")
