"""Translations out to files for translators."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import IO, Any

from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from glossary import terminology
from publishing import richtext
from translations.models import Comment, Translation, Unit
from translations.rows import Step

from . import formats, originals
from .interchange import BATCH, Entry, File, Hint, Track
from .interchange import Row as FileRow

MAX_HINTS = 30


def chosen(
    documents: Iterable[str] = (),
    *,
    language: str = "",
    outdated: bool = False,
    untranslated: bool = False,
    assignee: Any = None,
) -> models.QuerySet[Translation]:
    """Translations of documents (`article/what-is-pain`), or those of the queue of which all of this holds.

    `ValueError`, with its name, for a document that there is not.
    """
    found = Translation.objects.order_by("content_type", "object_id", "language")
    if documents := list(documents):
        known = originals.documents(documents)
        wanted = models.Q(pk__in=[])
        for name in documents:
            if name not in known:
                raise ValueError(name)
            kind, key = known[name]
            wanted |= models.Q(content_type=kind, object_id=key)
        found = found.filter(wanted)
    if language:
        found = found.filter(language=language)
    if outdated:
        found = found.filter(units_outdated__gt=0)
    if untranslated:
        found = found.filter(units_missing__gt=0)
    if assignee is not None:
        found = found.filter(assignee=assignee)
    return found


def write(kind: str, translations: models.QuerySet[Translation], out: IO[bytes], track: Track = iter) -> str:
    """One file of that kind, or a zip of them where there is more than one; the name that is right for it."""
    found = files(translations, track)
    several = list(islice(found, 2))
    if len(several) == 1:
        formats.FORMATS[kind].write(several[0], out)
        return formats.name_of(kind, several[0])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in (*several, *found):
            held = io.BytesIO()
            formats.FORMATS[kind].write(file, held)
            # Of no day, so that the same texts make the same file.
            packed.writestr(zipfile.ZipInfo(formats.name_of(kind, file)), held.getvalue(), zipfile.ZIP_DEFLATED)
    return f"translations-{kind}.zip"


def files(translations: models.QuerySet[Translation], track: Track = iter) -> Iterator[File]:
    """Each as a file has it: whatever has a source, and what is known of it."""
    terms = cache(_Terms)
    keys = list(translations.values_list("pk", flat=True))
    batches = [keys[start : start + BATCH] for start in range(0, len(keys), BATCH)]
    for batch in track(batches):
        comments = Prefetch("units__comments", Comment.objects.select_related("by"))
        units = Prefetch("units", Unit.objects.exclude(source=""))
        found = {one.pk: one for one in translations.filter(pk__in=batch).prefetch_related(units, comments)}
        names = originals.names(found.values())
        for key in batch:
            if (translation := found.get(key)) and key in names:
                pair = translation.source_language, translation.language
                yield _file(translation, names[key], terms(*pair))


class _Terms:
    """What the glossary says of a text, for who translates it."""

    def __init__(self, source_language: str, target_language: str) -> None:
        self.source, self.target = terminology.live(source_language), terminology.live(target_language)

    def of(self, unit: Unit) -> list[Hint]:
        found = self.source.terms(richtext.plain_text(unit.source) if unit.is_rich else unit.source)
        return [
            Hint(self.source.preferred[term], (name,) if (name := self.target.preferred.get(term)) else (), about)
            for term in found[:MAX_HINTS]
            for about in [self.source.definitions[term].definition or ""]
        ]


def _file(translation: Translation, name: str, terms: _Terms) -> File:
    entries = [_entry(unit, terms) for unit in translation.units.all()]
    return File(name, translation.source_language, translation.language, entries, translation.title)


def _entry(unit: Unit, terms: _Terms) -> Entry:
    is_open = unit.is_outdated or unit.is_returned or not unit.target
    state = "initial" if is_open else unit.state
    rows, notes = [], []
    if unit.is_rich or unit.is_outdated:
        # A row that is done keeps its state in a text that is not.
        done = "initial" if unit.is_returned else unit.state
        rows = [
            FileRow(row.source, row.target, done if row.step is Step.DONE else "initial")
            for row in unit.rows
            if row.source
        ]
        for row in unit.rows:
            if row.step is Step.CHANGED:
                before = richtext.plain_text(row.before) if unit.is_rich else row.before
                notes.append(_("The source was, when this was translated: %(text)s") % {"text": before})
    if "".join(row.source for row in rows) != unit.source:
        rows = []
    notes += [f"{comment.by}: {comment.text}" for comment in unit.comments.all()]
    return Entry(unit.key, unit.source, unit.target, unit.is_rich, state, notes, terms.of(unit), rows=rows)
