"""Whether both texts are built alike: headings, lists, tables and links. Pure."""

import re
from collections import Counter
from collections.abc import Iterator

from .pairs import Found, Pair, Span, Text

_TAG = re.compile(r"<(h2|h3|ol|ul|li|table|tr|td|th|a)\b([^<>]*)>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_OWN_LANGUAGE = re.compile(r"^/(?:zh-hans|zh-hant|en)(?=/|$)")

_PARTS = (("W008", ("h2", "h3")), ("W009", ("ol", "ul", "li")), ("W011", ("table", "tr", "td", "th")))


def check(pair: Pair) -> Iterator[Found]:
    if not (pair.source.is_rich and pair.target.is_rich):
        return
    source, target = _tags(pair.source), _tags(pair.target)
    for id, names in _PARTS:
        theirs = [tag for tag in source if tag[0] in names]
        ours = [tag for tag in target if tag[0] in names]
        if [name for name, _rest, _span in theirs] != [name for name, _rest, _span in ours]:
            at = next(
                (at for at, (one, other) in enumerate(zip(theirs, ours, strict=False)) if one[0] != other[0]),
                min(len(theirs), len(ours)),
            )
            words = {"source": str(len(theirs)), "target": str(len(ours))}
            yield Found(id, "warning", _place(theirs, at), _place(ours, at), words)
    theirs = [tag for tag in source if tag[0] == "a"]
    ours = [tag for tag in target if tag[0] == "a"]
    missing = Counter(address for _name, address, _span in theirs)
    missing.subtract(address for _name, address, _span in ours)
    for address, number in sorted(missing.items()):
        found = next((span for _name, other, span in (theirs if number > 0 else ours) if other == address), None)
        if number > 0:
            yield Found("W010", "warning", found, None, {"link": address})
        elif number < 0:
            yield Found("W010", "warning", None, found, {"link": address})


def _tags(text: Text) -> list[tuple[str, str, Span]]:
    """Name, address of a link, and place."""
    found = []
    for match in _TAG.finditer(text.stored):
        address = ""
        if match[1].lower() == "a" and (said := _ADDRESS.search(match[2])):
            address = _OWN_LANGUAGE.sub("", said[1] or said[2] or "")
        found.append((match[1].lower(), address, Span(*match.span())))
    return found


def _place(tags: list[tuple[str, str, Span]], at: int) -> Span | None:
    return tags[at][2] if at < len(tags) else None
