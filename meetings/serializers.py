"""The shape of what the API takes and gives."""

from rest_framework import serializers

from meetings import rules
from meetings.models import AgendaItem, Meeting
from meetings.rules import REASON_LIMIT
from people.models import Body


class AgendaItemOut(serializers.ModelSerializer):
    lead_agency = serializers.CharField(source="lead_agency.name", read_only=True)
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = AgendaItem
        fields = [
            "id",
            "body",
            "meeting",
            "place",
            "subject",
            "lead_agency",
            "dossier",
            "opinion_request",
            "reason",
            "taken_up_at",
            "allowed",
        ]
        read_only_fields = fields

    def get_allowed(self, item: AgendaItem) -> list[str]:
        """The actions that the caller may do now: what a page shows as buttons."""
        return rules.AGENDA_ITEM.allowed(self.context["request"].user, item)


class MeetingOut(serializers.ModelSerializer):
    item_count = serializers.IntegerField(read_only=True, help_text="Matters on the agenda.")
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = [
            "id",
            "body",
            "status",
            "kind",
            "starts_at",
            "place",
            "planned_at",
            "cancelled_at",
            "cancellation_reason",
            "item_count",
            "allowed",
        ]
        read_only_fields = fields

    def get_allowed(self, meeting: Meeting) -> list[str]:
        return rules.MEETING.allowed(self.context["request"].user, meeting)


class EditedMeetingIn(serializers.Serializer):
    kind = serializers.ChoiceField(choices=rules.MeetingKind.choices)
    starts_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200)


class NewMeetingIn(EditedMeetingIn):
    body = serializers.PrimaryKeyRelatedField(queryset=Body.objects.all())


class CancellationIn(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_LIMIT)


class AgendaPlaceIn(serializers.Serializer):
    """Without a session the matter goes back to the waiting list; without a place it comes last."""

    meeting = serializers.PrimaryKeyRelatedField(
        queryset=Meeting.objects.all(), allow_null=True, default=None
    )
    place = serializers.IntegerField(min_value=1, max_value=999, allow_null=True, default=None)
