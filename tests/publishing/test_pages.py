"""The template tags of the public pages."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from publishing.templatetags import pages
from publishing.templatetags.pages import Alternate
from tests.factories import ArticleFactory, publish_all


def context(path: str, **values: object) -> Context:
    return Context({"request": RequestFactory().get(path), **values})


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/en/articles/", "/zh-hans/articles/"),
        ("/zh-hans/", "/zh-hans/"),
        ("/en", "/zh-hans/"),
        ("/", "/zh-hans/"),
        ("/fr/articles/", "/zh-hans/"),
        ("//elsewhere.example/", "/zh-hans/"),
        ("/en//elsewhere.example/", "/zh-hans//elsewhere.example/"),
    ],
)
def test_an_address_in_another_language_differs_in_its_prefix(path: str, address: str) -> None:
    assert pages.in_language(path, "zh-hans") == address


def test_a_list_is_there_in_every_language() -> None:
    with translation.override("en"):
        assert pages.alternates(context("/en/articles/")) == [
            Alternate("zh-hans", "/zh-hans/articles/", is_current=False, is_live=True),
            Alternate("zh-hant", "/zh-hant/articles/", is_current=False, is_live=True),
            Alternate("en", "/en/articles/", is_current=True, is_live=True),
        ]


def test_the_languages_of_an_error_lead_home() -> None:
    with translation.override("en"):
        assert [a.url for a in pages.alternates(context("/en/nothing/", noindex=True))] == [
            "/zh-hans/",
            "/zh-hant/",
            "/en/",
        ]


@pytest.mark.django_db
def test_a_document_is_live_where_its_editions_are_and_at_their_addresses() -> None:
    article = ArticleFactory(slug="old")
    publish_all(article)
    edition = article.editions.get(language="zh-hans")
    with translation.override("en"):
        assert pages.alternates(context("/en/articles/new/", alternates=[edition])) == [
            Alternate("zh-hans", "/zh-hans/articles/old/", is_current=False, is_live=True),
            Alternate("zh-hant", "/zh-hant/articles/old/", is_current=False, is_live=True),
            Alternate("en", "/en/articles/new/", is_current=True, is_live=False),
        ]


def test_who_reads_traditional_characters_is_in_neither_of_the_others() -> None:
    asked = context("/zh-hans/articles/")
    asked["request"].in_traditional = True
    assert [each.language for each in pages.alternates(asked) if each.is_current] == ["zh-hant"]


def test_a_language_is_named_in_itself() -> None:
    assert Alternate("zh-hant", "/", is_current=False, is_live=True).name == "繁體中文"
    assert Alternate("zh-hans", "/", is_current=False, is_live=True).name == "简体中文"
    assert Alternate("en", "/", is_current=False, is_live=True).name == "English"


def test_what_a_block_says_is_kept_in_one_line() -> None:
    template = Template("{% load pages %}{% words as said %}\n a  {{ b }}\n{% endwords %}[{{ said }}]")
    assert template.render(Context({"b": "<"})).strip() == "[a &lt;]"


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("/en/articles/", ' aria-current="page"'),
        ("/en/articles/what-is-pain/", ' aria-current="true"'),
        ("/en/facts/", ""),
    ],
)
def test_the_menu_says_where_the_reader_is(path: str, attribute: str) -> None:
    assert pages.here(context(path), "/en/articles/") == attribute


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_html_knows_a_language_by_its_own_tag(code: str, tag: str) -> None:
    assert pages.html_lang(code) == tag


def test_rich_text_is_cleaned_on_its_way_out() -> None:
    assert pages.rich("<p>Pain<script>alert(1)</script></p>") == "<p>Pain</p>"
    assert pages.rich(None) == ""


def test_a_title_is_one_line() -> None:
    assert pages.oneline("\n  What is pain\n  · Pain Clinic\n") == "What is pain · Pain Clinic"
