"""Queue, news, and refusals as pages and as JSON."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import Http404, HttpResponse
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import api, news, queue
from core.middleware import RefusalMiddleware
from core.workflow import Conflict


@dataclass(frozen=True)
class DoorOpened:
    number: int


heard = []
REACTIONS = {DoorOpened: [heard.append, lambda event: heard.append(event.number)]}


def test_news_reaches_its_listeners_in_order(settings):
    settings.REACTIONS = f"{__name__}.REACTIONS"
    heard.clear()

    news.publish(DoorOpened(7))

    assert heard == [DoorOpened(7), 7]


def test_news_that_nobody_lists_is_a_mistake(settings):
    settings.REACTIONS = f"{__name__}.REACTIONS"

    with pytest.raises(KeyError):
        news.publish("something")


class Task:
    given: list = []

    @classmethod
    def delay(cls, *ids):
        if ids == (0,):
            raise OperationalError
        cls.given.append(ids)


@pytest.mark.django_db
def test_a_task_is_handed_in_after_the_commit(django_capture_on_commit_callbacks):
    Task.given.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue.enqueue(f"{__name__}.Task", 7, 8)
        assert Task.given == []

    assert Task.given == [(7, 8)]


@pytest.mark.django_db
def test_a_broker_that_is_down_refuses_nobody(django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=True):
        queue.enqueue(f"{__name__}.Task", 0)

    assert "waits for the sweep" in caplog.text


def test_a_conflict_is_a_page_with_its_reason(rf):
    request = rf.get("/")
    request.htmx = False
    middleware = RefusalMiddleware(lambda request: HttpResponse("fine"))

    assert middleware(request).content == b"fine"
    page = middleware.process_exception(request, Conflict("Đã hết thời hạn."))
    assert page.status_code == 409
    assert "Đã hết thời hạn." in page.content.decode()
    assert middleware.process_exception(request, RedisError("down")).status_code == 503
    assert middleware.process_exception(request, ValueError()) is None


def test_a_conflict_is_json_with_its_reason():
    answer = api.answer_refusal(Conflict("Đã hết thời hạn."), {})
    assert (answer.status_code, answer.data) == (409, {"detail": "Đã hết thời hạn."})
    assert api.answer_refusal(Http404(), {}).status_code == 404
    assert api.answer_refusal(ValueError(), {}) is None
