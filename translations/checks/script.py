"""Characters of the wrong script: traditional ones in simplified Chinese, full-width letters and figures. Pure."""

import re
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC

from .pairs import Found, Pair, Text

_FULL_WIDTH = re.compile(r"[Ａ-Ｚａ-ｚ０-９]+(?:[．：／－][Ａ-Ｚａ-ｚ０-９]+)*")
_CHINESE = "\u3400-\u9fff"


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditional() -> re.Pattern[str]:
    """Whatever the tables simplify when it stands alone; a neighbour may still save it, as in 乾坤."""
    characters = "".join(map(chr, range(0x3400, 0xA000)))
    simplified = _simplifier().convert(characters)
    changed = [old for old, new in zip(characters, simplified, strict=True) if old != new]
    return re.compile(f"[{''.join(changed)}]+")


def check(pair: Pair) -> Iterator[Found]:
    for text, is_source in ((pair.source, True), (pair.target, False)):
        for match in _FULL_WIDTH.finditer(text.plain):
            yield _found("W015", text, is_source, *match.span(), match[0], text.folded[slice(*match.span())])
        if text.language == "zh-hans":
            for start, end, right in traditional(text.plain):
                yield _found("W014", text, is_source, start, end, text.plain[start:end], right)


def traditional(text: str) -> Iterator[tuple[int, int, str]]:
    """Start and end of each run of traditional characters, and how it is written in simplified ones."""
    if not _traditional().search(text):
        return
    simplified = _simplifier().convert(text)
    if len(simplified) != len(text):
        return
    for match in _traditional().finditer(text):
        right = simplified[slice(*match.span())]
        if right != match[0]:
            yield *match.span(), right


def _found(id: str, text: Text, is_source: bool, start: int, end: int, wrong: str, right: str) -> Found:
    place = text.span(start, end)
    words = {"wrong": wrong, "right": right}
    return Found(id, "warning", place if is_source else None, None if is_source else place, words)
