from typing import Any

import pytest
from django.test import Client
from lxml import etree

from tests.factories import ArticleFactory, MisconceptionFactory, TermFactory, publish, publish_all, submit

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(client: Client, language: str = "en") -> Any:
    response = client.get(f"/{language}/feed/")
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return etree.fromstring(response.content)


def test_a_feed_has_what_atom_asks_of_it(client: Client) -> None:
    publish_all(ArticleFactory(), MisconceptionFactory())
    for language, tag in (("en", "en"), ("zh-hans", "zh-Hans")):
        feed = read(client, language)
        assert (feed.tag, feed.get(XML_LANG)) == (f"{ATOM}feed", tag)
        for element in (feed, *feed.findall(f"{ATOM}entry")):
            assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        assert len(feed.findall(f"{ATOM}entry")) == 2
        itself = feed.find(f"{ATOM}link[@rel='self']")
        assert itself.get("href") == f"http://testserver/{language}/feed/"


def test_an_empty_feed_is_one_all_the_same(client: Client) -> None:
    feed = read(client)
    assert feed.findtext(f"{ATOM}updated").startswith("2026-01-01T")
    assert not feed.findall(f"{ATOM}entry")


def test_a_fact_is_told_and_its_myth_is_not(client: Client) -> None:
    publish_all(MisconceptionFactory(question_en="Anywhere?", misconception_en="Yes & more!", fact_en="No & never."))
    entry = read(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Anywhere?"
    assert entry.findtext(f"{ATOM}summary") == "Common belief: False No & never."
    assert b"Yes" not in client.get("/en/feed/").content


def test_only_live_articles_and_facts_are_news_the_newest_first(client: Client) -> None:
    publish_all(ArticleFactory(title_en="First"), TermFactory(name_en="A term"))
    publish_all(MisconceptionFactory(question_en="Second?"))
    submit(ArticleFactory(title_en="In review", source_language="en"), "en")
    titles = [entry.findtext(f"{ATOM}title") for entry in read(client).findall(f"{ATOM}entry")]
    assert titles == ["Second?", "First"]


def test_a_revised_page_keeps_its_name_and_changes_its_time(client: Client) -> None:
    article: Any = ArticleFactory(slug="pain", title_en="Pain")
    publish_all(article)
    before = read(client).find(f"{ATOM}entry")
    article.slug = "moved"
    article.title_en = "Pain, revised"
    article.save()
    publish(article, "en")
    after = read(client).find(f"{ATOM}entry")
    assert after.findtext(f"{ATOM}title") == "Pain, revised"
    assert after.find(f"{ATOM}link").get("href") == "http://testserver/en/articles/moved/"
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


def test_who_has_the_feed_is_told_that_nothing_is_new(client: Client) -> None:
    publish_all(ArticleFactory())
    tag = client.get("/en/feed/")["ETag"]
    again = client.get("/en/feed/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    publish_all(ArticleFactory())
    assert client.get("/en/feed/", headers={"if-none-match": tag}).status_code == 200


def test_a_feed_asks_as_much_however_much_is_new(client: Client, django_assert_max_num_queries: Any) -> None:
    publish_all(*(ArticleFactory() for _ in range(5)))
    client.get("/en/feed/")
    with django_assert_max_num_queries(2):
        client.get("/en/feed/")
