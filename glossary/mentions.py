"""Which terms an edition speaks of, kept as `Link` rows, so that a term's page can be asked who speaks of it.

Terms count that are live or scheduled. The rows follow the texts when an edition is sent for review or published, and
the terms when one of them is published; either end is shown only while it is live.

Who writes what depends on the names of terms holds `lock` until the end of the transaction. So of two who publish at
once, a term and a text or two terms, the second one reads what the first one wrote, and neither waits for the other.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from publishing import gate, signals
from publishing.models import Edition, Link
from publishing.workflow import siblings

from .matching import BREAK
from .models import Recheck, Term
from .terminology import Terminology, words_of

RELATION = "mentions"


mentions_changed = Signal()
"""Sent inside the transaction, with `editions`: the keys of texts that mention other terms than before."""


def lock() -> None:
    """The row that a publication of a term holds as well, from its beginning (`workflow.address_taken`)."""
    kind = ContentType.objects.get_for_model(Term)
    ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)


def whole_text(edition: Edition) -> str:
    """What is written in sentences: a work that is cited speaks for itself."""
    subject = gate.Subject(edition.model, edition.object_id, edition.language, edition.content, edition.review_due)
    return BREAK.join(text for _key, text in gate.prose(subject))


def coming(language: str) -> Terminology:
    """The terms that are live or scheduled."""
    editions = Edition.objects.of_kind(Term).filter(language=language).not_over(timezone.now())
    return Terminology(editions, language)


def write(editions: Iterable[Edition], terminology: Terminology) -> list[int]:
    """The terms that each edition mentions; never the term that it explains. The keys of those that now mention others.

    To be called under `lock`.
    """
    kind = ContentType.objects.get_for_model(Term)
    links = []
    editions = list(editions)
    for edition in editions:
        own = edition.object_id if edition.content_type_id == kind.pk else None
        terms = [term for term in terminology.terms(whole_text(edition)) if term != own]
        links += [
            Link(edition=edition, relation=RELATION, position=position, target_type=kind, target_id=term)
            for position, term in enumerate(terms)
        ]
    before = Link.objects.filter(edition__in=editions, relation=RELATION)
    known = set(before.values_list("edition", "position", "target_id"))
    found = {(link.edition_id, link.position, link.target_id) for link in links}
    if known != found:
        before.delete()
        Link.objects.bulk_create(links)
    terms_before, terms_now = ({(key, term) for key, _position, term in rows} for rows in (known, found))
    return sorted({key for key, _term in terms_before ^ terms_now})


def touched_by(edition: Edition) -> list[Edition]:
    """Editions in review, live or to come that mentioned a term till now, or would as the given edition names it."""
    now = timezone.now()
    own = Terminology([edition], edition.language)
    in_use = Edition.objects.filter(language=edition.language).exclude(
        content_type_id=edition.content_type_id, object_id=edition.object_id
    )
    in_use = in_use.filter(Q(pk__in=in_use.open()) | Q(pk__in=in_use.not_over(now)))
    known = set(in_use.pointing_to(edition, RELATION).values_list("pk", flat=True))
    return [other for other in in_use if other.pk in known or own.words(whole_text(other))]


def follow_text(sender: Any, edition: Edition, **kwargs: Any) -> None:
    lock()
    write([edition], coming(edition.language))


def follow_term(sender: Any, edition: Edition, **kwargs: Any) -> None:
    lock()
    touched = touched_by(edition)
    changed = write(touched, coming(edition.language))
    mentions_changed.send(sender=sender, editions=changed)
    earlier = siblings(edition).exclude(live_from=None).order_by("-number").first()
    if earlier and names(earlier) != names(edition):
        Recheck.objects.bulk_create(Recheck(edition=text, term=edition) for text in touched)


def names(edition: Edition) -> set[tuple[str, str, str]]:
    """What the texts that use a term have to agree with."""
    return {(word.text, word.status, word.usage) for word in words_of(edition.object_id, edition.content)}


def connect() -> None:
    signals.edition_submitted.connect(follow_text, dispatch_uid="glossary.mentions.submitted")
    signals.edition_published.connect(follow_text, dispatch_uid="glossary.mentions.published")
    signals.edition_published.connect(follow_term, sender=Term, dispatch_uid="glossary.mentions.term")
