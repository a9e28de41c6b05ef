"""Addresses of decisions."""

from django.urls import path

from decisions import views

app_name = "decisions"
urlpatterns = [
    path("rules/", views.list_rule_sets, name="list_rule_sets"),
    path("rules/<int:body_id>/new/", views.confirm_rule_set, name="confirm_rule_set"),
    path("rules/<int:body_id>/days-off/", views.add_day_off, name="add_day_off"),
    path("resolutions/<int:pk>/", views.read_resolution, name="read_resolution"),
    path("resolutions/<int:pk>/rendering/", views.show_rendering, name="show_rendering"),
    path("resolutions/<int:pk>/edit/", views.edit_resolution, name="edit_resolution"),
    path("resolutions/<int:pk>/approve/", views.approve_resolution, name="approve_resolution"),
    path("resolutions/<int:pk>/approve-for-signing/", views.approve_for_signing, name="approve_for_signing"),
    path("resolutions/<int:pk>/signing/", views.show_signing, name="show_signing"),
    path("resolutions/<int:pk>/seal/", views.seal_resolution, name="seal_resolution"),
    path("versions/<int:version_id>/copies/", views.make_copy, name="make_copy"),
    path("copies/<int:pk>/", views.read_copy, name="read_copy"),
    path("copies/<int:pk>/certify/", views.certify_copy, name="certify_copy"),
    path("resolutions/<int:pk>/issue/", views.issue_resolution, name="issue_resolution"),
]
