"""Runs all checks over a text and its translation, and says what they found in the reader's language.

====  =================================================================================
B001  a dose, percentage or telephone number differs
B002  one of the source is missing
B003  one is not in the source
B004  the same number with another unit
B005  the emergency number of another country
B006  the emergency number of the source is missing
W001  a number differs
W002  one of the source is missing
W003  one is not in the source
W004  one text denies where the other does not
W005  one text says more, left, before or above, the other less, right, after or below
W006  the source says to make haste, the translation does not
W007  a term of the source is not named
W008  other headings
W009  other lists
W010  another link
W011  another table
W012  still in the language of the source
W013  partly in the language of the source
W014  traditional characters
W015  full-width letters or figures
W016  punctuation of the other language
W017  a word twice
W018  far longer or shorter than usual
W019  only one of the texts asks
====  =================================================================================

An id keeps its meaning for good. A blocker stands in the way of publication; a warning is for people to weigh.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import (
    direction,
    doubled,
    emergency,
    length,
    markup,
    negation,
    numbers,
    punctuation,
    script,
    terminology,
    untranslated,
)
from .length import Expected
from .pairs import Found, Pair, Span, Text, type_Level
from .terminology import Glossary

_DIFFERS = _("The source says “%(source)s”, the translation “%(target)s”.")
_MISSING = _("“%(source)s” of the source is missing.")
_ADDED = _("“%(target)s” is not in the source.")

MESSAGES: dict[str, str | Promise] = {
    "B001": _DIFFERS,
    "B002": _MISSING,
    "B003": _ADDED,
    "B004": _("The source says “%(source)s”, the translation “%(target)s”: another unit."),
    "B005": _("%(number)s is the emergency number of another place. Here it is %(own)s."),
    "B006": _("The source says to call %(number)s. Say so here too."),
    "W001": _DIFFERS,
    "W002": _MISSING,
    "W003": _ADDED,
    "W004": _("“%(word)s”: does the other text deny the same?"),
    "W005": _("The source says “%(source)s”, the translation “%(target)s”: do they point the same way?"),
    "W006": _("The source says “%(word)s”. Does the translation say to be as quick?"),
    "W007": _("“%(term)s” of the source is not named. It is called “%(right)s”."),
    "W008": _("The headings differ: %(source)s in the source, %(target)s here."),
    "W009": _("The lists differ: %(source)s lists and items in the source, %(target)s here."),
    "W010": _("The link to %(link)s is only in one of the texts."),
    "W011": _("The tables differ: %(source)s parts in the source, %(target)s here."),
    "W012": _("This is still in the language of the source."),
    "W013": _("“%(words)s” is still in the language of the source."),
    "W014": _("“%(wrong)s” is traditional. In simplified characters: “%(right)s”."),
    "W015": _("“%(wrong)s” is full-width. Write “%(right)s”."),
    "W016": _("“%(wrong)s” is punctuation of the other language. Write “%(right)s”."),
    "W017": _("“%(words)s”: is this written twice by mistake?"),
    "W018": _("The translation is far longer or shorter than usual. Is it whole?"),
    "W019": _("Only one of the two texts is a question."),
}


@dataclass(frozen=True)
class Finding:
    id: str
    level: type_Level
    words: dict[str, str]
    source: Span | None
    """Where in the source it is, in characters of the text as it is stored; none for the text as a whole."""
    target: Span | None

    @property
    def message(self) -> str:
        """In the language that is active when it is read."""
        return str(MESSAGES[self.id]) % self.words

    @property
    def is_blocker(self) -> bool:
        return self.level == "blocker"


def check(
    source: Text, target: Text, *, glossary: Glossary | None = None, expected: Expected = length.USUAL
) -> list[Finding]:
    """All findings, blockers first, else in the order of the target; none where there is no translation yet.

    One of the texts is Chinese (zh-hans), the other English. `glossary` adds the check of terms; `expected` is what the
    memory knows of the usual length.
    """
    if not source.plain.strip() or not target.plain.strip():
        return []
    pair = Pair(source, target)
    left = list(untranslated.check(pair))
    found = [*left, *script.check(pair), *markup.check(pair)]
    # Nobody wants to hear number by number that a text has yet to be translated.
    if not any(one.id == "W012" for one in left):
        calls = list(emergency.check(pair))
        found += [
            *calls,
            *_apart_from(calls, numbers.check(pair)),
            *negation.check(pair),
            *direction.check(pair),
            *punctuation.check(pair),
            *doubled.check(pair),
            *length.check(pair, expected),
        ]
        if glossary:
            found += terminology.check(pair, glossary)
    findings = [Finding(one.id, one.level, one.words, one.source, one.target) for one in found]
    return sorted(findings, key=lambda one: (not one.is_blocker, one.target or Span(0, 0), one.id))


def _apart_from(calls: list[Found], found: Iterable[Found]) -> list[Found]:
    """Without what has been said already of the same number."""
    sources = {one.source for one in calls if one.id.startswith("B") and one.source}
    targets = {one.target for one in calls if one.id.startswith("B") and one.target}
    return [one for one in found if one.source not in sources and one.target not in targets]
