"""Why a file is not taken: codes for machines, and for people the sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from core.workflow import Conflict

SENTENCES = {
    "empty": _(
        "The file is empty. Choose it again; if it is empty on your computer too, ask the sender for it."
    ),
    "not_pdf": _(
        "This is not a PDF file, whatever its name says. Export the paper as PDF and upload that file."
    ),
    "unknown_format": _(
        "A file of this kind is not taken. Taken are PDF, Word, Excel and PowerPoint (DOCX, XLSX, PPTX), "
        "OpenDocument files, pictures (PNG, JPEG, TIFF), sound and film (MP3, MP4, M4A, WAV), detached "
        "signature files (P7S)."
    ),
    "old_office": _(
        "This is a file of an old office program (such as .doc or .xls). Save it as DOCX, XLSX, PPTX or PDF "
        "and upload that file."
    ),
    "macros": _(
        "The file contains macros: small programs. Save it without macros (DOCX, XLSX, PPTX) or as PDF."
    ),
    "broken_signature": _(
        "This signature file cannot be read: it does not say who signed, or what. Ask the sender for a sound "
        "copy."
    ),
    "encloses_content": _(
        "This signature file encloses the signed paper. Ask the sender for the paper itself and a detached "
        "signature (P7S) beside it, and upload both."
    ),
    "zip_bomb": _(
        "The file is packed so that it becomes far too large when it is opened. "
        "Ask the sender for a sound copy."
    ),
    "truncated": _(
        "The file is not complete: its end is missing. Copy it again from its source, then upload it."
    ),
    "damaged": _("The file is damaged and cannot be read reliably. Ask the sender for a sound copy."),
    "encrypted": _(
        "The file is protected by a password or by restrictions. Ask the sender for an open copy."
    ),
    "too_large": _("The file is larger than this system takes. Split it, or scan it at a lower resolution."),
    "too_many_pages": _("The file has more pages than this system takes. Split it into several papers."),
    "no_converter": _(
        "This machine has no program that makes office files readable here. Ask the administrator to install "
        "LibreOffice, then try again. The file itself can be downloaded."
    ),
    "no_recognition": _(
        "This is a scan, and this machine has no program that reads its words. Ask the administrator to "
        "install Tesseract with Vietnamese, then try again. The paper can be read, but not searched."
    ),
    "conversion_failed": _(
        "No PDF could be made of the file. Try again; if it fails again, export it as PDF and upload that."
    ),
    "conversion_took_too_long": _(
        "Making a PDF of the file took too long and was stopped. Try again, or export it as PDF and "
        "upload that."
    ),
    "recognition_failed": _("The words of the scan could not be read. Try again, or scan it once more."),
    "recognition_took_too_long": _(
        "Reading the words of the scan took too long and was stopped. Try again, or scan it at a lower "
        "resolution."
    ),
    "infected": _(
        "A virus was found in the file. Nothing of it has been kept: tell the sender, and ask for a clean "
        "copy."
    ),
    "took_too_long": _(
        "The file could not be read in the time allowed. Export it as PDF again, or split it."
    ),
    "secret": _(
        "The paper bears a secrecy marking (Mật, Tối mật or Tuyệt mật). It must not be put into this system: "
        "hand it out on paper under the rules for state secrets. Nothing of it has been kept."
    ),
    "already_there": _("This very file is in the dossier already. There is nothing more to do."),
    "removed": _("The paper was taken out of the dossier, and its file was not kept."),
    "file_missing": _("The file cannot be found in the storage. Tell the administrator of the system."),
    "worker_lost": _("The check broke off several times. Remove the paper and upload it again."),
}


class Refused(Conflict):
    """A file that is not taken. As a `Conflict` it is answered with its sentence wherever it is raised."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


def explain(code: str) -> str:
    """The sentence of a code that was stored; a code without one was an accident of ours."""
    return str(SENTENCES.get(code, SENTENCES["worker_lost"]))
