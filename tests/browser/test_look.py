"""The shell and the style guide: all sizes, both languages, without script, on the keyboard and on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, TABLET

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEMO = True


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_component_is_accessible_and_fits(page_for, cast, check_axe, check_fit, language):
    page = page_for(cast.minister, language=language)
    page.goto("/styleguide/")

    expect(page.locator("html")).to_have_attribute("lang", language)
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        check_axe(page)
        check_fit(page)


def test_nothing_is_smaller_than_sixteen_pixels_and_no_target_than_forty_four(page_for, cast):
    page = page_for(cast.minister, size=PHONE)
    page.goto("/styleguide/")

    small = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
            .filter((e) => e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 15.9)
            .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert small == []
    low = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, summary, select, input:not([type=hidden])")]
            .map((e) => e.closest("label") ?? e)
            .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 43.5)
            .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert low == []


def test_larger_text_is_kept_and_still_fits_a_phone(page_for, cast, check_fit):
    page = page_for(cast.minister, size=PHONE)
    page.goto("/styleguide/")
    page.get_by_text("Menu", exact=True).click()
    page.locator(".menu-of-pages button[value='xl']").click()

    expect(page.locator("html")).to_have_attribute("data-text-size", "xl")
    cast.minister.refresh_from_db()
    assert cast.minister.text_size == "xl"
    check_fit(page)


def test_the_menu_works_without_script(contexts, browser, cast, live_server):
    signed_in = contexts.open(cast.minister, size=PHONE)
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": PHONE[0], "height": PHONE[1]},
        storage_state=signed_in.storage_state(),
    )
    page = context.new_page()
    page.goto("/styleguide/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="Danh bạ").click()

    expect(page.locator("h1")).to_have_text("Danh bạ")
    context.close()


def test_the_first_tab_skips_to_the_content(page_for, cast):
    page = page_for(cast.minister)
    page.goto("/people/")
    page.keyboard.press("Tab")

    expect(page.get_by_text("Chuyển đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_escape_closes_the_menu_and_gives_focus_back(page_for, cast):
    page = page_for(cast.minister)
    page.goto("/people/")
    summary = page.locator(".menu-of-user summary")
    summary.click()
    page.keyboard.press("Escape")

    expect(page.locator(".menu-of-user")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_a_refused_form_puts_focus_on_the_list_of_errors(page_for, cast):
    page = page_for(cast.minister)
    page.goto("/styleguide/")

    expect(page.locator("error-summary")).to_be_focused()
    page.locator("error-summary a").first.click()
    expect(page.locator("#refused_subject")).to_be_focused()


def test_on_paper_there_is_no_navigation(page_for, cast):
    page = page_for(cast.minister)
    page.goto("/people/")
    page.emulate_media(media="print")

    expect(page.locator("header.site-header")).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert "Tinos" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_a_page_without_the_reader_stays_light(page_for, cast):
    page = page_for(cast.minister)
    answers = []
    page.on("response", lambda answer: answers.append(answer.url))
    page.goto("/people/")
    page.wait_for_load_state("networkidle")

    assert len([url for url in answers if "favicon" not in url and "mark.svg" not in url]) <= 16
