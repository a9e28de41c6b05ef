"""The demonstration, told once for all tests of a module, with a server and a storage that outlive a test."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from core import clock
from ecabinet.demo.signing import DemoSigner
from ecabinet.demo.story import Story
from opinions.models import OpinionRequest
from opinions.rules import RequestStatus
from tests.browser.conftest import beside_the_browser
from tests.database import let_flush_pass_triggers


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demonstration")
    storages = {
        **project.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder / "storage")},
        },
    }
    changed = {"STORAGES": storages, "DEMO": True, "ROOT_URLCONF": "tests.people.demo_urls"}
    with django_db_blocker.unblock(), override_settings(**changed):
        since = clock.now() - timedelta(days=400)
        story = Story(signer=DemoSigner(folder / "pki", since=since), corpus=None)
        beside_the_browser(story.tell)
        beside_the_browser(leave_time_for_the_walks)
        yield storages
        let_flush_pass_triggers()
        call_command(
            "flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True
        )


def leave_time_for_the_walks():
    """What closes within minutes stays near its end, and open while the pages are walked through."""
    soon = clock.now() + timedelta(minutes=50)
    OpinionRequest.objects.filter(status=RequestStatus.OPEN, deadline__lt=soon).update(deadline=soon)


@pytest.fixture(scope="module")
def server(demonstration):
    server = LiveServer("localhost")
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        yield server
        server.stop()


@pytest.fixture
def address(server):
    return server.url


@pytest.fixture(autouse=True)
def keep_files_apart(settings, demonstration):
    """The demonstration's own storage; the cache is this test's."""
    settings.STORAGES = demonstration
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
