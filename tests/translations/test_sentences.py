from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.translations.pairing import pair
from translations.checks.pairs import Span, Text
from translations.checks.sentences import aligned, spans, split


@pytest.mark.parametrize(
    ("text", "is_chinese", "sentences"),
    [
        ("疼吗？不疼。“好。”他说。", True, ["疼吗？", "不疼。", "“好。”", "他说。"]),
        ("用3.5毫克。再看", True, ["用3.5毫克。", "再看"]),
        ("It hurts. Does it? Yes!", False, ["It hurts.", "Does it?", "Yes!"]),
        ("Dr. Li gave 3.5 mg, e.g. to J. Doe. Rest.", False, ["Dr. Li gave 3.5 mg, e.g. to J. Doe.", "Rest."]),
        ("“Stop.” He left.", False, ["“Stop.”", "He left."]),
        ("Take 5 mg. Rest. Take 5 mg. daily.", False, ["Take 5 mg.", "Rest.", "Take 5 mg. daily."]),
        ("At 8 a.m. and 9 p.m. Sleep.", False, ["At 8 a.m. and 9 p.m.", "Sleep."]),
        ("“Stop!” he said. (See p. 5.) Go.", False, ["“Stop!” he said.", "(See p. 5.)", "Go."]),
        (
            "See Fig. 2, vol. 3, approx. 4 cm. Say no. Go.",
            False,
            ["See Fig. 2, vol. 3, approx. 4 cm.", "Say no.", "Go."],
        ),
        (
            "It is 7.4. pH may fall. mRNA, etc. Done?! Yes.",
            False,
            ["It is 7.4.", "pH may fall.", "mRNA, etc.", "Done?!", "Yes."],
        ),
        ("1. Rest. 2. Sleep. 10. Wait... then go.", False, ["1. Rest.", "2. Sleep.", "10.", "Wait... then go."]),
        ("It hurts.\nand then.", False, ["It hurts.", "and then."]),
        ("It hurts.He left. E.g. Li et al. Wu.", False, ["It hurts.", "He left.", "E.g. Li et al. Wu."]),
        ("疼吗？！“疼！”（见下。）好", True, ["疼吗？！", "“疼！”", "（见下。）", "好"]),
        ("", False, []),
        (" \n ", True, []),
    ],
)
def test_a_text_in_sentences(text: str, is_chinese: bool, sentences: list[str]) -> None:
    assert [text[slice(*span)].strip() for span in spans(text, is_chinese, Span(0, len(text)))] == sentences


def test_a_text_is_split_without_its_markup_paragraph_by_paragraph() -> None:
    text = Text("<h2>用药</h2><p>每天<strong>一片。</strong>饭后服</p><p>a&lt;b</p>", "zh-hans", is_rich=True)
    assert split(text) == ["用药", "每天一片。", "饭后服", "a<b"]


@given(st.text(alphabet="aA1.!?。”)\n 疼p", max_size=40), st.booleans())
def test_nothing_is_lost_and_nothing_is_there_twice(text: str, is_chinese: bool) -> None:
    found = spans(text, is_chinese, Span(0, len(text)))
    assert "".join("".join(text[slice(*span)] for span in found).split()) == "".join(text.split())
    assert all(one.end <= next.start for one, next in pairwise(found))


def test_sentences_go_side_by_side_where_there_are_as_many() -> None:
    assert list(aligned(pair("一。二。", "One. Two."))) == [((0, 2), (0, 4)), ((2, 4), (5, 9))]
    assert list(aligned(pair("一。二。", "One, two."))) == [((0, 4), (0, 9))]
