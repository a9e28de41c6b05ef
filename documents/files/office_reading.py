"""What is read out of an untrusted office file. Runs in the sandbox's child only.

An office file is a ZIP archive of XML parts: the parts say what it is, whatever its name says.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from documents.files.office_text import OfficeText, parse_xml
from documents.files.sandbox import Limits, Refusal
from documents.files.secrecy import LEVELS, secrecy_marking
from documents.files.text import clean_text

ENTRIES = 10_000
UNPACKED_BYTES = 1024 * 1024 * 1024
PART_BYTES = 256 * 1024 * 1024  # of one XML part
RATIO = 200  # repeated XML is packed to a fiftieth; a bomb to a thousandth
RATIO_COUNTS_FROM = 16 * 1024 * 1024
ARCHIVES_WITHIN = 2  # a chart brings its table along, a letter in a letter its chart: that is all
CHUNK = 1024 * 1024
UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{_OPEN_XML}wordprocessingml.document.main+xml": "docx",
    f"{_OPEN_XML}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OPEN_XML}presentationml.presentation.main+xml": "pptx",
    f"{_OPEN_XML}presentationml.slideshow.main+xml": "pptx",
}
MIME_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("basic/", "scripts/")  # OpenDocument
ACTIVE_PARTS = {"/embeddings/": "embedded_object", "/activex/": "active_x"}

# Where the words stand that people read, for each kind (the values of documents.rules.Format).
TEXT_PARTS = {
    "docx": ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes"),
    "xlsx": ("xl/sharedstrings", "xl/worksheets/", "xl/drawings/drawing"),
    "pptx": ("ppt/slides/slide", "ppt/slidemasters/", "ppt/slidelayouts/", "ppt/notesslides/"),
    "odt": ("content.xml", "styles.xml"),
    "ods": ("content.xml", "styles.xml"),
    "odp": ("content.xml", "styles.xml"),
}


def inspect_office(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    with _open_archive(path) as archive:
        _refuse_bomb(archive, path.stat().st_size)
        format_ = _find_format(archive)
        _refuse_macros(archive)
        text, markings = OfficeText(), set()
        for name in _list_parts(archive, format_):
            for page in text.read_pages(_read_part(archive, name)):
                markings.add(secrecy_marking(clean_text(page)))
        active = set(text.active_content) | set(_find_active_parts(archive))
        yield {
            "format": format_,
            "secrecy_marking": max(filter(None, markings), key=LEVELS.index, default=None),
            "active_content": sorted(active),
        }


def _open_archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise Refusal("damaged", str(error)) from None


def _refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        raise Refusal("zip_bomb", f"{len(entries)} entries")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise Refusal("damaged", "two parts of one name")  # readers would not agree on which counts
    if sum(entry.compress_size for entry in entries) > size:
        raise Refusal("zip_bomb", "parts that overlap")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("encrypted", "a part of the archive")
    _Counter().count(archive, 0)


class _Counter:
    """What the archive holds when it is unpacked, archives within it included: measured, not believed."""

    def __init__(self) -> None:
        self.bytes = self.entries = 0

    def count(self, archive: zipfile.ZipFile, depth: int) -> None:
        for entry in archive.infolist():
            self.entries += 1
            if self.entries > ENTRIES:
                raise Refusal("zip_bomb", "entries within entries")
            if self._count_entry(archive, entry):
                self._count_within(archive, entry, depth + 1)

    def _count_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
        """Says whether the entry is an archive itself."""
        found, head = 0, b""
        try:
            with archive.open(entry) as part:
                while chunk := part.read(CHUNK):
                    head = head or chunk[:4]
                    found += len(chunk)
                    self._add(len(chunk), found, entry.compress_size)
        except UNREADABLE as error:
            raise Refusal("damaged", f"{entry.filename[:80]}: {error}") from None
        return head == b"PK\x03\x04"

    def _add(self, chunk: int, found: int, packed: int) -> None:
        self.bytes += chunk
        if self.bytes > UNPACKED_BYTES:
            raise Refusal("zip_bomb", "size")
        if found > RATIO_COUNTS_FROM and found > RATIO * max(packed, 1):
            raise Refusal("zip_bomb", "ratio")

    def _count_within(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
        if depth > ARCHIVES_WITHIN or entry.file_size > PART_BYTES:
            raise Refusal("zip_bomb", "archives within archives")
        try:
            within = zipfile.ZipFile(BytesIO(archive.read(entry)))
        except zipfile.BadZipFile:
            return  # it merely begins like one
        with within:
            self.count(within, depth)


def _find_format(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        return _find_open_xml(_read_part(archive, "[Content_Types].xml"))
    if "mimetype" in names:
        mime = _read_part(archive, "mimetype").strip()
        if mime in MIME_TYPES:
            _refuse_locked_parts(archive)
            return MIME_TYPES[mime]
    raise Refusal("unknown_format", "an archive")


def _find_open_xml(types: bytes) -> str:
    found: list[str] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        found.append(attributes.get("ContentType", ""))

    parse_xml(types, start=note)
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in found):
        raise Refusal("macros", "content type")
    formats = {MAIN_PARTS[kind] for kind in found if kind in MAIN_PARTS}
    if len(formats) != 1:
        raise Refusal("unknown_format", "no main part")
    return formats.pop()


def _refuse_locked_parts(archive: zipfile.ZipFile) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in _read_part(archive, manifest):
        raise Refusal("encrypted", manifest)


def _refuse_macros(archive: zipfile.ZipFile) -> None:
    for name in map(str.lower, archive.namelist()):
        if name.endswith(MACRO_PARTS) or name.startswith(MACRO_FOLDERS):
            raise Refusal("macros", name[:80])


def _list_parts(archive: zipfile.ZipFile, format_: str) -> list[str]:
    """The parts with text, in the order of the archive, and those that say what is fetched from outside."""
    beginnings = TEXT_PARTS[format_]
    return [
        name
        for name in archive.namelist()
        if (name.lower().startswith(beginnings) and name.lower().endswith(".xml"))
        or name.lower().endswith(".rels")
    ]


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > PART_BYTES:
        raise Refusal("too_large", name[:80])
    return archive.read(name)


def _find_active_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in map(str.lower, archive.namelist()):
        for beginning, kind in ACTIVE_PARTS.items():
            # A chart's own table is an office file too; what runs is a package of another program.
            if beginning in name and not name.endswith((".xlsx", ".docx", ".pptx", ".rels")):
                yield kind
