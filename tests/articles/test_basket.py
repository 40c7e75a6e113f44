from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import basket, printing
from articles.models import Article
from publishing.models import ChangeKind
from tests.factories import ArticleFactory, MisconceptionFactory, TermFactory, publish, publish_all, withdraw
from tests.pages import Document, in_this_order
from tests.paper import Paper, needs_press, patience, squeezed

__all__ = ["patience"]
pytestmark = pytest.mark.django_db
PATH = "/en/handouts/"
FROM_HERE = {"sec-fetch-site": "same-origin"}


def name(document: Any) -> str:
    return f"{document._meta.model_name}-{document.pk}"


def press(client: Client, act: str, document: Any = None) -> Any:
    return client.post(PATH, {act: name(document) if document else "1"}, headers=FROM_HERE)


def titles(client: Client) -> list[str]:
    return Document(client.get(PATH).content).texts("//ol[@class='sheets']/li/p")


@pytest.fixture
def three() -> list[Any]:
    found = [ArticleFactory(title_en="One"), MisconceptionFactory(question_en="Two?"), ArticleFactory(title_en="Three")]
    publish_all(*found)
    return found


def test_sheets_are_put_in_moved_and_taken_out(client: Client, three: list[Any]) -> None:
    for document in (*three, three[0]):
        assert press(client, "add", document)["Location"] == PATH
    assert titles(client) == ["One", "Two?", "Three"]
    press(client, "earlier", three[2])
    assert titles(client) == ["One", "Three", "Two?"]
    press(client, "earlier", three[0])
    press(client, "later", three[1])
    assert titles(client) == ["One", "Three", "Two?"]
    press(client, "later", three[0])
    press(client, "remove", three[1])
    assert titles(client) == ["Three", "One"]
    press(client, "empty")
    assert titles(client) == []


def test_the_button_on_a_page_needs_no_script(client: Client, three: list[Any]) -> None:
    page = Document(client.get(three[0].editions.live("en").get().get_absolute_url()).content)
    (button,) = page.find("//button[@name='add']")
    (form,) = page.find("//form[@method='post'][.//button[@name='add']]")
    assert (form.get("action"), button.get("value")) == (PATH, name(three[0]))


def test_nobody_gets_a_session_who_put_nothing_in(client: Client, three: list[Any]) -> None:
    client.get(PATH)
    client.get(three[0].editions.live("en").get().get_absolute_url())
    client.get("/en/handouts/handout.pdf")
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert settings.CSRF_COOKIE_NAME not in client.cookies
    press(client, "add", three[0])
    assert settings.SESSION_COOKIE_NAME in client.cookies


def test_another_site_puts_nothing_in(client: Client, three: list[Any]) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        assert client.post(PATH, {"add": name(three[0])}, headers=headers).status_code == 403
    assert settings.SESSION_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize(
    "sent",
    [
        {"add": "article-0"}, {"add": "article--1"}, {"add": "topic-1"}, {"add": "user-1"}, {"add": "article-１"},
        {"add": "article-" + "9" * 30}, {"add": "\ud800"}, {"remove": "article-1"}, {"later": ""}, {"earlier": "x"},
        {"what": "1"}, {},
    ],
)  # fmt: skip
def test_what_makes_no_sense_changes_nothing(client: Client, three: list[Any], sent: dict[str, str]) -> None:
    press(client, "add", three[0])
    data = {key: text.encode("utf-8", "surrogatepass") for key, text in sent.items()}
    assert client.post(PATH, data, headers=FROM_HERE).status_code == 302
    assert titles(client) == ["One"]


def test_drafts_and_other_kinds_do_not_go_in(client: Client) -> None:
    draft, term = ArticleFactory(), TermFactory()
    publish_all(term)
    press(client, "add", draft)
    press(client, "add", term)
    assert titles(client) == []


def test_no_more_go_in_than_one_pdf_may_have(client: Client, monkeypatch: pytest.MonkeyPatch, three: list[Any]) -> None:
    monkeypatch.setattr(basket, "MOST", 2)
    assert [press(client, "add", document).status_code for document in three] == [302, 302, 400]
    assert titles(client) == ["One", "Two?"]


def test_what_is_withdrawn_is_neither_named_nor_printed(
    client: Client, monkeypatch: pytest.MonkeyPatch, three: list[Any]
) -> None:
    pages: list[str] = []
    monkeypatch.setattr(printing, "printed", lambda html: pages.append(html) or b"%PDF")  # type: ignore[func-returns-value]
    for document in three:
        press(client, "add", document)
    withdraw(three[0].editions.get(language="en"))
    assert titles(client) == ["A page that cannot be read in this language now; it is not printed.", "Two?", "Three"]
    response = client.get("/en/handouts/handout.pdf")
    assert response.status_code == 200
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "One" not in pages[0]
    assert in_this_order(pages[0], "Two?", "Three")


def test_one_stale_translation_keeps_all_from_being_printed_in_both(client: Client) -> None:
    article: Any = ArticleFactory(title_en="One")
    publish_all(article)
    press(client, "add", article)
    assert 'value="both"' in client.get(PATH).content.decode()
    article.title_zh_hans = "改了"
    article.save()
    publish(article, "zh-hans", ChangeKind.CLINICAL)
    assert 'value="both"' not in client.get(PATH).content.decode()
    assert client.get("/zh-hans/handouts/handout.pdf?languages=both").status_code == 409
    assert client.get("/en/handouts/handout.pdf").status_code == 409


@needs_press
def test_one_pdf_has_a_table_of_contents_with_the_pages_and_every_symbol(
    client: Client, patience: None, three: list[Any]
) -> None:
    for document in three:
        press(client, "add", document)
    response = client.get("/en/handouts/handout.pdf")
    assert response["Content-Type"] == "application/pdf"
    paper = Paper(response.content)
    assert paper.title == "Hand-outs"
    contents = squeezed(paper.reader.pages[0].extract_text())
    for title, document in zip(("One", "Two?", "Three"), three, strict=True):
        starts = next(
            number
            for number, page in enumerate(paper.reader.pages, start=1)
            if number > 1 and f"{title}" in page.extract_text()
        )
        assert in_this_order(contents, squeezed(title), f"{starts}")
        edition = document.editions.live("en").get()
        assert f"http://testserver/en/editions/{edition.pk}/" in paper.links


def test_queries_of_the_list(
    client: Client, three: list[Any], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for document in three:
        press(client, "add", document)
    client.get(PATH)
    with django_assert_max_num_queries(4):  # session, editions, the department, and one that Django may need for kinds
        client.get(PATH)
    assert Article.objects.count() == 2
