"""For support: looking, never changing."""

from typing import Any

from django.contrib import admin

from documents.models import DocumentVersion, Dossier, Rendering


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


@admin.register(DocumentVersion)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("pk", "number", "sha256", "size", "work_state", "work_error", "refused_because")
    list_filter = ("work_state",)

    def get_queryset(self, request: Any) -> Any:
        """Private papers are no matter of support either."""
        return super().get_queryset(request).filter(document__owner__isnull=True)


@admin.register(Dossier)
class DossierAdmin(ReadOnlyAdmin):
    list_display = ("pk", "body", "status", "created_at")


@admin.register(Rendering)
class RenderingAdmin(ReadOnlyAdmin):
    list_display = ("pk", "task", "target_id", "work_state", "work_error")
    list_filter = ("work_state",)
