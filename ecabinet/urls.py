"""All addresses. Names are those of the actions."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from ecabinet import health, styleguide, views

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("people.account_urls")),
    path("people/", include("people.urls")),
    path("notices/", include("notifications.urls")),
    path("papers/", include("documents.urls")),
    path("signatures/", include("signatures.urls")),
    path("decisions/", include("decisions.urls")),
    path("reading/", include("reading.urls")),
    path("dossiers/", include("submissions.urls")),
    path("opinions/", include("opinions.urls")),
    path("sessions/", include("meetings.urls")),
    path("archive/", include("archive.urls")),
    path("trail/", include("audit.urls")),
    path("api/", include("ecabinet.api_urls")),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("ecabinet.demo.urls")))
