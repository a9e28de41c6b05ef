"""The matter, its questions, and reasons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.actions._questions import read_questions
from opinions.forms.fields import text
from opinions.forms.questions import QuestionsForm, TypedQuestion, read_typed
from opinions.models import OpinionRequest, RequestKind
from opinions.rules import Secrecy
from opinions.wording import tidy
from people.models import Organisation, User
from people.rules import Role

LONGEST = 10_000
RELATED = ("kind", "lead_agency", "adviser", "follower")
FIELDS = (
    *RELATED,
    "is_secret",
    "subject",
    "deadline",
    "exception_order",
    "exception_reason",
    "proposal",
    "adviser_opinion",
    "revision",
)


class KindField(forms.ModelChoiceField):
    """A kind that was retired says so."""

    def label_from_instance(self, kind: Any) -> str:
        return str(kind) if kind.is_in_use else gettext("%(kind)s (out of use)") % {"kind": kind}


class RequestForm(QuestionsForm):
    """The matter and its questions. A draft may be saved half-finished: only what it is about is required."""

    kind = KindField(label=_("Kind of request"), queryset=None, required=False, empty_label=None)
    is_secret = forms.BooleanField(
        label=_("Secret ballot"),
        required=False,
        help_text=_("Nobody learns who answered what, and no reasons are given."),
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=500, widget=text(2), help_text=_("As it will stand on the slip.")
    )
    lead_agency = forms.ModelChoiceField(label=_("Lead agency"), queryset=None)
    deadline = forms.DateTimeField(label=_("Deadline"), widget=forms.DateTimeInput)
    exception_order = forms.CharField(
        label=_("Order for another deadline"),
        max_length=300,
        required=False,
        help_text=_("Who ordered it, with number and date: letter 512/VPCP-TH, 20/11/2026."),
    )
    exception_reason = forms.CharField(
        label=_("Reason for another deadline"), max_length=LONGEST, required=False, widget=text(2)
    )
    proposal = forms.CharField(
        label=_("Proposal of the lead agency"),
        max_length=LONGEST,
        required=False,
        widget=text(5),
        help_text=_("What a member agrees to by agreeing, or by not answering."),
    )
    adviser = forms.ModelChoiceField(
        label=_("Adviser unit"), queryset=None, required=False, empty_label=_("None")
    )
    adviser_opinion = forms.CharField(
        label=_("Independent opinion of the adviser unit"), max_length=LONGEST, required=False, widget=text(4)
    )
    follower = forms.ModelChoiceField(
        label=_("Follow-up person"),
        queryset=None,
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Is told before the deadline who has not answered."),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, opinion_request: OpinionRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opinion_request = opinion_request
        body = opinion_request.body
        kinds = RequestKind.objects.in_use(body)
        if opinion_request.kind_id is not None:  # the one that it has, even where it was retired since
            kinds = RequestKind.objects.filter(
                pk__in=[opinion_request.kind_id, *kinds.values_list("pk", flat=True)]
            )
        self.fields["kind"].queryset = kinds.order_by("place", "pk").prefetch_related("answer_classes")
        self.fields["kind"].widget.attrs |= {
            "hx-post": reverse("opinions:edit_request", args=[opinion_request.pk])
            if opinion_request.pk
            else "",
            "hx-trigger": "change",
            "hx-include": "closest form",
            "hx-vals": '{"look": "1"}',
            "hx-target": "#request-fields",
            "hx-select": "#request-fields",
            "hx-swap": "outerHTML",
        }
        self.fields["lead_agency"].queryset = Organisation.objects.all()
        self.fields["adviser"].queryset = Organisation.objects.all()
        office = User.objects.holding([Role.SECRETARY], body)
        chosen = User.objects.filter(pk=opinion_request.follower_id)
        self.fields["follower"].queryset = (office | chosen).order_by("full_name")

    @cached_property
    def chosen_kind(self) -> RequestKind | None:
        """The kind as it stands in the field; else the usual one."""
        kinds = {str(kind.pk): kind for kind in self.fields["kind"].queryset}
        usual = next(iter(kinds.values()), None)
        return kinds.get(str(self["kind"].value() or self.opinion_request.kind_id), usual)

    @property
    def may_be_secret(self) -> bool:
        return self.chosen_kind is not None and self.chosen_kind.secrecy == Secrecy.EITHER

    @property
    def has_exception(self) -> bool:
        """Whether the fields of another deadline are to be shown opened."""
        return any(
            self[name].value() or self[name].errors for name in ("exception_order", "exception_reason")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        order, reason = cleaned.get("exception_order"), cleaned.get("exception_reason")
        if order and not reason:
            self.add_error("exception_reason", gettext("Give the reason for another deadline."))
        if reason and not order:
            self.add_error("exception_order", gettext("Name the order: who gave it, its number and date."))
        return cleaned

    def rearranged(self, asked_for: Mapping[str, str]) -> "RequestForm | None":
        """The same text with a row more or less, or with another kind: for those without a script too."""
        questions = self.rearranged_questions(asked_for)
        if questions is None:
            if "look" not in asked_for:
                return None
            questions = self._begin_anew(self.typed_questions)
        initial = {name: self[name].value() for name in FIELDS}
        return RequestForm(initial=initial, questions=questions, opinion_request=self.opinion_request)

    def _begin_anew(self, typed: list[TypedQuestion]) -> list[TypedQuestion]:
        """With another kind comes its own first wording, unless something else was typed already."""
        wordings = {kind.first_question for kind in self.fields["kind"].queryset} | {""}
        kind = self.chosen_kind
        if kind is None or len(typed) > 1 or typed[0].offers_options or tidy(typed[0].text) not in wordings:
            return typed
        return [TypedQuestion(kind.first_question)]

    def deed(self) -> dict[str, Any]:
        """What the action asks for."""
        cleaned = {name: self.cleaned_data[name] for name in FIELDS}
        if cleaned["kind"] is None:  # the field was not there: the kind stays
            del cleaned["kind"]
        if self.opinion_request.pk is None:
            del cleaned["revision"]
        return {**cleaned, "questions": self.asked()}

    @property
    def typed(self) -> dict[str, str]:
        """As it stands in the fields, checked or not."""
        typed = {name: self.data[name] for name in self.fields if name in self.data}
        return {name: text.replace("\0", "")[:LONGEST] for name, text in typed.items()}

    @staticmethod
    def describe(opinion_request: OpinionRequest, typed: Mapping[str, str] | None = None) -> "RequestForm":
        """The form with what is stored, or with what was typed since."""
        if typed := typed or opinion_request.unsaved:
            initial = {name: typed[name] for name in FIELDS if name in typed}
            questions = read_typed(typed)
        else:
            initial = {name: getattr(opinion_request, name, None) for name in FIELDS if name not in RELATED}
            initial |= {name: getattr(opinion_request, f"{name}_id") for name in RELATED}
            initial["kind"] = initial["kind"] or _find_usual_kind(opinion_request)
            questions = _stored_questions(opinion_request)
        return RequestForm(initial=initial, questions=questions, opinion_request=opinion_request)


def _stored_questions(opinion_request: OpinionRequest) -> list[TypedQuestion]:
    """Those of the draft; a new one begins with the wording of the usual kind."""
    if opinion_request.pk:
        return [TypedQuestion.of(asked) for asked in read_questions(opinion_request)]
    usual = _find_usual_kind(opinion_request)
    return [TypedQuestion(usual.first_question)] if usual else []


def _find_usual_kind(opinion_request: OpinionRequest) -> RequestKind | None:
    return RequestKind.objects.in_use(opinion_request.body).first()


class ReasonForm(forms.Form):
    """Why something is given back or called back."""

    reason = forms.CharField(label=_("Reason"), max_length=rules.REASON_LIMIT, widget=text(4))


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note to the lead agency"), max_length=rules.REASON_LIMIT, required=False, widget=text(4)
    )
