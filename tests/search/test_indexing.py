import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.utils import timezone, translation

from glossary.models import ContextKind
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from search import indexing
from search.finding import find
from search.indexing import text_of
from search.models import Entry, Phrase
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    NameFactory,
    TermFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)

pytestmark = pytest.mark.django_db


def titles(query: str, language: str = "en") -> list[str]:
    editions = Edition.objects.in_bulk(find(query, language).keys)
    return [editions[key].title for key in find(query, language).keys]


def test_what_is_published_is_found_at_once() -> None:
    article = ArticleFactory(title_en="Gout", body_en="<p>Crystals in the joint.</p>")
    submit(article, "zh-hans")
    assert titles("crystal", "zh-hans") == []
    article = ArticleFactory(title_en="Gout", body_en="<p>Crystals in the joint.</p>")
    publish(article, "en")
    assert titles("gout") == ["Gout"]
    assert titles("crystal") == ["Gout"]


def test_publication_and_index_are_one_act() -> None:
    with transaction.atomic():
        publish(ArticleFactory(title_en="Gout"), "en")
        transaction.set_rollback(True)
    assert titles("gout") == []
    assert not Entry.objects.exists()


def test_an_edition_that_was_superseded_is_not_found_and_its_successor_is() -> None:
    article: Any = ArticleFactory(title_zh_hans="痛风")
    publish(article, "zh-hans")
    article.title_zh_hans = "骨折"
    article.save()
    publish(article, "zh-hans")
    assert titles("痛风", "zh-hans") == []
    assert titles("骨折", "zh-hans") == ["骨折"]
    assert Entry.objects.count() == 1


def test_what_was_withdrawn_is_not_found() -> None:
    withdraw(publish(ArticleFactory(title_zh_hans="痛风"), "zh-hans"))
    assert titles("痛风", "zh-hans") == []
    assert not Entry.objects.exists()
    assert not Phrase.objects.exists()


def test_words_of_a_language_that_is_not_live_are_not_offered() -> None:
    term = TermFactory(name_zh_hans="关节痛", name_en="arthralgia")
    publish(term, "zh-hans")
    approved = approve(submit(term, "en"))
    workflow.publish(approved, staff(StaffRole.PUBLISHER), at=timezone.now() + datetime.timedelta(hours=1))
    assert titles("arthralgia", "zh-hans") == ["关节痛"]
    assert find("artralgia", "zh-hans").corrected == ""


def test_what_is_scheduled_is_found_from_its_time_on_and_till_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    edition = workflow.publish(
        approve(submit(ArticleFactory(title_zh_hans="痛风"), "zh-hans")), staff(StaffRole.PUBLISHER), at=now + hour
    )
    workflow.withdraw(edition, staff(StaffRole.PUBLISHER), reason="Over", at=now + 3 * hour)
    found = []
    for hours in (0, 2, 4):
        monkeypatch.setattr(timezone, "now", lambda hours=hours: now + hours * hour)
        found.append(titles("痛风", "zh-hans"))
    assert found == [[], ["痛风"], []]


def test_a_text_is_found_by_all_names_of_the_terms_that_it_speaks_of() -> None:
    term = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞", abbreviation="NB")
    NameFactory(term=term, text="nerve freezing")
    NameFactory(term=term, text="nerve killing", status="forbidden")
    publish_all(term)
    publish(ArticleFactory(title_en="After surgery", body_en="<p>A nerve block helps.</p>"), "en")
    for name in ("nerve freezing", "killing", "神经阻滞", "NB"):
        assert titles(name) == ["nerve block", "After surgery"], name


def test_a_name_that_a_term_gets_later_finds_the_texts_too_and_goes_with_the_term() -> None:
    term = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞")
    publish_all(term)
    publish(ArticleFactory(title_en="After surgery", body_en="<p>A nerve block helps.</p>"), "en")
    assert titles("freezing") == []
    NameFactory(term=term, text="freezing")
    edition = publish(term, "en")
    assert titles("freezing") == ["nerve block", "After surgery"]
    withdraw(edition)
    assert titles("freezing") == []


def test_a_text_that_lost_the_mention_loses_the_names_too() -> None:
    """The longer name of another term swallows it."""
    block = TermFactory(name_en="block", name_zh_hans="阻滞")
    NameFactory(term=block, text="freezing")
    publish_all(block)
    publish(ArticleFactory(title_en="After surgery", body_en="<p>A nerve block helps.</p>"), "en")
    assert titles("freezing") == ["block", "After surgery"]
    longer = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞")
    NameFactory(term=longer, text="numbing")
    publish_all(longer)
    assert titles("freezing") == ["block"]
    assert titles("numbing") == ["nerve block", "After surgery"]


def test_a_context_that_ends_a_mention_takes_the_names_away() -> None:
    term = TermFactory(name_en="block", name_zh_hans="阻滞")
    NameFactory(term=term, text="freezing")
    publish_all(term)
    publish(ArticleFactory(title_en="After surgery", body_en="<p>A road block.</p>"), "en")
    assert titles("freezing") == ["block", "After surgery"]
    term.contexts.create(kind=ContextKind.WITHIN, language="en", text="road block")
    publish(term, "en")
    assert titles("freezing") == ["block"]


def test_a_term_that_is_called_as_before_has_no_text_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    term: Any = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞")
    publish_all(term)
    publish(ArticleFactory(title_en="After surgery", body_en="<p>A nerve block helps.</p>"), "en")
    written: list[str] = []

    def noted(edition: Edition, *words: Any) -> Any:
        written.append(edition.title)
        return text_of(edition, *words)

    monkeypatch.setattr(indexing, "text_of", noted)
    term.refresh_from_db()
    term.definition_en = "Said otherwise."
    term.save()
    publish(term, "en")
    assert set(written) == {"nerve block", "神经阻滞"}
    written.clear()
    NameFactory(term=term, text="freezing")
    publish(term, "en")
    assert set(written) == {"nerve block", "神经阻滞", "After surgery"}


def test_of_many_texts_a_few_are_written_at_once_and_the_others_after_the_publication(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(indexing, "FEW", 2)
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    monkeypatch.setattr(indexing, "begin", indexing._refresh_until_done)
    term = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞")
    publish_all(term)
    texts = {f"Text {number}" for number in range(7)}
    for title in texts:
        publish(ArticleFactory(title_en=title, body_en="<p>A nerve block helps.</p>"), "en")
    NameFactory(term=term, text="freezing")
    with django_capture_on_commit_callbacks() as callbacks:
        edition = publish(term, "en")
        assert len(titles("freezing")) == 1 + 2
    assert Entry.objects.filter(is_stale=True).count() == 5
    assert [callback() for callback in callbacks] == [None]
    assert set(titles("freezing")) == {"nerve block", *texts}
    assert not Entry.objects.filter(is_stale=True).exists()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(edition)
    assert titles("freezing") == []


def test_what_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([OperationalError("gone"), True, False])
    asked: list[int] = []

    def refresh(most: int) -> bool:
        asked.append(most)
        if isinstance(answer := next(answers), Exception):
            raise answer
        return bool(answer)

    monkeypatch.setattr(indexing, "refresh", refresh)
    monkeypatch.setattr(indexing, "PAUSES", (0, 0))
    indexing._refresh_until_done()
    assert asked == [indexing.AT_ONCE] * 3
    assert "could not be brought up to date" in caplog.text


def test_facts_are_found_by_belief_and_fact() -> None:
    publish(
        MisconceptionFactory(question_en="Is it so?", misconception_en="Bones crumble.", fact_en="They stay whole."),
        "en",
    )
    assert titles("crumble") == titles("whole") == ["Is it so?"]


def test_other_peoples_titles_are_not_what_a_text_is_about() -> None:
    publish(ArticleFactory(title_en="Gout"), "en")
    assert titles("leaflet") == []


def test_reindexing_writes_everything_anew_and_removes_what_is_over() -> None:
    kept = publish(ArticleFactory(title_zh_hans="痛风"), "zh-hans")
    over = publish(ArticleFactory(title_zh_hans="骨折"), "zh-hans")
    indexing.remove([kept.pk])
    withdraw(over)
    Entry.objects.create(edition=over)
    out = StringIO()
    with translation.override("en"):
        call_command("reindex", stdout=out)
    assert out.getvalue() == "1 edition indexed.\n"
    assert titles("痛风", "zh-hans") == ["痛风"]
    assert list(Entry.objects.values_list("edition", flat=True)) == [kept.pk]


def test_after_a_migration_what_was_never_indexed_is() -> None:
    edition = publish(ArticleFactory(title_zh_hans="痛风"), "zh-hans")
    indexing.remove([edition.pk])
    assert titles("痛风", "zh-hans") == []
    indexing.catch_up()
    assert titles("痛风", "zh-hans") == ["痛风"]


def test_batches() -> None:
    assert [len(batch) for batch in indexing.batches(list(range(450)))] == [200, 200, 50]
