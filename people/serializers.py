"""The shape of what the API gives."""

from rest_framework import serializers

from people.models import Delegation


class DelegationOut(serializers.ModelSerializer):
    body = serializers.IntegerField(source="body_id", read_only=True)
    replaced = serializers.CharField(source="appointment.user.full_name", read_only=True)
    replaced_title = serializers.CharField(source="appointment.title", read_only=True)
    stand_in = serializers.CharField(source="delegate.user.full_name", read_only=True)
    stand_in_title = serializers.CharField(source="delegate.title", read_only=True)
    state = serializers.ChoiceField(
        choices=["coming", "current", "past", "ended"], read_only=True, help_text="By its own days."
    )

    class Meta:
        model = Delegation
        fields = [
            "id",
            "body",
            "appointment",
            "replaced",
            "replaced_title",
            "delegate",
            "stand_in",
            "stand_in_title",
            "scope",
            "valid_from",
            "valid_until",
            "order_number",
            "order_date",
            "order_issuer",
            "state",
            "ended_at",
            "ended_because",
        ]
        read_only_fields = fields
