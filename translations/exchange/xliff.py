"""XLIFF 2.1 (OASIS; on reading 2.0 too) out and in. Imports no model and runs no query.

A text is a unit, cut into segments where rich text has its paragraphs, headings, items and cells; what stands between
is `ignorable`. Tags within words are `pc` and `ph`, those of blocks `sc` and `ec`; the tags themselves are kept as
original data. Checksums are metadata of the unit, terms its glossary.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from glossary import xmlstream
from glossary.faults import Faults, Line, refuse
from glossary.xmlstream import Limits, Node
from translations import inline
from translations.inline import Part, Token

from . import interchange
from .interchange import STATES, Entry, File, Row

CORE = "urn:oasis:names:tc:xliff:document:2.0"
GLOSSARY = "urn:oasis:names:tc:xliff:glossary:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
VERSIONS = ("2.0", "2.1")
SUFFIX = "xlf"
CONTENT_TYPE = "application/xliff+xml"
LIMITS = Limits(depth=100, nodes=100_000)

SOURCE, TARGET, WRITTEN = "source-sha256", "target-sha256", "written-sha256"
RICH, PLAIN = "text:html", "text:plain"
KINDS = {"strong": 'type="fmt" subType="xlf:b"', "br": 'type="fmt" subType="xlf:lb"', "a": 'type="link"'}


# Writing --------------------------------------------------------------------------------------------------------------


def write(file: File, out: IO[bytes]) -> None:
    """The same file gives the same bytes."""
    languages = f'srcLang="{interchange.tag(file.source_language)}" trgLang="{interchange.tag(file.target_language)}"'
    out.write(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="{CORE}" xmlns:gls="{GLOSSARY}" xmlns:mda="{METADATA}" version="2.1" {languages} xml:space="preserve">
<file id="{_id(file.original)}" original={quoteattr(file.original)}>
""".encode()
    )
    if file.title:
        out.write(f"<notes>\n{element('note', file.title, category='title')}\n</notes>\n".encode())
    for entry in file.entries:
        out.write("".join(f"{line}\n" for line in _unit(entry)).encode())
    out.write(b"</file>\n</xliff>\n")


def _id(original: str) -> str:
    return original.replace("/", ".")


def _unit(entry: Entry) -> Iterator[str]:
    codes = _Codes()
    segments = list(_segments(entry, codes))  # first, since the original data stand before them
    yield f'<unit id="{entry.id}" type="{RICH if entry.is_rich else PLAIN}">'
    yield from _glossary(entry)
    yield from _metadata(entry)
    if entry.notes:
        yield "<notes>"
        for note in entry.notes:
            yield element("note", note)
        yield "</notes>"
    if codes.data:
        yield "<originalData>"
        for tag, id in codes.data.items():
            yield element("data", tag, id=id)
        yield "</originalData>"
    yield from segments
    yield "</unit>"


def _glossary(entry: Entry) -> Iterator[str]:
    terms = [term for term in entry.terms if term.translations or term.definition]
    if terms:
        yield "<gls:glossary>"
        for term in terms:
            yield "<gls:glossEntry>" + element("gls:term", term.term)
            yield from (element("gls:translation", name) for name in term.translations)
            if term.definition:
                yield element("gls:definition", term.definition)
            yield "</gls:glossEntry>"
        yield "</gls:glossary>"


def _metadata(entry: Entry) -> Iterator[str]:
    checksums = {SOURCE: entry.checksum, TARGET: interchange.digest(entry.target)}
    if entry.written != entry.target:
        checksums[WRITTEN] = interchange.digest(entry.written)
    said = "".join(element("mda:meta", value, type=name) for name, value in checksums.items())
    yield f'<mda:metadata><mda:metaGroup category="exchange">{said}</mda:metaGroup></mda:metadata>'


class _Codes:
    """Ids of the codes of a unit, and of the tags that they stand for."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self.ids = count(1)

    def data_of(self, tag: str) -> str:
        return self.data.setdefault(tag, f"d{len(self.data) + 1}")


def _segments(entry: Entry, codes: _Codes) -> Iterator[str]:
    numbers = count(1)
    for row in entry.rows or [Row(entry.source, entry.target, entry.state)]:
        sources, targets = cut(row, entry.is_rich)
        sides = _Sides(sources, targets, codes)
        for place, part in enumerate(sources):
            if part.has_words:
                state = row.state if targets else "initial"
                yield f'<segment id="s{next(numbers)}" state="{state}">'
            else:
                yield "<ignorable>"
            yield f"<source>{sides.markup(part, is_target=False)}</source>"
            if targets:
                yield f"<target>{sides.markup(targets[place], is_target=True)}</target>"
            yield "</segment>" if part.has_words else "</ignorable>"


def cut(row: Row, is_rich: bool) -> tuple[Sequence[Part], Sequence[Part]]:
    """Both texts of a row in parts that belong together: one each where they are built differently."""
    sources, targets = inline.parts(row.source, is_rich), inline.parts(row.target, is_rich)
    if not any(part.has_words for part in sources) or (targets and not inline.alike(sources, targets)):
        return [inline.whole(sources)], [inline.whole(targets)] if targets else []
    return sources, targets


class _Sides:
    """The codes of a row on both sides, under the same id where they are the same."""

    def __init__(self, sources: Sequence[Part], targets: Sequence[Part], codes: _Codes) -> None:
        self.codes = codes
        self.sources = {code.number: next(codes.ids) for part in sources for code in part.codes}
        self.targets: dict[int, int] = {}
        for source, target in zip(sources, targets, strict=False):
            own = inline.pairing(source, target)
            for code in target.codes:
                self.targets[code.number] = self.sources[own[code.number]] if code.number in own else next(codes.ids)
        # A tool shall keep what is in both; what the translation lacks already cannot be kept.
        self.kept = set(self.sources.values()) & (set(self.targets.values()) or set(self.sources.values()))

    def markup(self, part: Part, *, is_target: bool) -> str:
        ids = self.targets if is_target else self.sources
        closing = {token.number: token.text for token in part.tokens if token.kind == "close"}
        return "".join(self._markup(token, ids, closing) for token in part.tokens)

    def _markup(self, token: Token, ids: dict[int, int], closing: dict[int, str]) -> str:
        if token.kind == "words":
            return escape(token.text)
        if token.kind == "close" and not token.is_block:
            return "</pc>"
        id, data = ids[token.number], self.codes.data_of(token.text)
        kept = ' canCopy="no" canDelete="no"' if id in self.kept else ""
        kind = KINDS.get(token.name, f'type="other" subType="html:{token.name}"')
        if token.kind == "alone":
            return f'<ph id="{id}" {kind} dataRef="{data}"{kept}/>'
        if token.kind == "close":
            return f'<ec startRef="{id}" {kind} dataRef="{data}"{kept}/>'
        if token.is_block:
            return f'<sc id="{id}" {kind} dataRef="{data}"{kept}/>'
        end = self.codes.data_of(closing[token.number])
        return f'<pc id="{id}" {kind} dataRefStart="{data}" dataRefEnd="{end}"{kept}>'


def element(tag: str, text: str, **attributes: str) -> str:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{written}>{escape(text)}</{tag}>"


# Reading --------------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> list[File]:
    """What the file says, or `Refused` with what is wrong and in which line."""
    faults = Faults()
    files: dict[int, File] = {}
    for around, node in xmlstream.trees(file, {(CORE, "unit"), (CORE, "notes")}, check_root, LIMITS):
        outer = next((one for one in around if one.name == "file"), None)
        if outer is None:
            faults.add(_("This stands outside of a file."), node.place)
            continue
        if id(outer) not in files:
            files[id(outer)] = _file(around[0], outer, faults)
        if node.name == "unit":
            files[id(outer)].entries.append(_Unit(node, faults).entry())
        elif around[-1] is outer:
            files[id(outer)].title = next((note.text for note in node.children if _is_title(note)), "")
    interchange.refuse_doubles(files.values(), faults)
    faults.raise_any()
    return list(files.values())


def check_root(root: Node) -> None:
    version = root.attributes.get("version", "")[:80]
    if (root.namespace, root.name) != (CORE, "xliff"):
        reason = _("This is not an XLIFF file that can be read here: its first element is “%(name)s” (%(namespace)s).")
        raise refuse(reason % {"name": root.name[:80], "namespace": root.namespace[:80]}, root.place)
    if version not in VERSIONS:
        reason = _("The version of this XLIFF is “%(version)s”. Save it as 2.1, 2.0 or 1.2.")
        raise refuse(reason % {"version": version}, root.place)


def _is_title(note: Node) -> bool:
    return note.attributes.get("category") == "title"


def _file(root: Node, node: Node, faults: Faults) -> File:
    source = interchange.language(root.attributes.get("srcLang", ""), faults, root.place)
    target = interchange.language(root.attributes.get("trgLang", ""), faults, root.place)
    original = node.attributes.get("original") or node.attributes.get("id", "").replace(".", "/", 1)
    return File(original, source, target, place=node.place)


class _Unit:
    def __init__(self, node: Node, faults: Faults) -> None:
        self.node, self.faults = node, faults
        self.is_rich = node.attributes.get("type") != PLAIN
        self.said: set[tuple[str, Line]] = set()
        self.data: dict[str, str] = {}
        for held in node.children:
            if held.name == "originalData":
                for data in held.children:
                    if data.attributes.get("id", "") in self.data:
                        self.fault(_("The id “%(id)s” is there twice."), data, data.attributes.get("id", ""))
                    self.data[data.attributes.get("id", "")] = data.text

    def fault(self, reason: str, node: Node, id: str = "") -> None:
        fault = reason % {"id": id[:80]}, node.place
        if fault not in self.said:  # a text is gone through more than once
            self.said.add(fault)
            self.faults.add(*fault)

    def entry(self) -> Entry:
        parts = [node for node in self.node.children if node.name in ("segment", "ignorable")]
        sources = [_child(part, "source") for part in parts]
        targets = [_child(part, "target") for part in parts]
        source = self.text(sources)
        explicit = self.text(targets, is_whole=False)
        places: dict[int, Node | None] = {}
        is_partial, states = False, []
        for place, (part, own, target) in enumerate(zip(parts, sources, targets, strict=True)):
            if part.name == "segment" and own is not None and own.text.strip():
                if target is None or not target.text.strip():
                    is_partial = True
                states.append(self.state(part))
            order = (target.attributes.get("order", "") if target else "") or str(place + 1)
            if not order.isdecimal() or int(order) in places:
                self.fault(_("The order “%(id)s” is there twice, or is no number."), part, order)
                continue
            places[int(order)] = target if target is not None or part.name == "segment" else own
        target_text = self.text([places[place] for place in sorted(places)]) if explicit.strip() else ""
        if not parts:
            self.fault(_("The text “%(id)s” has no segment."), self.node, self.node.attributes.get("id", ""))
        said = {meta.attributes.get("type", ""): meta.text.strip() for meta in _metas(self.node)}
        written = said.get(WRITTEN) or said.get(TARGET)
        return Entry(
            self.node.attributes.get("id", ""),
            source,
            target_text,
            self.is_rich,
            min(states, key=STATES.index, default="initial"),
            _texts(self.node, "notes", "note"),
            checksum=said.get(SOURCE, ""),
            target_checksum=said.get(TARGET),
            is_partial=bool(target_text) and is_partial,
            is_touched=interchange.digest(explicit) != written,
            place=self.node.place,
            target_place=next((node.place for node in targets if node), self.node.place),
        )

    def state(self, part: Node) -> str:
        state = part.attributes.get("state", "initial")
        if state not in STATES:
            self.fault(_("The state “%(id)s” is unknown."), part, state)
            return "initial"
        return state

    def text(self, nodes: Iterable[Node | None], *, is_whole: bool = True) -> str:
        """What stands in these, as a draft would have it. In a whole text, a code that is there twice or half is a
        fault.
        """
        found: list[str] = []
        codes = _Open(self if is_whole else None)
        for node in nodes:
            if node is not None:
                self._collect(node, found, codes)
        codes.close(self.node)
        return "".join(found)

    def _collect(self, node: Node, found: list[str], codes: "_Open") -> None:
        for part in node.content:
            if isinstance(part, str):
                found.append(inline.escape(part) if self.is_rich else part)
                continue
            codes.take(part)
            match part.name:
                case "pc":
                    found.append(self.tag(part, "dataRefStart"))
                    self._collect(part, found, codes)
                    found.append(self.tag(part, "dataRefEnd"))
                case "ph" | "sc" | "ec":
                    found.append(self.tag(part, "dataRef"))
                case "mrk":
                    self._collect(part, found, codes)
                case "sm" | "em":
                    pass
                case _:
                    self.fault(_("“%(id)s” cannot stand in a text."), part, part.name)

    def tag(self, code: Node, attribute: str) -> str:
        reference = code.attributes.get(attribute, "")
        if reference not in self.data:
            self.fault(_("The code refers to “%(id)s”, which is not among the original data."), code, reference)
        return self.data.get(reference, "")


class _Open:
    """Whether every code is there once and every pair is opened and closed."""

    def __init__(self, unit: _Unit | None) -> None:
        self.unit = unit
        self.seen: set[str] = set()
        self.open: dict[str, Node] = {}

    def take(self, code: Node) -> None:
        if self.unit is None:
            return
        id = code.attributes.get("startRef" if code.name == "ec" else "id", "")
        if code.name in ("pc", "ph", "sc"):
            if not id or id in self.seen or "copyOf" in code.attributes:
                self.unit.fault(_("The code “%(id)s” is there twice, or has no id."), code, id)
            self.seen.add(id)
        if code.name == "sc":
            self.open[id] = code
        elif code.name == "ec" and self.open.pop(id, None) is None:
            self.unit.fault(_("The code “%(id)s” is closed and not open."), code, id)

    def close(self, node: Node) -> None:
        for id, code in self.open.items():
            assert self.unit is not None
            self.unit.fault(_("The code “%(id)s” is opened and not closed."), code, id)


def _child(node: Node, name: str) -> Node | None:
    return next((child for child in node.children if child.name == name), None)


def _metas(unit: Node) -> Iterator[Node]:
    for node in unit.children:
        if node.namespace == METADATA:
            for group in node.children:
                yield from group.children


def _texts(node: Node, holder: str, name: str) -> list[str]:
    return [
        child.text for held in node.children if held.name == holder for child in held.children if child.name == name
    ]
