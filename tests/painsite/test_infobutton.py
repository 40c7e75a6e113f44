import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from painsite.roles import StaffRole
from publishing import workflow
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    NameFactory,
    TermCodeFactory,
    TermFactory,
    TopicCodeFactory,
    TopicFactory,
    approve,
    publish_all,
    staff,
    submit,
    withdraw,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db

WHO, CM, CHINA, SNOMED_CT = (
    "2.16.840.1.113883.6.3",
    "2.16.840.1.113883.6.90",
    "2.16.156.10011.2.3.3.11",
    "2.16.840.1.113883.6.96",
)
ATOM = "{http://www.w3.org/2005/Atom}"


def ask(client: Client, code: str = "", system: str = WHO, language: str = "en", form: str = "", **more: str) -> Any:
    query = {
        "mainSearchCriteria.v.c": code,
        "mainSearchCriteria.v.cs": system,
        "informationRecipient.languageCode.c": language,
        "knowledgeResponseType": form,
        **{name.replace("_", "."): value for name, value in more.items()},
    }
    return client.get("/infobutton?" + urlencode({name: text for name, text in query.items() if text}))


def found(client: Client, code: str = "", system: str = WHO, language: str = "en", **more: str) -> list[str]:
    """The addresses that it leads to."""
    response = ask(client, code, system, language, "application/json", **more)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    return [entry["link"][0]["href"].removeprefix("http://testserver") for entry in response.json()["feed"]["entry"]]


def back_pain() -> Any:
    topic = TopicFactory(slug="back", name_en="Back pain", name_zh_hans="腰痛", summary_en="Pain in the back.")
    TopicCodeFactory(topic=topic, code="M54.5")
    TopicCodeFactory(topic=topic, system="snomed-ct", code="279039007")
    publish_all(topic)
    return topic


# Codes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("M54.5", WHO),
        ("m545", WHO),
        ("M54.50", CM),
        ("M54.500x003", CHINA),
        ("M54.5", "2.16.156.10011.2.3.3.11.3"),
        ("M54.5", f"urn:oid:{WHO}"),
        ("M54.50", "http://hl7.org/fhir/sid/icd-10-cm"),
        ("279039007", SNOMED_CT),
        ("279039007", "http://snomed.info/sct"),
    ],
)
def test_a_code_leads_to_the_topic_that_carries_it(client: Client, code: str, system: str) -> None:
    back_pain()
    assert found(client, code, system) == ["/en/topics/back/"]


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("M54", WHO),  # wider than what we have
        ("M54.4", WHO),
        ("M54.5", SNOMED_CT),
        ("279039007", WHO),
        ("M54.5", "1.2.3"),
        ("M54.5", ""),
        ("nonsense", WHO),
        ("%", WHO),
        ('"', WHO),
    ],
)
def test_another_code_leads_nowhere(client: Client, code: str, system: str) -> None:
    back_pain()
    assert found(client, code, system) == []


def test_the_nearest_code_wins(client: Client) -> None:
    wide, near = TermFactory(slug="wide"), TermFactory(slug="near")
    TermCodeFactory(term=wide, code="R52")
    TermCodeFactory(term=near, code="R52.2")
    publish_all(wide, near)
    assert found(client, "R52.2") == ["/en/glossary/near/"]
    assert found(client, "R52.29", CM) == ["/en/glossary/near/"]
    assert found(client, "R52.9") == ["/en/glossary/wide/"]


def test_topics_come_before_terms_and_then_what_is_about_them(client: Client) -> None:
    topic = back_pain()
    term = TermFactory(slug="lumbago")
    TermCodeFactory(term=term, code="M54.5")
    fact, other_fact = MisconceptionFactory(slug="fact", topics=[topic]), MisconceptionFactory(slug="of", terms=[term])
    article = ArticleFactory(slug="article", topics=[topic])
    publish_all(term, other_fact, fact, article, ArticleFactory(slug="about-nothing"))
    assert found(client, "M54.5") == [
        "/en/topics/back/",
        "/en/glossary/lumbago/",
        "/en/articles/article/",
        "/en/facts/fact/",
        "/en/facts/of/",
    ]


def test_of_a_fact_the_verdict_and_the_fact_are_told_and_not_the_belief(client: Client) -> None:
    publish_all(MisconceptionFactory(topics=[back_pain()]))
    told = ask(client, "M54.5", form="application/json").json()["feed"]["entry"][1]["summary"]["_value"]
    assert told == "Common belief: False A nerve block follows the path of the nerves."


def test_what_is_read_is_the_code_that_was_signed(client: Client) -> None:
    topic = back_pain()
    topic.codes.all().delete()
    TopicCodeFactory(topic=topic, code="R51")
    assert found(client, "M54.5") == ["/en/topics/back/"]
    assert found(client, "R51") == []


def test_what_is_not_live_is_not_found(client: Client) -> None:
    draft = TopicFactory()
    TopicCodeFactory(topic=draft, code="M54.5")
    edition = submit(draft, "zh-hans")
    assert found(client, "M54.5", language="zh") == []
    workflow.publish(approve(edition), staff(StaffRole.PUBLISHER))
    assert len(found(client, "M54.5", language="zh")) == 1
    withdraw(edition)
    assert found(client, "M54.5", language="zh") == []


# Words ----------------------------------------------------------------------------------------------------------------


def test_without_a_code_that_we_know_the_words_are_looked_for_in_the_glossary(client: Client) -> None:
    term = TermFactory(slug="tn", name_en="trigeminal neuralgia", name_zh_hans="三叉神经痛")
    NameFactory(term=term, text="tic douloureux")
    publish_all(term)
    assert found(client, "X99.9", mainSearchCriteria_v_dn="Trigeminal neuralgia, left") == ["/en/glossary/tn/"]
    assert found(client, system="", mainSearchCriteria_v_ot="Tic douloureux") == ["/en/glossary/tn/"]
    assert found(client, system="", language="zh", mainSearchCriteria_v_dn="原发性三叉神经痛") == [
        "/zh-hans/glossary/tn/"
    ]


def test_a_code_that_we_know_needs_no_words(client: Client) -> None:
    back_pain()
    publish_all(TermFactory(slug="leg", name_en="leg"))
    assert found(client, "M54.5", mainSearchCriteria_v_dn="Pain in the leg") == ["/en/topics/back/"]


def test_asked_nothing_it_has_nothing(client: Client) -> None:
    back_pain()
    assert found(client) == []
    assert found(client, mainSearchCriteria_v_dn="\x01 ") == []
    assert (
        "There is no page for this yet."
        in Document(client.get("/infobutton", headers={"accept-language": "en"}).content).main
    )


# Languages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "browser", "prefix"),
    [
        ("zh", "en", "zh-hans"),
        ("zh-CN", "en", "zh-hans"),
        ("zh_Hans", "en", "zh-hans"),
        ("en", "zh", "en"),
        ("en-US", "zh", "en"),
        ("", "en", "en"),
        ("fr", "en", "en"),
        ("", "fr", "zh-hans"),
    ],
)
def test_the_patients_language_decides_else_the_browsers(
    client: Client, language: str, browser: str, prefix: str
) -> None:
    back_pain()
    client = Client(headers={"accept-language": browser})
    assert found(client, "M54.5", language=language) == [f"/{prefix}/topics/back/"]


def test_languages_do_not_mix(client: Client) -> None:
    back_pain()
    chinese = ask(client, "M54.5", language="zh", form="application/json")
    assert "腰痛" in chinese.content.decode()
    assert "Back pain" not in chinese.content.decode()
    assert chinese["Content-Language"] == "zh-hans"


# Forms ----------------------------------------------------------------------------------------------------------------


def test_json_is_the_feed_of_the_guide(client: Client) -> None:
    topic = back_pain()
    feed = ask(client, "M54.5", form="application/json", taskContext_c_c="PROBLISTREV").json()["feed"]
    assert feed["lang"] == "en"
    assert feed["category"] == [
        {"scheme": "taskContext.c.c", "term": "PROBLISTREV"},
        {"scheme": "mainSearchCriteria.v.c", "term": "M54.5"},
        {"scheme": "mainSearchCriteria.v.cs", "term": WHO},
        {"scheme": "informationRecipient.languageCode.c", "term": "en"},
    ]
    (entry,) = feed["entry"]
    assert entry["title"] == {"type": "text", "_value": "Back pain"}
    assert entry["summary"] == {"type": "text", "_value": "Pain in the back."}
    assert entry["id"] == {"_value": f"tag:testserver,2026:en:topic:{topic.pk}"}


@pytest.mark.parametrize("form", ["application/atom+xml", "application/xml", "text/xml"])
def test_xml_is_atom(client: Client, form: str) -> None:
    back_pain()
    response = ask(client, "M54.5", form=form, mainSearchCriteria_v_dn='<b>&"\x01')
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    terms = {each.get("scheme"): each.get("term") for each in feed.findall(f"{ATOM}category")}
    assert terms["mainSearchCriteria.v.dn"] == '<b>&"'
    assert [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")] == ["Back pain"]
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))


def test_a_page_is_what_a_browser_gets(client: Client) -> None:
    back_pain()
    page = Document(ask(client, "M54.5", mainSearchCriteria_v_dn="Low <back> pain").content)
    assert page.texts("//h1") == ["To read for this diagnosis"]
    assert page.texts("//main//ul[@class='entries']//a") == ["Back pain"]
    assert "Low <back> pain" in page.main
    assert page.find("//meta[@name='robots'][@content='noindex']")


def test_a_page_without_a_find_leads_on(client: Client) -> None:
    page = Document(ask(client, "M54.5").content)
    assert "There is no page for this yet." in page.main
    assert "/en/topics/" in page.texts("//main//a/@href")


def test_a_program_may_say_in_its_header_what_it_takes(client: Client) -> None:
    query = f"/infobutton?mainSearchCriteria.v.c=M54.5&mainSearchCriteria.v.cs={WHO}"
    assert client.get(query, headers={"accept": "application/json"})["Content-Type"] == "application/json"
    response = client.get(query, headers={"accept": "application/atom+xml"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Accept" in response["Vary"]


def test_no_answer_is_kept(client: Client) -> None:
    assert ask(client, "M54.5")["Cache-Control"] == "no-cache"


def test_it_says_nothing_that_is_a_script(client: Client) -> None:
    """No JSONP: a callback would run whatever it is named after."""
    for form in ("application/javascript", "application/json"):
        response = ask(client, "M54.5", form=form, callback="alert")
        assert "javascript" not in response["Content-Type"]
        assert not response.content.startswith(b"alert")


def test_queries_do_not_grow_with_what_is_found(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(client, "M54.5", form="application/json")
        return len(captured)

    topic = back_pain()
    publish_all(ArticleFactory(topics=[topic]))
    count()
    before = count()
    for _ in range(3):
        publish_all(ArticleFactory(topics=[topic]), MisconceptionFactory(topics=[topic]))
    assert count() == before <= 4
    assert len(json.loads(ask(client, "M54.5", form="application/json").content)["feed"]["entry"]) == 8
