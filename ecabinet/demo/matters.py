"""The demonstration's matters: invented, and written for it."""

from dataclasses import dataclass, field
from enum import StrEnum

from opinions.actions._questions import AskedQuestion


class Stage(StrEnum):
    """How far the matter has come when the demonstration begins."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    OPEN = "open"
    CLOSING = "closing"  # the deadline is a few minutes away
    CLOSED = "closed"
    ISSUED = "issued"


@dataclass(frozen=True)
class Correction:
    """What the Office puts right in the dossier while the members are being asked."""

    reason: str
    articles: tuple[str, ...]  # of the new draft
    extra: str  # title of a paper for named readers
    readers: tuple[str, ...]
    read_before: tuple[str, ...]  # who had read the draft as it was


@dataclass(frozen=True)
class Matter:
    stage: Stage
    subject: str
    agency: str  # code of the lead agency
    summary: str  # what the submission says first
    reasons: tuple[str, ...]  # why, paragraph by paragraph
    articles: tuple[str, ...]  # the draft resolution
    approver: str = "ptt1"
    questions: tuple[str | AskedQuestion, ...] = (
        "Đồng ý với nội dung dự thảo Nghị quyết do cơ quan chủ trì trình.",
    )
    kind: str = "government"  # which of the known forms
    agree: str = "agree"  # what those answer in it who have no objection
    choices: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # user name: options other than proposed
    figures: tuple[tuple[str, ...], ...] = ()  # a table: header, rows
    objections: dict[str, tuple[str, str]] = field(default_factory=dict)  # user name: position, reason
    silent: tuple[str, ...] = ()
    answered: int = 25  # how many have answered so far, where the matter is still open
    weeks_ago: int = 0
    real: tuple[str, str] | None = None  # how the file's name begins, and the title it has
    correction: "Correction | None" = None


HEALTH_INSURANCE = Matter(
    stage=Stage.ISSUED,
    subject="về thanh toán chi phí bảo hiểm y tế cho cơ sở khám bệnh, chữa bệnh tại vùng biên giới, hải đảo",
    agency="G18",
    summary="Quỹ bảo hiểm y tế còn 1.284 tỷ đồng chi phí khám bệnh, chữa bệnh tại 312 cơ sở y tế vùng biên giới, "
    "hải đảo chưa được thanh toán do vượt dự toán được giao trong các năm 2023 - 2025.",
    reasons=(
        "Số người dân vùng biên giới, hải đảo tham gia bảo hiểm y tế tăng nhanh, trong khi dự toán chi được lập theo "
        "số thẻ của năm trước; các cơ sở y tế đã phải ứng nguồn thu sự nghiệp để mua thuốc và vật tư.",
        "Cơ quan bảo hiểm xã hội đã thẩm định toàn bộ hồ sơ; 96,4% chi phí phát sinh là hợp lệ và nằm trong phạm vi "
        "quyền lợi của người tham gia bảo hiểm y tế.",
        "Việc thanh toán không làm mất cân đối quỹ: số dư dự phòng tại thời điểm 31 tháng 8 năm 2026 đủ bảo đảm chi "
        "trong 14 tháng.",
    ),
    figures=(
        ("Năm", "Số cơ sở", "Chi phí vượt dự toán (tỷ đồng)", "Đã thẩm định (tỷ đồng)"),
        ("2023", "274", "391", "377"),
        ("2024", "298", "428", "412"),
        ("2025", "312", "465", "449"),
    ),
    articles=(
        "Cho phép thanh toán từ quỹ bảo hiểm y tế phần chi phí khám bệnh, chữa bệnh vượt dự toán giai đoạn 2023 - 2025 "
        "của các cơ sở khám bệnh, chữa bệnh tại vùng biên giới, hải đảo đã được cơ quan bảo hiểm xã hội thẩm định.",
        "Tổ chức thực hiện\nBộ Y tế chủ trì, phối hợp với Bộ Tài chính hướng dẫn hồ sơ, trình tự thanh toán trước ngày "
        "15 của tháng sau tháng ban hành Nghị quyết này.\nBộ Tài chính chỉ đạo cơ quan bảo hiểm xã hội thanh toán trong "
        "thời hạn 30 ngày kể từ ngày nhận đủ hồ sơ.",
        "Nghị quyết này có hiệu lực kể từ ngày ký ban hành. Các Bộ trưởng, Thủ trưởng cơ quan ngang bộ và Chủ tịch Ủy ban "
        "nhân dân các tỉnh có liên quan chịu trách nhiệm thi hành Nghị quyết này.",
    ),
    silent=("bt.thanhtra",),
    weeks_ago=5,
    real=("nghi-quyet-so-113", "Nghị quyết số 113/NQ-CP ngày 25/4/2026"),
)

PUBLIC_INVESTMENT = Matter(
    stage=Stage.ISSUED,
    subject="về điều chuyển vốn đầu tư công năm 2026 giữa các bộ, cơ quan trung ương",
    agency="G12",
    approver="ptt2",
    summary="Đến hết quý III, 5 bộ, cơ quan không có khả năng giải ngân hết 3.910 tỷ đồng; 4 bộ có dự án đủ thủ tục, "
    "cần bổ sung vốn ngay trong năm.",
    reasons=(
        "Các dự án được đề nghị bổ sung vốn đều đã hoàn thành giải phóng mặt bằng và ký hợp đồng thi công.",
        "Việc điều chuyển bảo đảm tổng mức vốn ngân sách trung ương không đổi và không làm phát sinh nợ đọng.",
    ),
    figures=(
        ("Cơ quan", "Giảm (tỷ đồng)", "Tăng (tỷ đồng)"),
        ("Bộ Văn hóa, Thể thao và Du lịch", "640", "–"),
        ("Bộ Giáo dục và Đào tạo", "1.120", "–"),
        ("Bộ Xây dựng", "–", "2.750"),
        ("Bộ Nông nghiệp và Môi trường", "–", "1.160"),
    ),
    articles=(
        "Điều chuyển 3.910 tỷ đồng vốn đầu tư công nguồn ngân sách trung ương năm 2026 giữa các bộ, cơ quan trung ương "
        "theo danh mục kèm theo Tờ trình của Bộ Tài chính.",
        "Các bộ, cơ quan được bổ sung vốn chịu trách nhiệm giải ngân hết số vốn được giao trước ngày 31 tháng 01 năm 2027.",
        "Bộ trưởng Bộ Tài chính và Thủ trưởng các bộ, cơ quan có liên quan chịu trách nhiệm thi hành Nghị quyết này.",
    ),
    objections={
        "bt.giaoduc": (
            "other",
            "Đồng ý chủ trương. Đề nghị giữ lại 180 tỷ đồng cho hai dự án trường nội trú vùng cao đã đấu thầu xong trong tháng 9.",
        )
    },
    weeks_ago=3,
    real=("nghi-quyet-so-126", "Nghị quyết số 126/NQ-CP ngày 11/5/2026"),
)

DIGITAL_RECORDS = Matter(
    stage=Stage.CLOSED,
    subject="về kết nối, chia sẻ dữ liệu hồ sơ sức khỏe điện tử toàn dân",
    agency="G18",
    approver="ptt4",
    summary="Dự thảo quy định dùng chung một hồ sơ sức khỏe điện tử cho mỗi người dân, liên thông giữa mọi cơ sở khám bệnh, "
    "chữa bệnh từ ngày 01 tháng 7 năm 2027.",
    reasons=(
        "Hiện 63% cơ sở y tế đã có bệnh án điện tử nhưng dữ liệu nằm rời rạc, người bệnh phải xét nghiệm lại khi chuyển tuyến.",
        "Phương án trình đã được thí điểm tại 5 tỉnh, rút ngắn bình quân 38 phút cho mỗi lượt khám.",
    ),
    questions=(
        "Đồng ý với phạm vi dữ liệu dùng chung quy định tại Điều 1 dự thảo Nghị quyết.",
        "Đồng ý với lộ trình bắt buộc kết nối từ ngày 01 tháng 7 năm 2027.",
    ),
    articles=(
        "Mỗi người dân có một hồ sơ sức khỏe điện tử; cơ sở khám bệnh, chữa bệnh cập nhật kết quả trong vòng 24 giờ.",
        "Từ ngày 01 tháng 7 năm 2027, mọi cơ sở khám bệnh, chữa bệnh kết nối với cơ sở dữ liệu hồ sơ sức khỏe điện tử.",
        "Bộ trưởng Bộ Y tế chịu trách nhiệm hướng dẫn và tổ chức thi hành Nghị quyết này.",
    ),
    objections={
        "bt.congan": (
            "other",
            "Đề nghị quy định rõ việc ghi nhật ký mọi lượt truy cập hồ sơ và thời hạn lưu nhật ký ít nhất 24 tháng.",
        ),
        "bt.taichinh": (
            "disagree",
            "Chưa đồng ý lộ trình: kinh phí nâng cấp hệ thống của các bệnh viện tuyến cơ sở chưa được bố trí trong dự toán năm 2027.",
        ),
        "bt.tuphap": (
            "other",
            "Đề nghị rà soát thống nhất với quy định về bảo vệ dữ liệu cá nhân nhạy cảm trước khi ban hành.",
        ),
    },
    silent=("bt.ngoaigiao", "bt.dantoc"),
    weeks_ago=1,
    real=("nghi-quyet-so-97", "Nghị quyết số 97/NQ-CP ngày 06/4/2026"),
)

FUEL_TAX = Matter(
    stage=Stage.CLOSED,
    subject="về tạm dừng thu phí sử dụng đường bộ đối với xe tải dưới 3,5 tấn trong 06 tháng",
    agency="G17",
    approver="ptt5",
    summary="Cơ quan chủ trì đề xuất tạm dừng thu phí để giảm chi phí vận tải nông sản trong vụ Đông Xuân.",
    reasons=(
        "Chi phí vận tải chiếm 17% giá thành rau quả đưa về các đô thị lớn.",
        "Số giảm thu dự kiến 1.460 tỷ đồng, chưa có nguồn bù cho Quỹ bảo trì đường bộ trung ương.",
    ),
    articles=(
        "Tạm dừng thu phí sử dụng đường bộ đối với xe tải dưới 3,5 tấn từ ngày 01 tháng 01 đến hết ngày 30 tháng 6 năm 2027.",
        "Bộ Xây dựng chủ trì tổ chức thực hiện Nghị quyết này.",
    ),
    objections={
        user: ("disagree", reason)
        for user, reason in {
            "bt.taichinh": "Số giảm thu chưa có nguồn bù đắp; đề nghị hỗ trợ trực tiếp hợp tác xã thay cho dừng thu phí.",
            "ptt2": "Tác động đến giá bán lẻ chưa được chứng minh bằng số liệu.",
            "bt.nganhang": "Ảnh hưởng khả năng trả nợ của các dự án BOT liền kề chưa được đánh giá.",
            "bt.congthuong": "Đề nghị ưu tiên cắt giảm chi phí kho lạnh, có hiệu quả hơn với cùng nguồn lực.",
            "bt.thanhtra": "Thiếu cơ chế kiểm soát việc lợi dụng chính sách của xe không chở nông sản.",
            "bt.tuphap": "Thẩm quyền quyết định mức thu thuộc Bộ Tài chính theo pháp luật về phí và lệ phí.",
            "thutuong": "Đề nghị cơ quan chủ trì đánh giá lại tác động ngân sách và trình phương án khác.",
            "ptt1": "Đồng ý với ý kiến của Bộ Tài chính.",
            "ptt3": "Chưa đủ cơ sở để ban hành.",
            "ptt6": "Đề nghị nghiên cứu thêm phương án hỗ trợ có mục tiêu.",
            "bt.khoahoc": "Đề nghị thí điểm bằng biển số điện tử trước khi áp dụng toàn quốc.",
            "bt.noivu": "Chưa đồng ý do ảnh hưởng nguồn chi trả lực lượng bảo trì đường bộ.",
            "bt.vpcp": "Nhiều thành viên Chính phủ còn ý kiến khác; đề nghị đưa ra thảo luận tại phiên họp.",
        }.items()
    },
    silent=("bt.quocphong",),
    weeks_ago=1,
    real=("nghi-quyet-so-25-2026", "Nghị quyết số 25/2026/NQ-CP ngày 30/4/2026"),
)

MARTYRS = Matter(
    stage=Stage.OPEN,
    subject="về cơ chế đặc thù trong giám định, xác định danh tính hài cốt liệt sĩ còn thiếu thông tin",
    agency="G07",
    approver="ptt3",
    summary="Còn khoảng 300.000 hài cốt liệt sĩ đã quy tập nhưng chưa xác định được danh tính; năng lực giám định hiện đạt "
    "4.000 mẫu mỗi năm.",
    reasons=(
        "Thân nhân của liệt sĩ đa số đã trên 80 tuổi; việc lấy mẫu sinh phẩm cần được hoàn thành trong ba năm tới.",
        "Dự thảo cho phép đặt hàng giám định tại các đơn vị ngoài công lập đạt chuẩn và thanh toán theo kết quả.",
    ),
    articles=(
        "Cho phép đặt hàng dịch vụ giám định ADN hài cốt liệt sĩ đối với đơn vị trong nước đạt chuẩn quốc tế.",
        "Bộ Nội vụ chủ trì, phối hợp với Bộ Quốc phòng, Bộ Công an lập ngân hàng dữ liệu gen thân nhân liệt sĩ.",
        "Các Bộ trưởng và Chủ tịch Ủy ban nhân dân các tỉnh, thành phố chịu trách nhiệm thi hành Nghị quyết này.",
    ),
    objections={
        "bt.khoahoc": (
            "other",
            "Đề nghị bổ sung tiêu chuẩn bảo quản mẫu và kiểm chuẩn chéo giữa các phòng giám định.",
        )
    },
    answered=11,
    correction=Correction(
        reason="Dự thảo ghi thiếu nguồn kinh phí tại Điều 1; bổ sung báo cáo dự toán của Bộ Nội vụ.",
        articles=(
            "Cho phép đặt hàng dịch vụ giám định ADN hài cốt liệt sĩ đối với đơn vị trong nước đạt chuẩn quốc tế; "
            "kinh phí do ngân sách trung ương bảo đảm trong dự toán chi của Bộ Nội vụ.",
            "Bộ Nội vụ chủ trì, phối hợp với Bộ Quốc phòng, Bộ Công an lập ngân hàng dữ liệu gen thân nhân liệt sĩ, "
            "hoàn thành trước ngày 31 tháng 12 năm 2028.",
            "Các Bộ trưởng và Chủ tịch Ủy ban nhân dân các tỉnh, thành phố chịu trách nhiệm thi hành Nghị quyết này.",
        ),
        extra="Báo cáo dự toán kinh phí giám định giai đoạn 2026 - 2030",
        readers=("bt.taichinh", "bt.noivu"),
        read_before=("bt.taichinh", "ptt1", "bt.yte"),
    ),
    real=("nghi-quyet-so-26-2026", "Nghị quyết số 26/2026/NQ-CP ngày 06/5/2026"),
)

TRADE_LAWS = Matter(
    stage=Stage.OPEN,
    subject="về chính sách của Luật sửa đổi, bổ sung một số điều của Luật Thương mại và Luật Cạnh tranh",
    agency="G02",
    approver="ptt6",
    summary="Đề nghị xây dựng Luật gồm bốn chính sách, trong đó có quản lý sàn thương mại điện tử xuyên biên giới.",
    reasons=(
        "Giao dịch qua sàn xuyên biên giới tăng 41% mỗi năm; quy định hiện hành chưa xác định trách nhiệm của chủ sàn.",
        "Bốn chính sách đã được lấy ý kiến doanh nghiệp và Bộ Tư pháp thẩm định.",
    ),
    articles=(
        "Thông qua bốn chính sách trong đề nghị xây dựng Luật do Bộ Công Thương trình.",
        "Giao Bộ Công Thương hoàn thiện hồ sơ, gửi Bộ Tư pháp tổng hợp vào Chương trình lập pháp năm 2027.",
    ),
    answered=4,
    real=("nghi-quyet-so-141", "Nghị quyết số 141/NQ-CP ngày 01/6/2026"),
)

FLOOD_RELIEF = Matter(
    stage=Stage.CLOSING,
    subject="về hỗ trợ khẩn cấp khắc phục hậu quả mưa lũ tại các tỉnh miền Trung",
    agency="G10",
    approver="ptt1",
    summary="Mưa lũ từ ngày 12 đến ngày 16 tháng 11 làm 21.400 nhà bị ngập, 86 km đường sạt lở tại sáu tỉnh miền Trung.",
    reasons=(
        "Các địa phương đã sử dụng hết dự phòng ngân sách năm 2026 và đề nghị trung ương hỗ trợ 1.150 tỷ đồng.",
        "Mức hỗ trợ được tính theo thiệt hại đã kiểm kê, ưu tiên nhà ở, trường học, trạm y tế và giống cây trồng.",
    ),
    articles=(
        "Bổ sung 1.150 tỷ đồng từ dự phòng ngân sách trung ương năm 2026 cho sáu tỉnh miền Trung khắc phục hậu quả mưa lũ.",
        "Chủ tịch Ủy ban nhân dân các tỉnh chịu trách nhiệm phân bổ, công khai, đúng đối tượng, hoàn thành trước ngày 31 tháng 12 năm 2026.",
    ),
    objections={
        "bt.taichinh": (
            "other",
            "Đồng ý. Đề nghị tách phần hỗ trợ sửa chữa đường giao thông sang nguồn vốn đầu tư công.",
        )
    },
    answered=19,
    real=("nghi-quyet-so-15-2026", "Nghị quyết số 15/2026/NQ-CP ngày 06/4/2026"),
)

CULTURE_VILLAGE = Matter(
    stage=Stage.SUBMITTED,
    subject="về chuyển giao quyền quản lý một số thiết chế văn hóa quốc gia cho Ủy ban nhân dân thành phố Hà Nội",
    agency="G16",
    approver="ptt1",
    summary="Chuyển giao nguyên trạng ba thiết chế văn hóa cùng tài sản, nhân sự và dự án đang thực hiện.",
    reasons=(
        "Việc chuyển giao phù hợp chủ trương phân cấp mạnh cho Thủ đô, gắn trách nhiệm quản lý với nguồn lực.",
    ),
    articles=(
        "Chuyển giao nguyên trạng ba thiết chế văn hóa về Ủy ban nhân dân thành phố Hà Nội quản lý trước ngày 31 tháng 3 năm 2027.",
        "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch và Chủ tịch Ủy ban nhân dân thành phố Hà Nội chịu trách nhiệm thi hành.",
    ),
    real=("nghi-quyet-so-105", "Nghị quyết số 105/NQ-CP ngày 08/4/2026"),
)

SCHOOL_MEALS = Matter(
    stage=Stage.DRAFT,
    subject="về hỗ trợ bữa ăn bán trú cho học sinh tiểu học tại các xã vùng cao",
    agency="G03",
    summary="Hỗ trợ 20.000 đồng mỗi bữa cho khoảng 610.000 học sinh tiểu học tại 1.200 xã vùng cao.",
    reasons=("Nơi có bữa ăn bán trú, tỷ lệ chuyên cần tăng từ 88% lên 97%.",),
    articles=("Hỗ trợ bữa ăn bán trú cho học sinh tiểu học tại các xã vùng cao từ năm học 2027 - 2028.",),
)

SLIPS = [
    HEALTH_INSURANCE,
    PUBLIC_INVESTMENT,
    DIGITAL_RECORDS,
    FUEL_TAX,
    MARTYRS,
    TRADE_LAWS,
    FLOOD_RELIEF,
    CULTURE_VILLAGE,
    SCHOOL_MEALS,
]
