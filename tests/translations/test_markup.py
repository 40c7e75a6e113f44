import pytest

from tests.translations.pairing import pair
from translations.checks import markup


def ids(chinese: str, english: str, *, rich: bool = True) -> list[str]:
    return [one.id for one in markup.check(pair(chinese, english, rich=rich))]


SAME = "<h2>{}</h2><p>{}</p><ul><li>{}</li></ul><table><tr><th>{}</th><td>{}</td></tr></table>"


def test_texts_that_are_built_alike_differ_in_nothing() -> None:
    assert ids(SAME.format(*"一二三四五"), SAME.format(*"abcde")) == []


@pytest.mark.parametrize(
    ("chinese", "english", "id"),
    [
        ("<h2>一</h2>", "<h3>a</h3>", "W008"),
        ("<h2>一</h2><p>二</p>", "<p>b</p>", "W008"),
        ("<ul><li>一</li><li>二</li></ul>", "<ul><li>a</li></ul>", "W009"),
        ("<ul><li>一</li></ul>", "<ol><li>a</li></ol>", "W009"),
        ("<table><tr><td>一</td></tr></table>", "<p>a</p>", "W011"),
        ('<a href="/zh-hans/x/">一</a>', "a", "W010"),
        ("一", '<a href="https://example.org/">a</a>', "W010"),
    ],
)
def test_what_differs_is_named(chinese: str, english: str, id: str) -> None:
    assert ids(chinese, english) == [id]


def test_a_link_to_the_page_in_the_other_language_is_the_same_link() -> None:
    assert ids('<a href="/zh-hans/glossary/pain/">一</a>', '<a href="/en/glossary/pain/">a</a>') == []


def test_the_place_is_that_of_the_first_tag_that_differs() -> None:
    (one,) = markup.check(pair("<h2>一</h2><h2>二</h2>", "<h2>a</h2><h3>b</h3>", rich=True))
    assert (one.source, one.target) == ((14, 18), (14, 18)) or (one.source, one.target) == ((10, 14), (10, 14))


def test_plain_text_has_no_markup() -> None:
    assert ids("<h2>一", "a", rich=False) == []
