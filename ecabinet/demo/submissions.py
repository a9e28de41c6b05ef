"""The demonstration's dossiers on their way to the Office: invented, one in each state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core import clock
from documents import actions as documents
from documents.rules import DocumentKind
from ecabinet.demo.government import RULES_SINCE
from ecabinet.demo.matters import Matter, Stage
from ecabinet.demo.papers import MadePaper
from people.models import Body, Organisation, User
from submissions import actions
from submissions.models import MatterKind, Submission

LEGISLATION = "Dự án, dự thảo văn bản quy phạm pháp luật"
OTHER = "Đề án, báo cáo và công việc khác"
SOURCE = "Nghị định 191/2026/NĐ-CP, Điều 13 và Điều 15"


class Way(StrEnum):
    """How far the dossier has come when the demonstration begins."""

    BEGUN = "begun"
    HANDED_IN = "handed in"
    LATE = "late"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Sent:
    way: Way
    officer: str  # user name
    kind: str
    matter: Matter
    days_ahead: int  # working days from today to the day it is to be dealt with
    reason: str = ""  # for returning or removing
    on_paper: tuple[str, ...] = ()  # who has received a copy of what is handed out on paper


def _matter(agency: str, subject: str, summary: str, *articles: str) -> Matter:
    return Matter(
        stage=Stage.DRAFT,
        subject=subject,
        agency=agency,
        summary=summary,
        reasons=("Nội dung trình đã được lấy ý kiến các bộ, cơ quan có liên quan và tiếp thu, giải trình.",),
        articles=articles,
    )


SUBMISSIONS = [
    Sent(
        Way.BEGUN,
        "cv.taichinh",
        LEGISLATION,
        _matter(
            "G12",
            "về cơ chế tài chính đối với quỹ phòng, chống thiên tai",
            "Quỹ phòng, chống thiên tai ở trung ương chưa có cơ chế ứng vốn khi thiên tai xảy ra liên tiếp.",
            "Quỹ được ứng trước tối đa 30% dự toán năm sau khi có quyết định của cấp có thẩm quyền.",
        ),
        days_ahead=4,
    ),
    Sent(
        Way.HANDED_IN,
        "cv.yte",
        OTHER,
        _matter(
            "G18",
            "về dự trữ quốc gia thuốc và vật tư y tế giai đoạn 2027 - 2030",
            "Danh mục dự trữ hiện hành được lập từ năm 2019, chưa có 46 loại thuốc thiết yếu mới.",
            "Phê duyệt danh mục dự trữ quốc gia thuốc và vật tư y tế giai đoạn 2027 - 2030.",
        ),
        days_ahead=6,
        on_paper=("thutuong", "ptt1", "bt.quocphong"),
    ),
    Sent(
        Way.LATE,
        "cv.taichinh",
        OTHER,
        _matter(
            "G12",
            "về điều chỉnh mức bảo lãnh vay vốn đối với dự án năng lượng",
            "Ba dự án năng lượng đề nghị nâng mức bảo lãnh do tỷ giá thay đổi.",
            "Điều chỉnh mức bảo lãnh vay vốn của ba dự án năng lượng theo Tờ trình của Bộ Tài chính.",
        ),
        days_ahead=2,
        reason="Hồ sơ trình sau hạn, không bảo đảm thời gian để các thành viên nghiên cứu.",
    ),
    Sent(
        Way.RETURNED,
        "cv.taichinh",
        OTHER,
        _matter(
            "G12",
            "về xử lý tài sản công là nhà, đất sau sắp xếp đơn vị hành chính",
            "Còn 11.034 cơ sở nhà, đất dôi dư sau sắp xếp đơn vị hành chính chưa có phương án xử lý.",
            "Ủy ban nhân dân cấp tỉnh hoàn thành việc xử lý trước ngày 31 tháng 12 năm 2027.",
        ),
        days_ahead=7,
        reason="Tờ trình chưa nêu ý kiến của Bộ Xây dựng về quỹ nhà ở. Đề nghị bổ sung và trình lại.",
    ),
    Sent(
        Way.ACCEPTED,
        "cv.yte",
        OTHER,
        _matter(
            "G18",
            "về khám sức khỏe định kỳ miễn phí cho người cao tuổi tại trạm y tế xã",
            "Mỗi năm khoảng 9,1 triệu người cao tuổi được khám sức khỏe định kỳ tại trạm y tế xã.",
            "Người từ đủ 60 tuổi được khám sức khỏe định kỳ miễn phí mỗi năm một lần tại trạm y tế xã.",
        ),
        days_ahead=5,
    ),
]


def enter_kinds(body: Body, *, by: User) -> None:
    """What dossiers of the Government must hold (Điều 13), and the days of Điều 15(3)."""
    papers = [DocumentKind.SUBMISSION, DocumentKind.DRAFT]
    legislation = [*papers, DocumentKind.APPRAISAL, DocumentKind.ACCEPTANCE]
    for name, required, check_days, submit_days in (
        (LEGISLATION, legislation, 2, 5),
        (OTHER, papers, 1, 3),
    ):
        kind = MatterKind(
            body=body,
            name=name,
            source=SOURCE,
            required=required,
            check_days=check_days,
            submit_days=submit_days,
            valid_from=RULES_SINCE,
        )
        actions.add_matter_kind(kind, by=by)


@dataclass(frozen=True)
class Moments:
    """In office hours of the last days."""

    begun: datetime
    handed_in: datetime
    answered: datetime
    wanted_on: date


def send(
    sent: Sent,
    *,
    body: Body,
    people: dict[str, User],
    agencies: dict[str, Organisation],
    moments: Moments,
    write: Callable[[Matter, datetime], Iterator[MadePaper]],
) -> None:
    """From the first line to the state in which the demonstration finds it."""
    officer, office = people[sent.officer], people["cv.tonghop"]
    subject = sent.matter.subject
    with clock.at(moments.begun):
        submission = actions.prepare_submission(
            by=officer,
            kind=MatterKind.objects.in_force(body).get(name=sent.kind),
            agency=agencies[sent.matter.agency],
            title=subject[0].upper() + subject[1:],
            wanted_on=moments.wanted_on,
        )
        papers = list(write(sent.matter, moments.begun))
        for paper in papers[:1] if sent.way is Way.BEGUN else papers:
            documents.add_paper(
                submission.dossier, by=officer, upload=paper.file, kind=paper.kind, title=paper.title
            )
    if sent.way is Way.BEGUN:
        return
    with clock.at(moments.handed_in):
        actions.hand_in_submission(_fresh(submission), by=officer)
    with clock.at(moments.answered):
        if sent.on_paper:
            slot = documents.add_slot(submission.dossier, by=office)
            for name in sent.on_paper:
                documents.hand_out_copy(slot, by=office, receiver=people[name])
        if sent.way is Way.RETURNED:
            actions.return_submission(_fresh(submission), by=office, reason=sent.reason)
        if sent.way is Way.ACCEPTED:
            actions.accept_submission(_fresh(submission), by=office)
        if sent.way is Way.LATE:
            actions.propose_removal(_fresh(submission), by=office, reason=sent.reason)


def _fresh(submission: Submission) -> Submission:
    """As it stands now, with nothing remembered from before."""
    return Submission.objects.get(pk=submission.pk)
