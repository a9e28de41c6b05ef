"""A signature apart from its paper: which paper it is about, and what it is worth there.

The paper is found by its bytes, never by a name: they have the digest that a signer states. It is looked for
in the dossiers in which the signature file lies, and among the versions of the paper that it is attached to.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from core import clock
from documents import storage
from documents.models import DocumentVersion, Dossier
from documents.rules import Format
from signatures.models import Verification
from signatures.rules import Verdict
from signatures.verifier import describe_in_sandbox, verify_in_sandbox
from verifier.pdf.report import Report
from verifier.pdf.trust import TrustStore

STORED = "sha256"  # the digest that each version has in its row
COMPUTED = ("sha1", "sha224", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512")


def is_detached(version: DocumentVersion) -> bool:
    return version.format == Format.P7S


def look_at_detached(version: DocumentVersion, trust: TrustStore) -> tuple[Report, DocumentVersion | None]:
    """Where no paper in the dossier has these bytes: of the one that it is said to be attached to, it is told
    that it is not what was signed; without such a one nothing can be decided yet."""
    with storage.on_disk(version) as signature:
        described, digests = describe_in_sandbox(signature)
        if described.error:
            return described, None
        content = find_content(version, digests) or _find_parent(version)
        if content is None:
            return described, None
        with storage.on_disk(content) as path:
            return verify_in_sandbox(path, trust=trust, at=clock.now(), detached=signature), content


def find_content(version: DocumentVersion, digests: Sequence[tuple[str, str]]) -> DocumentVersion | None:
    """The newest version with such bytes of a paper beside it."""
    beside = _list_beside(version)
    stored = beside.filter(sha256__in=[digest for name, digest in digests if name == STORED]).first()
    others = {(name, digest) for name, digest in digests if name in COMPUTED}
    if stored is not None or not others:
        return stored
    names = {name for name, _ in others}
    return next((one for one in beside if others & _compute(one, names)), None)


def name_beside(version: DocumentVersion) -> set[int]:
    """What a signature file may be about, so far."""
    return set(_list_beside(version).values_list("pk", flat=True)) if is_detached(version) else set()


def _list_beside(version: DocumentVersion) -> Any:
    """Every version of the papers in its dossiers: a correction does not part it from what was signed."""
    dossiers = _list_dossiers(version)
    documents = Q(document__versions__papers__dossier__in=dossiers)
    documents |= Q(document__versions__issued__issue__dossier__in=dossiers)
    documents |= Q(document=version.document.attached_to_id)
    found = DocumentVersion.objects.kept().filter(documents).exclude(pk=version.pk).values("pk")
    return DocumentVersion.objects.filter(pk__in=found).select_related("document").order_by("-pk")


def _list_dossiers(version: DocumentVersion) -> Any:
    lies_in = Q(papers__version=version) | Q(issues__papers__version=version)
    return Dossier.objects.filter(lies_in).values("pk")


def _find_parent(version: DocumentVersion) -> DocumentVersion | None:
    parent = version.document.attached_to_id
    return DocumentVersion.objects.kept().filter(document=parent).order_by("-number").first()


def _compute(version: DocumentVersion, names: Iterable[str]) -> set[tuple[str, str]]:
    found = set()
    for name in names:
        with version.open_file() as file:
            found.add((name, hashlib.file_digest(file, name).hexdigest()))
    return found


def find_open_signatures(version: DocumentVersion) -> Any:
    """The signature files beside a paper that are not valid as far as is known, and owed no check already."""
    dossiers = Dossier.objects.filter(papers__version=version).values("pk")
    beside = Q(papers__dossier__in=dossiers) | Q(document__attached_to=version.document_id)
    waiting = Verification.objects.waiting().values("version")
    valid = Verification.objects.decided().filter(verdict=Verdict.VALID).values("version")
    found = DocumentVersion.objects.kept().filter(beside, format=Format.P7S)
    return found.exclude(pk__in=waiting).exclude(pk__in=valid).distinct().order_by("pk")


def show_content(verifications: Iterable[Verification | None], user: Any) -> None:
    """The paper that each is about, where this person may read it; one query for all, and none for none."""
    with_content = [one for one in verifications if one is not None and one.content_id is not None]
    if not with_content:
        return
    readable = DocumentVersion.objects.visible_to(user).filter(
        pk__in=[one.content_id for one in with_content]
    )
    shown = {version.pk: version for version in readable.select_related("document")}
    for one in with_content:
        one.shown_content = shown.get(one.content_id)
