"""The forms of written procedure that are known, as a first wording for a kind of request of a body.

Nothing here decides anything: an administrator takes one, changes what differs in the body, and confirms.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opinions.models import AnswerClass, RequestKind
from opinions.rules import CountsAs, DecidedBy, ReasonRule, Secrecy, SigningRule, SilenceHere


@dataclass(frozen=True)
class Offered:
    """One answer. Its words are those of the form itself."""

    code: str
    label: str
    label_en: str
    counts_as: CountsAs
    reason: ReasonRule = ReasonRule.OPTIONAL
    raises_remark: bool = False
    calls_session: bool = False


@dataclass(frozen=True)
class StandardForm:
    key: str
    called: str | Promise  # what the administrator chooses by
    about: str | Promise
    name: str
    title: str
    answers: tuple[Offered, ...]
    first_question: str = ""
    rules: dict[str, Any] = field(default_factory=dict)

    def begin(self, body: Any) -> RequestKind:
        """Not stored yet."""
        return RequestKind(
            body=body,
            name=self.name,
            title=self.title,
            first_question=self.first_question,
            **self.rules,
        )

    def offer(self) -> list[AnswerClass]:
        return [
            AnswerClass(
                place=place,
                code=offered.code,
                label=offered.label,
                label_en=offered.label_en,
                counts_as=offered.counts_as,
                reason=offered.reason,
                raises_remark=offered.raises_remark,
                calls_session=offered.calls_session,
            )
            for place, offered in enumerate(self.answers, 1)
        ]


AGREE = Offered("agree", "Đồng ý", "Agree", CountsAs.AGREE)
DISAGREE = Offered("disagree", "Không đồng ý", "Disagree", CountsAs.DISAGREE, ReasonRule.REQUIRED, True)
OTHER = Offered("other", "Ý kiến khác", "Other opinion", CountsAs.OTHER, ReasonRule.REQUIRED, True)
NOT_VOTING = Offered("not_voting", "Không biểu quyết", "Not voting", CountsAs.ABSTAIN, ReasonRule.NONE)

STANDARD_FORMS = (
    StandardForm(
        key="government",
        called=_("Slip of the Government"),
        about=_("Agree, disagree or another opinion; silence and majority as the working rule says."),
        name="Phiếu lấy ý kiến",
        title="PHIẾU LẤY Ý KIẾN THÀNH VIÊN CHÍNH PHỦ",
        answers=(AGREE, DISAGREE, OTHER),
        first_question="Đồng chí có đồng ý với nội dung dự thảo do cơ quan chủ trì trình không?",
        rules={"signing": SigningRule.ALLOWED},
    ),
    StandardForm(
        key="province",
        called=_("Slip of a People's Committee"),
        about=_("A member may also state that she does not vote; the ballot is open or secret."),
        name="Phiếu ghi ý kiến",
        title="PHIẾU GHI Ý KIẾN THÀNH VIÊN ỦY BAN NHÂN DÂN",
        answers=(AGREE, DISAGREE, OTHER, NOT_VOTING),
        first_question="Đồng chí có đồng ý với nội dung dự thảo do cơ quan trình không?",
        rules={"secrecy": Secrecy.EITHER, "signing": SigningRule.ALLOWED},
    ),
    StandardForm(
        key="write_round",
        called=_("Write-round of the British Cabinet"),
        about=_("Clearance, if need be on condition, or a nil return; whatever nobody opposes is cleared."),
        name="Lấy ý kiến theo vòng văn bản",
        title="PHIẾU LẤY Ý KIẾN THEO VÒNG VĂN BẢN",
        answers=(
            Offered("clear", "Nhất trí", "Clear", CountsAs.AGREE),
            Offered(
                "condition",
                "Nhất trí kèm điều kiện",
                "Clear on condition",
                CountsAs.OTHER,
                ReasonRule.REQUIRED,
                True,
            ),
            Offered(
                "address",
                "Đề nghị tiếp thu, giải trình",
                "Should be addressed",
                CountsAs.OTHER,
                ReasonRule.REQUIRED,
                True,
            ),
            Offered("not_clear", "Không nhất trí", "Not clear", CountsAs.DISAGREE, ReasonRule.REQUIRED, True),
            Offered("nil", "Không có ý kiến", "Nil return", CountsAs.ABSTAIN, ReasonRule.NONE),
        ),
        rules={
            "decided_by": DecidedBy.NO_OBJECTION,
            "silence": SilenceHere.NOTHING,
            "remind_before": [72, 24, 4],
        },
    ),
    StandardForm(
        key="european",
        called=_("European written procedure"),
        about=_("Silence agrees; one objection is enough against it, and any member may call for debate."),
        name="Thủ tục văn bản",
        title="PHIẾU LẤY Ý KIẾN THEO THỦ TỤC VĂN BẢN",
        answers=(
            AGREE,
            Offered("object", "Phản đối", "Object", CountsAs.DISAGREE, ReasonRule.REQUIRED, True),
            # Whoever calls for a debate objects to a decision in writing.
            Offered(
                "session",
                "Đề nghị đưa ra phiên họp",
                "Call for a session",
                CountsAs.DISAGREE,
                ReasonRule.REQUIRED,
                True,
                True,
            ),
        ),
        rules={"decided_by": DecidedBy.NO_OBJECTION, "silence": SilenceHere.AGREES},
    ),
)


def find_form(key: str) -> StandardForm | None:
    return next((form for form in STANDARD_FORMS if form.key == key), None)
