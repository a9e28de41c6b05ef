"""The slip on which a member of a body answers, as it is signed (Phiếu ghi ý kiến)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from documents.official.base import OfficialDocument
from documents.official.opinions import DossierItem
from documents.official.wording import VIETNAM

A_ROW = 60  # letters of all boxes that stand side by side
SIDE_BY_SIDE = 4


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """With all that could be chosen, as it stands on the form."""

    text: str
    options: tuple[str, ...]
    chosen: tuple[str, ...]
    reason: str = ""

    @property
    def boxes(self) -> tuple[tuple[str, bool], ...]:
        return tuple((option, option in self.chosen) for option in self.options)

    @property
    def is_in_a_row(self) -> bool:
        return len(self.options) <= SIDE_BY_SIDE and sum(map(len, self.options)) <= A_ROW


@dataclass(frozen=True, kw_only=True)
class AttachedPaper:
    name: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class AnswerSlipDocument(OfficialDocument):
    """Written by the member or her stand-in, addressed to the office that collects the answers."""

    template: ClassVar[str] = "pdf/opinions/answer.html"

    addressee: str
    form: str  # which slip it answers
    writer: str
    writer_title: str
    member: str = ""  # for whom a stand-in writes
    member_title: str = ""
    lead_agency: str
    questions: tuple[AnsweredQuestion, ...]
    dossier: tuple[DossierItem, ...]
    dossier_issue: int
    dossier_sha256: str
    attachment: AttachedPaper | None = None
    receipt: str
    nonce: str  # makes the file one that nobody can guess
    written_at: datetime
    kind: str = "PHIẾU GHI Ý KIẾN"
    notation: str = ""
    for_signing: bool = True

    @property
    def number_line(self) -> str:
        """A member's slip has no number of the register; it has its receipt."""
        return f"Mã phiếu: {self.receipt}"

    @property
    def written(self) -> str:
        return f"{self.written_at.astimezone(VIETNAM):%H:%M:%S ngày %d/%m/%Y}"
