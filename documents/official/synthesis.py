"""The synthesis of what the members of a body answered (Báo cáo tổng hợp ý kiến)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import ClassVar

from documents.official.base import OfficialDocument
from documents.official.blocks import Annex, Block, Heading, Paragraph, Table
from documents.official.opinions import GOVERNMENT_MEMBERS, DossierItem
from documents.official.outcomes import Outcome
from documents.official.wording import closed, dashed, ended, in_figures, in_words

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
NARROW = 4  # so many kinds of answer stand beside each other in a table; more stand below each other
NO_ANSWER, NO_BALLOT, LEFT = "Không trả lời", "Không bỏ phiếu", "Thôi giữ chức vụ, không tính"


@dataclass(frozen=True, kw_only=True)
class OptionResult:
    text: str
    count: int  # chosen so often; the silent apart
    in_favour: int
    is_proposed: bool = False
    is_adopted: bool = False

    @property
    def name(self) -> str:
        return f"{self.text} (cơ quan chủ trì đề xuất)" if self.is_proposed else self.text


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """The count of one question: of each answer offered, or of each option."""

    text: str
    counts: tuple[tuple[str, int], ...] = ()  # ("Đồng ý", 22): in the words of the form, in its order
    silent: int
    members: int  # all members of the body who were asked
    in_favour: int = 0  # with the silent, where silence agrees
    carried: bool = False
    basis: int | None = None  # how many the majority is a share of, where it is not all members
    silence_agrees: bool = True
    unopposed: bool = False
    options: tuple[OptionResult, ...] = ()
    note: str = ""  # e.g. that the chair's answer broke a tie

    @property
    def whole(self) -> int:
        return self.members if self.basis is None else self.basis

    @property
    def share(self) -> str:
        return self.share_of(self.in_favour)

    def share_of(self, number: int) -> str:
        """As '22/25 (88,0%)'."""
        tenths = round(Fraction(number * 1000, self.whole)) if self.whole else 0
        return f"{number}/{self.whole} ({tenths // 10},{tenths % 10}%)"

    @property
    def verdict(self) -> str:
        if self.unopposed:
            return "Không có phản đối" if self.carried else "Có ý kiến phản đối"
        return "Đa số thông qua" if self.carried else "Chưa được đa số thông qua"


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    question: int  # 1 is the first
    position: str  # in the words of the form; or the options chosen
    reason: str = ""
    differs: bool = False


@dataclass(frozen=True, kw_only=True)
class MemberOpinion:
    """A member without answers was silent, unless the ballot is secret or the member left office."""

    name: str
    title: str
    answers: tuple[GivenAnswer, ...] = ()
    answered_at: datetime | None = None
    notes: tuple[str, ...] = ()  # on paper, entered by whom; by a stand-in; signed
    dissent: str = ""  # the opinion that the member reserves
    has_left: bool = False

    @property
    def is_silent(self) -> bool:
        return not self.has_left and self.answered_at is None

    @property
    def answered(self) -> str:
        return in_figures(self.answered_at) if self.answered_at else ""

    @property
    def differing(self) -> tuple[GivenAnswer, ...]:
        return tuple(answer for answer in self.answers if answer.differs)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A condition or remark, and what became of it (bảng tiếp thu, giải trình)."""

    who: str
    question: int
    text: str
    kind: str = ""  # the answer that it came with
    explanation: str = ""
    verdict: str = ""
    settled: str = ""  # by whom, when


@dataclass(frozen=True, kw_only=True)
class SynthesisDocument(OfficialDocument):
    """A table of every member is its first annex, that of the remarks its second."""

    template: ClassVar[str] = "pdf/opinions/synthesis.html"

    rule_set: str  # name and version
    lead_agency: str
    about: str  # the matter, as in "về …"
    opened_at: datetime
    closed_at: datetime
    results: tuple[QuestionResult, ...]
    opinions: tuple[MemberOpinion, ...]
    outcome: Outcome
    dossier: tuple[DossierItem, ...]
    proposal: str
    addressees: tuple[str, ...] = ("Thủ tướng Chính phủ",)
    members: str = GOVERNMENT_MEMBERS
    form: str = "Phiếu lấy ý kiến"
    is_secret: bool = False
    course: tuple[str, ...] = ()  # what changed while opinions were collected
    adviser: str = ""
    adviser_opinion: str = ""
    remarks: tuple[Remark, ...] = ()
    report: str = ""  # of the lead agency, on the members' opinions
    office_opinion: str = ""
    kind: str = "BÁO CÁO"
    notation: str = "BC-VPCP"

    @property
    def addressee_lines(self) -> tuple[str, ...]:
        return dashed(closed(self.addressees))

    @property
    def several_questions(self) -> bool:
        return len(self.results) > 1

    @property
    def period(self) -> str:
        return f"từ {in_words(self.opened_at)} đến {in_words(self.closed_at)}"

    @property
    def silent(self) -> tuple[MemberOpinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.is_silent)

    @property
    def left(self) -> tuple[MemberOpinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.has_left)

    @property
    def differing(self) -> tuple[MemberOpinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.differing)

    @property
    def dissenting(self) -> tuple[MemberOpinion, ...]:
        return tuple(opinion for opinion in self.opinions if opinion.dissent)

    # The text

    @property
    def body(self) -> tuple[Block, ...]:
        sections = [("QUÁ TRÌNH LẤY Ý KIẾN", self._course()), ("KẾT QUẢ LẤY Ý KIẾN", self._results())]
        silent = "THÀNH VIÊN KHÔNG BỎ PHIẾU" if self.is_secret else "THÀNH VIÊN KHÔNG TRẢ LỜI"
        sections.append((silent, self._silent()))
        if not self.is_secret:
            sections.append(("Ý KIẾN KHÔNG ĐỒNG Ý VÀ Ý KIẾN KHÁC", self._differing()))
        if self.dissenting:
            sections.append(("Ý KIẾN BẢO LƯU", self._dissenting()))
        if self.remarks or self.report:
            sections.append(("TIẾP THU, GIẢI TRÌNH Ý KIẾN", self._settled()))
        sections.append(("KẾT LUẬN VÀ ĐỀ XUẤT", self._conclusion()))
        blocks: list[Block] = [self._introduction]
        for number, (title, inside) in zip(ROMAN, sections, strict=False):
            blocks += [Heading(text=f"{number}. {title}"), *inside]
        return tuple(blocks)

    @property
    def annexes(self) -> tuple[Annex, ...]:
        if not self.remarks:
            return (self._members(""),)
        return (self._members("I"), self._matrix("II"))

    @property
    def annex_reference(self) -> str:
        number = self.number_line.replace("Số: ", "số ")
        when = in_words(self.issued_on) if self.issued_on else self.place_and_date.split(", ", 1)[1]
        return f"(Kèm theo Báo cáo {number} {when} của {self.sender})"

    @property
    def _introduction(self) -> Paragraph:
        ballot = " bằng hình thức bỏ phiếu kín" if self.is_secret else ""
        return Paragraph(
            text=f"Thực hiện {self.rule_set}, theo đề nghị của {self.lead_agency}, {self.sender} đã gửi "
            f"{self.form} {self.members} về {self.about}{ballot}. {self.sender} tổng hợp, báo cáo kết quả "
            "như sau:"
        )

    def _course(self) -> Iterator[Block]:
        yield Paragraph(lead="1. Nội dung xin ý kiến", text="")
        for number, result in enumerate(self.results, 1):
            yield Paragraph(text=self._numbered(number, result.text))
        asked, silent = len(self.opinions), len(self.silent)
        left = f"; số thành viên thôi giữ chức vụ: {len(self.left)}" if self.left else ""
        yield Paragraph(
            lead="2. Thời gian lấy ý kiến:",
            text=f"{self.period}. Số phiếu gửi: {asked}; số phiếu trả lời trong thời hạn: "
            f"{asked - silent - len(self.left)}; số thành viên không trả lời: {silent}{left}.",
        )
        for line in self.course:
            yield Paragraph(text=line)
        yield Heading(text=f"3. Hồ sơ gửi kèm {self.form}", level=2)
        yield self._papers()
        if self.adviser_opinion:
            yield Paragraph(lead=f"4. Ý kiến độc lập của {self.adviser}", text="")
            yield Paragraph(text=self.adviser_opinion, form="quoted")

    def _papers(self) -> Table:
        return Table(
            header=("STT", "Tài liệu", "Số trang", "Mã kiểm tra SHA-256\n(rút gọn)"),
            rows=tuple(
                (
                    str(number),
                    f"{item.title} (số {item.number})" if item.number else item.title,
                    str(item.pages or ""),
                    item.short_sha256,
                )
                for number, item in enumerate(self.dossier, 1)
            ),
            widths=(7, 53, 10, 30),
            centred=(0, 2),
            code=(3,),
        )

    def _results(self) -> Iterator[Block]:
        plain = [result for result in self.results if not result.options]
        if plain and len(plain[0].counts) <= NARROW:
            yield self._side_by_side(plain)
        else:
            yield from (block for result in plain for block in self._one_below(result))
        for result in self.results:
            if result.options:
                yield from self._of_options(result)
        yield Paragraph(text=self._word_silence(), form="note")
        for number, result in enumerate(self.results, 1):
            if result.note:
                yield Paragraph(text=self._numbered(number, result.note), form="note")
        table = "Danh sách" if self.is_secret else "Ý kiến của từng"
        annex = f"Phụ lục {self.annexes[0].number}".rstrip()
        yield Paragraph(text=f"{table} {self.members} nêu tại {annex} kèm theo Báo cáo này.")

    def _side_by_side(self, results: list[QuestionResult]) -> Table:
        """A row for each question."""
        labels = [label for label, _ in results[0].counts]
        first = ("Câu",) if self.several_questions else ()
        header = (*first, *labels, self._no_answer, "Tổng số thành viên", self._whole, "Kết quả")
        left, figures = 100 - 20 - 16 - 7 * len(first), len(labels) + 2
        widths = (*(7 for _ in first), *(left // figures for _ in range(figures)), 20, 16)
        rows = tuple(
            (
                *(str(self.results.index(result) + 1) for _ in first),
                *(str(count) for _, count in result.counts),
                str(result.silent),
                str(result.members),
                result.share,
                result.verdict,
            )
            for result in results
        )
        return Table(
            header=header, rows=rows, widths=widths, centred=tuple(range(len(header))), is_whole=True
        )

    def _one_below(self, result: QuestionResult) -> Iterator[Block]:
        """A row for each kind of answer."""
        if self.several_questions:
            yield Heading(text=self._numbered(self.results.index(result) + 1, result.text), level=2)
        rows = [(label, str(count), result.share_of(count)) for label, count in result.counts]
        rows.append((self._no_answer, str(result.silent), result.share_of(result.silent)))
        rows.append((f"Tổng số đồng ý: {result.verdict.lower()}", str(result.in_favour), result.share))
        yield Table(
            header=("Ý kiến", "Số thành viên", self._share),
            rows=tuple(rows),
            widths=(56, 16, 28),
            centred=(1, 2),
            total=True,
            is_whole=True,
        )

    def _of_options(self, result: QuestionResult) -> Iterator[Block]:
        if self.several_questions:
            yield Heading(text=self._numbered(self.results.index(result) + 1, result.text), level=2)
        rows = [
            (
                option.name,
                str(option.count),
                result.share_of(option.in_favour),
                "Đa số lựa chọn" if option.is_adopted else "Chưa đạt đa số",
            )
            for option in result.options
        ]
        rows.append((self._no_answer, str(result.silent), result.share_of(result.silent), ""))
        yield Table(
            header=("Phương án", "Số lựa chọn", self._share, "Kết quả"),
            rows=tuple(rows),
            widths=(45, 12, 25, 18),
            centred=(1, 2, 3),
            is_whole=len(rows) <= 12,
        )

    @property
    def _of_all(self) -> bool:
        return all(result.whole == result.members for result in self.results)

    @property
    def _whole(self) -> str:
        return f"Tổng số đồng ý trên {'tổng số thành viên' if self._of_all else 'cơ sở tính'}"

    @property
    def _share(self) -> str:
        return f"Tỷ lệ trên {'tổng số thành viên' if self._of_all else 'cơ sở tính'}"

    @property
    def _no_answer(self) -> str:
        return NO_BALLOT if self.is_secret else NO_ANSWER

    def _word_silence(self) -> str:
        if not all(result.silence_agrees for result in self.results):
            counted = "không được tính vào tổng số đồng ý"
        elif all(result.options for result in self.results):
            counted = "được tính vào số lựa chọn phương án do cơ quan chủ trì đề xuất"
        else:
            counted = "được tính vào tổng số đồng ý"
        basis = (
            f"tổng số {self.members}"
            if self._of_all
            else f"cơ sở tính gồm {self.results[0].whole} thành viên"
        )
        done = "bỏ phiếu" if self.is_secret else "trả lời"
        return (
            f"Thành viên không {done} trong thời hạn {counted} theo {self.rule_set}. Tỷ lệ tính trên {basis}."
        )

    def _silent(self) -> Iterator[Block]:
        for number, opinion in enumerate(self.silent, 1):
            end = "." if number == len(self.silent) else ";"
            yield Paragraph(text=f"{number}. {opinion.name}, {opinion.title}{end}")
        if not self.silent:
            yield Paragraph(text="Không có.")
        for opinion in self.left:
            yield Paragraph(
                text=f"{opinion.name}, {opinion.title}: thôi giữ chức vụ trước khi hết thời hạn mà chưa trả "
                "lời, không tính vào tổng số thành viên."
            )

    def _differing(self) -> Iterator[Block]:
        for number, opinion in enumerate(self.differing, 1):
            yield Heading(text=f"{number}. {opinion.name}, {opinion.title}", level=2)
            for answer in opinion.differing:
                yield Paragraph(text=self._numbered(answer.question, f"{answer.position}."), form="italic")
                if answer.reason:
                    yield Paragraph(text=answer.reason, form="quoted")
        if not self.differing:
            yield Paragraph(text="Không có.")

    def _dissenting(self) -> Iterator[Block]:
        for number, opinion in enumerate(self.dissenting, 1):
            yield Heading(text=f"{number}. {opinion.name}, {opinion.title}", level=2)
            yield Paragraph(text=opinion.dissent, form="quoted")

    def _settled(self) -> Iterator[Block]:
        if self.report:
            yield Paragraph(lead=f"Báo cáo của {self.lead_agency}:", text="")
            yield Paragraph(text=self.report, form="quoted")
        if self.remarks:
            verdicts = [remark.verdict for remark in self.remarks]
            counts = "; ".join(f"{name.lower()}: {verdicts.count(name)}" for name in dict.fromkeys(verdicts))
            yield Paragraph(
                text=f"Tổng số {len(self.remarks)} ý kiến, điều kiện cần tiếp thu, giải trình ({counts}), "
                f"nêu tại Phụ lục {self.annexes[1].number} kèm theo Báo cáo này."
            )

    def _conclusion(self) -> Iterator[Block]:
        found = [f"Kết quả thuộc trường hợp {self.outcome.finding}.", self.outcome.follows]
        if self.outcome.due:
            step = f"{self.outcome.next_step}: " if self.outcome.next_step else ""
            found.append(f"{step}chậm nhất {self.outcome.due}.")
        if self.office_opinion:
            found.append(f"Ý kiến độc lập của {self.sender}: {ended(self.office_opinion, '.')}")
        for number, text in enumerate(found, 1):
            yield Paragraph(lead=f"{number}.", text=text)
        yield Paragraph(text=self.proposal)

    # The annexes

    def _members(self, number: str) -> Annex:
        if self.is_secret:
            return Annex(
                number=number,
                title=f"Danh sách {self.members} tham gia bỏ phiếu kín".upper(),
                table=Table(
                    header=("STT", "Họ và tên", "Chức vụ", "Bỏ phiếu", "Thời điểm bỏ phiếu"),
                    rows=tuple(
                        (str(n), o.name, o.title, self._word_part(o), o.answered)
                        for n, o in enumerate(self.opinions, 1)
                    ),
                    widths=(6, 24, 34, 18, 18),
                    centred=(0, 3, 4),
                ),
            )
        return Annex(
            number=number,
            title=f"Ý kiến của từng {self.members}".upper(),
            table=Table(
                header=(
                    "STT",
                    "Họ và tên",
                    "Chức vụ",
                    "Ý kiến",
                    "Thời điểm trả lời",
                    "Lý do, nội dung ý kiến",
                ),
                rows=tuple(self._member(n, opinion) for n, opinion in enumerate(self.opinions, 1)),
                widths=(5, 16, 18, 14, 12, 35),
                centred=(0, 4),
            ),
        )

    def _member(self, number: int, opinion: MemberOpinion) -> tuple[str, ...]:
        said = [self._numbered(answer.question, answer.position) for answer in opinion.answers]
        why = [
            self._numbered(answer.question, answer.reason.strip())
            for answer in opinion.answers
            if answer.reason.strip()
        ]
        if opinion.dissent:
            why.append(f"Bảo lưu ý kiến: {opinion.dissent}")
        why += [f"({note})" for note in opinion.notes]
        return (
            str(number),
            opinion.name,
            opinion.title,
            "\n".join(said) or (LEFT if opinion.has_left else NO_ANSWER),
            opinion.answered,
            "\n".join(why),
        )

    def _word_part(self, opinion: MemberOpinion) -> str:
        if opinion.has_left:
            return LEFT
        return NO_BALLOT if opinion.is_silent else "Đã bỏ phiếu"

    def _matrix(self, number: str) -> Annex:
        return Annex(
            number=number,
            title="BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN",
            table=Table(
                header=("STT", "Thành viên", "Nội dung ý kiến", "Giải trình", "Kết quả"),
                rows=tuple(
                    (
                        str(n),
                        remark.who,
                        self._numbered(remark.question, "\n".join(filter(None, (remark.kind, remark.text)))),
                        remark.explanation,
                        "\n".join(filter(None, (remark.verdict, remark.settled))),
                    )
                    for n, remark in enumerate(self.remarks, 1)
                ),
                widths=(5, 18, 32, 29, 16),
                centred=(0,),
            ),
        )

    def _numbered(self, question: int, text: str) -> str:
        return f"Câu {question}: {text}" if self.several_questions and text else text
