import pytest

from publishing.compare.nodes import blocks


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("", []),
        ("loose", [("p", "loose")]),
        ("<h2>a</h2><h3>b</h3><p>c</p>", [("h2", "a"), ("h3", "b"), ("p", "c")]),
        ("<ul><li>a</li><li><p>b</p><p>c</p></li></ul>", [("li", "a"), ("li", "b"), ("li", "c")]),
        ("<ol><li>a<ul><li>b</li></ul>c</li></ol>", [("li", "a"), ("li", "b"), ("li", "c")]),
        ("<blockquote><h3>a</h3><p>b</p></blockquote>", [("h3", "a"), ("blockquote", "b")]),
        (
            "<table><tr><th>a</th><td></td></tr><tr><td>b</td><td><ul><li>c</li></ul></td></tr></table>",
            [("th", "a"), ("td", "b"), ("li", "c")],
        ),
        ("<p>a</p>\n<p> </p><p><br></p>\n<p>b</p>", [("p", "a"), ("p", "b")]),
        ("<p> a\n  b <br> c </p>", [("p", "a b<br>c")]),
        ('<p>a <strong>b</strong> <a href="/x">c</a></p>', [("p", 'a <strong>b</strong> <a href="/x">c</a>')]),
        ('<a href="/x"><p>a</p><p>b</p></a>', [("p", '<a href="/x">a</a>'), ("p", '<a href="/x">b</a>')]),
        (
            "<p><strong>a<a href='/x'>b</a></strong></p>",
            [("p", '<strong>a</strong><a href="/x"><strong>b</strong></a>')],
        ),
        ("<p><strong>a</strong><strong>b</strong></p>", [("p", "<strong>ab</strong>")]),
        ("<p>1 &lt; 2 &amp;&nbsp;3</p><script>x</script>", [("p", "1 &lt; 2 &amp;&nbsp;3")]),
    ],
)
def test_the_blocks_of_rich_text(html: str, found: list[tuple[str, str]]) -> None:
    assert [(block.kind, block.html) for block in blocks(html)] == found


def test_a_block_knows_its_words() -> None:
    (block,) = blocks('<p>1 &lt; 2<br><a href="/x"><strong>c</strong></a></p>')
    assert block.text == "1 < 2\nc"


def digest(html: str) -> str:
    (block,) = blocks(html)
    return block.digest


def test_the_digest_is_the_same_in_every_version() -> None:
    assert digest("<p>疼痛</p>") == "a65e2f92bc8757e8ea9a5f2bce92ee0f3e279f1f5917c4325a1ed86c2efc6f51"


@pytest.mark.parametrize("same", ["<h2>a b</h2>", "<ul><li>a b</li></ul>", "<p>a\n b </p>", "<p>a b</p><p></p>"])
def test_the_digest_does_not_depend_on_where_the_text_stands(same: str) -> None:
    assert digest(same) == digest("<p>a b</p>")


@pytest.mark.parametrize("other", ["<p>a  c</p>", "<p>a <strong>b</strong></p>", '<p>a <a href="/x">b</a></p>'])
def test_the_digest_depends_on_words_bold_and_links(other: str) -> None:
    assert digest(other) != digest("<p>a b</p>")
