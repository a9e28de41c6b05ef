"""In which forms a body collects opinions in writing: its templates of requests."""

from datetime import time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import VisibleQuerySet
from decisions.tally import Position
from opinions import rules
from opinions.rules import CountsAs, DecidedBy, ReasonRule, Secrecy, SigningRule, SilenceHere


def remind_at_first() -> list[int]:
    return [48, 24, 4]


class KindQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_kind)

    def in_use(self, body: Any) -> "KindQuerySet":
        """Those in which the body collects opinions now, the usual one first."""
        found = self.filter(body=body, confirmed_at__isnull=False, retired_at__isnull=True)
        return found.order_by("place", "pk")


class RequestKind(models.Model):
    """A form of request: the answers it offers, what silence means, how it is signed and decided, when who is
    reminded. Never changed once confirmed: a request is judged for ever by the form it was sent in."""

    body = models.ForeignKey("people.Body", models.PROTECT, related_name="request_kinds")
    name = models.CharField(_("name"), max_length=200)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    title = models.CharField(_("title printed on the form"), max_length=200)  # PHIẾU LẤY Ý KIẾN …
    first_question = models.TextField(_("first wording of the question"), blank=True)
    secrecy = models.CharField(_("ballot"), max_length=8, choices=Secrecy, default=Secrecy.OPEN)
    signing = models.CharField(_("signature"), max_length=8, choices=SigningRule, default=SigningRule.NONE)
    decided_by = models.CharField(
        _("decided by"), max_length=12, choices=DecidedBy, default=DecidedBy.MAJORITY
    )
    silence = models.CharField(
        _("silence"), max_length=8, choices=SilenceHere, default=SilenceHere.AS_RULED, blank=True
    )
    stand_ins_answer = models.BooleanField(
        _("stand-ins answer"),
        default=False,
        help_text=_("The stand-in whom the register names on the day of sending may answer for the member."),
    )
    remind_before = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("hours before the deadline at which members are reminded"),
        default=remind_at_first,
        blank=True,
    )
    escalate_before = models.PositiveSmallIntegerField(
        _("hours before the deadline at which the follower is told who is missing"), default=8
    )
    quiet_from = models.TimeField(_("no reminders from"), default=time(21))
    quiet_until = models.TimeField(_("no reminders until"), default=time(7))
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by_name = models.CharField(max_length=200, blank=True)

    objects = KindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of request")
        verbose_name_plural = _("kinds of request")
        ordering = ["body", "place", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        return self.confirmed_at is not None and self.retired_at is None

    @property
    def trail_case(self) -> Any:
        return self.body


class AnswerClass(models.Model):
    """One answer that a form offers, and how it is counted."""

    kind = models.ForeignKey(RequestKind, models.CASCADE, related_name="answer_classes")
    place = models.PositiveSmallIntegerField()
    code = models.SlugField(_("code"), max_length=20)  # what is stored, signed and exported
    label = models.CharField(_("words"), max_length=100)
    label_en = models.CharField(_("words in English"), max_length=100, blank=True)
    counts_as = models.CharField(_("counts as"), max_length=8, choices=CountsAs)
    reason = models.CharField(_("reason"), max_length=8, choices=ReasonRule, default=ReasonRule.OPTIONAL)
    raises_remark = models.BooleanField(_("goes into the table of remarks"), default=False)
    calls_session = models.BooleanField(_("calls for a session"), default=False)

    class Meta:
        verbose_name = _("answer offered")
        verbose_name_plural = _("answers offered")
        ordering = ["kind", "place"]
        constraints = [
            models.UniqueConstraint(name="one_class_a_code", fields=["kind", "code"]),
            models.UniqueConstraint(name="one_class_a_place", fields=["kind", "place"]),
            models.CheckConstraint(
                name="a_remark_has_words", condition=Q(raises_remark=False) | ~Q(reason=ReasonRule.NONE)
            ),
        ]

    def __str__(self) -> str:
        return self.label_en if get_language() == "en" and self.label_en else self.label

    @property
    def tone(self) -> str:
        """In results only: a choice that is still open has no colour."""
        return {Position.AGREE: "green", Position.DISAGREE: "navy", Position.OTHER: "amber"}.get(
            Position(self.counts_as), "grey"
        )
