"""Where the symbol on a hand-out leads."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import ChangeKind, Edition
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    TopicFactory,
    WarningFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db


def at(edition: Edition) -> str:
    return f"/{edition.language}/editions/{edition.pk}/"


def read(client: Client, edition: Edition, status: int = 200) -> Document:
    response = client.get(at(edition))
    assert response.status_code == status
    assert 'name="robots" content="noindex"' in response.content.decode()
    return Document(response.content)


def changed(article: Any, language: str = "en", **texts: str) -> Edition:
    for name, text in texts.items():
        setattr(article, name, text)
    article.save()
    return publish(article, language)


@pytest.fixture
def article() -> Any:
    article = ArticleFactory(
        slug="pain",
        title_en="What is pain?",
        summary_en="Take 10 mg at noon.",
        summary_zh_hans="中午服 10 毫克。",
        body_en="<h2>One</h2><p>Stays as it is.</p><p>Rest for two days.</p>",
        source_language="en",
    )
    WarningFactory(article=article)
    publish_all(article)
    return article


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_edition_that_holds_says_so_and_is_shown(client: Client, article: Any, language: str) -> None:
    edition = article.editions.get(language=language)
    page = read(client, edition)
    if language == "en":
        assert "Your sheet is up to date" in page.main
    assert article.text("summary", language) in page.main
    assert page.find(f"//main//a[@href='{edition.get_absolute_url()}']")
    assert not page.find("//main//form")


def test_one_that_was_superseded_is_shown_under_a_banner_with_what_has_changed(client: Client, article: Any) -> None:
    old = article.editions.get(language="en")
    body = "<h2>One</h2><p>Stays as it is.</p><p>Rest for three days.</p>"
    new = changed(article, summary_en="Take 20 mg at noon.", body_en=body)
    page = read(client, old)
    assert "Your sheet is out of date" in page.main
    assert "Edition 2 took its place" in page.main
    assert page.texts("//section[@class='changes']//del") == ["Removed", "10 mg", "two"]
    assert page.texts("//section[@class='changes']//ins") == ["Added", "20 mg", "three"]
    changes = page.texts("//section[@class='changes']")[0]
    assert "Stays as it is." not in changes
    assert "Take 10 mg at noon." in page.main
    assert page.find(f"//section//a[@href='{new.get_absolute_url()}']")
    assert not page.find("//link[@rel='canonical']")


def test_what_has_changed_names_no_draft(client: Client, article: Any) -> None:
    topic = TopicFactory(name_en="Secret draft")
    old = article.editions.get(language="en")
    article.topics.add(topic)
    changed(article, summary_en="Another.")
    assert "Secret draft" not in read(client, old).main


def test_one_that_was_withdrawn_says_why_and_nothing_more(client: Client, article: Any) -> None:
    edition = article.editions.get(language="en")
    withdraw(edition, reason="The dose was wrong")
    page = read(client, edition, 410)
    assert "Your sheet no longer holds" in page.main
    assert "The dose was wrong" in page.main
    assert "10 mg" not in page.main


def test_an_old_one_is_not_shown_once_its_page_was_withdrawn(client: Client, article: Any) -> None:
    old = article.editions.get(language="en")
    withdraw(changed(article, summary_en="Another."))
    page = read(client, old, 410)
    assert "10 mg" not in page.main
    assert "Another." not in page.main


def test_one_that_was_withdrawn_leads_to_what_is_live_since(client: Client, article: Any) -> None:
    old = article.editions.get(language="en")
    withdraw(old)
    new = changed(article, summary_en="Another.")
    assert read(client, old, 410).find(f"//main//a[@href='{new.get_absolute_url()}']")


def test_one_past_its_review_is_not_shown(client: Client, article: Any, settings: Settings) -> None:
    edition = article.editions.get(language="en")
    late = edition.review_due + datetime.timedelta(days=settings.REVIEW_GRACE_DAYS + 1)
    with time_machine.travel(timezone.make_aware(datetime.datetime.combine(late, datetime.time(12)))):
        page = read(client, edition, 410)
        assert "Its time is over" in page.main
        assert "10 mg" not in page.main


def test_an_old_one_past_its_own_review_is_not_shown_though_the_page_is_live(
    client: Client, article: Any, settings: Settings
) -> None:
    old = article.editions.get(language="en")
    article.next_review = old.review_due + datetime.timedelta(days=200)
    changed(article, summary_en="Another.")
    late = old.review_due + datetime.timedelta(days=settings.REVIEW_GRACE_DAYS + 1)
    with time_machine.travel(timezone.make_aware(datetime.datetime.combine(late, datetime.time(12)))):
        page = read(client, old, 410)
        assert "10 mg" not in page.main
        assert page.find("//main//a[@href='/en/articles/pain/']")


def test_what_was_never_live_is_not_found(client: Client) -> None:
    article = ArticleFactory()
    in_review = submit(article, "zh-hans")
    assert client.get(at(in_review)).status_code == 404
    approve(in_review)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    workflow.publish(in_review, staff(StaffRole.PUBLISHER), at=tomorrow)
    assert client.get(at(in_review)).status_code == 404
    withdraw(in_review)
    assert client.get(at(in_review)).status_code == 404
    for number in (0, in_review.pk + 100, 2**63, 10**30):
        assert client.get(f"/en/editions/{number}/").status_code == 404


def test_kinds_that_are_not_printed_have_no_such_address(client: Client) -> None:
    topic = TopicFactory()
    publish_all(topic)
    assert client.get(at(topic.editions.get(language="en"))).status_code == 404


def test_under_another_language_it_leads_to_its_own(client: Client, article: Any) -> None:
    edition = article.editions.get(language="zh-hans")
    response = client.get(f"/en/editions/{edition.pk}/")
    assert (response.status_code, response["Location"]) == (302, at(edition))


def test_a_translation_behind_a_clinical_change_says_so(client: Client, settings: Settings) -> None:
    article = ArticleFactory(slug="pain", summary_en="Take 10 mg.", summary_zh_hans="服 10 毫克。")
    publish_all(article)
    article.summary_zh_hans = "改了。"
    article.save()
    publish(article, "zh-hans", ChangeKind.CLINICAL)
    edition = article.editions.get(language="en")
    page = read(client, edition)
    assert "Part of this page is out of date" in page.main
    assert page.texts("//h2[@id='printed']") == ["Your sheet is out of date"]
    settings.OUTDATED_TRANSLATIONS = "hidden"
    assert "10 mg" not in read(client, edition, 410).main


def test_a_sheet_whose_quoted_fact_has_changed_is_told_so(client: Client) -> None:
    fact = MisconceptionFactory(fact_en="It follows the nerve.")
    article = ArticleFactory(misconceptions=[fact])
    publish_all(fact, article)
    edition = article.editions.get(language="en")
    assert read(client, edition).texts("//h2[@id='printed']") == ["Your sheet is up to date"]
    withdraw(fact.editions.get(language="en"))
    assert read(client, edition).texts("//h2[@id='printed']") == ["Part of your sheet is out of date"]


def test_a_fact_is_shown_and_compared_too(client: Client) -> None:
    fact = MisconceptionFactory(fact_en="It follows the nerve.", source_language="en")
    publish_all(fact)
    old = fact.editions.get(language="en")
    assert "It follows the nerve." in read(client, old).main
    changed(fact, fact_en="It follows the nerves.")
    assert "What has changed since" in read(client, old).main


def test_queries(client: Client, article: Any, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    old = article.editions.get(language="en")
    changed(article, summary_en="Another.")
    client.get(at(old))
    with django_assert_max_num_queries(9):
        client.get(at(old))
