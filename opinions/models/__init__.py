"""Opinion requests, the members' slips, and what was answered."""

from opinions.models.ballots import BallotBox, BallotCounter, SealedBallot
from opinions.models.beginnings import RequestBeginning
from opinions.models.kinds import AnswerClass, RequestKind
from opinions.models.lists import SavedView
from opinions.models.people import find_assistants, find_stand_ins
from opinions.models.remarks import Remark
from opinions.models.reminders import Reminder, find_awaited, find_followed_up, find_missed
from opinions.models.requests import DeadlineChange, OpinionRequest, Option, Question, RequestIssue
from opinions.models.slips import Answer, AnswerSheet, OpinionSlip, UnsentAnswer

__all__ = [
    "Answer",
    "AnswerClass",
    "AnswerSheet",
    "BallotBox",
    "BallotCounter",
    "DeadlineChange",
    "OpinionRequest",
    "OpinionSlip",
    "Option",
    "Question",
    "Remark",
    "Reminder",
    "RequestBeginning",
    "RequestIssue",
    "RequestKind",
    "SavedView",
    "SealedBallot",
    "UnsentAnswer",
    "find_assistants",
    "find_awaited",
    "find_followed_up",
    "find_missed",
    "find_stand_ins",
]
