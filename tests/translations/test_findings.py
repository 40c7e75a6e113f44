from typing import Any

import pytest
from django.utils import translation as languages

from painsite.roles import StaffRole
from publishing import gate, workflow
from publishing.models import Role
from publishing.workflow import Refused
from tests.factories import ArticleFactory, publish, staff, submit
from translations import acts
from translations.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with languages.override("en"):
        yield


def found(edition: Any) -> list[tuple[str, str, bool, bool]]:
    return [
        (one.id, one.field, one.is_blocker, one.overridable)
        for one in gate.run(gate.of_edition(edition))
        if one.id.startswith("translations.")
    ]


def translated(chinese: str, english: str, **texts: str) -> Any:
    article = ArticleFactory(summary_zh_hans=chinese, summary_en=english, **texts)
    publish(article, "zh-hans")
    return submit(article, "en")


def test_a_dose_with_another_unit_stands_in_the_way_of_publication() -> None:
    edition = translated("每次 25 mg。", "25 g each time.")
    assert found(edition) == [("translations.B004", "summary", True, True)]
    workflow.sign_off(edition, staff(StaffRole.LANGUAGE_REVIEWER_EN), Role.LANGUAGE)
    workflow.sign_off(edition, staff(StaffRole.MEDICAL_REVIEWER), Role.MEDICAL)
    with pytest.raises(Refused, match="another unit"):
        workflow.publish(edition, staff(StaffRole.PUBLISHER))
    workflow.let_pass(
        edition, staff(StaffRole.MEDICAL_REVIEWER), finding="translations.B004", field="summary", reason="A test"
    )
    assert gate.standing_blockers(edition) == []


def test_a_text_against_its_source_edition_not_against_the_draft() -> None:
    article = ArticleFactory(summary_zh_hans="每次 25 mg。", summary_en="25 mg each time.")
    publish(article, "zh-hans")
    edition = submit(article, "en")
    article.refresh_from_db()
    article.summary_zh_hans = "每次 50 mg。"
    article.save()
    assert found(edition) == []


def test_what_agrees_and_what_is_no_translation_finds_nothing() -> None:
    assert found(translated("每日两次，每次 25 毫克。", "25 mg twice daily.")) == []
    assert found(submit(ArticleFactory(), "zh-hans")) == []


def test_a_denial_waits_for_a_reviewers_word_before_the_language_is_signed() -> None:
    edition = translated("不要服用。", "Take it.")
    assert found(edition) == [("translations.W004", "summary", False, True)]
    linguist = staff(StaffRole.LANGUAGE_REVIEWER_EN)
    with pytest.raises(Refused, match="does the other text deny the same"):
        workflow.sign_off(edition, linguist, Role.LANGUAGE)
    workflow.let_pass(edition, linguist, finding="translations.W004", field="summary", reason="")
    workflow.sign_off(edition, linguist, Role.LANGUAGE)
    assert edition.overrides.get().by == linguist


def test_a_word_given_at_the_desk_counts_with_the_name_of_who_gave_it() -> None:
    article = ArticleFactory(summary_zh_hans="不要服用。", summary_en="Take it.")
    publish(article, "zh-hans")
    linguist = staff(StaffRole.LANGUAGE_REVIEWER_EN)
    unit = Unit.objects.of(article).get(key="summary")
    acts.approve(unit, by=linguist, seen_digest=unit.digest, acknowledged=["W004"])
    edition = submit(article, "en")
    assert found(edition) == [("translations.W004", "summary", False, False)]
    (said,) = [one for one in gate.run(gate.of_edition(edition)) if one.id == "translations.W004"]
    assert str(said.message).endswith("(language-reviewer-en has looked at it.)")
    workflow.sign_off(edition, linguist, Role.LANGUAGE)


def test_a_word_given_for_other_texts_does_not_count() -> None:
    article = ArticleFactory(summary_zh_hans="不要服用。", summary_en="Take it.")
    publish(article, "zh-hans")
    linguist = staff(StaffRole.LANGUAGE_REVIEWER_EN)
    unit = Unit.objects.of(article).get(key="summary")
    acts.approve(unit, by=linguist, seen_digest=unit.digest, acknowledged=["W004"])
    article.refresh_from_db()
    article.summary_en = "Take them."
    article.save()
    assert found(submit(article, "en")) == [("translations.W004", "summary", False, True)]


def test_the_same_of_one_text_is_said_in_one_finding() -> None:
    edition = translated("每次 25 mg，共 50 mg。", "25 g, 50 g in all.")
    (one,) = [one for one in gate.run(gate.of_edition(edition)) if one.id.startswith("translations.")]
    assert one.id == "translations.B004"
    assert str(one.message).count("another unit") == 2
