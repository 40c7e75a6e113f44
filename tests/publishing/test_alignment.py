from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.compare import alignment
from publishing.compare.alignment import align
from publishing.compare.nodes import Block, blocks


def aligned(old: str, new: str) -> list[tuple[str | None, str | None]]:
    pairs = align(blocks(old), blocks(new))
    return [(before.text if before else None, after.text if after else None) for before, after in pairs]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def test_the_same_blocks_are_a_pair_whatever_stands_between_them() -> None:
    assert aligned(paragraphs("a", "b", "c"), paragraphs("x", "a", "c", "y")) == [
        (None, "x"), ("a", "a"), ("b", None), ("c", "c"), (None, "y"),
    ]  # fmt: skip


def test_a_block_is_a_pair_with_what_it_has_become() -> None:
    old = paragraphs("Heat may help a stiff neck.", "Take 25 mg at night.")
    new = paragraphs("See a doctor soon.", "Heat often helps a stiff neck.", "Ask first.", "Take 50 mg at night.")
    assert aligned(old, new) == [
        (None, "See a doctor soon."),
        ("Heat may help a stiff neck.", "Heat often helps a stiff neck."),
        (None, "Ask first."),
        ("Take 25 mg at night.", "Take 50 mg at night."),
    ]


def test_a_chinese_block_is_a_pair_with_what_it_has_become() -> None:
    old = paragraphs("热敷可以缓解颈部僵硬。", "每晚服用25毫克。")
    new = paragraphs("请尽早就医。", "热敷常常可以缓解颈部僵硬。", "每晚服用50毫克。")
    assert aligned(old, new) == [
        (None, "请尽早就医。"),
        ("热敷可以缓解颈部僵硬。", "热敷常常可以缓解颈部僵硬。"),
        ("每晚服用25毫克。", "每晚服用50毫克。"),
    ]


def test_as_many_new_blocks_as_old_ones_in_one_place_are_pairs_though_they_are_not_alike() -> None:
    assert aligned(paragraphs("a", "5 mg", "7 mg"), paragraphs("a", "x", "y")) == [
        ("a", "a"), ("5 mg", "x"), ("7 mg", "y"),
    ]  # fmt: skip


def test_otherwise_what_is_not_alike_was_removed_and_added() -> None:
    assert aligned(paragraphs("a b c", "d e f"), paragraphs("x y z")) == [
        ("a b c", None), ("d e f", None), (None, "x y z"),
    ]  # fmt: skip


def test_blocks_of_different_kinds_are_no_pair() -> None:
    assert aligned("<h2>a</h2><p>b</p>", "<p>a</p><p>b</p>") == [("a", None), (None, "a"), ("b", "b")]


def test_beyond_a_number_of_blocks_likeness_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "BLOCK_CELLS", 1)
    assert aligned(paragraphs("a b c d"), paragraphs("x", "a b c e")) == [
        ("a b c d", None), (None, "x"), (None, "a b c e"),
    ]  # fmt: skip


TEXTS = st.text() | st.lists(
    st.sampled_from(["a", "b", "the", " ", "  ", "\n", ".", ", ", "25 mg", "25 g", "疼", "痛", "不", "。", "PCEA"]),
    max_size=40,
).map("".join)
BLOCKS = st.lists(
    st.builds(lambda kind, text: Block(kind, escape(text), text), st.sampled_from(["p", "li"]), TEXTS), max_size=8
)


@given(BLOCKS, BLOCKS)
def test_every_block_is_in_one_pair_in_order_and_of_one_kind(old: list[Block], new: list[Block]) -> None:
    pairs = align(old, new)
    assert [before for before, _ in pairs if before] == old
    assert [after for _, after in pairs if after] == new
    assert all(before.kind == after.kind for before, after in pairs if before and after)
    assert all(before or after for before, after in pairs)
