"""TBX: ISO 30042:2019, dialect TBX-Basic, style DCT (data categories as tags). Imports no model and runs no query.

What TBX-Basic has no category for stands in notes that begin with a word of ours: see
docs/decisions/0008-exchange-of-the-glossary.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from . import entries as e
from . import xmlstream
from .entries import ContextWord, Entry, OtherName, Reading
from .faults import Faults, Line, Place, refuse
from .xmlstream import XML, Limits, Node

CORE = "urn:iso:std:iso:30042:ed-2"
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"

STATUS = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
}
STATUS_READ = {word: status for status, word in STATUS.items()} | {"supersededTerm-admn-sts": "deprecated"}
FORBIDDEN = "status: forbidden"  # beside deprecatedTerm-admn-sts, the strictest that TBX knows
QUESTION = "usage: question"
FREE = "note: "  # only where the free note itself looks like one of ours

HEADER = f"""<?xml version="1.0" encoding="UTF-8"?>
<tbx xmlns="{CORE}" xmlns:min="{MIN}" xmlns:basic="{BASIC}" type="TBX-Basic" style="dct" xml:lang="zh-Hans">
  <tbxHeader>
    <fileDesc>
      <sourceDesc>
        <p>Glossary of patient education, drafts</p>
      </sourceDesc>
    </fileDesc>
  </tbxHeader>
  <text>
    <body>
"""
FOOTER = """    </body>
  </text>
</tbx>
"""
CONTENT_TYPE = "application/xml"
LIMITS = Limits(depth=12, nodes=5_000)


# Writing --------------------------------------------------------------------------------------------------------------


def write(entries: Iterable[Entry], out: IO[bytes]) -> None:
    """The same entries give the same bytes."""
    out.write(HEADER.encode())
    for entry in entries:
        out.write("".join(f"{line}\n" for line in _concept(entry)).encode())
    out.write(FOOTER.encode())


def _concept(entry: Entry) -> Iterator[str]:
    yield f"      <conceptEntry id={quoteattr(_xml_id(entry.slug))}>"
    if category := entry.fields["category"]:
        yield _element(8, "min:subjectField", category)
    if (source := entry.fields["source_language"]) != "zh-hans":
        yield _element(8, "note", f"source language: {e.TAGS.get(source, source)}")
    for slug in entry.see_also:
        yield _element(8, "basic:crossReference", slug, target=_xml_id(slug))
    languages = [language for language in e.TAGS if _has(entry, language)]
    for language in languages or list(e.TAGS)[:1]:  # a concept has one at least
        yield from _language(entry, language)
    yield "      </conceptEntry>"


def _has(entry: Entry, language: str) -> bool:
    return (
        any(entry.text(name, language) for name in e.TRANSLATED)
        or language in {row.language for row in entry.names} | {row.language for row in entry.contexts}
        or (language == "zh-hans" and bool(entry.fields["pinyin"]))
    )


def _language(entry: Entry, language: str) -> Iterator[str]:
    yield f'        <langSec xml:lang="{e.TAGS[language]}">'
    if definition := entry.text("definition", language):
        yield _element(10, "basic:definition", definition)
    if language == "zh-hans" and (pinyin := entry.fields["pinyin"]):
        yield _element(10, "note", f"pinyin: {pinyin}")
    if explanation := entry.text("explanation", language):
        yield _element(10, "note", f"explanation: {explanation}")
    for context in entry.contexts:
        if context.language == language:
            yield _element(10, "note", f"{context.kind}: {context.text}")
    # Empty where the name is still missing: a language section has a term at least.
    yield from _term(entry.text("name", language), "preferred", [])
    if abbreviation := entry.fields["abbreviation"]:
        yield from _term(abbreviation, "admitted", [], "abbreviation")
    for name in entry.names:
        if name.language == language:
            status = "deprecated" if name.status == "forbidden" else name.status
            notes = [FORBIDDEN] if name.status == "forbidden" else []
            notes += [f"usage: {name.usage}"] if name.usage != "everywhere" else []
            notes += [_free(name.note)] if name.note else []
            yield from _term(name.text, status, notes)
    yield "        </langSec>"


def _term(text: str, status: str, notes: list[str], term_type: str = "") -> Iterator[str]:
    yield "          <termSec>"
    yield _element(12, "term", text)
    yield _element(12, "min:administrativeStatus", STATUS[status])
    if term_type:
        yield _element(12, "basic:termType", term_type)
    for note in notes:
        yield _element(12, "note", note)
    yield "          </termSec>"


def _free(note: str) -> str:
    return FREE + note if note in (FORBIDDEN, QUESTION) or note.startswith(FREE) else note


def _element(indent: int, tag: str, text: str, **attributes: str) -> str:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"{' ' * indent}<{tag}{written}>{escape(text)}</{tag}>"


def _xml_id(slug: str) -> str:
    # An XML id begins with no digit, an address may; an underscore is in no address.
    return f"_{slug}" if slug[:1].isdigit() else slug


# Reading --------------------------------------------------------------------------------------------------------------


def read(file: IO[bytes]) -> Reading:
    """All entries, or `Refused` with what is wrong and in which line."""
    reader = _Reader()
    for around, node in xmlstream.trees(file, {(CORE, "conceptEntry")}, _check_root, LIMITS):
        reader.take(around[0], node)
    return reader.close()


def _check_root(root: Node) -> None:
    names = {"namespace": CORE, "name": root.name[:80]}
    names |= {key: root.attributes.get(key, "")[:80] for key in ("style", "type")}
    if root.name == "martif" or (root.name == "tbx" and root.namespace != CORE):
        reason = _("This is an older TBX. Save it as TBX version 3 (ISO 30042:2019, namespace %(namespace)s).")
    elif root.name != "tbx":
        reason = _("This is not a TBX file: its first element is “%(name)s”.")
    elif names["style"] != "dct":
        reason = _("The style of this TBX is “%(style)s”. Save it as “dct” (data categories as tags).")
    elif names["type"] != "TBX-Basic":
        reason = _("The dialect of this TBX is “%(type)s”. Save it as TBX-Basic.")
    else:
        return
    raise refuse(reason % names, root.place)


class _Reader:
    """Makes entries of the trees; goes on after a fault to find the others too."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.left_out: Counter[str] = Counter()
        self.entries: list[Entry] = []

    def close(self) -> Reading:
        if not self.entries and not self.faults.found:
            self.faults.add(_("There is no entry (conceptEntry) in the file."))
        e.refuse_doubles(self.entries, self.faults)
        self.faults.raise_any()
        return Reading(self.entries, dict(+self.left_out))

    def take(self, root: Node, concept: Node) -> None:
        if len(self.entries) >= e.MAX_ENTRIES:
            reason = _("There are more than %(limit)d entries. Split the file.") % {"limit": e.MAX_ENTRIES}
            raise refuse(reason, concept.place)
        slug = concept.attributes.get("id", "").removeprefix("_")
        if not slug:
            self.faults.add(_("The entry has no id. Give it one: it is the term's address."), concept.place)
        draft = _Draft(slug, concept.place)
        language = self.language(root)
        for node in self.parts(concept):
            match node.name:
                case "langSec":
                    self.take_language(node, draft)
                case "subjectField":
                    self.set_once(draft, "category", node.text, node)
                case "crossReference":
                    target = node.attributes.get("target", "").removeprefix("_")
                    draft.see_also.append(target)
                    draft.places.setdefault(f"see_also.{target}", node.place)
                case "note" if (tag := node.after("source language: ")) is not None:
                    language = self.language(node, tag.strip())
                case _:
                    self.left_out[node.name] += 1
        draft.fields["source_language"] = language
        if all(node.name != "langSec" for node in concept.children):
            self.faults.add(_("The entry has no language section (langSec)."), concept.place)
        self.entries.append(draft.entry())

    def take_language(self, section: Node, draft: "_Draft") -> None:
        language = self.language(section)
        if not language:
            return
        if language in draft.languages:
            reason = _("There is a language section of %(tag)s in this entry already. Make one of them.")
            self.faults.add(reason % {"tag": e.TAGS[language]}, section.place)
            return
        draft.languages.add(language)
        terms = []
        for node in self.parts(section):
            match node.name:
                case "termSec":
                    terms.append(self.read_term(node))
                case "definition":
                    self.set_once(draft, e.column("definition", language), node.text, node)
                case "note":
                    self.take_note(node, language, draft)
                case _:
                    self.left_out[node.name] += 1
        if not terms:
            self.faults.add(_("The language section has no term (termSec)."), section.place)
        self.take_terms(terms, language, draft)

    def take_note(self, node: Node, language: str, draft: "_Draft") -> None:
        for kind in ("nearby", "within"):
            if (text := node.after(f"{kind}: ")) is not None:
                draft.contexts.append(ContextWord(language, kind, text, node.place))
                return
        if (text := node.after("explanation: ")) is not None:
            self.set_once(draft, e.column("explanation", language), text, node)
        elif language == "zh-hans" and (text := node.after("pinyin: ")) is not None:
            self.set_once(draft, "pinyin", text, node)
        else:
            self.left_out["note"] += 1

    def read_term(self, section: Node) -> "_Term":
        term = _Term(section.place)
        for node in self.parts(section):
            text = node.text.strip()
            match node.name:
                case "term":
                    term.text, term.place = e.plain(text), node.place
                case "administrativeStatus" if text in STATUS_READ:
                    term.status = STATUS_READ[text]
                case "administrativeStatus":
                    names = {"status": text[:80], "known": ", ".join(STATUS_READ)}
                    self.faults.add(_("The status “%(status)s” is unknown. Use one of %(known)s.") % names, node.place)
                case "termType":
                    term.is_abbreviation = text in {"abbreviation", "acronym"}
                case "note" if text == FORBIDDEN:
                    term.is_forbidden = True
                case "note" if text == QUESTION:
                    term.usage = "question"
                case "note":
                    term.notes.append(text.removeprefix(FREE))
                case _:
                    self.left_out[node.name] += 1
        if term.is_forbidden and term.status != "deprecated":
            reason = _("“%(note)s” stands only beside %(status)s.")
            self.faults.add(reason % {"note": FORBIDDEN, "status": STATUS["deprecated"]}, term.place)
        return term

    def take_terms(self, terms: list["_Term"], language: str, draft: "_Draft") -> None:
        preferred = [term for term in terms if term.status == "preferred"]
        # TBX-Basic asks for no status: then the first one that has none is meant.
        preferred = preferred or [term for term in terms if not term.status][:1]
        for term in preferred[1:]:
            self.faults.add(_("There is a preferred term already. Make this one admitted."), term.place)
        for term in terms:
            if term in preferred:
                draft.set(e.column("name", language), term.text, term.place)
                self.left_out["note"] += len(term.notes)
            elif term.is_plain_abbreviation and draft.fields.get("abbreviation") in (None, term.text):
                draft.set("abbreviation", term.text, term.place)
            else:
                draft.names.append(term.other_name(language))

    def parts(self, node: Node) -> Iterator[Node]:
        """What stands under it, also in a group; what is no data category of the style DCT is refused."""
        for child in node.children:
            if child.namespace not in (CORE, MIN, BASIC):
                self.left_out[child.name] += 1
            elif child.namespace == CORE and child.name in {"descrip", "termNote", "admin", "ref", "xref"}:
                reason = _("“%(name)s” is the other style (DCA). Save the file as “dct” (data categories as tags).")
                self.faults.add(reason % {"name": child.name}, child.place)
            elif child.namespace == CORE and child.name in {"descripGrp", "termNoteGrp", "adminGrp"}:
                yield from self.parts(child)
            else:
                for markup in child.children if child.name not in {"langSec", "termSec", "transacGrp"} else ():
                    self.left_out[markup.name] += 1
                yield child

    def set_once(self, draft: "_Draft", key: str, text: str, node: Node) -> None:
        if key in draft.fields:
            self.faults.add(_("“%(name)s” is there already in this entry. Keep one.") % {"name": node.name}, node.place)
        draft.set(key, text, node.place)

    def language(self, node: Node, tag: str | None = None) -> str:
        """The language of the site; "" after noting that it has none such."""
        try:
            return e.language_of(node.attributes.get(f"{XML} lang", "") if tag is None else tag)
        except ValueError as error:
            self.faults.add(str(error), node.place)
            return ""


@dataclass
class _Term:
    place: Line
    text: str = ""
    status: str = ""
    usage: str = "everywhere"
    notes: list[str] = field(default_factory=list)
    is_forbidden: bool = False
    is_abbreviation: bool = False

    @property
    def is_plain_abbreviation(self) -> bool:
        is_plain = self.status in ("", "admitted") and self.usage == "everywhere" and not self.notes
        return self.is_abbreviation and is_plain

    def other_name(self, language: str) -> OtherName:
        status = "forbidden" if self.is_forbidden else self.status or "admitted"
        return OtherName(language, self.text, status, self.usage, " ".join(self.notes), self.place)


@dataclass
class _Draft:
    """An entry in the making."""

    slug: str
    place: Line
    fields: dict[str, str] = field(default_factory=dict)
    names: list[OtherName] = field(default_factory=list)
    contexts: list[ContextWord] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)

    def set(self, key: str, text: str, place: Line) -> None:
        self.fields[key] = text
        self.places[key] = place

    def entry(self) -> Entry:
        return Entry(self.slug, self.fields, self.names, self.contexts, self.see_also, self.place, self.places)
