"""Opinion requests, the members' slips, and what was answered."""

from opinions.models.kinds import AnswerClass, RequestKind
from opinions.models.people import find_assistants
from opinions.models.requests import DeadlineChange, OpinionRequest, Option, Question, RequestIssue
from opinions.models.slips import Answer, AnswerSheet, OpinionSlip

__all__ = [
    "Answer",
    "AnswerClass",
    "AnswerSheet",
    "DeadlineChange",
    "OpinionRequest",
    "OpinionSlip",
    "Option",
    "Question",
    "RequestIssue",
    "RequestKind",
    "find_assistants",
]
