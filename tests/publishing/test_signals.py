from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.dispatch import Signal
from django.utils import translation

from articles.models import Article
from painsite.roles import StaffRole
from publishing import signals, workflow
from publishing.models import Edition, Event, Role, SignOff
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    approve,
    publish,
    staff,
    submit,
    withdraw,
)

# News -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def heard() -> Any:
    """What is said while a test runs: the signal's name, the sender and the edition's state."""
    news: list[tuple[str, Any, str]] = []
    receivers: list[tuple[Signal, Callable[..., None]]] = []
    for name in ("submitted", "signed", "published", "withdrawn"):

        def hear(sender: Any, edition: Edition, name: str = name, **kwargs: Any) -> None:
            news.append((name, sender, Edition.objects.get(pk=edition.pk).state))

        signal = getattr(signals, f"edition_{name}")
        signal.connect(hear)
        receivers.append((signal, hear))
    yield news
    for signal, hear in receivers:
        signal.disconnect(hear)


def test_each_act_is_told_once_with_the_edition_as_it_is_then(db: None, heard: list[Any]) -> None:
    withdraw(publish(ArticleFactory.create(), "zh-hans"))
    assert heard == [
        ("submitted", Article, "in_review"),
        ("signed", Article, "approved"),
        ("published", Article, "published"),
        ("withdrawn", Article, "withdrawn"),
    ]


def test_an_act_that_is_refused_is_not_told(db: None, heard: list[Any]) -> None:
    edition = submit(ArticleFactory.create(), "zh-hans")
    heard.clear()
    with pytest.raises(workflow.Refused):
        workflow.sign_off(edition, edition.author, Role.MEDICAL)
    with pytest.raises(workflow.Refused):
        workflow.publish(edition, staff(StaffRole.PUBLISHER))
    assert heard == []


# Nothing of the record is deleted -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "factory", [ArticleFactory, ComparisonFactory, MisconceptionFactory, TermFactory, TopicFactory]
)
def test_a_document_with_editions_is_not_deleted(db: None, factory: Any) -> None:
    document = factory.create()
    edition = submit(document, "zh-hans")
    with pytest.raises(ProtectedError) as raised, transaction.atomic():
        document.delete()
    assert raised.value.protected_objects == {edition}
    with pytest.raises(ProtectedError), transaction.atomic():
        type(document)._default_manager.all().delete()
    document.refresh_from_db()
    assert Edition.objects.get() == edition


def test_one_document_with_editions_among_many_keeps_them_all(db: None) -> None:
    ArticleFactory.create_batch(2)
    withdraw(publish(ArticleFactory.create(), "zh-hans"))
    with pytest.raises(ProtectedError), transaction.atomic():
        Article.objects.all().delete()
    assert Article.objects.count() == 3


def test_a_document_that_was_never_sent_for_review_is_deleted_with_its_parts(db: None) -> None:
    WarningFactory.create()
    submit(TermFactory.create(pk=Article.objects.get().pk), "zh-hans")
    _count, deleted = Article.objects.all().delete()
    assert (deleted["articles.Article"], deleted["articles.Warning"]) == (1, 1)


@pytest.mark.parametrize("model", [Edition, SignOff, Event])
def test_editions_signatures_and_history_are_not_deleted(db: None, model: Any) -> None:
    approve(submit(ArticleFactory.create(), "zh-hans"))
    before = model.objects.count()
    with pytest.raises(ProtectedError), transaction.atomic():
        model.objects.first().delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        model.objects.all().delete()
    assert model.objects.count() == before > 0


def test_an_edition_without_any_history_is_not_deleted_either(db: None) -> None:
    edition = submit(ArticleFactory.create(), "zh-hans")
    edition.pk, edition.number, edition.state = None, 2, "withdrawn"
    edition._state.adding = True
    edition.save()
    with translation.override("en"), pytest.raises(ProtectedError, match="An edition is a record"):
        edition.delete()
