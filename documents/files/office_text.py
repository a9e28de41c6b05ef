"""The words of an office file's XML parts, line by line, and what the parts fetch from outside."""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from documents.files.sandbox import Refusal

# Elements after which a new line begins, by their names without prefix; the formats share most of them.
LINES = {"p", "h", "tr", "si", "is", "br", "line-break", "tab-stop", "txbxContent", "text-box"}
LINES |= {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
PAGES = {"lastRenderedPageBreak", "sectPr", "soft-page-break", "page"}
WORDS = {"t", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "v"}
OPEN_DOCUMENT_WORDS = {"p", "h", "span", "a"}
SPACES = {"tab": "\t", "s": " ", "noBreakHyphen": "-"}
LINKS_OF_READERS = ("hyperlink",)  # an address to click is no danger; what is fetched unasked is one
FIELDS_THAT_FETCH = ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK")


class OfficeText:
    """Reads part after part; `active_content` grows."""

    def __init__(self) -> None:
        self.active_content: set[str] = set()
        self._stack: list[str] = []
        self._words: list[str] = []
        self._instruction: list[str] = []

    def read_pages(self, part: bytes) -> Iterator[str]:
        """The text, cut where the file says that a page ends: a stamp stands at the top of one."""
        self._stack, self._words = [], []
        parse_xml(part, start=self._start, end=self._end, text=self._text)
        yield from "".join(self._words).split("\f")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._stack.append(name)
        if local == "br" and attributes.get("w:type") == "page":
            self._words.append("\f")
        elif name in ("text:tab", "w:tab"):
            self._words.append("\t")
        elif name in ("text:s", "w:noBreakHyphen"):
            self._words.append(SPACES[local])
        elif local in LINES:
            self._words.append("\n")
        if local in PAGES:
            self._words.append("\f")
        if local == "textpath":  # lettering drawn behind the page
            self._words.append(f"\n{attributes.get('string', '')}\n")
        self._note_what_is_fetched(name, local, attributes)

    def _end(self, name: str) -> None:
        self._stack.pop()
        if name.rpartition(":")[2] in LINES:
            self._words.append("\n")

    def _text(self, text: str) -> None:
        name = self._stack[-1] if self._stack else ""
        prefix, _, local = name.rpartition(":")
        if prefix == "text":
            self._words.append(text)
        elif local in WORDS:
            self._words.append(_without_codes(text) if local.endswith(("Header", "Footer")) else text)
        elif local == "instrText" and text.split()[:1] and text.split()[0].upper() in FIELDS_THAT_FETCH:
            self.active_content.add("external_link")

    def _note_what_is_fetched(self, name: str, local: str, attributes: dict[str, Any]) -> None:
        if local == "Relationship" and attributes.get("TargetMode") == "External":
            if not attributes.get("Type", "").endswith(LINKS_OF_READERS):
                self.active_content.add("external_link")
        elif local == "object-ole":
            self.active_content.add("embedded_object")
        elif name not in ("text:a", "draw:a") and _leads_outside(attributes.get("xlink:href", "")):
            self.active_content.add("external_link")


def _leads_outside(address: str) -> bool:
    return "://" in address or address.startswith(("../", "//", "file:"))


def _without_codes(text: str) -> str:
    """ECMA-376, 18.3.1.46: &L, &C and &R begin the three parts of a sheet's header."""
    for code in ("&L", "&C", "&R"):
        text = text.replace(code, "\n")
    return text


def parse_xml(content: bytes, **handlers: Any) -> None:
    """Without entities: a part of an office file declares none."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Refusal("damaged", "a document type declaration")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = handlers.get("start")
    parser.EndElementHandler = handlers.get("end")
    parser.CharacterDataHandler = handlers.get("text")
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refusal("damaged", str(error)) from None
