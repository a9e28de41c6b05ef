"""Workers and the clock. Queues are split by how long the work takes."""

import logging
import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")

logger = logging.getLogger(__name__)

app = Celery("ecabinet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "close_overdue_requests": {"task": "opinions.tasks.close_overdue_requests", "schedule": 5.0},
    "climb_ladders": {"task": "opinions.tasks.climb_ladders", "schedule": 60.0},
    "hand_in_invitations": {"task": "people.tasks.hand_in_invitations", "schedule": 60.0},
    "hand_in_deliveries": {"task": "notifications.tasks.hand_in_deliveries", "schedule": 60.0},
    "hand_in_binders": {"task": "documents.tasks.hand_in_binders", "schedule": 60.0},
    "hand_in_views": {"task": "documents.tasks.hand_in_views", "schedule": 60.0},
    "hand_in_scans": {"task": "documents.tasks.hand_in_scans", "schedule": 60.0},
    "hand_in_readings": {"task": "documents.tasks.hand_in_readings", "schedule": 60.0},
    "hand_in_pictures": {"task": "documents.tasks.hand_in_pictures", "schedule": 60.0},
    "hand_in_renderings": {"task": "documents.tasks.hand_in_renderings", "schedule": 60.0},
    "hand_in_filings": {"task": "archive.tasks.hand_in_filings", "schedule": 60.0},
    "hand_in_evidence": {"task": "archive.tasks.hand_in_evidence", "schedule": 60.0},
    "keep_log": {"task": "audit.tasks.keep_log", "schedule": 60.0},
    "stamp_checkpoint": {"task": "signatures.tasks.stamp_checkpoint", "schedule": 60.0},
    "mail_checkpoint": {"task": "notifications.tasks.mail_checkpoint", "schedule": 60.0},
    "hand_in_verifications": {"task": "signatures.tasks.hand_in_verifications", "schedule": 60.0},
    "ask_sources": {"task": "signatures.tasks.ask_sources", "schedule": 60.0},
    "order_regular_checks": {"task": "signatures.tasks.order_regular_checks", "schedule": 600.0},
    "hand_in_signatures": {"task": "signatures.tasks.hand_in_signatures", "schedule": 60.0},
    "hand_in_preservations": {"task": "signatures.tasks.hand_in_preservations", "schedule": 60.0},
    "order_preservations": {"task": "signatures.tasks.order_preservations", "schedule": 3600.0},
    "sweep_prepared": {"task": "signatures.tasks.sweep_prepared", "schedule": 600.0},
    "hand_in_comparisons": {"task": "reading.tasks.hand_in_comparisons", "schedule": 60.0},
    "sweep_uploads": {"task": "documents.tasks.sweep_uploads", "schedule": 3600.0},
    "remind_of_days": {"task": "submissions.tasks.remind_of_days", "schedule": crontab(minute="5")},
    "sweep_storage": {"task": "documents.tasks.sweep_storage", "schedule": 3600.0},
    "erase_old_notes": {"task": "reading.tasks.erase_old_notes", "schedule": crontab(hour="1", minute="15")},
    "forget_sessions": {"task": "people.tasks.forget_sessions", "schedule": crontab(hour="2", minute="30")},
    "beat_the_heart": {"task": "ecabinet.health.beat_the_heart", "schedule": 10.0},
}


@worker_process_init.connect
def warm_up_renderer(**_: object) -> None:
    """The first PDF of a process costs a second of font set-up: pay before anyone waits."""
    from documents.rendering import RenderingUnavailable, warm_up

    try:
        warm_up()
    except RenderingUnavailable as missing:
        logger.warning("%s", missing)
