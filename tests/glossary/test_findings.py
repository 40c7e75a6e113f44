import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from articles.models import Article
from glossary import findings
from publishing import gate
from publishing.gate import Subject
from tests.factories import ArticleFactory, TermFactory, WarningFactory, publish, withdraw


def unexplained(subject: Subject) -> list[tuple[str, str]]:
    """The abbreviation, by its place in the message, and the field."""
    with translation.override("en"):
        found = list(findings.abbreviations(subject))
    assert {finding.id for finding in found} <= {"glossary.W001"}
    assert not any(finding.is_blocker for finding in found)
    return [(str(finding.message).split()[0], finding.field) for finding in found]


def draft(text: str, language: str = "en") -> Subject:
    article: Article = ArticleFactory.create(summary_en=text, summary_zh_hans=text)
    return gate.of_draft(article, language)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You may have PCEA after it.", ["PCEA"]),
        ("PCEA or PCIA, then PCEA again", ["PCEA", "PCIA"]),
        ("NSAIDs and T2 images, H1N1", ["NSAID", "T2", "H1N1"]),
        ("An X-ray, a Doctor, 25 mg, iPhone, HbA1c, eGFR", []),
        ("Part II and grade IV", []),
        ("patient-controlled epidural analgesia (PCEA), then PCEA", []),
        ("PCEA is good. It is patient-controlled epidural analgesia (PCEA).", []),
        ("PCEA (patient-controlled epidural analgesia)", []),
        ("“non-steroidal drugs” (NSAIDs)", ["NSAID"]),
        ("patient-controlled epidural analgesia (not PCEA)", ["PCEA"]),
        ("(PCEA)", ["PCEA"]),
        ("PCEA (?)", ["PCEA"]),
        ("PCEA and analgesia (PCEAX)", ["PCEA"]),
    ],
)
def test_abbreviations_in_english(db: None, text: str, found: list[str]) -> None:
    assert unexplained(draft(text)) == [(each, "summary") for each in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("可以用PCEA镇痛。", ["PCEA"]),
        ("可以用 PCEA 镇痛。", ["PCEA"]),
        ("患者自控硬膜外镇痛（PCEA）", []),
        ("“患者自控硬膜外镇痛”（PCEA，镇痛泵的一种）", []),
        ("PCEA（患者自控硬膜外镇痛）", []),
        ("患者自控静脉镇痛（PCIA）和PCEA", ["PCEA"]),
        ("每次 25 mg，见第 II 章。", []),
    ],
)
def test_abbreviations_in_chinese(db: None, text: str, found: list[str]) -> None:
    assert unexplained(draft(text, "zh-hans")) == [(each, "summary") for each in found]


def test_it_is_said_where_it_first_stands_and_explained_anywhere(db: None) -> None:
    article = ArticleFactory.create(title_en="PCEA", body_en="<p>PCEA, <strong>PCIA</strong></p>", references=0)
    warning = WarningFactory.create(article=article, text_en="CT first.")
    assert unexplained(gate.of_draft(article, "en")) == [
        ("PCEA", "title"),
        ("PCIA", "body"),
        ("CT", f"warnings.{warning.pk}.text"),
    ]
    article.summary_en = "By an epidural (PCEA)."
    assert [name for name, _field in unexplained(gate.of_draft(article, "en"))] == ["PCIA", "CT"]


def test_the_message_says_what_to_write(db: None) -> None:
    with translation.override("en"):
        (found,) = findings.abbreviations(draft("PCEA"))
    assert found.message == "PCEA is never spelled out. Write the full name with PCEA in brackets after it."


def test_the_glossary_explains_an_abbreviation_while_it_is_live_in_the_language(db: None) -> None:
    term = TermFactory.create(abbreviation="PCEA")
    assert unexplained(draft("PCEA", "zh-hans")) == [("PCEA", "summary")]
    edition = publish(term, "zh-hans")
    assert unexplained(draft("PCEA", "zh-hans")) == []
    assert unexplained(draft("PCEA", "en")) == [("PCEA", "summary")]
    withdraw(edition)
    assert unexplained(draft("PCEA", "zh-hans")) == [("PCEA", "summary")]


def test_a_terms_own_abbreviation_is_explained_by_its_page(db: None) -> None:
    term = TermFactory.create(abbreviation="PCEA", definition_en="PCEA is given after surgery.")
    assert unexplained(gate.of_draft(term, "en")) == []


def test_one_query_and_none_without_abbreviations(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish(TermFactory.create(abbreviation="PCEA"), "en")
    some, none = draft("PCEA, PCIA and CT"), draft("pain")
    with django_assert_num_queries(1):
        assert [name for name, _field in unexplained(some)] == ["PCIA", "CT"]
    with django_assert_num_queries(0):
        assert unexplained(none) == []
