"""What stands on an official document, as plain values; templates/pdf lays them out after NĐ 30/2020/NĐ-CP.

Each class names its template; `documents.rendering.render_official` makes the PDF. The values are Vietnamese
text as it is to be printed (capitals written as capitals), dates and times are `date` and aware `datetime`.
"""

from documents.official.base import Letterhead, OfficialDocument, SignatureBlock, Urgency
from documents.official.blocks import Annex, Block, Heading, Paragraph, Table
from documents.official.opinions import (
    GOVERNMENT_MEMBERS,
    SILENCE_AGREES,
    WORKING_RULE,
    DossierItem,
    OpinionSlipDocument,
    Position,
    Receipt,
    SlipQuestion,
)
from documents.official.outcomes import DECIDERS, Branch, Outcome
from documents.official.papers import BY_VOTE_OF_MEMBERS, Article, Paper, ResolutionDocument
from documents.official.slips import AnsweredQuestion, AnswerSlipDocument, AttachedPaper
from documents.official.synthesis import (
    GivenAnswer,
    MemberOpinion,
    OptionResult,
    QuestionResult,
    Remark,
    SynthesisDocument,
)
from documents.official.wording import VIETNAM, balanced, in_figures, in_words

__all__ = [
    "BY_VOTE_OF_MEMBERS",
    "DECIDERS",
    "GOVERNMENT_MEMBERS",
    "SILENCE_AGREES",
    "VIETNAM",
    "WORKING_RULE",
    "Annex",
    "AnswerSlipDocument",
    "AnsweredQuestion",
    "Article",
    "AttachedPaper",
    "Block",
    "Branch",
    "DossierItem",
    "GivenAnswer",
    "Heading",
    "Letterhead",
    "MemberOpinion",
    "OfficialDocument",
    "OpinionSlipDocument",
    "OptionResult",
    "Outcome",
    "Paper",
    "Paragraph",
    "Position",
    "QuestionResult",
    "Receipt",
    "Remark",
    "ResolutionDocument",
    "SignatureBlock",
    "SlipQuestion",
    "SynthesisDocument",
    "Table",
    "Urgency",
    "balanced",
    "in_figures",
    "in_words",
]
