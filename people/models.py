"""Users, organisations, deciding bodies and appointments."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import VisibleQuerySet
from core.work import WorkItem, WorkQuerySet
from people import rules
from people.names import fold, make_sort_key
from people.rules import DelegationScope, Role


class Organisation(models.Model):
    """A ministry, an agency, an office, a province: what a person works in and a paper comes from."""

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    code = models.CharField(_("code"), max_length=35, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units")
    protocol_order = models.PositiveIntegerField(_("protocol order"), default=0)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["protocol_order", "pk"]

    def __str__(self) -> str:
        return self.name


class BodyQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_body)


class Body(models.Model):
    """A collective that decides: the Government, the People's Committee of a province or a commune."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        PROVINCE = "province", _("People's Committee of a province")
        COMMUNE = "commune", _("People's Committee of a commune")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    notation = models.CharField(_("notation in document numbers"), max_length=20, help_text="CP, UBND")
    place = models.CharField(_("place of issue"), max_length=100)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="bodies_served")
    office_phone = models.CharField(_("telephone of the office"), max_length=40, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deciding body")
        verbose_name_plural = _("deciding bodies")

    def __str__(self) -> str:
        return self.name


class UserQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_user)

    def matching(self, words: str) -> "UserQuerySet":
        """By name, user name or title; accents do not matter in names."""
        found = self
        for word in words.split():
            found = found.filter(Q(folded_name__contains=fold(word)) | Q(pk__in=_titled(word)))
        return found

    def holding(self, roles: Iterable[Role], body: "Body | int", on: date | None = None) -> "UserQuerySet":
        """Those who hold one of the offices in the body on that day."""
        appointments = Appointment.objects.current(on).filter(role__in=list(roles), body=body)
        return self.filter(pk__in=appointments.values("user"), is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(
        self, username: str, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self.create_user(username, email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What she may do rests on her appointments alone."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=100)
    sort_key = models.CharField(max_length=200, editable=False)
    folded_name = models.CharField(max_length=200, editable=False, default="")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    text_size = models.CharField(
        _("text size"), max_length=2, choices=[("m", "A"), ("l", "A+"), ("xl", "A++")], default="m"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("technical administrator"), default=False)
    joined_at = models.DateTimeField(default=clock.now)
    registered_in = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered_users",
        verbose_name=_("registered by"),
    )

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = make_sort_key(self.full_name)
        self.folded_name = fold(f"{self.full_name} {self.username}")
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("people:read_person", args=[self.pk])

    @property
    def body_id(self) -> int | None:
        """The body whose administrator looks after this account and whose auditor reads of it."""
        if self.registered_in_id is not None:
            return self.registered_in_id
        return self.appointments.order_by("-valid_from", "pk").values_list("body_id", flat=True).first()

    @cached_property
    def current_appointments(self) -> "list[Appointment]":
        """The offices held today, read once a request."""
        return list(self.appointments.current().select_related("body", "organisation", "assists"))

    def holds(self, role: str, body_id: int | None = None) -> bool:
        """Holds the office today, in this body or (without one) in any."""
        return any(a.role == role and body_id in (None, a.body_id) for a in self.current_appointments)

    def body_ids(self, *roles: str) -> set[int]:
        """The bodies in which this person holds one of the offices; without roles, any office."""
        return {a.body_id for a in self.current_appointments if not roles or a.role in roles}

    def organisation_ids(self, role: str, body_id: int) -> set[int]:
        """The organisations for which this person holds the office in the body."""
        held = (a for a in self.current_appointments if a.role == role and a.body_id == body_id)
        return {a.organisation_id for a in held}

    def audited_body_ids(self) -> set[int]:
        return self.body_ids(Role.AUDITOR)

    @property
    def assistances(self) -> "list[Appointment]":
        """The offices as assistant of a member who is in office still."""
        assisting = [a for a in self.current_appointments if a.role == Role.ASSISTANT]
        return [a for a in assisting if a.assists is not None and a.assists.is_in_force]

    def assisted_user_ids(self, body_id: int | None = None) -> set[int]:
        """The members whom this person assists in this body or (without one) in any."""
        return {a.assists.user_id for a in self.assistances if a.assists and body_id in (None, a.body_id)}

    def reader_keys(self) -> list[int]:
        """The numbers under which the archive keeps what this person may find: her own, one per office, and
        one per lead agency that she prepares dossiers for."""
        offices = self.current_appointments
        agencies = [a for a in offices if a.role == Role.SUBMITTER]
        return [
            self.pk,
            *(office_key(a.role, a.body_id) for a in offices),
            *(agency_key(a.organisation_id, a.body_id) for a in agencies),
        ]


def agency_key(organisation_id: int, body_id: int) -> int:
    """The reader's number of a lead agency in a body: below those of all offices, and within four bytes.

    There is room for 131,000 organisations and 8,000 bodies; the country has some 3,400 that decide.
    """
    return -(2**30 + organisation_id * 2**13 + body_id)


def office_key(role: str, body_id: int) -> int:
    """The reader's number of an office: negative, so that it meets no person's."""
    return -(body_id * 16 + 1 + list(Role).index(Role(role)))


def _titled(word: str) -> "models.QuerySet[Any, Any]":
    return Appointment.objects.filter(title__icontains=word).values("user")


class AppointmentQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_appointment)

    def current(self, on: date | None = None) -> "AppointmentQuerySet":
        """In force on that day, today without one."""
        day = on or clock.today()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def not_ended(self) -> "AppointmentQuerySet":
        """In force today or from a later day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today()))

    def voting(self) -> "AppointmentQuerySet":
        """The members of the body, in protocol order."""
        return self.filter(role__in=rules.VOTING).order_by("protocol_order", "pk")


class Appointment(models.Model):
    """Who holds which office in which body, from a day to a day. Never deleted: it is ended."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    body = models.ForeignKey(
        Body, models.PROTECT, related_name="appointments", verbose_name=_("deciding body")
    )
    role = models.CharField(_("office"), max_length=16, choices=Role)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="appointments", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=200)
    assists = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="assistants", verbose_name=_("assists")
    )
    protocol_order = models.PositiveIntegerField(_("protocol order"), default=0)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    last_day: date | None = None  # proposed, while an appointment is being ended

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["protocol_order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="assistants_assist_a_member",
                condition=Q(assists__isnull=True) | Q(role=Role.ASSISTANT),
            ),
            models.UniqueConstraint(
                name="one_chair_at_a_time",
                fields=["body"],
                condition=Q(role=Role.CHAIR, valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.user.full_name}"

    @property
    def trail_case(self) -> User:
        return self.user

    @property
    def is_in_force(self) -> bool:
        return self.valid_from <= clock.today() and (
            self.valid_until is None or self.valid_until >= clock.today()
        )


class DelegationQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_delegation)

    def in_force(self, on: date | None = None) -> "DelegationQuerySet":
        """On that day, today without one: not ended, both in office, the stand-in's account open."""
        day = on or clock.today()
        offices = Appointment.objects.current(day)
        return self.filter(
            Q(ended_at__isnull=True) | Q(ended_at__date__gt=day),
            valid_from__lte=day,
            valid_until__gte=day,
            appointment__in=offices,
            delegate__in=offices,
            delegate__user__is_active=True,
        )

    def standing_in_for(
        self,
        appointment: "Appointment",
        on: date | None = None,
        scope: str = DelegationScope.SIGNING,
    ) -> "DelegationQuerySet":
        """Who acts for the holder of this office on that day, by the register."""
        found = self.in_force(on).filter(appointment=appointment, scope=scope)
        return found.select_related("delegate__user", "delegate__organisation").order_by("pk")

    def over(self, is_over: bool = True) -> "DelegationQuerySet":
        """Ended or past; or else those that hold now or will."""
        over = Q(ended_at__isnull=False) | Q(valid_until__lt=clock.today())
        return self.filter(over if is_over else ~over)

    def shown(self) -> "DelegationQuerySet":
        """With all names, the latest first."""
        people = ("appointment__user", "appointment__body", "delegate__user")
        return self.select_related(*people).order_by("-valid_from", "-pk")


class Delegation(models.Model):
    """Who stands in for the holder of an office, for what, by which order. Never changed: it is ended."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="replacements", verbose_name=_("person replaced")
    )
    delegate = models.ForeignKey(
        Appointment, models.PROTECT, related_name="delegations", verbose_name=_("stand-in")
    )
    scope = models.CharField(_("for"), max_length=12, choices=DelegationScope)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    order_number = models.CharField(_("number of the order"), max_length=60)
    order_date = models.DateField(_("date of the order"))
    order_issuer = models.CharField(_("issuer of the order"), max_length=200)
    granted_at = models.DateTimeField(default=clock.now)
    granted_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(_("reason"), max_length=500, blank=True)
    ended_by_name = models.CharField(max_length=200, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        constraints = [
            models.CheckConstraint(
                name="delegation_ends_after_it_begins",
                condition=Q(valid_until__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_herself",
                condition=~Q(appointment=models.F("delegate")),
            ),
            models.CheckConstraint(
                name="early_end_has_a_reason",
                condition=Q(ended_at__isnull=True) | ~Q(ended_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} → {self.appointment}"

    @property
    def body_id(self) -> int:
        return self.appointment.body_id

    @property
    def trail_case(self) -> User:
        return self.appointment.user

    @property
    def overlapping(self) -> DelegationQuerySet:
        """Other entries of the same scope that hold on one of the same days."""
        return (
            Delegation.objects.filter(
                scope=self.scope,
                appointment__body=self.body_id,
                valid_from__lte=self.valid_until,
                valid_until__gte=self.valid_from,
                ended_at__isnull=True,
            )
            .exclude(pk=self.pk)
            .select_related("appointment__user", "delegate__user")
            .order_by("valid_from", "pk")
        )

    @property
    def state(self) -> str:
        """`ended`, `past`, `coming` or `current`: by its own days."""
        today = clock.today()
        if self.ended_at is not None:
            return "ended"
        if self.valid_until < today:
            return "past"
        return "coming" if self.valid_from > today else "current"


class Invitation(WorkItem):
    """A mail with the link under which a new colleague chooses her password."""

    attempts_allowed = 8

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations", verbose_name=_("person"))

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return str(self.user)
