"""A kind of request with the answers that it offers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import validate_slug
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opinions.forms.fields import text
from opinions.models import AnswerClass, RequestKind
from opinions.rules import CountsAs, ReasonRule

ANSWERS_LIMIT = 12
LONGEST_AHEAD = 30 * 24  # hours before the deadline
COLUMNS = ("label", "label_en", "code", "counts_as", "reason", "raises_remark", "calls_session")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OfferedForm(forms.Form):
    """One answer. Its code is what is stored and signed; nobody has to read it."""

    label = forms.CharField(label=_("Words of the answer"), max_length=100)
    label_en = forms.CharField(label=_("The same in English"), max_length=100, required=False)
    code = forms.CharField(label=_("Code of the answer"), max_length=20, validators=[validate_slug])
    counts_as = forms.ChoiceField(label=_("Counts as"), choices=CountsAs)
    reason = forms.ChoiceField(label=_("Reason"), choices=ReasonRule, initial=ReasonRule.OPTIONAL)
    raises_remark = forms.BooleanField(label=_("Goes into the table of remarks"), required=False)
    calls_session = forms.BooleanField(label=_("Calls for a session"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("raises_remark") and cleaned.get("reason") == ReasonRule.NONE:
            self.add_error("reason", _("A remark needs words: let a reason be given."))
        return cleaned


class KindForm(forms.ModelForm):
    remind_before = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=LONGEST_AHEAD),
        label=_("Members are reminded … hours before the deadline"),
        required=False,
        max_length=8,
        help_text=_("Several with commas between them: 48, 24, 4."),
    )

    class Meta:
        model = RequestKind
        fields = [
            "name",
            "place",
            "title",
            "first_question",
            "secrecy",
            "signing",
            "decided_by",
            "silence",
            "stand_ins_answer",
            "remind_before",
            "escalate_before",
            "quiet_from",
            "quiet_until",
        ]
        widgets = {
            "first_question": text(2),
            "silence": forms.Select,
            "quiet_from": ClockInput,
            "quiet_until": ClockInput,
        }

    def __init__(
        self,
        data: Any = None,
        *,
        kind: RequestKind,
        classes: Iterable[AnswerClass] = (),
        typed: Sequence[Mapping[str, Any]] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, instance=kind, initial=initial)
        self.fields["place"].min_value = 1
        self.fields["place"].help_text = _("1 is the usual kind, which a new request begins with.")
        self.fields["title"].help_text = _("In capitals at the head of the slip.")
        self.fields["first_question"].help_text = _("A new request begins with it.")
        if self.is_bound:
            numbers = [
                n for n in range(1, ANSWERS_LIMIT + 1) if f"answer_{n}-label" in self.data
            ]  # as many as were sent
            self.rows = [OfferedForm(self.data, prefix=f"answer_{n}") for n in numbers]
        else:
            found = typed or [{name: getattr(offered, name) for name in COLUMNS} for offered in classes]
            self.rows = [
                OfferedForm(initial=dict(row), prefix=f"answer_{n}") for n, row in enumerate(found or [{}], 1)
            ]

    def clean_remind_before(self) -> list[int]:
        return sorted(set(self.cleaned_data["remind_before"] or []), reverse=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not all([row.is_valid() for row in self.rows]):  # each says what is wrong with it
            self.add_error(None, _("Look at the answers: something is missing there."))
        seen: set[str] = set()
        for row in self.rows:
            code = row.cleaned_data.get("code")
            if code in seen:
                row.add_error("code", gettext("Two answers have the same code."))
                self.add_error(None, _("Two answers have the same code."))
            seen.add(code or "")
        return cleaned

    @property
    def classes(self) -> list[AnswerClass]:
        """What is offered, in its order."""
        return [AnswerClass(**row.cleaned_data) for row in self.rows]

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < ANSWERS_LIMIT

    def rearranged(self, *, add: bool = False, remove: int = 0) -> "KindForm":
        """The same text with one answer more, or without one: for those without a script too."""
        rows: list[dict[str, Any]] = [
            {name: row[name].value() for name in COLUMNS}
            for place, row in enumerate(self.rows, 1)
            if place != remove
        ]
        if add:
            rows.append({})
        typed = {name: self[name].value() for name in self.fields}
        return KindForm(kind=RequestKind(body=self.instance.body), typed=rows, initial=typed)
