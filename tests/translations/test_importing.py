import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation as languages
from hypothesis import given, settings
from reversion.models import Version

from articles.models import Article
from glossary.faults import Refused
from painsite.roles import StaffRole
from tests.factories import ArticleFactory, TermFactory, WarningFactory, publish_all, staff
from tests.translations.exchanged import BODY, exported, opened, rich_texts, untranslated, xliff
from translations.exchange import importing
from translations.exchange.formats import FORMATS
from translations.exchange.interchange import File, digest
from translations.models import State, Translation, Unit

pytestmark = pytest.mark.django_db

TRANSLATOR = StaffRole.TRANSLATOR_EN


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with languages.override("en"):
        yield


@pytest.fixture
def article() -> Any:
    return untranslated()


def translation() -> Translation:
    return Translation.objects.get(language="en")


def unit(key: str = "body") -> Unit:
    return Unit.objects.get(key=key)


def filled(kind: str = "po", **targets: str) -> list[File]:
    """A file as a translator would send it back."""
    files = opened(exported(kind))
    for file in files:
        for entry in file.entries:
            if entry.id in targets:
                entry.target = targets[entry.id]
                entry.is_touched = digest(entry.target) != entry.target_checksum
                entry.state = "translated"
    return files


def look(files: list[File], user: Any = None) -> importing.Plan:
    return importing.plan(files, user)


def load(files: list[File]) -> importing.Plan:
    plan = look(files, staff(TRANSLATOR))
    importing.carry_out(plan, staff(TRANSLATOR), "Import of x.po")
    return plan


def counts(plan: importing.Plan) -> dict[str, int]:
    return {name: number for name, number in plan.counts.items() if number}


def refusals(files: list[File], user: Any = None) -> list[str]:
    with pytest.raises(Refused) as caught:
        look(files, user)
    return [str(fault) for fault in caught.value.faults]


ENGLISH = '<h2>Definition</h2><p><strong>25 mg</strong>, see <a href="/zh-hans/glossary/">words</a>.</p><p>After.</p>'


# There and back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(FORMATS))
def test_a_round_trip_changes_nothing(kind: str, article: Any) -> None:
    WarningFactory(article=article)
    term = TermFactory(name_zh_hans="疼痛", name_en="pain", slug="hurt")
    publish_all(term)
    before = list(Unit.objects.order_by("pk").values())
    plan = load(opened(exported(kind)))
    assert (plan.works, plan.left, plan.unchanged) == ([], [], Unit.objects.filter(translation__language="en").count())
    assert list(Unit.objects.order_by("pk").values()) == before


@given(rich_texts, rich_texts)
@settings(max_examples=25, deadline=None)
def test_a_round_trip_changes_no_rich_text(source: str, target: str) -> None:
    Article.objects.all().delete()
    ArticleFactory(slug="pain", body_zh_hans=f"<p>一</p>{source}", body_en=target, references=0)
    for kind in FORMATS:
        plan = look(opened(exported(kind)))
        assert (plan.works, plan.left) == ([], []), kind


@pytest.mark.parametrize("kind", list(FORMATS))
def test_what_a_translator_filled_in_becomes_the_draft(kind: str, article: Any) -> None:
    plan = load(filled(kind, title="Pain ", body=ENGLISH))
    assert counts(plan) == {"written": 2, "unchanged": 1}
    article.refresh_from_db()
    assert article.title_en == "Pain"
    assert article.body_en == ENGLISH.replace("/zh-hans/", "/en/")
    body = unit()
    assert (body.target, body.state, body.written_by) == (article.body_en, State.TRANSLATED, staff(TRANSLATOR))
    assert not body.is_outdated
    assert translation().units_missing == 0
    revision = Version.objects.get_for_object(article).first().revision
    assert (revision.user, revision.comment) == (staff(TRANSLATOR), "Import of x.po")
    assert counts(load(opened(exported(kind)))) == {"unchanged": 3}


def test_all_texts_of_a_document_are_one_version_of_it(article: Any) -> None:
    WarningFactory(article=article, text_en="", heading_en="")
    version = Article.objects.get().version
    key = unit("title").translation.units.get(key__endswith=".text").key
    load(filled(title="Pain", body=ENGLISH, **{key: "Call 120."}))
    assert Article.objects.get().version == version + 1
    assert article.warnings.get().text_en == "Call 120."


# Never over what is newer ---------------------------------------------------------------------------------------------


def changed(article: Any, **texts: str) -> Any:
    article.refresh_from_db()
    for name, text in texts.items():
        setattr(article, name, text)
    article.save()
    return article


def test_over_another_source_it_is_kept_as_a_suggestion(article: Any) -> None:
    files = filled(title="Pain")
    changed(article, title_zh_hans="什么是疼痛")
    plan = load(files)
    assert counts(plan) == {"suggested": 1, "unchanged": 2}
    assert next(importing.report(plan)).endswith("article/pain, title: kept as a suggestion")
    title = unit("title")
    assert (title.suggestion, title.suggested_by, title.target) == ("Pain", "import", "")
    article.refresh_from_db()
    assert not article.title_en
    assert counts(load(files)) == {"unchanged": 3}


@pytest.mark.parametrize("kind", list(FORMATS))
def test_another_translation_in_the_draft_stays(kind: str, article: Any) -> None:
    files = filled(kind, summary="Pain is an alarm.", title="Pain")
    changed(article, summary_en="Pain warns.", title_en="By somebody else")
    plan = load(files)
    assert counts(plan) == {"left": 2, "unchanged": 1}
    assert [(one.key, one.reason) for one in plan.left] == [
        ("title", "the draft has got another translation since this file was made, and keeps it"),
        ("summary", "the draft has got another translation since this file was made, and keeps it"),
    ]
    article.refresh_from_db()
    assert (article.title_en, article.summary_en) == ("By somebody else", "Pain warns.")


def test_what_the_file_did_not_touch_does_not_bring_back_old_words(article: Any) -> None:
    files = opened(exported())
    changed(article, summary_en="Pain warns.")
    assert counts(load(files)) == {"unchanged": 3}
    assert unit("summary").target == "Pain warns."


def test_a_file_that_does_not_say_what_it_was_made_from_overwrites_nothing(article: Any) -> None:
    files = filled(summary="New.", title="Pain")
    for entry in files[0].entries:
        entry.target_checksum = None
    assert counts(load(files)) == {"written": 1, "left": 1, "unchanged": 1}


def test_rows_that_were_not_touched_stay_outdated_and_a_word_of_the_translator_makes_them_hold(article: Any) -> None:
    load(filled(body=ENGLISH))
    changed(article, body_zh_hans=BODY.replace("定义", "疼痛的定义").replace("饭后", "饭前"))
    content = exported("xliff")
    assert "The source was, when this was translated: 饭后服。" in content.decode()
    text = content.decode()
    once = text.replace("<target>After.</target>", "<target>Before.</target>")
    assert counts(load(opened(once.encode()))) == {"written": 1, "unchanged": 2}
    assert [row.step for row in unit().rows] == ["changed", "done", "done"]
    said = exported("xliff").decode().replace('state="initial"', 'state="translated"')
    assert counts(load(opened(said.encode()))) == {"confirmed": 1, "unchanged": 2}
    assert not unit().is_outdated
    assert unit().written_by == staff(TRANSLATOR)


def test_a_text_that_is_not_translated_to_its_end_waits(article: Any) -> None:
    text = exported("xliff").decode()
    half = re.sub(r"(<source>定义</source>)", r"\1<target>Definition</target>", text)
    plan = load(opened(half.encode()))
    assert counts(plan) == {"left": 1, "unchanged": 2}
    assert plan.left[0].reason == "not translated to its end; send it again when it is"


def test_what_comes_in_is_never_approved(article: Any) -> None:
    files = filled(title="Pain")
    files[0].entries[0].state = "final"
    load(files)
    assert unit("title").state == State.TRANSLATED


def test_a_text_that_changed_after_the_report_undoes_all(article: Any) -> None:
    plan = look(filled(title="Pain", body=ENGLISH), staff(TRANSLATOR))
    changed(article, title_zh_hans="什么是疼痛")
    with pytest.raises(Refused, match="“article/pain” was changed by somebody else just now"):
        importing.carry_out(plan, staff(TRANSLATOR), "Import")
    assert unit().target == ""


def test_the_fingerprint_tells_whether_texts_have_changed(article: Any) -> None:
    files = filled(title="Pain")
    before = look(files).fingerprint
    changed(article, summary_en="Other.")
    assert look(files).fingerprint == before
    changed(article, title_zh_hans="什么是疼痛")
    assert look(files).fingerprint != before


def test_looking_changes_nothing(article: Any) -> None:
    before = list(Unit.objects.values())
    look(filled(title="Pain", body=ENGLISH))
    assert list(Unit.objects.values()) == before


# Refused --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (ENGLISH.replace("<strong>", "").replace("</strong>", ""),
         "Missing from the translation: <strong> </strong>."),
        (ENGLISH + "<p>More.</p>", "Not, or not so often, in the source: <p> </p>."),
        (ENGLISH.replace("strong", "em"), "Missing from the translation: <strong> </strong>. "
         "Not, or not so often, in the source: <em> </em>."),
        (ENGLISH.replace("/zh-hans/glossary/", "javascript:x"),
         'Missing from the translation: <a href="/*/glossary/">. '
         'Not, or not so often, in the source: <a href="javascript:x">.'),
        (ENGLISH.replace("After", "<script>x</script>"),
         "Not, or not so often, in the source: <script> </script>."),
        (ENGLISH.replace("After", "A\x01<!-- x -->"),
         "This is no rich text as it is stored here. Keep the tags as they are in the source."),
        (ENGLISH.replace("<p>After.</p>", "</p>After.<p>"),
         "This is no rich text as it is stored here. Keep the tags as they are in the source."),
        ("x" * 200_001, "The translation has more than 200000 characters. Shorten it."),
    ],
)  # fmt: skip
def test_other_markup_is_refused_with_its_line(body: str, found: str, article: Any) -> None:
    files = filled(body=body)
    assert refusals(files) == [f"{files[0].entries[2].place}: {found}"]


def test_markup_that_the_draft_has_already_is_taken(article: Any) -> None:
    changed(article, body_en="<p>All in one.</p>")
    assert counts(load(filled(body="<p>All in <b></b>one.</p>".replace("<b></b>", "just ")))) == {
        "written": 1,
        "unchanged": 2,
    }


def test_a_link_that_the_translation_has_already_leads_where_it_leads(article: Any) -> None:
    here = ENGLISH.replace("words", "the Chinese words")
    article.body_en = here
    article.save()
    load(filled(body=here.replace("After", "After meals")))
    assert "/zh-hans/glossary/" in unit().target


def test_a_text_that_the_field_cannot_hold_is_refused(article: Any) -> None:
    files = filled(title="x" * 300)
    assert re.match(r"line \d+: Ensure this value has at most \d+ characters", refusals(files)[0])


def test_what_there_is_not_is_refused_with_its_line(article: Any) -> None:
    files = filled(title="Pain")
    files[0].entries[0].id = "headline"
    place = files[0].entries[0].place
    assert refusals(files) == [
        f"{place}: “article/pain” has no text “headline”. Remove it here, or export the document once more."
    ]
    files[0].original = "article/gain"
    assert refusals(files) == ["line 1: There is no document “article/gain”."]
    files[0].original = "pain"
    assert refusals(files) == ["line 1: There is no document “pain”."]


def test_another_language_is_refused(article: Any) -> None:
    files = filled()
    files[0].source_language, files[0].target_language = "en", "zh-hans"
    assert refusals(files) == ["line 1: “article/pain” is not translated to zh-hans."]
    files[0].target_language = "en"
    assert refusals(files) == ["line 1: “article/pain” is not written in en."]


def test_who_may_not_write_the_language_imports_nothing(article: Any) -> None:
    assert refusals(filled(title="Pain"), staff(StaffRole.TRANSLATOR_ZH_HANS)) == [
        "line 1: You may not write this language."
    ]


def test_one_fault_refuses_all(article: Any) -> None:
    assert refusals(filled(title="Pain", body="x"))
    assert unit("title").target == ""


def test_queries_do_not_grow_with_the_texts() -> None:
    def queries(number: int) -> tuple[int, int]:
        ArticleFactory(slug=f"pain-{number}", references=0)
        with CaptureQueriesContext(connection) as out:
            content = exported()
        files = opened(content)
        with CaptureQueriesContext(connection) as back:
            look(files)
        return len(out), len(back)

    queries(1)
    assert queries(2) == queries(3)


# The command ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(FORMATS))
def test_the_command_writes_a_file_and_reads_it(kind: str, article: Any, tmp_path: Path) -> None:
    path = tmp_path / "pain"
    assert xliff("export", path, "article/pain", "--format", kind) == f"{path}: 1 translations.\n"
    assert [file.name for file in tmp_path.iterdir()] == ["pain"]
    said = "Texts: 0 translated, 0 confirmed, 0 kept as suggestions, 0 not taken, 3 as they were.\n"
    assert xliff("import", path, "--dry-run") == said + "Only looked at: nothing was changed.\n"
    assert xliff("import", path, "--user", staff(TRANSLATOR).username) == said


def test_the_command_takes_what_was_translated(article: Any, tmp_path: Path) -> None:
    path = tmp_path / "pain.po"
    xliff("export", path, "--format", "po")
    path.write_text(path.read_text().replace('msgid "疼痛"\nmsgstr ""', 'msgid "疼痛"\nmsgstr "Pain"'))
    place = next(entry.place for entry in opened(path.read_bytes())[0].entries if entry.id == "title")
    said = (
        f"{path}, {place}: article/pain, title: translated\n"
        "Texts: 1 translated, 0 confirmed, 0 kept as suggestions, 0 not taken, 2 as they were.\n"
    )
    assert xliff("import", path, "--dry-run") == said + "Only looked at: nothing was changed.\n"
    assert unit("title").target == ""
    assert xliff("import", path, "--user", staff(TRANSLATOR).username) == said
    assert unit("title").target == "Pain"


def test_the_command_says_what_is_wrong_and_does_nothing(article: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    path.write_text("<html/>")
    with pytest.raises(CommandError, match=r"a\.xlf, line 1: This is not an XLIFF file .*\nNothing was done\."):
        xliff("import", path, "--dry-run")
    with pytest.raises(CommandError, match="Name the user who answers for the import: --user NAME"):
        xliff("import", path)
    with pytest.raises(CommandError, match="No such file"):
        xliff("import", tmp_path / "no.xlf", "--dry-run")
