from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe

from glossary.models import Name
from publishing import display
from publishing.display import Part
from publishing.snapshot import freeze
from tests.factories import ArticleFactory, ComparisonFactory, NameFactory, TermFactory, TopicFactory, WarningFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shown(document: Any, language: str = "en") -> dict[str, str]:
    return {part.label: str(part.html) for part in display.draft(document, language) if part.html}


def test_every_part_of_an_article_is_named_and_shown_in_the_order_of_its_fields() -> None:
    article = ArticleFactory(
        slug="pain",
        title_en="Pain",
        summary_en="One.\n\nTwo.",
        topics=[TopicFactory(name_en="Acute"), TopicFactory(name_en="Chronic")],
    )
    WarningFactory(article=article, heading_en="Chest pain", text_en="Call 120.")
    assert shown(article) == {
        "Address": "<p>pain</p>",
        "Kind": "understanding pain",
        "Title": "<p>Pain</p>",
        "Key message": "<p>One.</p>\n\n<p>Two.</p>",
        "Text": "<h2>Definition</h2><p>Pain is an unpleasant feeling.</p>",
        "Topics": "Acute · Chronic",
        "Warning 1: Urgency": "Emergency: get help now",
        "Warning 1: Heading": "<p>Chest pain</p>",
        "Warning 1: Text": "<p>Call 120.</p>",
        "Reference 1: Citation": "<p>Our pain department&#x27;s leaflet “What is pain?”</p>",
        "Reference 1: Supports": "<p>What pain is</p>",
        "Reference 1: Year": "<p>2014</p>",
    }


def test_the_names_of_a_term_are_those_of_the_language() -> None:
    term = TermFactory()
    NameFactory(term=term, language="en", text="block", status="admitted")
    NameFactory(term=term, language="zh-hans", text="打封闭", status="forbidden")
    assert shown(term)["Other name 1: Name"] == "<p>block</p>"
    assert shown(term, "zh-hans")["Other name 1: Name"] == "<p>打封闭</p>"
    assert shown(term, "zh-hans")["Other name 1: Status"] == "forbidden"
    assert Name.objects.count() == 2


def test_the_terms_of_a_comparison_are_shown_by_name_and_one_that_is_gone_by_number() -> None:
    comparison = ComparisonFactory(first=TermFactory(name_en="closure"))
    assert shown(comparison)["First term"] == "closure"
    content = {
        "slug": "x",
        "title": "y",
        "introduction": "",
        "conclusion": "",
        "first": [987],
        "second": [],
        "rows": [],
    }
    assert {part.label: part.html for part in display.parts(type(comparison), content) if part.html} == {
        "Address": "<p>x</p>",
        "Title": "<p>y</p>",
        "First term": "#987",
    }


def test_text_is_escaped_and_rich_text_cleaned_once_more() -> None:
    article = ArticleFactory(title_en="<b>a</b> & b", topics=[TopicFactory(name_en="<i>")])
    content = {**freeze(article, "en"), "body": "<p onclick='x'>5 &lt; 6<script>alert(1)</script></p>", "kind": "<u>"}
    parts = {part.key: part.html for part in display.parts(type(article), content)}
    assert parts["title"] == "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>"
    assert parts["body"] == "<p>5 &lt; 6</p>"
    assert parts["topics"] == "&lt;i&gt;"
    assert parts["kind"] == "&lt;u&gt;"


def test_what_is_translated_is_told_from_what_is_the_same_in_every_language() -> None:
    article = ArticleFactory(topics=[TopicFactory()])
    warning = WarningFactory(article=article)
    is_text = {part.key: part.is_text for part in display.draft(article, "en")}
    assert {key for key, said in is_text.items() if said} == {
        "title",
        "summary",
        "body",
        f"warnings.{warning.pk}.heading",
        f"warnings.{warning.pk}.text",
        f"references.{article.references.get().pk}.citation",
        f"references.{article.references.get().pk}.claim",
    }


# Side by side ---------------------------------------------------------------------------------------------------------


def part(key: str, text: str = "") -> Part:
    return Part(key, key.title(), mark_safe(text))


def test_every_part_of_either_text_has_a_row_and_what_is_empty_in_both_has_none() -> None:
    rows = display.side_by_side(
        [part("title", "痛"), part("body"), part("warnings.1.text", "120"), part("url")],
        [part("title", "Pain"), part("body", "Text"), part("url"), part("references.2.year", "2014")],
    )
    assert [(found.label, texts) for found, texts in rows] == [
        ("Title", ["痛", "Pain"]),
        ("Body", ["", "Text"]),
        ("Warnings.1.Text", ["120", ""]),
        ("References.2.Year", ["", "2014"]),
    ]


def test_one_text_stands_alone() -> None:
    assert [texts for _part, texts in display.side_by_side([part("title", "Pain"), part("body")])] == [["Pain"]]
