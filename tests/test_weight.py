"""How much a reader on a slow network has to fetch for a page: all of it, compressed, without pictures of the text."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import walk
from tests.pages import Document


def compressed(content: bytes) -> int:
    """Bytes, by gzip, which every browser knows."""
    return len(gzip.compress(content, mtime=0))


def parts(page: Document) -> dict[str, int]:
    """The compressed bytes of the style sheets, the scripts and the icons that a page names, by their addresses."""
    names = page.texts("//script/@src | //link[@rel='stylesheet' or @rel='icon' or @rel='apple-touch-icon']/@href")
    found = {name: finders.find(name.removeprefix("/static/")) for name in names}
    return {name: compressed(Path(str(path)).read_bytes()) for name, path in found.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en", "zh-hant"])
def test_an_article_that_holds_everything_weighs_at_most_60_kilobytes(client: Client, language: str) -> None:
    walk.publish()
    content = client.get(f"/{language}/articles/article/").content
    fetched = parts(Document(content))
    assert compressed(content) + sum(fetched.values()) <= 60_000
    assert {Path(name).suffix for name in fetched} == {".css", ".js", ".svg", ".png"}
    assert sum(size for name, size in fetched.items() if name.endswith(".css")) < 15_000
    assert sum(size for name, size in fetched.items() if name.endswith(".js")) < 10_000
