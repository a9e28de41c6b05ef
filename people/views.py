"""One's own account, and the people of the body."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Min, Prefetch, Q, Value
from django.db.models.functions import NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from people import actions, rules
from people.forms import (
    AppointmentForm,
    CorrectionForm,
    DelegationEndingForm,
    DelegationForm,
    EndingForm,
    RegistrationForm,
)
from people.models import Appointment, Body, Delegation, User
from people.rules import Role

A_YEAR = 365 * 24 * 60 * 60
PEOPLE_A_PAGE = 50


# One's own account


@require_GET
def account_security(request: HttpRequest) -> HttpResponse:
    return render(request, "account/security.html", {"has_second_factor": is_mfa_enabled(request.user)})


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Kept with the person; before signing in, in a cookie."""
    return _prefer(
        request,
        "language",
        request.POST.get("language", ""),
        dict(settings.LANGUAGES),
        settings.LANGUAGE_COOKIE_NAME,
    )


@login_not_required
@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    sizes = dict(User._meta.get_field("text_size").flatchoices)
    return _prefer(request, "text_size", request.POST.get("size", ""), sizes, "text_size")


def _prefer(
    request: HttpRequest, name: str, value: str, choices: dict[str, Any], cookie: str
) -> HttpResponse:
    after = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
    response = redirect(after if known else "/")
    if value in choices:
        if request.user.is_authenticated:
            actions.set_preferences(request.user, by=request.user, **{name: value})
        response.set_cookie(
            cookie,
            value,
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


# The people of the body


@require_GET
def list_people(request: HttpRequest) -> HttpResponse:
    bodies, body = _choose_body(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    shown = request.GET.get("show", "current")
    today = clock.today()
    in_force = Q(appointments__body=body, appointments__valid_from__lte=today) & (
        Q(appointments__valid_until__isnull=True) | Q(appointments__valid_until__gte=today)
    )
    people = User.objects.visible_to(request.user).annotate(
        offices_held=Count("appointments", filter=in_force),
        place=Min(NullIf("appointments__protocol_order", Value(0)), filter=in_force),
    )
    if shown == "past":
        people = people.filter(offices_held=0)
    elif shown != "all":
        shown, people = "current", people.filter(offices_held__gt=0)
    people = (
        people.matching(words)
        .order_by(F("place").asc(nulls_last=True), "sort_key", "pk")
        .prefetch_related(
            Prefetch(
                "appointments",
                Appointment.objects.visible_to(request.user)
                .filter(body=body)
                .select_related("organisation", "assists__user"),
                to_attr="offices",
            )
        )
    )
    context = {
        "bodies": bodies,
        "body": body,
        "words": words,
        "shown": shown,
        "page": Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "may_register": body is not None
        and rules.USER.allows("register_user", request.user, User(registered_in=body)),
    }
    return render(request, "people/people.html", context)


@require_GET
def read_person(request: HttpRequest, pk: int) -> HttpResponse:
    return _person(request, _find(request, pk))


def register_user(request: HttpRequest, body_id: int) -> HttpResponse:
    body = get_object_or_404(Body.objects.visible_to(request.user), pk=body_id)
    rules.USER.check("register_user", request.user, User(registered_in=body))
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = actions.register_user(body, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("The account is open. A mail invites the colleague to choose a password.")
        )
        return redirect("people:appoint_officer", person.pk, body.pk)
    return _form(request, "people/register.html", form, body=body)


def correct_user(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)
    rules.USER.check("correct_user", request.user, person)
    initial = {"full_name": person.full_name, "email": person.email, "phone": person.phone}
    form = CorrectionForm(request.POST or None, initial=initial, person=person)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.correct_user(person, by=request.user, **form.cleaned_data))
    return _form(request, "people/correct.html", form, person=person)


@require_POST
def invite_user(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)
    actions.invite_user(person, by=request.user)
    messages.success(request, _("A new invitation is on its way to %(email)s.") % {"email": person.email})
    return redirect(person)


def deactivate_user(request: HttpRequest, pk: int) -> HttpResponse:
    person = _find(request, pk)
    if request.method == "POST":
        actions.deactivate_user(person, by=request.user)
        messages.success(request, _("The account is closed and its sessions have ended."))
        return redirect(person)
    rules.USER.check("deactivate_user", request.user, person)
    return render(request, "people/deactivate.html", {"person": person})


@require_POST
def activate_user(request: HttpRequest, pk: int) -> HttpResponse:
    person = actions.activate_user(_find(request, pk), by=request.user)
    messages.success(request, _("The account is open again."))
    return redirect(person)


def appoint_officer(request: HttpRequest, pk: int, body_id: int) -> HttpResponse:
    person = _find(request, pk)
    body = get_object_or_404(Body.objects.visible_to(request.user), pk=body_id)
    rules.USER.check("correct_user", request.user, person)
    form = AppointmentForm(request.POST or None, body=body)
    if request.method == "POST" and form.is_valid():
        actions.appoint_officer(person, by=request.user, body=body, **form.cleaned_data)
        messages.success(request, _("The appointment is entered."))
        return redirect(person)
    return _form(request, "people/appoint.html", form, person=person, body=body)


def end_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    appointment = get_object_or_404(
        Appointment.objects.visible_to(request.user).select_related("user", "body"), pk=pk
    )
    rules.APPOINTMENT.check("end_appointment", request.user, appointment)
    form = EndingForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        actions.end_appointment(appointment, by=request.user, **form.cleaned_data)
        messages.success(request, _("The end of the appointment is entered."))
        return redirect(appointment.user)
    assistants = appointment.assistants.filter(valid_until__isnull=True).select_related("user")
    return _form(
        request,
        "people/end.html",
        form,
        appointment=appointment,
        assistants=assistants,
        person=appointment.user,
    )


# Stand-ins


@require_GET
def list_delegations(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom: now and to come, or before."""
    bodies, body = _choose_body(request)
    shown = "past" if request.GET.get("show") == "past" else "current"
    delegations = Delegation.objects.visible_to(request.user).filter(appointment__body=body)
    page = Paginator(delegations.over(shown == "past").shown(), PEOPLE_A_PAGE).get_page(
        request.GET.get("page")
    )
    for delegation in page.object_list:
        delegation.may_end = rules.DELEGATION.allows("end_delegation", request.user, delegation)
    context = {
        "bodies": bodies,
        "body": body,
        "shown": shown,
        "page": page,
        "may_grant": body is not None and _enters_stand_ins(request.user, body),
    }
    return render(request, "people/list_delegations.html", context)


def grant_delegation(request: HttpRequest, body_id: int) -> HttpResponse:
    body = get_object_or_404(Body.objects.visible_to(request.user), pk=body_id)
    if not _enters_stand_ins(request.user, body):
        raise PermissionDenied
    replaced = request.GET.get("for", "")
    initial = {"appointment": replaced} if replaced.isdecimal() else {}
    form = DelegationForm(request.POST or None, body=body, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.grant_delegation(**form.cleaned_data, by=request.user)
        messages.success(request, _("The stand-in is entered."))
        return redirect(f"{reverse('people:list_delegations')}?body={body.pk}")
    return _form(request, "people/grant_delegation.html", form, body=body)


def end_delegation(request: HttpRequest, pk: int) -> HttpResponse:
    delegation = get_object_or_404(Delegation.objects.visible_to(request.user).shown(), pk=pk)
    rules.DELEGATION.check("end_delegation", request.user, delegation)
    form = DelegationEndingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_delegation(delegation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The stand-in has ended."))
        return redirect(f"{reverse('people:list_delegations')}?body={delegation.body_id}")
    return _form(request, "people/end_delegation.html", form, delegation=delegation)


def _enters_stand_ins(user: Any, body: Body) -> bool:
    return any(user.holds(role, body.pk) for role in rules.ENTERING_STAND_INS)


def _choose_body(request: HttpRequest) -> tuple[Any, Body | None]:
    """The bodies that one works for, and the one that is looked at."""
    bodies = Body.objects.visible_to(request.user).order_by("pk")
    chosen = (body for body in bodies if str(body.pk) == request.GET.get("body"))
    return bodies, next(chosen, next(iter(bodies), None))


def _find(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _person(request: HttpRequest, person: User) -> HttpResponse:
    offices = list(
        person.appointments.visible_to(request.user)
        .select_related("body", "organisation", "assists__user")
        .order_by("-valid_from", "-pk")
    )
    for office in offices:
        office.user = person
        office.may_end = rules.APPOINTMENT.allows("end_appointment", request.user, office)
    context = {
        "person": person,
        "offices": offices,
        "allowed": rules.USER.allowed(request.user, person),
        "bodies_to_appoint_in": Body.objects.visible_to(request.user).filter(
            pk__in=request.user.body_ids(Role.ADMINISTRATOR)
        ),
        "stand_ins": Delegation.objects.visible_to(request.user)
        .filter(Q(appointment__user=person) | Q(delegate__user=person))
        .over(False)
        .shown(),
        "invitation": person.invitations.order_by("-pk").first(),
    }
    return render(request, "people/person.html", context)


def _form(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)
