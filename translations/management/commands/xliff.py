"""Translations into files for translators and back: XLIFF, PO or workbooks."""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from glossary.entries import TAGS
from glossary.management.files import FileCommand
from translations.exchange import exporting, formats, importing


class Command(FileCommand):
    help = (
        "Exports translations to files, one a document (a zip where there are several), or imports such files. An "
        "import is all or nothing, overwrites nothing that is newer, and publishes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write translations to a file, a zip or into a folder")
        export.add_argument("to", type=Path, help="a folder that is there, or the file to write")
        export.add_argument("documents", nargs="*", metavar="KIND/ADDRESS", help="such as article/what-is-pain")
        export.add_argument("--format", choices=formats.FORMATS, default="xliff")
        export.add_argument("--language", choices=TAGS, default="", help="into this language")
        export.add_argument("--outdated", action="store_true", help="whose source has changed")
        export.add_argument("--untranslated", action="store_true", help="with something not translated yet")
        export.add_argument("--assignee", default="", help="user name of whose they are")
        load = actions.add_parser("import", help="read files that translators have filled in")
        load.add_argument("files", nargs="+", type=Path)
        load.add_argument("--user", default="", help="user name of who answers for it; needed unless --dry-run")
        load.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def export(self, options: argparse.Namespace) -> None:
        assignee = self.user(options.assignee)
        if options.assignee and assignee is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": options.assignee})
        try:
            found = exporting.chosen(
                options.documents,
                language=options.language,
                outdated=options.outdated,
                untranslated=options.untranslated,
                assignee=assignee,
            )
        except ValueError as error:
            raise CommandError(_("There is no document “%(name)s”.") % {"name": error}) from error
        count = found.count()
        if not count:
            raise CommandError(_("There is nothing of the kind to export."))
        with self.progress() as progress:

            def track(items: Any) -> Any:
                return progress.track(items, description=_("Export"))

            if options.to.is_dir():
                for file in exporting.files(found, track):
                    path = options.to / formats.name_of(options.format, file)
                    self.save(path, partial(formats.FORMATS[options.format].write, file))
            else:
                self.save(options.to, lambda out: exporting.write(options.format, found, out, track))
        self.stdout.write(_("%(file)s: %(count)d translations.") % {"file": options.to, "count": count})

    def load(self, options: argparse.Namespace) -> None:
        user = self.user(options.user)
        if user is None and not options.dry_run:
            raise CommandError(_("Name the user who answers for the import: --user NAME."))
        with self.progress() as progress:
            found = formats.read_all(
                (str(path), path.open("rb")) for path in progress.track(options.files, description=_("Reading"))
            )
            plan = importing.plan(found, user, lambda items: progress.track(items, description=_("Comparing")))
            if not options.dry_run:
                comment = _("Import of %(file)s") % {"file": ", ".join(path.name for path in options.files)[:150]}
                importing.carry_out(plan, user, comment, lambda items: progress.track(items, description=_("Drafts")))
        for line in importing.report(plan):
            self.stdout.write(line)
        if options.dry_run:
            self.stdout.write(_("Only looked at: nothing was changed."))

    def user(self, name: str) -> Any:
        return get_user_model().objects.filter(username=name).first() if name else None
