"""All addresses, with those of a demonstration."""

from django.urls import include, path

from ecabinet.urls import urlpatterns as base

urlpatterns = [*base, path("demo/", include("ecabinet.demo.urls"))]
