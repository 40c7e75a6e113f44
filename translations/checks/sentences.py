"""Sentences of both languages, and which of them belong together. Pure."""

import re
from collections.abc import Iterator

from .pairs import Pair, Span, Text

# A point within a number, behind an initial or an abbreviation ends nothing.
_ABBREVIATED = r"(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|vs|eg|ie|No|al)\.)(?<!\b(?:Mrs|e\.g|i\.e|etc|Fig)\.)(?<!\bProf\.)"
_ENGLISH_END = re.compile(rf"(?:(?<=[.!?])|(?<=[.!?][\"'”’)\]])){_ABBREVIATED}(?:\s+|(?=[A-Z][a-z]))|\n+")
_CHINESE_END = re.compile(r"(?<=[。！？!?])(?![。！？!?”’」』）)])|(?<=[。！？!?][”’」』）)])|\n+")


def spans(text: str, is_chinese: bool, within: Span) -> list[Span]:
    """Those of a part of the text that are not blank."""
    found = []
    start = within.start
    for match in (_CHINESE_END if is_chinese else _ENGLISH_END).finditer(text, *within):
        found.append(Span(start, match.start()))
        start = match.end()
    found.append(Span(start, within.end))
    return [span for span in found if text[slice(*span)].strip()]


def split(text: Text) -> list[str]:
    """The sentences of a text without its markup, none of them across two paragraphs."""
    return [
        text.plain[slice(*span)].strip() for block in text.blocks for span in spans(text.folded, text.is_chinese, block)
    ]


def aligned(pair: Pair) -> Iterator[tuple[Span, Span]]:
    """Chinese and English, sentence by sentence where a paragraph has as many of them in both, else the paragraph."""
    for chinese, english in pair.blocks():
        ours = spans(pair.chinese.folded, True, chinese)
        theirs = spans(pair.english.folded, False, english)
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)
        else:
            yield chinese, english
