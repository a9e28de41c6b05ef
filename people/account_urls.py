"""Signing in: what the office offers of django-allauth, and nothing to register oneself."""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("", include("allauth.urls")),
]
