import datetime
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Misconception
from glossary.models import Term
from painsite.roles import StaffRole
from publishing import gate, workflow
from publishing.gate import Finding, Level, Subject
from publishing.models import Edition, Override
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
)

BLOCKER = Finding("test.B001", Level.BLOCKER, "Mend it.", "title")
WARNING = Finding("test.W001", Level.WARNING, "Look at it.")


def a_subject(model: type[Article] | type[Term] = Article) -> Subject:
    return Subject(model=model, object_id=1, language="en", content={}, review_due=None)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_checks", [])


def registered(*found: Finding, models: tuple[type[Article] | type[Term], ...] = ()) -> None:
    @gate.register(*models)
    def check(subject: Subject) -> Iterator[Finding]:
        yield from found


# The registry ---------------------------------------------------------------------------------------------------------


def test_without_checks_there_are_no_findings(registry: None) -> None:
    assert gate.run(a_subject()) == []


def test_blockers_come_first_each_in_the_order_of_registration(registry: None) -> None:
    other = Finding("test.B002", Level.BLOCKER, "Mend it too.")
    registered(WARNING, BLOCKER)
    registered(other)
    assert gate.run(a_subject()) == [BLOCKER, other, WARNING]


def test_a_check_is_for_the_kinds_that_it_names(registry: None) -> None:
    registered(BLOCKER, models=(Article,))
    registered(WARNING)
    assert gate.run(a_subject(Article)) == [BLOCKER, WARNING]
    assert gate.run(a_subject(Term)) == [WARNING]


def test_registering_gives_the_check_back(registry: None) -> None:
    def check(subject: Subject) -> list[Finding]:
        return [BLOCKER]

    returned: Callable[..., object] = gate.register()(check)
    assert returned is check


def test_a_finding_knows_whether_it_blocks() -> None:
    assert BLOCKER.is_blocker
    assert not WARNING.is_blocker


# What is checked ------------------------------------------------------------------------------------------------------


def test_an_edition_as_a_subject(db: None) -> None:
    article = ArticleFactory.create()
    source, edition = publish(article, "zh-hans"), submit(article, "en")
    at = timezone.now() + datetime.timedelta(days=1)
    assert gate.of_edition(edition, at) == Subject(
        model=Article,
        object_id=article.pk,
        language="en",
        content=edition.content,
        review_due=edition.review_due,
        source=source,
        is_translation=True,
        edition=edition,
        at=at,
    )
    original = gate.of_edition(source)
    assert (original.source, original.is_translation) == (None, False)
    assert timezone.now() - original.at < datetime.timedelta(minutes=1)


def test_a_draft_as_a_subject(db: None) -> None:
    article = ArticleFactory.create()
    source = publish(article, "zh-hans")
    subject = gate.of_draft(article, "en", source)
    assert (subject.model, subject.object_id, subject.language) == (Article, article.pk, "en")
    assert subject.content["title"] == article.title_en
    assert (subject.review_due, subject.source, subject.is_translation) == (article.next_review, source, True)
    assert subject.edition is None
    assert not gate.of_draft(article, "zh-hans").is_translation


def test_the_texts_of_a_subject_are_those_that_are_not_blank(db: None) -> None:
    article = ArticleFactory.create(title_en="Pain", summary_en="", body_en="<p>It hurts.</p>", references=0)
    warning = WarningFactory.create(article=article, heading_en="Chest pain", text_en="")
    subject = gate.of_draft(article, "en")
    assert list(gate.texts(subject)) == [
        ("title", "Pain", False),
        ("body", "<p>It hurts.</p>", True),
        (f"warnings.{warning.pk}.heading", "Chest pain", False),
    ]
    assert list(gate.rich_parts(subject)) == [("body", "<p>It hurts.</p>")]


def test_prose_is_what_is_written_in_sentences(db: None) -> None:
    article = ArticleFactory.create(
        title_en="Pain",
        summary_en="It hurts.",
        body_en="<h2>What</h2><p>A <strong>bad</strong> feeling.</p><h3>Why</h3>",
    )
    warning = WarningFactory.create(article=article)
    assert list(gate.prose(gate.of_draft(article, "en"))) == [
        ("summary", "It hurts."),
        ("body", "A bad feeling."),
        (f"warnings.{warning.pk}.text", "Call 120 at once."),
    ]


def test_prose_of_a_comparison_is_in_its_rows_but_for_the_aspect(db: None) -> None:
    comparison = ComparisonFactory.create()
    row = comparison.rows.get()
    assert list(gate.prose(gate.of_draft(comparison, "en"))) == [
        ("introduction", comparison.introduction_en),
        ("conclusion", comparison.conclusion_en),
        (f"rows.{row.pk}.first", row.first_en),
        (f"rows.{row.pk}.second", row.second_en),
    ]


# Overrides ------------------------------------------------------------------------------------------------------------


def override(edition: Edition, finding: Finding) -> None:
    Override.objects.create(
        edition=edition, finding=finding.id, field=finding.field, by=staff(StaffRole.MEDICAL_REVIEWER), reason="Known."
    )


def test_a_blocker_stands_until_it_is_let_pass_where_its_check_allows_that(db: None, registry: None) -> None:
    edition = submit(ArticleFactory.create(), "zh-hans")
    open_to_reviewers = Finding("test.B002", Level.BLOCKER, "A link.", "body", overridable=True)
    elsewhere = Finding("test.B002", Level.BLOCKER, "A link.", "summary", overridable=True)
    registered(BLOCKER, open_to_reviewers, elsewhere, WARNING)
    assert gate.standing_blockers(edition) == [BLOCKER, open_to_reviewers, elsewhere]
    override(edition, open_to_reviewers)
    override(edition, BLOCKER)
    edition.refresh_from_db()
    assert gate.standing_blockers(edition) == [BLOCKER, elsewhere]


# The whole gate -------------------------------------------------------------------------------------------------------


def test_the_whole_gate_takes_five_queries_whatever_an_edition_holds(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    topics = TopicFactory.create_batch(3)
    terms = TermFactory.create_batch(2, abbreviation="PCIA")
    facts = MisconceptionFactory.create_batch(2, topics=topics, terms=terms)
    related = ArticleFactory.create_batch(3)
    comparison = ComparisonFactory.create(first=terms[0], second=terms[1])
    publish_all(*topics, *terms, *facts, comparison, *related)
    links = {
        f"body_{code.replace('-', '_')}": "".join(
            f'<p>PCEA <a href="/{code}/articles/{each.slug}/">{word}</a></p>' for each in related
        )
        for code, word in (("zh-hans", "请看"), ("en", "see"))
    }
    article = ArticleFactory.create(
        topics=topics, misconceptions=facts, comparisons=[comparison], related=related, **links
    )
    WarningFactory.create_batch(3, article=article)
    ArticleReferenceFactory.create_batch(3, article=article)
    publish(article, "zh-hans")
    edition = approve(submit(article, "en"))
    gate.run(gate.of_edition(edition))  # Django's store of kinds is filled
    edition = type(edition).objects.get(pk=edition.pk)
    with django_assert_max_num_queries(5):
        found = gate.run(gate.of_edition(edition))
    assert not [finding for finding in found if finding.is_blocker]
    assert "glossary.W001" in {finding.id for finding in found}


@pytest.mark.parametrize(
    "make",
    [ArticleFactory, ComparisonFactory, MisconceptionFactory, TermFactory, TopicFactory],
    ids=lambda make: make.__name__,
)
def test_a_document_in_order_has_no_blocker_in_either_language(db: None, make: type[ArticleFactory]) -> None:
    document = make.create()
    source = approve(submit(document, "zh-hans"))
    assert gate.standing_blockers(source) == []
    workflow.publish(source, by=staff(StaffRole.PUBLISHER))
    assert gate.standing_blockers(approve(submit(document, "en"))) == []


def test_every_finding_has_an_id_of_its_own_app() -> None:
    assert {name.partition(".")[0] for name, _models, _check in gate._checks} == {
        "publishing",
        "articles",
        "glossary",
        "translations",
    }
    assert Misconception in {model for _name, models, _check in gate._checks for model in models}
