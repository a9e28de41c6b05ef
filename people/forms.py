"""What an administrator fills in."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import Appointment, Body, Delegation, Organisation, User
from people.rules import DELEGATION, DelegationScope, Role


class _AccountForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=100)
    email = forms.EmailField(
        label=_("Official e-mail"), help_text=_("Notices and the link to choose a password go there.")
    )
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = User.objects.exclude(pk=person.pk if person else None)

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if self.others.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("An account with this e-mail exists already."))
        return email


class CorrectionForm(_AccountForm):
    field_order = ("full_name", "email", "phone")


class RegistrationForm(_AccountForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters without accents, digits, full stop and hyphen: nguyen.van.an"),
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9.\-]*$", _("Small letters without accents, digits, full stop and hyphen.")
            )
        ],
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ("full_name", "username", "email", "phone")

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if self.others.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("This user name is taken."))
        return username


class AppointmentForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Office"),
        choices=[("", "—"), *Role.choices],
        help_text=_("It decides what the person may see and do."),
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("As it stands in the decision: Minister of Finance.")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        help_text=_("For an officer of a lead agency: the agency whose dossiers she prepares."),
    )
    assists = forms.ModelChoiceField(
        Appointment.objects.none(),
        label=_("Assists"),
        required=False,
        help_text=_("For an assistant: the member she works for."),
    )
    valid_from = forms.DateField(label=_("From"))
    protocol_order = forms.IntegerField(
        label=_("Protocol order"),
        min_value=0,
        max_value=100_000,
        initial=0,
        help_text=_("The smaller number stands first."),
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.all()
        self.fields["assists"].queryset = body.appointments.current().voting().select_related("user")
        self.fields["valid_from"].initial = clock.today()


class EndingForm(forms.Form):
    last_day = forms.DateField(label=_("Last day in office"))


class _OfficeChoice(forms.ModelChoiceField):
    def label_from_instance(self, office: Appointment) -> str:
        return f"{office.user.full_name} – {office.title}"


class DelegationForm(forms.Form):
    """As the written order says it."""

    appointment = _OfficeChoice(Appointment.objects.none(), label=_("Who is replaced"), empty_label="—")
    delegate = _OfficeChoice(Appointment.objects.none(), label=_("Who stands in"), empty_label="—")
    scope = forms.ChoiceField(
        label=_("For"),
        choices=DelegationScope.choices,
        initial=DelegationScope.SIGNING,
        widget=forms.RadioSelect,
        help_text=_("If the order covers both, enter it twice."),
    )
    valid_from = forms.DateField(label=_("First day"))
    valid_until = forms.DateField(label=_("Last day"))
    order_number = forms.CharField(label=_("Number of the order"), max_length=60)
    order_date = forms.DateField(label=_("Date of the order"))
    order_issuer = forms.CharField(
        label=_("Issuer of the order"),
        max_length=200,
        help_text=_("The authority or person that signed the order."),
    )

    def __init__(self, *args: Any, body: Body, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = body.appointments.not_ended().select_related("user", "body")
        offices = offices.order_by("protocol_order", "pk")
        self.fields["appointment"].queryset = offices
        self.fields["delegate"].queryset = offices.filter(user__is_active=True).exclude(user=by)
        self.fields["valid_from"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """What the rulebook would refuse is said here, where the words typed are not lost."""
        if not self.errors:
            delegation = Delegation(**self.cleaned_data)
            for guard in DELEGATION.rules["grant_delegation"].guards:
                if reason := guard(delegation):
                    raise forms.ValidationError(reason)
        return self.cleaned_data


class DelegationEndingForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}), strip=True
    )
