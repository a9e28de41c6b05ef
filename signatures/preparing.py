"""The file with an empty place for a signature, and the signature put into it. No models, no network.

Between the two, only the prepared file and some numbers are kept: a signer may take her time, and the server
may be started anew meanwhile.
"""

import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from core.workflow import Conflict
from signatures.cms import build_attributes, build_cms
from signatures.values import digest_of, value_size

CHUNK = 64 * 1024
TIMESTAMP_SIZE = 6 * 1024  # reserved for a token, as long as none has been seen


class UnfitFile(Conflict):
    """A paper that this program cannot put a signature into."""

    @classmethod
    def of_this_program(cls) -> "UnfitFile":
        return cls(_("A signature cannot be put into this file. Have it made anew as PDF/A, then ask again."))


class NoRoom(Exception):
    """The finished signature is longer than the place that was left for it."""


@dataclass(frozen=True)
class Place:
    """Where in the prepared file the signature goes: plain values, kept as JSON."""

    field: str
    digest: str
    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Look:
    """What of the signature is seen: a box on a page, and pyHanko's stamp style that draws into it."""

    page: int  # from 0
    box: tuple[float, float, float, float]
    style: Any


def prepare_file(
    source: Path,
    target: IO[bytes],
    *,
    field: str,
    certificate: bytes,
    chain: Iterable[bytes] = (),
    at: datetime,
    look: Look | None = None,
    timestamp_size: int = TIMESTAMP_SIZE,
) -> tuple[Place, bytes]:
    """Write the file with the empty place to `target`; gives the place, and the bytes that the key signs."""
    # Heavy, and not for every process that knows of signing.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers.cms_embedder import (
        PdfCMSEmbedder,
        SigAppearanceSetup,
        SigIOSetup,
        SigObjSetup,
    )
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    algorithm = digest_of(certificate)
    box: Any = look.box if look else None  # in fractions of points too, whatever the library's type says
    spec = SigFieldSpec(field, on_page=look.page, box=box) if look else SigFieldSpec(field)
    placeholder = SignatureObject(
        subfilter=SigSeedSubFilter.PADES,
        timestamp=at,
        bytes_reserved=2 * _measure(certificate, chain, timestamp_size),
    )
    seen = SigAppearanceSetup(style=look.style, timestamp=at, name=None) if look else None
    try:
        with source.open("rb") as original:
            writer = IncrementalPdfFileWriter(original, strict=False)
            embedding = PdfCMSEmbedder(new_field_spec=spec).write_cms(field, writer)
            next(embedding)
            embedding.send(SigObjSetup(sig_placeholder=placeholder, appearance_setup=seen))
            order = SigIOSetup(md_algorithm=algorithm, output=target)
            digest, _output = embedding.send(order)
    except (PdfError, SigningError) as error:
        raise UnfitFile.of_this_program() from error
    place = Place(field, algorithm, digest.reserved_region_start, digest.reserved_region_end)
    return place, build_attributes(certificate, digest.document_digest)


def _measure(certificate: bytes, chain: Iterable[bytes], timestamp_size: int) -> int:
    """A tight place: readers take the hexadecimal string byte by byte."""
    attributes = build_attributes(certificate, bytes(64))
    return (
        len(build_cms(certificate, attributes, bytes(value_size(certificate)), chain=chain)) + timestamp_size
    )


def fill_place(prepared: Path, target: IO[bytes], place: Place, cms: bytes) -> None:
    """The prepared file with the signature in its place."""
    digits = cms.hex().encode()
    room = place.end - place.start - 2  # between < and >
    if len(digits) > room:
        raise NoRoom(f"{len(digits)} > {room}")
    with prepared.open("rb") as file:
        shutil.copyfileobj(file, target, CHUNK)
    target.seek(place.start + 1)
    target.write(digits)
    target.flush()
