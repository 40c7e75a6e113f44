from typing import Any

import pytest
from django.urls import reverse
from reversion import get_registered_models

from articles.models import (
    Article,
    ArticleMisconception,
    ArticleReference,
    Misconception,
    MisconceptionReference,
    Topic,
)
from articles.models import Warning as ArticleWarning
from painsite.roles import StaffRole
from tests.adminforms import client_as, filled_in, text, with_row
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
)

pytestmark = pytest.mark.django_db


def url(name: str, document: Any = None) -> str:
    return reverse(f"admin:articles_{name}", args=[document.pk] if document else [])


def test_a_topic_is_put_under_another_of_its_facet_and_never_under_itself() -> None:
    above, below = TopicFactory(facet="course"), TopicFactory(facet="course")
    elsewhere = TopicFactory(facet="source")
    client = client_as(StaffRole.EDITOR)

    def put_under(topic: Any, parent: Any) -> Any:
        data = filled_in(client.get(url("topic_change", topic)))
        return client.post(url("topic_change", topic), data | {"parent": parent.pk})

    assert put_under(below, above).status_code == 302
    assert Topic.objects.get(pk=below.pk).parent == above
    assert "A topic cannot stand under itself." in text(put_under(above, below))
    assert "A topic cannot stand under itself." in text(put_under(above, above))
    assert "It belongs to another facet." in text(put_under(above, elsewhere))
    assert Topic.objects.get(pk=above.pk).parent is None


@pytest.mark.parametrize("parent", ["abc", "9" * 30, "-1", "a\x00b"])
def test_an_odd_parent_is_a_message(parent: str) -> None:
    topic = TopicFactory()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(url("topic_change", topic)))
    page = client.post(url("topic_change", topic), data | {"parent": parent})
    assert (page.status_code, list(page.context["adminform"].form.errors)) == (200, ["parent"])


def test_a_misconception_is_made_with_its_reference_topics_and_terms_in_one_form() -> None:
    topic, term = TopicFactory(), TermFactory()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(url("misconception_add"))) | {
        "slug": "brittle-bones",
        "verdict": "partly-true",
        "question_zh_hans": "打多了骨头会脆吗？",
        "question_en": "Do many injections make bones brittle?",
        "misconception_zh_hans": "打多了骨头会脆。",
        "fact_en": "The small amount falls well short of that.",
        "explanation_en": "<p>Why</p>",
        "topics": [topic.pk],
        "terms": [term.pk],
    }
    data = with_row(data, "references", citation_zh_hans="一本关于骨质疏松的专著", year="2001")
    assert client.post(url("misconception_add"), data).status_code == 302
    made: Any = Misconception.objects.get(slug="brittle-bones")
    assert (made.question_en, made.fact_en, made.explanation_en) == (
        "Do many injections make bones brittle?",
        "The small amount falls well short of that.",
        "<p>Why</p>",
    )
    assert (list(made.topics.all()), list(made.terms.all())) == ([topic], [term])
    assert made.references.get().year == 2001


def test_the_misconceptions_of_an_article_are_put_in_order_and_none_named_twice() -> None:
    article, first, second = ArticleFactory(), MisconceptionFactory(), MisconceptionFactory()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(url("article_change", article)))
    data = with_row(data, "misconception_rows", misconception=first.pk, order="1")
    data = with_row(data, "misconception_rows", misconception=second.pk, order="0")
    page = client.post(url("article_change", article), data | {"misconception_rows-1-misconception": first.pk})
    assert page.status_code == 200
    assert "duplicate" in text(page)
    assert client.post(url("article_change", article), data).status_code == 302
    assert [row.misconception for row in article.misconception_rows.all()] == [second, first]


def test_the_warnings_of_an_article_stand_in_their_order() -> None:
    article = ArticleFactory()
    WarningFactory(article=article, order=1, heading_en="Second")
    WarningFactory(article=article, order=0, heading_en="First")
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(url("article_change", article)))
    assert (data["warnings-0-heading_en"], data["warnings-1-heading_en"]) == ("First", "Second")
    client.post(url("article_change", article), data | {"warnings-1-order": "0", "warnings-0-order": "1"})
    assert [warning.heading_en for warning in article.warnings.all()] == ["Second", "First"]


@pytest.mark.parametrize(
    ("model", "field", "factory"),
    [
        ("article", "topics", TopicFactory),
        ("article", "comparisons", ComparisonFactory),
        ("article", "related", ArticleFactory),
        ("articlemisconception", "misconception", MisconceptionFactory),
        ("misconception", "topics", TopicFactory),
        ("misconception", "terms", TermFactory),
        ("topic", "parent", TopicFactory),
    ],
)
def test_every_relation_is_chosen_by_typing(model: str, field: str, factory: Any) -> None:
    wanted = factory(slug="wanted-one")
    factory()
    asked = {"app_label": "articles", "model_name": model, "field_name": field, "term": "wanted-one"}
    answer = client_as(StaffRole.EDITOR).get(reverse("admin:autocomplete"), asked).json()
    assert answer["results"] == [{"id": str(wanted.pk), "text": str(wanted)}]


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("article", {"kind__exact": "medicine"}),
        ("misconception", {"verdict__exact": "depends"}),
        ("topic", {"facet__exact": "setting"}),
        ("article", {"source_language__exact": "en"}),
    ],
)
def test_a_list_is_filtered_by_its_subject(name: str, filters: dict[str, str]) -> None:
    factory: Any = {"article": ArticleFactory, "misconception": MisconceptionFactory, "topic": TopicFactory}[name]
    factory()
    wanted = factory(**{key.removesuffix("__exact"): value for key, value in filters.items()})
    page = client_as(StaffRole.EDITOR).get(url(f"{name}_changelist"), filters)
    assert list(page.context["cl"].result_list) == [wanted]


def test_articles_are_filtered_by_topic() -> None:
    topic = TopicFactory()
    wanted = ArticleFactory(topics=[topic])
    ArticleFactory()
    page = client_as(StaffRole.EDITOR).get(url("article_changelist"), {"topics__id__exact": topic.pk})
    assert list(page.context["cl"].result_list) == [wanted]


def test_a_topic_or_fact_that_others_stand_on_is_not_deleted() -> None:
    above = TopicFactory()
    TopicFactory(parent=above)
    fact = MisconceptionFactory()
    ArticleFactory(misconceptions=[fact])
    client = client_as(StaffRole.EDITOR)
    for name, document in (("topic", above), ("misconception", fact)):
        page = client.get(url(f"{name}_delete", document))
        assert page.context["protected"]
        client.post(url(f"{name}_delete", document), {**filled_in_or_empty(page), "post": "yes"})
        assert type(document)._base_manager.filter(pk=document.pk).exists()


def filled_in_or_empty(page: Any) -> dict[str, Any]:
    """A page that refuses has no form."""
    try:
        return filled_in(page)
    except IndexError:
        return {}


def test_every_kind_and_every_part_has_a_history() -> None:
    kept = set(get_registered_models())
    assert {
        Topic,
        Article,
        Misconception,
        ArticleWarning,
        ArticleReference,
        ArticleMisconception,
        MisconceptionReference,
    } <= kept
