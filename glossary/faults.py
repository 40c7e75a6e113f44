"""What is wrong in a file that somebody sends, where, and what to do about it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

MAX_BYTES = 50_000_000  # of a file
MAX_FAULTS = 100  # who has a hundred of them has one, again and again


class Line(NamedTuple):
    """A place in a text file."""

    number: int

    def __str__(self) -> str:
        return _("line %(number)d") % {"number": self.number}


class Row(NamedTuple):
    """A place in a workbook."""

    sheet: str
    number: int

    def __str__(self) -> str:
        return _("sheet “%(sheet)s”, row %(number)d") % {"sheet": self.sheet, "number": self.number}


class Within(NamedTuple):
    """A place in a file of a zip."""

    name: str
    place: Line | Row | None

    def __str__(self) -> str:
        return _("%(name)s, %(place)s") % {"name": self.name, "place": self.place} if self.place else self.name


Place = Line | Row | Within | None


class Fault(NamedTuple):
    """What is wrong in a file, where, and what to do about it."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return _("%(place)s: %(reason)s") % {"place": self.place, "reason": self.reason} if self.place else self.reason


class Refused(Exception):
    """The file was not taken, not even in part."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def refuse(reason: str, place: Place = None) -> Refused:
    return Refused([Fault(place, reason)])


def too_large(limit: int) -> str:
    """`limit`: bytes."""
    return _("The file is larger than %(limit)d MB. Split it.") % {"limit": limit // 1_000_000}


class Faults:
    """Collects them, so that a file is not corrected one at a time; gives up when there are too many."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, reason: str, place: Place = None) -> None:
        self.found.append(Fault(place, reason))
        if len(self.found) >= MAX_FAULTS:
            raise Refused([*self.found, Fault(None, _("There may be more; looking for them stopped here."))])

    def raise_any(self) -> None:
        if self.found:
            raise Refused(self.found)
