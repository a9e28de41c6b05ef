"""Secret ballots for other systems: what is sent is sealed already."""

from typing import Any

from rest_framework import serializers

from people.models import Appointment


class CountersIn(serializers.Serializer):
    counters = serializers.PrimaryKeyRelatedField(
        queryset=Appointment.objects.current(), many=True, allow_empty=False
    )


class SealedIn(serializers.Serializer):
    """A sealed ballot, as docs/adr/0026 and verifier/ballots/ say."""

    ballot = serializers.DictField()


class BoxOut(serializers.Serializer):
    """The file of the box: `python -m verifier ballots` checks it."""

    manifest = serializers.DictField()
    ballots = serializers.ListField(child=serializers.DictField())
    shares = serializers.ListField(child=serializers.DictField())
    results = serializers.DictField(allow_null=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance
