"""Files put into a finished PDF as attachments, by an incremental update (ISO 32000-1, 7.5.6).

They are copied from disk to disk, piece by piece: a file of a gigabyte takes no memory. The PDF must have a
classic cross-reference table.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pikepdf import Dictionary, Pdf, String

CHUNK = 1024 * 1024
TAIL = 1024  # bytes in which the place of the cross-reference table is told


@dataclass(frozen=True)
class Attachment:
    name: str
    description: str
    path: Path


def attach_files(target: Path, attachments: Sequence[Attachment]) -> None:
    if not attachments:
        return
    with Pdf.open(target) as pdf:
        root, catalog = pdf.Root.objgen[0], Dictionary(dict(pdf.Root.items())).unparse()
        first_free, identity = int(pdf.trailer.Size), pdf.trailer.ID.unparse()
    with target.open("r+b") as out:
        out.seek(-min(TAIL, target.stat().st_size), 2)
        previous = int(re.findall(rb"startxref\s+(\d+)", out.read())[-1])
        update = _Update(out, first_free)
        names = update.write(_list_names(update, attachments))
        update.write(catalog[:-2] + b" /Names << /EmbeddedFiles %d 0 R >> >>" % names, number=root)
        update.finish(b"/Size %d /Root %d 0 R /ID %s /Prev %d" % (update.free, root, identity, previous))


class _Update:
    """Objects behind the end of a file, and the table that finds them."""

    def __init__(self, out: IO[bytes], first_free: int) -> None:
        self.out, self.free = out, first_free
        self.offsets: dict[int, int] = {}
        out.seek(0, 2)
        out.write(b"\n")

    def write(self, body: bytes, *, number: int = 0, file: Path | None = None) -> int:
        """An object of this body, a stream of the bytes of a file where there is one; gives its number."""
        if not number:
            number, self.free = self.free, self.free + 1
        self.offsets[number] = self.out.tell()
        self.out.write(b"%d 0 obj\n%s\n" % (number, body))
        if file is not None:
            self.out.write(b"stream\n")
            with file.open("rb") as source:
                shutil.copyfileobj(source, self.out, CHUNK)
            self.out.write(b"\nendstream\n")
        self.out.write(b"endobj\n")
        return number

    def finish(self, trailer: bytes) -> None:
        table = self.out.tell()
        self.out.write(b"xref\n")
        for number, offset in sorted(self.offsets.items()):
            self.out.write(b"%d 1\n%010d 00000 n \n" % (number, offset))
        self.out.write(b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table))


def _list_names(update: _Update, attachments: Sequence[Attachment]) -> bytes:
    """The tree of names. Its keys are numbers, which stand in the same order whoever compares them."""
    entries = []
    for number, attachment in enumerate(attachments, 1):
        size = attachment.path.stat().st_size
        stream = update.write(
            b"<< /Type /EmbeddedFile /Length %d /Params << /Size %d >> >>" % (size, size),
            file=attachment.path,
        )
        name, description = String(attachment.name).unparse(), String(attachment.description).unparse()
        file = update.write(
            b"<< /Type /Filespec /F %s /UF %s /Desc %s /AFRelationship /Source "
            b"/EF << /F %d 0 R /UF %d 0 R >> >>" % (name, name, description, stream, stream)
        )
        entries.append(b"(%06d) %d 0 R" % (number, file))
    return b"<< /Names [ %s ] >>" % b" ".join(entries)
