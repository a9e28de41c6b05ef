"""My desk: what waits for this person, the most urgent first; below it, what goes on without her."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecabinet.desk import list_followed, list_tasks


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 1000 else 1
    context = {"desk": list_tasks(request.user, number), "followed": list_followed(request.user)}
    return render(request, "desk.html", context)
