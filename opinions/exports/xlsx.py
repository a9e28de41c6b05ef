"""The synthesis as a workbook: by question, by member, by class. Words are text, never a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import ceil
from typing import Any

import xlsxwriter

from documents.official import VIETNAM
from opinions.rules import SlipStatus
from opinions.synthesis import AnswerFact, MemberFact, QuestionFact, Synthesis

LONGEST = 32_767  # letters that Excel takes in one cell
LINE, HIGHEST = 16.5, 409  # points: of a line, and of the highest row that Excel knows
SIDES = {"agree": "#17693A", "disagree": "#12386B", "other": "#B7791F", "abstain": "#7A8699"}
SILENT_COLOUR = "#D5DAE1"
STATES = {
    SlipStatus.ANSWERED: "Đã trả lời",
    SlipStatus.SILENT: "Không trả lời",
    SlipStatus.RELEASED: "Thôi giữ chức vụ",
}
Row = Sequence[Any]


class Book:
    """A workbook with the few kinds of cells that a table of the office needs."""

    def __init__(self) -> None:
        self.stored = io.BytesIO()
        self.file = xlsxwriter.Workbook(
            self.stored, {"in_memory": True, "remove_timezone": True, "strings_to_urls": False}
        )
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "text_wrap": True}
        line = {**base, "border": 1}
        self.title = self.file.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False})
        self.head = self.file.add_format(
            {**line, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#EAF0F8"}
        )
        self.cell = self.file.add_format(line)
        self.number = self.file.add_format({**line, "align": "center"})
        self.share = self.file.add_format({**line, "align": "center", "num_format": "0.0%"})
        self.time = self.file.add_format({**line, "align": "center", "num_format": "hh:mm dd/mm/yyyy"})

    def table(
        self, name: str, title: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Row]
    ) -> Any:
        """A sheet with one table; its head stays in sight and on every printed page."""
        sheet = self.file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 0)
        sheet.write_string(0, 0, title[:LONGEST], self.title)
        for column, (text, width) in enumerate(zip(header, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, text[:LONGEST], self.head)
        sheet.set_row(2, _height(header, widths))
        for number, row in enumerate(rows, 3):
            sheet.set_row(number, _height(row, widths))
            for column, value in enumerate(row):
                self._write(sheet, number, column, value)
        return sheet

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.cell)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.astimezone(VIETNAM), self.time)
        elif isinstance(value, float):
            sheet.write_number(row, column, value, self.share)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.number)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST], self.cell)

    def finish(self, *, title: str, author: str, created: datetime) -> bytes:
        moment = created.astimezone(VIETNAM).replace(tzinfo=None)
        self.file.set_properties({"title": title[:255], "author": author[:255], "created": moment})
        self.file.close()
        return self.stored.getvalue()


def _height(row: Row, widths: Sequence[int]) -> float:
    """In points, for the cell with the most lines: not every program finds that out by itself."""
    lines = max(
        sum(ceil(max(len(line), 1) / width) for line in str(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
        if isinstance(value, str)
    )
    return min(LINE * lines, HIGHEST)


def write_xlsx(facts: Synthesis) -> bytes:
    book = Book()
    _write_matter(book, facts)
    _write_questions(book, facts)
    _write_members(book, facts)
    if not facts.is_secret:
        _write_classes(book, facts)
    if facts.remarks:
        _write_remarks(book, facts)
    return book.finish(title=facts.subject, author=facts.body, created=facts.closed_at)


def _write_matter(book: Book, facts: Synthesis) -> None:
    rows: list[Row] = [
        ("Nội dung", facts.subject),
        ("Mẫu phiếu", facts.kind),
        ("Hình thức", "Bỏ phiếu kín" if facts.is_secret else "Công khai"),
        ("Cơ quan chủ trì", facts.lead_agency),
        ("Người quyết định gửi", facts.approved_by),
        ("Gửi phiếu", facts.opened_at),
        ("Thời hạn trả lời", facts.deadline),
        ("Tổng hợp", facts.closed_at),
        ("Quy chế áp dụng", f"{facts.rule_set} ({facts.rule_source})"),
        ("Kết quả (trường hợp)", facts.branch),
        ("Hạn xử lý", f"{facts.process_by:%d/%m/%Y}"),
        ("Hạn báo cáo của cơ quan chủ trì", f"{facts.report_by:%d/%m/%Y}" if facts.report_by else ""),
    ]
    rows += [
        (f"Tài liệu {number}", f"{paper.title} (SHA-256: {paper.sha256})")
        for number, paper in enumerate(facts.papers, 1)
    ]
    book.table("Thông tin", f"Tổng hợp ý kiến: {facts.subject}", ("Mục", "Nội dung"), (32, 110), rows)


def _write_questions(book: Book, facts: Synthesis) -> None:
    """A column for each answer offered, and one for the silent; options have a row each."""
    header = ["Câu", "Nội dung", *(one.label for one in facts.classes)]
    header += ["Không trả lời", "Tổng số thành viên", "Cơ sở tính", "Tổng số đồng ý", "Tỷ lệ", "Đạt"]
    widths = [6, 60, *(14 for _ in facts.classes), 14, 14, 12, 12, 12, 12]
    rows = [row for question in facts.questions for row in _question_rows(question, facts)]
    sheet = book.table("Theo câu hỏi", f"Kết quả theo câu hỏi: {facts.subject}", header, widths, rows)
    if any(not question.options for question in facts.questions):
        sheet.insert_chart(len(rows) + 5, 1, _chart(book, facts, rows))


def _question_rows(question: QuestionFact, facts: Synthesis) -> list[Row]:
    tail = (question.silent, question.members, question.basis)
    if not question.options:
        counts = [question.classes[one.code] for one in facts.classes]
        favour = question.in_favour or 0
        return [
            (
                question.number,
                question.text,
                *counts,
                *tail,
                favour,
                _share(favour, question.basis),
                _yes(question.is_adopted),
            )
        ]
    empty = ("",) * len(facts.classes)
    return [
        (
            question.number,
            f"{question.text}\n{option.text}{' (cơ quan chủ trì đề xuất)' if option.is_proposed else ''}",
            *empty,
            *tail,
            option.in_favour,
            _share(option.in_favour, question.basis),
            _yes(option.is_adopted),
        )
        for option in question.options
    ]


def _chart(book: Book, facts: Synthesis, rows: list[Row]) -> Any:
    """All members in one bar a question."""
    last, sheet = len(rows) + 2, "Theo câu hỏi"
    chart = book.file.add_chart({"type": "bar", "subtype": "percent_stacked"})
    colours = [SIDES[one.counts_as] for one in facts.classes]
    for place, colour in enumerate([*colours, SILENT_COLOUR]):
        column = place + 2
        chart.add_series(
            {
                "name": [sheet, 2, column],
                "categories": [sheet, 3, 0, last, 0],
                "values": [sheet, 3, column, last, column],
                "fill": {"color": colour},
                "border": {"color": "#FFFFFF"},
            }
        )
    chart.set_title({"name": "Ý kiến theo câu hỏi", "name_font": {"name": "Times New Roman", "size": 14}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 120 + 60 * len(rows)})
    return chart


def _write_members(book: Book, facts: Synthesis) -> None:
    header = ["STT", "Họ và tên", "Chức vụ", "Trạng thái", "Thời điểm trả lời"]
    widths = [6, 26, 40, 18, 20]
    if not facts.is_secret:
        for question in facts.questions:
            header += [f"Câu {question.number}", f"Câu {question.number}: lý do"]
            widths += [20, 50]
        header += ["Bảo lưu ý kiến", "Ghi chú", "Mã biên nhận"]
        widths += [40, 40, 20]
    rows = [_member_row(number, member, facts) for number, member in enumerate(facts.members, 1)]
    book.table("Theo thành viên", f"Ý kiến của từng thành viên: {facts.subject}", header, widths, rows)


def _member_row(number: int, member: MemberFact, facts: Synthesis) -> Row:
    row: list[Any] = [number, member.name, member.title, STATES.get(SlipStatus(member.status), member.status)]
    row.append(member.answered_at)
    if facts.is_secret:
        return row
    given = {answer.question: answer for answer in member.answers}
    for question in facts.questions:
        answer = given.get(question.number)
        row += [answer.words, answer.reason] if answer else ["", ""]
    return [*row, member.dissent, "; ".join(member.notes), member.receipt]


def _write_classes(book: Book, facts: Synthesis) -> None:
    """Who gave each answer, question by question, the silent at the end."""
    rows: list[Row] = []
    for question in facts.questions:
        given = [
            (member, answer)
            for member in facts.members
            for answer in member.answers
            if answer.question == question.number
        ]
        offered: list[tuple[str, int]] = [
            (facts.find_class(code).label, count) for code, count in question.classes.items()
        ]
        offered += [(option.text, option.count) for option in question.options]
        codes: list[Any] = [*question.classes, *(option.id for option in question.options)]
        for (label, count), code in zip(offered, codes, strict=True):
            names = "; ".join(member.name for member, answer in given if _is_for(answer, code))
            rows.append((question.number, label, count, _share(count, question.members), names))
        silent = "; ".join(member.name for member in facts.members if member.is_silent)
        share = _share(question.silent, question.members)
        rows.append((question.number, "Không trả lời", question.silent, share, silent))
    header = ("Câu", "Loại ý kiến", "Số thành viên", "Tỷ lệ trên tổng số thành viên", "Thành viên")
    title = f"Kết quả theo loại ý kiến: {facts.subject}"
    book.table("Theo loại ý kiến", title, header, (6, 40, 14, 18, 100), rows)


def _is_for(answer: AnswerFact, code: Any) -> bool:
    return answer.position == code or code in answer.options


def _write_remarks(book: Book, facts: Synthesis) -> None:
    header = (
        "STT",
        "Người nêu",
        "Câu",
        "Loại ý kiến",
        "Nội dung",
        "Kết quả",
        "Giải trình",
        "Xử lý xong",
        "Phản hồi",
    )
    rows = [
        (
            remark.number,
            remark.member,
            remark.question,
            remark.position,
            remark.text,
            remark.verdict_words,
            remark.explanation,
            remark.settled_at,
            remark.stance_words,
        )
        for remark in facts.remarks
    ]
    title = f"Bảng tổng hợp, tiếp thu, giải trình ý kiến: {facts.subject}"
    book.table("Tiếp thu, giải trình", title, header, (6, 30, 6, 20, 60, 20, 60, 20, 24), rows)


def _share(count: int, whole: int) -> float:
    return count / whole if whole else 0.0


def _yes(value: bool) -> str:
    return "Có" if value else "Không"
