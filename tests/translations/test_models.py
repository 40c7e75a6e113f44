import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from painsite.roles import StaffRole
from tests.factories import ArticleFactory, staff
from translations.models import HERE, Presence, State, Translation, Unit, digest

pytestmark = pytest.mark.django_db


def work() -> Any:
    article = ArticleFactory(summary_en="")
    return Translation.objects.get(object_id=article.pk, title=article.title_zh_hans)


def test_the_counts_are_those_of_the_units() -> None:
    translation = work()
    units = list(translation.units.all())
    assert translation.units_all == len(units)
    assert translation.units_missing == 1
    assert translation.words_all == sum(unit.words_all for unit in units)
    assert translation.words_left == sum(unit.words_left for unit in units) > 0
    assert translation.characters_left == sum(unit.characters_left for unit in units) > 0


def test_the_share_that_is_done_is_rounded_down() -> None:
    assert Translation(words_all=300, words_left=1).done_percent == 99
    assert Translation(words_all=300, words_left=0).done_percent == 100
    assert Translation(words_all=0, words_left=0).done_percent == 100


def test_only_what_was_approved_and_stayed_so_is_approved() -> None:
    translation = work()
    unit = translation.units.get(key="title")
    unit.state = State.REVIEWED
    unit.save()
    assert list(Unit.objects.approved()) == [unit]
    assert unit.is_approved
    unit.is_outdated = True
    unit.save()
    assert not Unit.objects.approved()
    assert not unit.is_approved


def test_another_text_on_either_side_has_another_digest() -> None:
    digests = {digest("一", "one"), digest("一", "two"), digest("二", "one"), digest("一o", "ne")}
    assert len(digests) == 4
    unit = Unit(source="一", target="one")
    assert unit.digest == digest("一", "one")


def test_somebody_is_here_for_a_while_after_they_were_heard_of() -> None:
    Presence.objects.create(translation=work(), user=staff(StaffRole.TRANSLATOR_EN))
    assert Presence.objects.here().count() == 1
    with time_machine.travel(timezone.now() + HERE + datetime.timedelta(seconds=1)):
        assert Presence.objects.here().count() == 0
