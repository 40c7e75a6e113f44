import datetime
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from articles.models import Article
from painsite.roles import StaffRole
from publishing import previews
from publishing.models import Edition, PreviewLink, Remark
from tests.adminforms import client_as, text
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    NameFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    publish,
    publish_all,
    staff,
    submit,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 6, 15, 4, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
TICK = datetime.timedelta(microseconds=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def link_to(document: Any, language: str = "en", edition: Edition | None = None) -> PreviewLink:
    return previews.make_link(document, language, edition, staff(StaffRole.EDITOR))


def read(link: PreviewLink, client: Client | None = None) -> Any:
    return (client or Client()).get(previews.link_url(link))


# A preview is neither passed on nor judged.
FOR_READERS = "//details[@class='share' or @class='paper'] | //a[@href='#share'] | //section[@class='helpful']"


def main(response: Any, without: str = "") -> str:
    """The page's own part as it is, tag by tag."""
    (element,) = Document(response.content).find("//main")
    for each in element.xpath(
        " | ".join(["//script", FOR_READERS, *([without] if without else [])])
    ):  # what search engines read
        each.drop_tree()
    return " ".join(lxml.html.tostring(element, encoding="unicode").split())


def documents() -> list[Any]:
    """One of each kind, with everything that such a page can show, naming what is live."""
    above, beside, other = TopicFactory(), TermFactory(), TermFactory()
    publish_all(above, beside, other)
    topic, term = TopicFactory(parent=above), TermFactory(see_also=[beside])
    NameFactory(term=term)
    comparison = ComparisonFactory(first=term, second=other)
    fact = MisconceptionFactory(topics=[topic], terms=[term])
    article = ArticleFactory(topics=[topic], misconceptions=[fact], comparisons=[comparison])
    WarningFactory(article=article)
    return [topic, term, comparison, fact, article]


# What is shown --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_preview_of_an_edition_is_what_patients_see(client: Client, language: str) -> None:
    made = documents()
    publish_all(*made)
    for document in made:
        edition = document.editions.live(language).get()
        page = client.get(edition.get_absolute_url())
        assert page.status_code == 200
        for address in (
            previews.link_url(link_to(document, language, edition)),
            reverse("admin:publishing_preview_edition", args=[edition.pk]),
        ):
            preview = client_as(StaffRole.PUBLISHER).get(address)
            assert main(preview) == main(page), address
            assert preview.headers["Content-Language"] == language
            assert Document(preview.content).root.get("lang").lower() == language


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_preview_of_a_draft_is_what_patients_will_see_once_it_is_signed(client: Client, language: str) -> None:
    made = documents()
    signatures = "//section[@class='review']//dt[contains(., 'eviewer') or contains(., '审')]/.."
    for document in made:
        preview = read(link_to(document, language))
        edition = publish(document, language)
        page = client.get(edition.get_absolute_url())
        names_in_the_other_language = " | //dl[@class='names']/div[dd/@lang]"  # its own went live only now
        without = signatures + names_in_the_other_language
        assert main(preview, without) == main(page, without)


def test_a_preview_of_a_moved_topic_stands_where_the_topic_will(client: Client) -> None:
    old, new, topic = TopicFactory(name_en="Old"), TopicFactory(name_en="New"), TopicFactory(name_en="Moved")
    topic.parent = old
    topic.save()
    publish_all(old, new, topic)
    topic.parent = new
    topic.save()
    trail = "//nav[@class='breadcrumb']//a"
    assert Document(read(link_to(topic)).content).texts(trail)[-1] == "New"
    assert Document(client.get(f"/en/topics/{topic.slug}/").content).texts(trail)[-1] == "Old"


def test_a_link_to_a_draft_shows_it_as_it_is_when_it_is_read_and_one_to_an_edition_that_edition() -> None:
    article = ArticleFactory(title_en="First title")
    edition = submit(article, "en")
    to_draft, to_edition = link_to(article), link_to(article, edition=edition)
    Article.objects.filter(pk=article.pk).update(title_en="Second title")
    assert Document(read(to_draft).content).texts("//h1") == ["Second title"]
    assert Document(read(to_edition).content).texts("//h1") == ["First title"]


def test_a_preview_says_that_it_is_one_and_of_what() -> None:
    article = ArticleFactory()
    edition = submit(article, "en")
    bar = "//section[@class='preview-bar']/p"
    (draft,) = Document(read(link_to(article)).content).texts(bar)
    (frozen,) = Document(read(link_to(article, edition=edition)).content).texts(bar)
    assert draft == "Preview: patients do not see this page. The draft as it was saved last."
    assert frozen == "Preview: patients do not see this page. Edition 1, in review."


def test_a_draft_says_which_edition_it_would_be() -> None:
    article = ArticleFactory()
    assert previews.unsaved_edition(article, "en").number == 1
    submit(article, "en")
    assert previews.unsaved_edition(article, "en").number == 2


def test_a_draft_without_any_text_or_review_date_is_shown_all_the_same() -> None:
    article = ArticleFactory(slug="empty", title_en="", summary_en="", body_en="", next_review=None)
    assert Document(read(link_to(article)).content).texts("//h1") == ["empty"]


def test_looking_writes_nothing(django_assert_max_num_queries: Any) -> None:
    article = ArticleFactory()
    link = link_to(article)
    with django_assert_max_num_queries(40) as queries:
        read(link)
    assert not [q for q in queries.captured_queries if not q["sql"].lstrip("( ").startswith("SELECT")]


def test_a_draft_that_is_gone_is_not_found() -> None:
    article = ArticleFactory()
    link = link_to(article)
    article.delete()
    assert read(link).status_code == 404


# Who can read it, and how long ----------------------------------------------------------------------------------------


def test_a_reader_needs_neither_account_nor_cookie_and_leaves_no_trace_in_caches_or_search_engines() -> None:
    article = ArticleFactory()
    for link in (link_to(article), link_to(article, edition=submit(article, "en"))):
        response = read(link)
        assert response.status_code == 200
        assert set(response.headers["Cache-Control"].split(", ")) >= {"no-store", "private"}
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        page = Document(response.content)
        assert page.texts("//meta[@name='robots']/@content") == ["noindex"]
        assert not page.find("//link[@rel='canonical' or @rel='alternate']")
        assert list(response.cookies) == ["csrftoken"]  # for the remark; reading it again takes none
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_preview_for_staff_is_not_kept_or_indexed_either() -> None:
    article = ArticleFactory()
    address = reverse("admin:publishing_preview_draft", args=["articles.article", article.pk, "en"])
    response = client_as(StaffRole.MEDICAL_REVIEWER).get(address)
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not Document(response.content).find("//section[@class='preview-bar']//form")


def test_the_address_of_a_link_stays_the_same(clock: Any) -> None:
    link = link_to(ArticleFactory())
    address = previews.link_url(link)
    clock.shift(3 * DAY)
    assert previews.link_url(link) == address
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("days", [7, 1])
def test_a_link_ends_to_the_moment_after_the_days_that_the_settings_say(
    clock: Any, settings: Settings, days: int
) -> None:
    settings.PREVIEW_DAYS = days
    link = link_to(ArticleFactory())
    clock.shift(days * DAY - TICK)
    assert read(link).status_code == 200
    clock.shift(TICK)
    assert read(link).status_code == 410


def test_a_link_that_was_closed_opens_no_more() -> None:
    link, other = link_to(ArticleFactory()), link_to(ArticleFactory())
    previews.revoke(link)
    assert (read(link).status_code, read(other).status_code) == (410, 200)


def test_a_closed_link_says_so_in_the_readers_language_and_is_not_kept_or_indexed() -> None:
    link = link_to(ArticleFactory())
    previews.revoke(link)
    response = Client(headers={"accept-language": "en"}).get(previews.link_url(link))
    page = Document(response.content)
    assert page.texts("//h1") == ["This preview is closed"]
    assert page.texts("//meta[@name='robots']/@content") == ["noindex"]
    assert "no-store" in response.headers["Cache-Control"]
    assert not page.find("//main//form")


@pytest.mark.parametrize(
    "token", ["1", "1:", ":", "x:y", "1:" + "x" * 43, "1:疼痛", "%F0%9F%98%80", "-1:x", "9" * 400 + ":x", "../admin"]
)
def test_an_address_that_nobody_signed_is_closed(client: Client, token: str) -> None:
    link_to(ArticleFactory())
    assert client.get(f"/preview/{token}/").status_code in {404, 410}


def test_another_key_opens_nothing(settings: Settings) -> None:
    link = link_to(ArticleFactory())
    address = previews.link_url(link)
    settings.SECRET_KEY = "another"
    assert Client().get(address).status_code == 410


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_preview_takes_no_other_method(client: Client, method: str) -> None:
    assert client.generic(method, previews.link_url(link_to(ArticleFactory()))).status_code == 405


def test_a_preview_can_be_asked_for_its_head(client: Client) -> None:
    response = client.head(previews.link_url(link_to(ArticleFactory())))
    assert (response.status_code, response.content) == (200, b"")


# Remarks --------------------------------------------------------------------------------------------------------------


def remark(link: PreviewLink, client: Client | None = None, **data: str) -> Any:
    return (client or Client()).post(previews.link_url(link), data)


def said(link: PreviewLink) -> list[tuple[str, str]]:
    return list(link.remarks.values_list("name", "text"))


def test_a_reader_leaves_a_remark_and_is_thanked_in_the_language_of_the_text(client: Client) -> None:
    link = link_to(ArticleFactory())
    response = remark(link, client, text="Too long\nfor me", name="Mrs Li")
    assert (response.status_code, response["Location"]) == (302, previews.link_url(link))
    assert said(link) == [("Mrs Li", "Too long\nfor me")]
    thanks = "Thank you. Your remark has reached the editors."
    assert Document(read(link, client).content).texts("//section[@class='preview-bar']//ul/li") == [thanks]
    assert not Document(read(link, client).content).find("//section[@class='preview-bar']//ul/li")


def test_a_remark_needs_no_name() -> None:
    link = link_to(ArticleFactory())
    remark(link, text="Too long")
    assert said(link) == [("", "Too long")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": ""},
        {"text": "  \n "},
        {"text": "x" * 2001},
        {"text": "Too long", "name": "x" * 81},
        {"text": "Null\x00"},
        {"text": "Too long", "name": "\x00"},
    ],
)
def test_a_remark_that_cannot_be_taken_is_shown_again_above_the_text(client: Client, data: dict[str, str]) -> None:
    link = link_to(ArticleFactory(title_en="What is pain"))
    page = Document(remark(link, client, **data).content)
    assert page.find("//section[@class='preview-bar']//details[@open]//ul[contains(@class, 'errorlist')]")
    assert page.texts("//h1") == ["What is pain"]
    assert said(link) == []


def test_a_remark_of_the_greatest_length_is_taken() -> None:
    link = link_to(ArticleFactory())
    remark(link, text="痛" * 2000, name="李" * 80)
    assert said(link) == [("李" * 80, "痛" * 2000)]


def test_a_link_holds_so_many_remarks_and_no_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MAX_REMARKS", 2)
    link, other = link_to(ArticleFactory()), link_to(ArticleFactory())
    for number in range(3):
        response = remark(link, client, text=f"Remark {number}")
    assert response.status_code == 302
    full = "This link has all the remarks it can hold. Tell the editors directly."
    assert full in text(read(link, client))
    assert [words for _name, words in said(link)] == ["Remark 0", "Remark 1"]
    remark(other, text="There is room here")
    assert len(said(other)) == 1


def test_a_closed_link_takes_no_remark(clock: Any) -> None:
    revoked, expired = link_to(ArticleFactory()), link_to(ArticleFactory())
    previews.revoke(revoked)
    clock.shift(7 * DAY)
    assert [remark(link, text="Too late").status_code for link in (revoked, expired)] == [410, 410]
    assert not Remark.objects.exists()


def token_in(response: HttpResponse) -> str:
    (token,) = Document(response.content).texts("//input[@name='csrfmiddlewaretoken']/@value")
    return token


def test_a_remark_is_taken_only_from_the_preview_itself() -> None:
    link = link_to(ArticleFactory())
    browser = Client(enforce_csrf_checks=True)
    assert remark(link, browser, text="From elsewhere").status_code == 403
    token = token_in(read(link, browser))
    elsewhere = {"origin": "https://elsewhere.example"}
    sent = {"text": "From elsewhere", "csrfmiddlewaretoken": token}
    assert browser.post(previews.link_url(link), sent, headers=elsewhere).status_code == 403
    assert said(link) == []
    # As a browser sends it; one that was told to send no referrer would name its origin as "null".
    assert read(link, browser).headers["Referrer-Policy"] != "no-referrer"
    sent["text"] = "From here"
    assert browser.post(previews.link_url(link), sent, headers={"origin": "http://testserver"}).status_code == 302
    assert said(link) == [("", "From here")]


def test_a_remark_is_read_as_text_by_staff() -> None:
    article = ArticleFactory()
    remark(link_to(article), text="<script>alert(1)</script>", name="<b>Li</b>")
    address = reverse("admin:publishing_record", args=["articles.article", article.pk])
    html = client_as(StaffRole.MEDICAL_REVIEWER).get(address).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;Li&lt;/b&gt;" in html
    assert not re.search(r"<script>alert|<b>Li", html)
