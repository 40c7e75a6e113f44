"""The site as a whole, as readers and attackers meet it."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modeltranslation.translator import translator

from articles.models import Article, Misconception, Topic
from glossary.models import Comparison, Term
from publishing.models import Document as Draft
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    ComparisonFactory,
    MisconceptionFactory,
    MisconceptionReferenceFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    publish_all,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db

LISTS = ["", "topics/", "articles/", "facts/", "glossary/", "glossary/comparisons/"]
DOCUMENTS: list[type[Draft]] = [Topic, Article, Misconception, Term, Comparison]


# The reader's language ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-cn,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-Hans", "zh-hans"),
        ("zh-Hans-CN", "zh-hans"),
        ("zh-Hans-SG", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("zh-HK", "zh-hans"),
        ("zh-Hant-TW", "zh-hans"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN-us", "en"),
        ("en-GB-oxendict", "en"),
        ("fr-FR,en;q=0.5", "en"),
        ("fr-FR", "zh-hans"),
        ("*", "zh-hans"),
        ("", "zh-hans"),
        ("english please", "zh-hans"),
        (";;;,,,q=", "zh-hans"),
        ("en;q=high", "zh-hans"),
        ("\xff\xfe\x80", "zh-hans"),
        ("../../etc/passwd", "zh-hans"),
        ("x" * 100_000, "zh-hans"),
        ("zz," * 50_000, "zh-hans"),
    ],
)
def test_the_root_leads_to_the_language_that_the_browser_asks_for(client: Client, header: str, language: str) -> None:
    response = client.get("/", headers={"accept-language": header})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_without_a_header_the_root_leads_to_chinese(client: Client) -> None:
    assert client.get("/")["Location"] == "/zh-hans/"


@pytest.mark.parametrize(
    ("cookie", "language"),
    [("en", "en"), ("zh-hans", "zh-hans"), ("zh-CN", "zh-hans"), ("fr", "en"), ("x" * 4000, "en")],
)
def test_the_cookie_goes_before_the_browser(client: Client, cookie: str, language: str) -> None:
    client.cookies["django_language"] = cookie
    assert client.get("/", headers={"accept-language": "en"})["Location"] == f"/{language}/"


def test_an_address_without_its_language_leads_to_the_readers(client: Client) -> None:
    assert client.get("/articles/", headers={"accept-language": "en"})["Location"] == "/en/articles/"


# Never mixed ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything(module_db: None) -> list[Draft]:
    """One live document of each kind, and two of some."""
    topic = TopicFactory(slug="acute-pain")
    closure, block = (
        TermFactory(slug="closure", name_zh_hans="封闭疗法", name_en="closure therapy"),
        TermFactory(slug="block"),
    )
    closure.see_also.add(block)
    comparison = ComparisonFactory(slug="closure-and-block", first=closure, second=block)
    fact = MisconceptionFactory(slug="anywhere", topics=[topic], terms=[closure])
    MisconceptionReferenceFactory(misconception=fact)
    related = ArticleFactory(slug="kinds", topics=[topic])
    article = ArticleFactory(
        slug="pain", topics=[topic], misconceptions=[fact], comparisons=[comparison], related=[related]
    )
    WarningFactory(article=article)
    ArticleReferenceFactory(article=article)
    documents: list[Draft] = [topic, closure, block, comparison, fact, related, article]
    publish_all(*documents)
    return documents


def texts_in(documents: list[Draft], language: str) -> set[str]:
    """The title and every other translated text of the documents, without markup."""
    suffix = language.replace("-", "_")
    return {
        re.sub(r"<[^>]*>", " ", getattr(document, f"{name}_{suffix}")).split("  ")[0].strip()
        for document in documents
        for name in translator.get_options_for_model(type(document)).get_field_names()
    }


@pytest.mark.parametrize(("language", "other"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_every_page_answers_in_its_own_language_with_no_word_of_the_other(
    client: Client, everything: list[Draft], language: str, other: str
) -> None:
    foreign = texts_in(everything, other)
    addresses = [f"/{language}/{path}" for path in LISTS]
    addresses += [edition.get_absolute_url() for each in everything for edition in each.editions.live(language)]
    assert len(addresses) == len(LISTS) + len(everything)
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        page = Document(response.content)
        for element in page.find("//body//*[@lang]"):  # the language switch, and a term's name in the other language
            element.drop_tree()
        html = " ".join(page.texts("/html") + page.texts("//@*[not(name() = 'lang')]"))
        assert not [text for text in foreign if text in html], address
        if language == "en":
            assert not re.search(r"[\u3400-\u9fff]", html), address


@pytest.mark.parametrize("model", DOCUMENTS)
def test_every_document_shows_its_text_in_both_languages(
    client: Client, everything: list[Draft], model: type[Draft]
) -> None:
    documents = [document for document in everything if isinstance(document, model)]
    for language in ("zh-hans", "en"):
        for document in documents:
            page = Document(client.get(document.editions.live(language).get().get_absolute_url()).content)
            missing = [text for text in texts_in([document], language) if text not in page.main]
            assert not missing


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/fr/",
        "/zh-cn/",
        "/EN/articles/",
        "/en-gb/articles/",
        "/zh-hans/articles/%E7%96%BC%E7%97%9B/",
        "/en/articles/Nothing/",
        "/en/articles/nothing/",
        "/en/articles/a b/",
        "/en/articles/../../etc/passwd",
        "/en/articles/%2e%2e/",
        "/en/articles/%ff%fe/",
        "/en/articles/%f0%28%8c%28/",
        "/en/articles/%ed%a0%80/",
        "/en/articles/" + "x" * 500 + "/",
        "/en/topics/nothing/",
        "/en/facts/nothing/",
        "/en/glossary/nothing/",
        "/en/glossary/comparisons/nothing/",
        "/en/articles/?page=0",
        "/en/articles/?page=-1",
        "/en/articles/?page=2",
        "/en/articles/?page=x",
        "/en/articles/?page=%ff",
        "/en/articles/?page=" + "9" * 5000,
        "/en/facts/?page=1e3",
        "/en/glossary/comparisons/?page=99",
        "/en/glossary/?initial=%ff",
        "/en//",
        "/en/articles//",
        "/%",
        "/.env",
        "/en/%3Cscript%3E/",
    ],
)
def test_an_address_that_means_nothing_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_public_pages_are_only_read(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    paths = [f"/en/{path}" for path in [*LISTS, "articles/pain/", "facts/anywhere/", "topics/acute-pain/"]]
    for path in [*paths, "/en/glossary/closure/", "/en/glossary/comparisons/closure-and-block/", "/", "/healthz/"]:
        response = client.generic(method, path)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD"), path


def test_a_page_can_be_asked_for_its_head(client: Client) -> None:
    response = client.head("/en/articles/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "testserver:port", "test\xffserver", "[::1", "x" * 300])
@pytest.mark.parametrize("path", ["/", "/en/", "/en/articles/", "/en/nothing/"])
def test_a_host_that_is_not_ours_is_refused(client: Client, host: str, path: str) -> None:
    assert client.get(path, headers={"host": host}).status_code == 400


def test_too_many_parameters_are_no_server_error(client: Client) -> None:
    assert client.get("/en/articles/?" + "&".join(f"{n}" for n in range(1500))).status_code in {200, 400}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.binary(max_size=40),
    query=st.binary(max_size=40),
    cookie=st.text(st.characters(max_codepoint=255), max_size=40),
    header=st.text(st.characters(max_codepoint=255), max_size=40),
    start=st.sampled_from(["", "en/", "zh-hans/articles/", "en/glossary/", "en/facts/?page=", "admin/", "i18n/"]),
)
def test_nothing_that_can_be_sent_makes_a_server_error(
    client: Client, path: bytes, query: bytes, cookie: str, header: str, start: str
) -> None:
    environment: dict[str, Any] = {
        "PATH_INFO": "/" + start + path.decode("latin-1"),  # as WSGI has it: bytes, spelled as Latin-1
        "QUERY_STRING": query.decode("latin-1"),
        "HTTP_COOKIE": f"django_language={cookie}; sessionid={cookie}; csrftoken={cookie}; messages={cookie}",
        "HTTP_ACCEPT_LANGUAGE": header,
    }
    client.cookies.clear()
    assert client.get("/", **environment).status_code < 500


# What every page sends ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("everything")
def test_pages_run_and_load_nothing_from_elsewhere(client: Client) -> None:
    for path in [*LISTS, "articles/pain/", "facts/anywhere/", "glossary/closure/", "nothing/"]:
        response = client.get(f"/en/{path}")
        page = Document(response.content)
        assert not page.find("//style | //@style | //iframe | //img"), path
        scripts = page.find("//script[not(@type='application/ld+json')]")
        assert not [script for script in scripts if not script.get("src") or script.get("defer") is None], path
        assert not [attribute for attribute in page.find("//@*") if attribute.attrname.startswith("on")], path
        sources = page.texts("//@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert sources, path
        assert all(source.startswith("/static/") for source in sources), path
        assert "default-src 'self'" in response["Content-Security-Policy"], path


@pytest.mark.usefixtures("everything")
def test_every_page_has_one_h1_and_unique_ids(client: Client) -> None:
    for path in [*LISTS, "articles/pain/", "facts/anywhere/", "topics/acute-pain/", "glossary/closure/", "nothing/"]:
        page = Document(client.get(f"/en/{path}").content)
        ids = page.texts("//@id")
        assert len(page.find("//h1")) == 1, path
        assert len(ids) == len(set(ids)), path
        assert set(page.texts("//@aria-labelledby")) <= set(ids), path


def test_every_page_says_what_to_do_in_an_emergency(client: Client) -> None:
    for path in [*LISTS, "nothing/"]:
        assert Document(client.get(f"/en/{path}").content).texts("//footer//strong") == ["In an emergency, call 120."]
