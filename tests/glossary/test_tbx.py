import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from lxml import etree

from glossary import entries, faults, tbx, xmlstream
from glossary.entries import ContextWord, Entry, OtherName, Reading
from glossary.faults import Line, Refused
from tests.glossary.exchanged import closure, glossaries, nerve_block

ROOT = (
    '<tbx xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min" '
    'xmlns:basic="http://www.tbxinfo.net/ns/basic" type="TBX-Basic" style="dct" xml:lang="en">'
)


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def written(*given_entries: Entry) -> bytes:
    out = io.BytesIO()
    tbx.write(given_entries, out)
    return out.getvalue()


def read(content: bytes | str) -> Reading:
    return tbx.read(io.BytesIO(content.encode() if isinstance(content, str) else content))


def document(body: str) -> str:
    """The body begins in line 2."""
    return f"{ROOT}<text><body>\n{body}\n</body></text></tbx>"


def concept(terms: str, slug: str = "pain", language: str = "en") -> str:
    return document(f'<conceptEntry id="{slug}">\n<langSec xml:lang="{language}">\n{terms}\n</langSec></conceptEntry>')


def term(text: str, *about: str) -> str:
    return f"<termSec><term>{text}</term>{''.join(about)}</termSec>"


def status(word: str) -> str:
    return f"<min:administrativeStatus>{word}</min:administrativeStatus>"


def refusals(content: bytes | str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


# There and back -------------------------------------------------------------------------------------------------------


@given(glossaries())
def test_what_is_written_is_read_as_it_was(glossary: list[Entry]) -> None:
    reading = read(written(*glossary))
    assert reading.entries == glossary
    assert reading.left_out == {}
    assert written(*reading.entries) == written(*glossary)


@given(glossaries())
def test_what_is_written_is_valid(glossary: list[Entry]) -> None:
    SCHEMA.assertValid(etree.fromstring(written(*glossary)))


def test_an_entry_looks_like_this() -> None:
    assert written(closure()).decode().split("<body>\n")[1] == (
        """\
      <conceptEntry id="closure-therapy">
        <min:subjectField>procedure</min:subjectField>
        <basic:crossReference target="nerve-block">nerve-block</basic:crossReference>
        <langSec xml:lang="zh-Hans">
          <basic:definition>把局麻药注射到疼痛的部位。</basic:definition>
          <note>pinyin: fēngbì liáofǎ</note>
          <note>explanation: &lt;p&gt;又称&lt;strong&gt;奴夫卡因&lt;/strong&gt;封闭疗法。&lt;/p&gt;</note>
          <note>nearby: 针</note>
          <note>within: 封闭式</note>
          <termSec>
            <term>封闭疗法</term>
            <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
          </termSec>
          <termSec>
            <term>CT</term>
            <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus>
            <basic:termType>abbreviation</basic:termType>
          </termSec>
          <termSec>
            <term>打封闭针</term>
            <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus>
            <note>usage: question</note>
            <note>患者的说法。</note>
          </termSec>
        </langSec>
        <langSec xml:lang="en">
          <basic:definition>An injection at the painful spot.</basic:definition>
          <note>explanation: &lt;p&gt;It began in the Soviet Union.&lt;/p&gt;</note>
          <termSec>
            <term>closure therapy</term>
            <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
          </termSec>
          <termSec>
            <term>CT</term>
            <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus>
            <basic:termType>abbreviation</basic:termType>
          </termSec>
          <termSec>
            <term>closure injection</term>
            <min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus>
          </termSec>
          <termSec>
            <term>blocking therapy</term>
            <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus>
          </termSec>
          <termSec>
            <term>closed needle</term>
            <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus>
            <note>status: forbidden</note>
            <note>Say “closure injection”.</note>
          </termSec>
        </langSec>
      </conceptEntry>
    </body>
  </text>
</tbx>
"""
    )


def test_the_file_says_what_it_is() -> None:
    root = etree.fromstring(written(closure()))
    assert root.tag == "{urn:iso:std:iso:30042:ed-2}tbx"
    assert root.nsmap == {
        None: "urn:iso:std:iso:30042:ed-2",
        "min": "http://www.tbxinfo.net/ns/min",
        "basic": "http://www.tbxinfo.net/ns/basic",
    }
    assert (root.get("type"), root.get("style")) == ("TBX-Basic", "dct")


def test_an_english_source_and_a_language_without_anything() -> None:
    assert b"<note>source language: en</note>" in written(nerve_block())
    assert b"zh-Hans" not in written(nerve_block()).split(b"<body>")[1]
    assert read(written(nerve_block())).entries == [nerve_block()]


def test_an_address_may_begin_with_a_digit_and_an_id_may_not() -> None:
    entry = Entry("3-step-ladder", {"source_language": "zh-hans"}, see_also=["3-step-ladder"])
    content = written(entry)
    assert b'id="_3-step-ladder"' in content
    assert b'target="_3-step-ladder"' in content
    assert read(content).entries[0].slug == "3-step-ladder"
    assert read(content).entries[0].see_also == ["3-step-ladder"]


@pytest.mark.parametrize("note", ["status: forbidden", "usage: question", "note: ", "note: note: x"])
def test_a_note_that_looks_like_one_of_ours_is_still_a_note(note: str) -> None:
    entry = Entry("pain", {"source_language": "en", "name_en": "pain"}, [OtherName("en", "ache", note=note)])
    assert read(written(entry)).entries == [entry]


# From elsewhere -------------------------------------------------------------------------------------------------------


def test_every_part_of_an_entry_knows_its_line() -> None:
    (entry,) = read(
        document(
            """<conceptEntry id="pain">
<min:subjectField>symptom</min:subjectField>
<basic:crossReference target="gout">gout</basic:crossReference>
<langSec xml:lang="en">
<basic:definition>It hurts.</basic:definition>
<note>nearby: back</note>
<termSec><term>pain</term></termSec>
<termSec><term>ache</term></termSec>
</langSec></conceptEntry>"""
        )
    ).entries
    assert entry.place == Line(2)
    assert entry.places["category"] == Line(3)
    assert entry.places["see_also.gout"] == Line(4)
    assert entry.places["definition_en"] == Line(6)
    assert entry.contexts[0].place == Line(7)
    assert entry.places["name_en"] == Line(8)
    assert entry.names[0].place == Line(9)


def test_lines_are_right_far_down_in_a_long_file() -> None:
    body = "\n" * 100_000 + '<conceptEntry id="pain"><langSec xml:lang="de"/></conceptEntry>'
    assert refusals(document(body))[0].startswith("line 100002: The language “de”")


def test_without_any_status_the_first_term_is_the_preferred_one() -> None:
    (entry,) = read(concept(term("pain") + term("ache") + term("hurt", status("deprecatedTerm-admn-sts")))).entries
    assert entry.fields["name_en"] == "pain"
    assert entry.names == [OtherName("en", "ache"), OtherName("en", "hurt", "deprecated")]


def test_superseded_is_read_as_deprecated() -> None:
    (entry,) = read(concept(term("pain") + term("dolour", status("supersededTerm-admn-sts")))).entries
    assert entry.names == [OtherName("en", "dolour", "deprecated")]


def test_a_second_abbreviation_is_an_admitted_name() -> None:
    kind = "<basic:termType>acronym</basic:termType>"
    (entry,) = read(concept(term("pain") + term("PA", kind) + term("PN", kind))).entries
    assert entry.fields["abbreviation"] == "PA"
    assert entry.names == [OtherName("en", "PN")]


def test_the_default_language_of_the_file_is_the_source() -> None:
    assert read(concept(term("pain"))).entries[0].fields["source_language"] == "en"


def test_words_within_markup_and_groups_are_read_and_lines_joined() -> None:
    (entry,) = read(
        concept(
            "<descripGrp><basic:definition>It\n\t\t<hi>hurts</hi> much.</basic:definition>"
            "<basic:source>book</basic:source></descripGrp>" + term("pain")
        )
    ).entries
    assert entry.fields["definition_en"] == "It hurts much."


def test_what_has_no_place_here_is_counted() -> None:
    reading = read(
        concept(
            "<note>free</note>"
            "<transacGrp><basic:transactionType>origination</basic:transactionType></transacGrp>"
            + term("pain", "<min:partOfSpeech>noun</min:partOfSpeech>", "<note>free</note>")
            + term("<hi>ache</hi>", '<x:own xmlns:x="urn:x">1</x:own>')
        )
    )
    assert reading.left_out == {"note": 2, "transacGrp": 1, "partOfSpeech": 1, "hi": 1, "own": 1}


def test_contexts_pinyin_and_explanation_are_read_from_notes() -> None:
    (entry,) = read(
        concept(
            "<note>pinyin: fēngbì</note><note>within: 封闭式</note>"
            "<note>\n  explanation: &lt;p onclick='x'&gt;长&lt;/p&gt;</note>" + term("封闭"),
            language="zh-CN",
        )
    ).entries
    assert entry.fields["pinyin"] == "fēngbì"
    assert entry.fields["explanation_zh_hans"] == "<p>长</p>"
    assert entry.contexts == [ContextWord("zh-hans", "within", "封闭式")]


# Refused --------------------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE tbx [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12)
)
NO_DOCTYPE = "A document type declaration (DOCTYPE) and entities are not taken. Remove them."


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE tbx>",
        '<!DOCTYPE tbx SYSTEM "http://127.0.0.1/tbx.dtd">',
        '<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE tbx [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>',
        BOMB + "]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_where_it_begins(declaration: str, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>\n{declaration}\n{concept(term("&l;"))}'
    assert refusals(content.encode(encoding)) == [f"line 2: {NO_DOCTYPE}"]


def test_an_entity_that_nobody_declared_is_refused() -> None:
    assert refusals(concept(term("&eacute;"))) == [
        "line 4: This is not well-formed XML (undefined entity). Export the file once more."
    ]


class Endless(io.RawIOBase):
    """A file of any length; says how much of it was read."""

    def __init__(self, start: bytes, filling: bytes) -> None:
        self.next = start
        self.filling = filling
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        found, self.next = self.next, self.filling * (size // len(self.filling))
        self.given += len(found)
        return found


@pytest.mark.parametrize(
    "filling", [b"\n", b"x", b"<!-- x -->", b'<conceptEntry id="a"><langSec xml:lang="de"/></conceptEntry>']
)
def test_a_large_file_is_not_read_to_its_end(filling: bytes) -> None:
    file: Any = Endless(f"{ROOT}<text><body>".encode(), filling)
    started = time.monotonic()
    with pytest.raises(Refused):
        tbx.read(file)
    assert file.given <= faults.MAX_BYTES + 2 * xmlstream.CHUNK
    assert time.monotonic() - started < 60


def test_the_limit_is_named() -> None:
    file: Any = Endless(f"{ROOT}<text><body>".encode(), b" ")
    with pytest.raises(Refused, match=r"The file is larger than 50 MB\. Split it\."):
        tbx.read(file)


@pytest.mark.parametrize(
    ("root", "reason"),
    [
        ('<martif type="TBX"/>', "This is an older TBX. Save it as TBX version 3"),
        ('<tbx xmlns="urn:iso:std:iso:30042:ed:3.0" style="dct" type="TBX-Basic"/>', "This is an older TBX."),
        ("<html/>", "This is not a TBX file: its first element is “html”."),
        (ROOT.replace('"dct"', '"dca"'), "The style of this TBX is “dca”. Save it as “dct”"),
        (ROOT.replace("TBX-Basic", "TBX-Linguist"), "The dialect of this TBX is “TBX-Linguist”. Save it as TBX-Basic."),
    ],
)
def test_another_kind_of_file_is_refused_at_its_first_element(root: str, reason: str) -> None:
    (found,) = refusals(f"\n{root}")
    assert found.startswith(f"line 2: {reason}")


def test_a_foreign_default_language_is_refused() -> None:
    assert refusals(concept(term("Schmerz")).replace('xml:lang="en"', 'xml:lang="de"', 1)) == [
        "line 1: The language “de” is not one of ours. Use zh-Hans or en."
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "line 1: This is not well-formed XML (no element found). Export the file once more."),
        ("no markup", "line 1: This is not well-formed XML (syntax error). Export the file once more."),
        (concept("<termSec>\n<term>pain</termSec>"), "line 5: This is not well-formed XML (mismatched tag)."),
        (ROOT + "<text><body>\n<conceptEntry", "line 2: This is not well-formed XML (unclosed token)."),
        (b'<?xml version="1.0" encoding="utf-8"?>\n<tbx>\xff</tbx>', "line 2: This is"),
        (b'<?xml version="1.0" encoding="no-such"?>\n<tbx/>', "line 1: The encoding of this file cannot be read."),
        (
            b'<?xml version="1.0" encoding="gb18030"?>\n<tbx/>',
            "line 1: The encoding of this file cannot be read. Save it in UTF-8.",
        ),
        (document(""), "There is no entry (conceptEntry) in the file."),
    ],
)
def test_what_is_broken_is_refused_with_its_line(content: bytes | str, found: str) -> None:
    (refusal,) = refusals(content)
    assert refusal.startswith(found)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (document("<conceptEntry><langSec xml:lang='en'><termSec><term>a</term></termSec></langSec></conceptEntry>"),
         "line 2: The entry has no id. Give it one: it is the term's address."),
        (document("<conceptEntry id='pain'/>"), "line 2: The entry has no language section (langSec)."),
        (concept(""), "line 3: The language section has no term (termSec)."),
        (concept(term("疼"), language="zh-TW"),
         "line 3: “zh-TW” is Chinese in traditional characters. Convert it to simplified ones and mark it zh-Hans."),
        (document("<conceptEntry id='pain'>\n<langSec><termSec><term>a</term></termSec></langSec></conceptEntry>"),
         "line 3: The language “” is not one of ours. Use zh-Hans or en."),
        (concept(term("a") + "</langSec>\n<langSec xml:lang='en-GB'>" + term("b")),
         "line 5: There is a language section of en in this entry already. Make one of them."),
        (concept(term("a", status("banned"))),
         "line 4: The status “banned” is unknown. Use one of preferredTerm-admn-sts, admittedTerm-admn-sts, "
         "deprecatedTerm-admn-sts, supersededTerm-admn-sts."),
        (concept(term("a", "<note>status: forbidden</note>")),
         "line 4: “status: forbidden” stands only beside deprecatedTerm-admn-sts."),
        (concept(term("a", status("preferredTerm-admn-sts")) + "\n" + term("b", status("preferredTerm-admn-sts"))),
         "line 5: There is a preferred term already. Make this one admitted."),
        (concept("<basic:definition>a</basic:definition>\n<basic:definition>b</basic:definition>" + term("a")),
         "line 5: “definition” is there already in this entry. Keep one."),
        (concept("<descrip type='definition'>a</descrip>" + term("a")),
         "line 4: “descrip” is the other style (DCA). Save the file as “dct” (data categories as tags)."),
        (document(f"<conceptEntry id='pain'><langSec xml:lang='en'>{term('a')}</langSec></conceptEntry>\n" * 2),
         "line 3: “pain” is there already, in line 2. Keep one of them."),
        (concept("<note>" * 20 + "</note>" * 20 + term("a")), "line 4: The elements are nested too deeply."),
        (concept(term("a") * 3_000), "line 2: This entry has too many elements."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_line(content: str, found: str) -> None:
    assert refusals(content) == [found]


def test_all_faults_are_told_at_once() -> None:
    assert [
        fault.split(":")[0] for fault in refusals(concept(term("a", status("x")) + "\n" + term("b", status("y"))))
    ] == [
        "line 4",
        "line 5",
    ]


def test_more_entries_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_ENTRIES", 1)
    assert refusals(written(closure(), nerve_block())) == ["line 65: There are more than 1 entries. Split the file."]


# What of the published schemas (core, min and basic modules, style DCT) concerns what is written here -----------------

SCHEMA = etree.RelaxNG(
    etree.fromstring(
        """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="urn:iso:std:iso:30042:ed-2"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start>
    <element name="tbx">
      <attribute name="style"><value>dct</value></attribute>
      <attribute name="type"><value>TBX-Basic</value></attribute>
      <attribute name="xml:lang"/>
      <element name="tbxHeader"><element name="fileDesc"><element name="sourceDesc"><oneOrMore>
        <element name="p"><text/></element>
      </oneOrMore></element></element></element>
      <element name="text"><element name="body"><oneOrMore><ref name="conceptEntry"/></oneOrMore></element></element>
    </element>
  </start>
  <define name="note"><element name="note"><text/></element></define>
  <define name="conceptEntry">
    <element name="conceptEntry">
      <attribute name="id"><data type="ID"/></attribute>
      <zeroOrMore><choice>
        <ref name="note"/>
        <element name="subjectField" ns="http://www.tbxinfo.net/ns/min"><text/></element>
        <element name="crossReference" ns="http://www.tbxinfo.net/ns/basic">
          <text/>
          <attribute name="target"><data type="IDREF"/></attribute>
        </element>
      </choice></zeroOrMore>
      <oneOrMore><ref name="langSec"/></oneOrMore>
    </element>
  </define>
  <define name="langSec">
    <element name="langSec">
      <attribute name="xml:lang"/>
      <zeroOrMore><choice>
        <ref name="note"/>
        <element name="definition" ns="http://www.tbxinfo.net/ns/basic"><text/></element>
      </choice></zeroOrMore>
      <oneOrMore><ref name="termSec"/></oneOrMore>
    </element>
  </define>
  <define name="termSec">
    <element name="termSec">
      <element name="term"><text/></element>
      <zeroOrMore><choice>
        <element name="administrativeStatus" ns="http://www.tbxinfo.net/ns/min"><choice>
          <value>admittedTerm-admn-sts</value>
          <value>deprecatedTerm-admn-sts</value>
          <value>supersededTerm-admn-sts</value>
          <value>preferredTerm-admn-sts</value>
        </choice></element>
        <element name="termType" ns="http://www.tbxinfo.net/ns/basic"><choice>
          <value>fullForm</value>
          <value>acronym</value>
          <value>abbreviation</value>
          <value>shortForm</value>
          <value>variant</value>
          <value>phrase</value>
        </choice></element>
      </choice></zeroOrMore>
      <zeroOrMore><ref name="note"/></zeroOrMore>
    </element>
  </define>
</grammar>"""
    )
)
