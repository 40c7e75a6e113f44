"""Which word was meant, out of the words that live texts have, in either language: names are asked for in both.

Their titles, names, headings and key messages are enough: what is only ever deep in a text is as likely a slip itself.
"""

import threading
from collections import Counter
from typing import Any

from django.db.models import Max
from rapidfuzz import process
from rapidfuzz.distance import OSA

from glossary.terminology import stamp_of
from publishing.models import Edition

from . import text
from .engines import known
from .models import Entry

ONE_SLIP, TWO_SLIPS = 4, 6
"""From how many letters on a word may have one slip in it, or two."""


def corrected(query: str) -> str:
    """The query with the words that no live text has set right; "" where none has to be, or nobody knows how."""
    unknown = _unknown(query)
    if not unknown:
        return ""
    words = vocabulary()
    better = {}
    for word in text.typed_words(query):
        near = nearest(word, words) if word not in words else ""
        # A word that some live text has stays, unless it is only half of one: nerv, whose stem is that of nerve.
        if near and (word in unknown or text.stem(word) == text.stem(near)):
            better[word] = near
    if not any(word in better for word in unknown):
        return ""
    return " ".join(better.get(run, run) for run in text.runs(query))


def _unknown(query: str) -> set[str]:
    words = {word: {text.stem(word), f"~{word}"} for word in list(text.typed_words(query))[: text.MANY]}
    if not words:
        return set()
    whole = f"~{text.typed_sound(query)}"
    there = known({whole, *(token for tokens in words.values() for token in tokens)}, Edition.objects.live())
    if whole in there:  # pinyin with a space after each syllable
        return set()
    return {word for word, tokens in words.items() if tokens.isdisjoint(there)}


def nearest(word: str, words: Counter[str]) -> str:
    """The most frequent of the words with the fewest slips (a letter more, less, another, or two exchanged)."""
    most = 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0
    found = process.extract(word, words.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    # A first letter is seldom mistyped.
    return min(found, key=lambda each: (each[1], each[0][0] != word[0], -words[each[0]], each[0]), default=("",))[0]


# Kept by the process --------------------------------------------------------------------------------------------------

_built: tuple[Any, Counter[str]] | None = None
_building = threading.Lock()


def vocabulary() -> Counter[str]:
    """In how many live texts each word is; built anew when other texts are live, or texts were indexed anew."""
    global _built
    live = Edition.objects.live()
    stamp = stamp_of(live), Entry.objects.aggregate(Max("written_at"))
    with _building:
        if _built is None or _built[0] != stamp:
            there = set(live.values_list("pk", flat=True))
            entries = Entry.objects.values_list("edition", "words")
            _built = stamp, Counter(word for key, words in entries if key in there for word in words.split())
        return _built[1]


def forget() -> None:
    """For tests, whose databases begin anew in the same process."""
    global _built
    _built = None
