"""The answer of a member."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from documents.paper_forms import take_in
from opinions import rules
from opinions.forms.fields import OneOfThem, PositionInADraft, UnlessItIsClear, text
from opinions.models import OpinionSlip, Question
from opinions.rules import QuestionForm, SheetWay


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with the fields of its answer: a position or options, and words."""

    question: Question
    said: Any
    reason: Any

    @property
    def sent(self) -> list[Any]:
        """The values that stand in the field."""
        value = self.said.value() or []
        return list(value) if isinstance(value, list | tuple) else [value]

    @property
    def chosen(self) -> str:
        """In words, for the second step."""
        wanted = {str(one) for one in self.sent}
        if self.question.form == QuestionForm.OPTIONS:
            return "; ".join(str(option) for option in self.question.offered if str(option.pk) in wanted)
        return "; ".join(str(label) for key, label in self.said.field.choices if str(key) in wanted)

    @property
    def has_options(self) -> bool:
        return self.question.form == QuestionForm.OPTIONS

    @property
    def is_counted(self) -> bool:
        """More than one may be chosen, and not all: the page counts along."""
        return not isinstance(self.said.field.widget, OneOfThem)

    @property
    def groups(self) -> Iterator[tuple[Any, list[tuple[Any, Any]]]]:
        """The options with their boxes; those that have parts with the boxes of their parts."""
        boxes = {str(box.data["value"]): box for box in self.said}
        options = list(self.question.options.all())
        for top in options:
            if top.parent_id is None:
                parts = [option for option in options if option.parent_id == top.pk]
                yield top, [(option, boxes[str(option.pk)]) for option in parts or [top]]


class AnswerForm(forms.Form):
    """A position or options and a reason for each question. With `complete=False` it takes half a draft; with
    `takes_paper` a file besides."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        slip: OpinionSlip,
        complete: bool = True,
        answers_oneself: bool = True,
        takes_paper: bool = False,
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.slip, self.complete, self.is_late = slip, complete, False
        self.asked_for = list(slip.request.questions.prefetch_related("options__parent"))
        label = _("Your opinion") if answers_oneself else _("Opinion of the member")
        for question in self.asked_for:
            known = (answers or {}).get(str(question.pk), {})
            self.fields[self._name(question)] = self._make_field(question, label, known)
            self.fields[f"reason_{question.pk}"] = UnlessItIsClear(
                label=_("Reason or opinion"),
                max_length=rules.REASON_LIMIT,
                widget=text(4),
                initial=known.get("reason", ""),
                help_text=self._explain_reason(question),
            )
        if takes_paper:
            self.fields["upload"] = forms.FileField(
                label=_("Paper that goes with the opinion"),
                required=False,
                help_text=_("It is shown to nobody before the opinions are counted. No secrecy marking."),
            )

    def _make_field(self, question: Question, label: Any, known: Mapping[str, Any]) -> forms.Field:
        if question.form == QuestionForm.OPTIONS:
            return forms.TypedMultipleChoiceField(
                label=label,
                choices=[(option.pk, str(option)) for option in question.offered],
                coerce=int,
                widget=OneOfThem if _is_one_of_them(question) else forms.CheckboxSelectMultiple,
                required=self.complete,
                initial=known.get("options", ()),
                help_text=ngettext(
                    "Choose at most %(most)s option.",
                    "Choose at most %(most)s options.",
                    question.max_choices,
                )
                % {"most": question.max_choices},
                error_messages={"required": _("Choose one of the options.")},
            )
        offered = [(code, str(taken)) for code, taken in self.slip.request.classes.items()]
        return (forms.ChoiceField if self.complete else PositionInADraft)(
            label=label,
            choices=offered,
            widget=forms.RadioSelect,
            initial=known.get("position"),
            error_messages={"required": _("Choose one of the options.")},
        )

    def _explain_reason(self, question: Question) -> str:
        """For which answers a reason is required, by their words."""
        demanding = [
            f"“{taken}”"
            for taken in self.slip.request.classes.values()
            if taken.reason == rules.ReasonRule.REQUIRED
        ]
        if question.form == QuestionForm.OPTIONS or not demanding:
            return ""
        return gettext("Required with: %(answers)s.") % {"answers": ", ".join(demanding)}

    @property
    def paper(self) -> Any:
        """The field of the file, where one is taken."""
        return self["upload"] if "upload" in self.fields else None

    @staticmethod
    def _name(question: Question) -> str:
        return f"{'options' if question.form == QuestionForm.OPTIONS else 'position'}_{question.pk}"

    @property
    def asked(self) -> list[AnsweredQuestion]:
        return [
            AnsweredQuestion(question, self[self._name(question)], self[f"reason_{question.pk}"])
            for question in self.asked_for
        ]

    @property
    def answers(self) -> dict[int, dict[str, Any]]:
        """What the action asks for."""
        answers: dict[int, dict[str, Any]] = {}
        for question in self.asked_for:
            said = self.cleaned_data[self._name(question)]
            kind = "options" if question.form == QuestionForm.OPTIONS else "position"
            answers[question.pk] = {kind: said, "reason": self.cleaned_data[f"reason_{question.pk}"]}
        return answers

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("upload"):
            cleaned["upload"] = take_in(self, cleaned["upload"], None)
        for question in self.asked_for if self.complete else ():
            self._check(question, cleaned)
        if self.complete and (reason := rules.request_takes_answers(self.slip)):
            self.is_late = True
            self.add_error(None, reason)
        return cleaned

    def _check(self, question: Question, cleaned: Mapping[str, Any]) -> None:
        """What is missing is told at its field."""
        name, words = self._name(question), f"reason_{question.pk}"
        said = cleaned.get(name)
        if question.form == QuestionForm.OPTIONS:
            if said and (fault := rules.choice_is_allowed(question, said)):
                self.add_error(name, fault)
            return
        taken = self.slip.request.classes.get(said or "")
        if taken and words not in self.errors and rules.reason_is_missing(taken, cleaned.get(words, "")):
            self.add_error(
                words, gettext("Give the reason: it is required for “%(position)s”.") % {"position": taken}
            )
        if taken and taken.reason == rules.ReasonRule.NONE and cleaned.get(words):
            self.add_error(words, gettext("“%(position)s” is given without a reason.") % {"position": taken})


def _is_one_of_them(question: Question) -> bool:
    """One and no more, and none has parts of which several may be taken."""
    return question.max_choices == 1 and not any(option.parent_id for option in question.options.all())


class EntryForm(AnswerForm):
    """What came on paper or by telephone, entered by an officer for the member."""

    def __init__(self, data: Any = None, files: Any = None, *, slip: OpinionSlip) -> None:
        super().__init__(data, files, slip=slip, answers_oneself=False)
        ways = [(way.value, way.label) for way in (SheetWay.PAPER, SheetWay.TELEPHONE)]
        self.fields["way"] = forms.ChoiceField(
            label=_("How the answer came"),
            choices=[way for way in ways if not rules.way_is_taken(slip, way[0])],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose one of the options.")},
        )
        self.fields["scan"] = forms.FileField(
            label=_("Scan of the paper"), required=False, help_text=_("Required for an answer on paper.")
        )
        self.fields["entry_reason"] = forms.CharField(
            label=_("Why it is entered for the member"), max_length=rules.REASON_LIMIT, widget=text(2)
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("scan"):
            cleaned["scan"] = take_in(self, cleaned["scan"], None, "scan")
        elif cleaned.get("way") == SheetWay.PAPER and "scan" not in self.errors:
            self.add_error("scan", _("Add the scan of the paper."))
        return cleaned

    @property
    def entry(self) -> dict[str, Any]:
        """What the action asks for."""
        return {
            "answers": self.answers,
            "way": self.cleaned_data["way"],
            "reason": self.cleaned_data["entry_reason"],
            "scan": self.cleaned_data.get("scan") or None,
        }


class DissentForm(forms.Form):
    words = forms.CharField(
        label=_("Opinion that you reserve"), max_length=rules.REASON_LIMIT, widget=text(6)
    )
