"""The gate: checks that an edition passes before it can go live, modelled on `django.core.checks`.

Each app registers its own, in its `findings.py`, with `@register(...)`; a check is handed a `Subject`, a draft or an
edition in one language, and yields findings. A *blocker* keeps the edition from going live; a *warning* is for people
to weigh. One set of checks serves the editor beside the draft, the reviewer beside the text to be signed, and the
publisher as the reason of a refusal.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import richtext, snapshot
from .models import Document, Edition

type_Text = str | Promise

_HEADING = re.compile(r"<h([1-6])\b[^>]*>.*?</h\1>", re.DOTALL)


class Level(models.TextChoices):
    BLOCKER = "blocker", _("must be mended")
    WARNING = "warning", _("worth a look")


@dataclass(frozen=True)
class Repair:
    """Words that can be replaced in the draft with one click."""

    wrong: str
    right: str


@dataclass(frozen=True)
class Finding:
    id: str
    """App and number, as `publishing.B003`; B for blockers, W for warnings. An id keeps its meaning for good."""
    level: Level
    message: type_Text
    """What is wrong and how to mend it, in the reader's language."""
    field: str = ""
    """The part that it is about, as `display.Part.key` names it; "" for the whole."""
    overridable: bool = False
    """Of a blocker: whether a reviewer may let it pass, by name and with a reason. Of a warning: whether a reviewer has
    to say, by name, that they looked at it before they sign the language.
    """
    repair: Repair | None = None

    @property
    def is_blocker(self) -> bool:
        return self.level == Level.BLOCKER


@dataclass
class Subject:
    """What is checked: one language of a document, as a draft holds it now or as an edition froze it."""

    model: type[Document]
    object_id: int
    language: str
    content: dict[str, Any]
    review_due: datetime.date | None
    source: Edition | None = None
    """Of a translation: the source edition that it translates."""
    is_translation: bool = False
    edition: Edition | None = None
    at: datetime.datetime = field(default_factory=timezone.now)
    shared: dict[Any, Any] = field(default_factory=dict)
    """What one check has looked up, for the others."""


Check = Callable[[Subject], Iterable[Finding]]
_checks: list[tuple[str, tuple[type[Document], ...], Check]] = []


def register(*document_models: type[Document]) -> Callable[[Check], Check]:
    """Registers a check for these kinds of document; for every kind when none is named."""

    def decorate(check: Check) -> Check:
        _checks.append((f"{check.__module__}.{check.__qualname__}", document_models, check))
        return check

    return decorate


def run(subject: Subject) -> list[Finding]:
    """All findings, blockers first, each in the order in which the checks are registered."""
    found = [
        finding
        for _name, document_models, check in _checks
        if not document_models or issubclass(subject.model, document_models)
        for finding in check(subject)
    ]
    return sorted(found, key=lambda finding: not finding.is_blocker)


def of_edition(edition: Edition, at: datetime.datetime | None = None) -> Subject:
    return Subject(
        model=edition.model,
        object_id=edition.object_id,
        language=edition.language,
        content=edition.content,
        review_due=edition.review_due,
        source=edition.source_edition,
        is_translation=edition.is_translation,
        edition=edition,
        at=at or timezone.now(),
    )


def of_draft(document: Document, language: str, source: Edition | None = None) -> Subject:
    """`source` is the edition that a translation sent for review now would belong to."""
    return Subject(
        model=type(document),
        object_id=document.pk,
        language=language,
        content=snapshot.freeze(document, language),
        review_due=document.next_review,
        source=source,
        is_translation=language != document.source_language,
    )


def standing_blockers(edition: Edition, at: datetime.datetime | None = None) -> list[Finding]:
    """The blockers that keep an edition from going live at a moment: those that no reviewer let pass."""
    return [finding for finding in standing(edition, at) if finding.is_blocker]


def standing(edition: Edition, at: datetime.datetime | None = None) -> list[Finding]:
    """All that is found at a moment, but for what a reviewer let pass or looked at."""
    overridden = {(override.finding, override.field) for override in edition.overrides.all()}
    found = run(of_edition(edition, at))
    return [f for f in found if not (f.overridable and (f.id, f.field) in overridden)]


def unanswered(edition: Edition) -> list[Finding]:
    """The warnings that ask for a reviewer's word and have none yet."""
    return [finding for finding in standing(edition) if finding.overridable and not finding.is_blocker]


def rich_parts(subject: Subject) -> Iterator[tuple[str, str]]:
    """Key and HTML of each rich-text part that is not blank."""
    for key, value, is_rich in texts(subject):
        if is_rich:
            yield key, value


def texts(subject: Subject) -> Iterator[tuple[str, str, bool]]:
    """Key, text and whether it is rich text, of every translated part that is not blank, rows included."""
    yield from snapshot.texts(subject.model, subject.content)


def prose(subject: Subject) -> Iterator[tuple[str, str]]:
    """Key and plain text of each part that is written in sentences: no title, heading, citation or name."""
    spec = subject.model.snapshot
    for key, value, is_rich in texts(subject):
        row, _dot, name = key.rpartition(".")
        if is_rich:
            yield key, richtext.plain_text(_HEADING.sub("", value))
        elif row:
            model = subject.model._meta.get_field(row.partition(".")[0]).related_model
            if isinstance(model._meta.get_field(name), models.TextField):  # type: ignore[union-attr]
                yield key, value
        elif name != spec.title:
            yield key, value
