"""Texts for the tests of the exchange: any that a draft can hold, and a document with one of everything."""

import io
from typing import Any

from django.core.management import call_command
from hypothesis import strategies as st

from publishing import richtext
from tests.factories import ArticleFactory
from tests.glossary.exchanged import hostile_text
from translations.exchange import exporting, formats
from translations.exchange.interchange import STATES, Entry, File, Hint, Row

BODY = '<h2>定义</h2><p>每次 <strong>25 mg</strong>，见<a href="/zh-hans/glossary/">词汇</a>。</p><p>饭后服。</p>'

_words = hostile_text.map(lambda text: text.replace("<", "&lt;"))
_inline = st.recursive(
    _words | st.just("<br>"),
    lambda inner: (
        st.builds(
            "<{0}>{1}</{2}>".format,
            st.just("strong"),
            st.lists(inner, max_size=3).map("".join),
            st.just("strong"),
        )
        | st.builds('<a href="{}">{}</a>'.format, st.sampled_from(["/zh-hans/a/", "/en/a/", "tel:120", ">x"]), inner)
    ),
    max_leaves=5,
)
_paragraph = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2", "h3"]), _inline)
_block = st.recursive(
    _paragraph | _inline | st.just("\n"),
    lambda inner: (
        st.builds(
            lambda kind, items: f"<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>",
            st.sampled_from(["ul", "ol"]),
            st.lists(inner, min_size=1, max_size=3),
        )
        | inner.map("<blockquote>{}</blockquote>".format)
        | inner.map("<strong>{}</strong>".format)
        | st.lists(inner, min_size=1, max_size=2).map(
            lambda cells: '<table><tbody><tr><th scope="col" colspan="2">a</th></tr><tr>{}</tr></tbody></table>'.format(
                "".join(f"<td>{cell}</td>" for cell in cells)
            )
        )
    ),
    max_leaves=4,
)
rich_texts = st.lists(_block, max_size=4).map("".join).map(richtext.clean)
plain_texts = hostile_text.map(richtext.clean_text)


@st.composite
def entries(draw: Any, id: str) -> Entry:
    is_rich = draw(st.booleans())
    texts = rich_texts if is_rich else plain_texts
    source = draw(texts.filter(lambda text: not richtext.is_blank(text)))
    # As often as not built like its source.
    target = draw(texts | st.just(source) | st.just(source.replace("/zh-hans/", "/en/").replace("\n", "")))
    target = (richtext.clean if is_rich else richtext.clean_text)(target)
    target = "" if richtext.is_blank(target) else target
    state = draw(st.sampled_from(STATES)) if target else "initial"
    notes = draw(st.lists(_notes, max_size=2))
    return Entry(id, source, target, is_rich, state, notes)


_notes = hostile_text.map(richtext.clean_text).map(lambda text: " ".join(text.split())).filter(bool)
ids = st.from_regex(r"(title|body|warnings\.[0-9]{1,4}\.text)", fullmatch=True)


@st.composite
def files(draw: Any) -> File:
    names = sorted(draw(st.sets(ids, min_size=1, max_size=3)))
    found = [draw(entries(name)) for name in names]
    return File("article/what-is-pain", "zh-hans", "en", found, draw(_notes | st.just("")))


def article() -> File:
    """One of everything."""
    source = (
        "<h2>疼痛</h2>\n"
        '<p>服 <strong>25 mg</strong><br>见 <a href="/zh-hans/glossary/pain/">词汇</a>。</p>'
        "<ul><li><p>一</p></li></ul>"
    )
    target = (
        '<h2>Pain</h2><p>Take <strong>25 mg</strong><br>see <a href="/en/glossary/pain/">words</a>.</p>'
        "<ul><li><p>One</p></li></ul>"
    )
    terms = [Hint("疼痛", ("pain",), "An unpleasant feeling."), Hint("词汇")]
    return File(
        "article/what-is-pain",
        "zh-hans",
        "en",
        [
            Entry("title", "什么是疼痛 & <b>", "", terms=terms[:1]),
            Entry("body", source, target, True, "reviewed", ["Mind the dose."], terms),
        ],
        "什么是疼痛",
    )


def half_done() -> Entry:
    """Of three paragraphs one translated, one outdated, one not begun; and one gone from the source."""
    rows = [
        Row("<p>一</p>", "<p>One</p>", "translated"),
        Row("<p>二二</p>", "<p>Two</p>", "initial"),
        Row("<p>三</p>", "", "initial"),
    ]
    source = "".join(row.source for row in rows)
    return Entry("body", source, "<p>One</p><p>Two</p><p>Gone</p>", True, "initial", rows=rows)


def written(kind: str, file: File) -> bytes:
    out = io.BytesIO()
    formats.FORMATS[kind].write(file, out)
    return out.getvalue()


def read(kind: str, content: bytes | str) -> list[File]:
    found: list[File] = formats.FORMATS[kind].read(
        io.BytesIO(content.encode() if isinstance(content, str) else content)
    )
    return found


# With drafts ----------------------------------------------------------------------------------------------------------


def untranslated() -> Any:
    """A document whose summary is translated; all else is not."""
    return ArticleFactory(slug="pain", title_zh_hans="疼痛", title_en="", body_zh_hans=BODY, body_en="", references=0)


def exported(kind: str = "po") -> bytes:
    out = io.BytesIO()
    exporting.write(kind, exporting.chosen(language="en"), out)
    return out.getvalue()


def opened(content: bytes) -> list[File]:
    return formats.read(io.BytesIO(content))


def xliff(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("xliff", *(str(argument) for argument in arguments), stdout=out, no_color=True)
    return out.getvalue()
