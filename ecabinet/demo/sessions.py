"""The next session of the Government, and the matter that a minister wants discussed there."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core import clock
from ecabinet.demo.rounds import COMMITMENTS
from meetings import actions as meetings
from meetings.models import Meeting
from meetings.rules import MeetingKind
from opinions import actions as opinions
from opinions.models import OpinionRequest
from people.models import Body, User

REASON = "Một thành viên đề nghị thảo luận; nội dung tác động đến cảng biển nội địa, cần ý kiến tập thể."


def plan_sessions(
    body: Body, *, starts_at: Iterable[datetime], by: User, refers: User, referred_at: datetime
) -> None:
    """The regular session of the month and one on laws; then the matter goes to the first of them."""
    kinds = (MeetingKind.REGULAR, MeetingKind.THEMATIC)
    with clock.at(referred_at - timedelta(days=1)):
        for kind, moment in zip(kinds, starts_at, strict=True):
            meeting = Meeting(body=body, kind=kind, starts_at=moment, place="Trụ sở Chính phủ, Hà Nội")
            meetings.plan_meeting(meeting, by=by)
    subject = COMMITMENTS.subject[0].upper() + COMMITMENTS.subject[1:]
    with clock.at(referred_at):
        for opinion_request in OpinionRequest.objects.filter(body=body, subject=subject):
            opinions.refer_to_session(opinion_request, by=refers, reason=REASON)
