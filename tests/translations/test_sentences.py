import pytest

from tests.translations.pairing import pair
from translations.checks.pairs import Span
from translations.checks.sentences import aligned, spans


@pytest.mark.parametrize(
    ("text", "is_chinese", "sentences"),
    [
        ("疼吗？不疼。“好。”他说。", True, ["疼吗？", "不疼。", "“好。”", "他说。"]),
        ("用3.5毫克。再看", True, ["用3.5毫克。", "再看"]),
        ("It hurts. Does it? Yes!", False, ["It hurts.", "Does it?", "Yes!"]),
        ("Dr. Li gave 3.5 mg, e.g. to J. Doe. Rest.", False, ["Dr. Li gave 3.5 mg, e.g. to J. Doe.", "Rest."]),
        ("“Stop.” He left.", False, ["“Stop.”", "He left."]),
        ("", False, []),
        (" \n ", True, []),
    ],
)
def test_a_text_in_sentences(text: str, is_chinese: bool, sentences: list[str]) -> None:
    assert [text[slice(*span)].strip() for span in spans(text, is_chinese, Span(0, len(text)))] == sentences


def test_sentences_go_side_by_side_where_there_are_as_many() -> None:
    assert list(aligned(pair("一。二。", "One. Two."))) == [((0, 2), (0, 4)), ((2, 4), (5, 9))]
    assert list(aligned(pair("一。二。", "One, two."))) == [((0, 4), (0, 9))]
