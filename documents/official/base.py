"""What every kind of official document has in common: letterhead, number, subject, signature, recipients."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from documents.official.wording import BLANK, balanced, closed, dashed, in_words

TITLE_LINE = 58  # letters that fit in a line of the subject
BODY_LINE = 21  # capitals that fit in a line of the issuing body


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    body: str
    superior: str | None = None
    place: str = "Hà Nội"
    name: str = ""  # in running text: "Văn phòng Chính phủ"

    @property
    def body_lines(self) -> str:
        return balanced(self.body, BODY_LINE)


@dataclass(frozen=True, kw_only=True)
class SignatureBlock:
    """authority: the lines above the title, e.g. ("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG")."""

    title: str
    name: str
    authority: tuple[str, ...] = ()

    @property
    def offices(self) -> tuple[str, ...]:
        return (*self.authority, self.title)


class Urgency(StrEnum):
    URGENT = "KHẨN"
    VERY_URGENT = "THƯỢNG KHẨN"
    FLASH = "HỎA TỐC"


@dataclass(frozen=True, kw_only=True)
class OfficialDocument:
    """What every kind has in common. Without a number the document is a draft, and says so; laid out to be
    signed it leaves number, day and month blank for the signatures that write them there."""

    template: ClassVar[str]

    letterhead: Letterhead
    kind: str  # "NGHỊ QUYẾT"; "" for a công văn
    subject: str
    notation: str  # "NQ-CP"
    signature: SignatureBlock
    number: str | None = None  # "115", or "25/2026" when normative
    issued_on: date | None = None
    year: int | None = None  # printed while there is no date
    recipients: tuple[str, ...] = ()
    copies: str = "VT"  # "VT, TH (2)"
    urgency: Urgency | None = None
    for_signing: bool = False

    @property
    def is_draft(self) -> bool:
        return self.number is None and not self.for_signing

    @property
    def number_line(self) -> str:
        number = BLANK * 9 if self.number is None else self.number
        return f"Số: {number.zfill(2) if number.isdigit() else number}/{self.notation}"

    @property
    def sender(self) -> str:
        """The issuing body in running text."""
        return self.letterhead.name or " ".join(self.letterhead.body.split()).capitalize()

    @property
    def place_and_date(self) -> str:
        if self.issued_on:
            return f"{self.letterhead.place}, {in_words(self.issued_on)}"
        gap = BLANK * 7
        return f"{self.letterhead.place}, ngày{gap}tháng{gap}năm {self.year or gap}"

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        return dashed(closed((*self.recipients, f"Lưu: {self.copies}")))

    @property
    def subject_lines(self) -> str:
        return balanced(self.subject[:1].upper() + self.subject[1:], TITLE_LINE)

    @property
    def name(self) -> str:
        """The title in the file's metadata."""
        number = "" if self.number is None else f"{self.number_line.removeprefix('Số: ')} "
        return " ".join(f"{self.kind} {number}{self.subject}".split())
