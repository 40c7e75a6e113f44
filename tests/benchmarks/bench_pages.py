"""What a page of the department's own texts costs a reader: its weight, and how soon it stands there.

    PAINSITE_CHROMIUM=/usr/bin/chromium python -m pytest -s tests/benchmarks/bench_pages.py

Figures are printed beside what they should reach. Weights are of what a page fetches, compressed by gzip; that they
and the shifts stay within bounds is asserted in tests/test_weight.py and tests/e2e/test_every_page.py. The
largest paint is the slowest of five cold loads from this machine, with the processor slowed four times.
"""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import BrowserContext

from articles.models import Article
from publishing.models import Edition
from tests.e2e.conftest import browser_context_args, browser_type_launch_args, new_context  # noqa: F401
from tests.e2e.test_every_page import SHIFTS, WATCH_SHIFTS
from tests.pages import Document
from tests.test_weight import compressed, parts

LOADS, SLOWED = 5, 4
PLACES = {
    "home": "",
    "article": "articles/nerve-block-is-not-closure/",
    "facts": "facts/",
    "fact": "facts/is-nerve-block-a-closure-injection/",
    "term": "glossary/nerve-block/",
}
LARGEST_PAINT = """() => new Promise((resolve) => new PerformanceObserver(
  (list) => resolve(list.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def printed(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="")

    return printed


@pytest.mark.django_db
def test_weight(client: Client, show: Callable[[str], None]) -> None:
    call_command("seed", stdout=StringIO())
    weights = {}
    for edition in Edition.objects.of_kind(Article).live():
        content = client.get(edition.get_absolute_url()).content
        weights[compressed(content), edition.get_absolute_url()] = parts(Document(content))
    (html, address), fetched = max(weights.items())
    style, script = (sum(size for name, size in fetched.items() if name.endswith(end)) for end in (".css", ".js"))
    icons = sum(fetched.values()) - style - script
    show(f"the heaviest article, {address}: {(html + sum(fetched.values())) / 1000:.1f} kB (aim 60)")
    show(f"of it HTML {html / 1000:.1f}, style {style / 1000:.1f} (aim 15), script {script / 1000:.1f} (aim 10)")
    show(f"and icons {icons / 1000:.1f} kB")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["zh-hans", "en", "zh-hant"])
def test_largest_paint_and_shifts(
    new_context: Callable[..., BrowserContext],  # noqa: F811
    live_server: Any,
    show: Callable[[str], None],
    language: str,
    width: int,
) -> None:
    call_command("seed", stdout=StringIO())
    for name, place in PLACES.items():
        paints, moved = [], 0.0
        for _ in range(LOADS):
            context = new_context(viewport={"width": width, "height": 800})
            page = context.new_page()
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            page.add_init_script(WATCH_SHIFTS)
            page.goto(f"/{language}/{place}", wait_until="networkidle")
            paints.append(page.evaluate(LARGEST_PAINT))
            moved += sum(shift[0] for shift in page.evaluate(SHIFTS))
            context.close()
        paints.sort()
        show(
            f"{language} at {width} px, {name}: largest paint {paints[LOADS // 2]:.0f} ms, slowest {paints[-1]:.0f}"
            f" (aim 1000), shifts {moved:.3f} (aim 0)"
        )
