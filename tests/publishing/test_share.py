"""The symbol holds the page's address, and can be scanned."""

import re
from typing import Any

import pytest
import segno
from django.test import Client
from lxml import etree

from publishing.templatetags.share import QUIET_ZONE, qr
from tests.factories import ArticleFactory, publish_all
from tests.pages import Document

ADDRESS = "https://pain.example/zh-hans/articles/what-is-pain/"


def modules(svg: str) -> list[list[int]]:
    """The symbol as it is drawn, quiet zone and all, out of the strokes of its path."""
    root: Any = etree.fromstring(svg)
    size = int(root.get("viewBox").split()[2])
    drawn = [[0] * size for _ in range(size)]
    ground, path = root.findall("path")
    assert (ground.get("fill"), ground.get("d")) == ("#fff", f"M0 0h{size}v{size}h-{size}z")
    assert path.get("stroke") == "#000"
    x, y = 0.0, 0.0
    for command, arguments in re.findall(r"([Mmh])([^Mmh]*)", path.get("d")):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", arguments)]
        if command == "h":
            for column in range(int(x), int(x + numbers[0])):
                drawn[int(y)][column] = 1
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
    return drawn


@pytest.mark.parametrize("address", [ADDRESS, "http://a/", ADDRESS + "x" * 150])
def test_the_symbol_is_that_of_the_address_with_a_quiet_zone(address: str) -> None:
    drawn = modules(qr(address, "Scan <this>"))
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in drawn[QUIET_ZONE:-QUIET_ZONE]]
    assert inner == [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    assert sum(map(sum, drawn)) == sum(map(sum, inner))


def test_the_symbol_has_a_name_and_needs_no_style() -> None:
    svg = qr(ADDRESS, "Scan <this>")
    assert svg.startswith('<svg role="img" ')
    assert "<title>Scan &lt;this&gt;</title>" in svg
    assert "style" not in svg


@pytest.mark.django_db
def test_the_head_of_a_page_leads_to_text_size_and_sharing(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain"))
    page = Document(client.get("/en/articles/pain/").content)
    assert page.texts("//header[@class='site-header']//a[@class='reading']/@href") == [
        "/en/preferences/?next=/en/articles/pain/"
    ]
    assert page.texts("//div[@class='tools']/a/@href") == ["#share"]
    assert len(page.find("//details[@id='share']")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_page_shows_its_own_address_without_what_was_asked_besides(client: Client, language: str) -> None:
    publish_all(ArticleFactory(slug="pain"))
    page = Document(client.get(f"/{language}/articles/pain/?from=x").content)
    address = f"http://testserver/{language}/articles/pain/"
    assert page.texts("//details[@class='share']//p[@class='address']") == [address]
    assert page.texts("//details[@class='share']/@data-address") == [address]
    (svg,) = page.find("//details[@class='share']//*[local-name()='svg']")
    paths = svg.xpath("./*[local-name()='path']/@d")
    assert paths[1] in qr(address, "")
    assert len(page.find("//details[@class='share']//button[@hidden]")) == 2
