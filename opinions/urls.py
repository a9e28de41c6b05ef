"""Addresses of opinions."""

from django.urls import path

from opinions.views import corrections, deadlines, kinds, remarks, requests, results, slips

app_name = "opinions"
urlpatterns = [
    path("", requests.list_requests, name="list_requests"),
    path("new/", requests.draft_request, name="draft_request"),
    path("kinds/", kinds.list_kinds, name="list_kinds"),
    path("kinds/of/<int:body_id>/new/", kinds.draft_kind, name="draft_kind"),
    path("kinds/<int:pk>/edit/", kinds.edit_kind, name="edit_kind"),
    path("kinds/<int:pk>/confirm/", kinds.confirm_kind, name="confirm_kind"),
    path("kinds/<int:pk>/retire/", kinds.retire_kind, name="retire_kind"),
    path("<int:pk>/", requests.read_request, name="read_request"),
    path("<int:pk>/edit/", requests.edit_request, name="edit_request"),
    path("<int:pk>/keep/", requests.keep_changes, name="keep_changes"),
    path("<int:pk>/checklist/", requests.read_checklist, name="read_checklist"),
    path("<int:pk>/return/", requests.return_request, name="return_request"),
    path("<int:pk>/approve/", requests.approve_request, name="approve_request"),
    path("<int:pk>/dossier/correct/", corrections.correct_dossier, name="correct_dossier"),
    path("<int:pk>/dossier/reissue/", corrections.reissue_dossier, name="reissue_dossier"),
    path("<int:pk>/withdraw/", requests.withdraw_request, name="withdraw_request"),
    path("<int:pk>/deadline/", deadlines.move_deadline, name="move_deadline"),
    path("<int:pk>/state/", requests.watch_state, name="watch_state"),
    path("<int:pk>/progress/", requests.read_progress, name="read_progress"),
    path("<int:pk>/synthesis/", results.read_synthesis, name="read_synthesis"),
    path("<int:pk>/refer/", results.refer_request, name="refer_request"),
    path("<int:pk>/decision/", results.draft_decision, name="draft_decision"),
    path("<int:pk>/report/", results.report_on_opinions, name="report_on_opinions"),
    path("<int:pk>/office-opinion/", results.record_office_opinion, name="record_office_opinion"),
    path("<int:pk>/again/", results.collect_again, name="collect_again"),
    path("<int:pk>/session/", results.refer_to_session, name="refer_to_session"),
    path("remarks/<int:pk>/explain/", remarks.explain_remark, name="explain_remark"),
    path("remarks/<int:pk>/settle/", remarks.settle_remark, name="settle_remark"),
    path("remarks/<int:pk>/answer/", remarks.answer_settlement, name="answer_settlement"),
    path("slips/<int:pk>/answer/", slips.answer_slip, name="answer_slip"),
    path("slips/<int:pk>/keep/", slips.keep_draft, name="keep_draft"),
    path("slips/<int:pk>/draft/", slips.draft_answer, name="draft_answer"),
    path("slips/<int:pk>/return/", slips.return_answer, name="return_answer"),
]
