"""The slip that asks the members of a body, and the synthesis of what they answered."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from documents.official.base import OfficialDocument
from documents.official.wording import VIETNAM, closed, dashed, in_figures, in_words

BRIEF_OPINION = 500  # letters; a longer one may run over the end of a page
GOVERNMENT_MEMBERS = "thành viên Chính phủ"
WORKING_RULE = "Quy chế làm việc của Chính phủ ban hành kèm theo Nghị định số 191/2026/NĐ-CP"
SILENCE_AGREES = (
    "Quá thời hạn nêu trên mà thành viên Chính phủ không có ý kiến thì được xác định là đồng ý với ý kiến "
    "và đề xuất của cơ quan chủ trì thể hiện trong Phiếu này hoặc dự thảo văn bản và phải chịu trách nhiệm "
    f"trước Chính phủ, Thủ tướng Chính phủ, trước pháp luật (điểm c khoản 5 Điều 15 {WORKING_RULE})."
)


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
    members: str = GOVERNMENT_MEMBERS  # what those asked are called together
    channel: str = "Hệ thống thông tin phục vụ họp và xử lý công việc của Chính phủ"
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
    def signs_as(self) -> str:
        return self.members.upper()

    @property
    def deadline_in_words(self) -> str:
        return in_words(self.deadline)

    @property
    def addressee(self) -> str:
        if not self.member:
            return f"Các {self.members}"
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
    Branch.A: "chưa được đa số {members} thông qua và còn ý kiến khác",
    Branch.B: "đa số {members} thông qua và không còn ý kiến khác nhau",
    Branch.C: "đa số {members} thông qua nhưng còn thành viên có ý kiến khác",
}
CONSEQUENCES = {
    Branch.A: (
        "{office} chuyển các ý kiến của {members} đến cơ quan chủ trì để tiếp tục xử lý, báo cáo {deciders} "
        "xem xét, quyết định."
    ),
    Branch.B: (
        "{office} phối hợp với cơ quan chủ trì hoàn thiện thể thức, kỹ thuật trình bày, trình {deciders} "
        "xem xét, quyết định."
    ),
    Branch.C: (
        "{office} chuyển ý kiến của {members} đến cơ quan chủ trì để nghiên cứu, tiếp thu, giải trình, "
        "hoàn thiện hồ sơ; cơ quan chủ trì báo cáo và đề xuất rõ việc lấy lại hoặc không lấy lại ý kiến "
        "{members}; {office} có ý kiến độc lập, trình {deciders} xem xét, quyết định."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    branch: Branch
    source: str = WORKING_RULE
    members: str = GOVERNMENT_MEMBERS
    office: str = "Văn phòng Chính phủ"
    deciders: str = "Thủ tướng Chính phủ, Phó Thủ tướng Chính phủ"
    consequence: str = ""  # instead of the usual one
    next_step: str = ""  # what falls due next: "Cơ quan chủ trì báo cáo tiếp thu, giải trình"
    next_deadline: date | datetime | None = None

    @property
    def finding(self) -> str:
        """Only the Government's rule has the three results as points of one clause."""
        points = f"điểm {self.branch} khoản 6 Điều 15 " if self.source == WORKING_RULE else ""
        return f"{FINDINGS[self.branch].format(members=self.members)} ({points}{self.source})"

    @property
    def follows(self) -> str:
        usual = CONSEQUENCES[self.branch]
        return self.consequence or usual.format(
            members=self.members, office=self.office, deciders=self.deciders
        )

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
    members: str = GOVERNMENT_MEMBERS
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
    def annex_title(self) -> str:
        return f"Ý kiến của từng {self.members}".upper()

    @property
    def annex_reference(self) -> str:
        number = self.number_line.replace("Số: ", "số ")
        when = in_words(self.issued_on) if self.issued_on else self.place_and_date.split(", ", 1)[1]
        return f"(Kèm theo Báo cáo {number} {when} của {self.sender})"
