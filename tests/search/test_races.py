"""Two people publish or withdraw at the same moment what the same texts speak of: both do, and the index knows it.

10 pairs of each kind, or as many as PAINSITE_RACES says:

    PAINSITE_RACES=100 .venv/bin/python tests/run.py sqlite postgres -- tests/search/test_races.py
"""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from search.engines import engine
from tests.factories import ArticleFactory, NameFactory, TermFactory, UserFactory, approve, publish, submit
from tests.publishing.racing import at_the_same_moment

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = int(os.environ.get("PAINSITE_RACES", "10"))
TEXTS = 6

Act = Callable[[], Any]


def approved_term(name: str, other_name: str) -> Edition:
    term = TermFactory(name_zh_hans=name)
    NameFactory(term=term, language="zh-hans", text=other_name)
    return approve(submit(term, "zh-hans"))


def publishing(edition: Edition, by: Any) -> Act:
    return partial(workflow.publish, Edition.objects.get(pk=edition.pk), by)


def withdrawing(edition: Edition, by: Any) -> Act:
    return partial(workflow.withdraw, Edition.objects.get(pk=edition.pk), by, reason="Over")


def found(name: str) -> set[int]:
    """By a name of two characters, which no other text has."""
    ranked = engine().rank([f"_{name}"], Edition.objects.live("zh-hans"), 100)
    return {key for key, _score in ranked}


@pytest.fixture
def people(transactional_db: None) -> list[Any]:
    return UserFactory.create_batch(2, roles=[StaffRole.PUBLISHER])


@pytest.mark.parametrize("pair", range(PAIRS))
def test_two_terms_of_the_same_texts(people: list[Any], pair: int) -> None:
    texts = {
        publish(ArticleFactory(body_zh_hans=f"<h2>疼痛</h2><p>{said}</p>"), "zh-hans").pk
        for said in ("先用阻滞，再用电击。", "先用电击，再用阻滞。") * (TEXTS // 2)
    }
    one, other = approved_term("阻滞", "麻醉"), approved_term("电击", "通电")
    pairs: list[list[Act]] = [
        [publishing(one, people[0]), publishing(other, people[1])],
        [withdrawing(one, people[0]), withdrawing(other, people[1])],
    ]
    assert at_the_same_moment(*pairs[0]) == [None, None]
    assert found("麻醉") == {one.pk, *texts}
    assert found("通电") == {other.pk, *texts}
    assert at_the_same_moment(*pairs[1]) == [None, None]
    assert found("麻醉") == found("通电") == set()


@pytest.mark.parametrize("pair", range(PAIRS))
def test_a_term_and_a_text_that_speaks_of_it(people: list[Any], pair: int) -> None:
    article = approve(submit(ArticleFactory(body_zh_hans="<h2>疼痛</h2><p>先用阻滞。</p>"), "zh-hans"))
    term = approved_term("阻滞", "麻醉")
    assert at_the_same_moment(publishing(article, people[0]), publishing(term, people[1])) == [None, None]
    assert found("麻醉") == {term.pk, article.pk}
