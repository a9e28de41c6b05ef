"""The facts about papers, dossiers and what is made from them."""

from documents.models.copies import Binder, BinderCopy, DerivedCopy, RecognisedPage, Rendering, VirusScan
from documents.models.dossiers import (
    Dossier,
    DossierIssue,
    DossierPaper,
    IssuedPaper,
    NeedToKnow,
    PaperCopy,
    PaperSlot,
    Section,
)
from documents.models.papers import (
    Distribution,
    Document,
    DocumentText,
    DocumentVersion,
    ReadingPlace,
    object_name,
)

__all__ = [
    "Binder",
    "BinderCopy",
    "DerivedCopy",
    "Distribution",
    "Document",
    "DocumentText",
    "DocumentVersion",
    "Dossier",
    "DossierIssue",
    "DossierPaper",
    "IssuedPaper",
    "NeedToKnow",
    "PaperCopy",
    "PaperSlot",
    "ReadingPlace",
    "RecognisedPage",
    "Rendering",
    "Section",
    "VirusScan",
    "object_name",
]
