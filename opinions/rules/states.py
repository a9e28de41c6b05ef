"""The states and choices of the written procedure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.tally import Branch, Position, Silence


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval to send")
    OPEN = "open", _("collecting opinions")
    COUNTING = "counting", _("ballot box closed, to be counted")
    CLOSED = "closed", _("opinions collected")
    DECIDED = "decided", _("decided")
    REFERRED = "referred", _("passed to the lead agency")
    REPEATED = "repeated", _("opinions are collected again")
    SESSION = "session", _("put on the agenda of a session")
    WITHDRAWN = "withdrawn", _("withdrawn")


class SlipStatus(models.TextChoices):
    PENDING = "pending", _("not answered")
    DRAFTED = "drafted", _("answer drafted")
    SUBMITTED = "submitted", _("draft before the member")
    RETURNED = "returned", _("draft returned")
    ANSWERED = "answered", _("answered")
    SILENT = "silent", _("no answer by the deadline")
    RELEASED = "released", _("left office without an answer")


class SheetStanding(models.TextChoices):
    """What has become of one answer that a member gave, or is about to sign."""

    TO_SIGN = "to_sign", _("to be signed")
    COUNTS = "counts", _("counts")
    REPLACED = "replaced", _("replaced by a later answer")
    WITHDRAWN = "withdrawn", _("withdrawn by the member")
    VOIDED = "voided", _("voided")
    DROPPED = "dropped", _("never sent")


class SheetWay(models.TextChoices):
    """How an answer came."""

    ONLINE = "online", _("in the system")
    PAPER = "paper", _("on paper")
    TELEPHONE = "telephone", _("by telephone")


class SignatureState(models.TextChoices):
    """What is known of the signature over an answer."""

    NONE = "", _("not signed")
    CHECKING = "checking", _("signed, being verified")
    HOLDS = "holds", _("signed")
    BROKEN = "broken", _("the signature does not hold")


class Secrecy(models.TextChoices):
    OPEN = "open", _("open")
    SECRET = "secret", _("secret")
    EITHER = "either", _("as each request says")


class SigningRule(models.TextChoices):
    NONE = "none", _("not signed")
    ALLOWED = "allowed", _("signed if the member wishes")
    REQUIRED = "required", _("signed always")


class DecidedBy(models.TextChoices):
    MAJORITY = "majority", _("the majority of the rule set")
    NO_OBJECTION = "no_objection", _("nobody objects")


class SilenceHere(models.TextChoices):
    AS_RULED = "", _("as the rule set says")
    AGREES = Silence.AGREES.value, _("counts as agreement with the lead agency's proposal")
    NOTHING = Silence.NOTHING.value, _("is counted for no side")


class CountsAs(models.TextChoices):
    AGREE = Position.AGREE.value, _("agreement")
    DISAGREE = Position.DISAGREE.value, _("disagreement")
    OTHER = Position.OTHER.value, _("another opinion")
    ABSTAIN = Position.ABSTAIN.value, _("no position")


class ReasonRule(models.TextChoices):
    NONE = "none", _("no reason asked")
    OPTIONAL = "optional", _("a reason may be given")
    REQUIRED = "required", _("a reason is required")


class QuestionForm(models.TextChoices):
    POSITIONS = "positions", _("positions")
    OPTIONS = "options", _("a choice among options")


class RemarkVerdict(models.TextChoices):
    """What the lead agency makes of a remark (bảng tiếp thu, giải trình)."""

    OPEN = "", _("not settled")
    ACCEPTED = "accepted", _("accepted")
    PARTLY = "partly", _("accepted in part")
    EXPLAINED = "explained", _("explained")
    REJECTED = "rejected", _("not accepted")


class RemarkStatus(models.TextChoices):
    RAISED = "raised", _("to be explained")
    EXPLAINED = "explained", _("explained by the lead agency")
    SETTLED = "settled", _("settled")


class MemberStance(models.TextChoices):
    """What the member says to the settlement of her own remark."""

    OPEN = "", _("the member has not said")
    SATISFIED = "satisfied", _("the member is satisfied")
    MAINTAINED = "maintained", _("the member maintains the remark")


class BranchChoice(models.TextChoices):
    NO_MAJORITY = Branch.NO_MAJORITY.value, _("no majority")
    AGREED = Branch.AGREED.value, _("majority, no other opinion")
    AGREED_WITH_OPINIONS = Branch.AGREED_WITH_OPINIONS.value, _("majority, with other opinions")


BEFORE_SENDING = (RequestStatus.DRAFT, RequestStatus.SUBMITTED)
AFTER_CLOSING = (
    RequestStatus.CLOSED,
    RequestStatus.DECIDED,
    RequestStatus.REFERRED,
    RequestStatus.REPEATED,
    RequestStatus.SESSION,
)
UNANSWERED = (SlipStatus.PENDING, SlipStatus.DRAFTED, SlipStatus.SUBMITTED, SlipStatus.RETURNED)
READ_BY_ALL = (SheetStanding.COUNTS, SheetStanding.VOIDED)  # once counted; what was taken back is hers alone
REASON_LIMIT = 5000
QUESTIONS_LIMIT = 20
OPTIONS_LIMIT = 50
