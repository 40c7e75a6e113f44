"""Translations in from files for translators: all or nothing, nothing overwritten.

A text of a file finds its own by document, language and id. What a translator wrote over the source as it is now
becomes the draft's; over another source it is kept beside the text as a suggestion; and where the draft has got another
translation since, the report says so and the draft stays. What comes in is translated, never approved: approving is for
reviewers here.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from modeltranslation.utils import build_localized_fieldname

from glossary.faults import Faults, Place, refuse
from publishing import richtext, workflow
from translations import acts, inline
from translations.models import Translation, Unit

from . import interchange, originals
from .interchange import BATCH, Entry, File, Track

SHOWN = 2_000  # characters of what is not taken
ORIGIN = "import"
"""Whose a suggestion is that came in a file."""


@dataclass
class Change:
    """What an import does to one text."""

    unit: Unit
    """As it was when the file was looked at."""
    text: str
    place: Place


@dataclass
class Left:
    """A text that the file has translated and that is not taken, and why."""

    work: "Work"
    unit: Unit
    text: str
    place: Place
    reason: str

    @property
    def key(self) -> str:
        return self.unit.key

    @property
    def translation(self) -> Translation:
        return self.work.translation

    def __str__(self) -> str:
        return f"{self.place}: {self.work.document}, {self.key}: {self.reason}"


@dataclass
class Work:
    """What an import does to one translation."""

    translation: Translation
    document: str
    written: list[Change] = field(default_factory=list)
    suggested: list[Change] = field(default_factory=list)
    """Over a source that is not that any more."""
    confirmed: list[Change] = field(default_factory=list)
    """The words stay; the translator says that they hold for the source as it is now."""

    @property
    def changes(self) -> list[Change]:
        return [*self.written, *self.suggested, *self.confirmed]


ACTS = {
    "written": pgettext_lazy("text of an import", "translated"),
    "suggested": pgettext_lazy("text of an import", "kept as a suggestion"),
    "confirmed": pgettext_lazy("text of an import", "confirmed"),
}
"""What happens to the texts of a `Work`."""


@dataclass
class Plan:
    """What an import will do. Nothing is done yet."""

    works: list[Work]
    left: list[Left]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        return {
            "written": sum(len(work.written) for work in self.works),
            "suggested": sum(len(work.suggested) for work in self.works),
            "confirmed": sum(len(work.confirmed) for work in self.works),
            "left": len(self.left),
            "unchanged": self.unchanged,
        }

    def __str__(self) -> str:
        return _(
            "Texts: %(written)d translated, %(confirmed)d confirmed, %(suggested)d kept as suggestions, "
            "%(left)d not taken, %(unchanged)d as they were."
        ) % (self.counts)

    @property
    def fingerprint(self) -> str:
        """Another one when any of these texts, or its translation, has changed in the meantime."""
        state = [(change.unit.pk, change.unit.digest) for work in self.works for change in work.changes]
        return hashlib.sha256(repr(state).encode()).hexdigest()


def report(done: Plan) -> Iterator[str]:
    """What it comes to, a line for each text."""
    for work in done.works:
        for name, said in ACTS.items():
            for change in getattr(work, name):
                yield f"{change.place}: {work.document}, {change.unit.key}: {said}"
    yield from (str(one) for one in done.left)
    yield str(done)


def plan(found: Sequence[File], user: Any, track: Track = iter) -> Plan:
    """Compares files with the drafts; `Refused` if anything in them is not as it must be.

    `user`: who answers for it; None where it is only looked at.
    """
    faults = Faults()
    done = Plan([], [], 0)
    known = originals.documents(file.original for file in found)
    batches = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
    for batch in track(batches):
        translations = _translations(batch, known)
        for file in batch:
            translation = translations.get((file.original, file.target_language))
            if reason := _refuse_file(file, translation, file.original in known, user):
                faults.add(reason, file.place)
            elif translation is not None:
                _compare(file, translation, done, faults)
    faults.raise_any()
    return done


def _translations(
    batch: Sequence[File], known: dict[str, tuple[ContentType, int]]
) -> dict[tuple[str, str], Translation]:
    names = {(kind.pk, key): name for name, (kind, key) in known.items()}
    wanted = {known[file.original] for file in batch if file.original in known}
    there = Translation.objects.filter(object_id__in={key for _kind, key in wanted}).prefetch_related("units")
    return {
        (names[one.content_type_id, one.object_id], one.language): one
        for one in there
        if (one.content_type_id, one.object_id) in names
    }


def _refuse_file(file: File, translation: Translation | None, is_known: bool, user: Any) -> str:
    names = {"name": file.original[:200], "source": file.source_language, "target": file.target_language}
    if not is_known:
        return _("There is no document “%(name)s”.") % names
    if translation is None:
        return _("“%(name)s” is not translated to %(target)s.") % names
    if translation.source_language != file.source_language:
        return _("“%(name)s” is not written in %(source)s.") % names
    if user is not None and not acts.may_write(user, translation):
        return _("You may not write this language.")
    return ""


def _compare(file: File, translation: Translation, done: Plan, faults: Faults) -> None:
    work = Work(translation, file.original)
    units = {unit.key: unit for unit in translation.units.all()}
    for entry in file.entries:
        unit = units.get(entry.id)
        if unit is None:
            reason = _("“%(name)s” has no text “%(id)s”. Remove it here, or export the document once more.")
            faults.add(reason % {"name": file.original, "id": entry.id[:120]}, entry.place)
            continue
        if not _take(entry, unit, work, done.left, faults):
            done.unchanged += 1
    if work.changes:
        done.works.append(work)


def _take(entry: Entry, unit: Unit, work: Work, left: list[Left], faults: Faults) -> bool:
    """Whether the file says anything of this text that is not so already."""
    is_source = entry.checksum == interchange.digest(unit.source)
    if not entry.target:
        return False
    if not entry.is_touched:
        # Said to be done, in the words that were there.
        holds = is_source and unit.is_outdated and entry.state != "initial" and not entry.is_partial
        if holds and entry.target == unit.target:
            work.confirmed.append(Change(unit, unit.target, entry.target_place))
        return holds and entry.target == unit.target
    if entry.is_partial:
        reason = _("not translated to its end; send it again when it is")
        left.append(Left(work, unit, entry.target[:SHOWN], entry.target_place, reason))
        return True
    text = _text(entry, unit, work.translation, faults)
    if text in (None, unit.target):
        return False
    if not is_source:
        if text == unit.suggestion:
            return False
        work.suggested.append(Change(unit, text, entry.target_place))
    elif _is_as_exported(entry, unit):
        work.written.append(Change(unit, text, entry.target_place))
    else:
        reason = _("the draft has got another translation since this file was made, and keeps it")
        left.append(Left(work, unit, text, entry.target_place, reason))
    return True


def _is_as_exported(entry: Entry, unit: Unit) -> bool:
    if entry.target_checksum is None:
        return not unit.target
    return entry.target_checksum == interchange.digest(unit.target)


def _text(entry: Entry, unit: Unit, translation: Translation, faults: Faults) -> str | None:
    """The translation as a draft would store it; None after noting what is wrong with it."""
    place = entry.target_place
    if len(entry.target) > interchange.MAX_TEXT:
        reason = _("The translation has more than %(limit)d characters. Shorten it.")
        faults.add(reason % {"limit": interchange.MAX_TEXT}, place)
        return None
    text = entry.target
    if unit.is_rich:
        text = richtext.clean(entry.target)
        found = inline.codes(entry.target)
        if found != inline.codes(entry.source) and not (unit.target and found == inline.codes(unit.target)):
            faults.add(_wrong_codes(entry), place)
            return None
        if (inline.codes(text), inline.words(text)) != (found, inline.words(entry.target)):
            faults.add(_("This is no rich text as it is stored here. Keep the tags as they are in the source."), place)
            return None
        # A link that the translation has already leads where it leads.
        text = inline.into(text, translation.language, except_for=set(inline.tags(unit.target)))
    else:
        text = richtext.clean_text(entry.target)
    if reason := _refuse_value(unit, translation, text):
        faults.add(reason, place)
        return None
    return text


def _wrong_codes(entry: Entry) -> str:
    own, theirs = inline.codes(entry.source), inline.codes(entry.target)
    said = []
    if missing := own - theirs:
        said.append(_("Missing from the translation: %(tags)s.") % {"tags": " ".join(missing.elements())[:300]})
    if too_many := theirs - own:
        said.append(_("Not, or not so often, in the source: %(tags)s.") % {"tags": " ".join(too_many.elements())[:300]})
    return " ".join(said)


def _refuse_value(unit: Unit, translation: Translation, text: str) -> str:
    """Why the draft's own field would not take it; "" if it would."""
    model: Any = translation.model
    name = unit.key
    if "." in unit.key:
        rows, _key, name = unit.key.split(".", 2)
        model = model._meta.get_field(rows).related_model
    column = model._meta.get_field(build_localized_fieldname(name, translation.language))
    try:
        column.run_validators(text)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def carry_out(done: Plan, user: Any, comment: str, track: Track = iter) -> None:
    """Does it in one transaction, as versions by that user, or raises `Refused` and does nothing."""
    with transaction.atomic():
        for work in track(done.works):
            try:
                _carry_out(work, user, comment)
            except acts.Stale as stale:
                reason = _(
                    "“%(name)s” was changed by somebody else just now. Nothing was imported; look at the report again."
                )
                raise refuse(reason % {"name": work.document}) from stale
            except workflow.Refused as refused:
                raise refuse(f"{work.document}: {refused}") from refused


def _carry_out(work: Work, user: Any, comment: str) -> None:
    own = [*work.written, *work.confirmed]
    acts.write(
        work.translation,
        {change.unit.key: (change.unit.source, change.text) for change in own},
        by=user,
        over={change.unit.key: change.unit.target for change in own},
        accepted={change.unit.key for change in work.confirmed},
        comment=comment,
    )
    for change in work.suggested:
        same = Unit.objects.filter(pk=change.unit.pk, source=change.unit.source, target=change.unit.target)
        if not same.update(suggestion=change.text, suggested_by=ORIGIN):
            raise acts.Stale(None, None)
