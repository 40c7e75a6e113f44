from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
