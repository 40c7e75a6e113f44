"""The translation memory into a TMX file and back."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from glossary.management.files import FileCommand
from translations import memory, tmx
from translations.models import Segment


class Command(FileCommand):
    help = (
        "Exports the translation memory as TMX 1.4, or imports such a file into it. An import adds what is not there "
        "yet; it is all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write the memory to a file")
        export.add_argument("file", type=Path)
        load = actions.add_parser("import", help="read segments from a file")
        load.add_argument("file", type=Path)
        load.add_argument("--dry-run", action="store_true", help="say what would be added, and add nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            super().handle(*args, **options)
        except KeyboardInterrupt as interrupt:
            raise CommandError(_("Interrupted. Nothing was done.")) from interrupt

    def export(self, options: argparse.Namespace) -> None:
        path: Path = options.file
        with self.progress() as progress:
            # No more than that: a translation that is there twice is written once.
            total = Segment.objects.count()
            entries = progress.track(memory.entries(), total=total, description=_("Export"))
            count = self.save(path, lambda out: tmx.write(entries, out))
        self.stdout.write(_("%(file)s: %(count)d segments.") % {"file": path, "count": count})

    def load(self, options: argparse.Namespace) -> None:
        with self.progress() as progress:
            # Twice, so that what is refused is refused before anybody else has to wait for the database.
            with progress.open(options.file, "rb", description=_("Reading")) as file:
                reader = tmx.Reader(file)
                for _entry in reader:
                    pass
            with progress.open(options.file, "rb", description=_("Comparing")) as file:
                taken = memory.take(tmx.Reader(file), is_dry=options.dry_run)
        said = _("Segments: %(new)d new, %(known)d known already.") % taken._asdict()
        if reader.left_out:
            found = ", ".join(f"{name} × {count}" for name, count in sorted(reader.left_out.items()))
            said += " " + _("Left out, because there is no place for it here: %(found)s.") % {"found": found}
        self.stdout.write(said)
        if options.dry_run:
            self.stdout.write(_("Only looked at: nothing was changed."))
