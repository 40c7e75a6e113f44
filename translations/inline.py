"""A text as words and codes, the way files for translators hold it, and back, character for character.

Rich text is cut into parts: what a translator reads (a paragraph, a heading, an item, a cell, with the links and the
stress in it) and what stands between (the tags of blocks, blank space). Pure: imports no model and runs no query.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

# As the cleaner writes tags. Outside of quotes there is no "<" in one, so that what is none is not gone through twice.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^"<>]|"[^"]*")*+)>')
_WITHIN_WORDS = {"strong", "a"}
_ALONE = {"br"}
# As the cleaner writes them; it knows no others.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"}
_CHARACTERS = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPE = re.compile("|".join(_CHARACTERS))
_CHARACTER = re.compile("[&<>\xa0]")
_OWN_LANGUAGE = re.compile(r'( href=")/(?:zh-hans|en)(?=[/"])')


class Token(NamedTuple):
    """Words, or a tag."""

    kind: Literal["words", "open", "close", "alone"]
    text: str
    """The words without escapes; or the tag as it stands."""
    number: int = 0
    """Of a code, from 1 in the order in which they open; both ends of a pair have the same."""
    name: str = ""
    is_block: bool = False
    """Whether it stands around paragraphs rather than in one."""


@dataclass(frozen=True)
class Part:
    has_words: bool
    tokens: tuple[Token, ...]

    @property
    def codes(self) -> list[Token]:
        """One for each pair that opens here and for each that stands alone."""
        return [token for token in self.tokens if token.kind in ("open", "alone")]


def parts(text: str, is_rich: bool) -> list[Part]:
    """The text in order; put together it is the text again (`html`). `ValueError` where tags do not pair."""
    tokens = _tokens(text) if is_rich else [Token("words", text)] if text else []
    found: list[Part] = []
    for is_block, run in groupby(tokens, lambda token: token.is_block):
        own = tuple(run)
        has_words = not is_block and any(token.kind == "words" and not token.text.isspace() for token in own)
        if found and not has_words and not found[-1].has_words:
            found[-1] = Part(False, found[-1].tokens + own)
        else:
            found.append(Part(has_words, own))
    return found


def whole(cut: Iterable[Part]) -> Part:
    return Part(True, tuple(token for part in cut for token in part.tokens))


def alike(source: Sequence[Part], target: Sequence[Part]) -> bool:
    """Whether the parts of two texts belong to each other one by one."""
    return [_shape(part) for part in source] == [_shape(part) for part in target]


def _shape(part: Part) -> object:
    if part.has_words:
        return True
    return [(token.kind, token.name, token.is_block) for token in part.tokens if token.kind != "words"]


def _tokens(html: str) -> list[Token]:
    found: list[Token] = []
    opened: list[int] = []  # places in `found`
    blocks: set[int] = set()  # numbers
    number = at = 0
    for match in _TAG.finditer(html):
        if match.start() > at:
            found.append(Token("words", unescape(html[at : match.start()])))
        at = match.end()
        name = match[2]
        if match[1]:
            start = found[opened.pop()] if opened else None
            if start is None or start.name != name:
                raise ValueError(match[0])
            found.append(Token("close", match[0], start.number, name))
            continue
        number += 1
        if name in _ALONE:
            found.append(Token("alone", match[0], number, name))
            continue
        if name not in _WITHIN_WORDS:
            blocks |= {number, *(found[place].number for place in opened)}
        opened.append(len(found))
        found.append(Token("open", match[0], number, name))
    if opened:
        raise ValueError(found[opened[-1]].text)
    if at < len(html):
        found.append(Token("words", unescape(html[at:])))
    return [token._replace(is_block=True) if token.number in blocks else token for token in found]


def html(tokens: Iterable[Token], is_rich: bool) -> str:
    return "".join(escape(token.text) if is_rich and token.kind == "words" else token.text for token in tokens)


def escape(words: str) -> str:
    """As the cleaner writes words."""
    return _CHARACTER.sub(lambda match: _ESCAPES[match[0]], words)


def unescape(words: str) -> str:
    return _ESCAPE.sub(lambda match: _CHARACTERS[match[0]], words)


def pairing(source: Part, target: Part) -> dict[int, int]:
    """By number of a code in the target, that of its own in the source: the same tag, else one of the same name."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for key in (_the_same, _alike):
        left: dict[object, deque[int]] = defaultdict(deque)
        for own in source.codes:
            if own.number not in taken:
                left[key(own)].append(own.number)
        for code in target.codes:
            if code.number not in found and left[key(code)]:
                found[code.number] = left[key(code)].popleft()
                taken.add(found[code.number])
    return found


def _the_same(code: Token) -> object:
    return code.text, code.is_block


def _alike(code: Token) -> object:
    return code.name, code.is_block


def codes(text: str) -> Counter[str]:
    """How often each tag is there. Which language of this site a link leads to does not count."""
    return Counter(_OWN_LANGUAGE.sub(r"\1/*", tag) for tag in tags(text))


def words(text: str) -> str:
    """Without its tags and whatever space is between."""
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def tags(text: str) -> list[str]:
    return [match[0] for match in _TAG.finditer(text)]


def into(text: str, language: str, except_for: Collection[str] = ()) -> str:
    """The text with its links to pages of this site leading to those of a language; some tags stay as they are."""

    def led(match: re.Match[str]) -> str:
        return match[0] if match[0] in except_for else _OWN_LANGUAGE.sub(rf"\1/{language}", match[0])

    return _TAG.sub(led, text)
