"""What is typed in and sent by those who work on a folder: its shape. What is allowed stands in the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from documents import resumable
from documents.models import Dossier, DossierPaper, Section
from documents.naming import propose
from documents.refusals import Refused
from documents.rules import MADE_HERE, READING, DocumentKind, Urgency
from documents.structure import find_parents
from documents.uploads import ReceivedPaper, receive_paper
from people.models import Appointment, User

KINDS = [choice for choice in DocumentKind.choices if choice[0] not in MADE_HERE]
TITLE_LENGTH = 500


class UploadForm(forms.Form):
    """One file: sent with the form, or in pieces before it (`upload_id`). What cannot be taken is told at the
    field, and nothing of it is kept."""

    upload = forms.FileField(label=_("File"), required=False, help_text=_("Without any secrecy marking."))
    upload_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, dossier: Dossier | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.dossier = by, dossier

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key, upload = cleaned.pop("upload_id", None), cleaned.get("upload")
        if key is not None:
            upload = resumable.take(self.by, key)
        if upload is None and not self.errors:
            self.add_error("upload", forms.ValidationError(_("Choose a file."), code="required"))
        elif upload is not None:
            cleaned["upload"] = take_in(self, upload, self.dossier)
        return cleaned


def take_in(
    form: forms.Form, upload: Any, dossier: Dossier | None, field: str = "upload"
) -> ReceivedPaper | None:
    try:
        received = receive_paper(upload)
        if dossier is not None and dossier.papers.filter(version__sha256=received.sha256).exists():
            received.upload.discard()
            raise Refused("already_there")
    except Refused as refusal:
        form.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))
        return None
    return received


class SeveralFiles(forms.FileField):
    """The browser lets one choose many."""

    widget = type("SeveralFilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, sent: Any, initial: Any = None) -> list[Any]:
        files = (sent if isinstance(sent, list) else [sent]) or [None]
        return [super(SeveralFiles, self).clean(file, initial) for file in files]


class PapersForm(forms.Form):
    """Papers for the folder, one or many at once. The names of the files propose kind and title."""

    upload = SeveralFiles(
        label=_("Files"),
        help_text=_(
            "PDF, Office files, pictures, sound, film or detached signatures; without any secrecy marking."
        ),
    )
    section = forms.ModelChoiceField(
        label=_("Section"), queryset=None, required=False, empty_label=_("Without a section")
    )
    kind = forms.ChoiceField(
        label=_("Kind of paper"), required=False, choices=[("", _("As the name of the file says")), *KINDS]
    )
    title = forms.CharField(
        label=_("Name of the paper"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("Without one, the name of the file."),
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="new_%s", **kwargs)
        self.dossier = dossier
        self.fields["section"].queryset = dossier.sections.all()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["papers"] = [
            self._describe(received, cleaned)
            for upload in cleaned.get("upload", [])
            if (received := take_in(self, upload, self.dossier))
        ]
        return cleaned

    def _describe(self, received: ReceivedPaper, cleaned: dict[str, Any]) -> dict[str, Any]:
        kind, title = propose(received.file_name)
        if len(cleaned["upload"]) == 1 and cleaned.get("title"):
            title = cleaned["title"]
        return {
            "upload": received,
            "kind": cleaned.get("kind") or kind,
            "title": title,
            "section": cleaned.get("section"),
        }


class ReplaceForm(UploadForm):
    reason = forms.CharField(
        label=_("Reason for the new version"),
        max_length=TITLE_LENGTH,
        help_text=_("Those who have read the earlier one are told."),
    )


class IncludeForm(forms.Form):
    version = forms.IntegerField(min_value=1)
    section = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = dossier.sections.all()


class FindForm(forms.Form):
    q = forms.CharField(max_length=200, required=False)


class DescribeForm(forms.Form):
    """What stands on the paper (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    title = forms.CharField(label=_("Name of the paper"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=_("Kind of paper"), choices=KINDS)
    number = forms.CharField(label=_("Number and notation"), max_length=60, required=False)
    issued_on = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    issued_by = forms.CharField(label=_("Issuing body"), max_length=200, required=False)
    signer = forms.CharField(label=_("Signer"), max_length=200, required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency)
    attached_to = forms.ModelChoiceField(
        label=_("Attachment to"),
        queryset=None,
        required=False,
        empty_label=_("None: a paper by itself"),
        help_text=_("An attachment stands under its paper and moves with it."),
    )

    def __init__(self, *args: Any, paper: DossierPaper, **kwargs: Any) -> None:
        document = paper.version.document
        papers = list(paper.dossier.papers.select_related("version__document").order_by("place", "pk"))
        parents = find_parents(papers)
        kwargs["initial"] = {name: getattr(document, name) for name in self.base_fields} | {
            "attached_to": parents.get(paper.pk)
        }
        super().__init__(*args, **kwargs)
        possible = [one.pk for one in papers if one != paper and one.pk not in parents]
        field = self.fields["attached_to"]
        field.queryset = paper.dossier.papers.filter(pk__in=possible).select_related("version__document")


class MoveForm(forms.Form):
    """To a place: from the arrows and the mouse as "section:place", from the page in two fields."""

    to = forms.RegexField(r"^\d{1,9}:\d{1,5}\Z", required=False, widget=forms.HiddenInput)
    section = forms.ModelChoiceField(
        label=_("Section"), queryset=None, required=False, empty_label=_("Without a section")
    )
    place = forms.IntegerField(
        label=_("Place in the section"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Counted from 1. Without a number: at the end."),
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.fields["section"].queryset = dossier.sections.all()

    def target(self) -> dict[str, Any]:
        """What the action asks for. A section that is gone by now is told by the action."""
        if to := self.cleaned_data["to"]:
            section, place = map(int, to.split(":"))
            return {"section": Section(pk=section) if section else None, "place": place}
        return {"section": self.cleaned_data["section"], "place": self.cleaned_data["place"]}


class ReadersForm(forms.Form):
    readers = forms.ModelMultipleChoiceField(
        label=_("Who may read this paper"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Name nobody, and all members are given it with the dossier."),
    )

    def __init__(self, *args: Any, paper: DossierPaper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Appointment.objects.current().filter(role__in=READING, body=paper.dossier.body_id)
        titles = {office.user_id: office.title for office in offices.order_by("protocol_order", "pk")}
        field = self.fields["readers"]
        field.queryset = User.objects.holding(READING, paper.dossier.body).order_by("full_name", "pk")
        field.label_from_instance = lambda person: f"{person.full_name}, {titles[person.pk]}"
        field.initial = list(paper.readers.values_list("reader", flat=True))


class SectionForm(forms.Form):
    title = forms.CharField(label=_("Heading of the section"), max_length=200)


class SectionPlaceForm(forms.Form):
    place = forms.IntegerField(min_value=1, max_value=1000)
