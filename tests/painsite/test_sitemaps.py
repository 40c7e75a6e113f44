from typing import Any

import pytest
from django.test import Client
from lxml import etree

from tests.factories import ArticleFactory, TermFactory, publish, publish_all, submit, withdraw

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LISTS = 6


def read(client: Client, path: str) -> Any:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml")
    return etree.fromstring(response.content)


def addresses(tree: Any) -> list[str]:
    return [each.text.removeprefix("http://testserver") for each in tree.findall(".//s:loc", NAMES)]


def test_the_index_names_a_sitemap_for_each_language(client: Client) -> None:
    publish(ArticleFactory(), "zh-hans")
    tree = read(client, "/sitemap.xml")
    assert tree.tag == f"{{{NAMES['s']}}}sitemapindex"
    assert addresses(tree) == ["/zh-hans/sitemap.xml", "/en/sitemap.xml"]
    assert len(tree.findall(".//s:lastmod", NAMES)) == 1


def test_a_language_has_its_lists_and_what_is_live_in_it(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain"), TermFactory(slug="gout"))
    publish(ArticleFactory(slug="only-chinese"), "zh-hans")
    submit(ArticleFactory(slug="in-review"), "zh-hans")
    withdraw(publish(ArticleFactory(slug="withdrawn"), "zh-hans"))
    found = addresses(read(client, "/en/sitemap.xml"))
    assert sorted(found[LISTS:]) == ["/en/articles/pain/", "/en/glossary/gout/"]
    assert "/zh-hans/articles/only-chinese/" in addresses(read(client, "/zh-hans/sitemap.xml"))


def test_every_address_answers(client: Client) -> None:
    publish_all(ArticleFactory(), TermFactory())
    for language in ("en", "zh-hans"):
        tree = read(client, f"/{language}/sitemap.xml")
        urls = {*addresses(tree), *(each.get("href")[17:] for each in tree.findall(".//x:link", NAMES))}
        assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def alternates(client: Client, address: str) -> dict[str, str]:
    tree = read(client, f"/{address.split('/')[1]}/sitemap.xml")
    (url,) = (each for each in tree.findall("s:url", NAMES) if each[0].text == f"http://testserver{address}")
    return {each.get("hreflang"): each.get("href")[17:] for each in url.findall("x:link", NAMES)}


def test_a_page_names_itself_in_every_language_and_script(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain"))
    expected = {
        "zh-Hans": "/zh-hans/articles/pain/",
        "zh-Hant": "/zh-hant/articles/pain/",
        "en": "/en/articles/pain/",
        "x-default": "/zh-hans/articles/pain/",
    }
    assert alternates(client, "/en/articles/pain/") == expected
    assert alternates(client, "/zh-hans/articles/pain/") == expected


def test_a_page_names_no_language_that_it_is_not_live_in(client: Client) -> None:
    article = ArticleFactory(slug="pain", source_language="en")
    publish(article, "en")
    url = "/en/articles/pain/"
    assert alternates(client, url) == {"en": url, "x-default": url}


def test_the_day_of_change_is_the_editions(client: Client) -> None:
    edition = publish(ArticleFactory(), "en")
    (url,) = read(client, "/en/sitemap.xml").findall("s:url", NAMES)[LISTS:]
    changed = url.find("s:lastmod", NAMES).text
    assert edition.live_from
    assert changed.startswith(edition.live_from.astimezone().isoformat()[:4])
    assert "T" in changed


@pytest.mark.parametrize("path", ["/sitemap.xml", "/en/sitemap.xml"])
def test_sitemaps_ask_as_much_however_many_pages_there_are(
    client: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    publish_all(*(ArticleFactory() for _ in range(5)))
    client.get(path)
    with django_assert_max_num_queries(3):
        client.get(path)
