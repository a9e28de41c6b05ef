from django.apps import AppConfig


class EcabinetConfig(AppConfig):
    name = "ecabinet"

    def ready(self) -> None:
        """Make Celery's application before the first task is called, in whichever process."""
        import ecabinet.celery  # noqa: F401
