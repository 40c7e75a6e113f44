"""What is read of XML from strangers; what its callers refuse of its meaning is in their own tests."""

import io
from collections.abc import Iterator

import pytest
from django.utils import translation

from glossary import xmlstream
from glossary.faults import Line, Refused, refuse
from glossary.xmlstream import Limits, Node, trees

LIMITS = Limits(depth=6, nodes=5)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def taken(root: Node) -> None:
    if root.name != "file":
        raise refuse("Another kind of file.", root.place)


def read(content: str | bytes, limits: Limits = LIMITS) -> list[tuple[list[str], Node]]:
    data = content.encode() if isinstance(content, str) else content
    found = trees(io.BytesIO(data), {("", "entry"), ("urn:x", "entry")}, taken, limits)
    return [([node.name for node in around], tree) for around, tree in found]


def refusal(content: str | bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Refused) as refused:
        read(content, limits)
    return str(refused.value)


def test_wanted_elements_come_whole_with_those_around_them_and_their_line() -> None:
    ((around, tree),) = read('<file>\n<part n="1">\n<entry id="a">one <b>two</b>\nthree</entry></part></file>')
    assert around == ["file", "part"]
    assert (tree.name, tree.attributes, tree.place) == ("entry", {"id": "a"}, Line(3))
    assert [child.name for child in tree.children] == ["b"]
    assert tree.text == "one two\nthree"


def test_an_element_knows_its_namespace() -> None:
    ((_around, tree),) = read('<file xmlns="urn:x"><entry xml:lang="en"/></file>')
    assert (tree.namespace, tree.attributes) == ("urn:x", {f"{xmlstream.XML} lang": "en"})


def test_what_nobody_wants_is_left_out() -> None:
    assert read("<file><other>a</other></file>") == []


def test_a_note_is_read_after_its_word() -> None:
    ((_around, tree),) = read("<file><entry> pinyin: zǔzhì</entry></file>")
    assert tree.after("pinyin:") == " zǔzhì"
    assert tree.after("other:") is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<file>\n<entry></file>", "line 2: This is not well-formed XML (mismatched tag). Export the file once more."),
        ("<!DOCTYPE file><file/>", "line 1: A document type declaration (DOCTYPE) and entities are not taken."),
        ('<!DOCTYPE f [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<f>&b;</f>', "line 1: A document type declaration"),
        ("<other/>", "line 1: Another kind of file."),
        ('<?xml version="1.0" encoding="x-none"?><file/>', "line 1: The encoding of this file cannot be read."),
        (b"\xff\xfe\x00", "This is not well-formed XML"),
        ("", "line 1: This is not well-formed XML (no element found)."),
        ("<file><entry><a/><a/><a/><a/><a/></entry></file>", "line 1: This entry has too many elements."),
        ("<file><a><a><a><a><a><a/></a></a></a></a></a></file>", "line 1: The elements are nested too deeply."),
    ],
)
def test_what_is_broken_or_a_trap_is_refused_with_its_line(content: str | bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_file_that_is_too_large_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlstream, "MAX_BYTES", 2_000_000)
    endless = io.BytesIO(b"<file>" + b" " * 5_000_000)
    with pytest.raises(Refused, match="The file is larger than 2 MB"):
        list(trees(endless, {("", "entry")}, taken, LIMITS))
    assert endless.tell() < 4_000_000
