"""Addresses of documents."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("uploads/", views.begin_upload, name="begin_upload"),
    path("uploads/<uuid:key>/", views.follow_upload, name="follow_upload"),
    path("dossiers/<int:pk>/ledger/", views.read_ledger, name="read_ledger"),
    path("dossiers/<int:pk>/ledger/add/", views.add_slot, name="add_slot"),
    path("slots/<int:pk>/remove/", views.remove_slot, name="remove_slot"),
    path("slots/<int:pk>/hand-out/", views.hand_out_copy, name="hand_out_copy"),
    path("copies/<int:pk>/take-back/", views.take_back_copy, name="take_back_copy"),
    path("versions/<int:pk>/", views.read_version, name="read_version"),
    path("versions/<int:pk>/retry/", views.retry_reading, name="retry_reading"),
    path("versions/<int:pk>/file/", views.download_version, name="download_version"),
    path("versions/<int:pk>/view/", views.view_version, name="view_version"),
    path("versions/<int:pk>/place/", views.save_place, name="save_place"),
    path("versions/<int:pk>/pages/<int:number>/", views.read_page, name="read_page"),
    path("versions/<int:pk>/pages/<int:number>/picture/", views.show_picture, name="show_picture"),
    path("dossiers/<int:pk>/", views.read_dossier, name="read_dossier"),
    path("dossiers/<int:pk>/issues/<int:number>/", views.read_issue, name="read_issue"),
    path("dossiers/<int:pk>/correction/drop/", views.drop_correction, name="drop_correction"),
    path("dossiers/<int:pk>/readers/", views.read_readers, name="read_readers"),
    path("dossiers/<int:pk>/readers/export/", views.export_readers, name="export_readers"),
    path("dossiers/<int:pk>/binders/", views.read_binders, name="read_binders"),
    path("dossiers/<int:pk>/binders/order/", views.order_binder, name="order_binder"),
    path("binders/<int:pk>/file/", views.download_binder, name="download_binder"),
    path("binder-copies/<int:pk>/file/", views.download_binder_copy, name="download_binder_copy"),
    path("dossiers/<int:pk>/page/", views.open_dossier_page, name="open_dossier_page"),
    path("dossiers/<int:pk>/unread/", views.open_next_unread, name="open_next_unread"),
    path("dossiers/<int:pk>/search/", views.search_dossier, name="search_dossier"),
    path("dossiers/<int:pk>/edit/", views.edit_dossier, name="edit_dossier"),
    path("dossiers/<int:pk>/papers/", views.add_paper, name="add_paper"),
    path("dossiers/<int:pk>/include/", views.include_version, name="include_version"),
    path("dossiers/<int:pk>/sections/", views.add_section, name="add_section"),
    path("dossiers/<int:pk>/sections/<int:section>/rename/", views.rename_section, name="rename_section"),
    path("dossiers/<int:pk>/sections/<int:section>/move/", views.move_section, name="move_section"),
    path("dossiers/<int:pk>/sections/<int:section>/remove/", views.remove_section, name="remove_section"),
    path("papers/<int:pk>/describe/", views.describe_paper, name="describe_paper"),
    path("papers/<int:pk>/replace/", views.replace_paper, name="replace_paper"),
    path("papers/<int:pk>/move/", views.move_paper, name="move_paper"),
    path("papers/<int:pk>/readers/", views.limit_readers, name="limit_readers"),
    path("papers/<int:pk>/remove/", views.remove_paper, name="remove_paper"),
]
