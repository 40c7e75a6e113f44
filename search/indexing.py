"""What the index holds of which editions, and how it follows publication, in the same transaction.

Editions are in it that are live or scheduled; which of them may be read is asked when somebody searches. A document
comes under all names, in both languages, of the terms that it speaks of: so it is written anew when one of these terms
is published under other names or withdrawn, and when it is found to mention other terms: a few at once, and if there
are more, all others as soon as that is done, by a thread of the site (`begin`).
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from glossary import mentions
from glossary.models import Term
from glossary.terminology import Word, words_of
from publishing import richtext, signals, snapshot
from publishing.models import Edition, EditionQuerySet, Link

from . import text
from .engines import INDEX, Columns, engine
from .models import Entry, Phrase

logger = logging.getLogger(__name__)

MESSAGES = {"summary", "misconception", "fact", "definition", "introduction"}
"""The parts that say a document in short."""
AT_ONCE = 200
FEW = 50
"""So many texts are written anew within the publication of a term that they speak of."""
PAUSES = (1, 5, 20, 0)
"""Seconds until what failed is tried again."""
HEADINGS = {"heading", "aspect", "caption"}
NOT_OWN = {"citation", "claim"}
"""Other people's titles."""
_HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)


def indexable() -> EditionQuerySet:
    return Edition.objects.not_over(timezone.now())


# What is written ------------------------------------------------------------------------------------------------------


@transaction.atomic
def write(editions: Iterable[Edition]) -> None:
    mentions.lock()
    _write(editions)


def _write(editions: Iterable[Edition]) -> None:
    """To be called, as `_remove`, under the lock."""
    editions = sorted(editions, key=lambda edition: edition.pk)
    keys = [edition.pk for edition in editions]
    words = _names(editions)
    rows: list[tuple[int, Columns]] = []
    entries: list[Entry] = []
    phrases: list[Phrase] = []
    for edition in editions:
        own, mentioned = words.own(edition), words.mentioned(edition)
        phrases += _phrases(edition, own)
        parts = text_of(edition, own, mentioned)
        rows.append((edition.pk, text.columns(parts)))
        # Of the edition itself alone: a word that is offered to readers is one that they may read.
        names = (word.text for word in _own_names(edition) if not word.is_unwanted)
        own_words = text.words(parts.title, parts.message, parts.headings, *names)
        entries.append(Entry(edition=edition, words=" ".join(sorted(own_words))))
    engine().write(rows)
    Entry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["edition"], update_fields=["words", "written_at", "is_stale"]
    )
    Phrase.objects.filter(edition__in=keys).delete()
    Phrase.objects.bulk_create(phrases, batch_size=500)


@transaction.atomic
def remove(keys: Iterable[int]) -> None:
    mentions.lock()
    _remove(list(keys))


def _remove(keys: list[int]) -> None:
    if not keys:
        return
    engine().remove(keys)
    Entry.objects.filter(edition__in=keys).delete()
    Phrase.objects.filter(edition__in=keys).delete()


def text_of(edition: Edition, own: Iterable[Word] = (), mentioned: Iterable[Word] = ()) -> text.Text:
    parts: dict[str, list[str]] = defaultdict(list)
    for key, value, is_rich in snapshot.texts(edition.model, edition.content):
        name = key.rpartition(".")[2]
        if is_rich:
            parts["headings"] += [richtext.plain_text(match[2]) for match in _HEADING.finditer(value)]
            parts["body"].append(richtext.plain_text(_HEADING.sub("\n", value)))
        elif name in MESSAGES:
            parts["message"].append(value)
        elif name in HEADINGS:
            parts["headings"].append(value)
        elif key != edition.model.snapshot.title and name not in NOT_OWN:
            parts["body"].append(value)
    return text.Text(
        title=edition.title,
        **{name: "\n".join(values) for name, values in parts.items()},
        names=list(dict.fromkeys(word.text for word in own)),
        mentioned=list(dict.fromkeys(word.text for word in mentioned)),
        readings=[edition.content["pinyin"]] if edition.content.get("pinyin") else [],
    )


class _Names:
    """All names of some terms, in both languages, and which of them editions are called or speak of."""

    def __init__(self, by_term: dict[int, list[Word]], terms: dict[int, list[int]]) -> None:
        self._by_term, self._terms = by_term, terms
        self._kind = ContentType.objects.get_for_model(Term).pk

    def own(self, edition: Edition) -> list[Word]:
        return self._by_term[edition.object_id] if edition.content_type_id == self._kind else []

    def mentioned(self, edition: Edition) -> list[Word]:
        return [word for term in self._terms[edition.pk] for word in self._by_term[term]]


def _names(editions: list[Edition]) -> _Names:
    links = Link.objects.filter(edition__in=[each.pk for each in editions], relation=mentions.RELATION)
    terms: dict[int, list[int]] = defaultdict(list)
    for key, term in links.order_by("position").values_list("edition", "target_id"):
        terms[key].append(term)
    wanted = {term for named in terms.values() for term in named}
    wanted |= {edition.object_id for edition in editions if edition.model is Term}
    by_term: dict[int, list[Word]] = defaultdict(list)
    for each in indexable().of_kind(Term).filter(object_id__in=wanted).order_by("language", "number"):
        by_term[each.object_id] += words_of(each.object_id, each.content)
    return _Names(by_term, terms)


def _own_names(edition: Edition) -> Iterator[Word]:
    """Of a term, its names in the edition's language."""
    if edition.model is Term:
        yield from words_of(edition.object_id, edition.content)


def _phrases(edition: Edition, own: Iterable[Word]) -> Iterator[Phrase]:
    """A term by its names; those of the other language and those that should not be used are recognised only."""
    if not own:
        yield phrase(edition, edition.title)
        return
    reading = edition.content["pinyin"] or ""
    shown = {word.text for word in _own_names(edition) if not word.is_unwanted}
    proper = {token for word in own if not word.status for token in text.tokens(word.text)}
    for name in dict.fromkeys(word.text for word in own):
        yield phrase(
            edition,
            name,
            reading if name == edition.title else "",
            is_name=True,
            is_shown=name in shown,
            is_everyday=proper.isdisjoint(text.tokens(name)),
        )


def phrase(edition: Edition, name: str, reading: str = "", **how: bool) -> Phrase:
    sound, initials = text.sound(name, reading)
    return Phrase(
        edition=edition,
        language=edition.language,
        text=name,
        folded=" ".join(text.runs(name))[:300],
        key=text.key(name)[:300],
        sound=sound[:200],
        initials=initials[:60],
        **how,
    )


# When -----------------------------------------------------------------------------------------------------------------


def follow(sender: Any, edition: Edition, **kwargs: Any) -> None:
    """A document's own editions, in all languages; and what speaks of a term that has other names now."""
    mentions.lock()
    own = Edition.objects.filter(content_type_id=edition.content_type_id, object_id=edition.object_id)
    names = Phrase.objects.filter(edition__in=own).values_list("text", flat=True)  # of a term, in both languages
    before = set(names)
    wanted = list(own.not_over(timezone.now()))
    over = Entry.objects.filter(edition__in=own).exclude(edition__in=wanted)
    _remove(list(over.values_list("edition", flat=True)))
    _write(wanted)
    if sender is Term:
        if before != set(names.all()):
            # `mentions` has listened before: the links are those of the term's present names.
            mark(indexable().pointing_to(edition, mentions.RELATION).values("pk"))
        if refresh(FEW):
            transaction.on_commit(begin)


def follow_mentions(sender: Any, editions: list[int], **kwargs: Any) -> None:
    mark(editions)


def mark(editions: Any) -> None:
    """Notes that texts are in the index under the names of a time that is over."""
    Entry.objects.filter(edition__in=editions).update(is_stale=True)


@transaction.atomic
def refresh(most: int) -> bool:
    """Writes texts anew that are marked, so many at most; whether there are more."""
    mentions.lock()
    keys = list(Entry.objects.filter(is_stale=True).order_by("pk").values_list("pk", flat=True)[: most + 1])
    if keys:
        _write(Edition.objects.filter(pk__in=keys[:most]))
    return len(keys) > most


# The rest, after the publication: no editor waits for it, and nobody waits long for an editor.
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="index")


def begin() -> None:
    """Lets the marked texts be written anew. Also called when the site starts: a process may have ended halfway."""
    _worker.submit(_refresh_in_thread)


def _refresh_in_thread() -> None:
    try:
        _refresh_until_done()
    finally:
        connections.close_all()


def _refresh_until_done() -> None:
    for pause in PAUSES:
        try:
            while refresh(AT_ONCE):
                pass
            return
        except DatabaseError:
            logger.exception("The search index could not be brought up to date.")
            time.sleep(pause)


def catch_up(using: str = "default", **kwargs: Any) -> None:
    """Receiver of `post_migrate`: indexes what was published before there was an index."""
    there = connections[using].introspection.table_names()
    if {Entry._meta.db_table, Link._meta.db_table, INDEX} - set(there):
        return  # one app's migrations alone, or backwards
    missing = list(indexable().exclude(pk__in=Entry.objects.values("pk")).values_list("pk", flat=True))
    for batch in batches(missing):
        write(Edition.objects.filter(pk__in=batch))


def batches(keys: list[int]) -> Iterator[list[int]]:
    """So many at once that nobody who publishes meanwhile waits for long."""
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def connect() -> None:
    signals.edition_published.connect(follow, dispatch_uid="search.indexing.published")
    signals.edition_withdrawn.connect(follow, dispatch_uid="search.indexing.withdrawn")
    mentions.mentions_changed.connect(follow_mentions, dispatch_uid="search.indexing.mentions")
