"""Remarks and what is reported of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opinions import rules
from opinions.forms.fields import text
from opinions.models import Remark
from opinions.rules import MemberStance, RemarkVerdict


class ExplanationForm(forms.Form):
    """What becomes of one remark, and why."""

    verdict = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (RemarkVerdict.ACCEPTED.value, _("Accepted")),
            (RemarkVerdict.PARTLY.value, _("Accepted in part")),
            (RemarkVerdict.EXPLAINED.value, _("Explained: the draft stays as it is")),
            (RemarkVerdict.REJECTED.value, _("Not accepted")),
        ],
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=rules.REASON_LIMIT,
        widget=text(6),
        help_text=_("What is changed in the draft, or why it stays. The member and all who decide read it."),
    )

    @staticmethod
    def describe(remark: Remark) -> "ExplanationForm":
        return ExplanationForm(initial={"verdict": remark.verdict or None, "explanation": remark.explanation})


class SettlementForm(forms.Form):
    note = forms.CharField(
        label=_("Note of the office"), max_length=rules.REASON_LIMIT, required=False, widget=text(4)
    )


class StanceForm(forms.Form):
    """What the member says to it: two answers of the same weight, neither proposed."""

    stance = forms.ChoiceField(
        label=_("What do you say to this?"),
        choices=[
            (MemberStance.SATISFIED.value, _("I am satisfied")),
            (MemberStance.MAINTAINED.value, _("I maintain my remark")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your own words"), max_length=rules.REASON_LIMIT, required=False, widget=text(4)
    )

    @staticmethod
    def describe(remark: Remark) -> "StanceForm":
        return StanceForm(initial={"stance": remark.stance or None, "words": remark.stance_words})


class ReportForm(forms.Form):
    """The lead agency says plainly whether to collect again: no choice is made beforehand."""

    report = forms.CharField(
        label=_("Report"),
        max_length=20_000,
        widget=text(8),
        help_text=_("What was accepted, what was explained, and what was agreed with the members concerned."),
    )
    repeats = forms.TypedChoiceField(
        label=_("Are the opinions to be collected again?"),
        choices=[("no", _("No: the matter can be decided")), ("yes", _("Yes: collect the opinions again"))],
        coerce=lambda chosen: chosen == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    @staticmethod
    def describe(opinion_request: Any) -> "ReportForm":
        chosen = {True: "yes", False: "no"}.get(opinion_request.report_repeats)
        return ReportForm(initial={"report": opinion_request.report, "repeats": chosen})


class OfficeOpinionForm(forms.Form):
    opinion = forms.CharField(label=_("Opinion of the office"), max_length=20_000, widget=text(8))
