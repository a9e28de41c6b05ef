"""Addresses of the dossiers on their way to the Office."""

from django.urls import path

from submissions import views

app_name = "submissions"
urlpatterns = [
    path("", views.list_submissions, name="list_submissions"),
    path("new/", views.prepare_submission, name="prepare_submission"),
    path("<int:pk>/", views.read_submission, name="read_submission"),
    path("<int:pk>/checklist/", views.read_checklist, name="read_checklist"),
    path("<int:pk>/edit/", views.edit_submission, name="edit_submission"),
    path("<int:pk>/hand-in/", views.hand_in_submission, name="hand_in_submission"),
    path("<int:pk>/return/", views.return_submission, name="return_submission"),
    path("<int:pk>/accept/", views.accept_submission, name="accept_submission"),
    path("<int:pk>/removal/", views.propose_removal, name="propose_removal"),
    path("kinds/", views.list_matter_kinds, name="list_matter_kinds"),
    path("kinds/<int:body_id>/new/", views.add_matter_kind, name="add_matter_kind"),
    path("kinds/<int:pk>/end/", views.end_matter_kind, name="end_matter_kind"),
]
