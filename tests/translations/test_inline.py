import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing import richtext
from tests.translations.exchanged import plain_texts, rich_texts
from translations import inline


def shape(text: str) -> list[tuple[bool, str]]:
    return [(part.has_words, inline.html(part.tokens, True)) for part in inline.parts(text, True)]


@given(rich_texts)
def test_the_parts_of_rich_text_are_the_text(text: str) -> None:
    assert inline.html(inline.whole(inline.parts(text, True)).tokens, True) == text


@given(st.text().map(lambda text: richtext.clean(f"<p>{text}</p>")))
def test_words_are_escaped_as_the_cleaner_does(text: str) -> None:
    assert inline.html(inline.whole(inline.parts(text, True)).tokens, True) == text


@given(plain_texts)
def test_plain_text_is_one_part(text: str) -> None:
    assert [inline.html(part.tokens, False) for part in inline.parts(text, False)] == ([text] if text else [])


@given(rich_texts)
def test_codes_of_a_part_with_words_pair_within_it(text: str) -> None:
    for part in inline.parts(text, True):
        if part.has_words:
            opened = [token.number for token in part.tokens if token.kind == "open"]
            assert sorted(opened) == sorted(token.number for token in part.tokens if token.kind == "close")
            assert not any(token.is_block for token in part.tokens)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("words", [(True, "words")]),
        ("<p>a</p>\n<p>b</p>", [(False, "<p>"), (True, "a"), (False, "</p>\n<p>"), (True, "b"), (False, "</p>")]),
        ("<p>a<br><strong>b</strong> <a href=\"/x\">c</a></p>",
         [(False, "<p>"), (True, 'a<br><strong>b</strong> <a href="/x">c</a>'), (False, "</p>")]),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>",
         [(False, "<ul><li>"), (True, "a"), (False, "<ul><li>"), (True, "b"), (False, "</li></ul></li></ul>")]),
        ("<strong><p>a</p></strong>", [(False, "<strong><p>"), (True, "a"), (False, "</p></strong>")]),
        ("<p>&nbsp;</p><p>1 &lt; 2</p>", [(False, "<p>&nbsp;</p><p>"), (True, "1 &lt; 2"), (False, "</p>")]),
        ('<p><a href="/>x">y</a></p>', [(False, "<p>"), (True, '<a href="/>x">y</a>'), (False, "</p>")]),
    ],
)  # fmt: skip
def test_where_a_text_is_cut(text: str, parts: list[tuple[bool, str]]) -> None:
    assert shape(text) == parts


@pytest.mark.parametrize("text", ["<p>", "</p>", "<p><strong></p></strong>"])
def test_tags_that_do_not_pair_are_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="<"):
        inline.parts(text, True)


def alike(source: str, target: str) -> bool:
    return inline.alike(inline.parts(source, True), inline.parts(target, True))


def test_texts_are_alike_whatever_is_said_in_them_and_whatever_space_is_between() -> None:
    assert alike("<p>a</p>\n<ul><li>b</li></ul>", "<p><strong>x</strong></p><ul><li>y</li></ul>")
    assert not alike("<p>a</p><p>b</p>", "<p>a</p>")
    assert not alike("<p>a</p>", "<h2>a</h2>")
    assert not alike("<p>a</p><p>b</p>", "<p>a</p><p></p>")


def test_codes_are_paired_by_what_they_are_and_else_by_their_name() -> None:
    def whole(text: str) -> inline.Part:
        return inline.whole(inline.parts(text, True))

    source = whole('<a href="/1">a</a><a href="/2">b</a><br>')
    assert inline.pairing(source, whole('<br><a href="/2">b</a><strong>c</strong><a href="/3">d</a>')) == {
        1: 3,
        2: 2,
        4: 1,
    }


def test_codes_do_not_ask_for_the_language_of_a_link() -> None:
    one = inline.codes('<p><a href="/zh-hans/x/">a</a><a href="/en">b</a></p>')
    assert one == inline.codes('<p><a href="/en/x/">b</a><a href="/zh-hans">c</a></p>')
    assert one != inline.codes('<p><a href="/en/y/">b</a><a href="/zh-hans">c</a></p>')
    assert inline.codes('<a href="/enough">a</a>') != inline.codes('<a href="/zh-hansough">a</a>')


def test_links_of_this_site_are_led_to_a_language() -> None:
    text = '<p>href="/zh-hans/" <a href="/zh-hans/x/">a</a><a href="/zh-hansx">b</a><a href="/zh-hans">c</a></p>'
    assert inline.into(text, "en") == (
        '<p>href="/zh-hans/" <a href="/en/x/">a</a><a href="/zh-hansx">b</a><a href="/en">c</a></p>'
    )


@pytest.mark.parametrize("piece", ["<", "<a ", '<a "', "<a '", '<a "x" y "', "<a href=", '""', '<a ""', "</", "<a/"])
def test_what_is_no_tag_is_gone_through_once(piece: str) -> None:
    """A million characters; who goes through them from each beginning anew is never done."""
    text = piece * (1_000_000 // len(piece))
    assert inline.tags(text) == []
    assert inline.tags(f"<b {text}") == []
