import io
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from painsite import cards, traditional
from painsite.cards import BOLD, REGULAR, Card
from tests.painsite.test_traditional import PAIRS

SEEDS = sorted(Path(cards.__file__).parent.parent.glob("*/seed/**/*.yaml"))
QUESTION = "神经阻滞就是打封闭针吗？"
FACT = "不是。神经阻滞和封闭是两种不同的治疗：用药和浓度、注射部位、技术要求、对诊断的要求都不一样。"


def picture(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(cards.draw(card)))


@pytest.mark.parametrize(
    "card",
    [
        Card("疼痛科患者教育", QUESTION, FACT, "常见说法：不对"),
        Card("Pain Clinic Patient Information", "Is a nerve block the same as a closure injection?", "No. " * 60),
        Card("Pain", "P" * 300, "x" * 3000, "v" * 200),
        Card("疼痛", "痛" * 300, "痛，" * 1500),
        Card("", ""),
    ],
)
def test_a_picture_is_of_the_size_that_was_promised_and_light(card: Card) -> None:
    drawn = cards.draw(card)
    assert Image.open(io.BytesIO(drawn)).size == (1200, 630)
    assert len(drawn) <= 100_000


def test_a_fact_that_does_not_fit_is_left_out_and_not_cut() -> None:
    title = Card("疼痛", QUESTION)
    assert cards.draw(Card("疼痛", QUESTION, FACT * 40)) == cards.draw(title)
    assert cards.draw(Card("疼痛", QUESTION, FACT)) != cards.draw(title)


def test_nothing_is_drawn_outside_of_the_margins() -> None:
    drawn = picture(Card("疼痛科患者教育", "神" * 60, "药" * 300)).convert("RGB")
    right = drawn.crop((cards.WIDTH - cards.MARGIN + 4, 20, cards.WIDTH, cards.HEIGHT))
    assert right.getcolors() == [(right.width * right.height, (251, 246, 236))]


def test_what_is_drawn_decides_the_key() -> None:
    card = Card("site", "title", "gist", "verdict")
    others = [replace(card, **{field.name: "other"}) for field in fields(card)]
    assert len({card.key, *(other.key for other in others)}) == 5
    assert replace(card).key == card.key


@given(st.text(st.sampled_from("痛神经ab (（）)，。？“”"), max_size=80), st.integers(60, 600))
def test_lines_are_no_wider_than_wanted_and_lose_nothing(text: str, width: int) -> None:
    face = cards.font(REGULAR, 36)
    lines = cards.wrapped(text, face, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(face.getlength(line) <= width or len(line) == 1 for line in lines)


def test_words_stay_whole_and_marks_stay_with_their_word() -> None:
    face = cards.font(REGULAR, 36)
    assert cards.wrapped("nerve block", face, face.getlength("nerve bl")) == ["nerve", "block"]
    assert cards.wrapped("神经阻滞。封闭", face, face.getlength("神经阻滞")) == ["神经阻", "滞。封闭"]
    assert cards.wrapped("神经（阻滞）", face, face.getlength("神经（")) == ["神经", "（阻", "滞）"]


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_the_fonts_that_come_with_the_site_have_every_character_of_the_texts(name: str) -> None:
    characters = {character for path in SEEDS for character in path.read_text(encoding="utf-8")}
    characters |= set(traditional.text("".join(sorted(characters))))
    characters |= {character for _word, expected in PAIRS for character in expected}
    face = cards.font(name, 20)
    nothing = bytes(face.getmask("\U0010fffd"))
    missing = {c for c in characters if not c.isspace() and bytes(face.getmask(c)) == nothing}
    assert not missing
