"""The library's reader, which reads the head of an object stream once and not for each object in it."""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfReadError, PdfStreamError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from verifier.pdf.plain import read_plain_object
from verifier.pdf.revisions import Link, Name, Revision

Head = tuple[generic.StreamObject, bytes, dict[int, tuple[int, int]]]


class PaperReader(PdfFileReader):
    def __init__(self, *args: Any, **options: Any) -> None:
        self._heads: dict[int, Head] = {}
        self._last_changes: dict[Name, int | None] = {}
        self.links: dict[Name, list[Link]] = {}  # of objects as they are in the newest revision
        super().__init__(*args, **options)

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        known = self._historical_resolver_cache
        if revision not in known:
            # What is encrypted has to be read in the library's way.
            known[revision] = (HistoricalResolver if self.encrypted else Revision)(self, revision)
        return known[revision]

    def last_change(self, reference: generic.Reference, name: Name) -> int | None:
        if name not in self._last_changes:
            try:
                self._last_changes[name] = self.xrefs.get_last_change(reference)
            except KeyError:
                self._last_changes[name] = None
        return self._last_changes[name]

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        """Whatever is not as it should be is left to the library, which knows what to do about it."""
        found = self._read_quickly(idnum, stmnum, idx)
        return super()._get_object_from_stream(idnum, stmnum, idx) if found is None else found

    def _read_quickly(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject | None:
        stream = generic.Reference(stmnum, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream.get("/Type") != "/ObjStm":
            return None
        head = self._heads.get(stmnum)
        if head is None or head[0] is not stream:
            head = self._heads[stmnum] = _read_head(stream)
        _, content, places = head
        index, place = places.get(idnum, (None, 0))
        if index != idx:
            return None
        reference = generic.Reference(idnum, 0, self)
        plain = read_plain_object(content, place, reference)
        if plain is not None:
            return plain
        source = BytesIO(content)
        source.seek(place)
        try:
            found = generic.read_object(source, reference)
        except (PdfReadError, PdfStreamError):
            return None
        return None if isinstance(found, generic.StreamObject | generic.IndirectObject) else found


def _read_head(stream: generic.StreamObject) -> Head:
    """For each number in it (ISO 32000-2, 7.5.7) index and place; nothing when it is malformed."""
    content = stream.read_data(DecodePurpose.OBJECT_STREAM)
    number, first = int(stream["/N"]), int(stream["/First"])
    words = content[: max(first, 0)].split()
    if not 0 <= 2 * number <= len(words) or not all(word.isdigit() for word in words[: 2 * number]):
        return stream, content, {}
    places: dict[int, tuple[int, int]] = {}
    for index in range(number):
        places.setdefault(int(words[2 * index]), (index, first + int(words[2 * index + 1])))
    return stream, content, places
