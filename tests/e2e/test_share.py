"""Passing a page on: the button copies the address, and without script the address is there to be copied by hand."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from publishing.models import Edition, Feedback
from tests.factories import ArticleFactory, publish_all

AXE = {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}}
PATHS = {"en": "/en/articles/pain/", "zh-hans": "/zh-hans/articles/pain/"}


@pytest.fixture(autouse=True)
def _article(live_server: Any) -> None:
    publish_all(ArticleFactory(slug="pain"))


@pytest.mark.parametrize("language", PATHS)
def test_the_button_copies_the_address(page: Page, live_server: Any, language: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(PATHS[language])
    page.locator(".share summary").click()
    page.locator("[data-copy]").click()
    expect(page.locator(".share [role=status]")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == live_server.url + PATHS[language]


def test_without_script_there_are_address_and_symbol_and_no_button(new_context: Any, live_server: Any) -> None:
    context: BrowserContext = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(PATHS["en"])
    page.locator(".share summary").click()
    expect(page.get_by_text(live_server.url + PATHS["en"])).to_be_visible()
    expect(page.locator(".qr")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()


def test_the_button_at_the_head_of_the_page_opens_it(page: Page) -> None:
    page.goto(PATHS["en"])
    for _ in range(2):
        page.locator(".tools").get_by_role("link", name="Share").click()
        expect(page.locator(".qr")).to_be_in_viewport()
        page.locator(".share summary").click()
        expect(page.locator(".qr")).to_be_hidden()


def test_on_paper_the_symbol_is_three_centimetres_wide_without_being_opened(page: Page) -> None:
    page.goto(PATHS["en"])
    page.emulate_media(media="print")
    box = page.locator(".qr").bounding_box()
    assert box
    assert box["width"] / 96 * 2.54 >= 3


@pytest.mark.parametrize("has_script", [True, False])
def test_a_reader_says_that_it_was_not_helpful(new_context: Any, has_script: bool) -> None:
    context: BrowserContext = new_context(java_script_enabled=has_script, locale="en")
    page = context.new_page()
    page.goto(PATHS["en"])
    page.locator(".helpful").get_by_text("No", exact=True).click()
    page.locator(".feedback summary").click()
    page.get_by_label("What is it about?").select_option("Definition")
    page.get_by_label("What should be better?").fill("Say more.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert not context.cookies()
    said = Feedback.objects.get()
    assert (said.helpful, said.heading, said.remark) == (False, "Definition", "Say more.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_and_thanks_can_be_used_by_everybody(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 800})
    for edition in Edition.objects.live():
        for query in ("", "?thanks"):
            page.goto(f"/{edition.language}/feedback/{edition.pk}/{query}")
            for details in page.locator("main details").all():
                details.locator("summary").click()
            found = Axe().run(page, options=AXE)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
