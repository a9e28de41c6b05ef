"""Addresses of the reading room."""

from django.urls import path

from reading.views import comparisons, folders, notes

app_name = "reading"
urlpatterns = [
    path("", folders.own_papers, name="own_papers"),
    path("own/<int:pk>/give/", folders.give_own_paper, name="give_own_paper"),
    path("own/<int:pk>/discard/", folders.discard_own_paper, name="discard_own_paper"),
    path("given/", folders.given_papers, name="given_papers"),
    path("folders/", folders.list_folders, name="list_folders"),
    path("folders/new/", folders.make_folder, name="make_folder"),
    path("folders/<int:pk>/", folders.read_folder, name="read_folder"),
    path("folders/<int:pk>/rename/", folders.rename_folder, name="rename_folder"),
    path("folders/<int:pk>/remove/", folders.remove_folder, name="remove_folder"),
    path("folders/papers/<int:pk>/take-out/", folders.take_out_of_folder, name="take_out_of_folder"),
    path("library/", folders.read_library, name="read_library"),
    path("versions/<int:pk>/folder/", folders.put_into_folder, name="put_into_folder"),
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
