"""Addresses of sessions and their agendas."""

from django.urls import path

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.list_meetings, name="list_meetings"),
    path("new/", views.plan_meeting, name="plan_meeting"),
    path("<int:pk>/", views.read_meeting, name="read_meeting"),
    path("<int:pk>/edit/", views.edit_meeting, name="edit_meeting"),
    path("<int:pk>/cancel/", views.cancel_meeting, name="cancel_meeting"),
    path("items/<int:pk>/", views.read_item, name="read_item"),
    path("items/<int:pk>/place/", views.place_item, name="place_item"),
]
