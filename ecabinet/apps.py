"""Makes Celery's application when Django starts, so that a task called in any process goes to its broker."""

from importlib import import_module

from django.apps import AppConfig


class EcabinetConfig(AppConfig):
    name = "ecabinet"

    def ready(self) -> None:
        import_module("ecabinet.celery")
