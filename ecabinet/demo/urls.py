"""Included only where the installation is a demonstration."""

from django.urls import path

from ecabinet.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("keys/<str:username>.p12", views.take_key, name="take_key"),
]
