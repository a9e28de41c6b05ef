"""The whole table of rows that hold an object in the storage: the rows, and the field with its SHA-256.

What stands in none of these is erased by the hourly sweep. Read it like urls.py.
"""

from typing import Any

from django.db.models import QuerySet

from archive.models import EvidenceBundle
from documents.models import Binder, BinderCopy, DerivedCopy, DocumentVersion
from signatures.models import PreservedCopy, Signature, SignatureImage, SigningRequest

STORED_OBJECTS: list[tuple[QuerySet[Any], str]] = [
    (DocumentVersion.objects.kept(), "sha256"),
    (DerivedCopy.objects.all(), "sha256"),
    (Binder.objects.all(), "sha256"),
    (BinderCopy.objects.all(), "sha256"),
    (SigningRequest.objects.all(), "sha256"),
    (Signature.objects.all(), "prepared_sha256"),
    (SignatureImage.objects.all(), "sha256"),
    (PreservedCopy.objects.all(), "sha256"),
    (EvidenceBundle.objects.all(), "sha256"),
]
