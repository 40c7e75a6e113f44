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
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}}
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
_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
# Neither database can store these: NUL is refused by PostgreSQL, a lone surrogate by both.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def clean(value: str) -> str:
    """The value with everything taken away that the schema does not know; clean(clean(x)) == clean(x).

    What holds no text at all comes back as the empty string, so that an emptied editor is an empty field.
    """
    value = _UNSTORABLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    cleaned = _cleaner.clean(value)
    return "" if is_blank(cleaned) else cleaned


def clean_text(value: str) -> str:
    """Plain text without the characters that cannot be stored, and without space around it."""
    return _UNSTORABLE.sub("", value).strip()


def is_blank(value: str | None) -> bool:
    """The one meaning of blank: None, nothing, white space and characters that cannot be seen, or tags around these."""
    return not value or not _INVISIBLE.sub("", plain_text(value))


def plain_text(value: str) -> str:
    """The words of rich text, a line per block; what is not markup (a "<" between numbers) stays."""
    return html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", value))).strip()
