"""Sentences of both languages, and which of them belong together. Pure."""

import re
from collections.abc import Iterator

from .pairs import Pair, Span, Text

# A point within a number, behind an initial or a title ends nothing; behind other abbreviations, not before a figure.
_TITLE = (
    r"(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|vs|eg|ie|al)\.)(?<!\b(?:Mrs|[Ee]\.g|[Ii]\.e)\.)(?<!\bProf\.)"
    r"(?:(?<!\bp\.)(?<!\b(?:No|no|pp|ca)\.)(?<!\b(?:Fig|fig|Vol|vol)\.)(?<!\bFigs\.)(?<!\bapprox\.)|(?!\s+\d))"
)
_ITEM = r"(?<!^\d\.)(?<!^\d\d\.)(?<![.!?]\s\d\.)"  # the number of a list's item
# A word in small letters goes on: 5 mg. daily, 8 a.m. and, “Stop!” he said. Not pH or mRNA.
_GOES_ON = r"(?!\s+[a-z]+(?![A-Za-z]))"
_ENGLISH_END = re.compile(
    rf"(?:(?<=[.!?])|(?<=[.!?][\"'”’)\]])){_TITLE}{_ITEM}{_GOES_ON}(?:\s+|(?=[A-Z][a-z]))|\n+", re.MULTILINE
)
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
