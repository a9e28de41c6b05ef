"""Addresses of opinions."""

from django.urls import path

from opinions import views

app_name = "opinions"
urlpatterns = [
    path("", views.list_requests, name="list_requests"),
    path("new/", views.draft_request, name="draft_request"),
    path("<int:pk>/", views.read_request, name="read_request"),
    path("<int:pk>/edit/", views.edit_request, name="edit_request"),
    path("<int:pk>/keep/", views.keep_changes, name="keep_changes"),
    path("<int:pk>/checklist/", views.read_checklist, name="read_checklist"),
    path("<int:pk>/return/", views.return_request, name="return_request"),
    path("<int:pk>/approve/", views.approve_request, name="approve_request"),
    path("<int:pk>/dossier/correct/", views.correct_dossier, name="correct_dossier"),
    path("<int:pk>/dossier/reissue/", views.reissue_dossier, name="reissue_dossier"),
    path("<int:pk>/withdraw/", views.withdraw_request, name="withdraw_request"),
    path("<int:pk>/state/", views.watch_state, name="watch_state"),
    path("<int:pk>/progress/", views.read_progress, name="read_progress"),
    path("<int:pk>/synthesis/", views.read_synthesis, name="read_synthesis"),
    path("<int:pk>/refer/", views.refer_request, name="refer_request"),
    path("<int:pk>/decision/", views.draft_decision, name="draft_decision"),
    path("slips/<int:pk>/answer/", views.answer_slip, name="answer_slip"),
    path("slips/<int:pk>/keep/", views.keep_draft, name="keep_draft"),
    path("slips/<int:pk>/draft/", views.draft_answer, name="draft_answer"),
    path("slips/<int:pk>/return/", views.return_answer, name="return_answer"),
]
