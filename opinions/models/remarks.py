"""The table of what the members remarked, and how each remark was settled (bảng tiếp thu, giải trình)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import VisibleQuerySet
from opinions import rules
from opinions.models.kinds import AnswerClass
from opinions.models.requests import OpinionRequest, Question
from opinions.models.slips import Answer, OpinionSlip
from opinions.rules import MemberStance, RemarkStatus, RemarkVerdict


class RemarkQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_remark)

    def in_words(self) -> "RemarkQuerySet":
        """With all that a row of the table shows."""
        return self.select_related(
            "request__kind", "slip__member", "slip__request__kind", "answer__question", "answer__taken"
        )


class Remark(models.Model):
    """One condition or remark: whose, in which answer, and what became of it.

    What was said is the answer itself, which never changes; here stands what was done with it.
    """

    request = models.ForeignKey(OpinionRequest, models.PROTECT, related_name="remarks")
    number = models.PositiveSmallIntegerField()
    issue = models.PositiveSmallIntegerField()  # of the request that the answer was given to
    slip = models.ForeignKey(OpinionSlip, models.PROTECT, related_name="remarks")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="remark")
    status = models.CharField(_("status"), max_length=10, choices=RemarkStatus, default=RemarkStatus.RAISED)
    verdict = models.CharField(
        _("what becomes of the remark"),
        max_length=10,
        choices=RemarkVerdict,
        default=RemarkVerdict.OPEN,
        blank=True,
    )
    explanation = models.TextField(_("explanation"), blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by_name = models.CharField(max_length=200, blank=True)
    settlement = models.TextField(_("note of the office"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_name = models.CharField(max_length=200, blank=True)
    stance = models.CharField(
        _("what the member says"), max_length=10, choices=MemberStance, default=MemberStance.OPEN, blank=True
    )
    stance_words = models.TextField(_("in her own words"), blank=True)
    stance_at = models.DateTimeField(null=True, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(name="one_remark_a_number", fields=["request", "number"]),
            models.CheckConstraint(
                name="explained_means_verdict_words_and_time",
                condition=Q(status=RemarkStatus.RAISED, verdict="", explained_at__isnull=True)
                | ~Q(status=RemarkStatus.RAISED)
                & ~Q(verdict="")
                & ~Q(explanation="")
                & Q(explained_at__isnull=False),
            ),
            models.CheckConstraint(
                name="settled_means_time",
                condition=Q(status=RemarkStatus.SETTLED, settled_at__isnull=False)
                | ~Q(status=RemarkStatus.SETTLED) & Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.slip}"

    def get_absolute_url(self) -> str:
        return f"{reverse('opinions:read_request', args=[self.request_id])}#remark-{self.pk}"

    @property
    def question(self) -> Question:
        return self.answer.question

    @property
    def taken(self) -> AnswerClass:
        """The class of answer that raised it."""
        assert self.answer.taken is not None  # a choice among options raises none
        return self.answer.taken

    @property
    def words(self) -> str:
        return self.answer.reason

    @property
    def tone(self) -> str:
        """The colour of the tag of its verdict."""
        return {
            RemarkVerdict.ACCEPTED: "green",
            RemarkVerdict.PARTLY: "green",
            RemarkVerdict.EXPLAINED: "navy",
            RemarkVerdict.REJECTED: "amber",
        }.get(RemarkVerdict(self.verdict), "grey")

    @property
    def is_maintained(self) -> bool:
        return self.stance == MemberStance.MAINTAINED

    @property
    def body_id(self) -> int:
        return self.request.body_id

    @property
    def trail_case(self) -> Any:
        return self.request
