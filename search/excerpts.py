"""What of a text is shown with a result, and which of its words were looked for. Pure: runs no query."""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from glossary.matching import folding, is_han

from . import text

LENGTH = {True: 90, False: 190}
"""Characters of an excerpt: Chinese, and other scripts."""
# What stands in quotation marks is not taken apart.
_SENTENCE = re.compile(r"(?:“[^”\n]*”|[^。！？!?\n])+?(?:[。！？!?]+[”’」』）]*|\.(?=\s|$)|$|\n)")

Span = tuple[int, int]


def marked(shown: str, tokens: Iterable[str]) -> SafeString:
    """The text as HTML, with the words that the tokens stand for marked."""
    parts: list[str] = []
    at = 0
    for start, end in spans(shown, tokens):
        parts += [escape(shown[at:start]), format_html("<mark>{}</mark>", shown[start:end])]
        at = end
    return mark_safe("".join([*parts, escape(shown[at:])]))


def excerpt(whole: str, tokens: Sequence[str]) -> SafeString:
    """The sentence with the most of the words looked for, and what follows it, up to about LENGTH characters."""
    sentences = [found[0].strip() for found in _SENTENCE.finditer(whole) if found[0].strip()]
    if not sentences:
        return mark_safe("")
    length = LENGTH[any(map(is_han, whole[:200]))]
    said = [{_folded(each[start:end]) for start, end in spans(each, tokens)} for each in sentences]
    best = max(range(len(sentences)), key=lambda at: (len(said[at]), -at))
    chosen = sentences[best]
    if len(chosen) > 1.5 * length:
        return _cut(chosen, tokens, length)
    for following in sentences[best + 1 :]:
        if len(chosen) + len(following) > length:
            break
        chosen += following if chosen[-1] in "。！？”）" else f" {following}"
    return marked(chosen, tokens)


def _cut(sentence: str, tokens: Sequence[str], length: int) -> SafeString:
    """Of a sentence that is too long, the part around its first word looked for."""
    found = spans(sentence, tokens)
    start = max(0, found[0][0] - length // 3) if found else 0
    end = min(len(sentence), start + length)
    if not is_han(sentence):  # not within a word
        start = sentence.rfind(" ", 0, start) + 1 if start else 0
        end = sentence.rfind(" ", start, end) if end < len(sentence) and " " in sentence[start:end] else end
    before, after = "…" if start else "", "…" if end < len(sentence) else ""
    return format_html("{}{}{}", before, marked(sentence[start:end], tokens), after)


def spans(shown: str, tokens: Iterable[str]) -> list[Span]:
    """Where the words stand, in order; what touches is one."""
    han = {token.removeprefix("_") for token in tokens if not token.startswith("~")}
    stems = {token for token in han if not is_han(token)}
    han -= stems
    found = []
    folded = text.one_register(_folded(shown))
    if han:
        pattern = "|".join(map(re.escape, sorted(han, key=len, reverse=True)))
        # Looking ahead finds those that overlap, as pairs of characters do.
        found += [(match.start(), match.end(1)) for match in re.finditer(f"(?=({pattern}))", folded)]
    if stems:
        # The end of a stem is not always written as it is in the word: happi, happy.
        pattern = "|".join(re.escape(stem[:-1] if len(stem) > 3 else stem) for stem in stems)
        for match in re.finditer(rf"(?<![^\W_])(?:{pattern})[^\W_]*", folded):
            if text.stem(match[0]) in stems:
                found.append(match.span())
    return _joined(sorted(found))


def _joined(found: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _folded(shown: str) -> str:
    """Character for character; a text with letters that fold to none or several is only made small, or left."""
    for folded in (shown.translate(folding()), shown.lower()):
        if len(folded) == len(shown):
            return folded
    return shown
