"""Rich text as a page shows it: cleaned once more, its headings with ids and a list of these, wide tables scrolling.

Pure: imports no model and runs no query.
"""

import re
from dataclasses import dataclass

from . import richtext

MANY_COLUMNS = 4  # more than stand side by side on a phone with their words whole
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_TABLE = re.compile(r"<table>(?:(?!<table>).)*?</table>", re.DOTALL)
_CELL = re.compile(r"<t[hd][ >]")


@dataclass(frozen=True)
class Heading:
    id: str
    text: str


def outline(html: str, prefix: str = "section") -> tuple[str, list[Heading]]:
    """The text with an id on every h2, and its h2 in order.

    The ids are numbers: short, the same in both languages of a text, and fixed for as long as the edition is.
    """
    headings: list[Heading] = []

    def with_id(match: re.Match[str]) -> str:
        heading = Heading(f"{prefix}-{len(headings) + 1}", richtext.plain_text(match[1]))
        headings.append(heading)
        return f'<h2 id="{heading.id}">{match[1]}</h2>'

    return _HEADING.sub(with_id, richtext.clean(html)), headings


def scrolling(html: str, label: str) -> str:
    """Cleaned text whose tables of many columns scroll, each in a place of its own that the keyboard can reach.

    `label` says in HTML what such a place is to those who do not see it.
    """

    def in_its_place(match: re.Match[str]) -> str:
        columns = max(len(_CELL.findall(row)) for row in match[0].split("</tr>"))
        if columns < MANY_COLUMNS:
            return match[0]
        return f'<div class="scroll" role="group" aria-label="{label}" tabindex="0">{match[0]}</div>'

    return _TABLE.sub(in_its_place, html)
