"""How far each language of a draft is, for the people who work on it: derived whenever it is asked, never stored."""

import datetime
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from . import snapshot
from .models import ChangeKind, Document, Edition, State, editions_by_document


class Status(models.TextChoices):
    """What can be said of one language of a document; more than one may hold at a time."""

    MISSING = "missing", pgettext_lazy("language of a document", "text missing")
    DRAFT = "draft", pgettext_lazy("language of a document", "draft")
    IN_REVIEW = "in_review", pgettext_lazy("language of a document", "in review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("language of a document", "changes requested")
    APPROVED = "approved", pgettext_lazy("language of a document", "approved")
    SCHEDULED = "scheduled", pgettext_lazy("language of a document", "scheduled")
    LIVE = "live", pgettext_lazy("language of a document", "live")
    CHANGED = "changed", pgettext_lazy("language of a document", "changed since")
    ENDED = "ended", pgettext_lazy("language of a document", "no longer live")
    OUTDATED = "outdated", pgettext_lazy("language of a document", "source has changed")
    REVIEW_DUE = "review_due", pgettext_lazy("language of a document", "review due")


def statuses(
    document: Document, language: str, editions: Sequence[Edition], at: datetime.datetime | None = None
) -> list[Status]:
    """Of one language, given the document's editions newest first: what is read, under way, and left to do."""
    at = at or timezone.now()
    own = [edition for edition in editions if edition.language == language]
    live = next((edition for edition in own if edition.is_in_time(at)), None)
    newest = own[0] if own else None
    found = [Status.LIVE] if live else []
    if newest and newest is not live:
        match newest.state:
            case State.IN_REVIEW | State.APPROVED | State.CHANGES_REQUESTED:
                found.append(Status(newest.state))
            case State.PUBLISHED | State.SUPERSEDED if newest.live_from and newest.live_from > at:
                found.append(Status.SCHEDULED)
    if not found and any(edition.live_from for edition in own):
        found.append(Status.ENDED)
    if snapshot.missing_fields(document, language):
        found.append(Status.MISSING)
    elif not found:
        found.append(Status.DRAFT)
    elif newest and newest.digest != snapshot.digest(snapshot.freeze(document, language)):
        found.append(Status.CHANGED)
    if newest and newest.is_translation and source_changed_since(newest, editions, at):
        found.append(Status.OUTDATED)
    reminder = timezone.localdate(at) + datetime.timedelta(days=settings.REVIEW_REMINDER_DAYS)
    if live and live.review_due <= reminder:
        found.append(Status.REVIEW_DUE)
    return found


def source_changed_since(translation: Edition, editions: Sequence[Edition], at: datetime.datetime) -> bool:
    """Whether more than a typo has changed in the source since the edition of it that this one translates."""
    source = next((edition for edition in editions if edition.pk == translation.source_edition_id), None)
    return source is not None and any(
        edition.language == source.language
        and edition.number > source.number
        and edition.change_kind != ChangeKind.TYPO
        and edition.was_live(at)
        for edition in editions
    )


def attach(documents: Iterable[Document]) -> None:
    """Gives each document of one kind its `statuses`, a list for each language code."""
    documents = list(documents)
    if not documents:
        return
    snapshot.prefetch(documents)
    editions = editions_by_document(documents)
    at = timezone.now()
    for document in documents:
        own = editions.get(document.pk, [])
        document.statuses = {code: statuses(document, code, own, at) for code, _name in settings.LANGUAGES}
