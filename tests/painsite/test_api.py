import datetime
import json
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date
from pytest_django import Settings

from painsite.models import SiteProfile
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import ChangeKind, Edition
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    FigureFactory,
    MisconceptionFactory,
    NameFactory,
    QuestionFactory,
    TermCodeFactory,
    TermFactory,
    TopicCodeFactory,
    TopicFactory,
    WarningFactory,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)

pytestmark = pytest.mark.django_db

API = "/api/v1"
KINDS = {"articles": ArticleFactory, "facts": MisconceptionFactory, "terms": TermFactory, "topics": TopicFactory}
PROBLEM = "application/problem+json"
DAY = datetime.timedelta(days=1)


def get(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    response = client.get(f"{API}{path}", headers=headers)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == (PROBLEM if status >= 400 else "application/json; charset=utf-8")
    return response.json()


def slugs(answer: Any) -> list[str]:
    return [item["slug"] for item in answer["items"]]


# Lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_has_what_is_live_in_its_language_the_newest_first(client: Client, kind: str) -> None:
    make = KINDS[kind]
    first, second = make(slug="first"), make(slug="second")
    publish_all(first, second)
    publish(make(slug="chinese-only"), "zh-hans")
    submit(make(slug="in-review"), "zh-hans")
    make(slug="draft")
    assert slugs(get(client, f"/en/{kind}")) == ["second", "first"]
    assert slugs(get(client, f"/zh-hans/{kind}")) == ["chinese-only", "second", "first"]


def test_an_entry_says_who_reviewed_it_and_until_when_it_may_be_shown(client: Client) -> None:
    article = ArticleFactory(slug="pain", next_review=datetime.date(2027, 3, 1))
    with time_machine.travel(datetime.datetime(2026, 3, 2, 20, tzinfo=datetime.UTC), tick=False):
        publish_all(article)
        (entry,) = get(client, "/en/articles")["items"]
    assert entry == {
        "kind": "article",
        "id": article.pk,
        "language": "en",
        "slug": "pain",
        "title": article.title_en,
        "summary": "Pain is the body's alarm.",
        "edition": 1,
        "liveFrom": "2026-03-03T04:00:00+08:00",
        "expires": "2027-05-31T00:00:00+08:00",
        "lastReviewed": "2026-03-03",
        "reviewedBy": [
            {"role": {"value": "medical", "label": "medical reviewer"}, "on": "2026-03-03"},
            {"role": {"value": "language", "label": "language reviewer"}, "on": "2026-03-03"},
        ],
        "nextReview": "2027-03-01",
        "reviewOverdue": False,
        "outdated": False,
        "url": "http://testserver/en/articles/pain/",
        "href": "http://testserver/api/v1/en/articles/pain",
        "about": {"value": "understanding", "label": "understanding pain"},
    }


def test_labels_are_in_the_language_of_the_address_whatever_the_browser_asks_for(client: Client) -> None:
    publish_all(ArticleFactory())
    response = client.get(f"{API}/zh-hans/articles", headers={"accept-language": "en"})
    assert response.json()["items"][0]["about"] == {"value": "understanding", "label": "认识疼痛"}
    assert response["Content-Language"] == "zh-hans"


def test_what_ends_at_a_time_says_so(client: Client) -> None:
    edition = publish(ArticleFactory(), "zh-hans")
    ends = timezone.now() + DAY
    workflow.withdraw(edition, staff(StaffRole.PUBLISHER), reason="Over", at=ends)
    (entry,) = get(client, "/zh-hans/articles")["items"]
    assert abs(datetime.datetime.fromisoformat(entry["expires"]) - ends) < datetime.timedelta(milliseconds=1)


def test_a_translation_whose_source_has_changed_says_so(client: Client) -> None:
    article = ArticleFactory(slug="pain")
    publish_all(article)
    article.summary_zh_hans = "不要再这样做。"
    article.save()
    publish(article, "zh-hans", ChangeKind.CLINICAL)
    assert get(client, "/en/articles")["items"][0]["outdated"] is True
    assert get(client, "/en/articles/pain")["outdated"] is True
    assert get(client, "/zh-hans/articles/pain")["outdated"] is False


def test_a_fact_is_never_listed_without_its_verdict_and_never_as_its_myth(client: Client) -> None:
    publish_all(MisconceptionFactory(question_en="Wherever it hurts?"))
    (entry,) = get(client, "/en/facts")["items"]
    assert entry["verdict"] == {"value": "false", "label": "False"}
    assert entry["summary"] == entry["fact"] == "A nerve block follows the path of the nerves."
    assert "simply goes in" not in json.dumps(entry)


def test_a_list_comes_in_pages(client: Client) -> None:
    for number in range(5):
        publish(ArticleFactory(slug=f"a-{number}"), "zh-hans")
    first = get(client, "/zh-hans/articles?pageSize=2")
    assert (first["count"], first["page"], first["pages"], first["previous"]) == (5, 1, 3, None)
    assert slugs(first) == ["a-4", "a-3"]
    second = client.get(first["next"]).json()
    assert slugs(second) == ["a-2", "a-1"]
    assert slugs(client.get(second["next"]).json()) == ["a-0"]
    assert client.get(second["next"]).json()["next"] is None
    assert slugs(client.get(second["previous"]).json()) == ["a-4", "a-3"]
    assert get(client, "/zh-hans/articles?pageSize=2&page=4", 404)["detail"] == "没有这么多页。"


def test_a_list_with_nothing_in_it_is_a_list(client: Client) -> None:
    answer = get(client, "/en/terms")
    assert answer == {"count": 0, "page": 1, "pages": 1, "next": None, "previous": None, "items": []}


def test_a_list_can_be_of_one_topic(client: Client) -> None:
    topic = TopicFactory(slug="acute")
    below = TopicFactory(slug="below", parent=topic)
    publish_all(topic, below)
    publish_all(ArticleFactory(slug="in", topics=[topic]), ArticleFactory(slug="out"))
    publish_all(MisconceptionFactory(slug="fact-in", topics=[topic]), MisconceptionFactory(slug="fact-out"))
    assert slugs(get(client, "/en/articles?topic=acute")) == ["in"]
    assert slugs(get(client, "/en/facts?topic=acute")) == ["fact-in"]
    assert slugs(get(client, "/en/topics?topic=acute")) == ["below"]
    assert get(client, "/en/articles?topic=nothing", 404)["detail"] == "There is no such topic."


def test_a_list_can_be_of_what_has_changed_since(client: Client) -> None:
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False):
        publish(ArticleFactory(slug="old"), "zh-hans")
    with time_machine.travel("2026-04-01T00:00:00Z", tick=False):
        publish(ArticleFactory(slug="new"), "zh-hans")
    with time_machine.travel("2026-04-02T00:00:00Z", tick=False):

        def since(text: str) -> list[str]:
            return slugs(get(client, f"/zh-hans/articles?changedSince={text}"))

        assert since("2026-03-01T08:00:01%2B08:00") == ["new"]
        assert since("2026-03-01T08:00:00%2B08:00") == ["new", "old"]
        assert since("2026-04-01T00:00:01Z") == []
        assert since("9999-12-31T23:59:59-23:59") == []
        assert since("0001-01-01T00:00:00%2B23:59") == ["new", "old"]


# One document ---------------------------------------------------------------------------------------------------------


def test_an_article_is_told_whole_as_html_and_as_text(client: Client) -> None:
    topic, fact, related = TopicFactory(), MisconceptionFactory(), ArticleFactory()
    comparison: Any = ComparisonFactory()
    article = ArticleFactory(
        slug="pain", topics=[topic], misconceptions=[fact], comparisons=[comparison], related=[related]
    )
    WarningFactory(article=article, level="caution", heading_en="Mind")
    WarningFactory(article=article, level="emergency")
    FigureFactory(article=article)
    QuestionFactory(article=article)
    publish_all(topic, comparison.first, comparison.second, comparison, fact, related, article)
    told = get(client, "/en/articles/pain")
    assert told["languages"] == ["en", "zh-hans"]
    assert told["body"] == {
        "html": "<h2>Definition</h2><p>Pain is an unpleasant feeling.</p>",
        "text": "Definition\nPain is an unpleasant feeling.",
    }
    assert [warning["level"]["value"] for warning in told["warnings"]] == ["emergency", "caution"]
    assert told["warnings"][0]["heading"] == "Chest pain"
    assert told["figures"][0]["legend"] == ["Mild pain", "Moderate pain", "Severe pain"]
    assert told["questions"] == ["Must I stop my medicines before the injection?"]
    assert told["references"][0]["year"] == 2014
    assert told["topics"] == [
        {
            "kind": "topic",
            "slug": topic.slug,
            "title": topic.name_en,
            "url": f"http://testserver/en/topics/{topic.slug}/",
        }
    ]
    assert [told[name][0]["kind"] for name in ("facts", "comparisons", "related")] == ["fact", "comparison", "article"]


def test_a_fact_is_told_with_the_belief_beside_it(client: Client) -> None:
    publish_all(MisconceptionFactory(slug="needle"))
    told = get(client, "/en/facts/needle")
    assert told["misconception"] == "A nerve block simply goes in wherever it hurts."
    assert (told["verdict"]["value"], told["fact"]) == ("false", "A nerve block follows the path of the nerves.")
    assert told["explanation"]["text"] == "A closure injection does, so people think so."
    assert told["advice"]["html"] == "<p>Ask the doctor where it goes in.</p>"


def test_a_term_has_the_names_of_its_language_that_may_be_used_and_its_codes(client: Client) -> None:
    term = TermFactory(slug="block")
    NameFactory(term=term, text="nerve injection")
    NameFactory(term=term, text="closure", status="forbidden")
    NameFactory(term=term, language="zh-hans", text="阻滞")
    TermCodeFactory(term=term, code="G50.0")
    publish_all(term)
    told = get(client, "/en/terms/block")
    assert told["names"] == ["nerve injection"]
    assert told["codes"] == [{"system": "icd-10", "code": "G50.0"}]
    assert get(client, "/zh-hans/terms/block")["names"] == ["阻滞"]


def test_a_topic_names_the_one_above_it(client: Client) -> None:
    above = TopicFactory(slug="above")
    topic = TopicFactory(slug="below", parent=above)
    TopicCodeFactory(topic=topic, code="M54.5")
    publish_all(above, topic)
    told = get(client, "/en/topics/below")
    assert told["parent"]["slug"] == "above"
    assert told["codes"] == [{"system": "icd-10", "code": "M54.5"}]
    assert get(client, "/en/topics/above")["parent"] is None


def test_html_is_cleaned_on_its_way_out(client: Client) -> None:
    edition = publish(ArticleFactory(slug="pain"), "zh-hans")
    content = edition.content | {"body": "<p onclick=x>正文</p><script>alert(1)</script>"}
    with mock.patch("painsite.api.v1.live_at", return_value=[edition]):
        edition.content = content
        assert get(client, "/zh-hans/articles/pain")["body"]["html"] == "<p>正文</p>"


def test_an_old_address_leads_to_the_new_one(client: Client) -> None:
    article: Any = ArticleFactory(slug="old")
    publish_all(article)
    article.slug = "new"
    article.save()
    publish_all(article)
    response = client.get(f"{API}/en/articles/old")
    assert (response.status_code, response["Location"]) == (301, "http://testserver/api/v1/en/articles/new")


def test_what_is_live_in_the_other_language_alone_is_not_found_and_says_where_it_is(client: Client) -> None:
    publish(ArticleFactory(slug="pain"), "zh-hans")
    problem = get(client, "/en/articles/pain", 404)
    assert problem["languages"] == ["zh-hans"]
    assert problem["detail"] == "This document is not in this language."


def test_what_was_withdrawn_is_gone_with_the_reason_and_what_to_read_instead(client: Client) -> None:
    instead = publish(ArticleFactory(slug="instead"), "zh-hans")
    edition = publish(ArticleFactory(slug="pain"), "zh-hans")
    workflow.withdraw(edition, staff(StaffRole.PUBLISHER), reason="剂量有误。", read_instead=instead)
    problem = get(client, "/zh-hans/articles/pain", 410)
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Gone", 410)
    assert problem["detail"] == "剂量有误。"
    assert problem["instead"]["slug"] == "instead"
    assert slugs(get(client, "/zh-hans/articles")) == ["instead"]


def test_what_has_expired_is_gone(client: Client) -> None:
    edition = publish(ArticleFactory(slug="pain"), "zh-hans")
    with time_machine.travel(edition.ends_at - datetime.timedelta(seconds=1), tick=False):
        assert get(client, "/zh-hans/articles/pain")["reviewOverdue"] is True
    with time_machine.travel(edition.ends_at, tick=False):
        assert get(client, "/zh-hans/articles/pain", 410)["detail"] == (
            "这个地址原有的内容已经撤回，以免有人继续依据它。"
        )
        assert slugs(get(client, "/zh-hans/articles")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_not_found(client: Client, kind: str) -> None:
    submit(KINDS[kind](slug="draft"), "zh-hans")
    assert get(client, f"/zh-hans/{kind}/draft", 404)["detail"] == "这个地址没有内容。"


def test_the_department_says_of_itself_what_it_says_on_pages(client: Client) -> None:
    SiteProfile.objects.create(hospital_en="City Hospital", hospital_zh_hans="市医院", telephone="010-1234")
    assert get(client, "/zh-hans/department")["hospital"] == "市医院"
    assert get(client, "/en/department") == {
        "hospital": "City Hospital",
        "department": "",
        "address": "",
        "openingHours": "",
        "licence": "",
        "telephone": "010-1234",
        "emergencyNumber": "120",
    }


# Errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=10001", "page"),
        ("pageSize=101", "pageSize"),
        ("changedSince=yesterday", "changedSince"),
        ("changedSince=2026-03-01T00:00:00", "changedSince"),
        ("topic=" + "a" * 81, "topic"),
    ],
)
def test_what_is_not_understood_is_told_in_words_of_the_language_asked_for(
    client: Client, query: str, name: str
) -> None:
    english = get(client, f"/en/articles?{query}", 422)
    assert [each["name"] for each in english["errors"]] == [name]
    assert english["errors"][0]["detail"].isascii() or "’" in english["errors"][0]["detail"]
    chinese = get(client, f"/zh-hans/articles?{query}", 422)
    assert chinese["detail"] == "请求中有无法识别的内容。"
    assert chinese["errors"][0]["detail"] != english["errors"][0]["detail"]


@pytest.mark.parametrize("path", ["", "/", "/fr/articles", "/en/nothing", "/en/articles/", "/en/articles/a/b", "/docs"])
def test_an_address_that_means_nothing_is_a_problem_too(client: Client, path: str) -> None:
    problem = get(client, path + ("/" if not path else ""), 404, **{"accept-language": "en"})
    assert (problem["status"], problem["title"]) == (404, "Not Found")


def test_a_program_that_names_no_language_is_refused_in_the_one_it_prefers(client: Client) -> None:
    assert get(client, "/nothing", 404, **{"accept-language": "en"})["detail"] == "There is nothing at this address."
    assert get(client, "/nothing", 404, **{"accept-language": "zh"})["detail"] == "这个地址没有内容。"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/en/articles", "/en/articles/pain", "/openapi.json"])
def test_it_is_only_read(method: str, path: str) -> None:
    response = Client(enforce_csrf_checks=True).generic(method, API + path)
    assert (response.status_code, response["Allow"], response["Content-Type"]) == (405, "GET, HEAD", PROBLEM)


def test_malformed_requests_are_problems(client: Client) -> None:
    assert get(client, "/en/articles?topic=%00", 400)["detail"] == "This request cannot be read."
    assert get(client, "/zh-hans/articles?topic=" + "a" * 9000, 414)["detail"] == "地址过长。"
    assert client.get(f"{API}/en/articles", headers={"host": "elsewhere.example"})["Content-Type"] == PROBLEM


def test_when_something_breaks_a_program_is_told_so_in_its_own_way() -> None:
    client = Client(raise_request_exception=False)
    with mock.patch("painsite.api.v1.Edition.objects", side_effect=RuntimeError("secret")):
        problem = get(client, "/en/articles", 500)
    assert problem["title"] == "Internal Server Error"
    assert "secret" not in str(problem)


# Again ----------------------------------------------------------------------------------------------------------------


def test_who_has_the_answer_already_is_told_that_it_still_holds(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain"))
    for path in ("/en/articles", "/en/articles/pain", "/en/department", "/openapi.json"):
        response = client.get(API + path)
        assert response["Cache-Control"] == "no-cache"
        again = client.get(API + path, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_the_answer_is_dated_by_the_last_thing_that_began_or_ended(client: Client) -> None:
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as clock:
        edition = publish(ArticleFactory(slug="pain"), "zh-hans")
        path = f"{API}/zh-hans/articles"
        assert "Last-Modified" not in client.get(path), "another change may come within this second"
        clock.shift(DAY)
        dated = client.get(path)["Last-Modified"]
        assert dated == "Sun, 01 Mar 2026 00:00:00 GMT"
        assert client.get(path, headers={"if-modified-since": dated}).status_code == 304
        withdraw(edition)
        assert client.get(path, headers={"if-modified-since": dated}).status_code == 200
        clock.shift(DAY)
        assert client.get(path)["Last-Modified"] == "Mon, 02 Mar 2026 00:00:00 GMT"
        assert client.get(path, headers={"if-modified-since": dated}).json()["items"] == []


def test_the_answer_is_dated_by_a_review_that_never_came(client: Client) -> None:
    edition = publish(ArticleFactory(slug="pain"), "zh-hans")
    path = f"{API}/zh-hans/articles"
    with time_machine.travel(edition.ends_at - DAY, tick=False) as clock:
        dated = client.get(path)["Last-Modified"]
        clock.shift(2 * DAY)
        again = client.get(path, headers={"if-modified-since": dated})
        assert (again.status_code, again.json()["items"]) == (200, [])


@pytest.mark.parametrize("days", [0, 7])
def test_the_answer_is_dated_by_a_review_that_is_overdue(client: Client, settings: Settings, days: int) -> None:
    settings.REVIEW_OVERDUE_DAYS = days
    edition = publish(ArticleFactory(slug="pain"), "zh-hans")
    path = f"{API}/zh-hans/articles/pain"
    begins = timezone.make_aware(datetime.datetime.combine(edition.review_due + days * DAY, datetime.time.min))
    with time_machine.travel(begins - datetime.timedelta(seconds=1), tick=False) as clock:
        before = client.get(path)
        assert before.json()["reviewOverdue"] is False
        clock.shift(datetime.timedelta(seconds=2))
        same = {"if-modified-since": before["Last-Modified"], "if-none-match": before["ETag"]}
        for header, value in same.items():
            after = client.get(path, headers={header: value})
            assert (after.status_code, after.json()["reviewOverdue"]) == (200, True), header
        assert after["Last-Modified"] == http_date(begins.timestamp())


def test_a_head_has_no_body(client: Client) -> None:
    response = client.head(f"{API}/en/articles")
    assert (response.status_code, response.content) == (200, b"")


def test_no_other_site_may_read_it_in_a_browser(client: Client) -> None:
    """Mini-programs and servers do not ask for it; nobody else has been named."""
    response = client.get(f"{API}/en/articles", headers={"origin": "https://elsewhere.example"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


# How much it asks of the database -------------------------------------------------------------------------------------


def queries(client: Client, path: str) -> int:
    client.get(API + path)  # what is asked for once in a process
    with CaptureQueriesContext(connection) as captured:
        assert client.get(API + path).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_what_there_is(client: Client, settings: Settings) -> None:
    topic = TopicFactory(slug="topic")
    publish_all(topic)

    def grow(count: int) -> None:
        for _ in range(count):
            fact, term = MisconceptionFactory(topics=[topic]), TermFactory()
            publish_all(fact, term, ArticleFactory(topics=[topic], misconceptions=[fact]))

    grow(1)
    article = Edition.objects.live("en").get(slug__startswith="article").slug
    paths = [f"/en/{kind}" for kind in KINDS]
    paths += ["/en/articles?topic=topic", f"/en/articles/{article}", "/en/topics/topic", "/en/department"]
    before = {path: queries(client, path) for path in paths}
    grow(3)
    assert {path: queries(client, path) for path in paths} == before
    assert max(before.values()) <= 6, before


# The document ---------------------------------------------------------------------------------------------------------


def test_every_field_and_parameter_is_described_or_says_itself(client: Client) -> None:
    document = get_document(client)
    assert document["openapi"].startswith("3.1")
    assert "/infobutton" in document["paths"]
    for path, methods in document["paths"].items():
        assert list(methods) == ["get"], path
        for status, response in methods["get"]["responses"].items():
            types = set(response.get("content", {}))
            assert not types or (types == {PROBLEM}) == (int(status) >= 400 and path != "/infobutton"), (path, status)


def test_there_is_no_page_that_loads_from_elsewhere(client: Client) -> None:
    assert client.get(f"{API}/docs").status_code == 404
    assert "http://" not in json.dumps(get_document(client)["paths"])


def get_document(client: Client) -> Any:
    return client.get(f"{API}/openapi.json").json()
