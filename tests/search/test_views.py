import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from publishing.models import Edition
from search import views
from search.models import Missed
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    publish,
    publish_all,
    withdraw,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db

SEARCH = "/en/search/"


def read(client: Client, question: str = "", path: str = SEARCH, status: int = 200, **chosen: str) -> Document:
    response = client.get(path, {"q": question, **chosen})
    assert response.status_code == status
    return Document(response.content)


def found(page: Document) -> list[str]:
    return page.texts("//ol[@class='results']/li/a")


def test_every_page_has_the_box_and_what_was_asked_stays_in_it(client: Client) -> None:
    for page in (
        read(client, "<b>", SEARCH),
        read(client, path="/en/", question="x"),
        read(client, path="/en/no/", status=404),
    ):
        (form,) = page.find("//header//form[@role='search']")
        assert (form.get("action"), form.get("method", "get")) == (SEARCH, "get")
        assert form.xpath(".//input[@name='q'][@type='search']/@aria-label") == ["Search"]
    assert read(client, "<b>").find("//header//input[@name='q']/@value") == ["<b>"]


def test_results_show_kind_title_and_the_words_looked_for(client: Client) -> None:
    article = ArticleFactory(title_en="Gout", body_en="<p>It hurts. Crystals of uric acid. More.</p>")
    WarningFactory(article=article)
    publish_all(article)
    page = read(client, "uric crystals")
    assert found(page) == ["Gout"]
    assert page.texts("//ol[@class='results']//p[@class='kind']") == ["Articles"]
    assert page.texts("//mark") == ["Crystals", "uric"]
    assert "1 page" in page.main
    assert page.texts("//title") == ["Search: uric crystals · Pain Clinic Patient Information"]


def test_a_definition_answers_at_the_top(client: Client) -> None:
    publish_all(ArticleFactory(title_en="Gout"), TermFactory(name_en="gout", definition_en="Crystals in a joint."))
    (answer,) = read(client, "what is gout?").texts("//li[@class='answer']")
    assert answer == "What it means gout Crystals in a joint."


def test_what_comes_first_and_does_not_answer_is_a_result_like_others(client: Client) -> None:
    publish_all(
        MisconceptionFactory(question_en="Is pain unavoidable?", fact_en="Few get used to painkillers."),
        TermFactory(name_en="chronic pain", definition_en="It lasts, as an addiction does."),
    )
    for question in ("painkillers addiction weakness", "weakness addiction"):
        page = read(client, question)
        assert found(page)
        assert page.find("//li[@class='answer']") == []


def test_a_verdict_answers_at_the_top_and_the_belief_is_not_shown(client: Client) -> None:
    publish_all(
        MisconceptionFactory(
            question_en="Does rain cause gout?",
            misconception_en="Rain makes crystals.",
            fact_en="Weather does nothing.",
        )
    )
    page = read(client, "rain crystals")
    (answer,) = page.texts("//li[@class='answer']")
    assert answer == "In short Does rain cause gout? Common belief: False Weather does nothing."
    assert "makes" not in page.main


def test_results_can_be_narrowed_by_kind_and_topic(client: Client) -> None:
    topic, other = TopicFactory(name_en="Joints", slug="joints"), TopicFactory(name_en="Head", slug="head")
    publish_all(
        topic,
        other,
        ArticleFactory(title_en="Gout of the foot", topics=[topic]),
        MisconceptionFactory(question_en="Is gout dear?", topics=[other]),
        TermFactory(name_en="gout"),
    )
    assert len(found(read(client, "gout"))) == 3
    assert found(read(client, "gout", kind="misconception")) == ["Is gout dear?"]
    narrowed = read(client, "gout", topic="joints")
    assert found(narrowed) == ["Gout of the foot"]
    assert narrowed.find("//select[@name='topic']/option[@selected]/@value") == ["joints"]
    nothing = read(client, "gout", topic="joints", kind="term")
    assert found(nothing) == []
    assert "No page fits what you chose." in nothing.main
    assert not Missed.objects.exists()


@pytest.mark.parametrize("chosen", [{"kind": "x"}, {"topic": "x"}, {"page": "2"}, {"page": "0"}])
def test_what_cannot_be_chosen_is_not_there(client: Client, chosen: dict[str, str]) -> None:
    read(client, "gout", status=404, **chosen)


def test_long_lists_have_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "RESULTS_PER_PAGE", 2)
    publish_all(*(ArticleFactory(title_en=f"Gout {number}") for number in range(3)))
    first, second = read(client, "gout"), read(client, "gout", page="2")
    assert sorted(found(first) + found(second)) == ["Gout 0", "Gout 1", "Gout 2"]
    assert first.find("//a[@rel='next']/@href") == [f"{SEARCH}?q=gout&page=2"]


def test_a_misspelt_word_is_set_right_and_the_page_says_so(client: Client) -> None:
    publish_all(TermFactory(name_en="nerve block"))
    page = read(client, "nerv blok")
    assert found(page) == ["nerve block"]
    assert "“nerve block”" in page.main


def test_a_name_of_the_same_sound_is_offered(client: Client) -> None:
    publish_all(TermFactory(name_zh_hans="神经阻滞"))
    page = read(client, "神径阻治", "/zh-hans/search/")
    assert page.texts("//p[@class='notice']/a") == ["神经阻滞"]


def test_when_there_is_nothing_it_says_so_offers_ways_on_and_counts(client: Client) -> None:
    topic = TopicFactory(name_en="Joints")
    publish_all(topic, ArticleFactory(title_zh_hans="痛风", topics=[topic]))
    page = read(client, "痛风")
    assert page.texts("//h1") == ["We found nothing for “痛风”"]
    assert page.texts("//main//a[@hreflang]") == ["1 page in Simplified Chinese"]
    assert page.find("//main//a[@hreflang]/@href") == ["/zh-hans/search/?q=%E7%97%9B%E9%A3%8E"]
    assert "Joints" in page.main
    assert list(Missed.objects.values_list("language", "query", "count")) == [("en", "痛风", 1)]


def test_only_a_reader_is_counted(client: Client) -> None:
    client.head(SEARCH, {"q": "nothing"})
    assert not Missed.objects.exists()


def test_without_a_question_there_is_a_hint(client: Client) -> None:
    for question in ("", " ", "\ufffd"):
        assert read(client, question).texts("//h1") == ["Search"]


def test_the_question_goes_along_into_another_language(client: Client) -> None:
    page = read(client, "gout")
    assert page.find("//nav[@class='languages']//a/@href") == ["/zh-hans/search/?q=gout", "/zh-hant/search/?q=gout"]
    assert page.find("//meta[@name='robots']/@content") == ["noindex"]


def test_what_was_chosen_goes_along_into_another_language(client: Client) -> None:
    topic = TopicFactory(slug="joints")
    publish_all(topic, ArticleFactory(title_en="Gout", title_zh_hans="Gout", topics=[topic]))
    withdraw(Edition.objects.get(slug="joints", language="zh-hans"))
    page = read(client, "gout", kind="article", topic="joints")
    query = "?q=gout&kind=article&topic=joints"
    assert page.find("//nav[@class='languages']//a/@href") == [f"/zh-{it}/search/{query}" for it in ("hans", "hant")]
    assert found(read(client, "gout", "/zh-hans/search/", kind="article", topic="joints")) == []


def test_it_answers_in_traditional_characters(client: Client) -> None:
    publish_all(TermFactory(name_zh_hans="神经阻滞"))
    assert found(read(client, "神經阻滯", "/zh-hant/search/")) == ["神經阻滯"]
    suggested = client.get("/zh-hant/search/suggest/", {"q": "sjz"})
    assert json.loads(suggested.content) == ["sjz", ["神經阻滯"]]


@pytest.mark.parametrize("path", [SEARCH, "/zh-hant/search/", "/en/search/suggest/"])
@pytest.mark.parametrize(
    "query",
    [
        *("%22", "%2A", "NEAR", "%00", "a%00b", "%ED%A0%80", "%F0%9F%98%80", "%FF", "%27%29%3B--", "%5C"),
        *("a" * 10_000, "%E7%97%9B" * 10_000),
    ],
    ids=lambda query: query[:12],
)
def test_whatever_is_typed_is_a_question_like_any_other(client: Client, path: str, query: str) -> None:
    assert client.get(f"{path}?q={query}").status_code == 200


def test_there_is_an_end_to_everything(client: Client) -> None:
    assert client.get(f"{SEARCH}?q={'a' * 300_000}").status_code == 414


def test_suggestions_are_as_browsers_ask_for_them(client: Client) -> None:
    publish_all(TermFactory(name_en="nerve block"))
    response = client.get("/en/search/suggest/", {"q": "ner"})
    assert response["Content-Type"] == "application/x-suggestions+json"
    assert json.loads(response.content) == ["ner", ["nerve block"]]


def test_a_browser_learns_how_to_search_here(client: Client) -> None:
    assert Document(client.get("/en/").content).find("//link[@rel='search']/@href") == ["/en/opensearch.xml"]
    response = client.get("/en/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{space}OpenSearchDescription"
    assert len(root.findtext(f"{space}ShortName") or "") <= 16
    templates = {url.get("type"): url.get("template") for url in root.findall(f"{space}Url")}
    assert templates["text/html"] == "http://testserver/en/search/?q={searchTerms}"
    assert templates["application/x-suggestions+json"] == "http://testserver/en/search/suggest/?q={searchTerms}"


@pytest.mark.parametrize("count", [1, 8])
def test_queries_do_not_grow_with_the_number_of_rows(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    topics = TopicFactory.create_batch(count)
    publish_all(*topics, *(ArticleFactory(title_en=f"Gout {n}", topics=topics) for n in range(count)))
    publish(TermFactory(name_en="gout"), "en")
    with django_assert_max_num_queries(9):
        assert len(found(read(client, "gout"))) == count + 1
    with django_assert_max_num_queries(2):
        client.get("/en/search/suggest/", {"q": "gou"})
