"""What is read out of an untrusted PDF. Runs in the sandbox's child only; the server never opens one."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from documents.files.sandbox import Limits, Refusal
from documents.files.secrecy import LEVELS, secrecy_marking
from documents.files.text import clean_text

FIRST_PAGES = 3
TEXT_CHARACTERS = 150  # A page with less is a scan, whatever stamp or running head was laid over it.
CONTENT_BYTES = 64 * 1024 * 1024  # A page of text and drawing needs a thousandth of it.
NESTING = 60

# ISO 32000-2, 12.6.4: actions that run something, send something or open something else.
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit_form",
    "/ImportData": "import_data",
    "/GoToE": "embedded_file",
    "/RichMediaExecute": "rich_media",
}
KEYS = {"/JS": "javascript", "/EF": "embedded_file", "/EmbeddedFiles": "embedded_file", "/XFA": "xfa"}
SUBTYPES = {"/RichMedia": "rich_media", "/Movie": "rich_media", "/Sound": "rich_media", "/3D": "rich_media"}


def inspect_document(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    with _open_document(path) as document:
        pages = _count_pages(document, limits)
        active = sorted(set(_find_active_content(document)))
        encrypted = document.is_encrypted
    characters, markings = [], set()
    for text in _read_texts(path):  # Every page: a secret annex may be bound in behind an open letter.
        characters.append(len(text))
        markings.add(secrecy_marking(text))
    yield {
        "pages": pages,
        "encrypted": encrypted,
        "secrecy_marking": max(filter(None, markings), key=LEVELS.index, default=None),
        "active_content": active,
        "first_pages_text_found": max(characters[:FIRST_PAGES], default=0) >= TEXT_CHARACTERS,
    }


def read_pages(path: Path, *, limits: Limits) -> Iterator[str]:
    with _open_document(path) as document:
        _count_pages(document, limits)
    yield from _read_texts(path)


def _open_document(path: Path) -> pikepdf.Pdf:
    """Without repair: a file that each reader mends in its own way has no one content to decide on."""
    try:
        return pikepdf.open(path, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refusal("encrypted") from None
    except pikepdf.PdfError as error:
        reason = "damaged" if _ends_as_a_pdf(path) else "truncated"
        raise Refusal(reason, str(error)) from None


def _ends_as_a_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        return b"%%EOF" in file.read()


def _count_pages(document: pikepdf.Pdf, limits: Limits) -> int:
    """ISO 32000-2, 7.7.3: the tree is walked, and what it says of its own size must agree."""
    try:
        said = int(document.Root.Pages.Count)
        if said > limits.pages:
            raise Refusal("too_many_pages", str(said))
        found = len(document.pages)
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Refusal("damaged", str(error)) from None
    if found > limits.pages:
        raise Refusal("too_many_pages", str(found))
    if found != said or found == 0:
        raise Refusal("damaged", f"{said} pages said, {found} found")
    for page in document.pages:
        _refuse_inflated_content(page)
    return found


def _refuse_inflated_content(page: pikepdf.Page) -> None:
    contents = page.obj.get("/Contents")
    for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
        if isinstance(stream, pikepdf.Stream) and "/FlateDecode" in repr(stream.get("/Filter")):
            _refuse_inflated_stream(stream)


def _refuse_inflated_stream(stream: pikepdf.Stream) -> None:
    inflater, raw, size = zlib.decompressobj(), stream.read_raw_bytes(), 0
    try:
        while raw and not inflater.eof:
            size += len(inflater.decompress(raw, 1024 * 1024))
            raw = inflater.unconsumed_tail
            if size > CONTENT_BYTES:
                raise Refusal("too_large", "content of a page")
    except zlib.error:
        return  # Not deflated data after all: the readers treat it as empty.


def _find_active_content(document: pikepdf.Pdf) -> Iterator[str]:
    if _is_action_array_free(document.Root.get("/OpenAction")):
        yield "open_action"
    for item in document.objects:
        yield from _find_active_entries(item, NESTING)
    yield from _find_active_entries(document.trailer, NESTING)


def _is_action_array_free(action: Any) -> bool:
    """An /OpenAction that merely names the page to show is an array or a GoTo; everything else acts."""
    return isinstance(action, pikepdf.Dictionary) and action.get("/S") != "/GoTo"


def _find_active_entries(item: Any, depth: int) -> Iterator[str]:
    if isinstance(item, pikepdf.Stream):
        item = item.stream_dict
    if isinstance(item, pikepdf.Dictionary):
        yield from _name_active_dictionary(item)
        children = [child for _, child in item.items()]
    elif isinstance(item, pikepdf.Array):
        children = list(item)
    else:
        return
    for child in children:
        if depth and isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield from _find_active_entries(child, depth - 1)


def _name_active_dictionary(item: pikepdf.Dictionary) -> Iterator[str]:
    for key, name in KEYS.items():
        if key in item:
            yield name
    for key, names in (("/S", ACTIONS), ("/Subtype", SUBTYPES)):
        value = item.get(key)
        if isinstance(value, pikepdf.Name) and str(value) in names:
            yield names[str(value)]


def _read_texts(path: Path) -> Iterator[str]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", str(error)) from None
    try:
        for number in range(len(document)):
            yield _read_page(document, number)
    finally:
        document.close()


def _read_page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text = page.get_textpage()
        content = text.get_text_range()
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged", f"page {number + 1}: {error}") from None
    text.close()
    page.close()
    return clean_text(content)
