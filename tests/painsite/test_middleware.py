from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from painsite.middleware import MAX_PATH, MAX_QUERY
from publishing.models import Feedback
from tests.factories import ArticleFactory, MisconceptionFactory, publish, publish_all, submit, withdraw
from tests.pages import Document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/en/articles/%00/",
        "/en/\x00/",
        "/%00",
        "/static/%00.css",
        "/en/articles/?page=%00",
        "/en/articles/?%00=1",
        "/admin/login/?next=%00",
    ],
)
def test_a_null_byte_in_an_address_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("value", ["a\x00b", '"\\000aaaaaaaaaa"'])
@pytest.mark.parametrize("name", ["sessionid", "django_language", "anything"])
def test_a_null_byte_in_a_cookie_is_refused(client: Client, name: str, value: str) -> None:
    assert client.get("/en/", headers={"cookie": f"{name}={value}"}).status_code == 400


def test_an_address_of_absurd_length_is_refused(client: Client) -> None:
    assert client.get("/en/" + "a" * MAX_PATH).status_code == 414
    assert client.get("/en/articles/?page=" + "1" * MAX_QUERY).status_code == 414


def test_a_long_address_is_only_not_found(client: Client) -> None:
    assert client.get("/en/articles/" + "a" * 1900 + "/").status_code == 404


def test_a_refusal_is_told_in_the_readers_language(client: Client) -> None:
    assert b'<html lang="en"' in client.get("/en/%00/").content
    assert b'<html lang="en"' in client.get("/%00/", headers={"accept-language": "en-US"}).content
    assert b'<html lang="zh-Hans"' in client.get("/%00/").content


# The language that a reader chose -------------------------------------------------------------------------------------


def language_cookie(client: Client) -> str | None:
    cookie = client.cookies.get("django_language")
    return cookie.value if cookie else None


def test_who_reads_in_another_language_than_the_browsers_is_led_there_next_time(client: Client) -> None:
    client.get("/en/", headers={"accept-language": "zh-CN"})
    assert language_cookie(client) == "en"
    assert client.get("/", headers={"accept-language": "zh-CN"})["Location"] == "/en/"


def test_who_goes_back_is_led_back_next_time(client: Client) -> None:
    client.get("/en/", headers={"accept-language": "zh-CN"})
    client.get("/zh-hans/", headers={"accept-language": "zh-CN"})
    assert client.get("/", headers={"accept-language": "zh-CN"})["Location"] == "/zh-hans/"


def test_who_reads_in_the_browsers_language_gets_no_cookie(client: Client) -> None:
    client.get("/en/", headers={"accept-language": "en"})
    client.get("/zh-hans/", headers={"accept-language": "zh"})
    assert not client.cookies


@pytest.mark.parametrize("path", ["/en/nothing/", "/healthz/", "/"])
def test_what_is_no_page_sets_no_cookie(client: Client, path: str) -> None:
    client.get(path, headers={"accept-language": "zh"})
    assert not client.cookies


def test_the_cookie_is_for_this_site_only() -> None:
    client = Client()
    client.get("/en/", headers={"accept-language": "zh"})
    cookie = client.cookies["django_language"]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Lax", True, "/")


# Traditional Chinese --------------------------------------------------------------------------------------------------

LISTS = ["", "topics/", "articles/", "facts/", "glossary/", "glossary/comparisons/"]


@pytest.mark.parametrize("path", [*LISTS, "articles/pain/"])
def test_every_page_is_there_in_traditional_characters(client: Client, path: str) -> None:
    publish_all(ArticleFactory(slug="pain", title_zh_hans="神经阻滞", summary_zh_hans="头发麻。"))
    simplified, page = (Document(client.get(f"/{language}/{path}").content) for language in ("zh-hans", "zh-hant"))
    assert page.texts("/html/@lang") == ["zh-Hant"]
    assert simplified.texts("//@id") == page.texts("//@id")
    assert page.texts("//link[@rel='canonical']/@href") == [f"http://testserver/zh-hans/{path}"]
    leading_back = page.texts("//a[not(@hreflang)]/@href[starts-with(., '/zh-hans')]")
    assert not leading_back
    assert page.texts("//main//a[@hreflang='zh-Hans']/@href") == [f"/zh-hans/{path}"]
    assert not simplified.find("//main//a[@hreflang='zh-Hans']")
    if path == "articles/pain/":
        assert page.texts("//h1") == ["神經阻滯"]
        assert "頭發麻。" in page.main


def test_the_switch_of_languages_offers_both_scripts(client: Client) -> None:
    def switch(path: str) -> list[str]:
        return Document(client.get(path).content).texts("//nav[@class='languages']//@hreflang")

    assert switch("/zh-hans/articles/") == ["zh-Hant", "en"]
    assert switch("/zh-hant/articles/") == ["zh-Hans", "en"]
    assert switch("/en/articles/") == ["zh-Hans", "zh-Hant"]


def test_what_is_not_there_is_not_there_in_traditional_characters_either(client: Client) -> None:
    gone = ArticleFactory(slug="gone")
    withdraw(publish(gone, "zh-hans"), reason="剂量错误")
    submit(ArticleFactory(slug="in-review"), "zh-hans")
    publish(ArticleFactory(slug="english", source_language="en"), "en")
    expected = {"nothing/": 404, "articles/in-review/": 404, "articles/gone/": 410, "articles/english/": 200}
    expected |= {"articles/?page=9": 404, "articles/%00/": 400, "admin/": 404, "x" * MAX_PATH: 414}
    for path, status in expected.items():
        response = client.get(f"/zh-hant/{path}")
        assert (response.status_code, '<html lang="zh-Hant"' in response.content.decode()) == (status, True), path
    assert "劑量錯誤" in client.get("/zh-hant/articles/gone/").content.decode()


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/zh-hant", "/zh-hant/"),
        ("/zh-hant/articles", "/zh-hant/articles/"),
        ("/zh-hant/articles/old/", "/zh-hant/articles/new/"),
    ],
)
def test_redirects_stay_in_traditional_characters(client: Client, path: str, location: str) -> None:
    article: Any = ArticleFactory(slug="old")
    publish(article, "zh-hans")
    article.slug = "new"
    article.save()
    publish(article, "zh-hans")
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (301, location)


def test_pages_of_a_list_lead_on_in_traditional_characters(client: Client) -> None:
    publish_all(*(ArticleFactory() for _ in range(31)))
    assert Document(client.get("/zh-hant/articles/").content).texts("//a[@rel='next']/@href") == [
        "/zh-hant/articles/?page=2"
    ]
    assert client.get("/zh-hant/articles/?page=2").status_code == 200


def test_a_form_is_taken_in_traditional_characters(client: Client) -> None:
    publish_all(MisconceptionFactory(slug="anywhere"))
    page = Document(client.get("/zh-hant/facts/anywhere/").content)
    (action,) = page.texts("//form[@class='feedback']/@action")
    assert action.startswith("/zh-hant/feedback/")
    response = client.post(action, {"helpful": "no", "remark": "看不懂"}, headers={"origin": "http://testserver"})
    assert response.status_code in {302, 303}
    assert response["Location"].startswith("/zh-hant/")
    assert Feedback.objects.get().remark == "看不懂"


def test_a_wish_leads_back_to_traditional_characters(client: Client) -> None:
    response = client.post("/zh-hant/preferences/", {"text": "large", "next": "/zh-hans/articles/"})
    assert response["Location"] == "/zh-hant/articles/"


def test_methods_are_refused_in_traditional_characters_too() -> None:
    for method in ("POST", "PUT", "DELETE"):
        response = Client(enforce_csrf_checks=True).generic(method, "/zh-hant/articles/")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_what_is_no_page_comes_as_it_is(client: Client) -> None:
    publish_all(ArticleFactory(title_zh_hans="神经阻滞"))
    assert "神经阻滞" in client.get("/zh-hant/feed/").content.decode()
    assert client.get("/zh-hant/manifest.webmanifest").json()["lang"] == "zh-Hans"


def test_the_length_that_is_told_is_that_of_the_converted_page(client: Client) -> None:
    response = client.get("/zh-hant/")
    assert int(response["Content-Length"]) == len(response.content)


def test_conversion_asks_nothing_of_the_database(client: Client, django_assert_num_queries: Any) -> None:
    publish_all(ArticleFactory(slug="pain"))
    client.get("/zh-hans/articles/pain/")
    with CaptureQueriesContext(connection) as simplified:
        client.get("/zh-hans/articles/pain/")
    with django_assert_num_queries(len(simplified)):
        client.get("/zh-hant/articles/pain/")


@pytest.mark.parametrize("header", ["zh-TW", "zh-HK", "zh-Hant"])
def test_browsers_are_led_to_what_was_signed(client: Client, header: str) -> None:
    assert client.get("/", headers={"accept-language": header})["Location"] == "/zh-hans/"
