"""What every kind of document is checked for before it goes live.

=====  =====================================================================================
B001   a required sign-off is missing
B002   a required sign-off is the author's own
B003   no review date
B004   the review date is not in the future
B005   the review date lies beyond the limit
B006   a required field is empty, in a part of the document too
B007   a link leads to no page of this site, or not in this language (overridable)
B008   a link leads to a page that is not live (overridable)
B009   a heading skips a level
B010   a translation whose source edition is not, or no more, the live one
B011   the source has a text where the translation has none (overridable)
W001   documents named by this one are not live
W002   hard to read: English grade
W003   hard to read: Chinese sentences are long on average
W004   hard to read: many uncommon Chinese words
W005   a long sentence
W006   a long page
=====  =====================================================================================

At most three queries for an edition: its sign-offs, its source, and the documents it leads to.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import deadlinks, readinglevel, richtext, snapshot
from .gate import Finding, Level, Subject, prose, register, rich_parts, texts
from .models import Role, Verdict

# How much of what others publish lies above: of 711 English leaflets (MedQuAD) and 919 Chinese articles on health. The
# department's own texts keep below all of them: grade 7.9, 29.7 characters, 18 % of the words.
GRADE = 8  # 82 % of the leaflets
MEAN_CHARACTERS = 30  # 59 % of the articles
UNCOMMON_SHARE = 0.2  # one word in five: 12 % of the articles
LONG_SENTENCE = {"en": 25, "zh-hans": 60}  # words and characters: 15 % and 11 % of the sentences
LONG_PAGE = {"en": 1000, "zh-hans": 1500}  # about five minutes: 14 % and 30 %
SHOWN_WORDS = 8

_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.DOTALL)


def blocker(id: str, message: str, field: str = "", *, overridable: bool = False) -> Finding:
    return Finding(f"publishing.{id}", Level.BLOCKER, message, field, overridable)


def warning(id: str, message: str, field: str = "") -> Finding:
    return Finding(f"publishing.{id}", Level.WARNING, message, field)


# Signed and in time ---------------------------------------------------------------------------------------------------


@register()
def signed_by_others(subject: Subject) -> Iterator[Finding]:
    if subject.edition is None:
        return
    edition = subject.edition
    approvals = [
        said for said in edition.sign_offs.all() if said.verdict == Verdict.APPROVE and said.digest == edition.digest
    ]
    by_author = {said.role for said in approvals if said.signer_id == edition.author_id}
    by_others = {said.role for said in approvals if said.signer_id != edition.author_id}
    for role in (role for role in Role if role in edition.required_roles - by_others):
        said = {"role": role.label}
        if role in by_author:
            yield blocker("B002", _("Its own author signed it as %(role)s. Ask someone else to sign it.") % said)
        else:
            yield blocker("B001", _("Not signed as %(role)s yet. Ask one to read and sign it.") % said)


@register()
def review_date(subject: Subject) -> Iterator[Finding]:
    day = timezone.localdate(subject.at)
    last = day + datetime.timedelta(days=settings.REVIEW_LIMIT_DAYS)
    due = subject.review_due
    if due is None:
        yield blocker("B003", _("It has no review date. Set one in the draft and send it for review."))
    elif due <= day:
        message = _("Its review date, %(date)s, has come. Set a new one in the draft and send it for review again.")
        yield blocker("B004", message % {"date": date_format(due)})
    elif due > last:
        message = _("Its review date is too far ahead. Set one no later than %(date)s and send it for review again.")
        yield blocker("B005", message % {"date": date_format(last)})


# Whole ----------------------------------------------------------------------------------------------------------------


@register()
def required_fields(subject: Subject) -> Iterator[Finding]:
    for key, label in _empty(subject):
        yield blocker("B006", _("“%(field)s” is empty. Fill it in.") % {"field": label}, key)


@register()
def translation_of_the_live_source(subject: Subject) -> Iterator[Finding]:
    if not subject.is_translation or (subject.source and subject.source.is_live(subject.at)):
        return
    if subject.source is None or subject.source.live_from is None or subject.source.live_from > subject.at:
        message = _("The text that it translates is not live yet. Publish that first.")
    else:
        message = _("The text that it translates is not live any more. Translate the one that is.")
    yield blocker("B010", message)


@register()
def nothing_left_untranslated(subject: Subject) -> Iterator[Finding]:
    """Also in fields that need not be filled in: a page is not half a translation."""
    if subject.source is None:
        return
    here = {key for key, *_rest in texts(subject)} | {key for key, _label in _empty(subject)}
    rows = {f"{name}.{row['id']}" for name in subject.model.snapshot.rows for row in subject.content.get(name, [])}
    reported = set()
    for key, text, _is_rich in snapshot.texts(subject.model, subject.source.content):
        row = key.rpartition(".")[0]
        part = (
            row if row and row not in rows else key
        )  # a row that is not there is said once, not for each of its texts
        if key not in here and part not in reported:
            reported.add(part)
            said = {"text": _excerpt(richtext.plain_text(text))}
            message = _("The source has a text here that is not translated: “%(text)s”. Translate it.")
            yield blocker("B011", message % said, key, overridable=True)


def _empty(subject: Subject) -> Iterator[tuple[str, str]]:
    """Key and name of each part that must be filled in and is not."""
    spec = subject.model.snapshot
    for name in (*spec.required, *_not_blank(subject.model, spec.values)):
        if _is_blank(subject.content.get(name)):
            yield name, _label(subject.model, name)
    for rows in spec.rows:
        row_model = subject.model._meta.get_field(rows).related_model
        assert isinstance(row_model, type)
        required = _not_blank(row_model, snapshot.translated_fields(row_model))
        for number, row in enumerate(subject.content.get(rows, []), start=1):
            for name in required:
                if _is_blank(row.get(name)):
                    label = f"{row_model._meta.verbose_name} {number}: {_label(row_model, name)}"
                    yield f"{rows}.{row['id']}.{name}", label


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and richtext.is_blank(value))


def _not_blank(model: type[models.Model], names: Iterable[str]) -> list[str]:
    fields = {field.name: field for field in model._meta.fields}
    return [name for name in names if not fields[name].blank]


def _label(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


# What it leads to -----------------------------------------------------------------------------------------------------


@register()
def leads_to_what_is_live(subject: Subject) -> Iterator[Finding]:
    """Links in the text, and documents named beside it: of these the page leaves out what is not live."""
    language = {"language": dict(settings.LANGUAGES)[subject.language]}
    with translation.override(subject.language):
        page = subject.model.page_url(subject.content["slug"])
    nowhere: dict[str, list[str]] = {}
    documents: list[tuple[str, str, deadlinks.Address]] = []
    for key, html in rich_parts(subject):
        for href in deadlinks.hrefs(html):
            try:
                address = deadlinks.document_at(href, page, subject.language)
            except deadlinks.Nowhere:
                nowhere.setdefault(key, []).append(href)
            else:
                if address and address != (subject.model, subject.content["slug"]):
                    documents.append((key, href, address))
    named: dict[str, list[deadlinks.Number]] = {
        name: [(subject.model._meta.get_field(name).related_model, number) for number in numbers]  # type: ignore[misc]
        for name in subject.model.snapshot.links
        if (numbers := subject.content.get(name))
    }
    live_addresses, live_numbers = deadlinks.live(
        {address for *_where, address in documents},
        {number for numbers in named.values() for number in numbers},
        subject.language,
        subject.at,
    )
    dead: dict[str, list[str]] = {}
    for key, href, address in documents:
        if address not in live_addresses:
            dead.setdefault(key, []).append(href)

    # One finding for a part, since a part is what an override names.
    for key, found in nowhere.items():
        message = ngettext(
            "This link leads to no page of this site in %(language)s: %(links)s. Correct it.",
            "These links lead to no page of this site in %(language)s: %(links)s. Correct them.",
            len(found),
        )
        yield blocker("B007", message % {"links": " · ".join(found), **language}, key, overridable=True)
    for key, found in dead.items():
        message = ngettext(
            "This link leads to a page that is not live in %(language)s: %(links)s. Publish that page first.",
            "These links lead to pages that are not live in %(language)s: %(links)s. Publish those pages first.",
            len(found),
        )
        yield blocker("B008", message % {"links": " · ".join(found), **language}, key, overridable=True)
    for name, numbers in named.items():
        if count := len(set(numbers) - live_numbers):
            message = ngettext(
                "“%(field)s” names %(count)d page that is not live in %(language)s. It is left out till then.",
                "“%(field)s” names %(count)d pages that are not live in %(language)s. They are left out till then.",
                count,
            )
            said = {"field": _label(subject.model, name), "count": count, **language}
            yield warning("W001", message % said, name)


# Easy to read ---------------------------------------------------------------------------------------------------------


@register()
def headings(subject: Subject) -> Iterator[Finding]:
    for key, html in rich_parts(subject):
        above = 1  # the page's title
        for level, heading in _HEADING.findall(html):
            if int(level) > above + 1:
                said = {"heading": _excerpt(richtext.plain_text(heading)), "level": above + 1}
                message = _("The heading “%(heading)s” skips a level. Make it a heading of level %(level)d.") % said
                yield blocker("B009", message, key)
            above = int(level)


@register()
def reading_level(subject: Subject) -> Iterator[Finding]:
    text = "\n".join(text for _key, text in prose(subject))
    if not readinglevel.is_chinese(subject.language):
        if (grade := readinglevel.grade(text)) is not None and grade > GRADE:
            message = _(
                "The Flesch-Kincaid grade is %(grade).1f (by the package readability); aim for %(limit)d or less. "
                "Shorten sentences and choose shorter words."
            )
            yield warning("W002", message % {"grade": grade, "limit": GRADE})
        return
    if (mean := readinglevel.mean_sentence(text, subject.language)) is not None and mean > MEAN_CHARACTERS:
        message = _(
            "The sentences have %(mean).1f characters on average, without punctuation; aim for %(limit)d or less. "
            "Split the longest."
        )
        yield warning("W003", message % {"mean": mean, "limit": MEAN_CHARACTERS})
    if (uncommon := readinglevel.uncommon_words(text)) is not None and uncommon[0] > UNCOMMON_SHARE:
        share, words = uncommon
        message = _(
            "%(share).1f%% of the words are not among the %(common)d most common (by the word frequencies of jieba's "
            "dictionary); aim for %(limit)d%% or less. Replace or explain some of these: %(words)s."
        )
        said = {
            "share": share * 100,
            "common": readinglevel.COMMON_WORDS,
            "limit": UNCOMMON_SHARE * 100,
            "words": "、".join(words[:SHOWN_WORDS]),
        }
        yield warning("W004", message % said)


@register()
def long_sentences(subject: Subject) -> Iterator[Finding]:
    limit = LONG_SENTENCE[subject.language]
    message = (
        _("This sentence has %(length)d characters; up to %(limit)d are easy to follow. Split it: “%(sentence)s”")
        if readinglevel.is_chinese(subject.language)
        else _("This sentence has %(length)d words; up to %(limit)d are easy to follow. Split it: “%(sentence)s”")
    )
    for key, text in prose(subject):
        for sentence in readinglevel.sentences(text, subject.language):
            length = readinglevel.length(sentence, subject.language)
            if length > limit:
                yield warning("W005", message % {"length": length, "limit": limit, "sentence": _excerpt(sentence)}, key)


@register()
def long_page(subject: Subject) -> Iterator[Finding]:
    limit = LONG_PAGE[subject.language]
    length = sum(readinglevel.length(text, subject.language) for _key, text in prose(subject))
    if length > limit:
        message = (
            _("The page has %(length)d characters; up to %(limit)d take five minutes to read. Shorten or divide it.")
            if readinglevel.is_chinese(subject.language)
            else _("The page has %(length)d words; up to %(limit)d take five minutes to read. Shorten or divide it.")
        )
        yield warning("W006", message % {"length": length, "limit": limit})


def _excerpt(text: str) -> str:
    return Truncator(text).chars(60)
