import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary import linking
from glossary.linking import Definition, Linked, link
from glossary.matching import Entry, Matcher

ENTRIES = [Entry("nb", ["nerve block"]), Entry("b", ["block"]), Entry("p", ["pain"], ["PCEA"])]
MATCHER = Matcher(ENTRIES, "en")
DEFINITIONS = {term: Definition(term, "What it is.", f"/en/glossary/{term}/") for term in ("nb", "b", "p")}


def button(term: str, text: str) -> str:
    return f'<button type="button" class="term" popovertarget="term-{term}">{text}</button>'


def marked(html: str, *without: str) -> str:
    """What is linked, in brackets."""
    html = re.sub(r"<button [^>]*popovertarget[^>]*>([^<]*)</button>", r"[\1]", link_safely(html, *without).html)
    return re.sub(r'<span class="kept">([^<]*)</span>', r"\1", html)


def kept(text: str) -> str:
    return f'<span class="kept">{text}</span>'


OURS = '<button type="button" class="term" popovertarget="'
KEPT = '<span class="kept">'
TAGS = re.compile(
    r'<button type="button" class="term" popovertarget="term-(?:nb|b|p)">|</button>|<span class="kept">|</span>'
)


def plain(html: str) -> str:
    return TAGS.sub("", html)


def link_safely(html: str, *without: str) -> Linked:
    """What must hold for every source."""
    linked = link(html, MATCHER, DEFINITIONS, without)
    assert plain(linked.html) == plain(html)
    assert linked.html.count("</button>") - html.count("</button>") == linked.html.count(OURS) - html.count(OURS)
    assert linked.html.count("</span>") - html.count("</span>") == linked.html.count(KEPT) - html.count(KEPT)
    assert link(linked.html, MATCHER, DEFINITIONS, without) == linked
    return linked


# What is linked -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "source", "linked"),
    [
        ("en", "By treatment in three steps. Then", f"By {button('t', 'treatment in three steps.')} Then"),
        ("en", "(treatment in three steps)", kept("(" + button("t", "treatment in three steps)"))),
        ("zh-hans", "是带状疱疹后神经痛。", f"是{button('t', '带状疱疹后神经痛。')}"),
        ("zh-hans", "是带状疱疹。", f"是{kept(button('s', '带状疱疹') + '。')}"),
    ],
)
def test_a_mention_that_may_not_fit_in_a_line_has_the_mark_behind_it_in_itself(
    language: str, source: str, linked: str
) -> None:
    entries = [Entry("t", ["treatment in three steps", "带状疱疹后神经痛"]), Entry("s", ["带状疱疹"])]
    definitions = {term: Definition(term, "", "/") for term in ("t", "s")}
    once = link(source, Matcher(entries, language), definitions)
    assert once.html == linked
    assert link(once.html, Matcher(entries, language), definitions) == once


def test_the_first_mention_of_each_term_opens_its_popover() -> None:
    assert link_safely("<p>Pain? A nerve block. A block, pain, nerve blocks.</p>") == Linked(
        f"<p>{kept(button('p', 'Pain') + '?')} A {kept(button('nb', 'nerve block') + '.')} "
        f"A {kept(button('b', 'block') + ',')} pain, nerve blocks.</p>",
        ["p", "nb", "b"],
    )


def test_names_of_one_term_share_its_link() -> None:
    assert marked("<p>PCEA against pain</p>") == "<p>[PCEA] against pain</p>"


def test_what_is_switched_off_linked_above_or_the_pages_own_stays_plain() -> None:
    linked = link_safely("<p>pain, a nerve block</p>", "nb")
    assert linked == Linked(f"<p>{kept(button('p', 'pain') + ',')} a nerve block</p>", ["p"])


def test_a_term_switched_off_still_keeps_shorter_ones_out_of_its_words() -> None:
    assert marked("<p>a nerve block, a block</p>", "nb") == "<p>a nerve block, a [block]</p>"


def test_a_term_without_a_definition_is_not_linked() -> None:
    assert link("pain block", MATCHER, {"b": DEFINITIONS["b"]}) == Linked(f"pain {button('b', 'block')}", ["b"])


def test_the_id_of_a_term_is_escaped() -> None:
    matcher = Matcher([Entry('"<&', ["pain"])], "en")
    definitions = {'"<&': DEFINITIONS["p"]}
    linked = link("pain", matcher, definitions)
    assert linked.html == ('<button type="button" class="term" popovertarget="term-&quot;&lt;&amp;">pain</button>')
    assert link(linked.html, matcher, definitions) == linked


def test_the_terms_come_in_the_order_of_their_links_also_of_earlier_ones() -> None:
    html = f"<p>block {button('p', 'pain')} nerve block</p>"
    assert link_safely(html).terms == ["b", "p", "nb"]


def test_a_link_made_earlier_counts_for_what_stands_before_it() -> None:
    html = f"<p>pain {button('p', 'pain')}</p>"
    assert link_safely(html).html == html


def test_chinese_in_both_scripts() -> None:
    matcher = Matcher([Entry(1, ["神经阻滞"]), Entry(2, ["颈椎"])], "zh-hans")
    linked = link("<p>颈椎病，神經<!-- -->、神經阻滯</p>", matcher, {1: DEFINITIONS["nb"], 2: DEFINITIONS["p"]})
    assert linked == Linked(f"<p>颈椎病，神經<!-- -->、{button('1', '神經阻滯')}</p>", [1])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a pain.", "a {pain.}"),
        ("(pain)", "{(pain)}"),
        ("“pain”, a block", "{“pain”,} a block"),
        ("“pain”，（block）。", "{“pain”，}{（block）。}"),
        ("pain,block", "{pain,}block"),
        ("pain (block", "pain {(block}"),
        ("pain....... block", "{pain...}.... block"),
        ("<b>(</b>pain<b>)</b>", "<b>(</b>pain<b>)</b>"),
        ("pain&quot;; block", "pain&quot;; block"),
        ("pain, pain.", "{pain,} pain."),
    ],
)
def test_marks_beside_a_link_are_kept_on_its_line(html: str, expected: str) -> None:
    linked = re.sub(r"</?button[^>]*>", "", link_safely(html).html)
    assert linked.replace(KEPT, "{").replace("</span>", "}") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("nerve&nbsp;block", "[nerve&nbsp;block]"),
        ("&#112;ain &amp; block", "[&#112;ain] &amp; [block]"),
        ("&lt;pain&gt;", "&lt;[pain]&gt;"),
        ("AT&T pain &unknown; block &", "AT&T [pain] &unknown; [block] &"),
        ("&notpain; &ampblock pain", "&notpain; &ampblock [pain]"),
        ("a < pain > block", "a < [pain] > [block]"),
        ("<p>nerve\n  block</p>", "<p>[nerve\n  block]</p>"),
        ("nerve</p><p>block", "nerve</p><p>[block]"),
        ("nerve<br>block", "nerve<br>[block]"),
        ("nerve <b>block</b>, nerve block", "nerve <b>block</b>, [nerve block]"),
        ("nerve <!-- pain -->block pain", "nerve <!-- pain -->block [pain]"),
        ("<b>p</b>ain pain", "<b>p</b>ain [pain]"),
        ("un<i>pain</i> <i>pain</i>", "un<i>pain</i> <i>[pain]</i>"),
        ("<p>pain<p>block", "<p>[pain]<p>[block]"),
        ("<b><p>pain</b> block", "<b><p>[pain]</b> [block]"),
        ("<ul><li>pain<li>block</ul>", "<ul><li>[pain]<li>[block]</ul>"),
        ("<table><tr><td>pain<td>block</table>", "<table><tr><td>[pain]<td>[block]</table>"),
        ('<img alt="pain">pain', '<img alt="pain">[pain]'),
        ("<img alt='a > pain'>pain", "<img alt='a > pain'>[pain]"),
        ("<img alt = a>pain", "<img alt = a>[pain]"),
        ("<a href=x/>pain</a> block", "<a href=x/>pain</a> [block]"),
        ("</a>pain", "</a>[pain]"),
        ("<svg><path d='M0'/><text>pain</text></svg> block", "<svg><path d='M0'/><text>pain</text></svg> [block]"),
        ("<svg/>pain", "<svg/>[pain]"),
        ("<script>pain</script>pain", "<script>pain</script>[pain]"),
        ("<STYLE>pain</Style >pain", "<STYLE>pain</Style >[pain]"),
        ("<!-->pain", "<!-->[pain]"),
        ("<!-- a > pain --!>pain", "<!-- a > pain --!>[pain]"),
        ("<!DOCTYPE pain><?pain?></>pain", "<!DOCTYPE pain><?pain?></>[pain]"),
    ],
)
def test_sources_of_all_kinds(html: str, expected: str) -> None:
    assert marked(html) == expected


# What is not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(linking.UNLINKED | linking.RAW | linking.TITLES))
def test_nothing_is_linked_within(name: str) -> None:
    html = f"<table><tr><{name}><b>pain</b> block</{name}></table>" if name in linking.TITLES else ""
    html = html or f"<{name} x><b>pain</b> block</{name}>"
    assert marked(html + "<p>pain</p>") == html + "<p>[pain]</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<a>pain",
        "<a><p></a>pain",
        "<a><b></a>pain",
        "<a><table><td></a>pain",
        "<table><a><td></table>pain",
        "<h2>x</div>pain",
        "<label><p></label>pain",
        "<table>pain<tr>pain</table>",
        "<table><td>x</td>pain</table>",
        "<table><td><object><td></td></object>pain",
        "<svg><p></svg>pain",
        "<svg a=b/>pain",
        '<svg><style><a title="</style></svg>pain">',
        "<svg><![CDATA[ > </svg>pain ]]>",
        "<select><style><b title='</style></select>pain'>",
        "<noscript><b title='</noscript>pain'>",
        "<script><!--<script></script>pain</script>",
        "<plaintext></plaintext>pain",
        "<frameset>pain",
        "<title>pain",
        "<b title='pain",
        "<b =pain",
        "<!-- pain",
        "<a>" * 200 + "</a>" * 200 + "pain",
    ],
)
def test_nothing_is_linked_where_a_browser_may_see_something_else(html: str) -> None:
    assert link_safely(html) == Linked(html, [])


def test_what_comes_before_the_broken_part_is_linked() -> None:
    assert marked("<p>pain</p><a><b></a>block") == "<p>[pain]</p><a><b></a>block"


# What holds for everything --------------------------------------------------------------------------------------------

PIECES = [
    *(f"<{name}>" for name in sorted(linking.INLINE | linking.UNLINKED | linking.RAW | linking.CELLS | {"p", "table"})),
    *(
        f"</{name}>"
        for name in sorted(linking.INLINE | linking.UNLINKED | linking.RAW | linking.CELLS | {"p", "table"})
    ),
    *["pain ", "nerve ", "block ", "nerve block. ", "PCEA", " ", "&amp;", "&am", "&#", "&#x70;ain", "p", "<", ">", '"'],
    *["'", "<!--", "-->", "<![CDATA[", "]]>", "</", "<a b='", "<x y=z/>", "\x00", "\r\n", "\ufffc", "<br/>", "=", "/"],
    *["(", ",", ".", "“", "”", "，", "（pain）", "pain。", kept(button("p", "pain") + "."), KEPT],
    *[button("p", "pain"), button("b", ""), "<button popovertarget='term-p'>"],
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
def test_only_tags_are_put_in_and_only_once(html: str) -> None:
    linked = link_safely(html)
    assert len(set(linked.terms)) == len(linked.terms)


TEXTS = st.sampled_from(["pain", "a nerve block", "block, pain", "no terms", "nerve ", " block", "a & b", "<pain>"])
NAMES = st.sampled_from(["p", "div", "b", "em", "ul", "li", "a", "h2", "code", "button", "section", "svg", "label"])


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """A nested source, and the same with what may be linked in capitals."""
    source, allowed = "", ""
    for _ in range(draw(st.integers(0, 4))):
        if depth and draw(st.booleans()):
            name = draw(NAMES)
            inner, inner_allowed = draw(trees(depth - 1))
            source += f"<{name}>{inner}</{name}>"
            allowed += f"<{name}>{inner if name in linking.UNLINKED else inner_allowed}</{name}>"
        else:
            text = escape(draw(TEXTS))
            source += text
            allowed += text.upper()
    return source, allowed


@given(trees())
def test_in_nested_sources_links_stand_where_they_may_and_nowhere_else(tree: tuple[str, str]) -> None:
    source, allowed = tree
    html = re.sub(r'<span class="kept">|</span>', "", link_safely(source).html)
    at = 0
    for link_or_not in re.split(rf"({OURS}[^>]*>[^<]*</button>)", html):
        text = plain(link_or_not) if link_or_not.startswith(OURS) else link_or_not
        if text != link_or_not:
            assert allowed[at : at + len(text)] == text.upper()
        at += len(text)
    assert at == len(source)
    # A name that is a paragraph must have been linked, there or before.
    if re.search(r"<(?:p|div|li|section)>PAIN</", allowed):
        assert button("p", "pain") in html
