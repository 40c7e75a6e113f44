"""The glossary into a file and back, as `.tbx` or `.xlsx`."""

import argparse
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from glossary import exchange
from glossary.management.files import FileCommand


class Command(FileCommand):
    help = (
        "Exports the drafts of all terms to a file, or imports drafts from one. The ending says which format: .tbx "
        "(ISO 30042, TBX-Basic) or .xlsx. An import is all or nothing and publishes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write all terms to a file")
        export.add_argument("file", type=Path)
        load = actions.add_parser("import", help="read terms from a file")
        load.add_argument("file", type=Path)
        load.add_argument("--user", default="", help="user name of who answers for it; needed unless --dry-run")
        load.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def export(self, options: argparse.Namespace) -> None:
        path: Path = options.file
        kind = path.suffix.removeprefix(".").lower()
        if kind not in exchange.FORMATS:
            raise CommandError(_("End the file's name in .tbx or .xlsx."))
        with self.progress() as progress:
            progress.add_task(_("Export"), total=None)
            count = self.save(path, lambda out: exchange.write(kind, out))
        self.stdout.write(_("%(file)s: %(count)d terms.") % {"file": path, "count": count})

    def load(self, options: argparse.Namespace) -> None:
        user = get_user_model().objects.filter(username=options.user).first()
        if user is None and not options.dry_run:
            raise CommandError(_("Name the user who answers for the import: --user NAME."))
        with self.progress() as progress:
            task = progress.add_task(_("Reading and comparing"), total=None)
            with options.file.open("rb") as file:
                plan = exchange.plan(exchange.read(file))
            progress.remove_task(task)
            if not options.dry_run:
                comment = _("Import of %(file)s") % {"file": options.file.name}
                exchange.carry_out(plan, user, comment, lambda items: progress.track(items, description=_("Drafts")))
        for change in plan.changed:
            self.stdout.write(change.entry.slug)
            for difference in change.differences:
                self.stdout.write(f"  {difference.label}: {difference.before or '—'} → {difference.after or '—'}")
        self.stdout.write(str(plan))
        if options.dry_run:
            self.stdout.write(_("Only looked at: nothing was changed."))
