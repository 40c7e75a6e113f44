from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publishing.compare import subsequence
from publishing.compare.words import Change, Op, diff_text, tokens


def marked(changes: Sequence[Change]) -> str:
    """[-old-][+new+]"""
    shown = {Op.EQUAL: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "[+{}+]"}
    return "".join(shown[change.op].format(change.text) for change in changes)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't stop, it’s L5.", ["Don't", " ", "stop", ",", " ", "it’s", " ", "L5", "."]),
        ("long-term", ["long", "-", "term"]),
        ("25 mg, 25mg, 25\xa0mg", ["25 mg", ",", " ", "25mg", ",", " ", "25\xa0mg"]),
        ("3.5% 1,000 10:30", ["3.5%", " ", "1,000", " ", "10:30"]),
        ("2 mg/kg/h", ["2 mg/kg/h"]),
        ("5 min or 5 minutes", ["5 min", " ", "or", " ", "5", " ", "minutes"]),
        ("37.5 ℃ 99 °F", ["37.5 ℃", " ", "99 °F"]),
        ("疼痛", ["疼", "痛"]),
        ("用PCEA镇痛", ["用", "PCEA", "镇", "痛"]),
        ("每次25毫克，10万人", ["每", "次", "25毫克", "，", "10万", "人"]),
        ("a \n b", ["a", " \n ", "b"]),
        ("cafe\u0301 疼\u0301", ["cafe\u0301", " ", "疼\u0301"]),
        ("👩‍⚕️👍🏽", ["👩‍⚕️", "👍🏽"]),
        ("", []),
    ],
)
def test_words_and_numbers_with_their_units_are_whole_and_chinese_is_by_character(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@given(st.text())
@example("\x00\ud800\U0010ffff\r\n")
@example("\u200d\u0301'1.")
def test_nothing_is_lost_between_the_words(text: str) -> None:
    assert "".join(tokens(text)) == text


# What changed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "all new", "[+all new+]"),
        ("all gone", "", "[-all gone-]"),
        ("a b", "a x b", "a [+x +]b"),
        ("a x b", "a b", "a [-x -]b"),
        ("Take it.", "Take it daily.", "Take it[+ daily+]."),
        ("Take 25 mg at night.", "Take 25 g at night.", "Take [-25 mg-][+25 g+] at night."),
        ("A rate of 3.5% is usual.", "A rate of 35% is usual.", "A rate of [-3.5%-][+35%+] is usual."),
        ("每次25毫克，饭后服用。", "每次50毫克，饭前服用。", "每次[-25毫克-][+50毫克+]，饭[-后-][+前+]服用。"),
        ("PCEA 的浓度", "PCA 的浓度", "[-PCEA-][+PCA+] 的浓度"),
        ("疼痛会加重", "疼痛不会加重", "疼痛[+不+]会加重"),
        # One phrase for another, not word by word.
        (
            "Take it with a glass of water at night.",
            "Take it before breakfast or in the morning.",
            "Take it [-with a glass of water at night-][+before breakfast or in the morning+].",
        ),
        (
            "疼痛是一种不愉快的感觉。",
            "多数患者可以正常地生活。",
            "[-疼痛是一种不愉快的感觉-][+多数患者可以正常地生活+]。",
        ),
        # Whole sentences where there is a choice.
        ("It hurt. It stopped.", "It hurt. It came. It stopped.", "It hurt. [+It came. +]It stopped."),
        ("会痛。会好。", "会痛。会肿。会好。", "会痛。[+会肿。+]会好。"),
        ("one\nthree\n", "one\ntwo\nthree\n", "one\n[+two\n+]three\n"),
        ("It hurt\nIt stopped", "It hurt\nIt came\nIt stopped", "It hurt\n[+It came\n+]It stopped"),
        ("a  b", "a b", "a[-  -][+ +]b"),
    ],
)
def test_changes_of_plain_text(old: str, new: str, shown: str) -> None:
    assert marked(diff_text(old, new)) == shown


TEXTS = st.text() | st.lists(
    st.sampled_from(["a", "b", "the", " ", "  ", "\n", ".", ", ", "25 mg", "25 g", "疼", "痛", "不", "。", "PCEA"]),
    max_size=40,
).map("".join)


@given(TEXTS, TEXTS)
@example("a a a", "a a")
@example(" a ", "a")
def test_the_changes_hold_both_texts(old: str, new: str) -> None:
    changes = diff_text(old, new)
    assert "".join(change.text for change in changes if change.op is not Op.INSERT) == old
    assert "".join(change.text for change in changes if change.op is not Op.DELETE) == new
    assert all(change.text for change in changes)
    assert all((one.op, next_.op) != (Op.INSERT, Op.DELETE) and one.op != next_.op for one, next_ in pairwise(changes))


@given(TEXTS)
def test_a_text_is_like_itself(text: str) -> None:
    assert diff_text(text, text) == ([Change(Op.EQUAL, text)] if text else [])


def test_beyond_a_size_only_the_beginning_and_the_end_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subsequence, "CELLS", 3)
    assert marked(diff_text("a bb c dd e", "a c bb f e")) == "a [-bb c dd-][+c bb f+] e"
