"""Addresses of the reading room."""

from django.urls import path

from reading.views import comparisons, notes

app_name = "reading"
urlpatterns = [
    path("notes/", notes.my_notes, name="my_notes"),
    path("notes/key/", notes.keep_notes_key, name="keep_notes_key"),
    path("notes/export/", notes.export_notes, name="export_notes"),
    path("notes/erase/", notes.purge_notes, name="purge_notes"),
    path("notes/erase/<int:document_id>/", notes.purge_notes, name="purge_notes_of_a_paper"),
    path("notes/anew/", notes.begin_notes_anew, name="begin_notes_anew"),
    path("notes/versions/<int:version_id>/", notes.list_notes, name="list_notes"),
    path("notes/versions/<int:version_id>/text/", notes.read_text, name="read_text"),
    path("notes/<uuid:pk>/", notes.keep_note, name="keep_note"),
    path("notes/<uuid:pk>/readers/", notes.find_readers, name="find_readers"),
    path("notes/<uuid:pk>/share/", notes.share_note, name="share_note"),
    path("notes/<uuid:pk>/take-back/", notes.take_back_note, name="take_back_note"),
    path("compare/<int:older>/<int:newer>/", comparisons.compare_versions, name="compare_versions"),
    path(
        "compare/<int:older>/<int:newer>/pairs/<int:place>/<str:side>/",
        comparisons.read_sheet,
        name="read_sheet",
    ),
]
