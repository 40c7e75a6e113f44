"""What the desk shows of a translation: its parts in the order of the form, row by row, with what there is to say of each.

Reads only; the caller holds the draft as `acts.begin` gave it, so that nothing is shown that is not so any more.
"""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing import compare, display, richtext
from publishing.models import Document

from . import acts, checking, following, rows
from .checks.pairs import Span, Text
from .checks.runner import Finding
from .checks.terminology import Glossary
from .models import Comment, State, Translation, Unit
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
STATES = {
    "missing": Mark("missing", "○", pgettext_lazy("text", "not translated")),
    "outdated": Mark("outdated", "△", pgettext_lazy("text", "outdated")),
    "returned": Mark("returned", "↩", pgettext_lazy("text", "sent back")),
    State.TRANSLATED: Mark("translated", "◐", pgettext_lazy("text", "translated, not approved")),
    State.REVIEWED: Mark("approved", "✓", pgettext_lazy("text", "approved")),
    State.FINAL: Mark("published", "✓", pgettext_lazy("text", "published")),
}


def state(unit: Unit) -> Mark:
    """The one thing to be said of a text; what asks for work comes first."""
    if not unit.target:
        return STATES["missing"]
    if unit.is_outdated:
        return STATES["outdated"]
    if unit.is_returned:
        return STATES["returned"]
    return STATES.get(State(unit.state), STATES[State.TRANSLATED])


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
    found = checking.check(source, target, glossary=known)
    return [Said(one, place(source, one.source), place(target, one.target)) for one in found]


@dataclass
class Line:
    """A row of the page."""

    sheet: "Sheet"
    unit: Unit
    row: Row
    index: int
    max_length: int | None
    is_one_line: bool
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
        """The same for the same source, whatever its place."""
        return hashlib.sha256((self.row.source or self.row.before).encode()).hexdigest()[:16]

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
        return Text(self.row.source, self.sheet.translation.source_language, self.unit.is_rich)

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
        glossary, text = self.sheet.glossary, self.source
        if self.unit.is_rich:  # once more on the way out
            text = Text(richtext.clean(text.stored), text.language, is_rich=True)
        found: dict[Any, Named] = {}
        pieces, done = [], 0
        for match in glossary.source.find(text.plain) if text.stored else ():
            if not (name := glossary.names.get(match.term)):
                continue
            number = len(found) + 1
            said = text.plain[match.start : match.end]
            named = found.setdefault(match.term, Named(number if number < 10 else 0, said, name))
            start, end = text.span(match.start, match.end)
            if start >= done and "<" not in (stored := text.stored[start:end]):
                number_of = named.number or ""
                pieces += [self._shown(text.stored[done:start]), f'<mark class="term" data-term="{number_of}">']
                pieces += [self._shown(stored), "</mark>"]
                done = end
        shown = "".join([*pieces, self._shown(text.stored[done:])])
        return list(found.values()), mark_safe(shown)

    def _shown(self, stored: str) -> str:
        return stored if self.unit.is_rich else escape(stored)

    @property
    def target_html(self) -> SafeString:
        return mark_safe(richtext.clean(self.row.target)) if self.unit.is_rich else lines(self.row.target)

    @property
    def before_html(self) -> SafeString:
        return mark_safe(richtext.clean(self.row.before)) if self.unit.is_rich else lines(self.row.before)

    @property
    def kept_html(self) -> SafeString:
        return mark_safe(richtext.clean(self.kept or "")) if self.unit.is_rich else lines(self.kept or "")

    @property
    def diff_html(self) -> SafeString:
        """What the translation was made from, and what became of it."""
        return difference(self.row.before, self.row.source, self.unit.is_rich)

    @cached_property
    def findings(self) -> list[Said]:
        target = Text(self.row.target, self.sheet.translation.language, self.unit.is_rich)
        return said(self.source, target, self.sheet.glossary)


def lines(text: str) -> SafeString:
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


@dataclass
class Entry:
    """A text of the page: one translated field."""

    sheet: "Sheet"
    unit: Unit
    label: str
    section: str
    """Which warning or question it is of; "" for what is the document's own."""
    lines: list[Line]

    @property
    def id(self) -> str:
        return f"text-{self.unit.key.replace('.', '-')}"

    @property
    def state(self) -> Mark:
        return state(self.unit)

    @property
    def mark(self) -> str:
        """Another one when anything of it is shown otherwise."""
        unit, comments = self.unit, self.comments
        parts = (unit.digest, unit.state, unit.is_outdated, unit.is_returned, unit.pieces_kept, len(comments))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @cached_property
    def comments(self) -> list[Comment]:
        return self.sheet.comments.get(self.unit.pk, [])

    @property
    def why_returned(self) -> Comment | None:
        return next((c for c in reversed(self.comments) if c.returns), None) if self.unit.is_returned else None

    @property
    def is_own(self) -> bool:
        return self.unit.written_by_id == self.sheet.user.pk

    @property
    def may_be_reviewed(self) -> bool:
        return self.sheet.may_review and bool(self.unit.target)

    @property
    def may_be_approved(self) -> bool:
        unit = self.unit
        return self.may_be_reviewed and not unit.is_outdated and not unit.is_approved and not self.is_own

    @cached_property
    def whole(self) -> list[Said]:
        """Findings of the text as one, which is what is signed."""
        unit, translation = self.unit, self.sheet.translation
        if len(self.lines) == 1:
            return self.lines[0].findings
        source = Text(unit.source, translation.source_language, unit.is_rich)
        return said(source, Text(unit.target, translation.language, unit.is_rich), self.sheet.glossary)

    @property
    def asking(self) -> list[tuple[str, list[Finding]]]:
        """What a reviewer says by name to have looked at, by the id of the finding, unless somebody has."""
        known = {(a.finding, a.digest) for a in self.unit.acknowledgements.all()}
        found: dict[str, list[Finding]] = {}
        for one in self.whole:
            id = one.finding.id
            if id in checking.ACKNOWLEDGED and (id, self.unit.digest) not in known:
                found.setdefault(id, []).append(one.finding)
        return list(found.items())

    @property
    def blockers(self) -> list[Finding]:
        return [one.finding for one in self.whole if one.finding.is_blocker]


@dataclass
class Sheet:
    """All of it, as one person sees it."""

    translation: Translation
    document: Document
    user: Any
    glossary: Glossary = field(init=False)
    may_write: bool = field(init=False)
    may_review: bool = field(init=False)
    may_accept: bool = field(init=False)

    def __post_init__(self) -> None:
        translation = self.translation
        self.glossary = checking.glossary(translation.source_language, translation.language)
        self.may_write = acts.may_write(self.user, translation)
        self.may_review = acts.may_review(self.user, translation)
        self.may_accept = acts.may_accept(self.user, translation)

    @property
    def may_comment(self) -> bool:
        return self.may_write or self.may_review or self.may_accept

    @cached_property
    def units(self) -> dict[str, Unit]:
        found = self.translation.units.select_related("written_by", "approved_by")
        found = found.prefetch_related("acknowledgements") if self.may_review else found
        return {unit.key: unit for unit in found}

    @cached_property
    def comments(self) -> dict[int, list[Comment]]:
        found: dict[int, list[Comment]] = {}
        for comment in Comment.objects.filter(unit__translation=self.translation).select_related("by"):
            found.setdefault(comment.unit_id, []).append(comment)
        return found

    @cached_property
    def entries(self) -> list[Entry]:
        return list(self._entries(following.parts(self.document)))

    def entry(self, key: str) -> Entry | None:
        return next(self._entries(part for part in following.parts(self.document) if part.key == key), None)

    def _entries(self, parts: Iterable[following.Part]) -> Iterator[Entry]:
        numbers: dict[str, dict[int, int]] = {}
        for part in parts:
            unit = self.units.get(part.key)
            *path, _name = part.key.split(".")
            section = ""
            if path:
                known = numbers.setdefault(path[0], self._numbers(path[0]))
                section = display.row_label(type(part.instance), known.get(int(path[1]), 0))
            if unit is not None:
                yield self._entry(part, unit, section)

    def _numbers(self, name: str) -> dict[int, int]:
        return {row.pk: number for number, row in enumerate(getattr(self.document, name).all(), start=1)}

    def _entry(self, part: following.Part, unit: Unit, section: str) -> Entry:
        model = type(part.instance)
        model_field: Any = model._meta.get_field(part.field)
        is_one_line = isinstance(model_field, models.CharField)
        entry = Entry(self, unit, display.label(model, part.field), section, [])
        entry.lines = [
            Line(self, unit, row, index, model_field.max_length, is_one_line) for index, row in enumerate(unit.rows)
        ]
        return entry

    @property
    def sections(self) -> list[tuple[str, list[Entry]]]:
        return [(name, list(found)) for name, found in groupby(self.entries, key=lambda entry: entry.section)]

    @property
    def has_outdated(self) -> bool:
        return any(entry.unit.is_outdated for entry in self.entries)


LEGEND = (
    (_("to do"), "todo"),
    (_("outdated"), "outdated"),
    (_("sent back"), "returned"),
    (_("with findings"), "findings"),
)
"""Which rows the page can be narrowed to."""
