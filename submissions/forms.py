"""The shape of what is typed in: required, type, length. What is allowed stands in the rules."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from documents.rules import MADE_HERE, DocumentKind
from people.models import Body, Organisation
from people.rules import Role
from submissions.models import MatterKind, Submission
from submissions.rules import LATE, REASON_LIMIT, SubmissionStatus


class KindField(forms.ModelChoiceField):
    """With the days and papers of a kind, so that one sees what one takes on."""

    def label_from_instance(self, kind: Any) -> str:
        return f"{kind.name} ({kind.source})"


class SubmissionForm(forms.Form):
    """What the dossier is about. The papers are added on its page."""

    title = forms.CharField(
        label=_("Title of the dossier"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As the matter will be called before the members."),
    )
    agency = forms.ModelChoiceField(Organisation.objects.none(), label=_("Lead agency"))
    kind = KindField(
        MatterKind.objects.none(),
        label=_("Kind of matter"),
        help_text=_("It says which papers are needed and how many working days each step may take."),
    )
    wanted_on = forms.DateField(
        label=_("To be dealt with on"),
        required=False,
        help_text=_("The session or the day on which it is to be decided. The last day to hand in follows."),
    )

    def __init__(self, *args: Any, user: Any, submission: Submission | None = None, **kwargs: Any) -> None:
        if submission is not None:
            kwargs["initial"] = {
                "title": submission.dossier.title,
                "kind": submission.kind_id,
                "wanted_on": submission.wanted_on,
            }
        super().__init__(*args, **kwargs)
        bodies = user.body_ids(Role.SECRETARY, Role.SUBMITTER)
        kinds = [kind.pk for body in sorted(bodies) for kind in MatterKind.objects.in_force(body)]
        chosen = Q(pk=submission.kind_id) if submission else Q()
        if submission is not None:
            bodies = {submission.body_id}
            kinds = [kind.pk for kind in MatterKind.objects.in_force(submission.body_id)]
            del self.fields["agency"]  # whose dossier it is does not change
        else:
            agencies = find_agencies(user)
            self.fields["agency"].queryset = agencies
            if len(agencies) == 1:
                self.fields["agency"].initial = agencies[0].pk
        of_kinds = MatterKind.objects.filter(Q(pk__in=kinds) | chosen if submission else Q(pk__in=kinds))
        self.fields["kind"].queryset = of_kinds.order_by("name", "pk")


def find_agencies(user: Any) -> Any:
    """Whose dossiers this person begins: those of her own agency; the Office those of any."""
    if user.holds(Role.SECRETARY):
        return Organisation.objects.all()
    own = {a.organisation_id for a in user.current_appointments if a.role == Role.SUBMITTER}
    return Organisation.objects.filter(pk__in=own)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )


class FilterForm(forms.Form):
    """What the list shows."""

    q = forms.CharField(label=_("Words in the title"), max_length=200, required=False)
    agency = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Lead agency"), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        choices=[("", _("All")), *SubmissionStatus.choices, (LATE, _("late"))],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def chosen(self) -> dict[str, Any]:
        """What is understood of the address; the rest is left out."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "words": " ".join(cleaned.get("q", "").split()),
            "state": cleaned.get("state", ""),
            "agency": cleaned.get("agency"),
        }


class MatterKindForm(forms.ModelForm):
    required = forms.MultipleChoiceField(
        label=_("Required papers"),
        choices=[choice for choice in DocumentKind.choices if choice[0] not in MADE_HERE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one paper.")},
    )

    class Meta:
        model = MatterKind
        fields = [
            "name",
            "source",
            "required",
            "summary_over_pages",
            "summary_pages",
            "lead_days",
            "check_days",
            "submit_days",
            "valid_from",
        ]
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        kwargs.setdefault("instance", MatterKind(body=body, valid_from=clock.today()))
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class EndingForm(forms.Form):
    last_day = forms.DateField(label=_("Last day in force"))
