"""Which terms an edition speaks of, kept as `Link` rows, so that a term's page can be asked who speaks of it.

Terms count that are live or scheduled. The rows follow the texts when an edition is sent for review or published, and
the terms when one of them is published; either end is shown only while it is live.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone

from publishing import gate, signals
from publishing.models import Edition, Link
from publishing.workflow import siblings

from .matching import BREAK
from .models import Recheck, Term
from .terminology import Terminology, words_of

RELATION = "mentions"


def whole_text(edition: Edition) -> str:
    """What is written in sentences: a work that is cited speaks for itself."""
    subject = gate.Subject(edition.model, edition.object_id, edition.language, edition.content, edition.review_due)
    return BREAK.join(text for _key, text in gate.prose(subject))


def coming(language: str) -> Terminology:
    """The terms that are live or scheduled."""
    editions = Edition.objects.of_kind(Term).filter(language=language).not_over(timezone.now())
    return Terminology(editions, language)


def write(editions: Iterable[Edition], terminology: Terminology) -> None:
    """The terms that each edition mentions; never the term that it explains."""
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
    Link.objects.filter(edition__in=editions, relation=RELATION).delete()
    Link.objects.bulk_create(links)


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
    write([edition], coming(edition.language))


def follow_term(sender: Any, edition: Edition, **kwargs: Any) -> None:
    touched = touched_by(edition)
    write(touched, coming(edition.language))
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
