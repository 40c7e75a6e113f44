from glossary.matching import Entry, Matcher
from tests.translations.pairing import pair
from translations.checks import terminology
from translations.checks.terminology import Glossary

GLOSSARY = Glossary(
    Matcher([Entry(1, ["神经阻滞"]), Entry(2, ["疼痛"]), Entry(3, ["封闭疗法"])], "zh-hans"),
    Matcher([Entry(1, ["nerve block"]), Entry(2, ["pain"])], "en"),
    {1: "nerve block", 2: "pain"},
)


def found(chinese: str, english: str) -> list[tuple[str, str]]:
    return [(one.words["term"], one.words["right"]) for one in terminology.check(pair(chinese, english), GLOSSARY)]


def test_a_term_that_is_not_named_is_found_once() -> None:
    assert found("神经阻滞和神经阻滞", "an injection") == [("神经阻滞", "nerve block")]


def test_a_term_in_any_inflection_or_in_a_longer_name_is_named() -> None:
    assert found("神经阻滞", "Nerve blocks help") == []
    assert found("疼痛", "painkillers") == []


def test_a_term_that_has_no_name_there_yet_is_not_asked_for() -> None:
    assert found("封闭疗法", "x") == []
