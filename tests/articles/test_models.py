import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import translation

from articles.models import Article, ArticleMisconception, Facet, Misconception, Topic
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    FigureFactory,
    MisconceptionFactory,
    MisconceptionReferenceFactory,
    TopicFactory,
    WarningFactory,
)


@pytest.mark.parametrize(
    ("model", "path"),
    [(Topic, "/en/topics/pain/"), (Article, "/en/articles/pain/"), (Misconception, "/en/facts/pain/")],
)
def test_the_address_of_a_page(model: type[Topic | Article | Misconception], path: str) -> None:
    with translation.override("en"):
        assert model.page_url("pain") == path


# Topics ---------------------------------------------------------------------------------------------------------------


def test_a_topic_stands_under_another_of_its_facet(db: None) -> None:
    above = TopicFactory.create(facet=Facet.SOURCE)
    TopicFactory.build(facet=Facet.SOURCE, parent=above).full_clean()
    with pytest.raises(ValidationError) as raised:
        TopicFactory.build(facet=Facet.COURSE, parent=above).full_clean()
    assert list(raised.value.message_dict) == ["parent"]


def test_a_topic_does_not_stand_under_itself_at_any_remove(db: None) -> None:
    top = TopicFactory.create()
    middle = TopicFactory.create(parent=top)
    low = TopicFactory.create(parent=middle)
    for parent in (top, middle, low):
        top.parent = parent
        with pytest.raises(ValidationError) as raised:
            top.full_clean()
        assert list(raised.value.message_dict) == ["parent"]


def test_the_ancestors_of_a_topic_nearest_first(db: None) -> None:
    top = TopicFactory.create()
    middle = TopicFactory.create(parent=top)
    assert list(TopicFactory.create(parent=middle).ancestors()) == [middle, top]
    assert list(top.ancestors()) == []


def test_a_loop_in_the_data_ends_the_ancestors(db: None) -> None:
    first = TopicFactory.create()
    second = TopicFactory.create(parent=first)
    Topic.objects.filter(pk=first.pk).update(parent=second)
    assert list(Topic.objects.get(pk=second.pk).ancestors()) == [first, second]


def test_a_topic_with_others_under_it_is_not_deleted(db: None) -> None:
    above = TopicFactory.create()
    TopicFactory.create(parent=above)
    with pytest.raises(ProtectedError):
        above.delete()


# Articles -------------------------------------------------------------------------------------------------------------


def test_a_misconception_stands_once_in_an_article(db: None) -> None:
    fact = MisconceptionFactory.create()
    article = ArticleFactory.create(misconceptions=[fact])
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleMisconception.objects.create(article=article, misconception=fact, order=1)


def test_a_misconception_that_an_article_shows_is_not_deleted(db: None) -> None:
    fact = MisconceptionFactory.create()
    ArticleFactory.create(misconceptions=[fact])
    with pytest.raises(ProtectedError):
        fact.delete()


def test_a_related_article_need_not_relate_back(db: None) -> None:
    one = ArticleFactory.create()
    other = ArticleFactory.create(related=[one])
    assert (list(other.related.all()), list(one.related.all())) == ([one], [])


def test_warnings_and_references_are_in_their_order(db: None) -> None:
    article = ArticleFactory.create(references=0)
    for factory, parts in (
        (WarningFactory, article.warnings),
        (ArticleReferenceFactory, article.references),
    ):
        last, first = factory.create(article=article, order=1), factory.create(article=article, order=0)
        assert list(parts.all()) == [first, last]


@pytest.mark.parametrize("year", [1799, 2101, -1])
def test_a_reference_of_an_impossible_year_is_refused(db: None, year: int) -> None:
    reference = ArticleReferenceFactory.build(article=ArticleFactory.create(), year=year)
    with pytest.raises(ValidationError) as raised:
        reference.full_clean()
    assert list(raised.value.message_dict) == ["year"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.org", "data:text/html,x"])
def test_a_reference_leads_to_a_web_address_only(db: None, url: str) -> None:
    reference = MisconceptionReferenceFactory.build(misconception=MisconceptionFactory.create(), url=url)
    with pytest.raises(ValidationError) as raised:
        reference.full_clean()
    assert list(raised.value.message_dict) == ["url"]


@pytest.mark.parametrize("legend", ["", "轻度疼痛", "一\n二\n\n", "一\n二\n三\n四"])
def test_a_legend_has_a_line_for_each_number_of_the_picture(db: None, legend: str) -> None:
    figure = FigureFactory.build(article=ArticleFactory.create(), legend_zh_hans=legend)
    with pytest.raises(ValidationError) as raised:
        figure.clean()
    assert list(raised.value.message_dict) == ["legend_zh_hans"]


def test_blank_lines_of_a_legend_do_not_count(db: None) -> None:
    FigureFactory.build(article=ArticleFactory.create(), legend_zh_hans="\n一\n\n 二 \n三\n").clean()


def test_the_legend_of_the_translation_does_not_keep_an_editor_from_exchanging_the_picture(db: None) -> None:
    """The gate keeps it from going live."""
    FigureFactory.build(article=ArticleFactory.create(), legend_en="One").clean()


def test_parts_go_with_their_document(db: None) -> None:
    warning = WarningFactory.create()
    warning.article.delete()
    assert not type(warning).objects.exists()


def test_parts_are_called_by_what_tells_them_apart(db: None) -> None:
    with translation.override("en"):
        assert str(WarningFactory.build()) == "Emergency: get help now"
    assert str(ArticleMisconception(order=3)) == "3"
