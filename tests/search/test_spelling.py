import datetime
from collections import Counter

import pytest
from django.utils import timezone

from painsite.roles import StaffRole
from publishing import workflow
from search import indexing, spelling
from search.models import Entry
from tests.factories import ArticleFactory, TermFactory, approve, publish, publish_all, staff, submit, withdraw

WORDS = Counter({"block": 3, "clock": 9, "nerve": 1, "osteoporosis": 1})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("blok", "block"), ("bolck", "block"), ("nerv", "nerve"), ("osteoperosys", "osteoporosis"), ("plock", "clock")],
)
def test_the_nearest_word(typed: str, meant: str) -> None:
    assert spelling.nearest(typed, WORDS) == meant


@pytest.mark.parametrize("typed", ["blo", "blxxk", "hypnosis"])
def test_what_is_too_far_off_is_left(typed: str) -> None:
    assert spelling.nearest(typed, WORDS) == ""


@pytest.mark.django_db
def test_the_words_are_those_of_live_texts() -> None:
    term = TermFactory(name_en="arthralgia", name_zh_hans="关节痛")
    publish_all(term)
    assert spelling.corrected("artralgia") == "arthralgia"
    withdraw(term.editions.live("en").get())
    assert spelling.corrected("artralgia") == ""


@pytest.mark.django_db
def test_a_word_that_only_a_scheduled_text_has_is_as_unknown_as_any_other() -> None:
    publish_all(TermFactory(name_en="arthralgia"))
    article = ArticleFactory(title_zh_hans="Artralgin")
    at = timezone.now() + datetime.timedelta(hours=1)
    workflow.publish(approve(submit(article, "zh-hans")), staff(StaffRole.PUBLISHER), at=at)
    assert spelling.corrected("artralgia") == "arthralgia"
    assert spelling.corrected("artralgin") == "arthralgia"


@pytest.mark.django_db
def test_the_words_are_learnt_anew_when_texts_are_indexed_anew() -> None:
    edition = publish(TermFactory(name_en="arthralgia"), "en")
    Entry.objects.update(words="")  # as by an older way to index
    assert spelling.corrected("artralgia") == ""
    indexing.write([edition])
    assert spelling.corrected("artralgia") == "arthralgia"


@pytest.mark.django_db
def test_words_that_are_known_stay_as_they_are() -> None:
    publish_all(TermFactory(name_en="acute arthralgia"))
    assert spelling.corrected("acute artralgia 25 mg") == "acute arthralgia 25 mg"
