"""Searching in a browser: suggestions by keyboard and finger, a plain form without script, whatever is typed."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import ArticleFactory, MisconceptionFactory, TermFactory, TopicFactory, publish_all

AXE = {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}}


@pytest.fixture(autouse=True)
def _texts(live_server: Any) -> None:
    topic = TopicFactory(name_zh_hans="神经痛", name_en="Nerve pain")
    publish_all(
        topic,
        TermFactory(slug="nerve-block", name_zh_hans="神经阻滞", name_en="nerve block"),
        ArticleFactory(title_zh_hans="什么是神经阻滞", title_en="What is a nerve block", topics=[topic]),
        MisconceptionFactory(question_zh_hans="神经阻滞伤神经吗", question_en="Does a nerve block harm the nerve?"),
    )


def test_a_suggestion_is_chosen_by_keyboard(page: Page) -> None:
    page.goto("/zh-hans/")
    box = page.get_by_role("combobox")
    box.press_sequentially("sjz")
    expect(page.get_by_role("option")).to_have_text(["神经阻滞", "神经阻滞伤神经吗"])
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_text("神经阻滞")
    box.press("Enter")
    expect(page.locator(".answer > a")).to_have_text("神经阻滞")
    page.locator(".answer > a").click()
    expect(page).to_have_url("/zh-hans/glossary/nerve-block/")


def test_a_suggestion_is_chosen_by_finger_and_escape_closes_the_list(page: Page) -> None:
    page.goto("/en/")
    box = page.get_by_role("combobox")
    box.press_sequentially("ner")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press_sequentially("ve")
    page.get_by_role("option", name="nerve block", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What we found for “nerve block”")


def test_without_script_there_is_a_form(new_context: Any) -> None:
    context: BrowserContext = new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/")
    page.get_by_role("searchbox").fill("nerv blok")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.locator(".answer > a")).to_have_text("nerve block")
    page.locator(".narrow > summary").click()
    page.get_by_label("Kind of page").select_option("Articles")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".results > li > a")).to_have_text(["What is a nerve block"])
    assert not context.cookies()


@pytest.mark.parametrize("typed", ['"', "*", "NEAR", "😀", "a" * 10_000, "' OR 1=1 --", "\ud800"])
def test_whatever_is_typed_is_answered(page: Page, typed: str) -> None:
    page.goto("/en/")
    page.get_by_role("combobox").evaluate("(box, text) => { box.value = text; box.form.submit(); }", typed)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_title(re.compile("^Search"))


def test_a_whole_letter_that_is_pasted_is_answered(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("combobox").fill("痛" * 10_000)
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_title(re.compile("^Search"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/en/search/?q=nerv blok", "/zh-hant/search/?q=神經阻滯", "/en/search/?q=gout"])
def test_results_are_accessible_and_fit(new_context: Any, path: str, width: int, scheme: str) -> None:
    page = new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    page.goto(path)
    assert Axe().run(page, options=AXE).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_open_list_is_accessible(page: Page) -> None:
    page.goto("/en/")
    page.get_by_role("combobox").press_sequentially("ner")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert Axe().run(page, options=AXE).response["violations"] == []
