"""The demonstration's cast: the offices are real, the people are invented."""

from dataclasses import dataclass
from datetime import date

from people.rules import Role


@dataclass(frozen=True)
class Agency:
    code: str
    name: str
    short_name: str


@dataclass(frozen=True)
class Person:
    username: str
    full_name: str
    role: Role
    title: str
    agency: str  # code
    assists: str = ""  # user name of the member


GOVERNMENT_SINCE = date(2026, 4, 8)
RULES_SINCE = date(2026, 5, 29)

OFFICE = "G22"
AGENCIES = [
    Agency("G22", "Văn phòng Chính phủ", "VPCP"),
    Agency("G09", "Bộ Quốc phòng", "BQP"),
    Agency("G01", "Bộ Công an", "BCA"),
    Agency("G08", "Bộ Ngoại giao", "BNG"),
    Agency("G07", "Bộ Nội vụ", "BNV"),
    Agency("G15", "Bộ Tư pháp", "BTP"),
    Agency("G12", "Bộ Tài chính", "BTC"),
    Agency("G02", "Bộ Công Thương", "BCT"),
    Agency("G10", "Bộ Nông nghiệp và Môi trường", "BNNMT"),
    Agency("G17", "Bộ Xây dựng", "BXD"),
    Agency("G16", "Bộ Văn hóa, Thể thao và Du lịch", "BVHTTDL"),
    Agency("G06", "Bộ Khoa học và Công nghệ", "BKHCN"),
    Agency("G03", "Bộ Giáo dục và Đào tạo", "BGDĐT"),
    Agency("G18", "Bộ Y tế", "BYT"),
    Agency("G19", "Bộ Dân tộc và Tôn giáo", "BDTTG"),
    Agency("G11", "Ngân hàng Nhà nước Việt Nam", "NHNN"),
    Agency("G13", "Thanh tra Chính phủ", "TTCP"),
]

PEOPLE = [
    Person("thutuong", "Đỗ Hoàng Việt Cường", Role.CHAIR, "Thủ tướng Chính phủ", OFFICE),
    Person("ptt1", "Nguyễn Trần Phương Thảo", Role.VICE_CHAIR, "Phó Thủ tướng Thường trực Chính phủ", OFFICE),
    Person("ptt2", "Lương Khắc Bình", Role.VICE_CHAIR, "Phó Thủ tướng Chính phủ", OFFICE),
    Person("ptt3", "Hà Thế Nghiêm", Role.VICE_CHAIR, "Phó Thủ tướng Chính phủ", OFFICE),
    Person("ptt4", "Vi Thị Ngân Hạnh", Role.VICE_CHAIR, "Phó Thủ tướng Chính phủ", OFFICE),
    Person("ptt5", "Trịnh Công Uẩn", Role.VICE_CHAIR, "Phó Thủ tướng Chính phủ", OFFICE),
    Person("ptt6", "Lâm Quốc Đạt", Role.VICE_CHAIR, "Phó Thủ tướng Chính phủ", OFFICE),
    Person("ptt7", "Bạch Hải Âu", Role.VICE_CHAIR, "Phó Thủ tướng Chính phủ", OFFICE),
    Person("bt.quocphong", "Phùng Chí Kiên Trung", Role.MEMBER, "Bộ trưởng Bộ Quốc phòng", "G09"),
    Person("bt.congan", "Đặng Vũ Trường Sơn", Role.MEMBER, "Bộ trưởng Bộ Công an", "G01"),
    Person("bt.ngoaigiao", "Tôn Nữ Diệu Anh", Role.MEMBER, "Bộ trưởng Bộ Ngoại giao", "G08"),
    Person("bt.noivu", "Cao Đức Nhuận", Role.MEMBER, "Bộ trưởng Bộ Nội vụ", "G07"),
    Person("bt.tuphap", "Nguyễn Khánh Lam", Role.MEMBER, "Bộ trưởng Bộ Tư pháp", "G15"),
    Person("bt.taichinh", "Vũ Đình Phúc Lộc", Role.MEMBER, "Bộ trưởng Bộ Tài chính", "G12"),
    Person("bt.congthuong", "Hoàng Thị Xuân Yến", Role.MEMBER, "Bộ trưởng Bộ Công Thương", "G02"),
    Person("bt.nongnghiep", "Lê Bá Thanh Điền", Role.MEMBER, "Bộ trưởng Bộ Nông nghiệp và Môi trường", "G10"),
    Person("bt.xaydung", "Trần Đại Nghĩa Hiệp", Role.MEMBER, "Bộ trưởng Bộ Xây dựng", "G17"),
    Person("bt.vanhoa", "Ngô Quỳnh Giao", Role.MEMBER, "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch", "G16"),
    Person("bt.khoahoc", "Phan Nhật Quang", Role.MEMBER, "Bộ trưởng Bộ Khoa học và Công nghệ", "G06"),
    Person("bt.giaoduc", "Đinh Thục Trinh", Role.MEMBER, "Bộ trưởng Bộ Giáo dục và Đào tạo", "G03"),
    Person("bt.yte", "Mạc An Khang", Role.MEMBER, "Bộ trưởng Bộ Y tế", "G18"),
    Person("bt.dantoc", "Y Mlô Hồng Sâm", Role.MEMBER, "Bộ trưởng Bộ Dân tộc và Tôn giáo", "G19"),
    Person("bt.nganhang", "Kiều Minh Tường", Role.MEMBER, "Thống đốc Ngân hàng Nhà nước Việt Nam", "G11"),
    Person("bt.thanhtra", "Quách Tuấn Nghĩa", Role.MEMBER, "Tổng Thanh tra Chính phủ", "G13"),
    Person("bt.vpcp", "Thái Thanh Tùng", Role.MEMBER, "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ", OFFICE),
    Person(
        "tk.taichinh", "Dương Gia Hân", Role.ASSISTANT, "Thư ký Bộ trưởng Bộ Tài chính", "G12", "bt.taichinh"
    ),
    Person("tk.yte", "Âu Dương Mẫn", Role.ASSISTANT, "Thư ký Bộ trưởng Bộ Y tế", "G18", "bt.yte"),
    Person("tk.tuphap", "Hồ Sỹ Liêm", Role.ASSISTANT, "Thư ký Bộ trưởng Bộ Tư pháp", "G15", "bt.tuphap"),
    Person("tl.thutuong", "Chu Bích Vân", Role.ASSISTANT, "Trợ lý Thủ tướng Chính phủ", OFFICE, "thutuong"),
    Person("cv.taichinh", "Lục Thị Mai Sao", Role.SUBMITTER, "Chuyên viên Văn phòng Bộ Tài chính", "G12"),
    Person("cv.yte", "Thạch Văn Sơn Hải", Role.SUBMITTER, "Chuyên viên Văn phòng Bộ Y tế", "G18"),
    Person("cv.tonghop", "Tạ Minh Nguyệt", Role.SECRETARY, "Chuyên viên Vụ Tổng hợp", OFFICE),
    Person("cv.phapluat", "Lý Hùng Dũng", Role.SECRETARY, "Chuyên viên Vụ Pháp luật", OFFICE),
    Person("luutru", "Bế Thu Cúc", Role.ARCHIVIST, "Lưu trữ viên", OFFICE),
    Person("quantri", "Giang Nam Phong", Role.ADMINISTRATOR, "Quản trị hệ thống", OFFICE),
    Person("quantri2", "Tống Khánh Vân", Role.ADMINISTRATOR, "Quản trị hệ thống", OFFICE),
    Person("kiemtra", "Nghiêm Thị Chính", Role.AUDITOR, "Kiểm tra viên", OFFICE),
]

PROVINCE = Agency("H36", "Văn phòng Ủy ban nhân dân tỉnh Lâm Đồng", "VP UBND tỉnh")
PROVINCE_PEOPLE = [
    Person("ct.lamdong", "Võ Tá Kiên", Role.CHAIR, "Chủ tịch Ủy ban nhân dân tỉnh Lâm Đồng", "H36"),
    Person("pct.lamdong", "Đinh Thị Ngọc Quyên", Role.VICE_CHAIR, "Phó Chủ tịch Ủy ban nhân dân tỉnh", "H36"),
    Person("gdtc.lamdong", "K'Brếu Minh Hoàng", Role.MEMBER, "Giám đốc Sở Tài chính", "H36"),
    Person("gdyt.lamdong", "Tô Vĩnh Hưng", Role.MEMBER, "Giám đốc Sở Y tế", "H36"),
    Person("qt.lamdong", "Cil Hạ Vy", Role.ADMINISTRATOR, "Quản trị hệ thống", "H36"),
    Person("cv.lamdong", "Huỳnh Ngọc Bích", Role.SECRETARY, "Chuyên viên Phòng Tổng hợp", "H36"),
]

# Public holidays (Bộ luật Lao động 2019, Điều 112); the lunar ones by the calendar of the year.
DAYS_OFF = [
    (date(2026, 9, 1), "Quốc khánh"),
    (date(2026, 9, 2), "Quốc khánh"),
    (date(2027, 1, 1), "Tết Dương lịch"),
    *((date(2027, 2, day), "Tết Nguyên đán Đinh Mùi") for day in range(5, 10)),
    (date(2027, 4, 16), "Giỗ Tổ Hùng Vương"),
    (date(2027, 4, 30), "Ngày Chiến thắng"),
    (date(2027, 5, 1), "Ngày Quốc tế lao động"),
    (date(2027, 9, 2), "Quốc khánh"),
]
