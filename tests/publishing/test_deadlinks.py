import datetime

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings

from articles.models import Article, Misconception, Topic
from glossary.models import Comparison, Term
from painsite.roles import StaffRole
from publishing import workflow
from publishing.deadlinks import Address, Nowhere, document_at, hrefs, live
from tests.factories import ArticleFactory, TermFactory, approve, publish, staff, submit, withdraw

HOUR = datetime.timedelta(hours=1)
PAGE = "/en/articles/what-is-pain/"


# Links ----------------------------------------------------------------------------------------------------------------


def test_the_links_of_a_text_each_once_and_in_order() -> None:
    twice = '<a href="/b/?x=1&amp;y=2">b</a>'
    html = f'<p>{twice} <a href="#top">top</a></p><p>{twice}<a>none</a></p>'
    assert list(hrefs(html)) == ["/b/?x=1&y=2", "#top"]


def test_a_text_without_links() -> None:
    assert list(hrefs("<p>href=“/b/”</p>")) == []


# Where they lead ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/en/articles/a-1/", (Article, "a-1")),
        ("/en/facts/a-1/", (Misconception, "a-1")),
        ("/en/topics/a-1/", (Topic, "a-1")),
        ("/en/glossary/a-1/", (Term, "a-1")),
        ("/en/glossary/comparisons/a-1/", (Comparison, "a-1")),
        ("/en/articles/a-1/?page=2#section-1", (Article, "a-1")),
        ("/en/articles/a%2D1/", (Article, "a-1")),
        (" /en/articles/a-1/ ", (Article, "a-1")),
        ("../a-1/", (Article, "a-1")),
        ("#section-2", (Article, "what-is-pain")),
        ("http://testserver/en/articles/a-1/", (Article, "a-1")),
        ("https://TESTSERVER:8000/en/articles/a-1/", (Article, "a-1")),
        ("//testserver/en/articles/a-1/", (Article, "a-1")),
    ],
)
def test_a_link_to_a_document(href: str, expected: Address) -> None:
    assert document_at(href, PAGE, "en") == expected


@pytest.mark.parametrize(
    "href",
    [
        "/en/",
        "/en/articles/",
        "/en/glossary/?initial=A",
        "https://www.who.int/en/articles/a-1/",
        "//www.who.int/x",
        "http://testserver.example.org/en/nothing/",
        "mailto:pain@example.org",
        "tel:120",
    ],
)
def test_a_link_to_another_site_or_to_a_page_that_is_always_there(href: str) -> None:
    assert document_at(href, PAGE, "en") is None


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/zh-hans/articles/a-1/",
        "/zh-hans/",
        "/articles/a-1/",
        "/en/articles/a-1",
        "/en/nothing/",
        "/en/articles/疼痛/",
        "/en/articles/a-1/more/",
        "/fr/articles/a-1/",
        "/zh-cn/articles/a-1/",
        "/admin/",
        "/healthz/",
        "articles/a-1/",
        "https://testserver/nothing/",
        "http://[",
    ],
)
def test_a_link_to_no_page_in_this_language(href: str) -> None:
    with pytest.raises(Nowhere):
        document_at(href, PAGE, "en")


@pytest.mark.parametrize("active", ["zh-hans", "en"])
def test_the_language_of_the_page_counts_and_not_the_readers(active: str) -> None:
    with translation.override(active):
        assert document_at("/zh-hans/articles/a-1/", "/zh-hans/articles/", "zh-hans") == (Article, "a-1")
        with pytest.raises(Nowhere):
            document_at("/en/articles/a-1/", "/zh-hans/articles/", "zh-hans")


def test_a_site_that_answers_to_any_name_takes_other_names_for_other_sites(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert document_at("https://www.who.int/", PAGE, "en") is None


# What is live ---------------------------------------------------------------------------------------------------------


def is_live(article: Article, language: str, at: datetime.datetime | None = None, slug: str = "") -> tuple[bool, bool]:
    """By address, and by number."""
    address, number = (Article, slug or article.slug), (Article, article.pk)
    addresses, numbers = live({address}, {number}, language, at or timezone.now())
    return address in addresses, number in numbers


def test_what_is_live_in_the_language(db: None) -> None:
    article = ArticleFactory.create()
    assert is_live(article, "zh-hans") == (False, False)
    approve(submit(article, "zh-hans"))
    assert is_live(article, "zh-hans") == (False, False)
    edition = publish(ArticleFactory.create(), "zh-hans")
    other = Article.objects.get(pk=edition.object_id)
    assert is_live(other, "zh-hans") == (True, True)
    assert is_live(other, "en") == (False, False)
    withdraw(edition)
    assert is_live(other, "zh-hans") == (False, False)


def test_the_moment_counts(db: None) -> None:
    article = ArticleFactory.create()
    start = timezone.now() + HOUR
    workflow.publish(approve(submit(article, "zh-hans")), by=staff(StaffRole.PUBLISHER), at=start)
    assert is_live(article, "zh-hans") == (False, False)
    assert is_live(article, "zh-hans", start - datetime.timedelta(microseconds=1)) == (False, False)
    assert is_live(article, "zh-hans", start) == (True, True)


def test_an_old_address_leads_to_what_is_live_now(db: None) -> None:
    article = ArticleFactory.create(slug="old")
    publish(article, "zh-hans")
    article.slug = "new"
    article.title_zh_hans = "新题目"
    article.save()
    publish(article, "zh-hans")
    for slug in ("old", "new"):
        assert is_live(article, "zh-hans", slug=slug) == (True, True)
    assert is_live(article, "en", slug="old") == (False, False)


def test_an_address_that_was_never_read_leads_nowhere(db: None) -> None:
    article = ArticleFactory.create(slug="public")
    publish(article, "zh-hans")
    article.slug = "in-review"
    article.save()
    submit(article, "zh-hans")
    assert is_live(article, "zh-hans", slug="in-review") == (False, True)


def test_the_kinds_are_told_apart(db: None) -> None:
    edition = publish(ArticleFactory.create(slug="pain", pk=7), "zh-hans")
    TermFactory.create(slug="pain", pk=7)
    now = timezone.now()
    assert live({(Term, "pain")}, {(Term, 7)}, "zh-hans", now) == (set(), set())
    assert live({(Article, "pain")}, {(Term, 7)}, "zh-hans", now) == ({(Article, "pain")}, set())
    assert edition.object_id == 7


def test_one_query_for_any_number_and_none_for_nothing(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    editions = [publish(make.create(), "zh-hans") for make in (ArticleFactory, ArticleFactory, TermFactory)]
    addresses = {(edition.model, edition.slug) for edition in editions}
    numbers = {(edition.model, edition.object_id) for edition in editions}
    with django_assert_num_queries(1):
        assert live(addresses, numbers, "zh-hans", timezone.now()) == (addresses, numbers)
    with django_assert_num_queries(0):
        assert live(set(), set(), "zh-hans", timezone.now()) == (set(), set())
