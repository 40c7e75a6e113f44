"""What the OASIS standards ask of an XLIFF file, as far as its schemas and its rules of the core can be checked.

Written from the schemas of XLIFF 2.1 (core, glossary and metadata modules, with their Schematron rules) and of 1.2
(strict): for each element what stands in it, in which order, and its attributes. An element or attribute that is not
listed here is none that this project writes, and is an error.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

V2 = {
    "urn:oasis:names:tc:xliff:document:2.0": "",
    "urn:oasis:names:tc:xliff:glossary:2.0": "gls:",
    "urn:oasis:names:tc:xliff:metadata:2.0": "mda:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}
V12 = {"urn:oasis:names:tc:xliff:document:1.2": "", "http://www.w3.org/XML/1998/namespace": "xml:"}

NMTOKEN = r"[-.:\w]+"
TEXT = r".*"
YES_NO = "yes|no"
SPACE = "default|preserve"
USER = r"[^\s:]+:[^\s:]+"
LANGUAGE = r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*"
TYPE = "fmt|ui|quote|link|image|other"


class Model(NamedTuple):
    content: str
    """A regular expression over the names of the children, each followed by a space; with `#` where words may stand."""
    required: dict[str, str]
    optional: dict[str, str]


INLINE = "(cp|ph|pc|sc|ec|mrk|sm|em)"
_EDIT = {"canCopy": YES_NO, "canDelete": YES_NO, "canReorder": "yes|firstNo|no"}
_CODE = {**_EDIT, "copyOf": NMTOKEN, "type": TYPE, "subType": USER}
_END = {"disp": TEXT, "equiv": TEXT, "dataRef": NMTOKEN, "subFlows": TEXT}
MODELS2 = {
    "xliff": Model("(file )+", {"version": "2\\.[01]", "srcLang": LANGUAGE}, {"trgLang": LANGUAGE, "xml:space": SPACE}),
    "file": Model(
        "(skeleton )?((gls|mda):\\w+ )*(notes )?((unit|group) )+",
        {"id": NMTOKEN},
        {"original": TEXT, "canResegment": YES_NO, "translate": YES_NO, "xml:space": SPACE},
    ),
    "unit": Model(
        "((gls|mda):\\w+ )*(notes )?(originalData )?((segment|ignorable) )+",
        {"id": NMTOKEN},
        {"name": TEXT, "type": USER, "canResegment": YES_NO, "translate": YES_NO, "xml:space": SPACE},
    ),
    "notes": Model("(note )+", {}, {}),
    "note": Model("#", {}, {"id": NMTOKEN, "appliesTo": "source|target", "category": TEXT, "priority": "[1-9]|10"}),
    "originalData": Model("(data )+", {}, {}),
    "data": Model("#(cp )*", {"id": NMTOKEN}, {"dir": "ltr|rtl|auto", "xml:space": "preserve"}),
    "segment": Model(
        "source (target )?",
        {},
        {"id": NMTOKEN, "canResegment": YES_NO, "state": "initial|translated|reviewed|final", "subState": USER},
    ),
    "ignorable": Model("source (target )?", {}, {"id": NMTOKEN}),
    "source": Model(f"#({INLINE} )*", {}, {"xml:lang": LANGUAGE, "xml:space": SPACE}),
    "target": Model(f"#({INLINE} )*", {}, {"xml:lang": LANGUAGE, "xml:space": SPACE, "order": "[1-9][0-9]*"}),
    "ph": Model("", {"id": NMTOKEN}, {**_CODE, **_END}),
    "pc": Model(f"#({INLINE} )*", {"id": NMTOKEN}, {**_CODE, "dataRefStart": NMTOKEN, "dataRefEnd": NMTOKEN}),
    "sc": Model("", {"id": NMTOKEN}, {**_CODE, **_END, "isolated": YES_NO, "canOverlap": YES_NO}),
    "ec": Model("", {}, {**_CODE, **_END, "startRef": NMTOKEN, "isolated": YES_NO, "canOverlap": YES_NO}),
    "gls:glossary": Model("(gls:glossEntry )+", {}, {}),
    "gls:glossEntry": Model("gls:term (gls:translation )*(gls:definition )?", {}, {"id": NMTOKEN, "ref": TEXT}),
    "gls:term": Model("#", {}, {"source": TEXT}),
    "gls:translation": Model("#", {}, {"id": NMTOKEN, "ref": TEXT, "source": TEXT}),
    "gls:definition": Model("#", {}, {"source": TEXT}),
    "mda:metadata": Model("(mda:metaGroup )+", {}, {"id": NMTOKEN}),
    "mda:metaGroup": Model("(mda:(metaGroup|meta) )+", {}, {"id": NMTOKEN, "category": TEXT}),
    "mda:meta": Model("#", {"type": TEXT}, {}),
}

INLINE12 = "(g|bpt|ept|ph|it|mrk|x|bx|ex)"
MODELS12 = {
    "xliff": Model("(file )+", {"version": "1\\.2"}, {"xml:lang": LANGUAGE}),
    "file": Model(
        "(header )?body ",
        {"original": TEXT, "source-language": LANGUAGE, "datatype": "html"},
        {"target-language": LANGUAGE, "xml:space": SPACE},
    ),
    "header": Model("(skl )?(phase-group )?((glossary|reference|count-group|prop-group|note|tool) )*", {}, {}),
    "body": Model("((group|trans-unit|bin-unit) )*", {}, {}),
    "trans-unit": Model(
        "source (seg-source )?(target )?((context-group|count-group|prop-group|note|alt-trans) )*",
        {"id": TEXT},
        {"approved": YES_NO, "translate": YES_NO, "datatype": "html|plaintext", "xml:space": SPACE},
    ),
    "source": Model(f"#({INLINE12} )*", {}, {"xml:lang": LANGUAGE}),
    "seg-source": Model(f"#({INLINE12} )*", {}, {"xml:lang": LANGUAGE}),
    "target": Model(
        f"#({INLINE12} )*", {}, {"state": "needs-translation|translated|signed-off|final", "xml:lang": LANGUAGE}
    ),
    "mrk": Model(f"#({INLINE12} )*", {"mtype": "seg"}, {"mid": NMTOKEN}),
    "bpt": Model("#(sub )*", {"id": TEXT}, {"rid": NMTOKEN, "ctype": "bold|link|x-[^\\s]+"}),
    "ept": Model("#(sub )*", {"id": TEXT}, {"rid": NMTOKEN}),
    "ph": Model("#(sub )*", {"id": TEXT}, {"ctype": "lb|x-[^\\s]+"}),
    "note": Model("#", {}, {"from": TEXT, "priority": "[1-9]|10", "annotates": "source|target|general"}),
    "context-group": Model("(context )+", {}, {"name": TEXT, "purpose": "information"}),
    "context": Model("#", {"context-type": "x-[^\\s]+"}, {}),
}


def errors(content: bytes) -> list[str]:
    """What is not as the standard of its version asks."""
    root = etree.fromstring(content)
    if etree.QName(root).namespace in V12:
        return [*_shape(root, MODELS12, V12), *_rules12(root)]
    return [*_shape(root, MODELS2, V2), *_rules2(root)]


def _name(name: str, prefixes: dict[str, str]) -> str:
    found = etree.QName(name)
    return (prefixes.get(found.namespace, f"{{{found.namespace}}}") if found.namespace else "") + found.localname


def _shape(root: etree._Element, models: dict[str, Model], prefixes: dict[str, str]) -> Iterator[str]:
    for element in root.iter(etree.Element):
        name = _name(str(element.tag), prefixes)
        model = models.get(name)
        if model is None:
            yield f"{name}: unknown element"
            continue
        children = "".join(f"{_name(str(child.tag), prefixes)} " for child in element)
        if not re.fullmatch(model.content.removeprefix("#"), children):
            yield f"{name}: {children!r} is not {model.content!r}"
        words = [element.text, *(child.tail for child in element)]
        if not model.content.startswith("#") and any(word and word.strip() for word in words):
            yield f"{name}: words"
        found = {_name(str(key), prefixes): str(value) for key, value in element.attrib.items()}
        for key in model.required.keys() - found.keys():
            yield f"{name}: no {key}"
        for key, value in found.items():
            pattern = {**model.required, **model.optional}.get(key)
            if pattern is None:
                yield f"{name}: unknown attribute {key}"
            elif not re.fullmatch(pattern, value, re.DOTALL):
                yield f"{name}: {key} is {value!r}"


def _doubles(values: list[str], where: str) -> Iterator[str]:
    for value, number in Counter(values).items():
        if number > 1:
            yield f"{where}: {value!r} is there {number} times"


# The rules of the core, by the names that they have in the Schematron schema of 2.1 -----------------------------------


def _rules2(root: etree._Element) -> Iterator[str]:
    space = {"x": "urn:oasis:names:tc:xliff:document:2.0", "g": "urn:oasis:names:tc:xliff:glossary:2.0"}

    def all_of(element: etree._Element, path: str) -> list[etree._Element]:
        return list(element.xpath(path, namespaces=space))

    yield from _doubles([file.get("id", "") for file in all_of(root, "x:file")], "K1 file")
    if all_of(root, "//x:target") and not root.get("trgLang"):
        yield "F1: targets without trgLang"
    for entry in all_of(root, "//g:glossEntry"):
        if not all_of(entry, "g:translation|g:definition"):
            yield "glossEntry: neither translation nor definition"
    for file in all_of(root, "x:file"):
        yield from _doubles([unit.get("id", "") for unit in all_of(file, ".//x:unit")], "K3 unit")
    for notes in all_of(root, "//x:notes"):
        yield from _doubles([id for note in notes if (id := note.get("id"))], "K4 note")
    for unit in all_of(root, "//x:unit"):
        yield from _unit(unit, all_of)


def _unit(unit: etree._Element, all_of: object) -> Iterator[str]:
    assert callable(all_of)
    where = unit.get("id", "")
    data = [one.get("id", "") for one in all_of(unit, "x:originalData/x:data")]
    yield from _doubles(data, f"K5 data in {where}")
    if not all_of(unit, "x:segment"):
        yield f"F3 {where}: no segment"
    inline = {side: all_of(unit, f"*/x:{side}//*[@id]") for side in ("source", "target")}
    own = [one.get("id") for one in (*all_of(unit, "x:segment[@id]|x:ignorable[@id]"), *inline["source"])]
    yield from _doubles(own, f"K6 ids in {where}")
    yield from _doubles([code.get("id") for code in inline["target"]], f"K8 target ids in {where}")
    yield from _doubles([one.get("order") for one in all_of(unit, "*/x:target[@order]")], f"K7 order in {where}")
    for part in all_of(unit, "x:segment|x:ignorable"):
        source = {code.get("id"): code for code in all_of(part, "x:source//*[@id]")}
        for code in all_of(part, "x:target//*[@id]"):
            id = code.get("id")
            if id in own and id not in source:
                yield f"K8 {where}: {id} is the id of another part"
            if id in source and source[id].tag != code.tag:
                yield f"K8 {where}: {id} is another element in the source"
    for code in all_of(unit, "*/*//*[@dataRef or @dataRefStart or @dataRefEnd]"):
        for name in ("dataRef", "dataRefStart", "dataRefEnd"):
            if (reference := code.get(name)) is not None and reference not in data:
                yield f"{where}: {name} {reference} leads nowhere"
    for code in all_of(unit, "*/*//*[@subType]"):
        if not code.get("type"):
            yield f"{where}: subType without type"
        if code.get("subType", "") in {"xlf:lb", "xlf:pb", "xlf:b", "xlf:i", "xlf:u"} and code.get("type") != "fmt":
            yield f"{where}: {code.get('subType')} is fmt"
    for side in ("source", "target"):
        yield from _pairs(all_of(unit, f"*/x:{side}//x:sc|*/x:{side}//x:ec"), f"F5 {side} of {where}")


def _pairs(codes: list[etree._Element], where: str) -> Iterator[str]:
    open: dict[str, etree._Element] = {}
    for code in codes:  # in the order of the document
        if code.get("isolated", "no") != "no":
            yield f"{where}: isolated"
        if etree.QName(code).localname == "sc":
            open[code.get("id", "")] = code
            continue
        if code.get("id") is not None or (start := open.pop(code.get("startRef", ""), None)) is None:
            yield f"{where}: {code.get('startRef')} is not open"
            continue
        for name in ("canCopy", "canDelete", "canOverlap", "canReorder", "type", "subType"):
            if start.get(name) != code.get(name):
                yield f"{where}: {name} of {code.get('startRef')} differs"
    for id in open:
        yield f"{where}: {id} is not closed"


def _rules12(root: etree._Element) -> Iterator[str]:
    space = {"x": "urn:oasis:names:tc:xliff:document:1.2"}
    for file in root.xpath("x:file", namespaces=space):
        units = file.xpath(".//x:trans-unit", namespaces=space)
        yield from _doubles([unit.get("id") for unit in units], "trans-unit")
        for unit in units:
            for side in ("source", "seg-source", "target"):
                where = f"{side} of {unit.get('id')}"
                for name in ("bpt", "ept", "ph"):
                    ids = unit.xpath(f"x:{side}//x:{name}/@id", namespaces=space)
                    yield from _doubles(ids, f"{name} in {where}")
                begins = unit.xpath(f"x:{side}//x:bpt/@id", namespaces=space)
                ends = unit.xpath(f"x:{side}//x:ept/@id", namespaces=space)
                if sorted(begins) != sorted(ends):
                    yield f"{where}: codes that do not pair"
                yield from _doubles(unit.xpath(f"x:{side}/x:mrk/@mid", namespaces=space), f"mid in {where}")
