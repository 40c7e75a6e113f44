"""XLIFF 1.2 (OASIS) out and in, for tools that know no newer one. Imports no model and runs no query.

A text is a `trans-unit`; where rich text has its paragraphs, headings, items and cells it is segmented by `mrk`. Tags
are `bpt`, `ept` and `ph`, which hold them as they stand. Checksums are in a context group, terms are notes.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from glossary import xmlstream
from glossary.faults import Faults, refuse
from glossary.xmlstream import Limits, Node
from translations import inline
from translations.inline import Part, Token

from . import interchange
from .interchange import Entry, File, Row
from .xliff import SOURCE, TARGET, WRITTEN, cut, element

CORE = "urn:oasis:names:tc:xliff:document:1.2"
SUFFIX = "xlf"
CONTENT_TYPE = "application/x-xliff+xml"
LIMITS = Limits(depth=100, nodes=200_000)

STATE = {"initial": "needs-translation", "translated": "translated", "reviewed": "signed-off", "final": "final"}
STATE_READ = {word: state for state, word in STATE.items()} | dict.fromkeys(
    (
        *("new", "needs-adaptation", "needs-l10n", "needs-review-adaptation", "needs-review-l10n"),
        "needs-review-translation",
    ),
    "initial",
)
KINDS = {"strong": "bold", "br": "lb", "a": "link"}


# Writing --------------------------------------------------------------------------------------------------------------


def write(file: File, out: IO[bytes]) -> None:
    """The same file gives the same bytes."""
    source, target = interchange.tag(file.source_language), interchange.tag(file.target_language)
    out.write(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="{CORE}" version="1.2">
<file original={quoteattr(file.original)} source-language="{source}" target-language="{target}" datatype="html">
<header>{element("note", file.title) if file.title else ""}</header>
<body>
""".encode()
    )
    for entry in file.entries:
        out.write("".join(f"{line}\n" for line in _unit(entry)).encode())
    out.write(b"</body>\n</file>\n</xliff>\n")


def _unit(entry: Entry) -> Iterator[str]:
    rows = entry.rows or [Row(entry.source, entry.target, entry.state)]
    sides = _Sides(rows, entry.is_rich)
    approved = ' approved="yes"' if entry.state == "final" else ""
    kind = "html" if entry.is_rich else "plaintext"
    yield f'<trans-unit id="{entry.id}" datatype="{kind}" xml:space="preserve"{approved}>'
    yield f"<source>{sides.source(is_segmented=False)}</source>"
    if entry.is_rich:
        yield f"<seg-source>{sides.source(is_segmented=True)}</seg-source>"
    if entry.written:
        yield f'<target state="{STATE[entry.state]}">{sides.target(is_segmented=entry.is_rich)}</target>'
    checksums = {SOURCE: entry.checksum, TARGET: interchange.digest(entry.target)}
    if entry.written != entry.target:
        checksums[WRITTEN] = interchange.digest(entry.written)
    held = "".join(element("context", value, **{"context-type": f"x-{name}"}) for name, value in checksums.items())
    yield f'<context-group purpose="information">{held}</context-group>'
    for note in entry.notes:
        yield element("note", note)
    for term in entry.terms:
        yield element("note", str(term), **{"from": "glossary"})
    yield "</trans-unit>"


class _Sides:
    def __init__(self, rows: Sequence[Row], is_rich: bool) -> None:
        self.rows = [cut(row, is_rich) for row in rows]
        ids = count(1)
        self.ids: list[tuple[dict[int, int], dict[int, int]]] = []
        for sources, targets in self.rows:
            own = {code.number: next(ids) for part in sources for code in part.codes}
            theirs: dict[int, int] = {}
            for source, target in zip(sources, targets, strict=False):
                pairs = inline.pairing(source, target)
                for code in target.codes:
                    theirs[code.number] = own[pairs[code.number]] if code.number in pairs else next(ids)
            self.ids.append((own, theirs))

    def source(self, *, is_segmented: bool) -> str:
        mids = count(1)
        return "".join(
            _markup(part, ids, next(mids) if part.has_words else 0, is_segmented)
            for (sources, _targets), (ids, _theirs) in zip(self.rows, self.ids, strict=True)
            for part in sources
        )

    def target(self, *, is_segmented: bool) -> str:
        mids = count(1)
        found = []
        for (sources, targets), (_own, ids) in zip(self.rows, self.ids, strict=True):
            numbers = [next(mids) if part.has_words else 0 for part in sources]
            found += [_markup(part, ids, mid, is_segmented) for part, mid in zip(targets, numbers, strict=False)]
        return "".join(found)


def _markup(part: Part, ids: dict[int, int], mid: int, is_segmented: bool) -> str:
    said = "".join(_token(token, ids) for token in part.tokens)
    return f'<mrk mtype="seg" mid="{mid}">{said}</mrk>' if is_segmented and mid else said


def _token(token: Token, ids: dict[int, int]) -> str:
    if token.kind == "words":
        return escape(token.text)
    tag = {"open": "bpt", "close": "ept", "alone": "ph"}[token.kind]
    kind = {} if token.kind == "close" else {"ctype": KINDS.get(token.name, f"x-html-{token.name}")}
    return element(tag, token.text, id=str(ids[token.number]), **kind)


# Reading --------------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> list[File]:
    """What the file says, or `Refused` with what is wrong and in which line."""
    faults = Faults()
    files: dict[int, File] = {}
    for around, node in xmlstream.trees(file, {(CORE, "trans-unit"), (CORE, "header")}, _check_root, LIMITS):
        outer = next((one for one in around if one.name == "file"), None)
        if outer is None:
            faults.add(_("This stands outside of a file."), node.place)
            continue
        if id(outer) not in files:
            files[id(outer)] = _file(outer, faults)
        if node.name == "trans-unit":
            files[id(outer)].entries.append(_Unit(node, faults).entry())
        else:
            files[id(outer)].title = next((child.text for child in node.children if child.name == "note"), "")
    interchange.refuse_doubles(files.values(), faults)
    faults.raise_any()
    return list(files.values())


def _check_root(root: Node) -> None:
    if (root.namespace, root.name) != (CORE, "xliff") or root.attributes.get("version") != "1.2":
        raise refuse(_("This is not an XLIFF 1.2 file."), root.place)


def _file(node: Node, faults: Faults) -> File:
    source = interchange.language(node.attributes.get("source-language", ""), faults, node.place)
    target = interchange.language(node.attributes.get("target-language", ""), faults, node.place)
    return File(node.attributes.get("original", ""), source, target, place=node.place)


class _Unit:
    def __init__(self, node: Node, faults: Faults) -> None:
        self.node, self.faults = node, faults
        self.is_rich = node.attributes.get("datatype") != "plaintext"

    def fault(self, reason: str, node: Node, id: str = "") -> None:
        self.faults.add(reason % {"id": id[:80]}, node.place)

    def entry(self) -> Entry:
        held = {child.name: child for child in reversed(self.node.children) if child.namespace == CORE}
        target = held.get("target")
        if "source" not in held:
            self.fault(_("The text “%(id)s” has no source."), self.node, self.node.attributes.get("id", ""))
        source_text = self.text(held.get("source"))
        target_text = self.text(target)
        if not target_text.strip():
            target_text = ""
        said = {
            context.attributes.get("context-type", "").removeprefix("x-"): context.text.strip()
            for group in self.node.children
            if group.name == "context-group"
            for context in group.children
        }
        return Entry(
            self.node.attributes.get("id", ""),
            source_text,
            target_text,
            self.is_rich,
            self.state(target),
            [note.text for note in self.node.children if note.name == "note" and "from" not in note.attributes],
            checksum=said.get(SOURCE, ""),
            target_checksum=said.get(TARGET),
            is_partial=bool(target_text) and self.is_partial(held.get("seg-source"), target),
            is_touched=interchange.digest(target_text) != (said.get(WRITTEN) or said.get(TARGET)),
            place=self.node.place,
            target_place=(target or self.node).place,
        )

    def state(self, target: Node | None) -> str:
        state = target.attributes.get("state", "translated") if target else "needs-translation"
        if state not in STATE_READ and not state.startswith("x-"):
            self.fault(_("The state “%(id)s” is unknown."), target or self.node, state)
        return STATE_READ.get(state, "initial")

    def is_partial(self, segmented: Node | None, target: Node | None) -> bool:
        if segmented is None or target is None:
            return False
        done = {mrk.attributes.get("mid") for mrk in _segments(target) if mrk.text.strip()}
        # A tool may have taken the marks away from what is whole.
        return bool(done) and any(
            mrk.attributes.get("mid") not in done for mrk in _segments(segmented) if mrk.text.strip()
        )

    def text(self, node: Node | None) -> str:
        """As a draft would have it; a code that is there twice or half is a fault."""
        found: list[str] = []
        seen: set[tuple[str, str]] = set()
        if node is not None:
            self._collect(node, found, seen)
            for name, other, reason in (
                ("bpt", "ept", _("The code “%(id)s” is opened and not closed.")),
                ("ept", "bpt", _("The code “%(id)s” is closed and not open.")),
            ):
                for kind, id in sorted(seen):
                    if kind == name and (other, id) not in seen:
                        self.fault(reason, node, id)
        return "".join(found)

    def _collect(self, node: Node, found: list[str], seen: set[tuple[str, str]]) -> None:
        for part in node.content:
            if isinstance(part, str):
                found.append(inline.escape(part) if self.is_rich else part)
            elif part.name in ("bpt", "ept", "ph", "it"):
                id = part.attributes.get("rid") or part.attributes.get("id", "")
                key = part.name, id
                if not id or key in seen:
                    self.fault(_("The code “%(id)s” is there twice, or has no id."), part, id)
                seen.add(key)
                found.append(part.text)
            elif part.name == "mrk":
                self._collect(part, found, seen)
            else:
                self.fault(_("“%(id)s” cannot stand in a text."), part, part.name)


def _segments(node: Node) -> list[Node]:
    return [child for child in node.children if child.name == "mrk" and child.attributes.get("mtype") == "seg"]
