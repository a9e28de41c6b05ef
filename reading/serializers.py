"""The shape of what a device sends: wrapped keys and sealed notes, and not a word in clear."""

import json
from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from core.work import WorkState
from reading import rules
from reading.models import Comparison, Folder, FolderPaper
from reading.results import KINDS

BASE64 = r"^[A-Za-z0-9+/]+={0,2}$"


def read_json(request: HttpRequest) -> Any:
    """The body; None where it is no JSON, which no shape takes."""
    try:
        return json.loads(request.body)
    except ValueError:
        return None


class SealedIn(serializers.Serializer[Any]):
    """AES-256-GCM: 12 bytes of IV, and the data with their tag."""

    iv = serializers.RegexField(BASE64, min_length=16, max_length=16)
    data = serializers.RegexField(  # type: ignore[assignment]
        BASE64,
        min_length=24,
        max_length=rules.SEALED_LIMIT,
        error_messages={"max_length": rules.TOO_LONG},
    )


class WrappedIn(serializers.Serializer[Any]):
    iv = serializers.RegexField(BASE64, min_length=16, max_length=16)
    data = serializers.RegexField(BASE64, min_length=24, max_length=2_000)  # type: ignore[assignment]


class SharedKeyIn(WrappedIn):
    salt = serializers.RegexField(BASE64, min_length=24, max_length=64)


class NoteIn(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)
    revision = serializers.IntegerField(min_value=0)
    sealed = SealedIn()
    key = WrappedIn()
    carried_from = serializers.UUIDField(required=False, allow_null=True)


class ShareIn(serializers.Serializer[Any]):
    reader = serializers.IntegerField(min_value=1)
    key = SharedKeyIn()


class TakeBackIn(serializers.Serializer[Any]):
    reader = serializers.IntegerField(min_value=1)


class LockIn(WrappedIn):
    kind = serializers.ChoiceField(["passphrase", "code"])
    kdf = serializers.ChoiceField(["PBKDF2-SHA256", "HKDF-SHA256"])
    iterations = serializers.IntegerField(min_value=0, max_value=10_000_000)
    salt = serializers.RegexField(BASE64, min_length=24, max_length=64)


class PublicKeyIn(serializers.Serializer[Any]):
    kty = serializers.ChoiceField(["EC"])
    crv = serializers.ChoiceField(["P-256"])
    x = serializers.RegexField(r"^[A-Za-z0-9_-]{43}$")
    y = serializers.RegexField(r"^[A-Za-z0-9_-]{43}$")


class NotesKeyIn(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=0)
    public_key = PublicKeyIn()
    private_key = WrappedIn()
    locks = serializers.ListField(child=LockIn(), min_length=2, max_length=2)

    def validate_locks(self, locks: Any) -> Any:
        """One for the passphrase, one for the recovery code: none of the two ways in may be lost here."""
        if {lock["kind"] for lock in locks} != {"passphrase", "code"}:
            raise serializers.ValidationError("passphrase, code")
        return locks


class PortionIn(serializers.Serializer[Any]):
    """Which part of one's own notes is fetched."""

    document = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    after = serializers.UUIDField(required=False)


# What other systems are told


class ChangeOut(serializers.Serializer[Any]):
    """`older` and `newer` say where the words stand: page, left, top, right, bottom in tenths of a point."""

    kind = serializers.ChoiceField(choices=KINDS)
    before = serializers.CharField()
    after = serializers.CharField()
    pages = serializers.ListField(child=serializers.IntegerField(), help_text="Of the older, of the newer.")
    older = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    newer = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    figures = serializers.BooleanField(help_text="Numbers or dates are not the same.")


class CountsOut(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    replaced = serializers.IntegerField()
    moved = serializers.IntegerField()


class ComparisonIn(serializers.Serializer[Any]):
    older = serializers.IntegerField(min_value=1)
    newer = serializers.IntegerField(min_value=1)


class ComparisonOut(serializers.ModelSerializer[Comparison]):
    state = serializers.ChoiceField(choices=WorkState.choices, source="work_state")
    counts = CountsOut(source="result.counts", allow_null=True, default=None)
    changes = ChangeOut(source="result.changes", many=True, default=[])

    class Meta:
        model = Comparison
        fields = ["id", "older", "newer", "state", "finished_at", "counts", "changes"]


class FolderPaperOut(serializers.ModelSerializer[FolderPaper]):
    title = serializers.CharField(source="version.document.title")

    class Meta:
        model = FolderPaper
        fields = ["version", "title", "added_at", "added_by_name"]


class FolderOut(serializers.ModelSerializer[Folder]):
    papers = FolderPaperOut(many=True, source="shown")

    class Meta:
        model = Folder
        fields = ["id", "title", "body", "papers"]
