"""A text and its translation, as the checks read them, and what a check finds. Pure.

Rich text is read without its markup; what is found there is placed in the markup again.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

type_Level = Literal["blocker", "warning"]


class Span(NamedTuple):
    """Characters of a text as it is stored, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a check has found; the runner knows how to say it. No span: the text as a whole."""

    id: str
    level: type_Level
    source: Span | None = None
    target: Span | None = None
    words: dict[str, str] = field(default_factory=dict)


_MARKUP = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_BLOCKS = {"p", "br", "h2", "h3", "li", "blockquote", "tr", "th", "td"}

# One character for one, so that places stay: full-width letters and figures, and one of each kind of dash and blank.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_KEPT = "，；：？！（）"  # of the language, and no part of a number
_FOLDED = {code: half for code, half in _HALF_WIDTH.items() if chr(code) not in _KEPT}
for _forms, _one in (
    ("‐‑‒–—−﹣", "-"),
    ("〜∼∽˜", "~"),
    ("\u2007\u2009\u202f", "\xa0"),
    ("\u3000\t", " "),
    ("µ", "μ"),
    ("’", "'"),
    ("﹪", "%"),
):
    _FOLDED.update(dict.fromkeys(map(ord, _forms), ord(_one)))
_THOUSANDS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Text:
    stored: str
    language: str
    is_rich: bool = False

    @cached_property
    def _reading(self) -> tuple[str, list[int], list[int]]:
        """The words, and where pieces of them begin: in the words, and in the text as it is stored."""
        if not self.is_rich:
            return self.stored, [0], [0]
        words: list[str] = []
        read, kept = [0], [0]
        length = position = 0
        for match in _MARKUP.finditer(self.stored):
            if match[2] and match[2].lower() not in _BLOCKS:
                between = ""
            elif match[2]:
                opens = not match[1] and match[2].lower() != "br"
                between = "" if opens else "\n"
            else:
                between = html.unescape(match[0])
            words += [self.stored[position : match.start()], between]
            length += match.start() - position
            read.append(length)
            kept.append(match.start())
            length += len(between)
            position = match.end()
            read.append(length)
            kept.append(position)
        words.append(self.stored[position:])
        return "".join(words), read, kept

    @property
    def plain(self) -> str:
        return self._reading[0]

    @cached_property
    def folded(self) -> str:
        """As long as the plain text, each character in one form of its width."""
        if self.plain.isascii():
            return self.plain
        return _THOUSANDS.sub(",", self.plain.translate(_FOLDED))

    def span(self, start: int, end: int) -> Span:
        """Where in the stored text that piece of the plain one is."""
        if not self.is_rich:
            return Span(start, end)
        first = self._stored(start)
        return Span(first, max(first, self._stored(end - 1) + 1 if end > start else first))

    def _stored(self, at: int) -> int:
        _words, read, kept = self._reading
        piece = bisect_right(read, at) - 1
        limit = kept[piece + 1] if piece + 1 < len(kept) else len(self.stored)
        return min(kept[piece] + at - read[piece], max(limit - 1, kept[piece]))

    @cached_property
    def blocks(self) -> list[Span]:
        """The lines of the plain text that are not blank."""
        return [Span(*match.span()) for match in _LINE.finditer(self.plain)]

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")


_LINE = re.compile(r"[^\s][^\n]*")


@dataclass(frozen=True)
class Pair:
    """One text in two languages; one of them is Chinese, the other English."""

    source: Text
    target: Text

    @property
    def chinese(self) -> Text:
        return self.source if self.source.is_chinese else self.target

    @property
    def english(self) -> Text:
        return self.target if self.source.is_chinese else self.source

    def blocks(self) -> Iterator[tuple[Span, Span]]:
        """Paragraphs side by side, Chinese and English; all in one where their numbers differ."""
        chinese, english = self.chinese, self.english
        if len(chinese.blocks) == len(english.blocks) > 1:
            yield from zip(chinese.blocks, english.blocks, strict=True)
        else:
            yield Span(0, len(chinese.plain)), Span(0, len(english.plain))

    def found(
        self,
        id: str,
        level: type_Level,
        chinese: tuple[int, int] | None = None,
        english: tuple[int, int] | None = None,
        **words: str,
    ) -> Found:
        """Of places in the plain texts."""
        places = (chinese and self.chinese.span(*chinese), english and self.english.span(*english))
        source, target = places if self.source.is_chinese else places[::-1]
        return Found(id, level, source, target, words)
