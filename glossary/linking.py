"""The first mention of each term in a page opens its definition. Pure: HTML in, HTML out.

A mention becomes a button with `popovertarget`, which opens on click, touch or Enter and closes on Escape without any
script. The page prints every linked term once, as an element with the popover's id, the definition and the link
to the term's page.

A browser may break the line on either side of a button, even before a full stop. So the marks that belong to a mention
are kept with it by a span around both. No browser breaks a button like text: a long one becomes a box as wide as the
line, and a mark behind it would stand at the far end. So it has the marks behind a long mention in itself.

Nothing is parsed into a tree and written out again: the source is read as a browser's tokenizer reads it, and tags are
put around mentions. A mention that other tags run through stays plain. Where nobody can tell any more what a browser
makes of the source, the rest of it stays as it is.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from html import escape, unescape
from itertools import pairwise
from typing import Any, NamedTuple

from glossary.matching import BREAK, Matcher, is_han


@dataclass(frozen=True, slots=True)
class Definition:
    """What a page shows of a term."""

    name: str
    definition: str
    url: str


@dataclass(frozen=True, slots=True)
class Linked:
    html: str
    terms: list[Hashable]  # in the order of their links, which is that of the footnotes


KEPT = '<span class="kept">'
LONG = 15
"""Latin letters, or half as many Chinese characters: what is longer may not fit in a line of a phone."""
OPENING = frozenset("([“‘（《〈「『【\"'")
_CLOSING = r"""[,.;:?!%)\]”’…，。、；：？！％）》〉」』】"']{0,3}"""
CLOSING, ENDING = re.compile(_CLOSING), re.compile(f"{_CLOSING}$")
"""The marks behind a mention, and those at the end of a button's words."""


def popover_id(term: Hashable) -> str:
    return f"term-{term}"


def link(
    html: str, matcher: Matcher, definitions: Mapping[Any, Definition], without: Collection[Hashable] = ()
) -> Linked:
    """Links what has a definition, but for the terms `without`: switched off, the page's own, or linked above.

    A link that an earlier call made stays the one link to its term.
    """
    page = Page(html)
    links: dict[Hashable, int] = {}
    if page.buttons:
        terms = {popover_id(term): term for term in definitions if term not in without}
        links = {terms[target]: at for target, at in reversed(page.buttons) if target in terms}
    places: list[tuple[int, int, str]] = []
    for match in matcher.find(page.text):
        wanted = match.term in definitions and match.term not in without and match.term not in links
        if wanted and (place := page.place(match.start, match.end)):
            places.append((*place, popover_id(match.term)))
            links[match.term] = place[0]
    pieces: list[str] = []
    done = 0
    for (start, end, popover), (limit, *_next) in pairwise([*places, (len(html), 0, "")]):
        # Directly beside the mention stands text, or a tag, which begins and ends with neither of these marks.
        before = start - (start > done and html[start - 1] in OPENING)
        after = CLOSING.match(html, end, limit).end()  # type: ignore[union-attr]
        mention = html[start:end]
        end = after if len(mention) + sum(is_han(each) is not None for each in mention) > LONG else end
        button = f'<button type="button" class="term" popovertarget="{escape(popover)}">{html[start:end]}</button>'
        if (before, after) != (start, end):
            button = f"{KEPT}{html[before:start]}{button}{html[end:after]}</span>"
        pieces += [html[done:before], button]
        done = after
    return Linked("".join([*pieces, html[done:]]), sorted(links, key=links.__getitem__))


# What tags mean for the text between them -----------------------------------------------------------------------------


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words go on across these; any other tag ends the sentence.
INLINE = names(
    "a abbr b bdi bdo big button cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup"
    " time tt u var wbr"
)
FOREIGN = names("math svg")
# Interactive, headings, verbatim, or parsed by rules of their own.
UNLINKED = FOREIGN | names(
    "a button label legend option optgroup select summary datalist"
    " h1 h2 h3 h4 h5 h6 hgroup dfn"
    " code kbd listing pre ruby samp tt"
    " applet audio canvas marquee object template video"
)
TITLES = names("caption th")
CELLS = TITLES | names("td")
ROWS = names("col colgroup tbody tfoot thead tr")
# No markup in these, only their own end.
RAW = names("iframe noembed noframes script style textarea title xmp")
MARKUP_IN_RAW = FOREIGN | names("select template")  # or so it may be in these
# What comes after these depends on the reader.
UNKNOWABLE = names("frameset noscript plaintext")
VOID = names("area base br col embed hr img input link meta param source track wbr")
DEEPEST = 100


class Lost(Exception):
    """From here on a browser may see another structure than we do."""


class Surroundings:
    """Whether a link may stand here.

    A browser repairs what is not nested: it moves text out of tables, opens links again, ignores ends. So what no link
    may stand in has to be nested in itself, and outside of it only tables matter.
    """

    def __init__(self) -> None:
        self._unlinked: list[str] = []  # the outermost such element, and all that is open within
        self._tables: list[str] = []  # open tables, each with its open cell if any

    @property
    def linkable(self) -> bool:
        in_cells = not self._tables or (self._tables[-1] == "td" and TITLES.isdisjoint(self._tables))
        return in_cells and not self._unlinked

    @property
    def foreign(self) -> bool:
        return not FOREIGN.isdisjoint(self._unlinked)

    def start(self, name: str, empty: bool) -> None:
        if name in UNKNOWABLE or len(self._unlinked) + len(self._tables) > DEEPEST:
            raise Lost
        if self._unlinked:
            self._start_unlinked(name, empty)
        elif name in CELLS or name in ROWS:
            if self._tables:
                self._close_cell()
                self._tables += [name] if name in CELLS else []
        elif name == "table":
            self._tables.append(name)
        elif name in UNLINKED:
            if self._tables and self._tables[-1] == "table":  # it will be moved, and be open again behind the table
                raise Lost
            self._start_unlinked(name, empty)

    def _start_unlinked(self, name: str, empty: bool) -> None:
        self._unlinked.append(name)
        if name in RAW and not MARKUP_IN_RAW.isdisjoint(self._unlinked):
            raise Lost
        # Of a table further out, whose cell it closes.
        if self._tables and (name in CELLS or name in ROWS) and "table" not in self._unlinked:
            raise Lost
        if empty if self.foreign else name in VOID:
            self._unlinked.pop()

    def end(self, name: str) -> None:
        if self._unlinked:
            if self._unlinked.pop() != name:
                raise Lost
        elif self._tables and (name == "table" or name in ROWS or name in CELLS):
            self._close_cell()
            if name == "table":
                self._tables.pop()

    def _close_cell(self) -> None:
        if self._tables[-1] != "table":
            self._tables.pop()


# The source, as a browser's tokenizer reads it ------------------------------------------------------------------------

MARKUP = re.compile(
    r"""
    <!-- (?: -?> | (?s:.*?) (?: --!?> | \Z ) )
  | < (?: !(?!--) | \? | /(?![a-zA-Z]) ) [^>]*+ (?: > | \Z )
  | < (?P<end>/?) (?P<name>[a-zA-Z][^\t\n\f\r\ />]*+)
      (?: [\t\n\f\r\ /]++
        | [^\t\n\f\r\ />][^\t\n\f\r\ />=]*+
          (?: [\t\n\f\r\ ]*+ = [\t\n\f\r\ ]*+
              (?: "[^"]*+" | '[^']*+' | [^\t\n\f\r\ >"'][^\t\n\f\r\ >]*+ | (?=>) )
            | (?![\t\n\f\r\ ]*+=) )
      )*+ >
    """,
    re.VERBOSE,
)
EMPTY_ELEMENT = re.compile(r"""<[a-zA-Z]\w*+(?:\s++[\w:-]++=(?:"[^"]*+"|'[^']*+'))*+\s*+/>""", re.ASCII)
TAG = re.compile(r"</?[a-zA-Z]")
RAW_END = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in RAW}
BUTTON = re.compile(r'<button type="button" class="term" popovertarget="([^"]*)">')
REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]{0,31});?")


class Segment(NamedTuple):
    """A stretch of the text and where it stands in the source."""

    text: int
    text_end: int
    source: int
    source_end: int
    node: int  # no tag stands between segments of one number; 0: no link may stand here
    whole: bool  # a character reference, which is not cut


class Page:
    """The text of a source, and which places of it can take a link."""

    def __init__(self, html: str) -> None:
        self.buttons: list[tuple[str, int]] = []  # our own, from an earlier call
        self._html = html
        self._surroundings = Surroundings()
        self._pieces: list[str] = []
        self._segments: list[Segment] = []
        self._length = 0
        self._node = 1
        with suppress(Lost):
            self._read()
        self.text = "".join(self._pieces)
        self._starts = [segment.text for segment in self._segments]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where that part of the text is in the source, if it is in one piece and a link may stand there."""
        first = self._segments[bisect_right(self._starts, start) - 1]
        last = self._segments[bisect_right(self._starts, end - 1) - 1]
        if not first.node or first.node != last.node:
            return None
        if (first.whole and start > first.text) or (last.whole and end < last.text_end):
            return None
        return first.source + start - first.text, last.source_end + end - last.text_end

    def _read(self) -> None:
        html = self._html
        at = look_from = 0
        while (found := html.find("<", look_from)) >= 0:
            markup = MARKUP.match(html, found)
            if markup:
                self._add_text(at, found)
                at = look_from = self._pass(markup)
            elif TAG.match(html, found):  # never ends: no browser shows it
                self._add_text(at, found)
                return
            else:
                look_from = found + 1
        self._add_text(at, len(html))

    def _pass(self, markup: re.Match[str]) -> int:
        """Takes note of a tag or comment; where to read on."""
        self._node += 1
        if markup["name"] is None:
            if self._surroundings.foreign and markup[0].startswith("<![CDATA["):
                raise Lost
            return markup.end()
        name = markup["name"].lower()
        if name not in INLINE:
            self._pieces.append(BREAK)
            self._length += 1
        if markup["end"]:
            self._surroundings.end(name)
            return markup.end()
        if button := BUTTON.fullmatch(markup[0]):
            self.buttons.append((unescape(button[1]), markup.start()))
        self._surroundings.start(name, bool(EMPTY_ELEMENT.fullmatch(markup[0])))
        return self._skip(name, markup.end()) if name in RAW else markup.end()

    def _skip(self, name: str, at: int) -> int:
        end = RAW_END[name].search(self._html, at)
        # Within a comment within a script, its end may not be one.
        if end is None or (name == "script" and "<!--" in self._html[at : end.start()]):
            raise Lost
        return end.start()

    def _add_text(self, start: int, end: int) -> None:
        node = self._node if self._surroundings.linkable else 0
        at = start
        for reference in REFERENCE.finditer(self._html, start, end):
            character = unescape(reference[0])
            if character != reference[0]:
                self._add(self._html[at : reference.start()], at, reference.start(), node)
                self._add(character, *reference.span(), node, whole=True)
                at = reference.end()
        self._add(self._html[at:end], at, end, node)

    def _add(self, text: str, source: int, source_end: int, node: int, whole: bool = False) -> None:
        if text:
            self._segments.append(Segment(self._length, self._length + len(text), source, source_end, node, whole))
            self._pieces.append(text)
            self._length += len(text)
