"""The definition of a term opens by mouse, touch and keyboard, closes with Escape, and prints as a footnote."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import ArticleFactory, TermFactory, publish_all

AXE = {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}}
PATHS = {"en": "/en/articles/pain/", "zh-hans": "/zh-hans/articles/pain/"}


@pytest.fixture
def article(live_server: Any) -> None:
    publish_all(
        TermFactory(
            slug="nerve-block",
            name_en="nerve block",
            name_zh_hans="神经阻滞",
            definition_en="A precise injection.",
            definition_zh_hans="准确的注射。",
        ),
        TermFactory(slug="gout", name_en="gout", name_zh_hans="痛风", definition_en="Crystals in a joint."),
        ArticleFactory(
            slug="pain",
            summary_en="A nerve block helps.",
            summary_zh_hans="神经阻滞有效。",
            body_en="<p>Gout hurts. A nerve block helps.</p>",
            body_zh_hans="<p>痛风很疼。神经阻滞有效。</p>",
        ),
    )


def open_first(page: Page) -> None:
    button, definition = page.locator("button.term").first, page.locator(".footnote").first
    expect(definition).to_be_hidden()
    button.click()
    expect(definition).to_be_visible()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_it_is_accessible_on_a_phone(
    new_context: Callable[..., BrowserContext], article: None, language: str, scheme: Any
) -> None:
    page = new_context(viewport={"width": 360, "height": 640}, has_touch=True, color_scheme=scheme).new_page()
    page.goto(PATHS[language])
    page.locator("button.term").first.tap()
    expect(page.locator(".footnote").first).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    close = page.locator(".footnote button").first.bounding_box()
    assert close is not None
    assert close["height"] >= 44
    page.locator(".footnote button").first.tap()
    expect(page.locator(".footnote").first).to_be_hidden()


def test_it_works_without_a_script(new_context: Callable[..., BrowserContext], article: None) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(PATHS["en"])
    open_first(page)
    expect(page.locator(".footnote").first).to_contain_text("nerve block A precise injection.")
    page.keyboard.press("Escape")
    expect(page.locator(".footnote").first).to_be_hidden()


def test_by_keyboard_it_opens_leads_on_and_gives_the_focus_back(page: Page, article: None) -> None:
    page.goto(PATHS["en"])
    button, definition = page.locator("button.term").first, page.locator(".footnote").first
    button.focus()
    page.keyboard.press("Enter")
    expect(definition).to_be_visible()
    page.keyboard.press("Tab")
    expect(definition.locator("a")).to_be_focused()
    page.keyboard.press("Escape")
    expect(definition).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    expect(definition).to_be_visible()
    definition.locator("a").click()
    page.wait_for_url("**/en/glossary/nerve-block/")


def test_on_paper_they_are_numbered_footnotes(page: Page, article: None) -> None:
    page.goto(PATHS["en"])
    page.emulate_media(media="print")
    notes = page.locator(".footnote")
    expect(notes).to_have_count(2)
    for number in (0, 1):
        expect(notes.nth(number)).to_be_visible()
    expect(page.locator(".footnote-ways").first).to_be_hidden()
    markers = "els => els.map(e => getComputedStyle(e, '::after').content)"
    assert page.locator("button.term").evaluate_all(markers) == ["counter(term)", "counter(term)"]
    boxes = [notes.nth(number).bounding_box() for number in (0, 1)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]


def test_a_mark_behind_a_word_never_begins_a_line(page: Page, live_server: Any) -> None:
    publish_all(
        TermFactory(slug="gout", name_en="gout", name_zh_hans="痛风"),
        ArticleFactory(slug="pain", summary_en="What about gout?", summary_zh_hans="这种疼痛也可能是（痛风）。"),
    )
    marks = """() => [...document.querySelectorAll(".lead .kept")].map((kept) => {
      const range = document.createRange();
      range.selectNode(kept.lastChild);
      const [mark, word] = [range, kept.querySelector("button")].map((each) => each.getBoundingClientRect());
      return word.top < mark.bottom && mark.top < word.bottom && mark.left > word.left;
    })"""
    for language in PATHS:
        page.goto(PATHS[language])
        for width in range(320, 420, 3):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(marks) == [True], (language, width)
