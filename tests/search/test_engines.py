"""The same on both databases: these tests run on each."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.models import Edition
from search import engines, text
from search.engines import engine, few, known, rarity, score
from search.text import Text
from tests.factories import ArticleFactory, publish

pytestmark = pytest.mark.django_db


def put(*texts: Text) -> list[int]:
    keys = [publish(ArticleFactory(), "zh-hans").pk for _text in texts]
    engine().write((key, text.columns(each)) for key, each in zip(keys, texts, strict=True))
    return keys


def found(query: str, limit: int = 10) -> list[int]:
    return [key for key, _score in engine().rank(text.query(query), Edition.objects.live(), limit)]


def test_any_of_the_words_is_enough_and_all_of_them_are_better() -> None:
    both, one, _none = put(Text(body="封闭针 骨头"), Text(body="封闭针 头痛"), Text(body="手术"))
    assert found("封闭针 骨头") == [both, one]


def test_a_word_in_the_title_counts_for_more_than_one_in_the_text() -> None:
    body, title, _other = put(Text(title="头痛", body="封闭"), Text(title="封闭", body="头痛"), Text(body="手术"))
    assert found("封闭") == [title, body]


def test_a_rare_word_counts_for_more_than_a_frequent_one() -> None:
    *_common, rare = put(Text(body="pain block"), Text(body="pain block"), Text(body="pain gout"))
    assert found("pain gout")[0] == rare


def test_what_is_written_anew_is_found_by_its_new_words_alone() -> None:
    (key,) = put(Text(body="gout"))
    engine().write([(key, text.columns(Text(body="block")))])
    assert found("gout") == []
    assert found("block") == [key]


def test_what_was_removed_is_not_found() -> None:
    key, other = put(Text(body="gout"), Text(body="gout"))
    engine().remove([key])
    engine().remove([])
    assert found("gout") == [other]


def test_only_the_given_editions_are_found_however_many_others_fit_better() -> None:
    *_others, last = put(*[Text(title="gout", body="gout")] * 5, Text(body="gout and many other words"))
    assert engine().rank(["gout"], Edition.objects.filter(pk=last), 1)[0][0] == last


def test_no_more_than_asked_for() -> None:
    keys = put(*[Text(body="gout")] * 3)
    assert found("gout", limit=2) == keys[:2]


def test_of_a_narrow_choice_nothing_is_left_out_because_a_word_is_frequent_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """3 texts are few, 5 are many: so long as they are chosen, both of those that have both words are found."""
    monkeypatch.setattr(engines, "ENOUGH", 3)
    monkeypatch.setattr(engines, "PROMINENT", 2.0)  # nothing is
    *_others, one, other = put(*[Text(body="pain")] * 4, Text(body="pain gout"), Text(body="pain"))
    chosen = Edition.objects.live().filter(pk__in=[one, other])
    ranked = engine().rank(text.query("gout pain"), chosen, 10, is_narrow=True)
    assert [key for key, _score in ranked] == [one, other]
    assert engine().rank(text.query("pain"), Edition.objects.none(), 10, is_narrow=True) == []


@pytest.mark.parametrize("is_narrow", [False, True])
def test_what_is_live_is_asked_of_editions_by_their_keys_apart_from_the_words(is_narrow: bool) -> None:
    """Else the plan is a matter of luck: see the module."""
    put(Text(body="gout"))
    with CaptureQueriesContext(connection) as seen:
        engine().rank(["gout"], Edition.objects.live("zh-hans"), 10, is_narrow=is_narrow)
        known(["gout"], Edition.objects.live())
    of_words = [query["sql"] for query in seen if re.search("@@|MATCH", query["sql"])]
    of_editions = [query["sql"] for query in seen if "publishing_edition" in query["sql"]]
    assert of_words
    assert of_editions
    assert not set(of_words) & set(of_editions)
    assert all(" AS MATERIALIZED " in sql for sql in of_editions if "search_index" in sql)
    assert is_narrow or all('"id" IN (' in sql for sql in of_editions)


def test_words_are_known_of_the_given_editions_however_many_others_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "AT_ONCE", 2)
    *_others, last = put(*[Text(body="gout")] * 5)
    assert known(["gout", "gaut"], Edition.objects.filter(pk=last)) == {"gout"}
    assert known(["gout"], Edition.objects.none()) == set()
    assert known([], Edition.objects.live()) == set()


def test_it_knows_which_words_there_are() -> None:
    put(Text(body="gout"))
    assert known(["gout", "gaut", "封闭"], Edition.objects.live()) == {"gout"}


def test_a_word_that_is_everywhere_is_found_where_it_is_prominent() -> None:
    frequencies = {"pain": 5000, "^pain": 30, "gout": 20, "^gout": 2, "none": 0, "^none": 0}
    assert few(["pain", "gout", "none"], frequencies) == ["gout", "^pain"]


def test_a_word_that_is_prominent_everywhere_is_looked_for_all_the_same() -> None:
    assert few(["pain"], {"pain": 5000, "^pain": 5000}) == ["pain"]


def test_bm25() -> None:
    """One token of two, in a text of average length, in 1 of 10 texts: ln(9.5 / 1.5) times 1."""
    assert score({"gout": rarity(1, 10), "pain": 1.0}, "\nblock\t2\ngout\t1\n", 1.0) == pytest.approx(1.8458, abs=1e-4)
    assert rarity(9, 10) == 1e-6
