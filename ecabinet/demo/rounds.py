"""Matters of the demonstration in other forms of written procedure, and one with options: invented."""

from ecabinet.demo.matters import SLIPS, Matter, Stage
from opinions.actions._questions import AskedQuestion, OfferedOption
from opinions.rules import QuestionForm

DATA_RULES = Matter(
    stage=Stage.OPEN,
    subject="về quy tắc chia sẻ dữ liệu giữa các bộ, cơ quan trung ương",
    agency="G06",
    approver="ptt2",
    kind="write_round",
    agree="clear",
    summary="Dự thảo quy định danh mục dữ liệu dùng chung, thời hạn và trách nhiệm cung cấp.",
    reasons=("Hiện mỗi bộ thỏa thuận riêng; bình quân mất 47 ngày để có một bộ dữ liệu của cơ quan khác.",),
    articles=(
        "Ban hành Quy tắc chia sẻ dữ liệu giữa các bộ, cơ quan trung ương.",
        "Bộ trưởng Bộ Khoa học và Công nghệ chịu trách nhiệm hướng dẫn và tổ chức thực hiện Nghị quyết này.",
    ),
    questions=("Nhất trí ban hành Quy tắc chia sẻ dữ liệu kèm theo.",),
    objections={
        "bt.congan": (
            "condition",
            "Nhất trí nếu dữ liệu về căn cước chỉ được tra cứu, không được sao chép sang hệ thống khác.",
        ),
        "bt.taichinh": ("address", "Đề nghị nêu rõ nguồn kinh phí vận hành nền tảng từ năm 2028."),
        "bt.vanhoa": ("nil", ""),
    },
    answered=9,
)

COMMITMENTS = Matter(
    stage=Stage.CLOSED,
    subject="về danh mục cam kết mở cửa dịch vụ hậu cần trong đàm phán khu vực",
    agency="G02",
    approver="ptt4",
    kind="european",
    summary="Danh mục gồm 14 phân ngành dịch vụ hậu cần, trong đó ba phân ngành lần đầu được đề nghị mở cửa.",
    reasons=("Đoàn đàm phán phải gửi danh mục trước phiên họp khu vực đầu tháng tới.",),
    articles=(
        "Thông qua danh mục cam kết mở cửa dịch vụ hậu cần do Bộ Công Thương trình.",
        "Giao Bộ Công Thương hoàn tất thủ tục đối ngoại theo quy định.",
    ),
    objections={
        "bt.xaydung": (
            "session",
            "Ba phân ngành mới tác động đến cảng biển nội địa, cần được thảo luận tại phiên họp.",
        )
    },
    answered=12,
    weeks_ago=1,
)

HOLIDAYS = Matter(
    stage=Stage.OPEN,
    subject="về lịch nghỉ Tết Nguyên đán Đinh Mùi và kế hoạch trực, bảo đảm phục vụ nhân dân",
    agency="G07",
    approver="ptt3",
    summary="Bộ Nội vụ đề xuất nghỉ 09 ngày liên tục, hoán đổi một ngày làm việc; kèm hai phương án khác.",
    reasons=("Kỳ nghỉ dài tạo thuận lợi cho người lao động ở xa; doanh nghiệp cần biết lịch trước.",),
    articles=(
        "Thông qua lịch nghỉ Tết Nguyên đán Đinh Mùi đối với cán bộ, công chức, viên chức.",
        "Bộ Nội vụ thông báo lịch nghỉ và hướng dẫn thực hiện.",
    ),
    questions=(
        AskedQuestion(
            "Chọn phương án nghỉ Tết Nguyên đán Đinh Mùi.",
            QuestionForm.OPTIONS,
            1,
            (
                OfferedOption("07 ngày"),
                OfferedOption(
                    "Nghỉ dài hơn",
                    parts=(
                        OfferedOption("09 ngày liên tục", is_proposed=True),
                        OfferedOption("10 ngày, làm bù hai ngày thứ Bảy"),
                    ),
                ),
            ),
        ),
        "Đồng ý với kế hoạch trực của các bộ, cơ quan trong kỳ nghỉ.",
    ),
    choices={"bt.congthuong": ("07 ngày",), "bt.quocphong": ("07 ngày",)},
    answered=8,
)

MATTERS = [*SLIPS, DATA_RULES, COMMITMENTS, HOLIDAYS]
