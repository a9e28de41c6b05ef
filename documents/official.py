"""What stands on an official document, as plain values; templates/pdf lays them out after NĐ 30/2020/NĐ-CP.

Each class names its template; `documents.rendering.render_official` makes the PDF. The values are Vietnamese
text as it is to be printed (capitals written as capitals), dates and times are `date` and aware `datetime`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from fractions import Fraction
from math import ceil
from textwrap import wrap
from typing import ClassVar

VIETNAM = timezone(timedelta(hours=7), "+07")
BLANK = "\u00a0"

BY_VOTE_OF_MEMBERS = "Trên cơ sở kết quả biểu quyết của các Thành viên Chính phủ"
TITLE_LINE = 58  # letters that fit in a line of the subject
BODY_LINE = 21  # capitals that fit in a line of the issuing body
BRIEF_OPINION = 500  # letters; a longer one may run over the end of a page

WORKING_RULE = "Quy chế làm việc của Chính phủ ban hành kèm theo Nghị định số 191/2026/NĐ-CP"
SILENCE_AGREES = (
    "Quá thời hạn nêu trên mà thành viên Chính phủ không có ý kiến thì được xác định là đồng ý với ý kiến "
    "và đề xuất của cơ quan chủ trì thể hiện trong Phiếu này hoặc dự thảo văn bản và phải chịu trách nhiệm "
    f"trước Chính phủ, Thủ tướng Chính phủ, trước pháp luật (điểm c khoản 5 Điều 15 {WORKING_RULE})."
)


def in_words(moment: date | datetime) -> str:
    """'ngày 05 tháng 02 năm 2026', with the hour before it when there is one."""
    hour = ""
    if isinstance(moment, datetime):
        moment = moment.astimezone(VIETNAM)
        hour = f"{moment:%H} giờ {moment:%M}, "
    month = f"{moment.month:02}" if moment.month < 3 else str(moment.month)
    return f"{hour}ngày {moment.day:02} tháng {month} năm {moment.year}"


def in_figures(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def ended(text: str, mark: str) -> str:
    """The text with this mark at its end instead of the one it has."""
    return text.rstrip(" .;/") + mark


def balanced(text: str, line: int) -> str:
    """The text in lines of like length, unless the writer has broken it."""
    count = ceil(len(text) / line)
    if count < 2 or "\n" in text:
        return text
    for width in range(len(text) // count, line + 1):
        if len(lines := wrap(text, width, break_long_words=False)) == count:
            return "\n".join(lines)
    return text


def closed(lines: tuple[str, ...]) -> tuple[str, ...]:
    """As a list is written: ';' between the lines, '.' at the end."""
    return tuple(ended(line, ";" if n < len(lines) else ".") for n, line in enumerate(lines, 1))


def dashed(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"- {line}" for line in lines)


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
    """What every kind has in common. Without a number the document is a draft, and says so."""

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

    @property
    def is_draft(self) -> bool:
        return self.number is None

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


# Papers of any kind


@dataclass(frozen=True, kw_only=True)
class Heading:
    text: str
    level: int = 1  # 1: "I. …", 2: "1. …", 3: "a) …"
    style: ClassVar[str] = "heading"


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: str
    lead: str = ""  # printed bold before the text: "Điều 1."
    style: ClassVar[str] = "paragraph"


@dataclass(frozen=True, kw_only=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()  # per cent, one a column
    caption: str = ""
    style: ClassVar[str] = "table"

    @property
    def columns(self) -> tuple[tuple[str, int | None], ...]:
        return tuple(zip(self.header, self.widths or (None,) * len(self.header), strict=True))


Block = Heading | Paragraph | Table


@dataclass(frozen=True, kw_only=True)
class Paper(OfficialDocument):
    """Tờ trình, báo cáo, thông báo …; a công văn when `kind` is empty."""

    template: ClassVar[str] = "pdf/papers/paper.html"

    body: tuple[Block, ...]
    addressees: tuple[str, ...] = ()  # "Kính gửi"
    grounds: tuple[str, ...] = ()  # căn cứ, in italics

    @property
    def ground_lines(self) -> tuple[str, ...]:
        return tuple(
            ended(line, ";" if n < len(self.grounds) else ".") for n, line in enumerate(self.grounds, 1)
        )

    @property
    def addressee_lines(self) -> tuple[str, ...]:
        return dashed(closed(self.addressees))


# Resolutions


@dataclass(frozen=True, kw_only=True)
class Article:
    text: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResolutionDocument(OfficialDocument):
    template: ClassVar[str] = "pdf/decisions/resolution.html"

    grounds: tuple[str, ...]  # "Căn cứ Luật …", "Theo đề nghị của …", in this order
    articles: tuple[Article, ...]
    kind: str = "NGHỊ QUYẾT"
    notation: str = "NQ-CP"
    clause: str = BY_VOTE_OF_MEMBERS
    enacts: str = "QUYẾT NGHỊ:"

    @property
    def ground_lines(self) -> tuple[str, ...]:
        return closed((*self.grounds, self.clause))

    @property
    def numbered_articles(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """('Điều 1.', text, paragraphs); the last words of the last article close with './.'."""
        articles = [(f"Điều{BLANK}{n}.", a.text, a.paragraphs) for n, a in enumerate(self.articles, 1)]
        if articles:
            lead, text, paragraphs = articles[-1]
            if paragraphs:
                paragraphs = (*paragraphs[:-1], ended(paragraphs[-1], "./."))
            else:
                text = ended(text, "./.")
            articles[-1] = (lead, text, paragraphs)
        return articles


# Opinion requests, slips and their synthesis


class Position(StrEnum):
    AGREE = "Đồng ý"
    DISAGREE = "Không đồng ý"
    OTHER = "Ý kiến khác"
    ABSTAIN = "Không biểu quyết"


@dataclass(frozen=True, kw_only=True)
class DossierItem:
    title: str
    sha256: str
    pages: int | None = None
    number: str = ""

    @property
    def short_sha256(self) -> str:
        return f"{self.sha256[:8]}…{self.sha256[-8:]}"


@dataclass(frozen=True, kw_only=True)
class SlipQuestion:
    text: str
    options: tuple[str, ...] = (Position.AGREE, Position.DISAGREE, Position.OTHER)
    chosen: str | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the system gave the member on receiving the answer."""

    code: str
    received_at: datetime
    sha256: str = ""

    @property
    def received(self) -> str:
        return f"{self.received_at.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}"


@dataclass(frozen=True, kw_only=True)
class OpinionSlipDocument(OfficialDocument):
    """The slip as sent; with `member`, the one sent to that member; with `receipt`, the answer given."""

    template: ClassVar[str] = "pdf/opinions/request.html"

    lead_agency: str
    questions: tuple[SlipQuestion, ...]
    deadline: datetime
    dossier: tuple[DossierItem, ...]
    rule_set: str  # name and version of the rules under which the request was opened
    sent_by_order_of: str = ""  # "Phó Thủ tướng Chính phủ …"
    introduction: str = ""
    silence: str = SILENCE_AGREES
    member: str = ""
    member_title: str = ""
    receipt: Receipt | None = None
    is_sent: bool = True
    kind: str = "PHIẾU LẤY Ý KIẾN"
    notation: str = "PLYK-VPCP"

    @property
    def is_draft(self) -> bool:
        return not self.is_sent

    @property
    def deadline_in_words(self) -> str:
        return in_words(self.deadline)

    @property
    def addressee(self) -> str:
        if not self.member:
            return "Các thành viên Chính phủ"
        return f"{self.member}, {self.member_title}" if self.member_title else self.member


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """The count of one question. Where silence agrees, `silent` adds to the agreement."""

    text: str
    agree: int
    disagree: int
    other: int
    silent: int
    members: int  # all members of the body
    carried: bool
    abstain: int = 0
    silence_agrees: bool = True
    note: str = ""  # e.g. that the chair's answer broke a tie

    @property
    def in_favour(self) -> int:
        return self.agree + self.silent * self.silence_agrees

    @property
    def share(self) -> str:
        """Of all members, as '22/25 (88,0%)'."""
        tenths = round(Fraction(self.in_favour * 1000, self.members))
        return f"{self.in_favour}/{self.members} ({tenths // 10},{tenths % 10}%)"


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    question: int  # 1 is the first
    position: str
    reason: str = ""

    @property
    def differs(self) -> bool:
        return self.position in (Position.DISAGREE, Position.OTHER)


@dataclass(frozen=True, kw_only=True)
class MemberOpinion:
    """A member without answers was silent."""

    name: str
    title: str
    answers: tuple[GivenAnswer, ...] = ()
    answered_at: datetime | None = None

    @property
    def is_silent(self) -> bool:
        return not self.answers

    @property
    def is_brief(self) -> bool:
        return sum(len(answer.reason) for answer in self.answers) <= BRIEF_OPINION

    @property
    def answered(self) -> str:
        return in_figures(self.answered_at) if self.answered_at else ""

    @property
    def differing(self) -> tuple[GivenAnswer, ...]:
        return tuple(answer for answer in self.answers if answer.differs)


class Branch(StrEnum):
    """Điều 15(6) of the working rule: the three results of collecting opinions."""

    A = "a"
    B = "b"
    C = "c"


FINDINGS = {
    Branch.A: "chưa được đa số thành viên Chính phủ thông qua và còn ý kiến khác",
    Branch.B: "đa số thành viên Chính phủ thông qua và không còn ý kiến khác nhau",
    Branch.C: "đa số thành viên Chính phủ thông qua nhưng còn thành viên Chính phủ có ý kiến khác",
}
CONSEQUENCES = {
    Branch.A: (
        "Văn phòng Chính phủ chuyển các ý kiến của thành viên Chính phủ đến cơ quan chủ trì để tiếp tục "
        "xử lý, báo cáo Thủ tướng Chính phủ, Phó Thủ tướng Chính phủ xem xét, quyết định."
    ),
    Branch.B: (
        "Văn phòng Chính phủ phối hợp với cơ quan chủ trì hoàn thiện thể thức, kỹ thuật trình bày, trình "
        "Thủ tướng Chính phủ, Phó Thủ tướng Chính phủ xem xét, quyết định."
    ),
    Branch.C: (
        "Văn phòng Chính phủ chuyển ý kiến của thành viên Chính phủ đến cơ quan chủ trì để nghiên cứu, "
        "tiếp thu, giải trình, hoàn thiện hồ sơ; cơ quan chủ trì báo cáo và đề xuất rõ việc lấy lại hoặc "
        "không lấy lại ý kiến thành viên Chính phủ; Văn phòng Chính phủ có ý kiến độc lập, trình Thủ tướng "
        "Chính phủ, Phó Thủ tướng Chính phủ xem xét, quyết định."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    branch: Branch
    source: str = WORKING_RULE
    consequence: str = ""  # instead of the usual one
    next_step: str = ""  # what falls due next: "Cơ quan chủ trì báo cáo tiếp thu, giải trình"
    next_deadline: date | datetime | None = None

    @property
    def finding(self) -> str:
        return f"{FINDINGS[self.branch]} (điểm {self.branch} khoản 6 Điều 15 {self.source})"

    @property
    def follows(self) -> str:
        return self.consequence or CONSEQUENCES[self.branch]

    @property
    def due(self) -> str:
        return in_words(self.next_deadline) if self.next_deadline else ""


@dataclass(frozen=True, kw_only=True)
class SynthesisDocument(OfficialDocument):
    """Báo cáo tổng hợp ý kiến: one table of every member as its annex."""

    template: ClassVar[str] = "pdf/opinions/synthesis.html"

    rule_set: str  # name and version
    lead_agency: str
    about: str  # the matter, as in "về …"
    opened_at: datetime
    closed_at: datetime
    results: tuple[QuestionResult, ...]
    opinions: tuple[MemberOpinion, ...]
    outcome: Outcome
    dossier: tuple[DossierItem, ...]
    proposal: str
    addressees: tuple[str, ...] = ("Thủ tướng Chính phủ",)
    kind: str = "BÁO CÁO"
    notation: str = "BC-VPCP"

    @property
    def addressee_lines(self) -> tuple[str, ...]:
        return dashed(closed(self.addressees))

    @property
    def several_questions(self) -> bool:
        return len(self.results) > 1

    @property
    def period(self) -> str:
        return f"từ {in_words(self.opened_at)} đến {in_words(self.closed_at)}"

    @property
    def answered_count(self) -> int:
        return sum(not opinion.is_silent for opinion in self.opinions)

    @property
    def silent(self) -> tuple[MemberOpinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.is_silent)

    @property
    def silence_agrees(self) -> bool:
        return all(result.silence_agrees for result in self.results)

    @property
    def has_abstentions(self) -> bool:
        return any(result.abstain for result in self.results)

    @property
    def differing(self) -> tuple[MemberOpinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.differing)

    @property
    def annex_reference(self) -> str:
        number = self.number_line.replace("Số: ", "số ")
        when = in_words(self.issued_on) if self.issued_on else self.place_and_date.split(", ", 1)[1]
        return f"(Kèm theo Báo cáo {number} {when} của {self.sender})"
