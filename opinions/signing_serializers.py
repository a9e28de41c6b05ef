"""The shape of what the API takes and gives where an answer is signed."""

from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from core.work import WorkState
from opinions.models import AnswerSheet
from opinions.pages.signing import list_certificates
from signatures.models import SigningCertificate


class SlipToSignOut(serializers.Serializer):
    """What is made ready for the member's key. `statement` is there once a worker has made the paper."""

    sheet = serializers.IntegerField()
    receipt = serializers.CharField()
    is_made = serializers.BooleanField()
    has_failed = serializers.BooleanField()
    paper = serializers.URLField(allow_null=True, help_text="The slip as a PDF.")
    paper_sha256 = serializers.CharField()
    statement = serializers.CharField(
        help_text="The bytes that the key signs, as text in UTF-8. They name `paper_sha256`."
    )
    statement_sha256 = serializers.CharField()


class AnswerCertificateIn(serializers.Serializer):
    certificate = serializers.PrimaryKeyRelatedField(queryset=SigningCertificate.objects.none())

    def get_fields(self) -> Any:
        fields: Any = super().get_fields()
        if "user" in self.context:
            fields["certificate"].queryset = list_certificates(self.context["user"])
        return fields


def describe_sheet(sheet: AnswerSheet, request: Any) -> dict[str, Any]:
    rendering, version, statement = sheet.rendering, sheet.version, sheet.statement
    address = reverse("documents:download_version", args=[version.pk], request=request) if version else None
    return {
        "sheet": sheet.pk,
        "receipt": sheet.receipt,
        "is_made": statement is not None,
        "has_failed": rendering is None or rendering.work_state == WorkState.FAILED,
        "paper": address,
        "paper_sha256": version.sha256 if version else "",
        "statement": bytes(statement.content).decode() if statement else "",
        "statement_sha256": statement.sha256 if statement else "",
    }
