"""Asks for suggestions beforehand, so that they are there when the translators come."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.management.progress import ProgressCommand
from publishing.models import Document
from publishing.workflow import Refused
from translations import acts, following, suggestions
from translations.models import Unit

PATIENCE = 3
"""So many texts in a row the server may fail; then nobody waits for it any more."""


class Command(ProgressCommand):
    help = (
        "Asks for suggestions for texts that are not translated or outdated. Translators see them at the desk; no "
        "document is changed. Each is kept as soon as it is there: broken off and begun again, it goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", required=True, choices=list(dict(settings.LANGUAGES)))
        parser.add_argument("--document", default="", help="of one document alone, as article/what-is-pain")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--missing", action="store_true", help="only texts that are not translated")
        which.add_argument("--outdated", action="store_true", help="only texts whose source has changed since")

    def handle(self, *args: Any, **options: Any) -> None:
        units = Unit.objects.filter(translation__language=options["language"], suggestion="").exclude(source="")
        missing, outdated = Q(target=""), Q(is_outdated=True)
        units = units.filter(missing if options["missing"] else outdated if options["outdated"] else missing | outdated)
        if options["document"]:
            units = units.of(self.document(options["document"]))
        keys = list(units.order_by("translation_id", "pk").values_list("pk", flat=True))
        made = 0
        try:
            for key in self.tracked(keys):
                made += self.suggest(key)
        except KeyboardInterrupt as interrupted:
            raise CommandError(_("Broken off. %(made)s") % {"made": self.said(made)}, returncode=130) from interrupted
        except suggestions.Failing as failing:
            raise CommandError(f"{failing} {self.said(made)}") from failing
        self.stdout.write(self.said(made))
        if left := len(keys) - made:
            none = ngettext("No suggestion for %(count)d text.", "No suggestion for %(count)d texts.", left)
            self.stdout.write(none % {"count": left})

    def document(self, name: str) -> Document:
        kind, _slash, slug = name.partition("/")
        models = {model._meta.model_name: model for model in following.documents()}
        if kind not in models:
            kinds = ", ".join(sorted(filter(None, models)))
            raise CommandError(_("Name the document as kind/slug; the kinds are: %(kinds)s.") % {"kinds": kinds})
        document = models[kind]._default_manager.filter(slug=slug).first()
        if document is None:
            raise CommandError(_("There is no document %(name)s.") % {"name": name})
        return document

    def tracked(self, keys: list[int]) -> Any:
        with self.progress() as progress:
            yield from progress.track(keys, description=_("Suggestions"))

    def suggest(self, key: int) -> bool:
        """Whether there is one now. Waits for a server that failed, and goes on with the next text."""
        unit = Unit.objects.select_related("translation").filter(pk=key).first()
        if unit is None:
            return False
        try:
            suggestions.keep(unit, suggestions.compose(unit))
        except suggestions.Failing:
            self.failed += 1
            if self.failed == PATIENCE:
                raise
            time.sleep(suggestions.PAUSE)
            return False
        except (Refused, acts.Stale):
            return False
        self.failed = 0
        return True

    failed = 0

    def said(self, made: int) -> str:
        return ngettext("%(count)d suggestion made.", "%(count)d suggestions made.", made) % {"count": made}
