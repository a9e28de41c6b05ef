"""One-click sign-in: a real session, as after a password, for the invented people of the demonstration."""

from itertools import groupby

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ecabinet.demo.authority import PASSWORD
from ecabinet.demo.keys import find_key_file
from people.models import Appointment, User
from people.rules import Role
from signatures.models import SigningCertificate
from signatures.rules import KeyWay

GROUPS = (
    (_("Leadership"), (Role.CHAIR, Role.VICE_CHAIR)),
    (_("Members"), (Role.MEMBER,)),
    (_("Assistants of members"), (Role.ASSISTANT,)),
    (_("Officers of lead agencies"), (Role.SUBMITTER,)),
    (_("The office"), (Role.SECRETARY, Role.ARCHIVIST, Role.ADMINISTRATOR, Role.AUDITOR)),
)


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who is there, by office; a POST signs in as that person."""
    if request.method == "POST":
        person = get_object_or_404(
            User, username=request.POST.get("person", ""), is_active=True, is_staff=False
        )
        if request.user.is_authenticated:
            logout(request)
        return _enter(request, person)
    signing = SigningCertificate.objects.usable().filter(way=KeyWay.BROWSER, holder__isnull=False)
    offices = (
        Appointment.objects.current()
        .filter(user__is_active=True)
        .select_related("user", "body", "assists__user")
        .order_by("body", "protocol_order", "pk")
    )
    bodies = []
    for body, held in groupby(offices, key=lambda office: office.body):
        people = list(held)
        bodies.append(
            (body, [(name, [one for one in people if one.role in roles]) for name, roles in GROUPS])
        )
    context = {
        "bodies": bodies,
        "signers": set(signing.values_list("holder", flat=True)) if settings.DEMO_AUTHORITY_DIR else (),
        "key_password": PASSWORD,
    }
    return render(request, "demo/sign_in.html", context)


@never_cache
@login_not_required
@require_safe
def take_key(request: HttpRequest, username: str) -> HttpResponse:
    """The key file of one of the invented people: it proves nothing, and anybody may have it."""
    person = get_object_or_404(User, username=username, is_active=True, is_staff=False)
    key = find_key_file(person)
    if key is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{username}.p12"'}
    return HttpResponse(key, content_type="application/x-pkcs12", headers=headers)


def _enter(request: HttpRequest, person: User) -> HttpResponse:
    """Past the second factor as well: a visitor who sets one up must not lock out the next."""
    doorkeeper = get_adapter(request)
    doorkeeper.login(request, person)
    return doorkeeper.post_login(
        request,
        person,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=reverse("home"),
    )
