"""What the desk shows of a translation, to one person: its parts in the order of the form.

Reads only; the caller holds the draft as `acts.begin` gave it, so that nothing is shown that is not so any more.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing import display
from publishing.models import Document

from . import acts, checking, following
from .checks.pairs import Text
from .checks.runner import Finding
from .checks.terminology import Glossary
from .lines import Line, Mark, Said, said
from .models import Comment, State, Translation, Unit

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


LEGEND = (
    (_("to do"), "todo"),
    (_("outdated"), "outdated"),
    (_("sent back"), "returned"),
    (_("with findings"), "findings"),
)
"""Which rows the page can be narrowed to; a reviewer also to those of which an approval is asked."""


def names(found: Iterable[tuple[Translation, str]]) -> dict[tuple[int, str], str]:
    """What the desk calls texts, by number of the translation and key: one query for each kind of row."""
    found = list(found)
    documents: dict[tuple[type[Document], str], set[int]] = {}
    for translation, key in found:
        if "." in key:
            documents.setdefault((translation.model, key.split(".")[0]), set()).add(translation.object_id)
    sections: dict[tuple[str, int], str] = {}
    for (model, relation), keys in documents.items():
        rows: Any = model._meta.get_field(relation)
        owner = rows.field.attname
        of = rows.related_model._default_manager.filter(**{f"{owner}__in": keys})
        numbers: dict[int, int] = {}
        for pk, document in of.values_list("pk", owner):
            number = numbers[document] = numbers.get(document, 0) + 1
            sections[f"{model._meta.label}.{relation}", pk] = display.row_label(rows.related_model, number)
    named = {}
    for translation, key in found:
        *path, name = key.split(".")
        text_model: Any = translation.model
        section = ""
        if path:
            section = sections.get((f"{text_model._meta.label}.{path[0]}", int(path[1])), "")
            text_model = text_model._meta.get_field(path[0]).related_model
        named[translation.pk, key] = _name(section, display.label(text_model, name))
    return named


def _name(section: str, label: str) -> str:
    return f"{section}: {label}" if section else label


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
    def name(self) -> str:
        return _name(self.section, self.label)

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
    def languages(self) -> tuple[str, str]:
        return self.translation.source_language, self.translation.language

    @property
    def legend(self) -> list[tuple[Any, str]]:
        return [*LEGEND, *([(_("to approve"), "approve")] if self.may_review else [])]

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
                if path[0] not in numbers:
                    numbers[path[0]] = self._numbers(path[0])
                section = display.row_label(type(part.instance), numbers[path[0]].get(int(path[1]), 0))
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
            Line(unit, row, index, self.languages, self.glossary, model_field.max_length, is_one_line)
            for index, row in enumerate(unit.rows)
        ]
        return entry

    @property
    def sections(self) -> list[tuple[str, list[Entry]]]:
        return [(name, list(found)) for name, found in groupby(self.entries, key=lambda entry: entry.section)]

    @property
    def has_outdated(self) -> bool:
        return any(entry.unit.is_outdated for entry in self.entries)
