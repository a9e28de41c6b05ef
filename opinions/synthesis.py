"""The synthesis of opinions as plain values, read from what is stored: by question, by member, by class.

Every paper, table and file of it is made from these values, so that all say the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from opinions import rules
from opinions.models import (
    AnswerClass,
    AnswerSheet,
    OpinionRequest,
    OpinionSlip,
    Option,
    Question,
    Remark,
)
from opinions.rules import (
    DecidedBy,
    MemberStance,
    QuestionForm,
    RemarkVerdict,
    SheetWay,
    SignatureState,
    SlipStatus,
)

RESTRICTED = "Tài liệu gửi riêng thành viên được chỉ định"
WAYS = {SheetWay.PAPER: "bằng văn bản giấy", SheetWay.TELEPHONE: "qua điện thoại"}

VERDICTS = {
    RemarkVerdict.OPEN: "Chưa giải trình",
    RemarkVerdict.ACCEPTED: "Tiếp thu",
    RemarkVerdict.PARTLY: "Tiếp thu một phần",
    RemarkVerdict.EXPLAINED: "Giải trình",
    RemarkVerdict.REJECTED: "Không tiếp thu",
}
STANCES = {
    MemberStance.SATISFIED: "Thành viên nhất trí",
    MemberStance.MAINTAINED: "Thành viên giữ nguyên ý kiến",
}


@dataclass(frozen=True, kw_only=True)
class ClassFact:
    """An answer that the form offers."""

    code: str
    label: str
    label_en: str
    counts_as: str
    raises_remark: bool


@dataclass(frozen=True, kw_only=True)
class OptionFact:
    id: int
    text: str
    is_proposed: bool
    count: int
    in_favour: int  # with the silent, where silence agrees and the lead agency proposes it
    is_adopted: bool


@dataclass(frozen=True, kw_only=True)
class QuestionFact:
    number: int
    text: str
    form: str
    max_choices: int
    members: int
    basis: int
    needed: int
    silent: int
    silence_agrees: bool
    in_favour: int | None  # of a question with options each option has its own
    is_adopted: bool
    chair_decided: bool
    branch: str
    classes: dict[str, int]  # how many gave the answer of this code
    options: tuple[OptionFact, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerFact:
    question: int
    position: str  # the code of the class; empty where options were chosen
    options: tuple[int, ...]
    words: str  # as the form words it
    reason: str
    differs: bool


@dataclass(frozen=True, kw_only=True)
class MemberFact:
    name: str
    title: str
    is_chair: bool
    status: str
    answered_at: datetime | None = None
    receipt: str = ""
    way: str = ""
    given_by: str = ""  # where a stand-in answered
    entered_by: str = ""
    entry_reason: str = ""
    signature: str = ""
    attachment: str = ""
    answers: tuple[AnswerFact, ...] = ()
    dissent: str = ""
    dissent_at: datetime | None = None

    @property
    def has_left(self) -> bool:
        return self.status == SlipStatus.RELEASED

    @property
    def is_silent(self) -> bool:
        return self.status == SlipStatus.SILENT

    @property
    def notes(self) -> tuple[str, ...]:
        """How the answer came, where it was not by the member's own hand in the system."""
        notes = []
        if self.entered_by:
            way = WAYS.get(SheetWay(self.way), "")
            notes.append(f"ý kiến {way}; {self.entered_by} nhập thay, lý do: {self.entry_reason}")
        if self.given_by:
            notes.append(f"{self.given_by} trả lời thay")
        if self.signature == SignatureState.HOLDS:
            notes.append("đã ký số")
        elif self.signature == SignatureState.BROKEN:
            notes.append("chữ ký số không còn giá trị xác thực")
        if self.attachment:
            notes.append(f"kèm theo: {self.attachment}")
        return tuple(notes)


@dataclass(frozen=True, kw_only=True)
class PaperFact:
    title: str
    number: str
    pages: int | None
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ChangeFact:
    """The deadline was moved, or something else was put before the members."""

    kind: str  # "deadline" or "issue"
    at: datetime
    by: str
    reason: str
    before: datetime | None = None
    after: datetime | None = None
    order: str = ""
    issue: int | None = None


@dataclass(frozen=True, kw_only=True)
class RemarkFact:
    number: int
    question: int
    member: str
    position: str
    text: str
    status: str
    verdict: str
    explanation: str
    explained_by: str
    explained_at: datetime | None
    settlement: str
    settled_by: str
    settled_at: datetime | None
    stance: str

    @property
    def verdict_words(self) -> str:
        return VERDICTS[RemarkVerdict(self.verdict)]

    @property
    def stance_words(self) -> str:
        return STANCES.get(MemberStance(self.stance), "")


@dataclass(frozen=True, kw_only=True)
class Synthesis:
    request: int
    body: str
    subject: str
    proposal: str
    form: str  # the words printed on the form
    kind: str
    decided_by: str
    is_secret: bool
    issue: int
    lead_agency: str
    adviser: str
    adviser_opinion: str
    approved_by: str
    opened_at: datetime
    deadline: datetime
    closed_at: datetime
    rule_set: str
    rule_source: str
    rule_valid_from: date
    silence: str
    branch: str
    process_by: date
    report_by: date | None
    report: str
    report_repeats: bool | None
    office_opinion: str
    classes: tuple[ClassFact, ...]
    questions: tuple[QuestionFact, ...]
    members: tuple[MemberFact, ...]
    changes: tuple[ChangeFact, ...]
    papers: tuple[PaperFact, ...]
    remarks: tuple[RemarkFact, ...]

    @property
    def is_unopposed(self) -> bool:
        return self.decided_by == DecidedBy.NO_OBJECTION

    def find_class(self, code: str) -> ClassFact:
        return next(one for one in self.classes if one.code == code)


def gather_synthesis(opinion_request: OpinionRequest) -> Synthesis:
    """Of a request that was counted; as many queries for 500 members as for five."""
    kind, rule_set = opinion_request.kind, opinion_request.rule_set
    assert opinion_request.opened_at and opinion_request.closed_at and opinion_request.process_by
    questions = list(opinion_request.questions.prefetch_related("options__parent"))
    numbers = {question.pk: number for number, question in enumerate(questions, 1)}
    sheets = AnswerSheet.objects.counting().select_related("given_by", "entered_by", "attachment__document")
    slips = opinion_request.slips.select_related("member").prefetch_related(
        Prefetch("sheets", sheets, to_attr="counting")
    )
    return Synthesis(
        request=opinion_request.pk,
        body=opinion_request.body.name,
        subject=opinion_request.subject,
        proposal=opinion_request.proposal,
        form=kind.title,
        kind=kind.name,
        decided_by=kind.decided_by,
        is_secret=opinion_request.is_secret,
        issue=opinion_request.issue,
        lead_agency=opinion_request.lead_agency.name,
        adviser=opinion_request.adviser.name if opinion_request.adviser else "",
        adviser_opinion=opinion_request.adviser_opinion,
        approved_by=str(opinion_request.approved_by),
        opened_at=opinion_request.opened_at,
        deadline=opinion_request.deadline,
        closed_at=opinion_request.closed_at,
        rule_set=rule_set.name,
        rule_source=rule_set.source,
        rule_valid_from=rule_set.valid_from,
        silence=opinion_request.silence.value,
        branch=opinion_request.branch,
        process_by=opinion_request.process_by,
        report_by=opinion_request.report_by,
        report=opinion_request.report,
        report_repeats=opinion_request.report_repeats,
        office_opinion=opinion_request.office_opinion,
        classes=tuple(_class(offered) for offered in opinion_request.classes.values()),
        questions=tuple(_question(numbers[q.pk], q, opinion_request.classes) for q in questions),
        members=tuple(_member(slip, numbers, is_secret=opinion_request.is_secret) for slip in slips),
        changes=tuple(_changes(opinion_request)),
        papers=tuple(_papers(opinion_request)),
        remarks=tuple(_remark(remark, numbers) for remark in _remarks(opinion_request)),
    )


def _class(offered: AnswerClass) -> ClassFact:
    return ClassFact(
        code=offered.code,
        label=offered.label,
        label_en=offered.label_en,
        counts_as=offered.counts_as,
        raises_remark=offered.raises_remark,
    )


def _question(number: int, question: Question, classes: Mapping[str, AnswerClass]) -> QuestionFact:
    result: Mapping[str, Any] = question.result or {}
    is_choice = question.form == QuestionForm.OPTIONS
    return QuestionFact(
        number=number,
        text=question.text,
        form=question.form,
        max_choices=question.max_choices,
        members=result["members"],
        basis=result["basis"],
        needed=result["needed"],
        silent=result["silent"],
        silence_agrees=result["silent_agree"],
        in_favour=None if is_choice else result["in_favour"],
        is_adopted=bool(result["adopted"]) if is_choice else result["is_adopted"],
        chair_decided=result.get("chair_decided", False),
        branch=result["branch"],
        classes={} if is_choice else _count_classes(result, classes),
        options=tuple(_option(option, result) for option in question.offered) if is_choice else (),
    )


def _count_classes(result: Mapping[str, Any], classes: Mapping[str, AnswerClass]) -> dict[str, int]:
    """Results of earlier versions hold the figures of the sides alone, of forms with one class a side."""
    counted = result.get("classes")
    if counted is None:
        return {code: result[offered.counts_as] for code, offered in classes.items()}
    return {code: counted.get(code, 0) for code in classes}


def _option(option: Option, result: Mapping[str, Any]) -> OptionFact:
    count = result["chosen"].get(str(option.pk), 0)
    silent = result["silent"] if result["silent_agree"] and option.is_proposed else 0
    return OptionFact(
        id=option.pk,
        text=str(option),
        is_proposed=option.is_proposed,
        count=count,
        in_favour=count + silent,
        is_adopted=option.pk in result["adopted"],
    )


def _member(slip: OpinionSlip, numbers: Mapping[int, int], *, is_secret: bool) -> MemberFact:
    part = MemberFact(
        name=slip.member.full_name,
        title=slip.member_title,
        is_chair=slip.is_chair,
        status=slip.status,
        answered_at=slip.answered_at,
    )
    sheet = slip.current_sheet
    if is_secret:  # who took part is known, and nothing else
        return part
    part = replace(part, dissent=slip.dissent, dissent_at=slip.dissent_at)
    if sheet is None:  # silent, or gone
        return part
    return replace(
        part,
        receipt=slip.receipt,
        way=sheet.way,
        given_by=str(sheet.given_by) if sheet.given_by_id != slip.member_id else "",
        entered_by=str(sheet.entered_by) if sheet.entered_by else "",
        entry_reason=sheet.entry_reason,
        signature=sheet.signature_state,
        attachment=sheet.attachment.document.title if sheet.attachment else "",
        answers=tuple(_answers(sheet, numbers)),
    )


def _answers(sheet: AnswerSheet, numbers: Mapping[int, int]) -> Iterable[AnswerFact]:
    for answer in sheet.answers.all():
        if answer.question_id in numbers:
            taken, chosen = answer.taken, list(answer.options.all())
            yield AnswerFact(
                question=numbers[answer.question_id],
                position=answer.position,
                options=tuple(sorted(option.pk for option in chosen)),
                words=taken.label if taken else "; ".join(str(option) for option in chosen),
                reason=answer.reason,
                differs=_differs(taken, chosen),
            )


def _differs(taken: AnswerClass | None, chosen: list[Option]) -> bool:
    """Whether the lead agency has to take it in or explain."""
    if taken is not None:
        return taken.raises_remark or taken.counts_as in (rules.CountsAs.DISAGREE, rules.CountsAs.OTHER)
    return any(not option.is_proposed for option in chosen)


def _remarks(opinion_request: OpinionRequest) -> Iterable[Remark]:
    """A secret ballot raises none."""
    return () if opinion_request.is_secret else opinion_request.remarks.in_words()


def _remark(remark: Remark, numbers: Mapping[int, int]) -> RemarkFact:
    return RemarkFact(
        number=remark.number,
        question=numbers.get(remark.answer.question_id, remark.answer.question.place),
        member=f"{remark.slip.member.full_name}, {remark.slip.member_title}",
        position=remark.taken.label,
        text=remark.words,
        status=remark.status,
        verdict=remark.verdict,
        explanation=remark.explanation,
        explained_by=remark.explained_by_name,
        explained_at=remark.explained_at,
        settlement=remark.settlement,
        settled_by=remark.settled_by_name,
        settled_at=remark.settled_at,
        stance=remark.stance,
    )


def _changes(opinion_request: OpinionRequest) -> list[ChangeFact]:
    changes = [
        ChangeFact(
            kind="deadline",
            at=change.changed_at,
            by=change.changed_by_name,
            reason=change.reason,
            before=change.before,
            after=change.after,
            order=change.order,
        )
        for change in opinion_request.deadline_changes.all()
    ]
    changes += [
        ChangeFact(
            kind="issue", at=issue.issued_at, by=issue.issued_by_name, reason=issue.reason, issue=issue.number
        )
        for issue in opinion_request.issues.filter(number__gt=1)
    ]
    return sorted(changes, key=lambda change: change.at)


def _papers(opinion_request: OpinionRequest) -> Iterable[PaperFact]:
    """As they lay before the members at the end. Of a paper for named readers only its place is told here."""
    dossier = opinion_request.dossier
    papers = dossier.current_issue.papers if dossier.current_issue else dossier.papers
    for paper in papers.select_related("version__document").order_by("place", "pk"):
        is_restricted = getattr(paper, "is_restricted", False)
        document = paper.version.document
        yield PaperFact(
            title=RESTRICTED if is_restricted else document.title,
            number="" if is_restricted else document.number,
            pages=paper.version.pages,
            sha256=paper.version.sha256,
        )
