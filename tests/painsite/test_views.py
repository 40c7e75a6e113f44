from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from painsite import views
from tests.factories import ArticleFactory, MisconceptionFactory, TopicFactory, publish, publish_all, withdraw
from tests.pages import Document, in_this_order


def read(client: Client, path: str, status: int = 200, **headers: str) -> Document:
    response = client.get(path, headers=headers)
    assert response.status_code == status, path
    return Document(response.content)


# Home -----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_home_leads_to_topics_facts_and_articles_of_its_language(client: Client) -> None:
    publish_all(
        TopicFactory(name_en="Headache"),
        MisconceptionFactory(question_en="Massage it?", fact_en="Better not."),
        ArticleFactory(title_en="What is pain", summary_en="It is an alarm."),
    )
    publish(ArticleFactory(title_en="Not translated"), "zh-hans")
    page = read(client, "/en/")
    assert in_this_order(page.main, "Headache", "Massage it?", "Better not.", "What is pain", "It is an alarm.")
    assert "Not translated" not in page.main
    assert page.texts("//title") == ["Pain Clinic Patient Information"]


@pytest.mark.django_db
def test_home_shows_the_newest(client: Client) -> None:
    for number in range(views.ENTRIES_AT_HOME + 1):
        publish(ArticleFactory(title_zh_hans=f"文章{number}"), "zh-hans")
    titles = read(client, "/zh-hans/").texts("//section[@aria-labelledby='articles']//ul//a")
    assert titles == ["文章6", "文章5", "文章4", "文章3", "文章2", "文章1"]


@pytest.mark.django_db
def test_home_of_an_empty_site_leads_to_the_glossary(client: Client) -> None:
    assert read(client, "/en/").texts("//main//h2") == ["A word you do not know?"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_the_number_of_rows(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    publish_all(
        *TopicFactory.create_batch(count),
        *MisconceptionFactory.create_batch(count),
        *ArticleFactory.create_batch(count),
    )
    with django_assert_max_num_queries(6):
        read(client, "/en/")


# Health ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_is_good_while_the_database_answers(client: Client) -> None:
    response = client.get("/healthz/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_health_is_bad_when_the_database_does_not_answer(client: Client) -> None:
    with mock.patch.object(views, "connection") as connection:
        connection.cursor.side_effect = OperationalError("no such host")
        response = client.get("/healthz/")
    assert (response.status_code, response.json()) == (503, {"status": "database unreachable"})


# Errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "language"), [("/en/nothing/", "en"), ("/zh-hans/nothing/", "zh-Hans")])
def test_an_error_is_told_in_the_language_of_the_address(client: Client, path: str, language: str) -> None:
    page = read(client, path, 404)
    assert page.texts("/html/@lang") == [language]
    assert page.texts("//meta[@name='robots']/@content") == ["noindex"]
    assert not page.find("//link[@rel='canonical' or @hreflang]")


@pytest.mark.parametrize(("header", "language"), [("en-GB", "en"), ("zh-TW", "zh-Hans"), ("fr", "zh-Hans")])
def test_an_error_outside_all_languages_is_told_in_the_browsers(client: Client, header: str, language: str) -> None:
    assert read(client, "/nothing/", 404, accept_language=header).texts("/html/@lang") == [language]


@pytest.mark.django_db
def test_gone_is_told_with_ways_on(client: Client) -> None:
    withdraw(publish(ArticleFactory(slug="pain"), "zh-hans"))
    page = read(client, "/en/articles/pain/", 410)
    assert page.texts("//h1") == ["This page is no longer here"]
    assert "/en/glossary/" in page.texts("//main//a/@href")


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing was sent yet"), ("zh-hans", "还没有提交成功")])
def test_what_is_sent_without_its_token_is_refused_in_the_readers_language(language: str, said: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    response = client.post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    page = Document(response.content)
    assert page.texts("//h1") == [said]
    assert page.texts("//meta[@name='robots']/@content") == ["noindex"]


def test_forbidden_is_told_in_the_readers_language(client: Client) -> None:
    request = client.get("/en/nothing/").wsgi_request
    response = views.forbidden(request)
    assert response.status_code == 403
    assert Document(response.content).texts("//h1") == ["You may not see this"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_breaks_is_told_in_both_languages_without_database_or_template(language: str) -> None:
    client = Client(raise_request_exception=False)
    with (
        mock.patch("articles.topictree.TopicTree.__init__", side_effect=RuntimeError),
        mock.patch("django.template.base.Template.render", side_effect=RuntimeError),
    ):
        page = read(client, f"/{language}/topics/", 500)
    assert page.texts("//h1 | //h2") == ["网页暂时打不开", "This page does not work at the moment"]
    assert page.texts("//a/@href") == ["/zh-hans/", "/en/"]
    assert page.texts("//link[@rel='stylesheet']/@href") == ["/static/painsite/site.css"]
