"""The notices of a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from notifications import actions
from notifications.models import Notification

NOTICES_A_PAGE = 30


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The newest first, a page by key."""
    notices = Notification.objects.visible_to(request.user).order_by("-pk")
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isdecimal() and len(typed) < 19 else None
    page = list((notices.filter(pk__lt=before) if before else notices)[: NOTICES_A_PAGE + 1])
    context = {
        "notices": page[:NOTICES_A_PAGE],
        "is_first": before is None,
        "older": page[NOTICES_A_PAGE - 1].pk if len(page) > NOTICES_A_PAGE else None,
        "has_unread": notices.unread().exists(),
    }
    return render(request, "notifications/inbox.html", context)


@require_POST
def mark_notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening a notice is reading it; it leads to what it is about."""
    notice = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    return redirect(actions.mark_notification_read(notice, by=request.user).url)


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    for notice in Notification.objects.visible_to(request.user).unread().order_by("pk"):
        actions.mark_notification_read(notice, by=request.user)
    messages.success(request, _("All notices are marked as read."))
    return redirect("notifications:inbox")
