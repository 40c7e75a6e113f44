import pytest
from django.utils import translation

from articles.models import Facet, Topic
from articles.topictree import Branch, TopicTree
from publishing.reading import Page
from tests.factories import TopicFactory, publish, publish_all

pytestmark = pytest.mark.django_db


def names(branches: list[Branch]) -> list[object]:
    return [[branch.page.title, *names(branch.branches)] for branch in branches]


def page(topic: Topic) -> Page:
    return Page(topic.editions.live("en").get())


def test_topics_stand_under_their_parents_in_the_order_given() -> None:
    acute = TopicFactory(name_en="Acute", order=2)
    chronic = TopicFactory(name_en="Chronic", order=1)
    injury = TopicFactory(name_en="Injury", parent=acute, order=2)
    inflamed = TopicFactory(name_en="Inflamed", parent=acute, order=1)
    infected = TopicFactory(name_en="Infected", parent=inflamed)
    publish_all(acute, chronic, injury, inflamed, infected)
    tree = TopicTree("en")
    assert names(tree.under(None)) == [["Chronic"], ["Acute", ["Inflamed", ["Infected"]], ["Injury"]]]
    assert names(tree.under(page(inflamed))) == [["Infected"]]
    assert [above.title for above in tree.above(page(infected))] == ["Acute", "Inflamed"]
    assert tree.above(page(acute)) == []


def test_facets_come_in_their_order_with_their_names_in_the_readers_language() -> None:
    publish_all(
        TopicFactory(name_en="Nerve pain", facet=Facet.SOURCE),
        TopicFactory(name_en="Headache", facet=Facet.BODY_PART),
    )
    with translation.override("en"):
        facets = TopicTree("en").by_facet()
    assert [(name, names(branches)) for name, branches in facets] == [
        ("by part of the body", [["Headache"]]),
        ("by source", [["Nerve pain"]]),
    ]


def test_a_topic_whose_parent_is_not_live_stands_alone() -> None:
    parent = TopicFactory()
    publish(parent, "zh-hans")
    publish_all(TopicFactory(name_en="Injury", parent=parent))
    assert names(TopicTree("en").under(None)) == [["Injury"]]


def test_topics_frozen_in_a_circle_are_all_shown_once() -> None:
    first = TopicFactory(name_en="First", order=1)
    second = TopicFactory(name_en="Second", order=2, parent=first)
    publish_all(second)
    Topic.objects.filter(pk=second.pk).update(parent=None)
    first.parent = second
    first.save()
    publish_all(first)
    tree = TopicTree("en")
    assert names(tree.under(None)) == [["Second", ["First"]]]
    assert [above.title for above in tree.above(page(first))] == ["Second"]


def test_without_topics_there_is_no_facet() -> None:
    assert TopicTree("en").by_facet() == []
