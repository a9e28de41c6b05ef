"""Addresses of people."""

from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("", views.list_people, name="list_people"),
    path("<int:pk>/", views.read_person, name="read_person"),
    path("bodies/<int:body_id>/register/", views.register_user, name="register_user"),
    path("<int:pk>/correct/", views.correct_user, name="correct_user"),
    path("<int:pk>/invite/", views.invite_user, name="invite_user"),
    path("<int:pk>/deactivate/", views.deactivate_user, name="deactivate_user"),
    path("<int:pk>/activate/", views.activate_user, name="activate_user"),
    path("<int:pk>/bodies/<int:body_id>/appoint/", views.appoint_officer, name="appoint_officer"),
    path("stand-ins/", views.list_delegations, name="list_delegations"),
    path("bodies/<int:body_id>/stand-ins/grant/", views.grant_delegation, name="grant_delegation"),
    path("stand-ins/<int:pk>/end/", views.end_delegation, name="end_delegation"),
    path("appointments/<int:pk>/end/", views.end_appointment, name="end_appointment"),
]
