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
    path("versions/<int:pk>/file/", views.download_version, name="download_version"),
    path("versions/<int:pk>/view/", views.view_version, name="view_version"),
    path("versions/<int:pk>/place/", views.save_place, name="save_place"),
    path("versions/<int:pk>/pages/<int:number>/", views.read_page, name="read_page"),
    path("versions/<int:pk>/pages/<int:number>/picture/", views.show_picture, name="show_picture"),
    path("dossiers/<int:pk>/page/", views.open_dossier_page, name="open_dossier_page"),
    path("dossiers/<int:pk>/unread/", views.open_next_unread, name="open_next_unread"),
    path("dossiers/<int:pk>/search/", views.search_dossier, name="search_dossier"),
]
