from html import unescape

import pytest
from django.test import Client

from painsite.preferences import COOKIE
from tests.pages import Document

ADDRESS = "/en/preferences/"


def root(client: Client, path: str = ADDRESS) -> dict[str, str]:
    (element,) = Document(client.get(path).content).find("/html")
    return {name: value for name, value in element.attrib.items() if name.startswith("data-")}


@pytest.mark.django_db
def test_who_asked_for_nothing_has_the_usual_page_and_no_cookie(client: Client) -> None:
    assert root(client) == {"data-text": "normal"}
    assert COOKIE not in client.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "cookie", "attributes"),
    [
        ({"text": "large"}, "large", {"data-text": "large"}),
        ({"text": "largest", "calm": "on"}, "largest-calm", {"data-text": "largest", "data-calm": ""}),
        ({"text": "normal", "calm": "on"}, "normal-calm", {"data-text": "normal", "data-calm": ""}),
    ],
)
def test_a_choice_is_kept_for_every_page(
    client: Client, chosen: dict[str, str], cookie: str, attributes: dict[str, str]
) -> None:
    client.post(ADDRESS, chosen)
    assert client.cookies[COOKIE].value == cookie
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE]["samesite"] == "Lax"
    for path in ("/en/", "/zh-hans/articles/", "/en/nothing/"):
        assert root(client, path) == attributes, path


@pytest.mark.django_db
def test_the_usual_page_needs_no_cookie(client: Client) -> None:
    client.post(ADDRESS, {"text": "large"})
    client.post(ADDRESS, {"text": "normal"})
    assert client.cookies[COOKIE].value == ""
    assert client.cookies[COOKIE]["max-age"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["", "enormous", "calm-", "\xff", "<script>", "x" * 4000])
def test_a_cookie_that_means_nothing_changes_nothing(client: Client, cookie: str) -> None:
    client.cookies[COOKIE] = cookie
    assert root(client)["data-text"] == "normal"


@pytest.mark.django_db
def test_the_form_shows_what_is_chosen(client: Client) -> None:
    client.cookies[COOKIE] = "large-calm"
    page = Document(client.get(ADDRESS).content)
    assert page.texts("//input[@checked]/@value") == ["large"]
    assert page.texts("//input[@checked]/@name") == ["text", "calm"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/articles/", "/zh-hans/facts/?verdict=false&page=2", "/en/nothing/"])
def test_the_reader_comes_back_to_the_page_that_they_were_on(client: Client, path: str) -> None:
    (address,) = Document(client.get(path).content).texts("//a[@class='reading']/@href")
    page = Document(client.get(unescape(address)).content)
    (back,) = page.texts("//input[@name='next']/@value")
    response = client.post(ADDRESS, {"text": "large", "next": back})
    assert (response.status_code, response["Location"]) == (302, path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:x()",
        "http:///elsewhere.example",
        "\t//elsewhere.example",
        "",
        "en/",
    ],
)
def test_nobody_is_led_to_another_site(client: Client, elsewhere: str) -> None:
    response = client.post(ADDRESS, {"text": "large", "next": elsewhere})
    assert (response.status_code, response["Location"]) == (302, "/en/")


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", [{}, {"text": "enormous"}])
def test_a_choice_that_is_not_offered_is_refused(client: Client, chosen: dict[str, str]) -> None:
    response = client.post(ADDRESS, chosen)
    assert response.status_code == 400
    assert COOKIE not in client.cookies


@pytest.mark.django_db
def test_a_choice_needs_no_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(ADDRESS, {"text": "large"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/en/articles/", ADDRESS, "/en/nothing/"])
def test_caches_are_told_that_pages_differ_by_cookie(client: Client, path: str) -> None:
    assert "Cookie" in client.get(path)["Vary"]


@pytest.mark.django_db
def test_the_page_of_preferences_is_not_indexed_and_not_kept(client: Client) -> None:
    response = client.get(ADDRESS)
    assert Document(response.content).texts("//meta[@name='robots']/@content") == ["noindex"]
    assert "no-store" in response["Cache-Control"]
