"""Official documents as text files (DOCX), to be worked on: the layout of templates/pdf/official.css in the
terms of Word, after Nghị định 30/2020/NĐ-CP, annex I.

python-docx keeps the package, its parts and properties; the text is written as XML in one go, because a table
of 500 members takes seconds when it is added cell by cell.
"""

import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from documents.official import Annex, Heading, OfficialDocument, Paragraph, Table
from documents.official.blocks import Block, Cell

FONT = "Times New Roman"
TWIPS = 1440 / 25.4  # to a millimetre
WIDTH, CROSSWISE = 160, 252  # millimetres between the margins
FIRST_LINE = 720  # 1.27 cm
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAGE_NUMBER = "".join(
    f'<w:r><w:rPr><w:sz w:val="26"/></w:rPr>{part}</w:r>'
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve">PAGE</w:instrText>',
        '<w:fldChar w:fldCharType="end"/>',
    )
)
_RULE = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
_GRID = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def write_docx(document: OfficialDocument) -> bytes:
    """The same document gives the same text; it needs `body`, and may have addressees and annexes."""
    file = Document()
    body = file.element.body
    sheet = body.sectPr
    for element in list(body):
        if element is not sheet:
            body.remove(element)
    _set_styles(file)
    _set_page(file.sections[0])
    _describe(file, document)
    _append(sheet, _head(document), _title(document), _addressees(getattr(document, "addressee_lines", ())))
    _append(sheet, *(_write(block) for block in document.body), _close(document))  # type: ignore[attr-defined]
    if annexes := getattr(document, "annexes", ()):
        crosswise = file.add_section(WD_SECTION.NEW_PAGE)
        _turn(crosswise)
        for number, annex in enumerate(annexes):
            _append(sheet, *_annex(annex, document.annex_reference, is_next=number > 0))  # type: ignore[attr-defined]
    stored = io.BytesIO()
    file.save(stored)
    return stored.getvalue()


# The file


def _set_styles(file: Any) -> None:
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)
    properties.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="vi-VN" w:eastAsia="vi-VN"/>'))


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin, section.header_distance = Mm(30), Mm(10)
    section.different_first_page_header_footer = True  # no number on the first page
    number = section.header.paragraphs[0]
    number._p.getparent().replace(
        number._p,
        parse_xml(
            _paragraph(
                _PAGE_NUMBER,
                align="center",
                first=0,
                before=0,
                declared=True,
            )
        ),
    )


def _turn(section: Any) -> None:
    """The sheets of the annexes lie crosswise and are counted anew."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = Mm(25)
    start = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    section._sectPr.find(qn("w:pgMar")).addnext(start)


def _describe(file: Any, document: OfficialDocument) -> None:
    about = file.core_properties
    day = document.issued_on
    about.title, about.author, about.language = document.name[:255], document.letterhead.body[:255], "vi"
    about.comments, about.last_modified_by = "", about.author
    about.created = about.modified = datetime(day.year, day.month, day.day) if day else datetime(2020, 1, 1)


def _append(sheet: Any, *parts: str) -> None:
    """What is written now stands before the properties of the sheet."""
    whole = parse_xml(f"<w:body {nsdecls('w')}>{''.join(parts)}</w:body>")
    for element in list(whole):
        sheet.addprevious(element)


# Text


def _text(text: str, *, bold: bool = False, italic: bool = False, size: float = 0, more: str = "") -> str:
    """A run; the writer's own lines stay lines."""
    marks = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "") + more
    marks += f'<w:sz w:val="{round(size * 2)}"/>' if size else ""
    clean = escape(_FORBIDDEN.sub("", unicodedata.normalize("NFC", text)))
    words = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in clean.split("\n"))
    return f"<w:r><w:rPr>{marks}</w:rPr>{words}</w:r>"


def _paragraph(
    runs: str,
    *,
    align: str = "both",
    first: int = FIRST_LINE,
    before: float = 6,
    keep: bool = False,
    left: int = 0,
    right: int = 0,
    rule: bool = False,
    break_before: bool = False,
    declared: bool = False,
) -> str:
    names = f" {nsdecls('w')}" if declared else ""
    line = 'w:line="20" w:lineRule="exact"' if rule else 'w:line="240" w:lineRule="auto"'
    marks = "<w:keepNext/>" if keep else ""
    marks += "<w:pageBreakBefore/>" if break_before else ""
    marks += _RULE if rule else ""
    return (
        f'<w:p{names}><w:pPr>{marks}<w:spacing w:before="{round(before * 20)}" w:after="0" {line}/>'
        f'<w:ind w:left="{left}" w:right="{right}" w:firstLine="{first}"/><w:jc w:val="{align}"/></w:pPr>'
        f"{runs}</w:p>"
    )


def _line(text: str, **how: Any) -> str:
    """A centred line of a head, a title or a signature."""
    marks = {name: how.pop(name) for name in ("bold", "italic", "size", "more") if name in how}
    return _paragraph(_text(text, **marks), **{"align": "center", "first": 0, "before": 0, **how})


def _gap(points: float) -> str:
    """Nothing, of this height: between two tables Word wants a paragraph."""
    exact = f'<w:spacing w:before="0" w:after="0" w:line="{round(points * 20)}" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{exact}</w:pPr></w:p>"


def _rule(within: float, length: float) -> str:
    """A line drawn under a text, in millimetres."""
    side = round(max(within - length, 0) / 2 * TWIPS)
    return _paragraph("", rule=True, first=0, before=3, left=side, right=side)


def _measure(text: str, size: float) -> float:
    """About how long the longest of these lines is, in millimetres: Times in bold type."""
    longest = max(text.split("\n"), key=len)
    letters = sum(0.7 if letter.isupper() else 0.28 if letter == " " else 0.5 for letter in longest)
    return letters * size * 25.4 / 72


def _frame(columns: tuple[float, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table without lines, to set things beside each other."""
    widths = [round(width * TWIPS) for width in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    inside = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for width, cell in zip(widths, row, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{inside}</w:tbl>"
    )


# The parts of an official document


def _head(document: OfficialDocument) -> str:
    left, right = WIDTH * 0.38, WIDTH * 0.62
    letterhead = document.letterhead
    above = _line(letterhead.superior, size=13) if letterhead.superior else ""
    body = (
        above
        + _line(letterhead.body_lines, bold=True, size=13)
        + _rule(left, _measure(letterhead.body_lines, 13) * 0.4)
    )
    motto = "Độc lập - Tự do - Hạnh phúc"
    nation = (
        _line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=13)
        + _line(motto, bold=True, size=14)
        + _rule(right, _measure(motto, 14))
    )
    number = _line(document.number_line, size=13, before=8)
    if not document.kind:
        number += _line(f"V/v {document.subject}", size=12, before=6)
    if document.urgency:
        red = '<w:color w:val="E60000"/><w:bdr w:val="single" w:sz="8" w:space="4" w:color="E60000"/>'
        number += _line(f" {document.urgency} ", bold=True, size=13, before=6, more=red)
    if document.is_draft:
        box = '<w:bdr w:val="single" w:sz="4" w:space="2" w:color="000000"/>'
        number += _line(" DỰ THẢO ", size=11, before=6, more=box)
    date = _line(document.place_and_date, italic=True, size=14, before=8)
    return _frame((left, right), [(body, nation), (number, date)])


def _title(document: OfficialDocument) -> str:
    if not document.kind:
        return ""
    lines = document.subject_lines
    return (
        _line(document.kind, bold=True, before=24, keep=True)
        + _line(lines, bold=True, keep=True)
        + _rule(WIDTH, _measure(lines, 14) * 0.4)
    )


def _addressees(lines: tuple[str, ...]) -> str:
    if not lines:
        return _line("", before=6)
    if len(lines) == 1:
        one = lines[0].removeprefix("- ").rstrip(".")
        return _line(f"Kính gửi: {one}", before=18) + _line("")
    rows = [
        (
            _line("Kính gửi:" if number == 0 else "", align="left"),
            _line(line, align="left"),
        )
        for number, line in enumerate(lines)
    ]
    return _line("") + _frame((25, 23, 97), [(_line(""), *row) for row in rows]) + _line("")


def _close(document: OfficialDocument) -> str:
    """Recipients and signature: never parted."""
    left, right = WIDTH * 0.51, WIDTH * 0.49
    to = _line("Nơi nhận:", bold=True, italic=True, size=12, align="left")
    to += "".join(_line(line, size=11, align="left") for line in document.recipient_lines)
    signature = document.signature
    signed = "".join(_line(office, bold=True) for office in signature.offices)
    signed += _line(signature.name, bold=True, before=80)
    return _line("", before=12, keep=True) + _frame((left, right), [(to, signed)])


def _write(block: Block) -> str:
    if isinstance(block, Heading):
        return _paragraph(
            _text(block.text, bold=block.level < 3, italic=block.level == 3),
            before=10 if block.level == 1 else 6,
            keep=True,
        )
    if isinstance(block, Table):
        caption = _paragraph(_text(block.caption), keep=True) if block.caption else ""
        return caption + _table(block, WIDTH) + _gap(4)
    return _words(block)


def _words(block: Paragraph) -> str:
    small = 12 if block.form == "note" else 0
    italic, bold = block.form in ("italic", "note"), block.form == "bold"
    lead = _text(f"{block.lead} ", bold=True) if block.lead else ""
    if block.form != "quoted":
        return _paragraph(
            lead + (_text(block.text, italic=italic, bold=bold, size=small) if block.text else ""),
            keep=bool(lead and not block.text),
        )
    return "".join(
        _paragraph((lead if number == 0 else "") + _text(line), before=3 if number else 6)
        for number, line in enumerate(block.lines)
    )


def _annex(annex: Annex, reference: str, *, is_next: bool) -> Iterable[str]:
    yield _line(annex.heading, bold=True, break_before=is_next, keep=True)
    yield _line(annex.title, bold=True, keep=True)
    yield _line(reference, italic=True, before=2, keep=True)
    yield _line("", keep=True)
    yield _table(annex.table, CROSSWISE) + _gap(1)


def _table(table: Table, width: float) -> str:
    """With lines; its head stands on every sheet."""
    shares = [share or 100 / len(table.header) for _, share in table.columns]
    widths = [round(width * TWIPS * share / sum(shares)) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    head = [Cell(name.split("\n"), "middle", is_bold=True) for name in table.header]
    rows = [_row(head, widths, "<w:cantSplit/><w:tblHeader/>", keep=True)]
    last = len(table.lines) - 1
    for number, (is_whole, cells) in enumerate(table.lines):
        keep = table.is_whole and number < last
        rows.append(_row(cells, widths, "<w:cantSplit/>" if is_whole else "", keep=keep))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_GRID}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" '
        f'w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: list[Cell], widths: list[int], properties: str, *, keep: bool) -> str:
    upright = '<w:vAlign w:val="center"/>' if "tblHeader" in properties else ""
    return (
        f"<w:tr><w:trPr>{properties}</w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
            f"{upright}</w:tcPr>"
            + "".join(_in_cell(cell, line, keep) for line in cell.lines or [""])
            + "</w:tc>"
            for width, cell in zip(widths, cells, strict=True)
        )
        + "</w:tr>"
    )


def _in_cell(cell: Cell, line: str, keep: bool) -> str:
    size = 10.5 if "code" in cell.place else 12
    align = "center" if "middle" in cell.place else "left"
    return _line(line, bold=cell.is_bold, size=size, align=align, before=3, keep=keep)
