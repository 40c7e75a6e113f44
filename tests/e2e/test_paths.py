"""From home to the answer, as a patient goes: by keyboard alone, with script off, by finger on the narrowest phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from articles.models import Facet, Region, VerdictOnMyth
from tests.factories import ArticleFactory, MisconceptionFactory, TopicFactory, publish_all

NewContext = Callable[..., BrowserContext]

WORDS = {
    "en": {
        "topic": "Low back pain",
        "article": "What a nerve block is",
        "key message": "A nerve block stops one nerve passing on pain. It is not a closure injection.",
        "question": "Is a nerve block a closure injection?",
        "verdict": "Common belief: False",
        "fact": "No. A closure injection goes into the spot that hurts, a nerve block to the nerve.",
    },
    "zh-hans": {
        "topic": "腰痛",
        "article": "什么是神经阻滞",
        "key message": "神经阻滞让一条神经不再传导疼痛，它不是封闭针。",
        "question": "神经阻滞就是打封闭吗？",
        "verdict": "常见说法：不对",
        "fact": "不是。封闭针打在痛处，神经阻滞打在神经旁。",
    },
}
# Whether one sees where the keyboard is: a frame, which may be the element's own or, on the body, thicker lines.
SHOWS_FOCUS = """(element) => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const isThere = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const isFramed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3;
  return isThere && (isFramed || (element.matches(".place") && parseFloat(style.strokeWidth) >= 4));
}"""


@pytest.fixture(autouse=True)
def _site(live_server: Any) -> None:
    """What the patient looks for, among other things."""
    topic = TopicFactory(facet=Facet.BODY_PART, region=Region.LOWER_BACK, **both("name", "topic"))
    neck = TopicFactory(facet=Facet.BODY_PART, region=Region.NECK_SHOULDER)
    fact = MisconceptionFactory(verdict=VerdictOnMyth.FALSE, **both("question", "question"), **both("fact", "fact"))
    others = [MisconceptionFactory(), MisconceptionFactory()]
    article = ArticleFactory(
        topics=[topic], misconceptions=[*others, fact], **both("title", "article"), **both("summary", "key message")
    )
    publish_all(topic, neck, TopicFactory(), fact, *others, article, ArticleFactory(topics=[topic]))


def both(field: str, words: str) -> dict[str, str]:
    """A field in both languages, for a factory."""
    return {f"{field}_{language.replace('-', '_')}": said[words] for language, said in WORDS.items()}


def walk(page: Page, language: str, follow: Callable[[Page, Locator], None]) -> None:
    """Home, the place that hurts, the article and its key message, the question and its answer."""
    words = WORDS[language]
    page.goto(f"/{language}/")
    follow(page, page.locator(".body-list").get_by_role("link", name=words["topic"]))
    arrive(page, words["topic"])
    follow(page, page.get_by_role("main").get_by_role("link", name=words["article"]))
    arrive(page, words["article"])
    read(page.locator("article > .lead"), words["key message"])
    follow(page, page.get_by_role("main").get_by_role("link", name=words["question"]))
    arrive(page, words["question"])
    read(page.get_by_text(words["verdict"]), words["verdict"])
    read(page.locator(".fact .lead").first, words["fact"])


def arrive(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state()  # a page can be read, and measured, before its stylesheet is there


def read(text: Locator, words: str) -> None:
    expect(text).to_have_text(words)
    text.scroll_into_view_if_needed()
    expect(text).to_be_in_viewport(ratio=0.95)


@pytest.mark.parametrize("language", WORDS)
def test_by_keyboard_alone(new_context: NewContext, language: str) -> None:
    def follow(page: Page, link: Locator) -> None:
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_attribute("href", "#main")
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        for _ in range(60):
            page.keyboard.press("Tab")
            assert page.locator(":focus").evaluate(SHOWS_FOCUS), page.locator(":focus").evaluate("e => e.outerHTML")
            if link.evaluate("link => link === document.activeElement"):
                break
        expect(link).to_be_focused()
        page.keyboard.press("Enter")

    walk(new_context(viewport={"width": 1280, "height": 900}).new_page(), language, follow)


@pytest.mark.parametrize("language", WORDS)
def test_with_script_off(new_context: NewContext, language: str) -> None:
    def follow(page: Page, link: Locator) -> None:
        expect(page.locator("button:visible").filter(has_text=re.compile("Print|Listen|打印|朗读"))).to_have_count(0)
        link.click()

    context = new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    walk(context.new_page(), language, follow)


@pytest.mark.parametrize("language", WORDS)
def test_by_finger_at_320_pixels(new_context: NewContext, language: str) -> None:
    def follow(page: Page, link: Locator) -> None:
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        link.tap()

    context = new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    walk(context.new_page(), language, follow)
