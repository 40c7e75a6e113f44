import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reversion.models import Revision, Version

from glossary import exchange
from glossary.entries import ContextWord, Entry, OtherName, Reading
from glossary.exchange import Difference, Plan
from glossary.faults import Line, Refused
from glossary.models import Context, Name, Term
from painsite.roles import StaffRole
from publishing.models import Edition
from tests.factories import NameFactory, TermFactory, publish_all, staff
from tests.glossary.exchanged import closure, glossaries, nerve_block

pytestmark = pytest.mark.django_db
FORMATS = ["tbx", "xlsx"]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def exported(kind: str = "tbx") -> bytes:
    out = io.BytesIO()
    exchange.write(kind, out)
    return out.getvalue()


def look(content: bytes) -> Plan:
    return exchange.plan(exchange.read(io.BytesIO(content)))


def load(*given_entries: Entry) -> Plan:
    plan = exchange.plan(Reading(list(given_entries)))
    exchange.carry_out(plan, staff(StaffRole.EDITOR), "Import")
    return plan


def refusals(*given_entries: Entry) -> list[str]:
    with pytest.raises(Refused) as caught:
        exchange.plan(Reading(list(given_entries)))
    return [str(fault) for fault in caught.value.faults]


def changed(entry: Entry, **fields: str) -> Entry:
    return Entry(entry.slug, {**entry.fields, **fields}, [*entry.names], [*entry.contexts], entry.see_also)


# There and back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_importing_an_export_changes_nothing_and_says_so(kind: str) -> None:
    load(closure(), nerve_block())
    plan = look(exported(kind))
    assert plan.changes == []
    assert str(plan) == "Nothing changes: the glossary says already what the file says (terms: 2)."


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(glossaries(), st.sampled_from(FORMATS))
def test_whatever_is_in_it_a_glossary_is_the_same_in_another_database(glossary: list[Entry], kind: str) -> None:
    with undone():
        load(*glossary)
        content, tbx = exported(kind), exported()
        assert look(content).changes == []
        Term.objects.all().delete()
        exchange.carry_out(look(content), staff(StaffRole.EDITOR), "Import")
        assert list(exchange.entries()) == glossary
        assert exported() == tbx


def test_what_the_database_holds_unclean_is_no_change() -> None:
    term = TermFactory(definition_en=" two\r\nlines \x01")
    NameFactory(term=term, text=" ache ", note="a\x0bb")
    assert look(exported()).changes == []


def test_a_draft_with_a_fault_of_its_own_does_not_block_a_file() -> None:
    term = TermFactory(slug="faulty", name_zh_hans="疼", name_en=None, category="no-such")
    NameFactory(term=term, language="zh-hans", text="疼")
    content = exported().replace(b"</body>", written(nerve_block()) + b"</body>")
    assert [change.entry.slug for change in look(content).changes] == ["nerve-block"]


def written(entry: Entry) -> bytes:
    out = io.BytesIO()
    exchange.FORMATS["tbx"].write([entry], out)
    return out.getvalue().split(b"<body>\n")[1].split(b"    </body>")[0]


# In -------------------------------------------------------------------------------------------------------------------


def test_new_terms_become_drafts_with_all_that_belongs_to_them() -> None:
    plan = load(closure(), nerve_block())
    assert str(plan) == "Terms: 2 new, 0 changed, 0 as they were."
    term: Any = Term.objects.get(slug="closure-therapy")
    assert (term.name_zh_hans, term.name_en, term.category) == ("封闭疗法", "closure therapy", "procedure")
    assert (term.abbreviation, term.pinyin, term.source_language) == ("CT", "fēngbì liáofǎ", "zh-hans")
    assert term.explanation_en == "<p>It began in the Soviet Union.</p>"
    assert [(name.language, name.text, name.status, name.usage) for name in term.names.all()] == [
        ("zh-hans", "打封闭针", "admitted", "question"),
        ("en", "closure injection", "admitted", "everywhere"),
        ("en", "blocking therapy", "deprecated", "everywhere"),
        ("en", "closed needle", "forbidden", "everywhere"),
    ]
    assert [(context.kind, context.text) for context in term.contexts.all()] == [("nearby", "针"), ("within", "封闭式")]
    assert [other.slug for other in term.see_also.all()] == ["nerve-block"]
    assert term.next_review is not None


def test_nothing_goes_live_by_it() -> None:
    term = TermFactory(slug="pain")
    publish_all(term)
    before = list(Edition.objects.values("pk", "state", "content", "live_from", "live_until"))
    load(changed(next(exchange.entries()), definition_en="Other."))
    assert list(Edition.objects.values("pk", "state", "content", "live_from", "live_until")) == before
    assert Term.objects.filter(definition_en="Other.").exists()


def test_a_text_that_is_not_in_the_file_is_removed_from_the_draft() -> None:
    load(closure(), nerve_block())
    load(changed(closure(), name_en="", definition_en=""))
    term: Any = Term.objects.get(slug="closure-therapy")
    assert (term.name_en, term.definition_en) == (None, None)


def test_terms_that_are_not_in_the_file_stay() -> None:
    load(closure(), nerve_block())
    load(changed(nerve_block(), name_en="nerve blockade"))
    assert [entry.slug for entry in exchange.entries()] == ["closure-therapy", "nerve-block"]
    assert next(exchange.entries()) == closure()


def test_a_change_is_shown_part_by_part() -> None:
    load(closure(), nerve_block())
    entry = changed(closure(), definition_en="A shot.", pinyin="")
    entry.names = [
        *entry.names[:2],
        OtherName("en", "blocking therapy", "forbidden", "question", "Not this."),
        OtherName("en", "closure shot"),
    ]
    entry.contexts = [ContextWord("zh-hans", "within", "针")]
    entry.see_also = []
    plan = exchange.plan(Reading([entry]))
    assert str(plan) == "Terms: 0 new, 1 changed, 0 as they were."
    assert plan.changed[0].differences == [
        Difference("pinyin", "fēngbì liáofǎ", ""),
        Difference("short definition [en]", "An injection at the painful spot.", "A shot."),
        Difference(
            "other name",
            "blocking therapy · English · deprecated",
            "blocking therapy · English · forbidden · only where a patient speaks, as in a question · Not this.",
        ),
        Difference("other name", "closed needle · English · forbidden · Say “closure injection”.", ""),
        Difference("other name", "", "closure shot · English · admitted"),
        Difference("context", "针 · Chinese · must stand nearby", "针 · Chinese · is not this term"),
        Difference("context", "封闭式 · Chinese · is not this term", ""),
        Difference("see also", "nerve-block", ""),
    ]


def test_looking_changes_nothing() -> None:
    load(closure(), nerve_block())
    exchange.plan(Reading([changed(closure(), name_en="other")]))
    assert next(exchange.entries()) == closure()


def test_names_in_the_file_replace_those_of_the_draft_and_what_stays_keeps_its_key() -> None:
    load(closure(), nerve_block())
    keys = dict(Name.objects.values_list("text", "pk"))
    context_keys = dict(Context.objects.values_list("text", "pk"))
    entry = closure()
    entry.names = [
        OtherName("en", "closure shot"),
        OtherName("en", "blocking therapy", "admitted", note="Rare."),
        entry.names[0],
    ]
    entry.contexts = [ContextWord("zh-hans", "within", "针"), ContextWord("en", "within", "closure of")]
    load(entry)
    names = {name.text: name for name in Name.objects.all()}
    assert set(names) == {"打封闭针", "blocking therapy", "closure shot"}
    assert names["打封闭针"].pk == keys["打封闭针"]
    assert names["blocking therapy"].pk == keys["blocking therapy"]
    assert (names["blocking therapy"].status, names["blocking therapy"].note) == ("admitted", "Rare.")
    contexts = {context.text: context for context in Context.objects.all()}
    assert set(contexts) == {"针", "closure of"}
    assert (contexts["针"].pk, contexts["针"].kind) == (context_keys["针"], "within")


def test_the_version_rises_when_only_a_name_changed_so_that_an_open_form_notices() -> None:
    load(closure(), nerve_block())
    version = Term.objects.get(slug="closure-therapy").version
    entry = closure()
    entry.names = entry.names[1:]
    load(entry)
    assert Term.objects.get(slug="closure-therapy").version == version + 1
    assert Term.objects.get(slug="nerve-block").version == 0


def test_an_import_is_one_revision_by_its_user_with_names_and_contexts() -> None:
    load(closure(), nerve_block())
    revision = Revision.objects.get()
    assert (revision.user, revision.comment) == (staff(StaffRole.EDITOR), "Import")
    kinds = [version.content_type.model for version in Version.objects.filter(revision=revision)]
    assert {kind: kinds.count(kind) for kind in kinds} == {"term": 2, "name": 4, "context": 2}
    version = Version.objects.get_for_object(Term.objects.get(slug="closure-therapy")).get()
    assert version.field_dict["see_also"] == [Term.objects.get(slug="nerve-block").pk]


def test_a_revision_brings_back_the_draft_as_it_was() -> None:
    load(closure(), nerve_block())
    revision = Revision.objects.get()
    entry = changed(closure(), name_en="other")
    entry.names = []
    load(entry)
    revision.revert(delete=True)
    assert next(exchange.entries()) == closure()


# Refused --------------------------------------------------------------------------------------------------------------


def spoil(**values: Any) -> Callable[[Entry], None]:
    def change(entry: Entry) -> None:
        entry.fields.update(values)

    return change


def with_names(*names: OtherName) -> Callable[[Entry], None]:
    def change(entry: Entry) -> None:
        entry.names = list(names)

    return change


def with_contexts(*contexts: ContextWord) -> Callable[[Entry], None]:
    def change(entry: Entry) -> None:
        entry.contexts = list(contexts)

    return change


AT = Line(7)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (spoil(name_en=""), "line 2: name [en]: Fill this in: it is the title in the source language."),
        (spoil(source_language=""), "line 2: The source language is missing. Use zh-Hans or en."),
        (spoil(category=""), "line 3: category: This field cannot be blank. "
         "Use one of anatomy, condition, symptom, procedure, medicine, concept."),
        (spoil(category="stars"), "line 3: category: Value 'stars' is not a valid choice. "
         "Use one of anatomy, condition, symptom, procedure, medicine, concept."),
        (spoil(name_zh_hans="x" * 121),
         "line 2: name [zh-hans]: Ensure this value has at most 120 characters (it has 121)."),
        (spoil(definition_en="x" * 501),
         "line 2: short definition [en]: Ensure this value has at most 500 characters (it has 501)."),
        (spoil(abbreviation="x" * 31),
         "line 2: abbreviation: Ensure this value has at most 30 characters (it has 31)."),
        (spoil(explanation_en="x" * 100_001),
         "line 2: The longer explanation has more than 100000 characters. Shorten it."),
        (with_names(OtherName("en", "ache"), OtherName("en", "ache", "forbidden", place=AT)),
         "line 7: The name “ache” is there twice in this term. Keep one of them."),
        (with_names(OtherName("en", "nerve block", "forbidden", place=AT)),
         "line 7: The name “nerve block” is there twice in this term. Keep one of them."),
        (with_names(OtherName("en", "\u200b", place=AT)), "line 7: The name is empty. Fill it in or remove it."),
        (with_names(OtherName("en", "", place=AT)), "line 7: The name is empty. Fill it in or remove it."),
        (with_names(OtherName("en", "ache", "banned", place=AT)),
         "line 7: status: Value 'banned' is not a valid choice. Use one of admitted, deprecated, forbidden."),
        (with_names(OtherName("en", "ache", usage="rare", place=AT)),
         "line 7: where: Value 'rare' is not a valid choice. Use one of everywhere, question."),
        (with_names(OtherName("en", "x" * 121, place=AT)),
         "line 7: name: Ensure this value has at most 120 characters (it has 121)."),
        (with_names(OtherName("en", "ache", note="x" * 301, place=AT)),
         "line 7: note: Ensure this value has at most 300 characters (it has 301)."),
        (with_contexts(ContextWord("en", "near", "arm", place=AT)),
         "line 7: kind: Value 'near' is not a valid choice. Use one of nearby, within."),
        (with_contexts(ContextWord("en", "within", "", place=AT)), "line 7: words: This field cannot be blank."),
        (with_contexts(ContextWord("en", "within", "arm"), ContextWord("en", "nearby", "arm", place=AT)),
         "line 7: The context “arm” is there twice in this term. Keep one of them."),
    ],
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_refused_with_its_place(change: Callable[[Entry], None], found: str) -> None:
    entry = nerve_block()
    entry.place = Line(2)
    entry.places = {"category": Line(3)}
    change(entry)
    assert refusals(entry) == [found]


@pytest.mark.parametrize("slug", ["Pain", "a_b", "-", "x" * 81, "疼"])
def test_an_address_that_cannot_be_one_is_refused(slug: str) -> None:
    entry = changed(nerve_block())
    entry.slug, entry.place = slug, Line(2)
    assert refusals(entry)[0].startswith("line 2: address: ")


def test_a_reference_to_nothing_is_refused() -> None:
    entry = closure()
    entry.places = {"see_also.nerve-block": Line(4)}
    assert refusals(entry) == [
        "line 4: See also: there is no term “nerve-block”, neither in the file nor in the glossary."
    ]
    load(nerve_block())
    load(entry)


@pytest.mark.parametrize("kind", FORMATS)
def test_it_is_all_or_nothing(kind: str) -> None:
    load(closure(), nerve_block())
    bad = changed(nerve_block(), category="")
    out = io.BytesIO()
    exchange.FORMATS[kind].write([changed(closure(), name_en="other"), bad], out)
    before = exported()
    with pytest.raises(Refused):
        look(out.getvalue())
    assert exported() == before


def test_a_draft_saved_by_somebody_else_is_not_overwritten() -> None:
    load(closure(), nerve_block())
    plan = exchange.plan(
        Reading([changed(closure(), name_en="other"), changed(nerve_block(), name_en="another"), third()])
    )
    Term.objects.get(slug="nerve-block").save()
    before = exported()
    with pytest.raises(Refused, match="“nerve-block” was saved by somebody else just now"):
        exchange.carry_out(plan, staff(StaffRole.EDITOR), "Import")
    assert exported() == before
    assert Revision.objects.count() == 1


def third() -> Entry:
    return Entry("gout", {"source_language": "en", "category": "condition", "name_en": "gout"})


def test_a_term_of_that_address_made_by_somebody_else_is_not_overwritten() -> None:
    plan = exchange.plan(Reading([third(), nerve_block()]))
    TermFactory(slug="nerve-block")
    before = exported()
    with pytest.raises(Refused, match="Somebody else changed the glossary just now"):
        exchange.carry_out(plan, staff(StaffRole.EDITOR), "Import")
    assert exported() == before


def test_a_reference_deleted_by_somebody_else_undoes_all() -> None:
    load(nerve_block())
    plan = exchange.plan(Reading([closure()]))
    Term.objects.get(slug="nerve-block").delete()
    with pytest.raises(Refused, match="Somebody else changed the glossary just now"):
        exchange.carry_out(plan, staff(StaffRole.EDITOR), "Import")
    assert not Term.objects.exists()


def test_the_fingerprint_of_a_plan_tells_whether_its_drafts_were_saved() -> None:
    load(closure(), nerve_block())
    reading = Reading([changed(closure(), name_en="other")])
    before = exchange.plan(reading).fingerprint
    assert exchange.plan(reading).fingerprint == before
    Term.objects.get(slug="nerve-block").save()
    assert exchange.plan(reading).fingerprint == before
    Term.objects.get(slug="closure-therapy").save()
    assert exchange.plan(reading).fingerprint != before


def test_what_was_left_out_is_told() -> None:
    plan = exchange.plan(Reading([nerve_block()], {"partOfSpeech": 3, "hi": 1}))
    assert str(plan) == (
        "Terms: 1 new, 0 changed, 0 as they were. "
        "Left out, because there is no place for it here: hi × 1, partOfSpeech × 3."
    )


def test_the_number_of_queries_does_not_grow_with_the_glossary(django_assert_num_queries: Any) -> None:
    load(closure(), nerve_block(), third())
    with django_assert_num_queries(4):
        content = exported()
    with django_assert_num_queries(4):
        look(content)


# The command ----------------------------------------------------------------------------------------------------------


def glossary(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("glossary", *(str(argument) for argument in arguments), stdout=out, no_color=True)
    return out.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_the_command_writes_a_file_and_reads_it(kind: str, tmp_path: Path) -> None:
    load(closure(), nerve_block())
    path = tmp_path / f"terms.{kind}"
    assert glossary("export", path) == f"{path}: 2 terms.\n"
    assert [file.name for file in tmp_path.iterdir()] == [f"terms.{kind}"]
    Term.objects.get(slug="nerve-block").delete()
    Name.objects.filter(text="closed needle").delete()
    shown = (
        "closure-therapy\n"
        "  other name: — → closed needle · English · forbidden · Say “closure injection”.\n"
        "  see also: — → nerve-block\n"
        "Terms: 1 new, 1 changed, 0 as they were.\n"
    )
    assert glossary("import", path, "--dry-run") == shown + "Only looked at: nothing was changed.\n"
    assert Term.objects.count() == 1
    assert glossary("import", path, "--user", staff(StaffRole.EDITOR).username) == shown
    assert list(exchange.entries()) == [closure(), nerve_block()]
    assert Revision.objects.latest("pk").comment == f"Import of terms.{kind}"


def test_the_command_says_what_is_wrong_and_does_nothing(tmp_path: Path) -> None:
    path = tmp_path / "terms.tbx"
    path.write_text("<html/>")
    said = "line 1: This is not a TBX file: its first element is “html”.\nNothing was done."
    with pytest.raises(CommandError, match=f"^{re.escape(said)}$"):
        glossary("import", path, "--dry-run")


def test_the_command_asks_who_answers_for_the_import(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name the user who answers for the import: --user NAME"):
        glossary("import", tmp_path / "terms.tbx", "--user", "nobody")


def test_the_command_knows_the_format_by_the_ending(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"End the file's name in \.tbx or \.xlsx\."):
        glossary("export", tmp_path / "terms.csv")


def test_the_command_leaves_an_old_file_alone_when_it_cannot_write_a_new_one(tmp_path: Path) -> None:
    TermFactory(explanation_en=f"<p>{'x' * 40_000}</p>", slug="long")
    path = tmp_path / "terms.xlsx"
    path.write_text("old")
    with pytest.raises(CommandError, match="A text of “long” is longer than a cell can be"):
        glossary("export", path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        glossary("import", tmp_path / "no.tbx", "--dry-run")
