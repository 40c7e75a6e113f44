from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from articles.models import Article
from glossary import findings, terminology
from glossary.models import NameStatus, Term, Usage
from publishing import gate
from publishing.gate import Subject
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    NameFactory,
    TermFactory,
    WarningFactory,
    publish,
    publish_all,
    submit,
    withdraw,
)


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
    terminology.live("en")
    with django_assert_num_queries(1):
        assert [name for name, _field in unexplained(some)] == ["PCIA", "CT"]
    with django_assert_num_queries(0):
        assert unexplained(none) == []


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def closure(db: None) -> Term:
    term: Any = TermFactory.create(name_en="closure therapy", name_zh_hans="封闭疗法")
    NameFactory.create(term=term, text="closed needle", status=NameStatus.FORBIDDEN, note="The needle is not closed.")
    NameFactory.create(term=term, text="closure cure", status=NameStatus.DEPRECATED)
    NameFactory.create(term=term, text="closure jab", usage=Usage.QUESTION)
    publish_all(term)
    return term


def names(subject: gate.Subject) -> list[tuple[str, str, str]]:
    return [(f.id, f.field, f.repair.wrong if f.repair else "") for f in findings.names_as_agreed(subject)]


def test_a_forbidden_name_is_a_blocker_that_names_the_right_word_and_mends_it(closure: Term) -> None:
    with translation.override("en"):
        (found,) = findings.names_as_agreed(draft("A closed\nneedle? Closed needle."))
    assert found.message == "“Closed needle” is not to be used: say “closure therapy”. The needle is not closed."
    assert (found.id, found.is_blocker, found.overridable) == ("glossary.B001", True, False)
    assert found.repair == gate.Repair("Closed needle", "closure therapy")


def test_a_deprecated_name_is_a_warning(closure: Term) -> None:
    assert names(draft("A closure cure.")) == [("glossary.W002", "summary", "closure cure")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We give a closure jab. Really?", ["closure jab"]),
        ("What is a closure jab?", []),
        ("People say “closure jab” here.", []),
        ("People “say” closure jab here.", ["closure jab"]),
        ("Closure therapy, closure therapies.", []),
    ],
)
def test_a_patients_word_stands_where_a_patient_speaks(closure: Term, text: str, found: list[str]) -> None:
    assert [wrong for _id, _field, wrong in names(draft(text))] == found


def test_a_patient_speaks_in_a_question_and_in_a_belief(closure: Term) -> None:
    fact = MisconceptionFactory.create(
        question_en="A closure jab", misconception_en="A closure jab heals.", fact_en="A closure jab eases."
    )
    assert names(gate.of_draft(fact, "en")) == [("glossary.W003", "fact", "closure jab")]


# Translations ---------------------------------------------------------------------------------------------------------


def translated(**texts: str) -> list[tuple[str, str, bool]]:
    source = {"title_zh_hans": "-", "summary_zh_hans": "-", "body_zh_hans": "<p>-</p>"}
    article = ArticleFactory.create(**{**source, "title_en": "-", "summary_en": "-", "body_en": "<p>-</p>", **texts})
    edition = submit(article, "zh-hans")
    subject = gate.of_draft(article, "en", edition)
    return [(f.id, f.field, f.overridable) for f in findings.terms_are_translated(subject)]


@pytest.mark.parametrize(
    ("source", "translation", "found"),
    [
        ({"summary": "封闭疗法有效。"}, {}, [("glossary.W004", "summary", False)]),
        ({"summary": "封闭疗法有效。"}, {"body": "<p>Closure therapy.</p>"}, []),
        ({"summary": "封闭疗法有效。"}, {"body": "<p>A closure cure.</p>"}, [("glossary.W004", "summary", False)]),
        ({"title": "封闭疗法"}, {"body": "<p>Closure therapy.</p>"}, [("glossary.B002", "title", True)]),
        ({"title": "封闭疗法"}, {"title": "Closure jab"}, []),
        ({"body": "<h2>封闭疗法</h2>"}, {"body": "<p>Closure therapy</p>"}, [("glossary.B002", "body", True)]),
        ({"body": "<h2>封闭疗法</h2>"}, {"body": "<h2>On closure therapy</h2>"}, []),
        ({"body": "<h2>封闭疗法</h2>"}, {"title": "On closure therapy"}, []),
        ({"body": "<p>封闭疗法用 5 毫升。</p>"}, {"summary": "Closure therapy."}, [("glossary.B002", "body", True)]),
        ({"body": "<p>封闭疗法用 5 毫升。</p>"}, {"body": "<p>5 ml of closure therapy.</p>"}, []),
        ({"summary": "别的。"}, {}, []),
    ],
)
def test_a_term_of_the_source_is_in_the_translation(
    closure: Term, source: dict[str, str], translation: dict[str, str], found: list[tuple[str, str, bool]]
) -> None:
    texts = {f"{name}_zh_hans": text for name, text in source.items()}
    texts |= {f"{name}_en": text for name, text in translation.items()}
    assert translated(**texts) == found


def test_a_name_within_a_longer_one_counts_as_translated(db: None) -> None:
    publish_all(TermFactory.create(name_en="pain", name_zh_hans="疼痛"))
    publish_all(TermFactory.create(name_en="cancer pain", name_zh_hans="癌性疼痛"))
    assert translated(title_zh_hans="慢性疼痛", title_en="Cancer pain") == []
