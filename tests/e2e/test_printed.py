"""From the paper back to the site: a sheet is printed, the page changes, and the symbol on the sheet says so."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from publishing.models import ChangeKind
from tests.factories import ArticleFactory, publish, publish_all, withdraw
from tests.paper import Paper, needs_press, patience

__all__ = ["patience"]
AXE = {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}}
TEXTS = {
    "en": ("Take 10 mg at noon.", "Take 20 mg at noon.", ["10 mg"], ["20 mg"]),
    "zh-hans": ("中午服用 10 mg。", "中午服用 20 mg。", ["10 mg"], ["20 mg"]),
}


@pytest.fixture
def article(live_server: Any, patience: None) -> Any:
    article = ArticleFactory(
        slug="pain", title_zh_hans="止痛药", title_en="Pain medicine", summary_zh_hans=TEXTS["zh-hans"][0],
        summary_en=TEXTS["en"][0],
    )  # fmt: skip
    publish_all(article)
    return article


def pressed(page: Page, button: Locator) -> bytes:
    """The PDF that the button leads to; what Chromium does with it is its own affair."""
    with page.expect_response(lambda response: "handout.pdf" in response.url) as answer:
        button.click()
    response = page.context.request.get(answer.value.url)
    assert response.headers["content-type"] == "application/pdf"
    return response.body()


@needs_press
@pytest.mark.parametrize("language", TEXTS)
def test_a_printed_symbol_says_that_the_sheet_was_superseded_and_what_changed(
    page: Page, article: Any, language: str
) -> None:
    old, new, removed, added = TEXTS[language]
    page.goto(f"/{language}/articles/pain/")
    page.locator("details.paper summary").click()
    paper = Paper(pressed(page, page.locator("details.paper form").first.get_by_role("button")))
    assert old.replace(" ", "") in paper.words
    (printed,) = {link for link in paper.links if f"/{language}/editions/" in link}

    page.goto(printed)
    expect(page.locator("section.notice").first).to_be_visible()
    expect(page.locator(".changes")).to_have_count(0)
    for code, texts in TEXTS.items():
        setattr(article, f"summary_{code.replace('-', '_')}", texts[1])
    article.save()
    for code in dict.fromkeys(["zh-hans", language]):  # a translation says what its source says
        publish(article, code, ChangeKind.WORDING)

    page.goto(printed)
    expect(page.locator("section.notice-urgent")).to_be_visible()
    expect(page.locator(".changes del")).to_have_count(2)
    assert page.locator(".changes del").all_inner_texts()[1:] == removed
    assert page.locator(".changes ins").all_inner_texts()[1:] == added
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    page.locator("section.notice-urgent a").click()
    expect(page).to_have_url(f"{printed.split(f'/{language}/')[0]}/{language}/articles/pain/")
    expect(page.get_by_text(new).first).to_be_visible()

    withdraw(article.editions.filter(language=language).latest())
    assert page.goto(printed).status == 410  # type: ignore[union-attr]
    expect(page.get_by_text(old)).to_have_count(0)


@needs_press
@pytest.mark.parametrize("has_script", [True, False])
def test_my_sheets_are_gathered_and_printed_as_one(new_context: Any, article: Any, has_script: bool) -> None:
    publish_all(ArticleFactory(slug="rest", title_en="Rest"))
    context: BrowserContext = new_context(java_script_enabled=has_script, locale="en")
    page = context.new_page()
    for slug in ("pain", "rest"):
        page.goto(f"/en/articles/{slug}/")
        page.locator("details.paper summary").click()
        page.get_by_role("button", name="Add to my sheets").click()
    page.get_by_role("button", name="Earlier: Rest").click()
    expect(page.locator(".sheets li a")).to_have_text(["Rest", "Pain medicine"])
    paper = Paper(pressed(page, page.get_by_role("button", name="Make one PDF")))
    assert [each.title for each in paper.reader.outline if not isinstance(each, list)] == [
        "Hand-outs",
        "Rest",
        "Pain medicine",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", TEXTS)
def test_everybody_can_use_them(page: Page, article: Any, scheme: Any, language: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"/{language}/articles/pain/")
    page.locator("details.paper summary").click()
    check(page)
    page.locator("details.paper button[name=add]").click()
    page.wait_for_url("**/handouts/")  # with its stylesheet: colours are looked at
    check(page)
    edition = article.editions.get(language=language)
    page.goto(f"/{language}/editions/{edition.pk}/")
    check(page)


def check(page: Page) -> None:
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
