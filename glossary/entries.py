"""A term as an exchange file holds it: plain data, whatever the format. Imports no model and runs no query."""

import re
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from publishing import richtext

from .faults import Faults, Place

TAGS = {"zh-hans": "zh-Hans", "en": "en"}
"""The languages of the site, and how a file names them (BCP 47)."""

CHINESE = re.compile(r"(?:zh|cmn)(?:-hans)?(?:-(?:cn|sg|my))?", re.IGNORECASE)
TRADITIONAL = re.compile(r"(?:zh|cmn)-(?:hant\b.*|tw|hk|mo)", re.IGNORECASE)
ENGLISH = re.compile(r"en(?:-[a-z]{2})?", re.IGNORECASE)

MAX_ENTRIES = 50_000
MAX_EXPLANATION = 100_000


def column(name: str, language: str) -> str:
    """The field of the term that holds one language of a text, as the model calls it."""
    return f"{name}_{language.replace('-', '_')}"


SHARED = ("source_language", "category", "abbreviation", "pinyin")
TRANSLATED = ("name", "definition", "explanation")
FIELDS = (*SHARED, *(column(name, language) for name in TRANSLATED for language in TAGS))


def plain(text: str) -> str:
    """Plain text as it is compared and exchanged: what cannot be stored taken out, on one line, no space around it."""
    return re.sub(r"[ \t]*\n\s*", " ", richtext.clean_text(text))


@dataclass(frozen=True)
class OtherName:
    language: str
    text: str
    status: str = "admitted"
    usage: str = "everywhere"
    note: str = ""
    place: Place = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", plain(self.text))
        object.__setattr__(self, "note", plain(self.note))


@dataclass(frozen=True)
class ContextWord:
    language: str
    kind: str
    text: str
    place: Place = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", plain(self.text))


@dataclass
class Entry:
    """All of a term that is exchanged. Its next review is not: that is between the draft and its clinicians."""

    slug: str
    fields: dict[str, str] = field(default_factory=dict)
    names: list[OtherName] = field(default_factory=list)
    contexts: list[ContextWord] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    place: Place = field(default=None, compare=False, repr=False)
    places: dict[str, Place] = field(default_factory=dict, compare=False, repr=False)
    """Where each field stands, and each relation as `see_also.slug`."""

    def __post_init__(self) -> None:
        self.fields = {
            name: (richtext.clean if name.startswith("explanation") else plain)(self.fields.get(name) or "")
            for name in FIELDS
        }
        # In the order of the languages, as a file has them; the sort is stable.
        order = list(TAGS)
        self.names.sort(key=lambda name: order.index(name.language))
        self.contexts.sort(key=lambda context: order.index(context.language))
        self.see_also = sorted(set(self.see_also))

    def text(self, name: str, language: str) -> str:
        return self.fields[column(name, language)]

    def place_of(self, key: str) -> Place:
        return self.places.get(key) or self.place

    def says_the_same_as(self, other: "Entry") -> bool:
        """Whatever the order of the names: a draft only ever adds at the end."""
        return (
            self.slug == other.slug
            and self.fields == other.fields
            and self.see_also == other.see_also
            and Counter(self.names) == Counter(other.names)
            and Counter(self.contexts) == Counter(other.contexts)
        )


@dataclass
class Reading:
    """What a file says, and what in it there is no place for here, by kind and how often."""

    entries: list[Entry]
    left_out: dict[str, int] = field(default_factory=dict)


def language_of(tag: str) -> str:
    """The language of the site that a language tag means; `ValueError`, in words, for one that it has not."""
    if CHINESE.fullmatch(tag):
        return "zh-hans"
    if ENGLISH.fullmatch(tag):
        return "en"
    if TRADITIONAL.fullmatch(tag):
        raise ValueError(
            _("“%(tag)s” is Chinese in traditional characters. Convert it to simplified ones and mark it zh-Hans.")
            % {"tag": tag}
        )
    raise ValueError(_("The language “%(tag)s” is not one of ours. Use zh-Hans or en.") % {"tag": tag})


def refuse_doubles(entries: list[Entry], faults: Faults) -> None:
    """Two entries of one address would overwrite each other."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.slug in first:
            names = {"slug": entry.slug, "place": first[entry.slug].place}
            faults.add(_("“%(slug)s” is there already, in %(place)s. Keep one of them.") % names, entry.place)
        first.setdefault(entry.slug, entry)
