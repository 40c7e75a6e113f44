import datetime
from typing import Any

import pytest
from django.utils import translation

from articles import findings
from articles.models import Article, Misconception, Urgency
from publishing import gate
from publishing.gate import Finding, Level, Subject
from publishing.models import Edition
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    FigureFactory,
    MisconceptionFactory,
    MisconceptionReferenceFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    publish,
    submit,
)

# The new year where the hospital is, and the old one in London.
AT = datetime.datetime(2025, 12, 31, 16, tzinfo=datetime.UTC)


def of_articles(subject: Subject) -> list[tuple[str, str]]:
    return [(f.id, f.field) for f in gate.run(subject) if f.id.startswith("articles.")]


# References -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("make", [ArticleFactory, MisconceptionFactory])
def test_an_article_or_a_fact_without_a_reference(db: None, make: Any, language: str) -> None:
    with translation.override("en"):
        found = list(findings.references(gate.of_draft(make.create(references=0), language)))
    message = "It has no reference. Say where its claims come from."
    assert found == [Finding("articles.B001", Level.BLOCKER, message, "references")]


@pytest.mark.parametrize("make", [TermFactory, TopicFactory])
def test_other_documents_need_no_reference(db: None, make: Any) -> None:
    assert of_articles(gate.of_draft(make.create(), "en")) == []


@pytest.mark.parametrize(("year", "is_old"), [(2015, True), (2016, False), (2026, False), (None, False)])
def test_a_reference_older_than_ten_years(db: None, year: int | None, is_old: bool) -> None:
    article, fact = ArticleFactory.create(references=0), MisconceptionFactory.create(references=0)
    references = [
        ArticleReferenceFactory.create(article=article, year=year),
        MisconceptionReferenceFactory.create(misconception=fact, year=year),
    ]
    for document, reference in zip((article, fact), references, strict=True):
        subject = gate.of_draft(document, "en")
        subject.at = AT
        expected = [("articles.W001", f"references.{reference.pk}.year")] if is_old else []
        assert of_articles(subject) == expected


def test_the_year_of_an_old_reference_is_said(db: None) -> None:
    article = ArticleFactory.create(references=0)
    ArticleReferenceFactory.create(article=article, year=1936)
    with translation.override("en"):
        (found,) = findings.references(gate.of_draft(article, "en"))
    assert found.message == "This reference is of 1936. See whether there is newer evidence."
    assert not found.is_blocker


def test_each_reference_is_looked_at(db: None) -> None:
    fact: Misconception = MisconceptionFactory.create(references=0)
    old = [MisconceptionReferenceFactory.create(misconception=fact, year=year) for year in (1999, 2026, 2001)]
    subject = gate.of_draft(fact, "en")
    subject.at = AT
    assert [field for _id, field in of_articles(subject)] == [
        f"references.{old[0].pk}.year",
        f"references.{old[2].pk}.year",
    ]


# Warnings -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def article(db: None) -> Article:
    article: Article = ArticleFactory.create(references=0)
    ArticleReferenceFactory.create(article=article, year=None)
    return article


def translated(article: Article, source: Edition) -> list[tuple[str, str]]:
    return of_articles(gate.of_draft(article, "en", source))


@pytest.mark.parametrize(
    ("level", "is_serious"), [(Urgency.CAUTION, False), (Urgency.URGENT, True), (Urgency.EMERGENCY, True)]
)
def test_a_serious_warning_of_the_source_that_the_translation_lacks(
    article: Article, level: Urgency, is_serious: bool
) -> None:
    warning = WarningFactory.create(article=article, level=level)
    source = publish(article, "zh-hans")
    article.warnings.all().delete()
    expected = [("articles.B002", f"warnings.{warning.pk}.text")] if is_serious else []
    assert translated(article, source) == expected


@pytest.mark.parametrize("field", ["heading_en", "text_en"])
@pytest.mark.parametrize("blank", ["", " ", "\u200b"])
def test_a_serious_warning_whose_words_are_not_all_translated(article: Article, field: str, blank: str) -> None:
    warning = WarningFactory.create(article=article, level=Urgency.URGENT, **{field: blank})
    source = publish(article, "zh-hans")
    assert translated(article, source) == [("articles.B002", f"warnings.{warning.pk}.text")]


def test_a_serious_warning_is_not_made_light_of(article: Article) -> None:
    warning = WarningFactory.create(article=article, level=Urgency.EMERGENCY)
    source = publish(article, "zh-hans")
    article.warnings.update(level=Urgency.CAUTION)
    assert translated(article, source) == [("articles.B002", f"warnings.{warning.pk}.text")]


def test_another_warning_does_not_stand_in_for_it(article: Article) -> None:
    warning = WarningFactory.create(article=article)
    source = publish(article, "zh-hans")
    article.warnings.all().delete()
    WarningFactory.create(article=article, pk=warning.pk + 1)
    assert translated(article, source) == [("articles.B002", f"warnings.{warning.pk}.text")]


def test_every_serious_warning_is_named(article: Article) -> None:
    WarningFactory.create(article=article, level=Urgency.EMERGENCY, heading_zh_hans="胸痛", text_en="")
    WarningFactory.create(article=article, level=Urgency.URGENT, heading_zh_hans="发热", text_en="")
    with translation.override("en"):
        source = publish(article, "zh-hans")
        found = list(findings.serious_warnings(gate.of_draft(article, "en", source)))
    assert [finding.message for finding in found] == [
        "A warning of the source, “胸痛” (Emergency: get help now), is missing or not complete here. Translate it.",
        "A warning of the source, “发热” (Urgent: see a doctor today), is missing or not complete here. Translate it.",
    ]
    assert {(finding.is_blocker, finding.overridable) for finding in found} == {(True, False)}


def test_a_translation_with_all_warnings_and_a_source(article: Article) -> None:
    WarningFactory.create_batch(2, article=article)
    source = publish(article, "zh-hans")
    assert of_articles(gate.of_edition(source)) == []
    assert of_articles(gate.of_edition(submit(article, "en"))) == []


# Figures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("legend", "is_found"),
    [("One\nTwo\nThree", False), ("One\n\nTwo\nThree\n", False), ("One\nTwo", True), ("1\n2\n3\n4", True), ("", False)],
)
def test_a_legend_that_does_not_fit_its_picture(db: None, legend: str, is_found: bool) -> None:
    """An empty one is a field that is empty: said once, by the check of these."""
    figure = FigureFactory.create(legend_en=legend)
    expected = [("articles.B003", f"figures.{figure.pk}.legend")] if is_found else []
    found = list(findings.legends(gate.of_draft(figure.article, "en")))
    assert [(f.id, f.field) for f in found] == expected
    assert list(findings.legends(gate.of_draft(figure.article, "zh-hans"))) == []


def test_what_is_wrong_with_a_legend_is_said_in_numbers(db: None) -> None:
    figure = FigureFactory.create(legend_en="One")
    with translation.override("en"):
        (found,) = findings.legends(gate.of_draft(figure.article, "en"))
    assert found.message == "Numbers in the picture: 3, lines in its legend: 1. Write one line for each number."
    assert found.is_blocker
    assert not found.overridable


def test_a_picture_that_is_not_drawn_any_more_has_no_numbers(db: None) -> None:
    subject = gate.of_draft(FigureFactory.create(legend_en="One").article, "en")
    subject.content["figures"][0]["picture"] = "gone"
    assert list(findings.legends(subject)) == []
