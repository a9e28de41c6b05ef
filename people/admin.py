"""For support: looking, never changing."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from people.models import Appointment, Body, Delegation, Invitation, Organisation, User


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("full_name", "username", "email", "is_active", "last_login")
    search_fields = ("folded_name", "email")
    exclude = ("password", "groups", "user_permissions")
    ordering = ("sort_key",)


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ("user", "role", "title", "body", "valid_from", "valid_until")
    list_filter = ("role", "body")
    list_select_related = ("user", "body")


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ("appointment", "delegate", "scope", "valid_from", "valid_until", "ended_at")
    list_filter = ("scope",)
    list_select_related = ("appointment__user", "delegate__user")


@admin.register(Body, Organisation)
class NameAdmin(ReadOnlyAdmin):
    search_fields = ("name",)
    ordering = ("pk",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("user", "work_state", "work_attempts", "work_error", "queued_at")
    list_filter = ("work_state",)
    ordering = ("-pk",)
