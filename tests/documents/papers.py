"""Official documents about nothing that ever happened, for the tests of their layout."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

from documents.official import (
    VIETNAM,
    Article,
    Branch,
    DossierItem,
    GivenAnswer,
    Heading,
    Letterhead,
    MemberOpinion,
    OpinionSlipDocument,
    Outcome,
    Paper,
    Paragraph,
    Position,
    QuestionResult,
    Receipt,
    ResolutionDocument,
    SignatureBlock,
    SlipQuestion,
    SynthesisDocument,
    Table,
    Urgency,
)

OFFICE = Letterhead(body="VĂN PHÒNG CHÍNH PHỦ", name="Văn phòng Chính phủ")
RULE_SET = "Quy chế làm việc của Chính phủ (Nghị định số 191/2026/NĐ-CP, bộ quy tắc hiệu lực từ 29/5/2026)"
CLERK = SignatureBlock(authority=("KT. BỘ TRƯỞNG, CHỦ NHIỆM",), title="PHÓ CHỦ NHIỆM", name="Lê Thu Hà")
REASON = (
    "Đề nghị làm rõ nguồn kinh phí bảo vệ rừng sau khi bàn giao, vì mức hỗ trợ hiện hành không đủ cho lực "
    "lượng kiểm lâm của các tỉnh ven biển; bổ sung đánh giá tác động đối với các hộ nuôi tôm dưới tán rừng. "
)


def _on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=VIETNAM)


def _item(title: str, pages: int) -> DossierItem:
    return DossierItem(title=title, pages=pages, sha256=hashlib.sha256(title.encode()).hexdigest())


DOSSIER = (
    _item("Tờ trình về việc giao quản lý rừng ngập mặn ven biển", 6),
    _item("Dự thảo Nghị quyết của Chính phủ", 3),
    _item("Bảng tổng hợp, tiếp thu, giải trình ý kiến các bộ, địa phương", 17),
)

RESOLUTION = ResolutionDocument(
    letterhead=Letterhead(body="CHÍNH PHỦ", name="Chính phủ"),
    subject="Về việc giao quản lý rừng ngập mặn ven biển\ncho các địa phương có rừng",
    number="58",
    issued_on=date(2026, 6, 22),
    year=2026,
    grounds=(
        "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15",
        "Căn cứ Luật Lâm nghiệp số 16/2017/QH14;",
        "Theo đề nghị của Bộ trưởng Bộ Nông nghiệp và Môi trường tại Tờ trình số 87/TTr-BNNMT",
    ),
    articles=(
        Article(
            paragraphs=(
                "1. Đồng ý chủ trương giao Ủy ban nhân dân các tỉnh có rừng ngập mặn trực tiếp quản lý, bảo "
                "vệ và phát triển diện tích rừng hiện do đơn vị trực thuộc Bộ quản lý.",
                "2. Giao Ủy ban nhân dân các tỉnh bố trí kinh phí quản lý trong dự toán ngân sách hằng năm.",
            )
        ),
        Article(text="Nghị quyết này có hiệu lực thi hành kể từ ngày ký ban hành."),
        Article(
            text="Các Bộ trưởng, Chủ tịch Ủy ban nhân dân các tỉnh chịu trách nhiệm thi hành Nghị quyết này."
        ),
    ),
    signature=SignatureBlock(
        authority=("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG"), title="PHÓ THỦ TƯỚNG", name="Trần Minh Khôi"
    ),
    recipients=("Ban Bí thư Trung ương Đảng", "Các bộ, cơ quan ngang bộ", "Văn phòng Quốc hội"),
    copies="VT, NN (2b)",
)
DRAFT = replace(RESOLUTION, number=None, issued_on=None)

NAMES = (
    "Nguyễn Quang Vũ, Trần Minh Khôi, Lê Thị Ngọc Ánh, Phạm Đức Hậu, Hoàng Văn Lẫm, Vũ Đình Trọng, "
    "Đặng Thùy Dương, Bùi Hữu Nghị, Đỗ Khắc Bình, Ngô Thế Vinh, Dương Quốc Toản, Lý Hải Yến, "
    "Phan Công Thành, Võ Mỹ Duyên, Trịnh Xuân Đỉnh, Hà Bích Thủy, Đinh Gia Phúc, Lâm Kiều Oanh, "
    "Tạ Quang Huy, Mai Sỹ Hùng, Lê Thu Hà, Cao Bảo Long, Thái Phương Nhung, Kiều Nhật Tân, Quách Hồng Sơn"
).split(", ")
SILENT, AGAINST, OTHER = "Đặng Thùy Dương", "Ngô Thế Vinh", "Phan Công Thành"


def _opinion(name: str, reason: str) -> MemberOpinion:
    title = f"Bộ trưởng phụ trách công việc số {NAMES.index(name) + 1}"
    if name == SILENT:
        return MemberOpinion(name=name, title=title)
    if name == AGAINST:
        answer = GivenAnswer(question=1, position=Position.DISAGREE, reason=reason, differs=True)
    elif name == OTHER:
        answer = GivenAnswer(
            question=1, position=Position.OTHER, reason="Đề nghị bàn giao theo hai đợt.", differs=True
        )
    else:
        answer = GivenAnswer(question=1, position=Position.AGREE)
    return MemberOpinion(name=name, title=title, answers=(answer,), answered_at=_on(16, 9, 41))


def synthesis(reason: str = REASON) -> SynthesisDocument:
    """25 members: 22 agree, one disagrees, one thinks otherwise, one is silent."""
    return SynthesisDocument(
        letterhead=OFFICE,
        subject="Tổng hợp ý kiến thành viên Chính phủ về việc giao quản lý rừng ngập mặn ven biển",
        about="việc giao quản lý rừng ngập mặn ven biển cho các địa phương có rừng",
        number="412",
        issued_on=date(2026, 6, 19),
        signature=CLERK,
        recipients=("Như trên", "Bộ Nông nghiệp và Môi trường"),
        rule_set=RULE_SET,
        lead_agency="Bộ Nông nghiệp và Môi trường",
        opened_at=_on(15, 8),
        closed_at=_on(18, 17),
        results=(
            QuestionResult(
                text="Đồng ý với dự thảo Nghị quyết về giao quản lý rừng ngập mặn ven biển?",
                counts=(("Đồng ý", 22), ("Không đồng ý", 1), ("Ý kiến khác", 1)),
                silent=1,
                members=25,
                in_favour=23,
                carried=True,
            ),
        ),
        opinions=tuple(_opinion(name, reason) for name in NAMES),
        outcome=Outcome(
            branch=Branch.C,
            next_step="Cơ quan chủ trì báo cáo tiếp thu, giải trình",
            next_deadline=date(2026, 6, 25),
        ),
        dossier=DOSSIER,
        proposal="Văn phòng Chính phủ kính trình Thủ tướng Chính phủ xem xét, quyết định./.",
    )


SLIP = OpinionSlipDocument(
    letterhead=OFFICE,
    subject="thành viên Chính phủ về việc giao quản lý rừng ngập mặn ven biển",
    number="96",
    issued_on=date(2026, 6, 15),
    signature=CLERK,
    recipients=("Như trên", "Bộ Nông nghiệp và Môi trường"),
    lead_agency="Bộ Nông nghiệp và Môi trường",
    questions=(SlipQuestion(text="Thành viên Chính phủ cho ý kiến về dự thảo Nghị quyết nêu trên:"),),
    deadline=_on(18, 17),
    dossier=DOSSIER,
    rule_set=RULE_SET,
    sent_by_order_of="Phó Thủ tướng Chính phủ Trần Minh Khôi",
)
ANSWERED_SLIP = replace(
    SLIP,
    questions=(replace(SLIP.questions[0], chosen=Position.DISAGREE, reason=REASON),),
    member="Ngô Thế Vinh",
    member_title="Bộ trưởng Bộ Tài chính",
    receipt=Receipt(
        code="YK-2026-0096-10", received_at=_on(17, 9, 41), sha256=hashlib.sha256(b"slip").hexdigest()
    ),
)

SUBMISSION = Paper(
    letterhead=Letterhead(body="BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", name="Bộ Nông nghiệp và Môi trường"),
    kind="TỜ TRÌNH",
    subject="Về việc giao quản lý rừng ngập mặn ven biển",
    notation="TTr-BNNMT",
    number="7",
    issued_on=date(2026, 2, 5),
    urgency=Urgency.VERY_URGENT,
    signature=SignatureBlock(title="BỘ TRƯỞNG", name="Lý Hải Yến"),
    recipients=("Như trên",),
    copies="VT, LN",
    addressees=("Chính phủ",),
    body=(
        Heading(text="I. SỰ CẦN THIẾT"),
        Paragraph(text=REASON),
        Table(
            header=("STT", "Tỉnh", "Diện tích (ha)"),
            rows=(("1", "Cà Mau", "42.300"), ("2", "Vĩnh Long", "7.150")),
            widths=(10, 60, 30),
        ),
        Paragraph(lead="1.", text="Kính trình Chính phủ xem xét, quyết định./."),
    ),
)
LETTER = replace(
    SUBMISSION,
    kind="",
    notation="BNNMT-LN",
    subject="góp ý dự thảo Nghị quyết về rừng ngập mặn",
    urgency=None,
    addressees=("Bộ Tài chính", "Bộ Tư pháp"),
)
