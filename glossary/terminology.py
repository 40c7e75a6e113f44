"""The live terms of a language, ready to be found in texts: built once in a process for as long as they stay the same.

Which editions are live is asked each time, by the clock, in one query that reads no text: the sums of their keys change
whenever a term is published, comes of its time, is withdrawn or expires. Editions never change, so whatever was built
of the same ones is still right.
"""

import datetime
import threading
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, F, Max, Sum
from django.utils import timezone

from publishing.models import Edition

from .linking import Definition
from .matching import BREAK, Entry, Match, Matcher
from .models import ContextKind, NameStatus, Term, Usage

UNWANTED = {NameStatus.DEPRECATED, NameStatus.FORBIDDEN}


class Word(NamedTuple):
    """One name of a term, and what the glossary says of it."""

    term: int
    text: str
    status: str = ""
    """One of `NameStatus`; "" for the term's own name and its abbreviation."""
    usage: str = Usage.EVERYWHERE
    note: str = ""
    is_abbreviation: bool = False

    @property
    def is_unwanted(self) -> bool:
        return self.status in UNWANTED


class Terminology:
    """Terms as editions have them, all in one language."""

    def __init__(self, editions: Iterable[Edition], language: str) -> None:
        self.language = language
        self.editions = list(editions)

    @cached_property
    def preferred(self) -> dict[int, str]:
        return {edition.object_id: edition.title for edition in self.editions}

    @cached_property
    def definitions(self) -> dict[int, Definition]:
        """What a page shows of each term."""
        return {
            edition.object_id: Definition(edition.title, edition.content["definition"], edition.get_absolute_url())
            for edition in self.editions
        }

    @cached_property
    def matcher(self) -> Matcher:
        """Finds terms by what readers may be shown.

        Also by names that are only for a patient's mouth: who reads one in a question may well wonder what it means.
        """
        return self._matcher(lambda word: None if word.is_unwanted else word.term)

    @cached_property
    def _word_matcher(self) -> Matcher:
        return self._matcher(lambda word: word)

    def words(self, text: str) -> list[tuple[Match, Word]]:
        """All names in a text, deprecated and forbidden ones too; of those in one place, the longest."""
        return [(match, match.term) for match in self._word_matcher.find(paragraphs(text))]  # type: ignore[misc]

    def terms(self, text: str) -> list[int]:
        """The terms that a text mentions, each once, in the order of their first mention."""
        return list(dict.fromkeys(match.term for match in self.matcher.find(paragraphs(text))))  # type: ignore[misc]

    def present(self, text: str) -> set[int]:
        """The terms that a text mentions, those too that stand within the name of another: pain in cancer pain."""
        folded = text.casefold()
        within = {word.term for word in self._wanted if word.text.casefold() in folded}
        return within | set(self.terms(text))

    @cached_property
    def _wanted(self) -> list[Word]:
        words = (word for edition in self.editions for word in words_of(edition.object_id, edition.content))
        return [word for word in words if not word.is_unwanted]

    def _matcher(self, key: Any) -> Matcher:
        entries = (
            entry(key(word), word, edition.content)
            for edition in self.editions
            for word in words_of(edition.object_id, edition.content)
            if key(word) is not None
        )
        return Matcher(entries, self.language)


def paragraphs(text: str) -> str:
    """With its lines kept apart, character for character: no name reaches across their ends."""
    return text.replace("\n", BREAK)


def words_of(term: int, content: dict[str, Any]) -> Iterator[Word]:
    yield Word(term, content["name"])
    if content["abbreviation"]:
        yield Word(term, content["abbreviation"], is_abbreviation=True)
    for name in content["names"]:
        yield Word(term, name["text"], name["status"], name["usage"], name["note"])


def entry(key: Hashable, word: Word, content: dict[str, Any]) -> Entry:
    """A name with the contexts that tell it from the same characters meaning something else.

    A name that holds one of the words that must be nearby, 封闭针, needs no other beside it, and a forbidden one is
    forbidden wherever it stands.
    """
    contexts: dict[str, list[str]] = {kind: [] for kind in ContextKind.values}
    for context in content["contexts"]:
        contexts[context["kind"]].append(context["text"])
    nearby = contexts[ContextKind.NEARBY]
    if word.is_unwanted or any(text.casefold() in word.text.casefold() for text in nearby):
        nearby = []
    names, abbreviations = ((), (word.text,)) if word.is_abbreviation else ((word.text,), ())
    return Entry(key, names, abbreviations, nearby, contexts[ContextKind.WITHIN])


# Kept by the process --------------------------------------------------------------------------------------------------

_built: dict[str, tuple[Any, Terminology]] = {}
_building = threading.Lock()


def live(language: str, at: datetime.datetime | None = None) -> Terminology:
    editions = Edition.objects.of_kind(Term).live(language, at or timezone.now())
    stamp = stamp_of(editions)
    if (known := _built.get(language)) and known[0] == stamp:
        return known[1]
    with _building:
        if (known := _built.get(language)) and known[0] == stamp:
            return known[1]
        terminology = Terminology(editions, language)
        _built[language] = stamp, terminology
        return terminology


def stamp_of(editions: models.QuerySet[Edition]) -> tuple[Any, ...]:
    """The same for the same editions. The time is there for keys that come again after a transaction was undone."""
    found = editions.order_by().aggregate(
        count=Count("pk"), keys=Sum("pk"), squares=Sum(F("pk") * F("pk")), newest=Max("live_from")
    )
    return tuple(found.values())


def forget() -> None:
    """For tests, whose databases begin anew in the same process."""
    _built.clear()
