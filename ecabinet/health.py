"""Is the process alive; is everything it needs there."""

import io
import logging
import time
from collections.abc import Callable

from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from audit import log

logger = logging.getLogger(__name__)

HEARTBEAT = "heartbeat"
HEARTBEAT_MAX_AGE = 60  # seconds; beat sends one every ten


@shared_task
def beat_the_heart() -> None:
    """Sent by the clock, done by a worker: both live when it is fresh."""
    cache.set(HEARTBEAT, time.time(), timeout=3600)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker, storage, worker, the trail's log: 200 when all answer, 503 when one does not."""
    parts = {name: _answers(name, check) for name, check in CHECKS.items()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _answers(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        logger.exception("%s does not answer", name)
        return False


def _ask_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _ask_broker() -> bool:
    cache.set("ready", 1, timeout=10)
    return cache.get("ready") == 1


def _ask_storage() -> bool:
    name = default_storage.save("ready/probe", io.BytesIO(b"ready"))
    with default_storage.open(name) as file:
        same = file.read() == b"ready"
    default_storage.delete(name)
    return same


def _ask_worker() -> bool:
    return time.time() - cache.get(HEARTBEAT, 0) < HEARTBEAT_MAX_AGE


def _ask_log() -> bool:
    return not log.is_late()


CHECKS = {
    "database": _ask_database,
    "broker": _ask_broker,
    "storage": _ask_storage,
    "worker": _ask_worker,
    "log": _ask_log,
}
