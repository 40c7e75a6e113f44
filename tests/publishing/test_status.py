import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from glossary.models import Term
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import ChangeKind, editions_by_document
from publishing.status import Status, attach, statuses
from tests.factories import (
    ArticleFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)

pytestmark = pytest.mark.django_db


def status(document: Any, language: str = "zh-hans", at: datetime.datetime | None = None) -> list[str]:
    fresh = type(document)._base_manager.get(pk=document.pk)
    editions = editions_by_document([fresh]).get(fresh.pk, [])
    return [str(found.value) for found in statuses(fresh, language, editions, at)]


def edit(document: Any, **fields: Any) -> None:
    type(document)._base_manager.filter(pk=document.pk).update(**fields)


# One after the other as the work goes ---------------------------------------------------------------------------------


def test_a_language_goes_from_draft_to_live_each_on_its_own() -> None:
    term = TermFactory()
    assert (status(term), status(term, "en")) == (["draft"], ["draft"])
    edition = submit(term, "zh-hans")
    assert (status(term), status(term, "en")) == (["in_review"], ["draft"])
    approve(edition)
    assert status(term) == ["approved"]
    workflow.publish(edition, staff(StaffRole.PUBLISHER))
    assert (status(term), status(term, "en")) == (["live"], ["draft"])


def test_a_language_without_its_required_text_is_missing_also_when_an_edition_is_live() -> None:
    term = TermFactory(definition_en=" ")
    assert (status(term), status(term, "en")) == (["draft"], ["missing"])
    publish(term, "zh-hans")
    edit(term, name_zh_hans=None)
    assert status(term) == ["live", "missing"]


def test_what_is_not_required_may_be_blank() -> None:
    assert status(TermFactory(explanation_zh_hans="")) == ["draft"]


@pytest.mark.parametrize("change", [{"name_zh_hans": "别名"}, {"slug": "elsewhere"}, {"pinyin": "bié míng"}])
def test_a_live_text_whose_draft_was_edited_has_changed_since(change: dict[str, str]) -> None:
    term = TermFactory()
    publish(term, "zh-hans")
    edit(term, **change)
    assert status(term) == ["live", "changed"]
    publish(Term.objects.get(pk=term.pk), "zh-hans")
    assert status(term) == ["live"]


def test_the_parts_and_relations_of_a_document_count_as_its_text() -> None:
    article = ArticleFactory()
    publish_all(article)
    warning = WarningFactory(article=article)
    assert (status(article), status(article, "en")) == (["live", "changed"], ["live", "changed"])
    warning.delete()
    assert status(article) == ["live"]
    article.topics.add(TopicFactory())
    assert status(article) == ["live", "changed"]


def test_an_edit_in_one_language_does_not_change_the_other() -> None:
    term = TermFactory()
    publish_all(term)
    edit(term, name_en="another name")
    assert (status(term), status(term, "en")) == (["live"], ["live", "changed"])


def test_the_next_edition_is_told_beside_the_live_one() -> None:
    term = TermFactory()
    publish(term, "zh-hans")
    edit(term, name_zh_hans="别名")
    edition = submit(Term.objects.get(pk=term.pk), "zh-hans")
    assert status(term) == ["live", "in_review"]
    edit(term, name_zh_hans="又名")
    assert status(term) == ["live", "in_review", "changed"]
    workflow.request_changes(edition, staff(StaffRole.MEDICAL_REVIEWER), comment="Not so.")
    assert status(term) == ["live", "changes_requested", "changed"]


def test_what_was_live_once_is_no_longer_live_until_the_next_one() -> None:
    term = TermFactory()
    withdraw(publish(term, "zh-hans"))
    assert status(term) == ["ended"]
    edit(term, name_zh_hans="别名")
    assert status(term) == ["ended", "changed"]
    submit(Term.objects.get(pk=term.pk), "zh-hans")
    assert status(term) == ["in_review"]


def test_what_goes_live_at_a_time_is_scheduled_until_then() -> None:
    term = TermFactory()
    start = timezone.now() + datetime.timedelta(days=2)
    workflow.publish(approve(submit(term, "zh-hans")), staff(StaffRole.PUBLISHER), at=start)
    assert status(term) == ["scheduled"]
    assert status(term, at=start) == ["live"]


def test_a_live_text_is_due_for_review_from_the_reminder_on() -> None:
    term = TermFactory(next_review=timezone.localdate() + datetime.timedelta(days=100))
    publish(term, "zh-hans")
    assert status(term) == ["live"]
    before = datetime.timedelta(days=100 - settings.REVIEW_REMINDER_DAYS)
    with time_machine.travel(timezone.now() + before - datetime.timedelta(days=1)):
        assert status(term) == ["live"]
    with time_machine.travel(timezone.now() + before):
        assert status(term) == ["live", "review_due"]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=100 + settings.REVIEW_GRACE_DAYS + 1)):
        assert status(term) == ["ended"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(ChangeKind.TYPO, ["live"]), (ChangeKind.WORDING, ["live", "outdated"]), (ChangeKind.CLINICAL, ["outdated"])],
)
def test_a_translation_is_told_when_more_than_a_typo_changed_in_its_source(kind: str, expected: list[str]) -> None:
    term: Any = TermFactory()
    publish_all(term)
    edit(term, name_zh_hans="别名")
    edition = submit(Term.objects.get(pk=term.pk), "zh-hans", kind)
    assert status(term, "en") == ["live"]
    workflow.publish(approve(edition), staff(StaffRole.PUBLISHER))
    assert [found for found in status(term, "en") if found == "outdated"] == expected[-1:] * ("outdated" in expected)
    assert "outdated" not in status(term)


# Many at once ---------------------------------------------------------------------------------------------------------


def test_the_statuses_of_many_documents_take_as_few_queries_as_those_of_one(
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(5):
        article = ArticleFactory(topics=[TopicFactory()])
        WarningFactory(article=article)
        publish(article, "zh-hans")
    few, many = list(Article.objects.all()[:1]), list(Article.objects.all())
    with CaptureQueriesContext(connection) as queries:
        attach(few)
    assert len(queries) <= 8
    with django_assert_max_num_queries(len(queries)):
        attach(many)
    assert [document.statuses for document in many] == [{"zh-hans": [Status.LIVE], "en": [Status.DRAFT]}] * 5


def test_no_documents_take_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        attach([])
