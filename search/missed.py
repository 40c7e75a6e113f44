"""What readers looked for in vain, counted for the editors. Nothing that tells who is kept."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from publishing.feedback import without_contacts

from . import text
from .models import Missed

LONGEST = 100
A_DAY = 500
"""Different questions kept of one day: no place to pile up rubbish."""


def record(question: str, language: str) -> None:
    """Counts a question without a hit, folded so that the same words are the same row."""
    query = " ".join(text.runs(without_contacts(question)))[:LONGEST].strip()
    if not query:
        return
    today = timezone.localdate()
    same = Missed.objects.filter(day=today, language=language, query=query)
    with transaction.atomic():
        if same.update(count=F("count") + 1) or Missed.objects.filter(day=today).count() >= A_DAY:
            return
        Missed.objects.filter(day__lt=today - datetime.timedelta(days=settings.FEEDBACK_DAYS)).delete()
        # Where two come at once, one is counted.
        Missed.objects.bulk_create([Missed(day=today, language=language, query=query)], ignore_conflicts=True)
