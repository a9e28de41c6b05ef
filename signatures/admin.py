"""For support: looking, never changing."""

from django.contrib import admin

from documents.admin import ReadOnlyAdmin
from signatures.models import RevocationList, TrustedCertificate, Verification


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("pk", "version_id", "verdict", "work_state", "work_error", "checked_at")
    list_filter = ("verdict", "work_state")


@admin.register(TrustedCertificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("subject", "use", "fingerprint", "trusted_from", "trusted_until")


@admin.register(RevocationList)
class RevocationListAdmin(ReadOnlyAdmin):
    list_display = ("issuer", "issued_at", "next_at", "added_at")
    exclude = ("der",)
