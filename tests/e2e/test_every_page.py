"""Every kind of public page, in Chinese, English and traditional characters, can be used by everybody and is valid.

The pages are those of tests/walk.py, which leave out no route of the URL configuration. Each is loaded once, what folds
is opened, and then the window is made narrower and the text larger, as readers would. Nothing may stand out of the page
to the side, and axe may find nothing, with `target-size` and `color-contrast-enhanced`, which it leaves off, at 320,
768 and 1280 px:

- light: all its rules;
- light, text at 200 % by the browser's own setting, 32 px instead of 16: the rules that look at places and colours;
- light, the largest text that the site itself offers, which is smaller than that: the rules that look at places;
- dark: the rules that look at colours, which are all that it changes;
- dark, text at 200 %, where the one might spoil the other: the same at 320 px.

The W3C's checker is asked about the same pages. PAINSITE_VNU names its jar; tests/run.py fetches it.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, resolve
from django.utils import translation
from playwright.sync_api import BrowserContext, CDPSession, Page, Response

from glossary import views
from painsite import urls
from publishing import reading
from tests import walk
from tests.addresses import routes
from tests.walk import Stop

LANGUAGES = ("zh-hans", "en", "zh-hant")

PLACES = ["target-size", "scrollable-region-focusable"]
COLOURS = ["color-contrast-enhanced", "link-in-text-block"]  # the former holds more than `color-contrast`
ALL = {"rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}}
FIND = """async (options) => {
  const found = (await axe.run(document, {...options, resultTypes: ["violations"]})).violations;
  const root = document.documentElement;
  const outside = [...document.querySelectorAll("body *")].filter(
    (each) => root.scrollWidth > root.clientWidth && each.getBoundingClientRect().right > root.clientWidth + 1);
  return [
    ...found.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html}`)),
    ...outside.slice(0, 3).map((each) => `stands out: ${each.outerHTML.slice(0, 100)}`),
    ...(root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px wide`] : []),
  ];
}"""
SUBMIT = """(form) => {
  form.noValidate = true;
  for (const each of form.querySelectorAll(":checked")) each.checked = false;
  form.submit();
}"""

WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(
  (each) => [each.value, ...each.sources.map((source) => source.node?.outerHTML?.slice(0, 100))]
))).observe({type: "layout-shift", buffered: true});"""
TAKE_AWAY = """() => {
  const kinds = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (kinds.nextNode()) {
    const node = kinds.currentNode;
    if (!node.parentElement.closest("svg") && (node.nodeType === 1 || node.data.trim())) nodes.push(node);
  }
  const range = document.createRange();
  const alone = "input, select, textarea, button, img, svg";
  const place = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    if (node === element && !node.matches(alone) && !node.textContent.trim() && !node.querySelector(alone)) return;
    if (node !== element) range.selectNodeContents(node);
    const [box] = (node === element ? node : range).getClientRects();
    const isSeen = box?.width && box.height && box.bottom > 0 && box.top < innerHeight;
    if (isSeen && element.checkVisibility({visibilityProperty: true})) return [box.left, box.top];
  };
  const places = new Map(nodes.map((node) => [node, place(node)]).filter(([, at]) => at));
  const moved = new Map();
  for (const last of nodes.reverse()) {
    const isPiece = last.nodeType === 3 || last.matches(alone);
    const isWithin = last.parentElement.closest(".kept");
    last.remove();
    places.delete(last);
    if (isPiece && !isWithin) for (const [node, [left, top]] of places) {
      const now = place(node);
      if (now && Math.abs(now[0] - left) + Math.abs(now[1] - top) >= 1)
        moved.set(node, `${(node.outerHTML ?? node.data).slice(0, 100)} by ${last.outerHTML ?? last.data}`);
    }
  }
  return [...moved.values()];
}"""
"""Takes a page away from its end, piece by piece, and tells what of its first screen was elsewhere before.

However the network cuts a page, these are the states in which it is shown. A word and its mark count as one piece.
"""
SHIFTS = """() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(shifts), 200)))"""


class View(NamedTuple):
    """How a reader has set the browser and, on the page of preferences, the site; and what is then asked of axe."""

    name: str
    rules: dict[str, Any]
    scheme: Literal["light", "dark"] = "light"
    pixels: int = 16
    preference: str = "normal"
    comes_out_at: float = 18
    """Pixels of text in the page."""
    widths: tuple[int, ...] = (320, 768, 1280)


VIEWS = [
    View("light", ALL),
    View("light at 200 %", {"runOnly": PLACES + COLOURS}, pixels=32, comes_out_at=36),
    View("light, largest text", {"runOnly": PLACES}, preference="largest", comes_out_at=27),
    View("dark", {"runOnly": COLOURS}, scheme="dark"),
    View("dark at 200 %", {"runOnly": COLOURS}, scheme="dark", pixels=32, comes_out_at=36, widths=(320,)),
]


# The site -------------------------------------------------------------------------------------------------------------


def broken(request: HttpRequest, status: int) -> HttpResponse:
    raise PermissionDenied if status == 403 else RuntimeError


handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [*urls.urlpatterns, *i18n_patterns(path(f"{walk.BROKEN}<int:status>/", broken))]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.paginated, "__defaults__", (walk.PER_PAGE,))
    monkeypatch.setattr(views, "TERMS_ON_ONE_PAGE", walk.PER_PAGE)


@pytest.mark.django_db
def test_the_walk_leaves_out_no_public_route() -> None:
    walk.publish()
    with translation.override("en"):
        paths = [urlsplit(stop.path).path for stop in walk.stops("en") if stop.status == 200]
        walked = {resolve(each, "painsite.urls").view_name for each in paths}
        every = {route.name for route in routes(get_resolver("painsite.urls"))}
        public = {name for name in every if not name.startswith(("admin", "desk:"))}
    assert walked | walk.NEVER_A_PAGE == public


# For everybody --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("half", [0, 1])  # so that two workers have equal shares
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_and_nothing_stands_out(
    new_context: Callable[..., BrowserContext], transactional_db: None, language: str, half: int
) -> None:
    page = new_context(has_touch=True, reduced_motion="reduce").new_page()
    devtools = page.context.new_cdp_session(page)
    wrong = [found for stop in hubs_of_empty_site(language)[half::2] for found in look(page, devtools, stop)]
    walk.publish()
    wrong += [found for stop in walk.stops(language)[half::2] for found in look(page, devtools, stop)]
    assert not wrong, "\n".join(wrong)


def hubs_of_empty_site(language: str) -> list[Stop]:
    return [Stop(f"/{language}/{hub}") for hub in walk.HUBS]


def look(page: Page, devtools: CDPSession, stop: Stop) -> Iterator[str]:
    """What is wrong with a page, and where."""
    response = visit(page, stop)
    assert response.status == stop.status, stop
    page.evaluate(Axe().axe_script)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    if stop.opens_term:
        page.locator("button.term").first.click()
    for view in VIEWS:
        page.emulate_media(color_scheme=view.scheme)
        devtools.send("Page.setFontSizes", {"fontSizes": {"standard": view.pixels}})
        page.evaluate("name => document.documentElement.dataset.text = name", view.preference)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == view.comes_out_at
        for width in view.widths:
            page.set_viewport_size({"width": width, "height": 800})
            for found in page.evaluate(FIND, view.rules):
                yield f"{stop.path[:80]} {view.name}, {width} px: {found}"


def visit(page: Page, stop: Stop) -> Response:
    response = page.goto(stop.path)
    if stop.is_posted:
        with page.expect_navigation() as navigation:
            page.locator("form[method=post]").first.evaluate(SUBMIT)
        response = navigation.value
    assert response
    return response


# At rest --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_while_a_page_comes(
    new_context: Callable[..., BrowserContext], transactional_db: None, language: str
) -> None:
    walk.publish()
    for width in (360, 1280):
        page = new_context(viewport={"width": width, "height": 800}).new_page()
        devtools = page.context.new_cdp_session(page)
        page.add_init_script(WATCH_SHIFTS)
        for place in ("", "articles/article/", "facts/", "facts/fact-false/", "glossary/closure/"):
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})  # it comes in pieces
            page.goto(f"/{language}/{place}")
            assert page.evaluate(SHIFTS) == [], f"{place} at {width} px"
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            assert page.evaluate(TAKE_AWAY) == [], f"{place} at {width} px"


# Valid ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_w3cs_checker_finds_nothing(tmp_path: Path) -> None:
    jar = os.environ.get("PAINSITE_VNU")
    if not jar:
        pytest.skip("left out: no checker of the W3C; tests/run.py fetches it where there are npm and java")
    client = Client(raise_request_exception=False, headers={"accept-language": "en", "sec-fetch-site": "same-origin"})
    stops = [stop for language in LANGUAGES for stop in hubs_of_empty_site(language)]
    pages = [client.get(stop.path).content for stop in stops]
    walk.publish()
    for stop in (stop for language in LANGUAGES for stop in walk.stops(language)):
        response = client.post(stop.path) if stop.is_posted else client.get(stop.path)
        assert response.status_code == stop.status, stop
        stops.append(stop)
        pages.append(response.content)
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.html").write_bytes(page)
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--stdout", tmp_path], capture_output=True, text=True
    )
    wrong = [
        f"{stops[int(Path(said['url']).stem)].path}: {said['message']} {said.get('extract', '')}"
        for said in json.loads(done.stdout)["messages"]
    ]
    assert not wrong, "\n".join(wrong)
