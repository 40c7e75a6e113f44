"""What the service worker is told; what it makes of it is tests/e2e/test_offline.py's."""

import datetime
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from painsite.offline import FILES
from painsite.roles import StaffRole
from publishing import previews, workflow
from publishing.models import Edition
from publishing.reading import CURRENT, SHOWN
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db


def live(client: Client, language: str) -> Any:
    return client.get(f"/{language}/offline.json").json()["pages"]


def shown(client: Client, document: Any, language: str = "en") -> set[int]:
    """The documents of which its page says that it shows text."""
    page = client.get(document.editions.live(language).get().get_absolute_url())
    editions = Edition.objects.filter(pk__in=[key for key in page[SHOWN].split() if not key.endswith(CURRENT)])
    assert {edition.language for edition in editions} == {language}
    return {(edition.content_type_id, edition.object_id) for edition in editions}  # type: ignore[misc]


def keys(*documents: Any) -> set[Any]:
    return {(edition.content_type_id, edition.object_id) for each in documents for edition in each.editions}


# The list of what is live ---------------------------------------------------------------------------------------------


def test_the_list_has_what_is_live_in_its_language_and_until_when(client: Client) -> None:
    with time_machine.travel("2026-03-01T04:00:00Z", tick=False):
        article = ArticleFactory(slug="pain", next_review=datetime.date(2027, 3, 1))
        publish(article, "zh-hans")
        submit(TermFactory(), "zh-hans")
        edition = article.editions.get()
        assert live(client, "en") == {}
        assert live(client, "zh-hans") == {
            "/zh-hans/articles/pain/": {"edition": edition.pk, "until": "2027-05-31T00:00:00+08:00"}
        }
        ends = timezone.now() + datetime.timedelta(days=1)
        workflow.withdraw(edition, staff(StaffRole.PUBLISHER), reason="Over", at=ends)
        assert live(client, "zh-hans")["/zh-hans/articles/pain/"]["until"] == "2026-03-02T04:00:00+00:00"


def test_what_was_withdrawn_is_not_in_the_list(client: Client) -> None:
    edition = publish(ArticleFactory(), "zh-hans")
    withdraw(edition)
    assert live(client, "zh-hans") == {}


def test_the_list_is_asked_for_each_time_and_sent_when_it_has_changed(client: Client) -> None:
    publish(ArticleFactory(), "zh-hans")
    first = client.get("/zh-hans/offline.json")
    assert first["Cache-Control"] == "no-cache"
    asked = {"if-none-match": first["ETag"]}
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/zh-hans/offline.json", headers=asked).status_code == 304
    assert len(captured) == 3  # however much is live
    publish(ArticleFactory(), "zh-hans")
    assert client.get("/zh-hans/offline.json", headers=asked).status_code == 200


# What a page says that it shows ---------------------------------------------------------------------------------------


def test_an_article_shows_its_facts_comparisons_and_the_terms_that_it_explains(client: Client) -> None:
    topic, fact, related = TopicFactory(), MisconceptionFactory(), ArticleFactory()
    term = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞")
    unused = TermFactory(name_en="fascia", name_zh_hans="筋膜")
    comparison: Any = ComparisonFactory()
    article = ArticleFactory(
        body_en="<p>A nerve block helps.</p>",
        topics=[topic],
        misconceptions=[fact],
        comparisons=[comparison],
        related=[related],
    )
    publish_all(topic, term, unused, comparison.first, comparison.second, comparison, fact, related, article)
    expected = keys(article, topic, fact, comparison, comparison.first, comparison.second, related, term)
    assert shown(client, article) == expected


def test_a_topic_shows_what_stands_under_it_and_what_belongs_to_it(client: Client) -> None:
    above = TopicFactory()
    topic = TopicFactory(parent=above)
    below = TopicFactory(parent=topic)
    deeper = TopicFactory(parent=below)
    article, fact = ArticleFactory(topics=[topic]), MisconceptionFactory(topics=[topic])
    publish_all(above, topic, below, deeper, article, fact, TopicFactory(), ArticleFactory())
    assert shown(client, topic) >= keys(topic, above, below, deeper, article, fact)
    assert len(shown(client, topic)) == 6


def test_a_term_shows_its_comparisons_and_where_it_is_named(client: Client) -> None:
    term = TermFactory()
    comparison: Any = ComparisonFactory(first=term)
    fact = MisconceptionFactory(terms=[term])
    publish_all(term, comparison.second, comparison, fact)
    assert shown(client, term) >= keys(term, comparison, fact)


def test_only_the_page_of_what_is_live_says_so(client: Client) -> None:
    article = ArticleFactory(slug="pain")
    edition = publish(article, "zh-hans")
    link = previews.make_link(article, "zh-hans", None, staff(StaffRole.EDITOR))
    for path in (
        "/zh-hans/",
        "/zh-hans/articles/",
        "/zh-hans/offline/",
        "/zh-hans/preferences/",
        "/zh-hans/nothing/",
        "/en/articles/pain/",
        f"/zh-hans/feedback/{edition.pk}/",
        f"/preview/{previews.sign(link)}/",
    ):
        assert SHOWN not in client.get(path), path
    assert client.get("/zh-hans/articles/pain/")[SHOWN] == f"{edition.pk} {edition.pk}{CURRENT}"
    withdraw(edition)
    assert SHOWN not in client.get("/zh-hans/articles/pain/")


# The worker and its page ----------------------------------------------------------------------------------------------


def site(client: Client) -> Any:
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    found = re.search(r"const SITE = ({.*}); // [0-9a-f]{12}\n", response.content.decode())
    assert found
    return json.loads(found[1])


def test_the_worker_brings_along_what_pages_need(client: Client) -> None:
    page = Document(client.get("/en/offline/").content)
    needed = page.texts("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    assert set(needed) <= set(site(client)["files"])
    for path in site(client)["pages"]:
        assert client.get(path).status_code == 200, path
    for path in site(client)["live"].values():
        assert client.get(path).status_code == 200, path
    for name in site(client)["files"]:
        assert finders.find(name.removeprefix(configured.STATIC_URL)), name


def test_nothing_that_the_worker_asks_for_leaves_a_cookie_to_somebody_without_one(client: Client) -> None:
    """It asks without cookies and takes none; so a page in another language does not become the reader's own."""
    script = client.get("/sw.js").content.decode()
    assert 'credentials: "omit"' in script
    assert re.findall(r"\bfetch\(([^)]*)\)", script) == [
        'path, { credentials: "omit", cache: "no-cache" }',
        "request",
        "event.request",
    ]


def test_the_worker_and_only_our_own_is_allowed(client: Client) -> None:
    assert "worker-src 'self'" in client.get("/en/")["Content-Security-Policy"]


@pytest.mark.parametrize(("language", "title"), [("en", "Kept on this phone"), ("zh-hans", "已保存到本机")])
def test_the_page_of_what_is_kept_says_that_there_is_nothing_until_the_worker_knows_better(
    client: Client, language: str, title: str
) -> None:
    response = client.get(f"/{language}/offline/")
    html = response.content.decode()
    assert re.search("<!-- none -->.+<!-- /none -->", html, re.DOTALL)
    assert Document(response.content).texts("//h1") == [title]
    assert re.search(r'data-text="\w*"\s*>', html)


def test_a_page_has_a_place_for_the_notice_that_it_is_a_copy(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain"))
    html = client.get("/en/articles/pain/").content.decode()
    for marker in ("data-offline hidden", "<span data-saved></span>"):
        assert html.count(marker) == 1


def test_scripts_stay_small(client: Client) -> None:
    scripts = [Path(str(finders.find(f"painsite/{name}"))).read_bytes() for name in FILES if name.endswith(".js")]
    sizes = [len(gzip.compress(script)) for script in (*scripts, client.get("/sw.js").content)]
    assert sum(sizes) <= 10_000, sizes
