"""Writes the whole index anew, while the site is running."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.management.progress import ProgressCommand
from publishing.models import Edition
from search import indexing
from search.models import Entry


class Command(ProgressCommand):
    help = "Writes the search index anew: after an update that changes how texts are indexed, or a restored backup."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = list(indexing.indexable().order_by("pk").values_list("pk", flat=True))
        with self.progress() as progress:
            task = progress.add_task(_("Search index"), total=len(keys))
            for batch in indexing.batches(keys):
                indexing.write(Edition.objects.filter(pk__in=batch))
                progress.advance(task, len(batch))
        over = Entry.objects.exclude(edition__in=indexing.indexable()).values_list("edition", flat=True)
        indexing.remove(over)
        done = ngettext("%(count)d edition indexed.", "%(count)d editions indexed.", len(keys))
        self.stdout.write(done % {"count": len(keys)})
