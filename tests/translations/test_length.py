from tests.translations.pairing import pair
from translations.checks import length
from translations.checks.length import Expected

CHINESE = "神经阻滞是把药物注射到神经附近，阻断疼痛信号的传导。"
ENGLISH = "A nerve block puts medicine near a nerve, so that it stops passing on signals of pain."


def test_a_usual_length_is_no_matter() -> None:
    assert list(length.check(pair(CHINESE, ENGLISH))) == []


def test_a_text_that_stops_in_the_middle_is_too_short() -> None:
    (one,) = length.check(pair(CHINESE * 3, ENGLISH))
    assert (one.id, one.level, one.source, one.target) == ("W018", "warning", None, (0, len(ENGLISH)))


def test_one_that_says_everything_thrice_is_too_long_in_either_language() -> None:
    assert [one.id for one in length.check(pair(CHINESE, ENGLISH * 3))] == ["W018"]
    assert [one.id for one in length.check(pair(CHINESE * 3, ENGLISH, source="en"))] == ["W018"]


def test_a_word_may_be_as_long_as_it_likes() -> None:
    assert list(length.check(pair("痛", "trigeminal neuralgia"))) == []


def test_the_memory_may_know_better() -> None:
    assert [one.id for one in length.check(pair(CHINESE, ENGLISH), Expected(mean=0.0, spread=0.1))] == ["W018"]
