import datetime

import pytest
from django.utils import timezone

from search import missed
from search.models import Missed

pytestmark = pytest.mark.django_db


def test_the_same_words_of_a_day_are_counted_in_one_row() -> None:
    for question in ("Aspirin?", " aspirin", "ASPIRIN"):
        missed.record(question, "en")
    missed.record("aspirin", "zh-hans")
    rows = Missed.objects.order_by("language").values_list("language", "query", "count", "day")
    today = timezone.localdate()
    assert list(rows) == [("en", "aspirin", 3, today), ("zh-hans", "aspirin", 1, today)]


@pytest.mark.parametrize("question", ["13800138000", "call me 138 0013 8000", "me@example.org", "?!"])
def test_nothing_by_which_somebody_could_be_reached_is_kept(question: str) -> None:
    missed.record(question, "en")
    assert not Missed.objects.exclude(query="call me").exists()


def test_a_day_has_room_for_so_many_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "A_DAY", 1)
    for question in ("one", "two", "one"):
        missed.record(question, "en")
    assert list(Missed.objects.values_list("query", "count")) == [("one", 2)]


def test_they_are_not_kept_for_ever() -> None:
    Missed.objects.create(day=timezone.localdate() - datetime.timedelta(days=400), language="en", query="old")
    missed.record("new", "en")
    assert list(Missed.objects.values_list("query", flat=True)) == ["new"]
