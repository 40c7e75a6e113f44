"""Two languages of a rich text side by side: by paragraph where they have the same ones, else by section.

Pure: imports no model and runs no query.
"""

from html import escape
from itertools import groupby

from lxml import html as lxml_html

from publishing import richtext


def blocks(html: str) -> list[str]:
    """The paragraphs, headings, lists and tables of a rich text, cleaned, in order."""
    return top_level(richtext.clean(html))


def top_level(html: str) -> list[str]:
    """The elements that stand in no other one; text that does becomes a paragraph."""
    found: list[str] = []
    for each in lxml_html.fragments_fromstring(html):
        if isinstance(each, str):
            found += _paragraph(each)
        else:
            tail, each.tail = each.tail, None
            found += [lxml_html.tostring(each, encoding="unicode"), *_paragraph(tail)]
    return found


def pairs(first: str, second: str) -> list[tuple[str, str]]:
    """Nothing of either is left out, and each stays in its order."""
    one, other = sections(first), sections(second)
    if len(one) != len(other):
        return [("".join(blocks(first)), "".join(blocks(second)))]
    found: list[tuple[str, str]] = []
    for mine, yours in zip(one, other, strict=True):
        if [tag(block) for block in mine] == [tag(block) for block in yours]:
            found += zip(with_headings(mine), with_headings(yours), strict=True)
        else:
            found.append(("".join(mine), "".join(yours)))
    return found


def with_headings(blocks: list[str]) -> list[str]:
    """Headings together with what follows them, so that no page ends on one."""
    found: list[str] = []
    headings = ""
    for block in blocks:
        headings += block
        if tag(block) not in {"h2", "h3"}:
            found.append(headings)
            headings = ""
    return [*found, headings] if headings else found


def sections(html: str) -> list[list[str]]:
    """The blocks, a heading of the first rank and what follows it together."""
    number = 0
    numbered = []
    for block in blocks(html):
        number += tag(block) == "h2"
        numbered.append((number, block))
    return [[block for _number, block in group] for _number, group in groupby(numbered, key=lambda each: each[0])]


def tag(block: str) -> str:
    return block[1:].partition(">")[0].partition(" ")[0]


def _paragraph(text: str | None) -> list[str]:
    """Of text that stands by itself, if there is any."""
    return [f"<p>{escape(text.strip())}</p>"] if text and text.strip() else []
