"""The translation memory into a TMX file and back."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress

from glossary.faults import Refused
from translations import memory, tmx
from translations.models import Segment


class Command(BaseCommand):
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
            (self.export if options["action"] == "export" else self.load)(argparse.Namespace(**options))
        except Refused as refused:
            raise CommandError(_("%(faults)s\nNothing was done.") % {"faults": refused}) from refused
        except OSError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as interrupt:
            raise CommandError(_("Interrupted. Nothing was done.")) from interrupt

    def export(self, options: argparse.Namespace) -> None:
        path: Path = options.file
        # Beside it and then into its place, so that a file of that name is whole or as it was.
        unfinished = path.with_name(f"{path.name}.part")
        try:
            with self.progress() as progress, unfinished.open("wb") as out:
                # No more than that: a translation that is there twice is written once.
                total = Segment.objects.count()
                count = tmx.write(progress.track(memory.entries(), total=total, description=_("Export")), out)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
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

    def progress(self) -> Progress:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        return Progress(console=console, transient=True, disable=not self.stdout.isatty())
