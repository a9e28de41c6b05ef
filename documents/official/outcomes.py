"""The three results of collecting opinions, and what follows from each: Điều 15(6) of the working rule."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from documents.official.opinions import GOVERNMENT_MEMBERS, WORKING_RULE
from documents.official.wording import in_words


class Branch(StrEnum):
    A = "a"
    B = "b"
    C = "c"


DECIDERS = "Thủ tướng Chính phủ, Phó Thủ tướng Chính phủ"
FINDINGS = {
    Branch.A: "chưa được đa số {members} thông qua và còn ý kiến khác",
    Branch.B: "đa số {members} thông qua và không còn ý kiến khác nhau",
    Branch.C: "đa số {members} thông qua nhưng còn thành viên có ý kiến khác",
}
FINDINGS_UNOPPOSED = {  # where nobody's objection decides
    Branch.A: "còn thành viên phản đối",
    Branch.B: "không có thành viên phản đối và không còn ý kiến khác nhau",
    Branch.C: "không có thành viên phản đối nhưng còn thành viên có ý kiến khác",
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
    deciders: str = DECIDERS
    consequence: str = ""  # instead of the usual one
    next_step: str = ""  # what falls due next: "Cơ quan chủ trì báo cáo tiếp thu, giải trình"
    next_deadline: date | datetime | None = None
    unopposed: bool = False  # decided by nobody's objection instead of a majority

    @property
    def finding(self) -> str:
        """Only the Government's rule has the three results as points of one clause."""
        of_the_rule = self.source == WORKING_RULE and not self.unopposed
        points = f"điểm {self.branch} khoản 6 Điều 15 " if of_the_rule else ""
        found = (FINDINGS_UNOPPOSED if self.unopposed else FINDINGS)[self.branch]
        return f"{found.format(members=self.members)} ({points}{self.source})"

    @property
    def follows(self) -> str:
        usual = CONSEQUENCES[self.branch]
        return self.consequence or usual.format(
            members=self.members, office=self.office, deciders=self.deciders
        )

    @property
    def due(self) -> str:
        return in_words(self.next_deadline) if self.next_deadline else ""
