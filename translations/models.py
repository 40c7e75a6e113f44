"""What the translators' desk keeps beside the drafts; docs/decisions/0016-units-and-rows.md says why."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.models import Document

from . import rows
from .rows import Piece, Row, Step

WEIGHTS = ("words_all", "words_left", "characters_all", "characters_left")
"""The columns of a unit that add up to those of its translation."""
HERE = datetime.timedelta(seconds=40)
"""For how long somebody is here after they were last heard of; the desk speaks up every 15 seconds."""


def digest(source: str, target: str) -> str:
    """SHA-256, in hexadecimal, of a text and its translation."""
    return hashlib.sha256(f"{source}\0{target}".encode()).hexdigest()


class State(models.TextChoices):
    """As in XLIFF 2; of the translation as it was when its source was the one it was made from."""

    INITIAL = "initial", pgettext_lazy("translation", "not translated")
    TRANSLATED = "translated", pgettext_lazy("translation", "translated")
    REVIEWED = "reviewed", pgettext_lazy("translation", "approved")
    FINAL = "final", pgettext_lazy("translation", "published")


class Translation(models.Model):
    """One language of one document as a piece of work: whose it is, until when, and how much of it is left.

    The counts are those of its units, written in the same transaction.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField(_("document number"))
    document = GenericForeignKey("content_type", "object_id")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    source_language = models.CharField(_("source language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=300, help_text=_("In the source language."))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
        verbose_name=_("translator"),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    units_all = models.PositiveIntegerField(_("texts"), default=0)
    units_missing = models.PositiveIntegerField(_("not translated"), default=0)
    units_outdated = models.PositiveIntegerField(_("outdated"), default=0)
    units_returned = models.PositiveIntegerField(_("returned"), default=0)
    units_approved = models.PositiveIntegerField(_("approved"), default=0)
    words_all = models.PositiveIntegerField(_("words"), default=0)
    words_left = models.PositiveIntegerField(_("words left"), default=0)
    characters_all = models.PositiveIntegerField(_("characters"), default=0)
    characters_left = models.PositiveIntegerField(_("characters left"), default=0)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        permissions = [("assign", _("Can say who translates what, and until when"))]
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="translation_unique"),
        ]
        indexes = [
            models.Index(fields=["language", "-changed_at", "-id"], name="translation_by_change"),
            models.Index(fields=["assignee", "language"], name="translation_by_assignee"),
            models.Index(fields=["due"], name="translation_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_language_display()})"

    @property
    def model(self) -> type[Document]:
        model = ContentType.objects.get_for_id(self.content_type_id).model_class()
        assert model is not None, "a content type without its model"
        return model  # type: ignore[return-value]

    @property
    def is_done(self) -> bool:
        return not (self.units_missing or self.units_outdated or self.units_returned)

    @property
    def done_percent(self) -> int:
        """Rounded down, so that 100 means that nothing is left."""
        return 100 * (self.words_all - self.words_left) // self.words_all if self.words_all else 100

    def count(self, units: Iterable["Unit"] | None = None) -> None:
        """Brings the counts to what the units say, all of them; reads them unless handed in. Does not save."""
        units = list(
            self.units.only("translation", "state", "is_outdated", "is_returned", *WEIGHTS) if units is None else units
        )
        self.units_all = len(units)
        self.units_missing = sum(unit.state == State.INITIAL for unit in units)
        self.units_outdated = sum(unit.is_outdated for unit in units)
        self.units_returned = sum(unit.is_returned for unit in units)
        self.units_approved = sum(unit.is_approved for unit in units)
        for name in WEIGHTS:
            setattr(self, name, sum(getattr(unit, name) for unit in units))


class UnitQuerySet(models.QuerySet["Unit"]):
    def of(self, document: Document) -> Self:
        kind = ContentType.objects.get_for_model(document)
        return self.filter(translation__content_type=kind, translation__object_id=document.pk)

    def approved(self) -> Self:
        """What a language reviewer has approved, and neither text has changed since."""
        return self.filter(state__in=[State.REVIEWED, State.FINAL], is_outdated=False, is_returned=False)


class Unit(models.Model):
    """One translated field of one document. The draft holds both texts; they are kept here as they were last seen,
    in the transaction that wrote them, with what the translation was made from.
    """

    translation = models.ForeignKey(
        Translation, on_delete=models.CASCADE, related_name="units", verbose_name=_("translation")
    )
    key = models.CharField(_("part"), max_length=120, help_text=_("As in an edition: body, warnings.7.text."))
    is_rich = models.BooleanField(_("rich text"), default=False)
    source = models.TextField(_("source"), blank=True)
    target = models.TextField(_("translation"), blank=True)
    pieces_kept = models.JSONField(_("what was translated from what"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.INITIAL)
    is_outdated = models.BooleanField(_("outdated"), default=False)
    is_returned = models.BooleanField(_("returned"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    suggestion = models.TextField(_("suggestion"), blank=True)
    suggested_by = models.CharField(_("suggested by"), max_length=80, blank=True)
    words_all = models.PositiveIntegerField(_("words"), default=0)
    words_left = models.PositiveIntegerField(_("words left"), default=0)
    characters_all = models.PositiveIntegerField(_("characters"), default=0)
    characters_left = models.PositiveIntegerField(_("characters left"), default=0)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to translate")
        verbose_name_plural = _("texts to translate")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["translation", "key"], name="unit_unique")]

    def __str__(self) -> str:
        return self.key

    @property
    def pieces(self) -> list[Piece]:
        return [Piece(*kept) for kept in self.pieces_kept]

    @pieces.setter
    def pieces(self, pieces: Sequence[Piece]) -> None:
        self.pieces_kept = [[piece.source, piece.target] for piece in pieces]
        self.__dict__.pop("rows", None)

    @cached_property
    def rows(self) -> list[Row]:
        return rows.rows(self.pieces, rows.split(self.source, self.is_rich))

    @property
    def digest(self) -> str:
        """To it an approval and an acknowledgement are bound."""
        return digest(self.source, self.target)

    @property
    def is_approved(self) -> bool:
        return self.state in {State.REVIEWED, State.FINAL} and not self.is_outdated and not self.is_returned

    def follow(self, source: str, target: str, by: Any = None) -> bool:
        """Takes over what the draft says now; whether anything is different. Does not save."""
        is_same = (self.source, self.target) == (source, target)
        if is_same and not self._state.adding:
            return False
        self.suggestion = self.suggested_by = ""  # it was for other texts
        targets = rows.split(target, self.is_rich)
        self.pieces = rows.follow(self.pieces, rows.split(source, self.is_rich), targets)
        self.source = source
        if rows.same(target, self.target):
            self.target = target
        else:
            self._written(target, by)
        self.weigh()
        return True

    def write(self, index: int, target: str, by: Any) -> str:
        """The whole translation when one of its rows has become this one; what it was made from is the source now."""
        self.pieces = rows.write(self.rows, index, target)
        self._written("".join(piece.target for piece in self.pieces), by)
        self.weigh()
        return self.target

    def accept(self) -> None:
        """The translation holds for the source as it is now; nobody has to look at it again."""
        self.pieces = rows.accept(self.rows)
        self.weigh()

    def weigh(self) -> None:
        """What is left to do of it. Does not save."""
        found = self.rows
        left = [row.source for row in found if row.step in {Step.NEW, Step.CHANGED}]
        self.is_outdated = bool(self.target) and any(row.step is not Step.DONE for row in found)
        self.words_all = rows.words(self.source, self.is_rich)
        self.words_left = sum(rows.words(source, self.is_rich) for source in left)
        self.characters_all = rows.characters(self.source, self.is_rich)
        self.characters_left = sum(rows.characters(source, self.is_rich) for source in left)

    def _written(self, target: str, by: Any) -> None:
        self.target = target
        self.written_by = by
        self.state = State.TRANSLATED if target else State.INITIAL
        self.is_returned = False
        self.written_at = timezone.now()
        self.approved_by = self.approved_at = None


class Acknowledgement(models.Model):
    """A reviewer's word, by name, that what a check asks was looked at, in these very texts."""

    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="acknowledgements", verbose_name=_("text to translate")
    )
    finding = models.CharField(_("finding"), max_length=40)
    digest = models.CharField(_("checksum"), max_length=64, help_text=_("Of both texts."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "finding", "digest", "by"], name="acknowledged_once"),
        ]

    def __str__(self) -> str:
        return self.finding


class Comment(models.Model):
    """What people say to one another about a text; with `returns`, why a reviewer sent it back."""

    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="comments", verbose_name=_("text to translate")
    )
    text = models.TextField(_("comment"), max_length=2000)
    returns = models.BooleanField(_("sent back"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self) -> Self:
        return self.filter(seen_at__gt=timezone.now() - HERE)


class Presence(models.Model):
    """Who has a translation open, and in which row they are."""

    translation = models.ForeignKey(
        Translation, on_delete=models.CASCADE, related_name="presences", verbose_name=_("translation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("who")
    )
    row = models.CharField(_("row"), max_length=140, blank=True)
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["translation", "user"], name="presence_unique")]

    def __str__(self) -> str:
        return str(self.user)


# Memory ---------------------------------------------------------------------------------------------------------------


class Segment(models.Model):
    """A sentence, at times a paragraph, as it was translated once and approved. Plain text on one side and the other.

    Written by `translations.memory` alone, which knows the digests.
    """

    source_language = models.CharField(_("source language"), max_length=10, choices=settings.LANGUAGES)
    target_language = models.CharField(_("target language"), max_length=10, choices=settings.LANGUAGES)
    source = models.TextField(_("source text"))
    target = models.TextField(_("translation"))
    source_digest = models.BigIntegerField(editable=False)
    target_digest = models.BigIntegerField(editable=False)
    # The unit that it came from; none where it came with a file.
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind")
    )
    object_id = models.PositiveBigIntegerField(_("document number"), null=True, blank=True)
    key = models.CharField(_("field"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("segment of the memory")
        verbose_name_plural = _("segments of the memory")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source_language=models.F("target_language")), name="segment_in_two_languages"
            ),
            models.CheckConstraint(
                condition=models.Q(content_type__isnull=True, object_id__isnull=True, key="")
                | models.Q(content_type__isnull=False, object_id__isnull=False) & ~models.Q(key=""),
                name="segment_of_a_unit_or_of_none",
            ),
        ]
        indexes = [
            models.Index(fields=["source_language", "target_language", "source_digest"], name="segment_by_source"),
            models.Index(fields=["target_language", "source_language", "target_digest"], name="segment_by_target"),
            models.Index(fields=["content_type", "object_id", "key"], name="segment_by_unit"),
        ]

    def __str__(self) -> str:
        return self.source
