"""What takes long says how far it is, to who looks on; nothing of it is in a log."""

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import Progress


class ProgressCommand(BaseCommand):
    def progress(self) -> Progress:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        return Progress(console=console, transient=True, disable=not self.stdout.isatty())
