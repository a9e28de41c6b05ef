"""A real browser and server. A breach of the security policy or an error of a script fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# Playwright keeps an event loop in the thread of the tests, which also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# WhiteNoise gives static files to any origin, so the sandbox of key files has its font; the test server not.
NO_COMPLAINTS = ("Failed to load resource", "Access to font at")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = settings.BASE_DIR / "docs" / "guide" / "pictures"
PHONE, TABLET, DESK = (360, 780), (768, 1024), (1440, 900)


def find_browser() -> str | None:
    """The one named in CHROMIUM, the system's, or (None) the one that Playwright has installed."""
    named = os.environ.get("CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


def beside_the_browser(work: Callable[[], Any]) -> Any:
    """In a thread without Playwright's event loop, for what (as signing does) runs one of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def address(live_server: Any) -> str:
    """Where the server is."""
    return live_server.url


@pytest.fixture
def contexts(browser: Browser, address: str) -> Iterator[SimpleNamespace]:
    """All contexts of a test, and what their consoles complained of."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error" and not message.text.startswith(NO_COMPLAINTS)
                else None
            ),
        )

    def open_context(
        person: Any = None,
        size: tuple[int, int] = DESK,
        language: str = "vi",
        touch: bool = False,
        scripts: bool = True,
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=address,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion="reduce",
            timezone_id="Asia/Ho_Chi_Minh",
            locale="vi-VN",
            has_touch=touch,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(30_000)  # the first page warms the templates up
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if person is not None:
            if person.language != language:
                person.language = language
                person.save(update_fields=["language"])
            client = Client()
            client.force_login(person)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        context.on("page", listen)
        opened.append(context)
        return context

    yield SimpleNamespace(open=open_context, complaints=complaints)
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def page_for(contexts: SimpleNamespace) -> Callable[..., Page]:
    """`page_for(person)`: a browser, signed in. `size` is PHONE, TABLET or DESK; `language` vi or en."""

    def open_page(person: Any = None, **wishes: Any) -> Page:
        return contexts.open(person, **wishes).new_page()

    return open_page


@pytest.fixture
def page(page_for: Callable[..., Page]) -> Page:
    """A browser in which nobody is signed in."""
    return page_for()


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """WCAG 2.2 AA and good practice, on the page as it stands."""

    def check(page: Page) -> None:
        results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        found = [
            f"{breach['id']}: {breach['help']}\n    "
            + "\n    ".join(node["html"] for node in breach["nodes"][:3])
            for breach in results.response["violations"]
        ]
        assert not found, f"{page.url}\n" + "\n".join(found)

    return check


@pytest.fixture
def check_fit() -> Callable[[Page], None]:
    """Nothing sticks out sideways."""

    def check(page: Page) -> None:
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], f"{page.url} is {width[0]} wide in a window of {width[1]}"

    return check


@pytest.fixture
def picture() -> Callable[..., None]:
    """`picture(page, "desk")` for the guide, when the environment says PICTURES=1; else nothing."""

    def take(page: Page, name: str, whole: bool = False) -> None:
        if not os.environ.get("PICTURES"):
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state("networkidle")
        shot = Image.open(BytesIO(page.screenshot(full_page=whole)))
        shot.convert("RGB").save(PICTURES / f"{name}.webp", quality=84, method=6)

    return take
