from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.models import Edition


class Entry(models.Model):
    """That an edition is in the index. The tokens themselves are the engine's."""

    edition = models.OneToOneField(
        Edition, primary_key=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition")
    )
    words = models.TextField(_("words"), blank=True, help_text=_("By which a misspelt word is set right."))

    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    is_stale = models.BooleanField(
        _("to be written anew"), default=False, help_text=_("A term that it speaks of has other names now.")
    )

    class Meta:
        verbose_name = _("index entry")
        verbose_name_plural = _("index entries")
        ordering = ["pk"]
        indexes = [models.Index(fields=["edition"], condition=models.Q(is_stale=True), name="entry_stale")]

    def __str__(self) -> str:
        return str(self.pk)


class Phrase(models.Model):
    """What an edition can be called for: its title, or one of the names of the term that it explains."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("edition"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.CharField(_("text"), max_length=300)
    is_name = models.BooleanField(_("name of a term"), default=False)
    is_shown = models.BooleanField(_("shown"), default=True, help_text=_("Else it is only recognised."))
    is_everyday = models.BooleanField(
        _("everyday words"), default=False, help_text=_("A name that has nothing in common with the preferred one.")
    )
    folded = models.CharField(_("for the beginning of words"), max_length=300)
    key = models.CharField(_("for the whole"), max_length=300, db_index=True)
    sound = models.CharField(_("pinyin"), max_length=200, blank=True, db_index=True)
    initials = models.CharField(_("initials"), max_length=60, blank=True, db_index=True)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class MissedQuerySet(models.QuerySet["Missed"]):
    def summed(self) -> Self:
        """A row for the same words in a language, that of the last day, with the `total` of all days asked for."""
        same = [F("language"), F("query")]
        rows = self.annotate(
            total=Window(Sum("count"), partition_by=same),
            place=Window(RowNumber(), partition_by=same, order_by=F("day").desc()),
        )
        return rows.filter(place=1)


class Missed(models.Model):
    """What was looked for in vain: the words, the day and how often. Nothing says by whom."""

    day = models.DateField(_("day"), default=timezone.localdate)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    query = models.CharField(_("searched for"), max_length=100)
    count = models.PositiveIntegerField(_("how often"), default=1)

    objects = MissedQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")
        ordering = ["-day", "-count", "query"]
        constraints = [models.UniqueConstraint(fields=["day", "language", "query"], name="missed_once_a_day")]

    def __str__(self) -> str:
        return self.query
