"""The translation memory: sentences that were translated and approved before, found again exactly or nearly.

Nearly: each process keeps the distinct texts of a language, sorted by length, and rapidfuzz measures them all; so the
best are the best, on either database. What is found is read from the database, so a copy that lags behind can miss
something new for a moment and never shows what is gone. docs/decisions/0018-translation-memory.md has the figures.
"""

import hashlib
import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast, Length, Ln
from django.utils import timezone
from rapidfuzz import process
from rapidfuzz.distance import Indel

from publishing import richtext

from .checks.length import USUAL, Expected
from .checks.pairs import Pair, Text
from .checks.sentences import aligned, split
from .models import Segment
from .tmx import LONGEST, Entry

BATCH = 500
NEAR = 70
"""The least score that is offered: below it, unrelated English sentences begin to appear."""
ENOUGH = 200
"""Segments from which the memory knows how long a translation is."""
SHORTEST = 8
"""Characters of Chinese; shorter ones say nothing about length."""
LEAST_SPREAD = 0.15
"""However alike the segments are, a translator may be wordier than that."""


class Origin(NamedTuple):
    """The unit that a segment came from."""

    content_type_id: int
    object_id: int
    key: str


@dataclass(frozen=True, slots=True)
class Match:
    """A segment that says the text, or nearly. Source and target as they were asked for, whichever way it was made."""

    source: str
    target: str
    score: int
    """100: the same but for white space. 99: but for case, width or form of characters, too. At least NEAR."""
    segment: int
    """Its key, for `used`."""
    origin: Origin | None
    """None where it came with a file."""
    is_reversed: bool
    changed_at: datetime


def normal(text: str) -> str:
    """By which texts are compared: NFKC, without case, one space for any white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def digest(text: str) -> int:
    """40 bits of a text's normal form. Two texts may share it; sums of 8 million of them stay in 64 bits."""
    return int.from_bytes(hashlib.blake2b(normal(text).encode(), digest_size=5).digest())


# In -------------------------------------------------------------------------------------------------------------------


def learn(
    source: str,
    target: str,
    source_language: str,
    target_language: str,
    *,
    is_rich: bool,
    origin: Origin | tuple[int, int, str] | None,
) -> None:
    """Takes up an approved unit, sentence by sentence, in place of all that this unit taught before."""
    pairs = dict(segments(source, target, source_language, target_language, is_rich=is_rich))
    languages = {"source_language": source_language, "target_language": target_language}
    with transaction.atomic():
        if origin is None:
            known = Segment.objects.filter(source_digest__in=[digest(text) for text in pairs], **languages)
            for row in known:
                if pairs.get(row.source) == row.target:
                    del pairs[row.source]
        else:
            origin = Origin(*origin)
            _replace(pairs, _of(origin).select_for_update(), languages)
        Segment.objects.bulk_create(segment(*pair, origin=origin, **languages) for pair in pairs.items())


class Approved(NamedTuple):
    """One text of a document, as it was approved."""

    key: str
    source: str
    target: str
    is_rich: bool


@transaction.atomic
def learn_document(
    content_type_id: int, object_id: int, texts: Iterable[Approved], source_language: str, target_language: str
) -> None:
    """As `learn`, all texts of a document that were approved at once: two queries where nothing was known."""
    texts = list(texts)
    languages = {"source_language": source_language, "target_language": target_language}
    known: dict[str, list[Segment]] = defaultdict(list)
    rows = Segment.objects.filter(content_type_id=content_type_id, object_id=object_id)
    for row in rows.filter(key__in=[text.key for text in texts]).select_for_update():
        known[row.key].append(row)
    made: list[Segment] = []
    for key, source, target, is_rich in texts:
        pairs = dict(segments(source, target, source_language, target_language, is_rich=is_rich))
        _replace(pairs, known[key], languages)
        origin = Origin(content_type_id, object_id, key)
        made += [segment(*pair, origin=origin, **languages) for pair in pairs.items()]
    Segment.objects.bulk_create(made)


def _replace(pairs: dict[str, str], rows: Iterable[Segment], languages: dict[str, str]) -> None:
    """Brings the rows of one unit to what it says now, and leaves in `pairs` what is new."""
    for row in rows:
        words = pairs.pop(row.source, None)
        is_other = (row.source_language, row.target_language) != tuple(languages.values())
        if words is None or is_other:
            row.delete()
            if words is not None:
                pairs[row.source] = words
        elif words != row.target:
            row.target, row.target_digest, row.changed_at = words, digest(words), timezone.now()
            row.save(update_fields=["target", "target_digest", "changed_at"])


def forget(origin: Origin | tuple[int, int, str]) -> None:
    """What a unit has taught, when it is no longer approved or no longer there."""
    _of(Origin(*origin)).delete()


def used(key: int) -> None:
    """Notes that a match was taken."""
    Segment.objects.filter(pk=key).update(used_at=timezone.now())


def segments(
    source: str, target: str, source_language: str, target_language: str, *, is_rich: bool
) -> Iterable[tuple[str, str]]:
    """Sentence by sentence where both texts have as many, else paragraph by paragraph, else the whole."""
    pair = Pair(Text(source, source_language, is_rich), Text(target, target_language, is_rich))
    for chinese, english in aligned(pair):
        ours = richtext.clean_text(pair.chinese.plain[slice(*chinese)])
        theirs = richtext.clean_text(pair.english.plain[slice(*english)])
        if not (richtext.is_blank(ours) or richtext.is_blank(theirs)) and max(len(ours), len(theirs)) <= LONGEST:
            yield (ours, theirs) if pair.source.is_chinese else (theirs, ours)


def segment(
    source: str, target: str, *, source_language: str, target_language: str, origin: Origin | None = None
) -> Segment:
    """Not saved yet."""
    made = Segment(
        source_language=source_language,
        target_language=target_language,
        source=source,
        target=target,
        source_digest=digest(source),
        target_digest=digest(target),
    )
    if origin:
        made.content_type_id, made.object_id, made.key = origin
    return made


def _of(origin: Origin) -> QuerySet[Segment]:
    return Segment.objects.filter(content_type_id=origin.content_type_id, object_id=origin.object_id, key=origin.key)


# Out ------------------------------------------------------------------------------------------------------------------


def best(text: str, source_language: str, target_language: str, limit: int = 5) -> list[Match]:
    """What the memory has for a plain text, the best first; segments of the other direction help as well."""
    wanted = normal(text)
    if not wanted or len(wanted) > LONGEST:
        return []
    found = _read([(wanted, 99)], source_language, target_language, text)
    if len(found) < limit:
        near = _texts(source_language, target_language).near(wanted, limit)
        found += _read(near, source_language, target_language, text)
    found.sort(key=lambda match: (-match.score, -match.changed_at.timestamp(), match.segment))
    return found[:limit]


def best_by_sentence(
    text: str, source_language: str, target_language: str, limit: int = 5, *, is_rich: bool = False
) -> list[tuple[str, list[Match]]]:
    """Each sentence of a text with what the memory has for it: the memory knows sentences, a row is a paragraph."""
    return [
        (sentence, best(sentence, source_language, target_language, limit))
        for sentence in split(Text(text, source_language, is_rich))
    ]


def _read(texts: list[tuple[str, int]], source_language: str, target_language: str, asked: str) -> list[Match]:
    """The segments of normal texts with their scores; of several with the same words, the one changed last."""
    scores = dict(texts)
    digests = [digest(text) for text in scores]
    rows = Segment.objects.filter(
        Q(source_language=source_language, target_language=target_language, source_digest__in=digests)
        | Q(source_language=target_language, target_language=source_language, target_digest__in=digests)
    )
    found: dict[tuple[str, str], Match] = {}
    for row in rows.order_by("changed_at", "pk"):
        is_reversed = row.source_language != source_language
        words = (row.target, row.source) if is_reversed else (row.source, row.target)
        score = scores.get(normal(words[0]))
        if score is not None:  # else it is another text of the same digest
            if words[0].split() == asked.split():
                score = 100
            origin = None
            if row.content_type_id is not None and row.object_id is not None:
                origin = Origin(row.content_type_id, row.object_id, row.key)
            found[words] = Match(*words, score, row.pk, origin, is_reversed, row.changed_at)
    return list(found.values())


class _Texts:
    """The distinct normal texts of one language that have a translation into the other, as one process knows them.

    Known by their digests. Of two texts of one digest it knows one; that happens once in a memory of a million.
    """

    def __init__(self, language: str, other: str) -> None:
        """Texts of the first that are sources or targets of the second."""
        self.sides = [
            (Segment.objects.filter(source_language=language, target_language=other), "source"),
            (Segment.objects.filter(source_language=other, target_language=language), "target"),
        ]
        self.lock = Lock()
        self.seen: list[tuple[int, int]] = [(0, 0), (0, 0)]  # per side: how many segments, sum of their digests
        self.last = 0
        self.known: dict[int, str] = {}
        self.by_length: list[str] = []

    def near(self, wanted: str, limit: int) -> list[tuple[str, int]]:
        """The nearest texts but the wanted one itself, with their scores. 2 * common / lengths, in order of common."""
        with self.lock:
            self.catch_up()
            # Of a text more than so much longer or shorter, even all characters in common are too few.
            shortest = bisect_left(self.by_length, len(wanted) * NEAR / (200 - NEAR), key=len)
            longest = bisect_right(self.by_length, len(wanted) * (200 - NEAR) / NEAR, key=len)
            texts = self.by_length[shortest:longest]
        found = process.extract(
            wanted, texts, scorer=Indel.normalized_similarity, score_cutoff=NEAR / 100, limit=limit + 1
        )
        return [(text, min(int(score * 100 + 1e-9), 98)) for text, score, _place in found if text != wanted][:limit]

    def catch_up(self) -> None:
        """Takes over what this or another process has written since."""
        there = [self._sum(rows, side) for rows, side in self.sides]
        if there == self.seen:
            return
        if there != self._take_newest():
            self._compare()
        self.by_length = sorted(self.known.values(), key=len)
        self.seen = there

    def _sum(self, rows: QuerySet[Segment], side: str) -> tuple[int, int]:
        # Without the model's order, and from an index alone.
        found = rows.order_by().aggregate(count=Count("pk"), sum=Sum(f"{side}_digest"))
        return found["count"], int(found["sum"] or 0)

    def _take_newest(self) -> list[tuple[int, int]]:
        """The usual case, a few new segments; and what would be there if that were all."""
        sums = []
        last = self.last
        for (rows, side), (count, total) in zip(self.sides, self.seen, strict=True):
            fresh = rows.filter(pk__gt=self.last).values_list("pk", f"{side}_digest", side).order_by()
            for key, number, text in fresh.iterator(5_000):
                self._add(number, text)
                count, total, last = count + 1, total + number, max(last, key)
            sums.append((count, total))
        self.last = last
        return sums

    def _compare(self) -> None:
        """Something went, changed, or came with an older key: whoever began first may be done last."""
        there: set[int] = set()
        for rows, side in self.sides:
            digests = set(rows.order_by().values_list(f"{side}_digest", flat=True))
            there |= digests
            missing = list(digests - self.known.keys())
            for start in range(0, len(missing), 500):
                some = rows.filter(**{f"{side}_digest__in": missing[start : start + 500]})
                for number, text in some.order_by().values_list(f"{side}_digest", side):
                    self._add(number, text)
        for number in self.known.keys() - there:
            del self.known[number]

    def _add(self, number: int, text: str) -> None:
        if number not in self.known:
            self.known[number] = normal(text)


_texts = lru_cache(maxsize=None)(_Texts)


# As a file ------------------------------------------------------------------------------------------------------------


class Taken(NamedTuple):
    new: int
    known: int


def entries() -> Iterator[Entry]:
    """All that the memory holds, in the order in which it came; the same translation of the same text once."""
    names = ("source_language", "target_language", "source", "target", "created_at", "changed_at", "used_at")
    seen: set[int] = set()
    for values in Segment.objects.order_by("pk").values_list(*names).iterator(2_000):
        key = hash(values[:4])
        if key not in seen:
            seen.add(key)
            yield Entry(*values)


def take(found: Iterable[Entry], *, is_dry: bool = False) -> Taken:
    """Takes over what the memory does not have yet, all or nothing; dry, it only counts."""
    new = known = 0
    with transaction.atomic():
        for batch in _batches(found):
            there = set(
                Segment.objects.filter(
                    source_language__in={entry.source_language for entry in batch},
                    target_language__in={entry.target_language for entry in batch},
                    source_digest__in=[digest(entry.source) for entry in batch],
                )
                .order_by()
                .values_list("source_language", "target_language", "source", "target")
            )
            made = [
                _taken(entry)
                for entry in batch
                if (entry.source_language, entry.target_language, entry.source, entry.target) not in there
            ]
            new, known = new + len(made), known + len(batch) - len(made)
            if not is_dry:
                Segment.objects.bulk_create(made, batch_size=BATCH)
    return Taken(new, known)


def _batches(found: Iterable[Entry]) -> Iterator[list[Entry]]:
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _taken(entry: Entry) -> Segment:
    made = segment(
        entry.source, entry.target, source_language=entry.source_language, target_language=entry.target_language
    )
    made.created_at = entry.created_at or made.created_at
    made.changed_at = entry.changed_at or made.created_at
    made.used_at = entry.used_at
    return made


# What is usual --------------------------------------------------------------------------------------------------------


def usual_length(source_language: str, target_language: str) -> Expected:
    """Of English for Chinese, whichever is the source, kept for an hour; `USUAL` where the memory holds too little."""
    chinese, english = sorted((source_language, target_language), key=lambda language: not language.startswith("zh"))
    return cache.get_or_set(f"length-{chinese}-{english}", lambda: _measure(chinese, english), 3600) or USUAL


def _measure(chinese: str, english: str) -> Expected:
    count, total, squares = 0, 0.0, 0.0
    for source_language, target_language in ((chinese, english), (english, chinese)):
        sides = ("source", "target") if source_language == chinese else ("target", "source")
        ours, theirs = (Cast(Length(side), FloatField()) for side in sides)
        found = (
            Segment.objects.filter(source_language=source_language, target_language=target_language)
            .annotate(characters=ours, length=Ln(theirs / ours))
            .filter(characters__gte=SHORTEST)
            .order_by()
            .aggregate(count=Count("pk"), total=Sum("length"), squares=Sum(F("length") * F("length")))
        )
        count += found["count"]
        total += found["total"] or 0
        squares += found["squares"] or 0
    if count < ENOUGH:
        return USUAL
    mean = total / count
    return Expected(mean, max(math.sqrt(max(squares / count - mean * mean, 0)), LEAST_SPREAD))
