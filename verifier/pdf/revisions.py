"""One revision of a PDF, and all the ways that lead to each of its objects.

The library finds the same ways, over copies of all objects and anew for each revision. Here what an object
refers to is read once, for all revisions in which it is the same.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

if TYPE_CHECKING:
    from verifier.pdf.reader import PaperReader

Name = tuple[int, int]  # number and generation of an object
Way = tuple[str | int, ...]
Link = tuple[Way, generic.Reference, Name, bool]  # the way inside the object, and whether by a /P

_STRUCTURE: Way = ("/Root", "/StructTreeRoot", "/K")


class Revision(HistoricalResolver):
    reader: "PaperReader"

    def __init__(self, reader: "PaperReader", revision: int) -> None:
        super().__init__(reader, revision)
        self._ways: dict[Name, list[Way]] | None = None
        self._own_links: dict[Name, list[Link]] = {}  # of objects that were changed since

    def _get_usages_of_ref(self, ref: generic.Reference) -> set[RawPdfPath]:
        ways = (self._ways or {}).get((ref.idnum, ref.generation), ())
        return {RawPdfPath(*way) for way in ways}

    def _load_reverse_xref_cache(self) -> None:
        if self._ways is not None:
            return
        ways: dict[Name, list[Way]] = defaultdict(list)
        pages, elements, entered = self._find_pages(), self._find_elements(), set()

        def walk(links: list[Link], start: Way, in_structure: bool) -> None:
            for inner, reference, name, by_p in links:
                way, inside = start + inner, in_structure
                if in_structure:
                    if by_p:
                        continue
                elif way[:3] == _STRUCTURE:
                    if "/P" in way[3:]:
                        continue
                    inside = True
                if name in entered:
                    continue
                ways[name].append(way)
                # A page is entered by the tree of pages only, a part of the structure by the structure only.
                if pages.get(name, way) != way or (not inside and name in elements):
                    continue
                entered.add(name)
                walk(self._links(reference, name), way, inside)
                entered.remove(name)

        walk(list(read_links(self.trailer_view)), (), in_structure=False)
        self._ways = dict(ways)

    def _links(self, reference: generic.Reference, name: Name) -> list[Link]:
        known = self.reader.links if self._is_newest(reference, name) else self._own_links
        if name not in known:
            known[name] = list(read_links(self._look_at(reference)))
        return known[name]

    def _is_newest(self, reference: generic.Reference, name: Name) -> bool:
        """What is not in the file at all the library reads, or refuses, for each revision."""
        change = self.reader.last_change(reference, name)
        return change is not None and change <= self.revision

    def _look_at(self, reference: generic.Reference) -> Any:
        """The object in this revision. Its references are to be followed by this method alone."""
        if not self._is_newest(reference, (reference.idnum, reference.generation)):
            return self.get_object(reference)
        known = self.reader.cache_get_indirect_object(reference.generation, reference.idnum)
        return self.reader.get_object(reference, transparent_decrypt=False) if known is None else known

    def _follow(self, value: Any) -> Any:
        if isinstance(value, generic.IndirectObject):
            return self._follow(self._look_at(value.reference))
        return value

    def _entry(self, dictionary: Any, key: str) -> Any:
        value = dictionary.raw_get(key)
        if isinstance(value, generic.IndirectObject):
            value = self._follow(value)
        if isinstance(value, generic.NullObject):
            raise KeyError(key)
        return value

    def _find_pages(self) -> dict[Name, Way]:
        """ISO 32000-2, 7.7.3: each by the way that the tree of pages leads to it."""
        top = self.root.raw_get("/Pages")
        pages: dict[Name, Way] = {}
        if isinstance(top, generic.IndirectObject):
            pages[(top.idnum, top.generation)] = ("/Root", "/Pages")
        for name, way in self._walk_pages(top.get_object(), ("/Root", "/Pages")):
            if name in pages:
                raise PdfReadError("The tree of pages goes round in a circle")
            pages[name] = way
        return pages

    def _walk_pages(self, node: Any, way: Way) -> Iterator[tuple[Name, Way]]:
        for place, kid in enumerate(node["/Kids"]):
            below = (*way, "/Kids", place)
            if isinstance(kid, generic.IndirectObject):
                yield (kid.idnum, kid.generation), below
            page = kid.get_object()
            if page.get("/Type", None) == "/Pages":
                yield from self._walk_pages(page, below)

    def _find_elements(self) -> set[Name]:
        """ISO 32000-2, 14.7.2: the elements of the structure."""
        elements: set[Name] = set()
        # As the library does: what is missing somewhere ends the search, and is no element.
        with suppress(KeyError):
            self._collect_elements(self._follow(self.root.raw_get("/StructTreeRoot")), elements)
        return elements

    def _collect_elements(self, element: Any, elements: set[Name]) -> None:
        try:
            children = self._entry(element, "/K")
        except KeyError:
            return
        for item in list.__iter__(children) if isinstance(children, generic.ArrayObject) else (children,):
            if isinstance(item, generic.NumberObject):  # a part of the page's content
                continue
            child = self._follow(item)
            if not isinstance(child, generic.DictionaryObject) or not self._is_element(child):
                continue
            if isinstance(item, generic.IndirectObject):
                name = (item.idnum, item.generation)
                if name in elements:
                    raise PdfReadError("The structure goes round in a circle")
                elements.add(name)
            self._collect_elements(child, elements)

    def _is_element(self, child: generic.DictionaryObject) -> bool:
        try:
            return bool(self._entry(child, "/Type") == "/StructElem")
        except KeyError:  # The type may be left out.
            return True


def read_links(value: Any) -> Iterator[Link]:
    """Every reference in an object, except to parents, which say nothing that their children do not."""
    if not isinstance(value, generic.IndirectObject):
        yield from _read_links(value, (), by_p=False)


def _read_links(value: Any, way: Way, *, by_p: bool) -> Iterator[Link]:
    if isinstance(value, generic.IndirectObject):
        reference = value.reference
        yield way, reference, (reference.idnum, reference.generation), by_p
    elif isinstance(value, generic.DictionaryObject):
        for key, item in value.items():
            if key != "/Parent" and isinstance(item, _COMPOUND):
                yield from _read_links(item, (*way, key), by_p=by_p or key == "/P")
    elif isinstance(value, generic.ArrayObject):
        for place, item in enumerate(list.__iter__(value)):
            if isinstance(item, _COMPOUND):
                yield from _read_links(item, (*way, place), by_p=by_p)


_COMPOUND = (generic.IndirectObject, generic.DictionaryObject, generic.ArrayObject)
