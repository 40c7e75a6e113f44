from typing import Any

import pytest
import reversion
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from articles.models import Article, Warning
from glossary.models import Name
from painsite.roles import StaffRole
from publishing import snapshot, workflow
from tests.factories import (
    ArticleFactory,
    NameFactory,
    RowFactory,
    TermFactory,
    WarningFactory,
    publish,
    publish_all,
    staff,
    submit,
)
from translations import following, memory
from translations.models import State, Translation, Unit

pytestmark = pytest.mark.django_db


def translation(document: Any, language: str = "en") -> Translation:
    kind = ContentType.objects.get_for_model(document)
    return Translation.objects.get(content_type=kind, object_id=document.pk, language=language)


def units(document: Any) -> dict[str, Unit]:
    return {unit.key: unit for unit in Unit.objects.of(document)}


def states(document: Any) -> dict[str, tuple[str, bool]]:
    return {key: (unit.state, unit.is_outdated) for key, unit in units(document).items()}


# Every way in ---------------------------------------------------------------------------------------------------------


def test_every_translated_text_has_a_unit_those_of_rows_too() -> None:
    article: Any = ArticleFactory(title_en="")
    warning = WarningFactory(article=article)
    reference = article.references.get()
    assert states(article) == {
        "title": (State.INITIAL, False),
        "summary": (State.TRANSLATED, False),
        "body": (State.TRANSLATED, False),
        f"references.{reference.pk}.citation": (State.TRANSLATED, False),
        f"references.{reference.pk}.claim": (State.TRANSLATED, False),
        f"warnings.{warning.pk}.heading": (State.TRANSLATED, False),
        f"warnings.{warning.pk}.text": (State.TRANSLATED, False),
    }
    work = translation(article)
    assert (work.units_all, work.units_missing, work.is_done) == (7, 1, False)
    assert work.words_left == units(article)["title"].words_all
    assert work.title == article.title_zh_hans


def test_rows_of_one_language_are_not_translated() -> None:
    name: Any = NameFactory()
    assert [key for key in units(name.term) if key.startswith("names")] == []
    assert Name.objects.count() == 1


def test_a_change_of_the_source_makes_its_translation_outdated_until_it_is_written_anew() -> None:
    article = ArticleFactory(summary_zh_hans="每次 25 mg。", summary_en="25 mg each time.")
    article.summary_zh_hans = "每次 50 mg。"
    article.save()
    assert states(article)["summary"] == (State.TRANSLATED, True)
    assert translation(article).units_outdated == 1
    (row,) = units(article)["summary"].rows
    assert (row.before, row.source, row.target) == ("每次 25 mg。", "每次 50 mg。", "25 mg each time.")
    article.summary_en = "50 mg each time."
    article.save()
    assert states(article)["summary"] == (State.TRANSLATED, False)
    assert translation(article).is_done


def test_a_change_that_is_taken_back_leaves_nothing_to_do() -> None:
    article = ArticleFactory(summary_zh_hans="一")
    for text in ("二", "一"):
        article.summary_zh_hans = text
        article.save()
    assert states(article)["summary"] == (State.TRANSLATED, False)


def test_both_written_at_once_agree() -> None:
    article = ArticleFactory()
    article.summary_zh_hans, article.summary_en = "新", "new"
    article.save()
    assert states(article)["summary"] == (State.TRANSLATED, False)


def test_only_the_paragraph_that_changed_is_to_be_translated_again() -> None:
    article = ArticleFactory(body_zh_hans="<p>一一一</p><p>二</p>", body_en="<p>one</p><p>two</p>")
    article.body_zh_hans = "<p>一一二</p><p>二</p>"
    article.save()
    body = units(article)["body"]
    assert [row.step for row in body.rows] == ["changed", "done"]
    assert (body.words_left, body.words_all) == (3, 4)


def test_a_row_that_is_deleted_takes_its_units_along() -> None:
    warning = WarningFactory()
    warning.delete()
    assert [key for key in units(warning.article) if key.startswith("warnings")] == []
    assert translation(warning.article).units_all == len(units(warning.article))


def test_a_document_that_is_deleted_takes_its_work_along() -> None:
    article = ArticleFactory()
    Article.objects.filter(pk=article.pk).delete()
    assert not Translation.objects.filter(object_id=article.pk, title=article.title_zh_hans).exists()


def test_a_text_that_is_emptied_in_both_languages_is_no_unit_any_more() -> None:
    row = RowFactory()
    row.first_zh_hans = row.first_en = ""
    row.save()
    assert f"rows.{row.pk}.first" not in units(row.comparison)


def test_a_document_whose_source_is_another_language_now_is_translated_the_other_way() -> None:
    article = ArticleFactory(summary_en="")
    article.source_language = "en"
    article.save()
    assert [each.language for each in Translation.objects.filter(object_id=article.pk)] == ["zh-hans"]
    assert units(article)["summary"].is_outdated  # there is a translation, and nothing that it would translate


def test_a_save_that_is_undone_leaves_the_units_as_they_were() -> None:
    article = ArticleFactory()
    with transaction.atomic():
        article.summary_zh_hans = "新"
        article.save()
        assert states(article)["summary"][1]
        transaction.set_rollback(True)
    assert not states(article)["summary"][1]


def test_who_wrote_it_is_known_where_the_draft_keeps_a_history() -> None:
    article = ArticleFactory()
    editor = staff(StaffRole.EDITOR)
    with reversion.create_revision():
        reversion.set_user(editor)
        article.summary_en = "New."
        article.save()
    assert units(article)["summary"].written_by == editor
    assert units(article)["title"].written_by is None


def test_an_edition_that_is_taken_up_again_brings_the_units_along() -> None:
    article: Any = ArticleFactory(summary_zh_hans="一", summary_en="one")
    edition = publish(article, "zh-hans")
    article.summary_zh_hans = "二"
    article.save()
    assert states(article)["summary"][1]
    workflow.reopen(edition, staff(StaffRole.EDITOR))
    assert not states(article)["summary"][1]


def test_saving_without_a_change_writes_no_unit(django_assert_num_queries: Any) -> None:
    warning = WarningFactory()
    with django_assert_num_queries(5):  # the row, the work and its units, between a savepoint and its end
        warning.save()


# Signed and published -------------------------------------------------------------------------------------------------


def test_a_language_reviewers_signature_approves_and_publication_makes_final() -> None:
    article = ArticleFactory()
    edition = submit(article, "en")
    linguist = staff(StaffRole.LANGUAGE_REVIEWER_EN)
    workflow.sign_off(edition, linguist, "language")
    assert {state for state, _outdated in states(article).values()} == {State.REVIEWED}
    assert units(article)["title"].approved_by == linguist
    assert translation(article).units_approved == len(units(article))


def test_a_signature_as_medical_reviewer_approves_no_language() -> None:
    article = ArticleFactory()
    edition = submit(article, "en")
    workflow.sign_off(edition, staff(StaffRole.MEDICAL_REVIEWER), "medical")
    assert {state for state, _outdated in states(article).values()} == {State.TRANSLATED}


def test_what_is_published_is_final_but_for_what_has_changed_meanwhile() -> None:
    article: Any = ArticleFactory()
    publish(article, "zh-hans")
    edition = submit(article, "en")
    article.refresh_from_db()
    article.summary_zh_hans = "改了。"
    article.title_en = "Another title"
    article.save()
    for role, kind in ((StaffRole.LANGUAGE_REVIEWER_EN, "language"), (StaffRole.MEDICAL_REVIEWER, "medical")):
        workflow.sign_off(edition, staff(role), kind)
    workflow.publish(edition, staff(StaffRole.PUBLISHER))
    found = states(article)
    assert found["summary"] == (State.TRANSLATED, True)
    assert found["title"] == (State.TRANSLATED, False)
    assert found["body"] == (State.FINAL, False)


def test_a_change_of_either_text_voids_the_approval() -> None:
    article: Any = ArticleFactory()
    publish_all(article)
    article.refresh_from_db()
    assert units(article)["title"].is_approved
    article.title_zh_hans, article.summary_en = "新标题", "New."
    article.save()
    assert not units(article)["title"].is_approved
    assert not units(article)["summary"].is_approved
    assert units(article)["body"].is_approved


def test_the_memory_learns_what_was_approved() -> None:
    publish_all(term := TermFactory(definition_zh_hans="阻断神经。", definition_en="It blocks a nerve."))
    (match,) = memory.best("阻断神经。", "zh-hans", "en")
    assert (match.target, match.score) == ("It blocks a nerve.", 100)
    term.refresh_from_db()
    term.definition_en = "It stops a nerve."
    term.save()
    assert memory.best("阻断神经。", "zh-hans", "en")[0].target == "It blocks a nerve."  # not approved yet
    publish(term, "en")
    assert [match.target for match in memory.best("阻断神经。", "zh-hans", "en")] == ["It stops a nerve."]


# Catching up ----------------------------------------------------------------------------------------------------------


def test_what_was_there_before_its_units_is_caught_up_with() -> None:
    article: Any = ArticleFactory(summary_zh_hans="一", summary_en="one")
    publish_all(article)
    Article.objects.filter(pk=article.pk).update(summary_zh_hans="二")
    before = states(ArticleFactory())
    Translation.objects.filter(object_id=article.pk).delete()
    following.catch_up()
    assert states(article)["summary"] == (State.FINAL, True)
    assert units(article)["summary"].rows[0].before == "一"
    assert states(article)["title"] == (State.FINAL, False)
    assert before == states(Article.objects.latest("pk"))


def test_catching_up_twice_changes_nothing() -> None:
    article = ArticleFactory()
    following.catch_up()
    work = translation(article)
    following.catch_up()
    assert translation(article).changed_at == work.changed_at


def test_what_was_written_past_save_is_followed_when_it_is_asked_for() -> None:
    article = ArticleFactory()
    warning = WarningFactory(article=article)
    Warning.objects.filter(pk=warning.pk).update(text_zh_hans="改了。")
    article.refresh_from_db()
    following.follow(article)
    assert states(article)[f"warnings.{warning.pk}.text"] == (State.TRANSLATED, True)


def test_the_parts_are_those_that_an_edition_freezes() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    frozen = {key: text for key, text, _rich in snapshot.texts(Article, snapshot.freeze(article, "en"))}
    assert {part.key: part.text("en") for part in following.parts(article) if part.text("en")} == frozen
