"""The picture of the body on the home page: found by finger, mouse and keyboard, and known by its names."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Facet, Region
from tests.factories import ArticleFactory, FigureFactory, TopicFactory, publish_all

AXE = {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}}
REGIONS = {
    "Headache": Region.HEAD,
    "Neck": Region.NECK_SHOULDER,
    "Chest": Region.CHEST,
    "Belly": Region.ABDOMEN,
    "Upper back": Region.BACK,
    "Lower back": Region.LOWER_BACK,
    "Arms": Region.ARM,
    "Legs": Region.LEG,
    "Joints": Region.JOINTS,
}
# Width and height of what leads to each topic, measured where a finger can meet it: per view, and for what the body has
# on both sides per side.
HIT = """() => {
  const hit = {};
  for (const svg of document.querySelectorAll(".body-views svg")) {
    svg.scrollIntoView({block: "center", behavior: "instant"});
    const box = svg.getBoundingClientRect();
    for (let x = box.left; x < box.right; x++) for (let y = box.top; y < box.bottom; y++) {
      const place = document.elementFromPoint(x, y)?.closest("a.place");
      if (!place) continue;
      const name = place.querySelector("title").textContent;
      const side = ["Arms", "Joints"].includes(name) && x > (box.left + box.right) / 2;
      const was = hit[[svg.getAttribute("aria-labelledby"), name, side]] ??= [x, y, x, y];
      was[0] = Math.min(was[0], x);
      was[1] = Math.min(was[1], y);
      was[2] = Math.max(was[2], x + 1);
      was[3] = Math.max(was[3], y + 1);
    }
  }
  return Object.fromEntries(Object.entries(hit).map(([key, [a, b, c, d]]) => [key, [c - a, d - b]]));
}"""


@pytest.fixture
def topics(live_server: Any) -> None:
    publish_all(*(TopicFactory(name_en=name, facet=Facet.BODY_PART, region=region) for name, region in REGIONS.items()))


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_each_place_is_large_enough_for_a_finger_on_the_narrowest_phone(
    new_context: Callable[..., BrowserContext], topics: None
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}, has_touch=True).new_page()
    page.goto("/en/")
    sizes = page.evaluate(HIT)
    assert {key.split(",")[1] for key in sizes} == set(REGIONS)
    assert {name: size for name, size in sizes.items() if min(size) < 44} == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The list beside it has room for its words, also in large text on a tablet.
    page.context.add_cookies([{"name": "preferences", "value": "large", "url": page.url}])
    page.set_viewport_size({"width": 768, "height": 1024})
    page.reload()
    heights = page.locator(".body-list span").evaluate_all("(all) => all.map((each) => each.clientHeight)")
    assert len(heights) == len(REGIONS)
    assert max(heights) < 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(new_context: Callable[..., BrowserContext], topics: None, scheme: Any) -> None:
    page = new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme).new_page()
    page.goto("/en/")
    assert_accessible(page)


def test_a_place_is_reached_by_keyboard_shows_its_focus_and_leads_to_its_topic(page: Page, topics: None) -> None:
    page.goto("/en/")
    knee = page.locator(".body-views").get_by_role("link", name="Joints").first
    shape = knee.locator("circle").first
    before = shape.evaluate("shape => getComputedStyle(shape).strokeWidth")
    for _ in range(40):
        page.keyboard.press("Tab")
        if knee.evaluate("place => place === document.activeElement"):
            break
    expect(knee).to_be_focused()
    assert shape.evaluate("shape => getComputedStyle(shape).strokeWidth") > before
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Joints")


def test_a_figure_is_an_image_with_a_name_and_a_description(page: Page, live_server: Any) -> None:
    article = ArticleFactory(slug="pain")
    FigureFactory(article=article)
    publish_all(article)
    page.goto("/en/articles/pain/")
    drawing = page.get_by_role("img", name="The three steps")
    expect(drawing).to_be_visible()
    expect(drawing).to_have_accessible_description("Mild pain Moderate pain Severe pain")
    assert_accessible(page)
