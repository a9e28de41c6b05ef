"""The shape of what is typed in: required, type, length. What is allowed stands in the rules."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from meetings.rules import REASON_LIMIT, MeetingKind, hour_is_free, session_is_ahead


class MeetingForm(forms.ModelForm):
    """When, where, which kind."""

    class Meta:
        model = Meeting
        fields = ["body", "kind", "starts_at", "place"]

    def __init__(self, *args: Any, bodies: Any = None, meeting: Meeting | None = None, **kwargs: Any) -> None:
        if meeting is not None:
            kwargs["initial"] = {name: getattr(meeting, name) for name in ("kind", "starts_at", "place")}
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in MeetingKind]
        if bodies is None:
            del self.fields["body"]  # a session does not change its body
        else:
            self.fields["body"].queryset = bodies
            if len(bodies) == 1:
                self.fields["body"].widget = forms.HiddenInput()
                self.fields["body"].initial = bodies[0].pk

    def clean(self) -> dict[str, Any]:
        """A time that cannot be is said at its field, before anything is lost."""
        given = super().clean() or self.cleaned_data
        body = given.get("body") or (self.meeting and self.meeting.body)
        if body and given.get("starts_at"):
            wanted = Meeting(pk=self.meeting and self.meeting.pk, body=body, starts_at=given["starts_at"])
            if reason := session_is_ahead(wanted) or hour_is_free(wanted):
                self.add_error("starts_at", reason)
        return given


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )


class PlaceForm(forms.Form):
    """Which agenda, and where on it; without an agenda the matter waits."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Session"), required=False, empty_label=_("Waiting list")
    )
    place = forms.IntegerField(label=_("Place on the agenda"), required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, item: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = Meeting.objects.ahead().filter(body=item.body_id)
