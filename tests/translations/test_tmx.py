import datetime
import io
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from glossary.faults import Line, Refused
from publishing import richtext
from tests.glossary.exchanged import HOSTILE
from translations import memory, tmx
from translations.models import Segment
from translations.tmx import Entry, Reader

HEADER = (
    '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en"'
    ' datatype="plaintext"/>'
)
PAIN = '<tuv xml:lang="zh-CN"><seg>疼痛</seg></tuv>\n<tuv xml:lang="en-US"><seg>pain</seg></tuv>'


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def written(entries: Iterable[Entry]) -> bytes:
    out = io.BytesIO()
    tmx.write(entries, out)
    return out.getvalue()


def read(content: bytes | str) -> list[Entry]:
    return list(Reader(io.BytesIO(content.encode() if isinstance(content, str) else content)))


def document(*units: str, header: str = HEADER) -> str:
    """The first unit begins in line 2."""
    return f'<tmx version="1.4">{header}<body>\n{"".join(units)}</body></tmx>'


def unit(content: str = PAIN, attributes: str = "") -> str:
    return f"<tu {attributes}>\n{content}\n</tu>\n"


def variants(chinese: str, english: str) -> str:
    return f'<tuv xml:lang="zh"><seg>{chinese}</seg></tuv>\n<tuv xml:lang="en"><seg>{english}</seg></tuv>'


def refusals(content: bytes | str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


# There and back -------------------------------------------------------------------------------------------------------

times = st.none() | st.datetimes(
    datetime.datetime(1, 1, 2), datetime.datetime(9999, 12, 30), timezones=st.just(datetime.UTC)
).map(lambda moment: moment.replace(microsecond=0))
texts = (
    st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5)), max_size=4)
    .map(lambda pieces: richtext.clean_text("x" + "".join(pieces)))
    .filter(lambda text: not richtext.is_blank(text))
)
entries = st.builds(
    lambda languages, *rest: Entry(*languages, *rest),
    st.sampled_from([("zh-hans", "en"), ("en", "zh-hans")]),
    texts,
    texts,
    times,
    times,
    times,
)
memories = st.lists(
    entries,
    max_size=5,
    unique_by=lambda entry: (entry.source_language, entry.source, entry.target),
)


@given(memories)
def test_what_is_written_is_read_as_it_was(held: list[Entry]) -> None:
    if held:
        assert read(written(held)) == held
        assert written(read(written(held))) == written(held)
    else:
        assert refusals(written(held)) == ["There is no entry (tu) in the file."]


@given(memories)
def test_what_is_written_is_valid(held: list[Entry]) -> None:
    root = etree.fromstring(written(held))
    assert DTD.validate(root), DTD.error_log


def test_an_entry_looks_like_this() -> None:
    moment = datetime.datetime(2026, 1, 31, 23, 59, 59, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    held = [
        Entry("zh-hans", "en", "<3 片", "<3 tablets", moment, moment),
        Entry("en", "zh-hans", "pain", "疼痛", used_at=moment),
    ]
    assert written(held).decode().split("<body>\n")[1] == (
        """\
    <tu creationdate="20260131T155959Z" changedate="20260131T155959Z">
      <tuv xml:lang="zh-Hans"><seg>&lt;3 片</seg></tuv>
      <tuv xml:lang="en"><seg>&lt;3 tablets</seg></tuv>
    </tu>
    <tu lastusagedate="20260131T155959Z" srclang="en">
      <tuv xml:lang="en"><seg>pain</seg></tuv>
      <tuv xml:lang="zh-Hans"><seg>疼痛</seg></tuv>
    </tu>
  </body>
</tmx>
"""
    )


# Of other tools -------------------------------------------------------------------------------------------------------


def test_a_file_of_another_tool_is_read_with_its_declaration_and_what_has_no_place_is_told() -> None:
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
{HEADER[:-2]}><note>n</note><prop type="x">p</prop><ude name="u"><map unicode="#xF8FF"/></ude></header>
<body><tu tuid="1" creationdate="20260131T235959Z"><prop type="x">p</prop><note>n</note>
<tuv xml:lang="EN"><prop type="x">p</prop><seg>Take <bpt i="1">&lt;b></bpt><hi>two<ph>x<sub>s</sub></ph></hi>\
<ept i="1">&lt;/b></ept> tablets</seg></tuv>
<tuv xml:lang="cmn-Hans-CN"><seg> 两片
</seg></tuv></tu></body></tmx>
"""
    reader = Reader(io.BytesIO(content.encode()))
    (entry,) = reader
    assert entry == Entry(
        "en", "zh-hans", "Take two tablets", "两片", datetime.datetime(2026, 1, 31, 23, 59, 59, tzinfo=datetime.UTC)
    )
    assert entry.place == Line(5)
    assert reader.left_out == {"note": 2, "prop": 3, "ude": 1, "bpt": 1, "ept": 1, "ph": 1}


@pytest.mark.parametrize(
    ("header", "own", "source"),
    [("en", "", "en"), ("zh", "", "zh-hans"), ("en", 'srclang="zh"', "zh-hans"), ("*all*", "", "zh-hans")],
)
def test_the_source_language_is_that_of_the_entry_of_the_header_or_of_the_first_text(
    header: str, own: str, source: str
) -> None:
    (entry,) = read(document(unit(attributes=own), header=HEADER.replace('srclang="en"', f'srclang="{header}"')))
    assert entry.source_language == source
    assert {entry.source, entry.target} == {"疼痛", "pain"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_are_read(encoding: str) -> None:
    assert len(read(document(unit()).encode(encoding))) == 1


def test_of_a_file_in_one_line_doubles_are_noticed_too() -> None:
    assert len(refusals(document(unit(), unit()).replace("\n", ""))) == 1


# What is refused ------------------------------------------------------------------------------------------------------

OURS = "Use zh-Hans or en."
ENTITIES = "Entities and declarations of one's own (DOCTYPE) are not taken. Remove them."


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (document(), ["There is no entry (tu) in the file."]),
        (document(unit(variants("", "x"))), ["line 3: The text (seg) is empty. Fill it in or remove the entry."]),
        (document(unit(variants("x", "\u200b"))), ["line 4: The text (seg) is empty. Fill it in or remove the entry."]),
        (document(unit('<tuv xml:lang="en"/>')), ["line 3: The text (seg) is missing."]),
        (document(unit("")), ["line 2: An entry has a text and its translation (two tuv)."]),
        (
            document(unit('<tuv xml:lang="en"><seg>x</seg></tuv>')),
            ["line 2: An entry has a text and its translation (two tuv)."],
        ),
        (document(unit(PAIN * 26)), ["line 2: An entry has a text and its translation (two tuv)."]),
        (
            document(unit(PAIN + '<tuv xml:lang="fr"><seg>x</seg></tuv>')),
            [f"line 4: The language “fr” is not one of ours. {OURS}"],
        ),
        (
            document(unit(PAIN.replace("zh-CN", "zh-TW"))),
            [
                "line 3: “zh-TW” is Chinese in traditional characters. Convert it to simplified ones and mark it"
                " zh-Hans."
            ],
        ),
        (document(unit("<tuv><seg>x</seg></tuv>")), [f"line 3: The language “” is not one of ours. {OURS}"]),
        (
            document(unit(PAIN.replace("zh-CN", "en"))),
            ["line 4: There is a text in en in this entry already. Keep one."],
        ),
        (document(unit(attributes='srclang="fr"')), [f"line 2: The language “fr” is not one of ours. {OURS}"]),
        (
            document(unit(variants("x" * 10_001, "x"))),
            ["line 3: The text has more than 10000 characters. Split or remove it."],
        ),
        (
            document(unit(), unit(variants("痛", "pain")), unit()),
            ["line 10: “pain” is there already with this translation, in line 2. Keep one of them."],
        ),
        (
            document(unit(attributes='tuid="a"'), unit(variants("痛", "ache"), 'tuid="a"')),
            ["line 6: There is an entry with the tuid “a” already, in line 2. Keep one of them."],
        ),
        (
            document(unit(attributes='changedate="20260231T000000Z"')),
            ["line 2: “20260231T000000Z” is no time. Write it as 20260131T235959Z."],
        ),
        (
            document(unit(attributes='changedate=""')),
            ["line 2: “” is no time. Write it as 20260131T235959Z."],
        ),
        (document(unit("x")), ["line 3: There is text in “tu”, where none can be."]),
        (document(unit("<seg>x</seg>")), ["line 3: “seg” cannot stand here in “tu”."]),
        (document(unit(PAIN + "<note>n</note>")), ["line 4: “note” cannot stand here in “tu”."]),
        (
            document(unit('<tuv xml:lang="en"><seg>x</seg><seg>y</seg></tuv>')),
            ["line 3: “seg” cannot stand here in “tuv”."],
        ),
        (document(unit(variants("<b>x</b>", "x"))), ["line 3: “b” cannot stand here in “seg”."]),
        (document(unit('<tuv xmlns="urn:x"/>')), ["line 3: “tuv” cannot stand here in “tu”."]),
        (document(unit(variants("<hi>" * 30 + "</hi>" * 30, "x"))), ["line 3: The elements are nested too deeply."]),
        ('<tmx version="1.4"><body/></tmx>', ["line 1: The header is missing."]),
        (f'<tmx version="1.4">{HEADER}</tmx>', ["line 1: The body is missing."]),
        ('<tmx version="1.4">\n</tmx>', ["line 2: The body is missing."]),
        (document(header=HEADER * 2), ["line 1: “header” cannot stand here in “tmx”."]),
        ('<tmx version="1.1"/>', ["line 1: This is not TMX 1.4. Save the file in that version."]),
        ("<html/>", ["line 1: This is not TMX 1.4. Save the file in that version."]),
        ("", ["line 1: This is not well-formed XML (no element found). Export the file once more."]),
        (
            document(unit()) + "\n<x",
            ["line 7: This is not well-formed XML (junk after document element). Export the file once more."],
        ),
        ('<!DOCTYPE tmx [\n<!ENTITY a "a">]>' + document(unit(variants("&a;", "x"))), [f"line 1: {ENTITIES}"]),
        ('<!DOCTYPE tmx SYSTEM "x" [\n]>' + document(unit()), [f"line 1: {ENTITIES}"]),
        ('<!DOCTYPE tmx SYSTEM "x">' + document(unit(variants("&a;", "x"))), [f"line 3: {ENTITIES}"]),
        (document(unit(variants("&a;", "x"))), [f"line 3: {ENTITIES}"]),
        (
            '<?xml version="1.0" encoding="no-such"?><tmx/>',
            ["line 1: The encoding of this file cannot be read. Save it in UTF-8."],
        ),
    ],
)
def test_what_is_not_as_it_must_be_is_refused_with_its_line(content: str, found: list[str]) -> None:
    assert refusals(content) == found


def test_all_faults_are_told_at_once() -> None:
    assert [fault.split(":")[0] for fault in refusals(document(unit(variants("", "")), unit(""), unit()))] == [
        "line 3",
        "line 4",
        "line 6",
    ]


def test_a_bomb_is_refused_at_its_first_character() -> None:
    bomb = '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(20)
    )
    began = time.process_time()
    assert refusals(bomb + "]>" + document(unit(variants("&u;", "x")))) == [f"line 1: {ENTITIES}"]
    assert time.process_time() - began < 5


class Endless(io.RawIOBase):
    """A file that ends only when somebody stops to read it."""

    def __init__(self, start: str, again: str) -> None:
        self.size = 0
        self.start, self.again = start.encode(), again.encode()

    def read(self, size: int = -1) -> bytes:
        piece = self.again if self.size else self.start + self.again
        self.size += len(piece)
        return piece


@pytest.mark.parametrize(
    ("start", "again", "found"),
    [
        (document().split("</body>")[0], f"<!-- {'x' * 100_000} -->", "The file is larger than 300 MB. Split it."),
        (document().split("</body>")[0] + "<!-- ", "x" * 100_000, "line 2: A tag or a comment is too long."),
        (document().split("</body>")[0] + '<tu tuid="', "x" * 100_000, "line 2: A tag or a comment is too long."),
        (
            document().split("</body>")[0],
            unit(variants("x" * 50_000, "x")) * 4,
            "There may be more; looking for them stopped here.",
        ),
    ],
)
def test_a_file_without_an_end_is_not_read_to_it(
    start: str, again: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "larger" in found:
        monkeypatch.setattr(tmx, "MAX_BYTES", 3_000_000)
        found = found.replace("300", "3")
    file = Endless(start, again)
    with pytest.raises(Refused) as caught:
        for _entry in Reader(file):  # type: ignore[arg-type]
            pass
    assert str(caught.value.faults[-1]) == found
    assert file.size < 12_000_000


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tmx, "MAX_ENTRIES", 2)
    units = [unit(variants(f"{n}", f"{n}")) for n in range(3)]
    assert refusals(document(*units)) == ["line 10: There are more than 2 entries. Split the file."]


# The memory -----------------------------------------------------------------------------------------------------------


def kept() -> list[Entry]:
    return list(memory.entries())


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memories.filter(bool))
def test_the_memory_goes_out_and_in_and_nothing_changes(held: list[Entry]) -> None:
    with transaction.atomic():
        assert memory.take(held) == (len(held), 0)
        file = written(kept())
        assert memory.take(read(file)) == (0, len(held))
        assert written(kept()) == file
        Segment.objects.all().delete()
        assert memory.take(read(file)) == (len(held), 0)
        assert written(kept()) == file
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_two_units_taught_alike_goes_out_once_and_stays_theirs_when_it_comes_back() -> None:
    kind = ContentType.objects.get_for_model(get_user_model()).pk
    for key in ("title", "body"):
        memory.learn("疼痛", "pain", "zh-hans", "en", is_rich=False, origin=(kind, 1, key))
    file = written(kept())
    assert len(read(file)) == 1
    assert memory.take(read(file)) == (0, 1)
    assert list(Segment.objects.values_list("key", flat=True)) == ["title", "body"]


@pytest.mark.django_db
def test_what_is_taken_in_is_found_with_its_times() -> None:
    moment = datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)
    memory.take([Entry("en", "zh-hans", "Take one tablet.", "服一片。", moment, None, None)])
    (match,) = memory.best("Take two tablets.", "en", "zh-hans")
    assert (match.target, match.origin, match.changed_at) == ("服一片。", None, moment)


# The command ----------------------------------------------------------------------------------------------------------


def command(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("tmx", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_writes_a_file_and_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    memory.learn("疼痛。发热。", "Pain. Fever.", "zh-hans", "en", is_rich=False, origin=None)
    assert command("export", path) == f"{path}: 2 segments.\n"
    first = path.read_bytes()
    assert command("import", path) == "Segments: 0 new, 2 known already.\n"
    Segment.objects.filter(source="发热。").delete()
    dry = "Segments: 1 new, 1 known already.\nOnly looked at: nothing was changed.\n"
    assert command("import", path, "--dry-run") == dry
    assert Segment.objects.count() == 1
    assert command("import", path) == "Segments: 1 new, 1 known already.\n"
    command("export", path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db
def test_the_command_says_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    path.write_text(document(unit("<note>n</note>" + PAIN)), encoding="utf-8")
    said = "Segments: 1 new, 0 known already. Left out, because there is no place for it here: note × 1.\n"
    assert command("import", path) == said


@pytest.mark.django_db
def test_the_command_takes_nothing_of_a_file_with_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    path.write_text(document(unit(), unit("")), encoding="utf-8")
    with pytest.raises(CommandError, match=r"^line 6: .*\nNothing was done\.$"):
        command("import", path)
    assert not Segment.objects.exists()


@pytest.mark.django_db
def test_an_interrupted_import_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memory.tmx"
    path.write_bytes(written(Entry("zh-hans", "en", f"{n}", "x") for n in range(1200)))
    taken = memory._taken

    def interrupt(entry: Entry) -> Segment:
        if entry.source == "1100":
            raise KeyboardInterrupt
        return taken(entry)

    monkeypatch.setattr(memory, "_taken", interrupt)
    with pytest.raises(CommandError, match="Interrupted"):
        command("import", path)
    assert not Segment.objects.exists()


@pytest.mark.django_db
def test_an_export_that_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "memory.tmx"
    path.write_text("old")

    def broken() -> Iterator[Entry]:
        yield Entry("zh-hans", "en", "x", "x")
        raise OSError("disk")

    monkeypatch.setattr(memory, "entries", broken)
    with pytest.raises(CommandError, match="disk"):
        command("export", path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db
def test_the_command_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        command("import", tmp_path / "none.tmx")


_ABOUT = """o-encoding CDATA #IMPLIED datatype CDATA #IMPLIED usagecount CDATA #IMPLIED lastusagedate CDATA #IMPLIED
  creationtool CDATA #IMPLIED creationtoolversion CDATA #IMPLIED creationdate CDATA #IMPLIED creationid CDATA #IMPLIED
  changedate CDATA #IMPLIED changeid CDATA #IMPLIED o-tmf CDATA #IMPLIED"""
# What TMX 1.4b says of structure, written from its specification.
DTD = etree.DTD(
    io.StringIO(
        f"""
<!ELEMENT tmx (header, body)> <!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note | prop | ude)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block | paragraph | sentence | phrase) #REQUIRED o-tmf CDATA #REQUIRED adminlang CDATA #REQUIRED
  srclang CDATA #REQUIRED datatype CDATA #REQUIRED o-encoding CDATA #IMPLIED creationdate CDATA #IMPLIED
  creationid CDATA #IMPLIED changedate CDATA #IMPLIED changeid CDATA #IMPLIED>
<!ELEMENT note (#PCDATA)> <!ATTLIST note xml:lang CDATA #IMPLIED o-encoding CDATA #IMPLIED>
<!ELEMENT prop (#PCDATA)>
<!ATTLIST prop type CDATA #REQUIRED xml:lang CDATA #IMPLIED o-encoding CDATA #IMPLIED>
<!ELEMENT ude (map+)> <!ATTLIST ude name CDATA #REQUIRED base CDATA #IMPLIED>
<!ELEMENT map EMPTY>
<!ATTLIST map unicode CDATA #REQUIRED code CDATA #IMPLIED ent CDATA #IMPLIED subst CDATA #IMPLIED>
<!ELEMENT body (tu*)>
<!ELEMENT tu ((note | prop)*, tuv+)>
<!ATTLIST tu tuid CDATA #IMPLIED segtype (block | paragraph | sentence | phrase) #IMPLIED srclang CDATA #IMPLIED
  {_ABOUT}>
<!ELEMENT tuv ((note | prop)*, seg)> <!ATTLIST tuv xml:lang CDATA #REQUIRED {_ABOUT}>
<!ELEMENT seg (#PCDATA | bpt | ept | ph | it | hi | ut)*>
<!ELEMENT hi (#PCDATA | bpt | ept | ph | it | hi | ut)*> <!ATTLIST hi x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT sub (#PCDATA | bpt | ept | ph | it | hi | ut)*>
<!ELEMENT bpt (#PCDATA | sub)*> <!ATTLIST bpt i CDATA #REQUIRED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ept (#PCDATA | sub)*> <!ATTLIST ept i CDATA #REQUIRED>
<!ELEMENT ph (#PCDATA | sub)*> <!ATTLIST ph x CDATA #IMPLIED assoc CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT it (#PCDATA | sub)*> <!ATTLIST it pos (begin | end) #REQUIRED x CDATA #IMPLIED type CDATA #IMPLIED>
<!ELEMENT ut (#PCDATA | sub)*> <!ATTLIST ut x CDATA #IMPLIED>
"""
    )
)
