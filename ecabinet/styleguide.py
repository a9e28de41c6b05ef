"""The living style guide: each component once, with long names; not on a real installation."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core import clock


class ExampleForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), help_text=_("As it will stand on the slip."))
    body = forms.CharField(label=_("Content"), widget=forms.Textarea, required=False)
    agency = forms.ChoiceField(
        label=_("Lead agency"),
        choices=[("", "—"), ("mae", "Bộ Nông nghiệp và Môi trường"), ("mof", "Bộ Tài chính")],
    )
    deadline = forms.DateTimeField(label=_("Deadline"), widget=forms.DateTimeInput)
    answer = forms.ChoiceField(
        label=_("Opinion of the member"),
        choices=[("agree", _("Agree")), ("disagree", _("Disagree")), ("other", _("Other opinion"))],
        widget=forms.RadioSelect,
    )
    paper = forms.FileField(label=_("Paper"), help_text=_("PDF, at most 200 MB."), required=False)
    sure = forms.BooleanField(label=_("I have read the dossier"))


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    now = clock.now()
    refused: dict[str, Any] = {"subject": "", "answer": "", "deadline": "hôm qua"}
    context = {
        "form": ExampleForm(initial={"deadline": now + timedelta(days=5)}),
        "refused": ExampleForm(refused, auto_id="refused_%s"),
        "now": now,
        "far": now + timedelta(days=6, hours=3),
        "near": now + timedelta(seconds=95),
        "soon": now + timedelta(hours=20),
        "past": now - timedelta(days=3, hours=2),
    }
    return render(request, "styleguide.html", context)
