"""The glossary out to a file and in from one, whatever the format: entries to drafts and back, all or nothing.

A term that is in the file becomes what the file says, with all its names and contexts; one that is not stays as it is.
Only drafts change: what patients read does not, until people submit, sign and publish.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

import reversion
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from publishing import richtext
from publishing.models import Conflict

from . import spreadsheet, tbx
from .entries import FIELDS, MAX_EXPLANATION, TAGS, ContextWord, Entry, OtherName, Reading, plain
from .faults import Faults, refuse
from .models import Context, ContextKind, Name, NameStatus, Term, Usage

M = TypeVar("M", Name, Context)
FORMATS: dict[str, Any] = {"tbx": tbx, "xlsx": spreadsheet}
LANGUAGE_NAMES = dict(settings.LANGUAGES)
BATCH = 500
NAME_VALUES = ("status", "usage", "note")
Track = Callable[[list["Change"]], Iterable["Change"]]


def write(kind: str, out: IO[bytes]) -> int:
    """All drafts into a file of that kind; how many."""
    found = list(entries())
    FORMATS[kind].write(found, out)
    return len(found)


def read(file: IO[bytes]) -> Reading:
    """What a file says, of either kind: its first bytes tell which."""
    start = file.read(4)
    file.seek(0)
    reader = spreadsheet if start.startswith(spreadsheet.SIGNATURES) else tbx
    return reader.read(file)


# Out ------------------------------------------------------------------------------------------------------------------


def entries() -> Iterator[Entry]:
    """All terms as their drafts stand, by address."""
    drafts = _Drafts()
    for slug in sorted(drafts.terms):
        yield drafts.entry(slug)


class _Drafts:
    """Every term with what belongs to it, in four queries."""

    def __init__(self) -> None:
        self.terms = {term.slug: term for term in Term.objects.all()}
        self.names: dict[int, list[Name]] = defaultdict(list)
        for name in Name.objects.all():
            self.names[name.term_id].append(name)
        self.contexts: dict[int, list[Context]] = defaultdict(list)
        for context in Context.objects.all():
            self.contexts[context.term_id].append(context)
        self.see_also: dict[int, list[str]] = defaultdict(list)
        for key, slug in Term.see_also.through._default_manager.values_list("from_term_id", "to_term__slug"):
            self.see_also[key].append(slug)

    def entry(self, slug: str) -> Entry:
        term = self.terms[slug]
        return Entry(
            slug,
            {name: getattr(term, name) for name in FIELDS},
            [OtherName(row.language, row.text, row.status, row.usage, row.note) for row in self.names[term.pk]],
            [ContextWord(row.language, row.kind, row.text) for row in self.contexts[term.pk]],
            self.see_also[term.pk],
        )


# In -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One thing that changes in a draft; "" before for what is new, after for what goes."""

    label: str
    before: str
    after: str


@dataclass
class Change:
    entry: Entry
    term: Term
    is_new: bool
    differences: list[Difference]
    names: list[Name] = field(default_factory=list)
    """The draft's rows as they are; none where the term is new."""
    contexts: list[Context] = field(default_factory=list)


@dataclass
class Plan:
    """What an import will do. Nothing is done yet."""

    changes: list[Change]
    unchanged: int
    left_out: dict[str, int]

    @property
    def new(self) -> list[Change]:
        return [change for change in self.changes if change.is_new]

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if not change.is_new]

    def __str__(self) -> str:
        if self.changes:
            counts = {"new": len(self.new), "changed": len(self.changed), "unchanged": self.unchanged}
            said = _("Terms: %(new)d new, %(changed)d changed, %(unchanged)d as they were.") % counts
        else:
            said = _("Nothing changes: the glossary says already what the file says (terms: %(count)d).")
            said %= {"count": self.unchanged}
        if self.left_out:
            found = ", ".join(f"{name} × {count}" for name, count in sorted(self.left_out.items()))
            said += " " + _("Left out, because there is no place for it here: %(found)s.") % {"found": found}
        return said

    @property
    def fingerprint(self) -> str:
        """Another one when any of these drafts was made, saved or deleted in the meantime."""
        state = [(change.entry.slug, change.term.pk, change.term.version) for change in self.changes]
        return hashlib.sha256(repr(state).encode()).hexdigest()


def plan(reading: Reading) -> Plan:
    """Compares a file with the drafts; `Refused` if anything in what it would change is not as it must be."""
    drafts = _Drafts()
    known = {*drafts.terms, *(entry.slug for entry in reading.entries)}
    faults = Faults()
    changes = []
    for entry in reading.entries:
        old = drafts.entry(entry.slug) if entry.slug in drafts.terms else None
        if old and entry.says_the_same_as(old):
            continue  # also where the draft has a fault of its own: nothing is made worse
        term = drafts.terms.get(entry.slug) or Term(slug=entry.slug)
        for name in FIELDS:
            text = entry.fields[name]
            setattr(term, name, None if not text and Term._meta.get_field(name).null else text)
        if _check(entry, term, known, faults):
            differences = _differences(old, entry) if old else []
            rows = drafts.names[term.pk], drafts.contexts[term.pk]
            changes.append(Change(entry, term, old is None, differences, *rows))
    faults.raise_any()
    return Plan(changes, len(reading.entries) - len(changes), reading.left_out)


def carry_out(plan: Plan, user: Any, comment: str, track: Track = iter) -> None:
    """Saves the drafts in one transaction, as versions by that user, or raises `Refused` and saves none."""
    names: list[Name] = []
    contexts: list[Context] = []
    try:
        with transaction.atomic():
            for change in track(plan.changes):
                term = change.term
                term.save()
                names += _save_rows(change.names, [_name(term, name) for name in change.entry.names], NAME_VALUES)
                contexts += _save_rows(change.contexts, [_context(term, c) for c in change.entry.contexts], ("kind",))
            Name._default_manager.bulk_create(names, batch_size=BATCH)
            Context._default_manager.bulk_create(contexts, batch_size=BATCH)
            _link(plan.changes)
            _record(plan.changes, user, comment)
    except Conflict as conflict:
        reason = _("“%(slug)s” was saved by somebody else just now. Nothing was imported; look at the report again.")
        raise refuse(reason % {"slug": conflict.args[0].slug}) from conflict
    except IntegrityError as error:
        reason = _("Somebody else changed the glossary just now. Nothing was imported; look at the report again.")
        raise refuse(reason) from error


def _save_rows(saved: list[M], wanted: list[M], values: tuple[str, ...]) -> Iterable[M]:
    """Makes the rows of a draft those of the file, and returns those that are still to be made.

    A row that stays keeps its key, by which editions know it.
    """
    by_name = {_key(row): row for row in wanted}
    for row in saved:
        match = by_name.pop(_key(row), None)
        if match is None:
            row.delete()
        elif any(plain(getattr(row, value)) != getattr(match, value) for value in values):
            for value in values:
                setattr(row, value, getattr(match, value))
            row.save()
    return by_name.values()


def _key(row: Name | Context) -> tuple[str, str]:
    return row.language, plain(row.text)


def _link(changes: list[Change]) -> None:
    """After all of them are there, since they point at each other."""
    keys = dict(Term.objects.values_list("slug", "pk"))
    through = Term.see_also.through._default_manager
    links = []
    for change in changes:
        if not change.is_new:
            through.filter(from_term_id=change.term.pk).delete()
        for slug in change.entry.see_also:
            if slug not in keys:
                raise IntegrityError  # a term that was there when the file was looked at
            links.append(through.model(from_term_id=change.term.pk, to_term_id=keys[slug]))
    through.bulk_create(links, batch_size=BATCH)


def _record(changes: list[Change], user: Any, comment: str) -> None:
    """A version of each with its names and contexts. Not all in one revision: it copies itself at every addition."""
    for start in range(0, len(changes), BATCH):
        keys = [change.term.pk for change in changes[start : start + BATCH]]
        with reversion.create_revision(manage_manually=True, atomic=False):
            reversion.set_user(user)
            reversion.set_comment(comment)
            for term in Term.objects.filter(pk__in=keys).prefetch_related("names", "contexts", "see_also"):
                reversion.add_to_revision(term)


def _name(term: Term, name: OtherName) -> Name:
    return Name(term=term, language=name.language, text=name.text, status=name.status, usage=name.usage, note=name.note)


def _context(term: Term, context: ContextWord) -> Context:
    return Context(term=term, language=context.language, kind=context.kind, text=context.text)


# What is refused ------------------------------------------------------------------------------------------------------


def _check(entry: Entry, term: Term, known: set[str], faults: Faults) -> bool:
    """Whether the entry is as the models and the glossary want it; what is not goes to the faults."""
    before = len(faults.found)
    if entry.fields["source_language"] not in TAGS:
        faults.add(_("The source language is missing. Use zh-Hans or en."), entry.place_of("source_language"))
        return False
    # Without looking for doubles in the database: the address is the key, and the names are compared here.
    for name, reason in _invalid(term):
        faults.add(reason, entry.place_of(name))
    for language_field in ("explanation_zh_hans", "explanation_en"):
        if len(entry.fields[language_field]) > MAX_EXPLANATION:
            reason = _("The longer explanation has more than %(limit)d characters. Shorten it.")
            faults.add(reason % {"limit": MAX_EXPLANATION}, entry.place_of(language_field))
    _check_names(entry, term, faults)
    _check_contexts(entry, term, faults)
    for slug in entry.see_also:
        if slug not in known:
            reason = _("See also: there is no term “%(slug)s”, neither in the file nor in the glossary.")
            faults.add(reason % {"slug": slug}, entry.place_of(f"see_also.{slug}"))
    return len(faults.found) == before


def _check_names(entry: Entry, term: Term, faults: Faults) -> None:
    seen = {(language, entry.text("name", language)) for language in ("zh-hans", "en")}
    for name in entry.names:
        if richtext.is_blank(name.text):
            faults.add(_("The name is empty. Fill it in or remove it."), name.place or entry.place)
        elif (name.language, name.text) in seen:
            reason = _("The name “%(name)s” is there twice in this term. Keep one of them.")
            faults.add(reason % {"name": name.text}, name.place or entry.place)
        seen.add((name.language, name.text))
        for _field, reason in _invalid(_name(term, name), exclude={"term"}):
            if name.text:
                faults.add(reason, name.place or entry.place)


def _check_contexts(entry: Entry, term: Term, faults: Faults) -> None:
    seen = set()
    for context in entry.contexts:
        if (context.language, context.text) in seen:
            reason = _("The context “%(text)s” is there twice in this term. Keep one of them.")
            faults.add(reason % {"text": context.text}, context.place or entry.place)
        seen.add((context.language, context.text))
        for _field, reason in _invalid(_context(term, context), exclude={"term"}):
            faults.add(reason, context.place or entry.place)


def _invalid(instance: models.Model, exclude: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Of what the model's own validation finds: the field, and its label with the reason."""
    try:
        instance.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for name, reasons in error.message_dict.items():
            column: Any = instance._meta if name == "__all__" else instance._meta.get_field(name)
            choices = [str(value) for value, _label in getattr(column, "flatchoices", ()) if value]
            reasons += [_("Use one of %(choices)s.") % {"choices": ", ".join(choices)}] if choices else []
            yield name, _("%(field)s: %(reason)s") % {"field": column.verbose_name, "reason": " ".join(reasons)}


# What changes ---------------------------------------------------------------------------------------------------------


def _differences(old: Entry, new: Entry) -> list[Difference]:
    found = [
        Difference(str(Term._meta.get_field(name).verbose_name), old.fields[name], new.fields[name])  # type: ignore[union-attr]
        for name in FIELDS
        if old.fields[name] != new.fields[name]
    ]
    found += _row_differences(
        _("other name"),
        {(name.language, name.text): _describe_name(name) for name in old.names},
        {(name.language, name.text): _describe_name(name) for name in new.names},
    )
    found += _row_differences(
        _("context"),
        {(row.language, row.text): _describe_context(row) for row in old.contexts},
        {(row.language, row.text): _describe_context(row) for row in new.contexts},
    )
    if old.see_also != new.see_also:
        found.append(Difference(_("see also"), ", ".join(old.see_also), ", ".join(new.see_also)))
    return found


def _row_differences(label: str, old: dict[Any, str], new: dict[Any, str]) -> Iterator[Difference]:
    for key in {**old, **new}:
        before, after = old.get(key, ""), new.get(key, "")
        if before != after:
            yield Difference(label, before, after)


def _describe_name(name: OtherName) -> str:
    said = [LANGUAGE_NAMES[name.language], NameStatus(name.status).label]
    if name.usage != Usage.EVERYWHERE:
        said.append(Usage(name.usage).label)
    return " · ".join([name.text, *(str(word) for word in said), *([name.note] if name.note else [])])


def _describe_context(context: ContextWord) -> str:
    return " · ".join([context.text, str(LANGUAGE_NAMES[context.language]), str(ContextKind(context.kind).label)])
