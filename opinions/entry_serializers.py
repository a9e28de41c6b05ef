"""The shape of what the API takes beside an answer."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from documents.serializers import UploadIn
from opinions import rules
from opinions.rules import SheetWay
from opinions.serializers import AnswersIn


class AttachmentIn(UploadIn):
    """The paper that goes with the answer."""


class DissentIn(serializers.Serializer):
    words = serializers.CharField(max_length=rules.REASON_LIMIT)


class EntryIn(UploadIn, AnswersIn):
    """What came on paper or by telephone. In a multipart form `answers` is JSON text, `upload` the scan."""

    way = serializers.ChoiceField(
        choices=[(way.value, way.label) for way in (SheetWay.PAPER, SheetWay.TELEPHONE)]
    )
    reason = serializers.CharField(max_length=rules.REASON_LIMIT)

    def to_internal_value(self, sent: Any) -> Any:
        answers = sent.get("answers") if isinstance(sent, Mapping) else None
        if isinstance(answers, str):
            sent = {name: sent[name] for name in sent} | {"answers": _read_json(answers)}
        return super().to_internal_value(sent)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        entry = {name: given[name] for name in ("answers", "way", "reason")}
        if entry["way"] == SheetWay.TELEPHONE:
            return {**entry, "scan": None}
        return {**entry, "scan": super().validate(given)["upload"]}


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise serializers.ValidationError({"answers": gettext("This is no JSON.")}) from None
