import html
import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publishing import richtext


class Outside(HTMLParser):
    """Collects what the schema does not know."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in richtext.TAGS:
            self.found.append(tag)
        for name, value in attrs:
            if name not in richtext.ATTRIBUTES.get(tag, set()):
                self.found.append(f"{tag} {name}")
            if name == "href" and scheme(value or "") not in {*richtext.URL_SCHEMES, ""}:
                self.found.append(f"{tag} {name} {value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"instruction {data}")


def scheme(url: str) -> str:
    """As a browser reads it, which passes over control characters and blanks."""
    return urlsplit(re.sub(r"[\x00-\x20]", "", url)).scheme


def outside_schema(value: str) -> list[str]:
    parser = Outside()
    parser.feed(value)
    parser.close()
    return parser.found


def assert_clean(value: str) -> None:
    cleaned = richtext.clean(value)
    assert outside_schema(cleaned) == []
    assert richtext.clean(cleaned) == cleaned
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", cleaned)


# clean ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "<h2>疼痛是什么</h2>",
        "<h3>What is pain</h3>",
        "<p>一行<br>两行</p>",
        "<ul><li><p>one</p></li></ul>",
        "<ol><li><p>一</p></li></ol>",
        "<p><strong>25 mg</strong></p>",
        "<blockquote><p>words</p></blockquote>",
        '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>',
        '<p><a href="mailto:a@example.org">x</a> <a href="tel:120">120</a> <a href="/en/glossary/">x</a></p>',
        '<table><tbody><tr><th scope="col" colspan="2">a</th></tr><tr><td rowspan="2">b</td></tr></tbody></table>',
        "<p>3.5 % &lt; 10 % &amp; &gt; 1</p>",
    ],
)
def test_what_the_schema_knows_is_kept_as_it_is(value: str) -> None:
    assert richtext.clean(value) == value


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p onclick='x()' class='y' style='color:red' id='z'>a</p>", "<p>a</p>"),
        ("<p title='x' lang='en' dir='rtl' hidden>a</p>", "<p>a</p>"),
        ("<h1>a</h1><h4>b</h4>", "ab"),
        ("<p><em>a</em><u>b</u><span>c</span></p>", "<p>abc</p>"),
        ('<img src="x" onerror="alert(1)">a', "a"),
        ("<iframe src='//x'>a</iframe>b", "b"),
        ("<svg><a href='x'>a</a></svg>b", "b"),
        ("a<!-- b -->c", "ac"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ('<a href="jAvA\tscript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="java&#1;script:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="java&#12;script:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="/x" target="_blank" rel="opener" download>a</a>', '<a href="/x">a</a>'),
    ],
)
def test_what_the_schema_does_not_know_is_taken_away(value: str, cleaned: str) -> None:
    assert richtext.clean(value) == cleaned


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("a\x00b", "ab"),
        ("a\ud800b", "ab"),
        ("a\uffffb", "ab"),
        ("a\x01\x1fb", "ab"),
        ("a&#1;b", "ab"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a&#13;b", "a\nb"),
        ("a\x0bb", "a\nb"),
        ("a&#11;b", "a\nb"),
    ],
)
def test_characters_that_no_database_or_feed_can_hold_go(value: str, cleaned: str) -> None:
    assert richtext.clean(value) == cleaned


@pytest.mark.parametrize(
    "value",
    [
        "",
        "<p></p>",
        "<p> </p>",
        "<p><br></p>",
        "<p>&nbsp;\u3000</p>",
        "<h2></h2><ul><li><p></p></li></ul>",
        "<p>\u200b\u200e\u00ad\ufeff</p>",
        "<script>alert(1)</script>",
        '<p><a href="https://example.org/>x"></a></p>',
        "<table><tbody><tr><td></td></tr></tbody></table>",
        "<!-- a comment -->",
    ],
)
def test_what_holds_no_text_is_cleaned_to_nothing(value: str) -> None:
    assert richtext.clean(value) == ""


PIECES = st.sampled_from(
    [
        "<script>", "</script>", "<svg>", "</svg>", "<math>", "<mtext>", "<style>", "</style>", "<title>", "</title>",
        "<template>", "<table>", "<td>", "</table>", "<p>", "</p>", "<p", ">", "<a href=", '"', "'", "javascript:",
        "&#106;avascript:", "data:text/html,", "//", " onclick=x ", " title=x ", " lang=x ", " id=x ", "<p title=",
        "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&amp;lt;",
        "&#x1;", "&#13;", "&Tab;", "\x00", "\x0b", "<noscript>", "<textarea>", "<plaintext>", "<xmp>", "<b>", "<li>",
        "<blockquote>", "<form>", "<h2>", "疼痛", "25 mg", " ", "\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join))
@example('<a href="java&#1;script:alert(1)">')
@example("<p>&#13;</p>")
@example("<p//</title>")
def test_nothing_but_the_schema_comes_out_and_cleaning_again_changes_nothing(value: str) -> None:
    assert_clean(value)


@given(st.text())
@example("1 < 2 & 3 > 2")
@example("&lt;b&gt;")
@example("5\xa0mg\u3000x")
def test_plain_words_are_kept(text: str) -> None:
    kept = richtext.plain_text(richtext.clean(f"<p>{html.escape(text)}</p>"))
    assert kept == ("" if richtext.is_blank(html.escape(text)) else richtext.clean_text(text))


# Attack strings that others gathered. They are not the project's to pass on, so a folder of them is named by the
# environment: `xss_dompurify.json`, `naughty_strings.json` and html5lib's tests of tree construction.

DATA = Path(os.environ["PAINSITE_DATA"], "hostile") if "PAINSITE_DATA" in os.environ else None


def hostile_files() -> list[Path]:
    return sorted(path for path in DATA.rglob("*") if path.suffix in {".json", ".dat"}) if DATA else []


def hostile_strings(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".dat":
        yield from re.findall(r"^#data\n(.*?)\n?^#errors$", text, re.DOTALL | re.MULTILINE)
    else:
        for entry in json.loads(text):
            yield entry if isinstance(entry, str) else entry["payload"]


@pytest.mark.skipif(
    not hostile_files(), reason="only on a machine where PAINSITE_DATA names a folder of attack strings"
)
@pytest.mark.parametrize("path", hostile_files() or [Path()], ids=lambda path: path.stem)
def test_nothing_but_the_schema_is_left_of_an_attack(path: Path) -> None:
    strings = list(hostile_strings(path))
    assert strings
    for value in strings:
        assert_clean(value)


# Plain text and blankness ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("  疼痛 ", "疼痛"),
        ("\u3000疼痛\n", "疼痛"),
        ("a\r\nb", "a\nb"),
        ("a\x0bb", "a\nb"),
        ("a\x00\x07b", "ab"),
        ("1 < 2 > 1 &amp;", "1 < 2 > 1 &amp;"),
        ("", ""),
    ],
)
def test_plain_text_is_cleaned_without_being_read_as_markup(value: str, cleaned: str) -> None:
    assert richtext.clean_text(value) == cleaned


@pytest.mark.parametrize(
    "value",
    [None, "", " ", "\n\t\r", "\xa0", "\u3000", "\u200b", "\u200d\u2060", "\ufeff", "\u00ad", "\u200e\u202e", "\x00",
     "<p></p>", "<p>&nbsp;</p>", "<p>\u200b</p><p><br /></p>", "&nbsp;", "&#8203;"],
)  # fmt: skip
def test_blank(value: str | None) -> None:
    assert richtext.is_blank(value)


@pytest.mark.parametrize("value", ["0", ".", "疼", "<p>疼</p>", "&lt;", "<", "1 < 2", "👍", "é", "e\u0301", "\u200bx"])
def test_not_blank(value: str) -> None:
    assert not richtext.is_blank(value)


@given(st.text())
def test_the_cleaned_value_is_blank_exactly_when_it_is_empty(text: str) -> None:
    assert richtext.is_blank(richtext.clean(text)) == (richtext.clean(text) == "")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("<h2>疼痛</h2><p>一<br>二</p>", "疼痛\n一\n二"),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "a\n\nb"),
        ('<p>a <strong>b</strong> <a href="/x">c</a></p>', "a b c"),
        ("<p>3 &lt; 5 &amp; 7</p>", "3 < 5 & 7"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("", ""),
    ],
)
def test_the_words_of_rich_text(value: str, words: str) -> None:
    assert richtext.plain_text(value) == words
