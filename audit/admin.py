"""For support: looking, never changing."""

from typing import Any

from django.contrib import admin

from audit.models import AuditEvent


class ReadOnlyAdmin(admin.ModelAdmin):
    """What has a rulebook is changed by its actions alone."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "action", "target_name", "body_id")
    list_filter = ("action",)
    search_fields = ("actor_name", "target_name")
    ordering = ("-pk",)
    exclude = ("details",)
    show_full_result_count = False
