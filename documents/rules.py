"""Who handles papers, and who may read them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actors import is_clock, is_worker
from core.workflow import Rule, Rulebook, any_of
from people.rules import VOTING, Role, holds_office, is_secretary, presides

OWN_PAPERS_LIMIT = 500


class DossierStatus(models.TextChoices):
    OPEN = "open", _("in preparation")
    AWAITING = "awaiting", _("waiting for approval")
    SEALED = "sealed", _("put before the members")
    REOPENED = "reopened", _("being corrected")
    CLOSED = "closed", _("closed")


class DocumentKind(models.TextChoices):
    """The kinds of a submission's papers (Nghị định 191/2026/NĐ-CP, Điều 13)."""

    SUBMISSION = "submission", _("Submission")
    SUMMARY = "summary", _("Summary")
    DRAFT = "draft", _("Draft decision")
    REPORT = "report", _("Report")
    SCHEME = "scheme", _("Scheme")
    APPRAISAL = "appraisal", _("Appraisal")
    OPINION = "opinion", _("Written opinion")
    MINUTES = "minutes", _("Minutes of a working session")
    ACCEPTANCE = "acceptance", _("Table of acceptance and explanation")
    SYNTHESIS = "synthesis", _("Synthesis of opinions")
    RESOLUTION = "resolution", _("Resolution")
    SLIP = "slip", _("Opinion slip")
    OTHER = "other", _("Other paper")


MADE_HERE = (DocumentKind.SYNTHESIS, DocumentKind.RESOLUTION, DocumentKind.SLIP)  # never uploaded


class Urgency(models.TextChoices):
    """Degrees of urgency of an official document (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

    NORMAL = "normal", _("Ordinary")
    URGENT = "urgent", _("Urgent")
    VERY_URGENT = "very", _("Very urgent")
    EXPRESS = "express", _("Express")


class Format(models.TextChoices):
    """What a file is by its content. The value is the ending of its name."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word (DOCX)"
    XLSX = "xlsx", "Excel (XLSX)"
    PPTX = "pptx", "PowerPoint (PPTX)"
    ODT = "odt", "OpenDocument (ODT)"
    ODS = "ods", "OpenDocument (ODS)"
    ODP = "odp", "OpenDocument (ODP)"
    PNG = "png", "PNG"
    JPEG = "jpg", "JPEG"
    TIFF = "tif", "TIFF"
    MP3 = "mp3", "MP3"
    MP4 = "mp4", "MP4"
    M4A = "m4a", "M4A"
    WAV = "wav", "WAV"
    P7S = "p7s", _("Detached signature file (P7S)")


OFFICE_FORMATS = (Format.DOCX, Format.XLSX, Format.PPTX, Format.ODT, Format.ODS, Format.ODP)
PICTURE_FORMATS = (Format.PNG, Format.JPEG, Format.TIFF)
SOUND_AND_FILM = (
    Format.MP3,
    Format.MP4,
    Format.M4A,
    Format.WAV,
)
WITHOUT_PAGES = (*SOUND_AND_FILM, Format.P7S)  # attachments: nothing in them to page through


class CopyKind(models.TextChoices):
    VIEW = "view", _("PDF for reading")
    PICTURES = "pictures", _("pictures of the pages")


class ScanVerdict(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("not scanned for viruses")
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("infected")


class BinderKind(models.TextChoices):
    PDF = "pdf", _("one PDF")
    ZIP = "zip", _("ZIP with manifest")


# Who


def prepares_for_agency(user: Any, dossier: Any) -> bool:
    """An officer of the lead agency that the folder belongs to."""
    return user.holds(Role.SUBMITTER, dossier.body_id) and dossier.prepared_by_id in user.organisation_ids(
        Role.SUBMITTER, dossier.body_id
    )


def works_on_dossier(user: Any, dossier: Any) -> bool:
    """Whoever has the folder on the desk: the lead agency until it hands it in, then the Office."""
    return prepares_for_agency(user, dossier) if dossier.is_with_agency else is_secretary(user, dossier)


def audits(user: Any, obj: Any) -> bool:
    return holds_office(user, obj, Role.AUDITOR)


keeps_ledger = any_of(is_secretary, presides, audits)  # sees who was given a paper, and who has opened it


def reads_issue(user: Any, issue: Any) -> bool:
    """Whoever was given at least one paper of it."""
    return issue.papers.visible_to(user).exists()


def reads_binder(user: Any, binder: Any) -> bool:
    """Whoever was given every paper that is bound in it."""
    given = binder.issue.papers.visible_to(user).values_list("place", flat=True)
    return set(binder.places) <= set(given)


def is_its_reader(user: Any, copy: Any) -> bool:
    return copy.reader_id == user.pk


# Guards


def has_a_paper(dossier: Any) -> str | None:
    if not dossier.papers.exists():
        return gettext("The dossier is empty: add at least one paper.")
    return None


def papers_are_read(dossier: Any) -> str | None:
    """What has not been looked into is not put before the members."""
    if dossier.papers.waiting().exists():
        return gettext("Some papers are still being checked. Wait a moment and try again.")
    if dossier.papers.refused().exists():
        return gettext("A paper of the dossier could not be accepted. Remove it first.")
    if dossier.papers.not_scanned().exists():
        return gettext(
            "The virus scanner has not looked through all papers yet. Try again in a moment; if it stays so, "
            "tell the administrator of the system."
        )
    return None


def is_with_the_office(dossier: Any) -> str | None:
    if dossier.is_with_agency:
        return gettext("The lead agency is still working on this dossier.")
    return None


def has_a_lead_agency(dossier: Any) -> str | None:
    """The Office's own folder has nobody to be passed to."""
    if dossier.prepared_by_id is None:
        return gettext("This dossier belongs to no lead agency.")
    return None


IN_WORK = (DossierStatus.OPEN, DossierStatus.REOPENED)
READING = (*VOTING, Role.ASSISTANT)  # those among whom the readers of a paper are named

DOSSIER = Rulebook(
    initial=DossierStatus.OPEN,
    rules={
        "create_dossier": Rule(works_on_dossier, when={DossierStatus.OPEN}),
        "add_paper": Rule(works_on_dossier, when=IN_WORK),
        "include_version": Rule(works_on_dossier, when=IN_WORK),
        "replace_paper": Rule(works_on_dossier, when=IN_WORK),
        "describe_paper": Rule(works_on_dossier, when=IN_WORK),
        "move_paper": Rule(works_on_dossier, when=IN_WORK),
        "remove_paper": Rule(works_on_dossier, when=IN_WORK),
        "add_section": Rule(works_on_dossier, when=IN_WORK),
        "rename_section": Rule(works_on_dossier, when=IN_WORK),
        "move_section": Rule(works_on_dossier, when=IN_WORK),
        "remove_section": Rule(works_on_dossier, when=IN_WORK),
        "limit_readers": Rule(is_secretary, when=IN_WORK, guards=(is_with_the_office,)),
        "hand_over_dossier": Rule(works_on_dossier, when={DossierStatus.OPEN}, guards=(has_a_lead_agency,)),
        "submit_dossier": Rule(
            is_secretary,
            when={DossierStatus.OPEN},
            then=DossierStatus.AWAITING,
            guards=(is_with_the_office, has_a_paper, papers_are_read),
        ),
        "return_dossier": Rule(presides, when={DossierStatus.AWAITING}, then=DossierStatus.OPEN),
        "seal_dossier": Rule(
            any_of(is_secretary, presides),
            when={*IN_WORK, DossierStatus.AWAITING},
            then=DossierStatus.SEALED,
            guards=(is_with_the_office, has_a_paper, papers_are_read),
        ),
        "reopen_dossier": Rule(is_secretary, when={DossierStatus.SEALED}, then=DossierStatus.REOPENED),
        "drop_correction": Rule(is_secretary, when={DossierStatus.REOPENED}, then=DossierStatus.SEALED),
        "close_dossier": Rule(
            any_of(is_clock, is_worker, is_secretary, presides),
            when={DossierStatus.SEALED, DossierStatus.REOPENED},
            then=DossierStatus.CLOSED,
        ),
        "add_slot": Rule(is_secretary, when={*IN_WORK, DossierStatus.SEALED}),
        "remove_slot": Rule(is_secretary, when={*IN_WORK, DossierStatus.SEALED}),
        "hand_out_copy": Rule(is_secretary),
        "take_back_copy": Rule(is_secretary),  # after the session too
    },
)


def may_read_version(user: Any, version: Any) -> bool:
    return type(version).objects.visible_to(user).filter(pk=version.pk).exists()


def bytes_are_kept(version: Any) -> str | None:
    """A paper that was refused has a row, and nothing else."""
    return version.refusal if version.refused_because else None


def works_on_version(user: Any, version: Any) -> bool:
    """Whoever has a folder with it on the desk; a private paper is its owner's."""
    if version.is_own_paper:
        return owns_paper(user, version.document)
    papers = version.papers.select_related("dossier")
    return is_secretary(user, version) or any(works_on_dossier(user, paper.dossier) for paper in papers)


def something_went_wrong(version: Any) -> str | None:
    if version.work_state == "failed" or version.copies.with_problem().exists():
        return None
    return gettext("There is nothing to try again: the paper was read.")


def hands_out(user: Any, version: Any) -> bool:
    """The Office, the presidency, the archivist what she was given; a private paper its owner alone."""
    if version.is_own_paper:
        return owns_paper(user, version.document)
    keeps_given = holds_office(user, version, Role.ARCHIVIST) and may_read_version(user, version)
    return is_secretary(user, version) or presides(user, version) or keeps_given


VERSION = Rulebook(
    initial=None,
    rules={
        "record_text": Rule(is_worker, guards=(bytes_are_kept,)),
        "record_view": Rule(is_worker, guards=(bytes_are_kept,)),
        "record_scan": Rule(is_worker, guards=(bytes_are_kept,)),
        "retry_reading": Rule(works_on_version, guards=(bytes_are_kept, something_went_wrong)),
        "refuse_version": Rule(is_worker),
        "add_signed_version": Rule(is_worker, guards=(bytes_are_kept,)),
        "copy_version": Rule(is_worker, guards=(bytes_are_kept,)),
        "distribute_version": Rule(any_of(is_worker, is_clock, hands_out), guards=(bytes_are_kept,)),
        "open_version": Rule(may_read_version, guards=(bytes_are_kept,)),
    },
)


def owns_paper(user: Any, document: Any) -> bool:
    return document.owner_id is not None and document.owner_id == user.pk


def keeps_own_papers(user: Any, document: Any) -> bool:
    """Whoever holds an office here, for herself."""
    return owns_paper(user, document) and document.body_id in user.body_ids()


def there_is_room(document: Any) -> str | None:
    kept = type(document).objects.filter(owner=document.owner_id, versions__refused_because="")
    if kept.exclude(kind__in=MADE_HERE).count() >= OWN_PAPERS_LIMIT:
        return gettext("You keep %(limit)s papers of your own. Discard some that you no longer need.") % {
            "limit": OWN_PAPERS_LIMIT
        }
    return None


def was_given_to_nobody(document: Any) -> str | None:
    if document.is_given:
        return gettext("You have given this paper to others. It stays, for they have it too.")
    return None


def was_not_made_here(document: Any) -> str | None:
    if document.kind in MADE_HERE:
        return gettext("This paper was made here, of an answer that you gave. It stays on record.")
    return None


def is_not_filed(document: Any) -> str | None:
    if document.is_filed:
        return gettext("This paper goes with an answer that you gave. It stays on record.")
    return None


OWN_PAPER = Rulebook(
    initial=None,
    rules={
        "keep_own_paper": Rule(keeps_own_papers, guards=(there_is_room,)),
        "give_own_paper": Rule(owns_paper),
        "file_own_paper": Rule(owns_paper),
        "discard_own_paper": Rule(owns_paper, guards=(was_not_made_here, is_not_filed, was_given_to_nobody)),
    },
)

RENDERING = Rulebook(
    initial=None,
    rules={
        "order_rendering": Rule(any_of(is_worker, is_clock, is_secretary, presides)),
        "add_rendered_version": Rule(is_worker),
    },
)


def is_built(work: Any) -> str | None:
    return None if work.sha256 else gettext("The file is not built yet.")


BINDER = Rulebook(
    initial=None,
    rules={
        "order_binder": Rule(reads_issue),
        "order_binder_copy": Rule(reads_issue),
        "record_binder": Rule(is_worker),
        "record_binder_copy": Rule(is_worker),
        "open_binder": Rule(reads_binder, guards=(is_built,)),
        "open_binder_copy": Rule(is_its_reader, guards=(is_built,)),
    },
)

LEDGER = Rulebook(initial=None, rules={"export_readers": Rule(keeps_ledger)})


def _given(user: Any, version: str) -> Q:
    """The versions at the end of this path that were distributed to the person, by name or by office."""
    given = Q(**{f"{version}distributions__reader": user})
    for appointment in user.current_appointments:
        given |= Q(
            **{
                f"{version}distributions__role": appointment.role,
                f"{version}distributions__body": appointment.body_id,
            }
        )
    return given


def of_own_agency(user: Any, dossier: str) -> Q:
    """The folders at the end of this path that the lead agency of this officer prepares."""
    own = Q(pk__in=[])
    for appointment in user.current_appointments:
        if appointment.role == Role.SUBMITTER:
            own |= Q(
                **{
                    f"{dossier}prepared_by": appointment.organisation_id,
                    f"{dossier}body": appointment.body_id,
                }
            )
    return own


def sees_version(user: Any) -> Q:
    """The office that keeps the papers, the lead agency that hands them in, those to whom they were given, by
    name or by office. A private paper is its owner's and of those to whom she gave it."""
    office = Q(document__body__in=user.body_ids(Role.SECRETARY), document__owner__isnull=True)
    return office | Q(document__owner=user) | of_own_agency(user, "papers__dossier__") | _given(user, "")


def sees_dossier(user: Any) -> Q:
    """The office, the lead agency of the folder, and those who may read one of its papers, once it is put
    before somebody: a paper that was given in one matter does not open the preparation of another."""
    office = Q(body__in=user.body_ids(Role.SECRETARY)) | of_own_agency(user, "")
    given = _given(user, "papers__version__") & ~Q(status=DossierStatus.OPEN)
    return office | given | _given(user, "issues__papers__version__")


def is_in_hands_of(user: Any) -> Q:
    """The folders that this person works on: `works_on_dossier` for a whole list."""
    with_office = Q(body__in=user.body_ids(Role.SECRETARY), is_with_agency=False)
    return with_office | of_own_agency(user, "") & Q(is_with_agency=True)


def sees_paper(user: Any) -> Q:
    """A paper at its place in a dossier is seen by those who may read it."""
    office = Q(dossier__body__in=user.body_ids(Role.SECRETARY)) | of_own_agency(user, "dossier__")
    return office | _given(user, "version__")


def sees_issued_paper(user: Any) -> Q:
    """What a person may not read is not in her copy of the dossier."""
    office = Q(issue__dossier__body__in=user.body_ids(Role.SECRETARY))
    return office | of_own_agency(user, "issue__dossier__") | _given(user, "version__")


def sees_slot(user: Any) -> Q:
    """That a paper is handed out is known to all who have the dossier; the copies are the office's matter."""
    office = Q(dossier__body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR))
    own = of_own_agency(user, "dossier__")
    return office | own | _given(user, "dossier__issues__papers__version__")


def sees_ledger(user: Any) -> Q:
    """The office that hands out the copies, and the auditors."""
    return Q(body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR))


def sees_copy(user: Any) -> Q:
    """A copy on paper is known to who has received it, to the office and to the auditors."""
    return Q(receiver=user) | Q(slot__dossier__body__in=user.body_ids(Role.SECRETARY, Role.AUDITOR))
