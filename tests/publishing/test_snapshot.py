import itertools
import json
from typing import Any

import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.models import Article, ArticleMisconception
from publishing import snapshot
from publishing.models import Document, Edition, State
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    ComparisonFactory,
    FigureFactory,
    MisconceptionFactory,
    MisconceptionReferenceFactory,
    NameFactory,
    QuestionFactory,
    RowFactory,
    TermCodeFactory,
    TermFactory,
    TopicCodeFactory,
    TopicFactory,
    WarningFactory,
    submit,
)


def fresh(document: Document) -> Any:
    return type(document)._default_manager.get(pk=document.pk)


# What is frozen -------------------------------------------------------------------------------------------------------


def test_an_article_as_an_edition_holds_it(db: None) -> None:
    topic, fact, comparison, related = (
        TopicFactory.create(),
        MisconceptionFactory.create(),
        ComparisonFactory.create(),
        ArticleFactory.create(),
    )
    article = ArticleFactory.create(
        slug="what-is-pain",
        title_en=" What is pain?\r\n",
        body_en="<p>An <em>unpleasant</em> feeling.</p>",
        topics=[topic],
        misconceptions=[fact],
        comparisons=[comparison],
        related=[related],
        references=0,
    )
    warning = WarningFactory.create(article=article)
    figure, question = FigureFactory.create(article=article), QuestionFactory.create(article=article)
    reference = ArticleReferenceFactory.create(article=article, claim_en=None, year=None, url="https://example.org/")
    assert snapshot.freeze(fresh(article), "en") == {
        "slug": "what-is-pain",
        "kind": "understanding",
        "title": "What is pain?",
        "summary": "Pain is the body's alarm.",
        "body": "<p>An unpleasant feeling.</p>",
        "topics": [topic.pk],
        "misconceptions": [fact.pk],
        "comparisons": [comparison.pk],
        "related": [related.pk],
        "unlinked_terms": [],
        "warnings": [{"id": warning.pk, "level": "emergency", "heading": "Chest pain", "text": "Call 120 at once."}],
        "references": [
            {
                "id": reference.pk,
                "url": "https://example.org/",
                "year": None,
                "citation": "Our pain department's leaflet “What is pain?”",
                "claim": "",
            }
        ],
        "figures": [
            {
                "id": figure.pk,
                "picture": "three-steps",
                "caption": "The three steps",
                "legend": "Mild pain\nModerate pain\nSevere pain",
                "description": "Three steps, each higher than the last.",
            }
        ],
        "questions": [{"id": question.pk, "text": "Must I stop my medicines before the injection?"}],
    }


def documents() -> list[Any]:
    """One of each kind, with all its parts and relations."""
    topic, term = TopicFactory.create(region="head"), TermFactory.create()
    NameFactory.create(term=term, language="en")
    NameFactory.create(term=term, language="zh-hans")
    TopicCodeFactory.create(topic=topic)
    TermCodeFactory.create(term=term)
    fact = MisconceptionFactory.create(topics=[topic], terms=[term])
    MisconceptionReferenceFactory.create(misconception=fact)
    comparison = ComparisonFactory.create(first=term, rows=2)
    article = ArticleFactory.create(topics=[topic], misconceptions=[fact], comparisons=[comparison])
    WarningFactory.create(article=article)
    ArticleReferenceFactory.create(article=article)
    FigureFactory.create(article=article)
    QuestionFactory.create(article=article)
    return [topic, term, fact, comparison, article]


def texts(instance: Any) -> tuple[str, ...]:
    model: type[models.Model] = type(instance)
    return snapshot.translated_fields(model)


def mark(instance: Any) -> None:
    """Writes into each text in which language it is."""
    for name in texts(instance):
        setattr(instance, f"{name}_zh_hans", f"中文 {name}")
        setattr(instance, f"{name}_en", f"English {name}")
    if hasattr(instance, "language"):
        instance.text = instance.note = {"en": "English name", "zh-hans": "中文名"}[instance.language]
    instance.save()


@pytest.mark.parametrize(("language", "own", "other"), [("zh-hans", "中文", "English"), ("en", "English", "中文")])
def test_an_edition_holds_every_text_of_its_language_and_no_word_of_the_other(
    db: None, language: str, own: str, other: str
) -> None:
    for document in documents():
        parts = [part for name in document.snapshot.rows for part in getattr(document, name).all()]
        expected = 0
        for instance in [document, *parts]:
            mark(instance)
            in_language = getattr(instance, "language", language) == language
            expected += len(texts(instance)) if in_language else 0
            expected += 2 if getattr(instance, "language", None) == language else 0
        text = json.dumps(snapshot.freeze(fresh(document), language), ensure_ascii=False)
        assert other not in text
        assert text.count(own) == expected > 0


def test_every_translated_field_and_every_relation_is_frozen(db: None) -> None:
    """A field added to a model, and forgotten in its snapshot, would never reach a patient."""
    left_out = {"id", "slug", "source_language", "next_review", "created_at", "updated_at", "version"}
    for document in documents():
        content = snapshot.freeze(document, "en")
        names = {
            field.name
            for field in [*document._meta.concrete_fields, *document._meta.many_to_many]
            if not field.name.endswith(("_en", "_zh_hans"))
        }
        assert names - left_out <= content.keys()
        for name in document.snapshot.rows:
            for row in content[name]:
                model = document._meta.get_field(name).related_model
                fields = {
                    field.name
                    for field in model._meta.concrete_fields
                    if not field.name.endswith(("_en", "_zh_hans")) and not isinstance(field, models.ForeignKey)
                }
                assert fields - {"order"} == row.keys()


def test_freezing_takes_the_schema_to_what_came_in_round_the_field(db: None) -> None:
    article = ArticleFactory.create()
    hostile = "<p onclick='x'>疼<script>alert(1)</script></p>"
    with connection.cursor() as cursor:
        values = (hostile, " a\x0bb ")
        cursor.execute("UPDATE articles_article SET body_zh_hans = %s, summary_zh_hans = %s", values)
    assert fresh(article).body_zh_hans == hostile
    content = snapshot.freeze(fresh(article), "zh-hans")
    assert (content["body"], content["summary"]) == ("<p>疼</p>", "a\nb")


def test_a_part_that_was_added_later_is_not_frozen_while_it_is_blank(db: None) -> None:
    """Else every text that was signed before would count as changed."""
    article, topic = ArticleFactory.create(), TopicFactory.create(region="")
    assert snapshot.freeze(article, "en").keys().isdisjoint({"figures", "questions"})
    assert "region" not in snapshot.freeze(topic, "en")


def test_what_was_frozen_before_a_part_was_added_is_brought_back_without_it(db: None) -> None:
    topic, article = TopicFactory.create(region="head"), ArticleFactory.create()
    old_topic, old_article = snapshot.freeze(topic, "zh-hans"), snapshot.freeze(article, "zh-hans")
    del old_topic["region"]
    QuestionFactory.create(article=article)
    snapshot.thaw(fresh(topic), "zh-hans", old_topic)
    snapshot.thaw(fresh(article), "zh-hans", old_article)
    assert fresh(topic).region == ""
    assert snapshot.freeze(fresh(article), "zh-hans") == old_article


def test_freezing_the_same_draft_gives_the_same_content(db: None) -> None:
    for document in documents():
        for language in ("zh-hans", "en"):
            first = snapshot.freeze(fresh(document), language)
            prefetched = list(type(document)._default_manager.all())
            snapshot.prefetch(prefetched)
            (same,) = (each for each in prefetched if each.pk == document.pk)
            assert json.dumps(first) == json.dumps(snapshot.freeze(fresh(document), language))
            assert json.dumps(first) == json.dumps(snapshot.freeze(same, language))


def test_saving_again_what_a_form_gives_back_changes_nothing(db: None) -> None:
    article = ArticleFactory.create(summary_en="One.\nTwo.")
    before = snapshot.freeze(fresh(article), "en")
    article.summary_en = "One.\r\nTwo.\r\n"
    article.save()
    assert snapshot.freeze(fresh(article), "en") == before


# Relations ------------------------------------------------------------------------------------------------------------


def test_the_order_of_misconceptions_is_kept(db: None) -> None:
    facts = MisconceptionFactory.create_batch(3)
    for order in itertools.permutations(facts):
        article = ArticleFactory.create(misconceptions=order)
        assert snapshot.freeze(article, "en")["misconceptions"] == [fact.pk for fact in order]


def test_another_order_of_misconceptions_is_another_content(db: None) -> None:
    article = ArticleFactory.create(misconceptions=MisconceptionFactory.create_batch(2))
    before = snapshot.digest(snapshot.freeze(article, "en"))
    ArticleMisconception.objects.filter(order=0).update(order=5)
    assert snapshot.digest(snapshot.freeze(fresh(article), "en")) != before


def test_relations_without_an_order_read_the_same_however_they_were_made(db: None) -> None:
    topics = [TopicFactory.create(slug=slug) for slug in "cab"]
    article = ArticleFactory.create()
    found = set()
    for order in itertools.permutations(topics):
        article.topics.clear()
        for topic in order:
            article.topics.add(topic)
        found.add(tuple(snapshot.freeze(fresh(article), "en")["topics"]))
    assert found == {tuple(topic.pk for topic in topics)}


def test_a_relation_to_one_is_a_list_of_one_or_none(db: None) -> None:
    above = TopicFactory.create()
    assert snapshot.freeze(TopicFactory.create(parent=above), "en")["parent"] == [above.pk]
    assert snapshot.freeze(above, "en")["parent"] == []


def test_parts_are_in_their_order(db: None) -> None:
    comparison = ComparisonFactory.create(rows=0)
    last, first = RowFactory.create(comparison=comparison, order=2), RowFactory.create(comparison=comparison, order=1)
    assert [row["id"] for row in snapshot.freeze(comparison, "en")["rows"]] == [first.pk, last.pk]


# Digest ---------------------------------------------------------------------------------------------------------------


def test_a_document_without_codes_reads_as_before_there_were_any(db: None) -> None:
    """So that no edition of that time differs from its draft."""
    topic: Any = TopicFactory()
    assert "codes" not in snapshot.freeze(topic, "en")
    row = TopicCodeFactory(topic=topic, code="M54.5")
    frozen = {language: snapshot.freeze(topic, language) for language in ("zh-hans", "en")}
    for content in frozen.values():
        assert content["codes"] == [{"id": row.pk, "system": "icd-10", "code": "M54.5"}]
    topic.codes.all().delete()
    snapshot.thaw(topic, "en", frozen["en"])
    assert not topic.codes.exists(), "a translation brings back its texts alone"
    snapshot.thaw(topic, "zh-hans", frozen["zh-hans"])
    assert [row.code for row in topic.codes.all()] == ["M54.5"]
    snapshot.thaw(topic, "zh-hans", {name: part for name, part in frozen["zh-hans"].items() if name != "codes"})
    assert not topic.codes.exists()


def test_the_digest_of_known_content() -> None:
    assert (
        snapshot.digest({"title": "疼痛", "topics": [1]})
        == "b92d6212d118a660addb801cdc7549529109ff86d923b032e0b9fa8f4717630e"
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
CONTENT = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@given(CONTENT, st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_the_order_of_keys(content: dict[str, Any], chance: Any) -> None:
    items = list(content.items())
    chance.shuffle(items)
    assert snapshot.digest(dict(items)) == snapshot.digest(content)


@given(CONTENT, CONTENT)
def test_the_digest_tells_contents_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (snapshot.digest(one) == snapshot.digest(other)) == same


@pytest.fixture
def edition(db: None) -> Edition:
    return submit(ArticleFactory.create(), "zh-hans")


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONTENT)
def test_the_digest_is_the_same_after_a_stay_in_the_database(edition: Edition, content: dict[str, Any]) -> None:
    edition.pk = None
    edition._state.adding = True
    edition.state = State.WITHDRAWN
    edition.number += 1
    edition.content, edition.digest = content, snapshot.digest(content)
    edition.save()
    stored = Edition.objects.get(pk=edition.pk)
    assert stored.content == content
    assert snapshot.digest(stored.content) == stored.digest


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_can_be_frozen_stored_and_read_back(edition: Edition, title: str, body: str) -> None:
    article = Article(slug="x", title_zh_hans=title, body_zh_hans=body)
    values = {"title": title, "body": body, **snapshot._values(article, "zh-hans", ())}
    edition.pk = None
    edition._state.adding = True
    edition.state = State.WITHDRAWN
    edition.number += 1
    edition.content = {name: values[name] for name in snapshot.translated_fields(Article)}
    edition.save()
    assert Edition.objects.get(pk=edition.pk).content == edition.content


# Completeness ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000", "<p></p>", "<p>&nbsp;</p>"])
def test_required_texts_that_are_blank_are_missing(db: None, blank: str | None) -> None:
    article = ArticleFactory.build(title_en=blank, body_en=blank)
    assert snapshot.missing_fields(article, "en") == ["title", "body"]
    assert snapshot.missing_fields(article, "zh-hans") == []


def test_texts_that_may_be_blank_are_never_missing(db: None) -> None:
    assert snapshot.missing_fields(TermFactory.build(explanation_en=""), "en") == []


def test_a_language_has_text_as_soon_as_one_field_has(db: None) -> None:
    nothing = {"name_en": None, "definition_en": " ", "explanation_en": "<p></p>"}
    assert not snapshot.has_text(TermFactory.build(**nothing), "en")
    assert snapshot.has_text(TermFactory.build(**nothing | {"explanation_en": "<p>x</p>"}), "en")


@pytest.mark.parametrize("model", Document.__subclasses__(), ids=lambda model: model.__name__)
def test_what_a_snapshot_names_exists(model: type[Document]) -> None:
    spec = model.snapshot
    translated = snapshot.translated_fields(model)
    assert {spec.title, *spec.required} <= set(translated)
    assert spec.title in spec.required
    assert not {*spec.values, *spec.links, *spec.rows} & set(translated)
    for name in (*spec.values, *spec.links, *spec.rows):
        assert model._meta.get_field(name)
