import pytest
from django.test import Client

from painsite.middleware import MAX_PATH, MAX_QUERY

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
    assert b'<html lang="en">' in client.get("/en/%00/").content
    assert b'<html lang="en">' in client.get("/%00/", headers={"accept-language": "en-US"}).content
    assert b'<html lang="zh-Hans">' in client.get("/%00/").content


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
