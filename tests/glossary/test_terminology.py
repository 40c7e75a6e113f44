"""The live terms of a language: which names count, and that they are built anew exactly when they change."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from glossary import terminology
from glossary.models import Context, ContextKind, NameStatus, Usage
from painsite.roles import StaffRole
from publishing import workflow
from tests.factories import NameFactory, TermFactory, approve, publish, publish_all, staff, submit, withdraw

pytestmark = pytest.mark.django_db


def closure() -> Any:
    term = TermFactory(slug="closure", name_zh_hans="封闭疗法", name_en="closure therapy")
    for text in ("封闭", "封闭针"):
        NameFactory(term=term, language="zh-hans", text=text)
    for text in ("针", "疗法", "打"):
        Context.objects.create(term=term, language="zh-hans", kind=ContextKind.NEARBY, text=text)
    Context.objects.create(term=term, language="zh-hans", kind=ContextKind.WITHIN, text="封闭式")
    return term


def found(text: str, language: str) -> list[str]:
    return [match.name for match in terminology.live(language).matcher.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("封闭疗法起源于苏联。", ["封闭疗法"]),
        ("封闭针是什么？", ["封闭针"]),
        ("昨天打了封闭。", ["封闭"]),
        ("病房已封闭。", []),
        ("打针时封闭式管理。", []),
    ],
)
def test_a_name_that_holds_its_context_needs_no_other(text: str, names: list[str]) -> None:
    publish(closure(), "zh-hans")
    assert found(text, "zh-hans") == names


def test_names_for_a_patients_mouth_are_found_and_unwanted_ones_are_not() -> None:
    term = TermFactory(name_en="closure therapy", abbreviation="CLT")
    NameFactory(term=term, text="closure jab", usage=Usage.QUESTION)
    NameFactory(term=term, text="closed needle", status=NameStatus.FORBIDDEN)
    NameFactory(term=term, text="closure cure", status=NameStatus.DEPRECATED)
    publish(term, "en")
    text = "Closure therapy, CLT, a closure jab, a closed needle, a closure cure"
    assert found(text, "en") == ["closure therapy", "CLT", "closure jab"]
    words = terminology.live("en").words(text)
    assert [(word.text, word.status) for _match, word in words] == [
        ("closure therapy", ""),
        ("CLT", ""),
        ("closure jab", "admitted"),
        ("closed needle", "forbidden"),
        ("closure cure", "deprecated"),
    ]


def test_a_forbidden_name_is_found_where_no_context_is_near() -> None:
    term = closure()
    NameFactory(term=term, language="zh-hans", text="封堵", status=NameStatus.FORBIDDEN)
    publish(term, "zh-hans")
    assert [word.text for _match, word in terminology.live("zh-hans").words("医生说要封堵。")] == ["封堵"]


def test_a_term_is_defined_as_it_is_live() -> None:
    term = TermFactory(slug="block", name_en="nerve block", definition_en="An injection.")
    publish(term, "en")
    term.definition_en = "Something else."
    term.save()
    (definition,) = terminology.live("en").definitions.values()
    assert (definition.name, definition.definition, definition.url) == (
        "nerve block",
        "An injection.",
        "/en/glossary/block/",
    )


def test_it_is_built_once_and_asked_for_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publish_all(TermFactory(name_en="nerve block"))
    with django_assert_num_queries(2):
        first = terminology.live("en")
    with django_assert_num_queries(1):
        assert terminology.live("en") is first
    assert terminology.live("zh-hans") is not first


def test_a_draft_and_a_review_change_nothing() -> None:
    publish_all(TermFactory(name_en="nerve block"))
    first = terminology.live("en")
    approve(submit(TermFactory(source_language="en", name_en="gout"), "en"))
    assert terminology.live("en") is first


def test_it_follows_publication_supersession_and_withdrawal() -> None:
    term: Any = TermFactory(source_language="en", name_en="nerve block")
    assert found("nerve block, nerve stop", "en") == []
    publish(term, "en")
    assert found("nerve block, nerve stop", "en") == ["nerve block"]
    term.name_en = "nerve stop"
    term.save()
    edition = publish(term, "en")
    assert found("nerve block, nerve stop", "en") == ["nerve stop"]
    withdraw(edition)
    assert found("nerve block, nerve stop", "en") == []


def test_it_follows_the_clock() -> None:
    now = timezone.now()
    hour, day = datetime.timedelta(hours=1), datetime.timedelta(days=1)
    term: Any = TermFactory(source_language="en", name_en="nerve block")
    edition = approve(submit(term, "en"))
    workflow.publish(edition, by=staff(StaffRole.PUBLISHER), at=now + hour)
    workflow.withdraw(edition, by=staff(StaffRole.PUBLISHER), reason="Old", at=now + 3 * hour)
    moments = [now, now + 2 * hour, now + 4 * hour, now + 2 * hour, now + 1000 * day]
    results = []
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            results.append(found("nerve block", "en"))
    assert results == [[], ["nerve block"], [], ["nerve block"], []]


def test_terms_are_named_once_in_the_order_of_their_mentions() -> None:
    block: Any = TermFactory(source_language="en", name_en="nerve block")
    gout: Any = TermFactory(source_language="en", name_en="gout")
    publish(block, "en")
    publish(gout, "en")
    assert terminology.live("en").terms("Gout, nerve block, gout") == [gout.pk, block.pk]
