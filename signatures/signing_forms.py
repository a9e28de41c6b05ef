"""What is filled in to have a paper signed, to sign it, or to refuse."""

import base64
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents.models import DocumentVersion
from people.models import Appointment
from people.rules import PRESIDING, VOTING, Role
from signatures.models import SigningCertificate, SigningRequest, SigningStep
from signatures.rules import Mark

SIGNERS_LIMIT = 20
SEAL = "seal"
WITH_WORDS = (Mark.NUMBER, Mark.DAY, Mark.MONTH, Mark.ATTACHMENT, Mark.COPY)  # what to show must be written
ROW = ("who", "mark", "words", "together")


class RequestForm(forms.Form):
    """Who signs, in which order, shown how. The signers' rows are fields by number: `who_1`, `mark_1`…"""

    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=300,
        required=False,
        help_text=_("Read by those who are asked: to be issued on Friday."),
    )
    due_at = forms.DateTimeField(label=_("To be signed by"), required=False, widget=forms.DateTimeInput)

    def __init__(
        self, *args: Any, version: DocumentVersion, signers: Sequence[dict[str, Any]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        body = version.document.body
        self.offices = {
            str(office.pk): office
            for office in body.appointments.current()
            .exclude(role__in=(Role.ADMINISTRATOR, Role.AUDITOR))
            .filter(user__is_active=True)
            .select_related("user")
            .order_by("protocol_order", "pk")
        }
        self.seal_of = body.office
        rows = self._read_rows() if self.is_bound else list(signers) or [{}]
        self.count = len(rows)
        for number, row in enumerate(rows, 1):
            self._add_row(number, row)

    def _add_row(self, number: int, row: dict[str, Any]) -> None:
        self.fields[f"who_{number}"] = forms.ChoiceField(
            label=_("Signer"), choices=self._list_who(), initial=row.get("who", "")
        )
        self.fields[f"mark_{number}"] = forms.ChoiceField(
            label=_("Shown as"),
            choices=[(mark.value, mark.label) for mark in Mark if mark != Mark.SEAL],
            initial=row.get("mark") or Mark.LEADER,
            required=False,
        )
        self.fields[f"words_{number}"] = forms.CharField(
            label=_("Words shown"),
            max_length=300,
            required=False,
            initial=row.get("words", ""),
        )
        if number > 1:
            self.fields[f"together_{number}"] = forms.BooleanField(
                label=_("At the same time as the one before"),
                required=False,
                initial=bool(row.get("together")),
            )

    def _list_who(self) -> list[Any]:
        presiding = [office for office in self.offices.values() if office.role in PRESIDING]
        members = [o for o in self.offices.values() if o.role in VOTING and o.role not in PRESIDING]
        others = [office for office in self.offices.values() if office.role not in VOTING]
        groups = (
            (_("Those who preside"), presiding),
            (_("Members"), members),
            (_("Office and agencies"), others),
        )
        seal = [(SEAL, _("Seal of %(name)s") % {"name": self.seal_of})]
        named = [
            (label, [(str(o.pk), f"{o.user.full_name} – {o.title}") for o in offices])
            for label, offices in groups
            if offices
        ]
        return [("", "—"), *named, (_("Seal"), seal)]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The bound fields of each signer, in their order."""
        return [
            {"number": number}
            | {name: self[f"{name}_{number}"] for name in ROW if f"{name}_{number}" in self.fields}
            for number in range(1, self.count + 1)
        ]

    def rearranged(self, add: bool = False, remove: int = 0, up: int = 0, down: int = 0) -> "RequestForm":
        """The same with a signer more, one less, or in another order: without a script too."""
        rows = self._read_rows()
        place = up - 1 if up else down  # of the lower one of the two that change places
        if 0 < place < len(rows):
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
        rows = [row for number, row in enumerate(rows, 1) if number != remove]
        if add and len(rows) < SIGNERS_LIMIT:
            rows.append({})
        typed = {name: self[name].value() for name in ("purpose", "due_at")}
        return RequestForm(initial=typed, version=self.version, signers=rows)

    def clean(self) -> dict[str, Any]:
        for number in range(1, self.count + 1):
            mark = self.cleaned_data.get(f"mark_{number}")
            if mark in WITH_WORDS and not self.cleaned_data.get(f"words_{number}"):
                self.add_error(f"words_{number}", _("Write what is to be shown."))
        return self.cleaned_data

    @property
    def steps(self) -> list[SigningStep]:
        """The signatures wanted, not yet stored."""
        steps: list[SigningStep] = []
        place = 0
        for number in range(1, self.count + 1):
            row = {name: self.cleaned_data.get(f"{name}_{number}") for name in ROW}
            if not (row["together"] and steps):
                place += 1
            seals = row["who"] == SEAL
            steps.append(
                SigningStep(
                    place=place,
                    signer=None if seals else self.offices[str(row["who"])],
                    organisation=self.seal_of if seals else None,
                    mark=Mark.SEAL if seals else row["mark"] or Mark.LEADER,
                    words="" if seals else row["words"] or "",
                )
            )
        return steps

    def _read_rows(self) -> list[dict[str, Any]]:
        numbers = [n for n in range(1, SIGNERS_LIMIT + 1) if f"who_{n}" in self.data] or [1]
        return [{name: self.data.get(f"{name}_{number}", "") for name in ROW} for number in numbers]


class PrepareForm(forms.Form):
    """Which key signs, and what the signer has had before her eyes: its SHA-256."""

    certificate = forms.ModelChoiceField(
        SigningCertificate.objects.none(),
        error_messages={
            "required": _("Choose the certificate that you sign with."),
            "invalid_choice": _("This certificate is not registered to you, or it is not valid today."),
        },
    )
    seen = forms.CharField(
        max_length=64, error_messages={"required": _("Wait until the paper is shown, then sign.")}
    )

    def __init__(self, *args: Any, step: SigningStep, certificates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        choice: Any = self.fields["certificate"]
        choice.queryset = certificates

    def clean_seen(self) -> str:
        seen: str = self.cleaned_data["seen"]
        if seen != self.step.request.sha256:
            raise forms.ValidationError(
                _("The paper has been signed by another meanwhile. Look at it again, then sign.")
            )
        return seen


class ValueForm(forms.Form):
    """What the key has made, in base64."""

    value = forms.CharField(max_length=8000)

    def clean_value(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["value"], validate=True)
        except ValueError:  # letters that are not base64, or not ASCII
            raise forms.ValidationError(_("The key gave no signature that can be read. Try again.")) from None


class SealForm(forms.Form):
    certificate = forms.ModelChoiceField(
        SigningCertificate.objects.none(), label=_("Certificate of the seal"), empty_label=None
    )

    def __init__(self, *args: Any, certificates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["certificate"]
        choice.queryset = certificates


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Say why.")},
    )


class _StandInField(forms.ModelChoiceField):
    def label_from_instance(self, office: Appointment) -> str:
        return f"{office.user.full_name} – {office.title}"


class PassForm(forms.Form):
    to = _StandInField(
        Appointment.objects.none(), label=_("Stand-in"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, stand_ins: Sequence[Appointment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["to"]
        choice.queryset = Appointment.objects.filter(
            pk__in=[office.pk for office in stand_ins]
        ).select_related("user")


def suggest_signers(version: DocumentVersion) -> list[dict[str, Any]]:
    """As it was asked for the version before, where it was."""
    earlier = SigningRequest.objects.filter(version__document=version.document_id).order_by("-pk").first()
    if earlier is None:
        return []
    rows: list[dict[str, Any]] = []
    place = None
    for step in earlier.steps.order_by("place", "pk"):
        who = SEAL if step.signer_id is None else str(step.stands_in_for_id or step.signer_id)
        together = step.place == place
        rows.append({"who": who, "mark": step.mark, "words": step.words, "together": together})
        place = step.place
    return rows
