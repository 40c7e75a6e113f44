"""What the glossary knows and every document is checked for.

====  ======================================================================================
B001  a forbidden name
B002  a term of the source's title, heading or dose is not in that of the translation (overridable)
W001  an abbreviation that nobody explains
W002  a deprecated name
W003  a name that is only for a patient's mouth
W004  a term of the source is nowhere in the translation
====  ======================================================================================

At most two queries that read no text, where the terms have not changed.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from publishing import richtext, snapshot
from publishing.gate import Finding, Level, Repair, Subject, register, texts
from publishing.models import Document

from . import terminology
from .matching import BREAK, Match
from .models import NameStatus, Usage
from .terminology import Terminology, Word

# Two capitals or more, a figure among them or an s of the plural after them: PCEA, T2, NSAIDs. ASCII, for a Chinese
# character beside it is a letter too.
ABBREVIATION = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]+(?=s?(?![A-Za-z0-9]))")
_ROMAN_NUMBER = re.compile(r"[IVX]+")


@register()
def abbreviations(subject: Subject) -> Iterator[Finding]:
    """One is explained where brackets follow it or hold it, “full name (PCEA)”, or in the glossary as it is live."""
    parts = [(key, richtext.plain_text(text) if is_rich else text) for key, text, is_rich in texts(subject)]
    whole = "\n".join(text for _key, text in parts)
    first: dict[str, str] = {}
    for key, text in parts:
        for abbreviation in ABBREVIATION.findall(text):
            if not _ROMAN_NUMBER.fullmatch(abbreviation) and not is_explained(abbreviation, whole):
                first.setdefault(abbreviation, key)
    if not first:
        return
    known = {subject.content.get("abbreviation")}
    known.update(edition.content["abbreviation"] for edition in terms_of(subject, subject.language).editions)
    for abbreviation, key in first.items():
        if abbreviation not in known:
            message = _(
                "%(abbreviation)s is never spelled out. Write the full name with %(abbreviation)s in brackets after it."
            )
            yield Finding("glossary.W001", Level.WARNING, message % {"abbreviation": abbreviation}, key)


def terms_of(subject: Subject, language: str) -> Terminology:
    key = "terminology", language
    if key not in subject.shared:
        subject.shared[key] = terminology.live(language, subject.at)
    return subject.shared[key]


def is_explained(abbreviation: str, text: str) -> bool:
    own = re.escape(abbreviation)
    spelled_out = rf"\w[”’」』\"']? ?[（(] ?{own}(?![A-Za-z0-9])|(?<![A-Za-z0-9]){own} ?[（(] ?\w"
    return re.search(spelled_out, text) is not None


# Names ----------------------------------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[。.!！?？\n]|\Z")


@register()
def names_as_agreed(subject: Subject) -> Iterator[Finding]:
    known = terms_of(subject, subject.language)
    spoken = subject.model.snapshot.spoken
    for key, text in plain_texts(subject.model, subject.content):
        said: set[tuple[Word, str]] = set()
        for match, word in known.words(text):
            wrong = " ".join(text[match.start : match.end].split())
            if (word, wrong.casefold()) in said:
                continue
            right = known.preferred[word.term]
            words = {"wrong": wrong, "right": right, "note": word.note}
            if word.status == NameStatus.FORBIDDEN:
                message = _("“%(wrong)s” is not to be used: say “%(right)s”. %(note)s")
                found = Finding("glossary.B001", Level.BLOCKER, (message % words).strip(), key)
            elif word.status == NameStatus.DEPRECATED:
                message = _("“%(wrong)s” is an old name: better say “%(right)s”. %(note)s")
                found = Finding("glossary.W002", Level.WARNING, (message % words).strip(), key)
            elif word.usage == Usage.QUESTION and key not in spoken and not is_spoken(text, match):
                message = _("“%(wrong)s” is what patients say: outside of their questions say “%(right)s”. %(note)s")
                found = Finding("glossary.W003", Level.WARNING, (message % words).strip(), key)
            else:
                continue
            said.add((word, wrong.casefold()))
            yield replace(found, repair=Repair(wrong, right))


def is_spoken(text: str, match: Match) -> bool:
    """Whether it stands in a question or in quotation marks."""
    end = _SENTENCE_END.search(text, match.end)
    before = text[: match.start]
    return (end is not None and end[0] in {"?", "？"}) or before.rfind("“") > before.rfind("”")


# Terms and their translations -----------------------------------------------------------------------------------------

_HEADINGS = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_DOSE = re.compile(
    r"[0-9〇零一二两三四五六七八九十百半]\s*(?:m?g|μg|mcg|m?l|IU|毫克|微克|克|毫升|片|粒|支|滴|单位)(?![a-zA-Z])"
    r"|\b\d+\s*(?:tablets?|capsules?|drops?|units?)\b"
)
_SENTENCE = re.compile(r"[^。.!！?？\n]+")


@register()
def terms_are_translated(subject: Subject) -> Iterator[Finding]:
    if subject.source is None:
        return
    theirs = terms_of(subject, subject.source.language)
    ours = terms_of(subject, subject.language)
    here = dict(plain_texts(subject.model, subject.content))
    mentioned = {key: ours.present(text) for key, text in here.items()}
    anywhere = set().union(*mentioned.values())
    headings = ours.present(BREAK.join(text for _key, text in prominent(subject.model, subject.content)))
    reported: set[int] = set()

    def finding(id: str, level: Level, message: str, term: int, key: str) -> Finding:
        reported.add(term)
        words = {"term": theirs.preferred[term], "right": ours.preferred[term]}
        return Finding(id, level, message % words, key, overridable=level == Level.BLOCKER)

    for key, text in prominent(subject.model, subject.source.content):
        for term in theirs.terms(text):
            if term in ours.preferred and term not in headings and term not in reported:
                message = _("“%(term)s” stands in a title or heading of the source. Name it here too: “%(right)s”.")
                yield finding("glossary.B002", Level.BLOCKER, message, term, key)
    for key, text in plain_texts(subject.model, subject.source.content):
        doses = " ".join(sentence for sentence in _SENTENCE.findall(text) if _DOSE.search(sentence))
        for term in theirs.terms(doses):
            if term in ours.preferred and term not in mentioned.get(key, set()) and term not in reported:
                message = _("The source gives a dose with “%(term)s”. Name it here too: “%(right)s”.")
                yield finding("glossary.B002", Level.BLOCKER, message, term, key)
        for term in theirs.terms(text):
            if term in ours.preferred and term not in anywhere and term not in reported:
                message = _("The source speaks of “%(term)s”, and this text nowhere of “%(right)s”.")
                yield finding("glossary.W004", Level.WARNING, message, term, key)


def plain_texts(model: type[Document], content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, text, is_rich in snapshot.texts(model, content):
        yield key, richtext.plain_text(text) if is_rich else text


def prominent(model: type[Document], content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Titles and headings, those of one part together.

    A term of one of them has to be in any of them: under “Cancer pain” nobody needs “Cancer pain, a common problem”.
    """
    for key, text, is_rich in snapshot.texts(model, content):
        if is_rich:
            yield key, "\n".join(richtext.plain_text(heading) for _level, heading in _HEADINGS.findall(text))
        elif key == model.snapshot.title or key.endswith(".heading"):
            yield key, text
