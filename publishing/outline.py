"""Rich text as a page shows it: cleaned once more, its headings with ids, and a list of these.

Pure: imports no model and runs no query.
"""

import re
from dataclasses import dataclass

from . import richtext

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


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
