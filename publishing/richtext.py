"""Rich text: the only HTML that a document may hold, and what "blank" means.

Pure: imports no model and runs no query.
"""

import html
import re

import nh3

TAGS = {
    "h2", "h3", "p", "br", "ul", "ol", "li", "a", "strong", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # said, because nh3 otherwise keeps title and lang on every element
    "a": {"href"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
}
URL_SCHEMES = {"http", "https", "mailto", "tel"}

# The same schema as the editor in the admin offers; the cleaner above holds it for every other way in.
EDITOR_EXTENSIONS = {
    "Bold": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": sorted(URL_SCHEMES)},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}

_cleaner = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title"},
    attributes=ATTRIBUTES,
    url_schemes=URL_SCHEMES,
    link_rel=None,
    strip_comments=True,
)
_BLOCK_END = re.compile(r"<(?:br\s*/?|/(?:p|h2|h3|li|blockquote|tr|th|td))>")
_TAG = re.compile(r"<[a-zA-Z/!?][^>]*>")
# Word writes a line break as a vertical tab.
_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c]")
# What a database cannot store (NUL is refused by PostgreSQL, a lone surrogate by both) or XML, and so a feed, not hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(value: str) -> str:
    """The value with everything taken away that the schema does not know; clean(clean(x)) == clean(x).

    What holds no text at all comes back as the empty string, so that an emptied editor is an empty field.
    """
    # Twice, because such a character also comes as an entity, &#1;, and taking it out of an address can make another
    # address of it.
    for _ in range(2):
        value = _cleaner.clean(_storable(value))
    return "" if is_blank(value) else value


def clean_text(value: str) -> str:
    """Plain text without the characters that cannot be stored, lines ending in one way, and no space around it."""
    return _storable(value).strip()


def is_blank(value: str | None) -> bool:
    """The one meaning of blank: None, nothing, white space and characters that cannot be seen, or tags around these."""
    return not value or not any(char.isprintable() and char != " " for char in plain_text(value))


def plain_text(value: str) -> str:
    """The words of rich text, a line per block; what is not markup (a "<" between numbers) stays."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", value))).strip()


def _storable(value: str) -> str:
    return _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", value))
