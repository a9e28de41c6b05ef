"""Every address, asked for by a stranger: the sign-in page, or nothing. What is open stands in one list."""

import re

import pytest
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from ecabinet.context import PAGES

pytestmark = pytest.mark.django_db

# Open to strangers, and what each answers to GET. All else is closed.
OPEN = {
    "healthz": 200,
    "readyz": (200, 503),
    "account_login": 200,
    "account_logout": 302,
    "account_inactive": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,  # "this link no longer works"
    "account_reset_password_from_key_done": 200,
    "mfa_authenticate": 302,
    "mfa_login_webauthn": 302,
    "set_language": 405,
    "set_text_size": 405,
    "styleguide": 404,  # development and demonstration only
}
SIGN_IN = ("/accounts/login/", "/admin/login/")  # the second leads to the first
SAMPLES = {
    "drf_format_suffix": ".json",
    "int": "1",
    "str": "people.user",
    "slug": "a",
    "path": "a/b",
    "uuid": "0" * 32,
}


def walk(resolver, prefix="", namespace=""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, ":".join(filter(None, [namespace, pattern.name or ""]))
        else:
            inner = ":".join(filter(None, [namespace, pattern.namespace or ""]))
            yield from walk(pattern, route, inner)


def fill(route):
    """An address for a route, with 1 for every number."""
    route = re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)", "1", route)
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found.group(1) or "str"], route)
    return "/" + re.sub(r"[\^$\\]|\(\?:.*?\)\??|\?", "", route)


ADDRESSES = sorted({(fill(route), name) for route, name in walk(get_resolver())})


def test_the_walk_finds_the_addresses():
    names = {name for _, name in ADDRESSES}
    assert len(ADDRESSES) > 60
    assert {"home", "people:read_person", "audit:read_case", "notifications:inbox", "admin:login"} <= names


@pytest.mark.parametrize(
    ("address", "name"), ADDRESSES, ids=[f"{name} {address}" for address, name in ADDRESSES]
)
def test_a_stranger_finds_every_door_shut_but_the_listed(client, address, name):
    answer = client.get(address)

    if name in OPEN:
        expected = OPEN[name] if isinstance(OPEN[name], tuple) else (OPEN[name],)
        assert answer.status_code in expected
    elif answer.status_code == 302:
        assert answer.url.startswith(SIGN_IN), answer.url
    else:
        assert answer.status_code in (401, 403, 404, 405)
        assert answer.status_code != 403 or address.startswith("/api/")


@pytest.mark.parametrize(
    ("address", "name"), ADDRESSES, ids=[f"{name} {address}" for address, name in ADDRESSES]
)
def test_a_stranger_posts_nowhere_else(client, address, name):
    answer = client.post(address)

    if name not in OPEN:
        assert answer.status_code in (302, 401, 403, 404, 405)
        assert answer.status_code != 302 or answer.url.startswith(SIGN_IN)


def test_the_technical_pages_have_no_door_of_their_own(client):
    assert client.get("/admin/login/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_navigation_leads_somewhere(page):
    try:
        assert reverse(page.name)
    except NoReverseMatch:
        pytest.fail(f"{page.name} has no address")
