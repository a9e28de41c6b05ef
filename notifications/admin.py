"""For support: looking, never changing."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from notifications.models import Delivery, Notification


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("pk", "recipient", "kind", "created_at", "read_at")
    list_select_related = ("recipient",)
    ordering = ("-pk",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("pk", "channel", "work_state", "work_attempts", "work_error", "queued_at")
    list_filter = ("work_state",)
    ordering = ("-pk",)
