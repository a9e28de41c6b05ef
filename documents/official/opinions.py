"""The slip that asks the members of a body, and the one that a member answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from documents.official.base import OfficialDocument
from documents.official.wording import VIETNAM, in_words

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
