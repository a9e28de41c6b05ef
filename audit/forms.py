"""How an auditor looks for entries."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEventQuerySet
from audit.sentences import SENTENCES


class SearchForm(forms.Form):
    person = forms.CharField(label=_("Person"), max_length=100, required=False)
    target = forms.CharField(label=_("Object"), max_length=200, required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sentences = sorted(
            ((name, str(words)) for name, words in SENTENCES.items()), key=lambda pair: pair[1]
        )
        self.fields["action"].choices = [("", _("all actions")), *sentences]

    def narrow(self, events: AuditEventQuerySet) -> AuditEventQuerySet:
        """Those entries that were asked for; none when the question itself is wrong."""
        if not self.is_valid():
            return events.none()
        sought = self.cleaned_data
        if sought["person"]:
            events = events.filter(actor_name__icontains=sought["person"])
        if sought["target"]:
            events = events.filter(target_name__icontains=sought["target"])
        if sought["action"]:
            events = events.filter(action=sought["action"])
        if sought["since"]:
            events = events.filter(at__gte=timezone.make_aware(datetime.combine(sought["since"], time.min)))
        if sought["until"]:
            events = events.filter(at__lte=timezone.make_aware(datetime.combine(sought["until"], time.max)))
        return events
