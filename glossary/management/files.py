"""What the commands that write a file and read one have in common."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from glossary.faults import Refused
from publishing.management.progress import ProgressCommand

T = TypeVar("T")


class FileCommand(ProgressCommand):
    """Has the actions `export` and `import`. A file that is refused is told with all its faults."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            (self.export if options["action"] == "export" else self.load)(argparse.Namespace(**options))
        except Refused as refused:
            raise CommandError(_("%(faults)s\nNothing was done.") % {"faults": refused}) from refused
        except OSError as error:
            raise CommandError(str(error)) from error

    def export(self, options: argparse.Namespace) -> None:
        raise NotImplementedError

    def load(self, options: argparse.Namespace) -> None:
        raise NotImplementedError

    def save(self, path: Path, write: Callable[[IO[bytes]], T]) -> T:
        """Beside it and then into its place, so that a file of that name is whole or as it was."""
        unfinished = path.with_name(f"{path.name}.part")
        try:
            with unfinished.open("wb") as out:
                done = write(out)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return done
