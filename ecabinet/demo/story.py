"""The demonstration's weeks, lived by calling the same actions as everyone else."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core import clock
from core.actors import CLOCK
from decisions import actions as decisions
from decisions.calendar import add_working_days, go_back_working_days
from decisions.models import DayOff, Resolution, RuleSet
from documents import actions as documents
from ecabinet.demo.corrections import correct, read_papers
from ecabinet.demo.government import (
    AGENCIES,
    DAYS_OFF,
    GOVERNMENT_SINCE,
    OFFICE,
    PEOPLE,
    PROVINCE,
    PROVINCE_PEOPLE,
    RULES_SINCE,
    Agency,
    Person,
)
from ecabinet.demo.kinds import enter_request_kinds
from ecabinet.demo.matters import Matter, Stage
from ecabinet.demo.papers import MadePaper, find_papers, make_papers
from ecabinet.demo.rounds import COMMITMENTS, MATTERS
from ecabinet.demo.sessions import plan_sessions
from ecabinet.demo.signing import DemoSigner
from ecabinet.demo.submissions import SUBMISSIONS, Moments, Sent, enter_kinds, send
from opinions import actions as opinions
from opinions.models import OpinionRequest, Question
from opinions.rules import QuestionForm
from opinions.wording import word_decision
from people.models import Appointment, Body, Organisation, User
from people.rules import PRESIDING, VOTING, Role
from signatures.actions import confirm_certificate

PASSWORD = "Hop-Khong-Giay-2026"
MINUTES_TO_CLOSING = 10
PICTURED = (*PRESIDING, Role.SECRETARY)
SIGNING = (*PICTURED, Role.MEMBER, Role.SUBMITTER)
_protocol = count(1)


class Story:
    """One telling: the people by user name, the body, and where the papers come from."""

    def __init__(self, *, signer: DemoSigner, corpus: Path | None) -> None:
        self.signer = signer
        self.corpus = corpus
        self.now = clock.now()
        self.password = make_password(PASSWORD)  # a slow hash by design: one for all of them
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, User] = {}

    def tell(self) -> None:
        with self.signer.at_work():
            self.tell_all()

    def tell_all(self) -> None:
        with clock.at(Times.hour(RULES_SINCE, 8)):
            self.appoint_government()
            self.bring_seal()
        self.appoint_province()
        for sent in SUBMISSIONS:
            self.send(sent)
        for matter in MATTERS:
            self.handle_matter(matter)
        self.plan_sessions()

    # The cast

    @transaction.atomic
    def appoint_government(self) -> None:
        self.body = self.found_body(
            AGENCIES, name="Chính phủ", kind=Body.Kind.GOVERNMENT, notation="CP", place="Hà Nội"
        )
        self.appoint(PEOPLE, self.body)
        administrator = self.people["quantri"]
        for day, name in DAYS_OFF:
            decisions.add_day_off(DayOff(body=self.body, day=day, name=name), by=administrator)
        rules = RuleSet(
            body=self.body,
            name="Quy chế làm việc của Chính phủ",
            source="Nghị định 191/2026/NĐ-CP ngày 29/5/2026",
            valid_from=RULES_SINCE,
            seats=sum(person.role in VOTING for person in PEOPLE),
            resolutions_signed=True,
        )
        decisions.confirm_rule_set(rules, by=administrator)
        enter_kinds(self.body, by=administrator)
        self.kinds = enter_request_kinds(
            self.body, ["government", "write_round", "european"], by=administrator
        )
        self.signer.be_trusted(by=administrator, confirmed_by=self.people["quantri2"])
        self.hand_out_keys(by=administrator)

    def hand_out_keys(self, *, by: User) -> None:
        """Whoever decides or words a text signs; pictures of hands are shown for those who sign papers."""
        for person in PEOPLE:
            if person.role in SIGNING:
                user = self.people[person.username]
                self.signer.hand_out_key(user, self.organisations[person.agency], by=by)
                if person.role in PICTURED:
                    self.signer.register_hand(user, by=by)
        self.signer.clear_notices()

    def bring_seal(self) -> None:
        """The worker asks its key; then the administrator confirms the certificate."""
        certificate = self.signer.bring_seal(self.organisations[OFFICE], by=self.people["quantri"])
        certificate.refresh_from_db()
        confirm_certificate(certificate, by=self.people["quantri"])

    @transaction.atomic
    def appoint_province(self) -> None:
        province = self.found_body(
            [PROVINCE],
            name="Ủy ban nhân dân tỉnh Lâm Đồng",
            kind=Body.Kind.PROVINCE,
            notation="UBND",
            place="Lâm Đồng",
        )
        self.appoint(PROVINCE_PEOPLE, province)
        administrator = self.people["qt.lamdong"]
        rules = RuleSet(
            body=province,
            name="Quy chế làm việc của Ủy ban nhân dân tỉnh Lâm Đồng",
            source="Quyết định số 28/2025/QĐ-UBND",
            valid_from=RULES_SINCE,
        )
        decisions.confirm_rule_set(rules, by=administrator)
        enter_request_kinds(province, ["province"], by=administrator)

    def found_body(self, agencies: list[Agency], **fields: str) -> Body:
        for agency in agencies:
            self.organisations[agency.code] = Organisation.objects.create(
                code=agency.code,
                name=agency.name,
                short_name=agency.short_name,
                protocol_order=next(_protocol),
            )
        office = self.organisations[agencies[0].code]
        return Body.objects.create(office=office, office_phone="080 40000", **fields)

    def appoint(self, people: list[Person], body: Body) -> None:
        for order, person in enumerate(people, 1):
            user = User.objects.create_user(
                person.username,
                f"{person.username}@example.gov.vn",
                full_name=person.full_name,
            )
            user.password = self.password
            user.save(update_fields=["password"])
            self.people[person.username] = user
            Appointment.objects.create(
                user=user,
                role=person.role,
                body=body,
                organisation=self.organisations[person.agency],
                title=person.title,
                protocol_order=order,
                valid_from=GOVERNMENT_SINCE,
                assists=self.people[person.assists].appointments.get() if person.assists else None,
            )

    # The dossiers of the lead agencies

    def send(self, sent: Sent) -> None:
        today, days_off = timezone.localdate(self.now), {day for day, _ in DAYS_OFF}
        begun, yesterday = (go_back_working_days(today, days, days_off) for days in (6, 1))
        moments = Moments(
            begun=Times.hour(begun, 9),
            handed_in=Times.hour(yesterday, 10),
            answered=Times.hour(yesterday, 15),
            wanted_on=add_working_days(today, sent.days_ahead, days_off),
        )
        send(
            sent,
            body=self.body,
            people=self.people,
            agencies=self.organisations,
            moments=moments,
            write=lambda matter, at: make_papers(matter, at, self.signer),
        )

    # The matters

    def handle_matter(self, matter: Matter) -> None:
        """From the draft to the stage at which the demonstration begins."""
        times = Times(matter, self.now, {day for day, _ in DAYS_OFF})
        with clock.at(times.drafted):
            opinion_request = self.draft(matter, times)
        if matter.stage is Stage.DRAFT:
            return
        with clock.at(times.submitted):
            opinions.submit_request(fresh(opinion_request), by=self.people["cv.tonghop"])
        if matter.stage is Stage.SUBMITTED:
            return
        with clock.at(times.opened):
            opinions.approve_request(fresh(opinion_request), by=self.people[matter.approver])
        if matter.correction:
            read_papers(fresh(opinion_request), matter.correction, self.people, times.opened)
        self.answer(matter, opinion_request, times)
        if matter.correction:
            with clock.at(times.last_answer + timedelta(minutes=2)):
                correct(
                    fresh(opinion_request),
                    matter,
                    people=self.people,
                    write=lambda it, at: make_papers(it, at, self.signer),
                )
        if matter.stage in (Stage.OPEN, Stage.CLOSING):
            return
        with clock.at(times.closed):
            opinions.close_request(fresh(opinion_request), by=CLOCK)
        if matter.stage is Stage.ISSUED:
            self.decide(matter, opinion_request, times)

    def plan_sessions(self) -> None:
        """In a week and in two, in the morning; the decision to discuss a matter there is of today."""
        days_off = {day for day, _ in DAYS_OFF}
        days = [add_working_days(timezone.localdate(self.now), number, days_off) for number in (5, 10)]
        plan_sessions(
            self.body,
            starts_at=[Times.hour(day, 8) for day in days],
            by=self.people["cv.tonghop"],
            refers=self.people[COMMITMENTS.approver],
            referred_at=self.now - timedelta(minutes=30),
        )

    def draft(self, matter: Matter, times: "Times") -> OpinionRequest:
        secretary = self.people["cv.tonghop"]
        opinion_request = opinions.draft_request(
            OpinionRequest(
                body=self.body,
                kind=self.kinds[matter.kind],
                follower=secretary,
                subject=matter.subject[0].upper() + matter.subject[1:],
                proposal=matter.summary,
                lead_agency=self.organisations[matter.agency],
                deadline=times.deadline,
            ),
            by=secretary,
            questions=matter.questions,
        )
        for paper in self.list_papers(matter, times.drafted):
            documents.add_paper(
                opinion_request.dossier, by=secretary, upload=paper.file, kind=paper.kind, title=paper.title
            )
        return opinion_request

    def list_papers(self, matter: Matter, at: datetime) -> Iterator[MadePaper]:
        real = list(find_papers(matter, self.corpus)) if self.corpus else []
        yield from real
        if not real or matter.correction:
            yield from make_papers(matter, at, self.signer)

    def answer(self, matter: Matter, opinion_request: OpinionRequest, times: "Times") -> None:
        """Those who object or choose otherwise first, then as many of the others as have answered by now."""
        slips = {slip.member.username: slip for slip in opinion_request.slips.select_related("member")}
        first = [*matter.objections, *matter.choices]
        order = [*first, *(name for name in slips if name not in first)]
        voices = [name for name in order if name not in matter.silent][: matter.answered]
        questions = list(opinion_request.questions.prefetch_related("options"))
        for moment, name in zip(times.answers(len(voices)), voices, strict=True):
            answers = {question.pk: say(matter, question, name) for question in questions}
            with clock.at(moment):
                opinions.answer_slip(slips[name], by=self.people[name], answers=answers)

    def decide(self, matter: Matter, opinion_request: OpinionRequest, times: "Times") -> None:
        secretary, approver = self.people["cv.tonghop"], self.people[matter.approver]
        with clock.at(times.closed + timedelta(hours=20)):
            opinion_request = fresh(opinion_request)
            wording = word_decision(opinion_request)
            opinions.draft_decision(
                opinion_request,
                by=secretary,
                subject=wording.subject,
                bases=wording.bases,
                articles=list(matter.articles),
                recipients=wording.recipients,
                signer=approver.appointments.get(),
                initials_by=secretary.appointments.get(),
            )
        resolution = Resolution.objects.get(opinion_request=opinion_request)
        with clock.at(times.closed + timedelta(hours=22)):
            resolution = decisions.approve_for_signing(resolution, by=approver)
            assert resolution.signing is not None
            self.signer.sign_paper(resolution.signing)
        with clock.at(times.closed + timedelta(hours=23)):
            self.signer.stamp_now()
            resolution.refresh_from_db()
            decisions.issue_resolution(resolution, by=secretary)


class Times:
    """When each step of a matter was taken: in office hours, within the bounds of the working rule."""

    def __init__(self, matter: Matter, now: datetime, days_off: set[date]) -> None:
        if matter.stage is Stage.CLOSING:
            self.deadline = now + timedelta(minutes=MINUTES_TO_CLOSING)
            self.opened = self.hour(go_back_working_days(timezone.localdate(now), 3, days_off), 9)
        elif matter.stage in (Stage.ISSUED, Stage.CLOSED):
            then = timezone.localdate(now) - timedelta(weeks=matter.weeks_ago)
            start = go_back_working_days(then, 4, days_off)
            self.opened = self.hour(start, 9)
            self.deadline = self.hour(add_working_days(start, 3, days_off), 17)
        else:
            start = go_back_working_days(timezone.localdate(now), 1, days_off)
            self.opened = self.hour(start, 9)
            self.deadline = self.hour(add_working_days(timezone.localdate(now), 3, days_off), 17)
        self.submitted = self.opened - timedelta(hours=1)
        self.drafted = self.opened - timedelta(hours=2)
        self.closed = self.deadline + timedelta(seconds=2)
        self.last_answer = min(self.deadline, now) - timedelta(minutes=5)

    def answers(self, number: int) -> Iterator[datetime]:
        """Spread evenly between the opening and the last answer."""
        step = (self.last_answer - self.opened) / (number + 1)
        return (self.opened + step * n for n in range(1, number + 1))

    @staticmethod
    def hour(day: date, hour: int) -> datetime:
        return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def say(matter: Matter, question: Question, name: str) -> dict[str, Any]:
    """What this person answers: a position, or the options proposed unless she wants others."""
    if question.form == QuestionForm.OPTIONS:
        wanted = matter.choices.get(name, ())
        chosen = [one.pk for one in question.offered if (one.text in wanted if wanted else one.is_proposed)]
        return {"options": chosen, "reason": ""}
    position, reason = matter.objections.get(name, (matter.agree, ""))
    return {"position": position, "reason": reason}


def fresh(opinion_request: OpinionRequest) -> OpinionRequest:
    """As it stands now, with nothing remembered from before."""
    return OpinionRequest.objects.get(pk=opinion_request.pk)
