"""My desk: what waits for this person, the most urgent first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ecabinet.desk import list_tasks


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "desk.html", {"tasks": list_tasks(request.user)})
