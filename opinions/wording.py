"""What the Office would write of itself: names of papers, a first wording of a resolution: Vietnamese."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from people.models import Appointment, Body
from people.names import fold
from people.rules import PRESIDING, Role

if TYPE_CHECKING:
    from opinions.models import OpinionRequest, OpinionSlip

ORGANISATION_LAW = {
    Body.Kind.GOVERNMENT: "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15",
    Body.Kind.PROVINCE: "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
    Body.Kind.COMMUNE: "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
}
MEMBERS = {
    Body.Kind.GOVERNMENT: "thành viên Chính phủ",
    Body.Kind.PROVINCE: "thành viên Ủy ban nhân dân tỉnh",
    Body.Kind.COMMUNE: "thành viên Ủy ban nhân dân xã",
}
RECIPIENTS = {
    Body.Kind.GOVERNMENT: [
        "Thủ tướng, các Phó Thủ tướng Chính phủ",
        "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",
        "Ủy ban nhân dân các tỉnh, thành phố trực thuộc trung ương",
    ],
    Body.Kind.PROVINCE: ["Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh", "Các sở, ban, ngành"],
    Body.Kind.COMMUNE: ["Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân xã", "Các phòng chuyên môn"],
}


def tidy(text: str) -> str:
    """Vietnamese letters in one form, whatever keyboard wrote them."""
    return unicodedata.normalize("NFC", text).strip()


def split_words(text: str) -> list[str]:
    """As typed, in lower case: the words that must all be there."""
    return re.findall(r"\w+", tidy(text).lower())


def index_words(text: str) -> list[str]:
    """What a text is found by: each word with its accents, and without."""
    words = split_words(text)
    return sorted({*words, *map(fold, words)})


def in_figures(moment: datetime) -> str:
    """For notices, the same in every language: 17:00, 27/11/2026."""
    return f"{timezone.localtime(moment):%H:%M, %d/%m/%Y}"


def name_matter(subject: str) -> str:
    """What stands after 'về', whether or not the subject begins with it."""
    return (subject[:1].lower() + subject[1:]).removeprefix("về ")


def name_synthesis(opinion_request: "OpinionRequest") -> str:
    members = MEMBERS[Body.Kind(opinion_request.body.kind)]
    return f"Báo cáo tổng hợp ý kiến {members}: {opinion_request.subject}"[:500]


def name_slip(opinion_request: "OpinionRequest") -> str:
    return f"Phiếu ghi ý kiến: {opinion_request.subject}"[:500]


def name_attachment(slip: "OpinionSlip") -> str:
    return f"Tài liệu kèm theo ý kiến của {slip.member_title}: {slip.request.subject}"[:500]


def name_scan(slip: "OpinionSlip") -> str:
    return f"Ý kiến bằng văn bản của {slip.member_title}: {slip.request.subject}"[:500]


@dataclass(frozen=True)
class DecisionWording:
    subject: str
    bases: list[str]
    articles: list[str]
    recipients: list[str]
    signer: Appointment | None


def word_decision(opinion_request: "OpinionRequest") -> DecisionWording:
    """A first text for the specialist to work on; the clause on the vote is printed by the layout itself."""
    kind = Body.Kind(opinion_request.body.kind)
    agency, office = opinion_request.lead_agency, opinion_request.body.office
    head = _find_head(opinion_request)
    return DecisionWording(
        subject=opinion_request.subject,
        bases=[
            ORGANISATION_LAW[kind],
            f"Căn cứ {opinion_request.rule_set.name} ban hành kèm theo {opinion_request.rule_set.source}",
            f"Theo đề nghị của {head.title if head else agency.name}",
        ],
        articles=[
            f"Thông qua nội dung đề nghị của {agency.name} về {name_matter(opinion_request.subject)}, "
            f"theo hồ sơ đã gửi lấy ý kiến {MEMBERS[kind]}.",
            f"{agency.name} chịu trách nhiệm tiếp thu ý kiến của các {MEMBERS[kind]}, hoàn thiện và tổ chức "
            f"thực hiện.\n{office.name} theo dõi, đôn đốc việc thực hiện Nghị quyết này.",
            "Nghị quyết này có hiệu lực kể từ ngày ký ban hành.",
        ],
        recipients=[*RECIPIENTS[kind], agency.name, office.name],
        signer=_find_signer(opinion_request),
    )


def _find_head(opinion_request: "OpinionRequest") -> Any:
    """The member who heads the lead agency proposes."""
    offices = Appointment.objects.current().voting().filter(body=opinion_request.body_id)
    return offices.filter(role=Role.MEMBER, organisation=opinion_request.lead_agency_id).first()


def _find_signer(opinion_request: "OpinionRequest") -> Any:
    """Who approved the sending, while still in office; else the chair."""
    offices = Appointment.objects.current().voting().filter(body=opinion_request.body_id)
    presiding = list(offices.filter(role__in=PRESIDING))
    return next(
        (o for o in presiding if o.user_id == opinion_request.approved_by_id), next(iter(presiding), None)
    )
