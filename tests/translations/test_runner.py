import html
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from glossary.matching import Entry, Matcher
from translations.checks import runner
from translations.checks.pairs import Text
from translations.checks.runner import MESSAGES, check
from translations.checks.terminology import Glossary


def run(chinese: str, english: str) -> list[runner.Finding]:
    return check(Text(chinese, "zh-hans"), Text(english, "en"))


def test_blockers_come_first_the_rest_as_they_stand() -> None:
    found = run("不要按摩，每次25毫克。", "Massage the the 三叉 25 g.")
    assert [one.id for one in found] == ["B004", "W004", "W017", "W013"]
    assert [one.is_blocker for one in found] == [True, False, False, False]


def test_a_finding_says_it_in_the_readers_language() -> None:
    (one,) = run("每次25毫克。", "Take 25 g each time.")
    with translation.override("en"):
        assert one.message == "The source says “25毫克”, the translation “25 g”: another unit."
    with translation.override("zh-hans"):
        assert one.message == "原文为“25毫克”，译文为“25 g”：单位不同。"


def test_without_a_text_there_is_nothing_to_find() -> None:
    assert run("每次25毫克。", "") == []
    assert run("", "25 g") == []


def test_what_has_yet_to_be_translated_is_said_once() -> None:
    assert [one.id for one in run("不要每次用25毫克。", "不要每次用25毫克。")] == ["W012"]


def test_an_emergency_number_is_said_once() -> None:
    assert [one.id for one in run("请立即拨打 120。", "Call 911 at once.")] == ["B006", "B005"]
    assert [one.id for one in run("请立即拨打 120。", "Call at once.")] == ["B006"]


def test_terms_are_looked_for_where_the_glossary_is_handed_in() -> None:
    glossary = Glossary(
        Matcher([Entry(1, ["神经阻滞"])], "zh-hans"), Matcher([Entry(1, ["nerve block"])], "en"), {1: "nerve block"}
    )
    texts = Text("做神经阻滞", "zh-hans"), Text("have an injection", "en")
    assert [one.id for one in check(*texts, glossary=glossary)] == ["W007"]
    assert check(*texts) == []


@pytest.mark.parametrize("id", sorted(MESSAGES))
def test_every_id_is_explained(id: str) -> None:
    assert runner.__doc__ is not None
    assert re.search(rf"^{id}  \w", runner.__doc__, re.MULTILINE)


PIECES = st.sampled_from(
    ["25", "毫克", " mg", "不", "not ", "每日", "两次", "twice daily ", "<p>", "</p>", "&amp;", "&#49;", "漢",
    "２", "，", ". ", "120", "拨打", "call ", "911",
     "三分之一", "<a href='/x'>", "</a>", "<li>", "the the ", "\n", "A1", "左", "right side", "%", "-", "一",
     "10^9", "?", "？"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60)


@given(TEXTS, TEXTS, st.booleans(), st.booleans())
def test_any_text_is_survived_and_every_place_lies_in_its_text(one: str, other: str, rich: bool, into: bool) -> None:
    source, target = Text(one, "zh-hans", rich), Text(other, "en", rich)
    if into:
        source, target = target, source
    for finding in check(source, target):
        for text, place in ((source, finding.source), (target, finding.target)):
            assert place is None or 0 <= place.start <= place.end <= len(text.stored)
        assert finding.message


@given(TEXTS)
def test_the_same_text_in_plain_and_in_rich_form_has_the_same_numbers(text: str) -> None:
    plain = [one.id for one in check(Text(text, "zh-hans"), Text("x 7 mg", "en")) if one.id < "B005"]
    rich = html.escape(text)
    assert plain == [
        one.id for one in check(Text(rich, "zh-hans", True), Text("x 7 mg", "en", True)) if one.id < "B005"
    ]
