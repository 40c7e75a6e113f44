"""A row of the desk as it is shown: its source with the terms marked, what changed in it, and what the checks find."""

import html
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.html import escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy

from publishing import compare, richtext

from . import acts, rows
from .checks.pairs import Span, Text
from .checks.runner import Finding, check
from .checks.terminology import Glossary
from .models import Unit
from .rows import Row, Step

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Mark:
    """A sign and words: nothing at the desk is said by colour alone."""

    name: str
    sign: str
    words: Any


STEPS = {
    Step.DONE: Mark("done", "✓", pgettext_lazy("row", "translated")),
    Step.NEW: Mark("new", "○", pgettext_lazy("row", "to be translated")),
    Step.CHANGED: Mark("changed", "△", pgettext_lazy("row", "the source has changed")),
    Step.GONE: Mark("gone", "✕", pgettext_lazy("row", "no longer in the source")),
}


@dataclass(frozen=True)
class Named:
    """A term of the glossary in a source, and what it is called in the language of the translation."""

    number: int
    """Its key on the keyboard, from 1; 0 beyond 9."""
    text: str
    name: str


@dataclass(frozen=True)
class Place:
    """Words of a text, and how often they stood in it before: a page finds them without knowing how it is stored."""

    words: str
    nth: int


def place(text: Text, span: Span | None) -> Place | None:
    if span is None or not (words := _plain(text, span.start, span.end)).strip():
        return None
    return Place(words, _plain(text, 0, span.start).count(words))


def _plain(text: Text, start: int, end: int) -> str:
    stored = text.stored[start:end]
    return html.unescape(_TAG.sub("", stored)) if text.is_rich else stored


@dataclass(frozen=True)
class Said:
    """A finding as the page shows it."""

    finding: Finding
    source: Place | None
    target: Place | None


def said(source: Text, target: Text, known: Glossary | None) -> list[Said]:
    found = check(source, target, glossary=known)
    return [Said(one, place(source, one.source), place(target, one.target)) for one in found]


@dataclass
class Line:
    """A row of the page."""

    unit: Unit
    row: Row
    index: int
    languages: tuple[str, str]
    """Of the source and of the translation."""
    glossary: Glossary
    max_length: int | None = None
    is_one_line: bool = False
    kept: str | None = None
    """What somebody wrote here that was not saved, because another one had written meanwhile."""

    @property
    def id(self) -> str:
        return f"row-{self.unit.key.replace('.', '-')}-{self.index}"

    @property
    def name(self) -> str:
        """For `Presence`."""
        return f"{self.unit.key}#{self.index}"

    @property
    def seen(self) -> str:
        return acts.seen(self.row)

    @property
    def of(self) -> str:
        return acts.source_of(self.row)

    @property
    def step(self) -> Mark:
        return STEPS[self.row.step]

    @property
    def is_todo(self) -> bool:
        return self.row.step is not Step.DONE

    @property
    def is_whole(self) -> bool:
        """Whether it may fall into more rows, or go, when it is saved: then not under the hands of its writer."""
        return self.row.step is Step.GONE or len(rows.split(self.row.source, self.unit.is_rich)) > 1

    @cached_property
    def source(self) -> Text:
        return Text(self.row.source, self.languages[0], self.unit.is_rich)

    @cached_property
    def terms(self) -> list[Named]:
        """Each once, in the order of the text."""
        return self._named[0]

    @property
    def source_html(self) -> SafeString:
        """With its terms marked."""
        return self._named[1]

    @cached_property
    def _named(self) -> tuple[list[Named], SafeString]:
        glossary, text = self.glossary, self.source
        if self.unit.is_rich:  # once more on the way out
            text = Text(richtext.clean(text.stored), text.language, is_rich=True)
        found: dict[Any, Named] = {}
        pieces, done = [], 0
        for match in glossary.source.find(text.plain) if text.stored else ():
            if not (name := glossary.names.get(match.term)):
                continue
            number = len(found) + 1
            said = text.plain[match.start : match.end]
            found.setdefault(match.term, Named(number if number < 10 else 0, said, name))
            start, end = text.span(match.start, match.end)
            if start >= done and "<" not in (stored := text.stored[start:end]):
                opening = format_html('<mark class="term" title="{}">', name)
                pieces += [self._shown(text.stored[done:start]), opening, self._shown(stored), "</mark>"]
                done = end
        shown = "".join([*pieces, self._shown(text.stored[done:])])
        return list(found.values()), mark_safe(shown)

    def _shown(self, stored: str) -> str:
        return stored if self.unit.is_rich else escape(stored)

    @property
    def stored(self) -> SafeString:
        """The source as a script copies it."""
        return mark_safe(self._shown(richtext.clean(self.row.source) if self.unit.is_rich else self.row.source))

    @property
    def target_html(self) -> SafeString:
        return mark_safe(richtext.clean(self.row.target)) if self.unit.is_rich else plain_html(self.row.target)

    @property
    def before_html(self) -> SafeString:
        return mark_safe(richtext.clean(self.row.before)) if self.unit.is_rich else plain_html(self.row.before)

    @property
    def kept_html(self) -> SafeString:
        return mark_safe(richtext.clean(self.kept or "")) if self.unit.is_rich else plain_html(self.kept or "")

    @property
    def diff_html(self) -> SafeString:
        """What the translation was made from, and what became of it."""
        return difference(self.row.before, self.row.source, self.unit.is_rich)

    @cached_property
    def findings(self) -> list[Said]:
        target = Text(self.row.target, self.languages[1], self.unit.is_rich)
        return said(self.source, target, self.glossary)


def plain_html(text: str) -> SafeString:
    return mark_safe(linebreaks(text, autoescape=True)) if text else mark_safe("")


def difference(old: str, new: str, is_rich: bool) -> SafeString:
    if is_rich:
        return mark_safe(compare.diff_html(old, new))
    tags = {compare.Op.INSERT: "ins", compare.Op.DELETE: "del"}
    pieces = []
    for change in compare.diff_text(old, new):
        tag, text = tags.get(change.op), escape(change.text).replace("\n", "<br>")
        pieces.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return mark_safe(f"<p>{''.join(pieces)}</p>")
