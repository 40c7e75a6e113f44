"""What is still in the language of the source. Pure."""

import re
from collections.abc import Iterator

from .pairs import Found, Pair

_HAN = re.compile(r"[\u3400-\u9fff]")
# What stands in brackets or quotation marks is named, and not forgotten.
_NAMED = re.compile(r"[（(《“\"「【\[‘][^（）()《》“”\"「」【】\[\]‘’\n]{1,60}[）)》”\"」】\]’]")
# Nor is a word that brackets explain.
_HAN_RUN = re.compile(r"(?![\u3400-\u9fff]{1,8} ?[（(])[\u3400-\u9fff](?:[\u3400-\u9fff，。、；：]*[\u3400-\u9fff])?")
_ENGLISH_RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,][ ]?[A-Za-z][A-Za-z'’-]*){4,}")
_WORD = re.compile(r"[A-Za-z]{2,}")
_SMALL_WORD = re.compile(
    r"\b(?:the|a|an|of|to|in|is|are|was|be|and|or|for|with|that|this|you|your|it|not|by|on|from|may|can)\b"
)


def check(pair: Pair) -> Iterator[Found]:
    target = pair.target.plain
    if not target.strip():
        return
    if _is_untranslated(pair):
        yield Found("W012", "warning", pair.source.span(0, len(pair.source.plain)), pair.target.span(0, len(target)))
        return
    rest = _NAMED.sub(lambda match: match[0][0] + " " * (len(match[0]) - 1), target)
    for match in (_ENGLISH_RUN if pair.target.is_chinese else _HAN_RUN).finditer(rest):
        # A name of several words has none of those that hold sentences together.
        if not pair.target.is_chinese or len(_SMALL_WORD.findall(match[0])) > 1:
            yield Found("W013", "warning", None, pair.target.span(*match.span()), {"words": match[0][:60]})


def _is_untranslated(pair: Pair) -> bool:
    source, target = pair.source.plain, pair.target.plain
    if pair.target.is_chinese:
        return not _HAN.search(target) and len(_SMALL_WORD.findall(target)) > 1 and len(_WORD.findall(target)) > 3
    same = " ".join(source.split()) == " ".join(target.split())
    foreign = len(_HAN.findall(target))
    return foreign > 1 and (same or foreign > len(target) / 2)
