import datetime
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import lxml.html
import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from pytest_django import Settings

from articles.models import Warning
from painsite.roles import StaffRole
from publishing import previews, workflow
from publishing.admin import record
from publishing.models import ChangeKind, Edition, PreviewLink, Remark
from tests.adminforms import client_as, text
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)
from tests.pages import Document
from tests.publishing.administering import change, url_of

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime.datetime(2026, 6, 15, 12, tzinfo=SHANGHAI)
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
EDITOR, TRANSLATOR, DOCTOR = StaffRole.EDITOR, StaffRole.TRANSLATOR_EN, StaffRole.MEDICAL_REVIEWER
PUBLISHER = StaffRole.PUBLISHER
NUMBERED = ("pk", "state", "digest", "live_from", "live_until")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def see_record(document: Any, role: StaffRole = DOCTOR, **query: str) -> Any:
    return client_as(role).get(record.record_url(document), query)


def section(response: Any, language: str) -> Any:
    (found,) = Document(response.content).find(f"//section[@aria-labelledby='language-{language}']")
    return found


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


# The list -------------------------------------------------------------------------------------------------------------


def test_the_record_lists_the_editions_of_each_language_newest_first() -> None:
    article = ArticleFactory(title_zh_hans="初稿", title_en="First")
    publish_all(article, ArticleFactory())
    submit(change(article, title_en="Second"), "en", ChangeKind.TYPO)
    page = see_record(article)
    rows = {code: [words(row) for row in section(page, code).xpath(".//tbody/tr")] for code in ("zh-hans", "en")}
    assert len(rows["zh-hans"]) == 1
    assert [row.split()[1] for row in rows["en"]] == ["Second", "First"]
    assert "in review" in rows["en"][0]
    assert "live" in rows["en"][1]
    assert "translator-en" in rows["en"][0]


def test_the_record_of_a_draft_that_was_never_sent_says_so() -> None:
    page = see_record(ArticleFactory())
    assert "Never sent for review yet." in words(section(page, "zh-hans"))


@pytest.mark.parametrize("make", [TopicFactory, TermFactory, ComparisonFactory, MisconceptionFactory, ArticleFactory])
def test_every_kind_of_document_has_a_record_and_a_way_there(make: Any) -> None:
    document = make()
    edition = submit(document, "zh-hans")
    address = record.record_url(document)
    assert see_record(document).status_code == 200
    opts = document._meta
    change_page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[document.pk])
    for from_there in (change_page, url_of("edition_change", edition.pk)):
        assert address in Document(client_as(EDITOR).get(from_there).content).texts("//@href")


@pytest.mark.parametrize(
    "address",
    [
        "record/articles.article/999999/",
        f"record/articles.article/{10**30}/",
        "record/articles.warning/1/",
        "record/publishing.edition/1/",
        "record/auth.user/1/",
        "record/nothing/1/",
        "record/Articles.Article/1/",
        "draft/auth.user/1/en/preview/",
        "draft/articles.article/1/fr/preview/",
        "draft/articles.article/1/fr/look/",
        "draft/articles.article/1/zh_hans/look/",
        "999999/preview/",
        f"{10**30}/look/",
        "compare/1/999999/",
        "compare/",
        "compare/?old=1",
        "compare/?old=x&new=1",
        "compare/?old=-1&new=1",
        f"compare/?old={'9' * 5000}&new=1",
        "compare/?old=²&new=1",
    ],
)
def test_what_there_is_not_is_not_found(address: str) -> None:
    submit(ArticleFactory(pk=1), "zh-hans")
    assert client_as(DOCTOR).get(reverse("admin:publishing_edition_changelist") + address).status_code == 404


def test_the_record_takes_few_queries_whatever_it_holds(django_assert_max_num_queries: Any) -> None:
    article = ArticleFactory()
    publish_all(article)
    for number in range(5):
        edition = submit(change(article, title_en=f"Title {number}"), "en")
        for what in (None, edition):
            link = previews.make_link(article, "en", what, staff(EDITOR))
            Remark.objects.create(link=link, text="Too long")
    client = client_as(DOCTOR)
    client.get(record.record_url(article))
    with django_assert_max_num_queries(10):
        client.get(record.record_url(article))


# As of a day ----------------------------------------------------------------------------------------------------------


def read_then(document: Any, day: str, language: str = "zh-hans") -> list[int]:
    """The numbers of the editions that the record shows for a day."""
    response = see_record(document, on=day)
    assert response.status_code == 200, day
    (said,) = section(response, language).find_class("record-then")
    addresses = [link.get("href") for link in said.iter("a")]
    numbers = [Edition.objects.get(pk=address.split("/")[-3]).number for address in addresses]
    assert bool(numbers) != ("could read nothing" in words(said))
    return numbers


def test_a_day_shows_what_could_be_read_on_it_where_the_hospital_is(clock: Any) -> None:
    article = ArticleFactory()
    clock.move_to(datetime.datetime(2026, 6, 15, 0, 30, tzinfo=SHANGHAI))  # still the 14th in London
    publish(article, "zh-hans")
    clock.move_to(datetime.datetime(2026, 6, 17, 9, tzinfo=SHANGHAI))
    publish(change(article, title_zh_hans="二稿"), "zh-hans")
    clock.move_to(datetime.datetime(2026, 6, 19, 0, 0, tzinfo=SHANGHAI))  # to the stroke
    withdraw(article.editions.get(number=2))
    clock.move_to(datetime.datetime(2026, 7, 1, 9, tzinfo=SHANGHAI))
    read = {day: read_then(article, f"2026-06-{day}") for day in range(14, 21)}
    assert read == {14: [], 15: [1], 16: [1], 17: [2, 1], 18: [2], 19: [], 20: []}
    assert read_then(article, "2026-06-16", "en") == []
    assert read_then(article, "0001-01-01") == []


def test_what_was_scheduled_could_be_read_from_its_day_and_what_was_cancelled_never(clock: Any) -> None:
    article = ArticleFactory()
    workflow.publish(approve(submit(article, "zh-hans")), staff(PUBLISHER), at=NOON + 2 * DAY)
    cancelled = approve(submit(change(article, title_zh_hans="二稿"), "zh-hans"))
    workflow.publish(cancelled, staff(PUBLISHER), at=NOON + 3 * DAY)
    withdraw(cancelled)
    clock.shift(5 * DAY)
    read = {day: read_then(article, f"2026-06-{day}") for day in (16, 17, 18, 20)}
    assert read == {16: [], 17: [1], 18: [1], 20: [1]}


def test_what_was_hidden_with_its_review_overdue_could_not_be_read(clock: Any) -> None:
    article = ArticleFactory(next_review=datetime.date(2026, 7, 1))
    publish(article, "zh-hans")
    clock.move_to(datetime.datetime(2026, 11, 1, 9, tzinfo=SHANGHAI))
    assert read_then(article, "2026-09-29") == [1]  # 90 days
    assert read_then(article, "2026-09-30") == []


@pytest.mark.parametrize(("rule", "expected"), [("hidden", []), ("banner", [1])])
def test_what_was_hidden_as_outdated_could_not_be_read(
    clock: Any, settings: Settings, rule: str, expected: list[int]
) -> None:
    settings.OUTDATED_TRANSLATIONS = rule
    article = ArticleFactory()
    publish_all(article)
    clock.shift(DAY)
    publish(change(article, title_zh_hans="二稿"), "zh-hans", ChangeKind.CLINICAL)
    clock.shift(2 * DAY)
    assert read_then(article, "2026-06-15", "en") == [1]
    assert read_then(article, "2026-06-16", "en") == [1]  # till noon
    assert read_then(article, "2026-06-17", "en") == expected


@pytest.mark.parametrize(
    "day",
    [
        "",
        "x",
        "2026-02-30",
        "2026-13-01",
        "0000-01-01",
        "10000-01-01",
        "-1",
        "2026-06-15T12:00",
        "疼" * 500,
        "٢",
    ],
)
def test_a_day_that_is_none_is_asked_for_again(day: str) -> None:
    article = ArticleFactory()
    publish(article, "zh-hans")
    page = see_record(article, on=day)
    assert page.status_code == 400
    assert Document(page.content).find("//form[@class='record-day']/ul[contains(@class, 'errorlist')]")
    assert not section(page, "zh-hans").find_class("record-then")
    assert len(section(page, "zh-hans").xpath(".//tbody/tr")) == 1


def test_a_day_that_has_not_come_yet_is_refused_where_the_hospital_is(clock: Any) -> None:
    article = ArticleFactory()
    clock.move_to(datetime.datetime(2026, 6, 16, 0, 30, tzinfo=SHANGHAI))
    assert "This day has not come yet." in text(see_record(article, on="2026-06-17"))
    assert see_record(article, on="2026-06-16").status_code == 200


# Compare --------------------------------------------------------------------------------------------------------------


def compared(old: Edition, new: Edition) -> dict[str, str]:
    """What changed, by the label of the part."""
    page = Document(client_as(DOCTOR).get(url_of("compare", old.pk, new.pk)).content)
    rows = page.find("//table[@class='edition-text compare']//tr")
    cells = {words(row.find("th")): lxml.html.tostring(row.find("td"), encoding="unicode") for row in rows}
    return {label: cell.partition(">")[2].rpartition("</td>")[0] for label, cell in cells.items()}


def test_english_is_compared_by_word_and_chinese_by_character_in_rich_text_and_in_parts_too() -> None:
    article = ArticleFactory(
        title_zh_hans="疼痛是什么",
        title_en="What is pain",
        body_zh_hans="<p>服两片。</p>",
        body_en="<p>Take two tablets.</p>",
    )
    warning = WarningFactory(article=article, text_zh_hans="请立即拨打 120。")
    publish_all(article)
    Warning.objects.filter(pk=warning.pk).update(text_zh_hans="请马上拨打 120。")
    change(article, title_zh_hans="疼痛为什么", body_zh_hans="<p>服三片。</p>")
    change(article, title_en="What was pain", body_en="<p>Take three tablets.</p>")
    publish_all(article)
    chinese, english = (article.editions.filter(language=code).order_by("number") for code in ("zh-hans", "en"))
    assert compared(*chinese) == {
        "Title": "<p>疼痛<del>是</del><ins>为</ins>什么</p>",
        "Text": "<p>服<del>两</del><ins>三</ins>片。</p>",
        "Warning 1: Text": "<p>请<del>立即</del><ins>马上</ins>拨打 120。</p>",
    }
    assert compared(*english) == {
        "Title": "<p>What <del>is</del><ins>was</ins> pain</p>",
        "Text": "<p>Take <del>two</del><ins>three</ins> tablets.</p>",
    }


def test_of_two_editions_the_older_comes_first_however_they_were_chosen() -> None:
    article = ArticleFactory(title_en="Old")
    old = publish(article, "en")
    new = publish(change(article, title_en="New"), "en")
    assert compared(new, old) == compared(old, new) == {"Title": "<p><del>Old</del><ins>New</ins></p>"}


def test_two_that_say_the_same_are_said_to() -> None:
    edition = submit(ArticleFactory(), "zh-hans")
    page = client_as(DOCTOR).get(url_of("compare", edition.pk, edition.pk))
    assert "The two say the same." in text(page)


def test_editions_of_two_documents_are_not_compared() -> None:
    one, other = submit(ArticleFactory(), "zh-hans"), submit(ArticleFactory(), "zh-hans")
    topic = submit(TopicFactory(), "zh-hans")
    for new in (other, topic):
        assert client_as(DOCTOR).get(url_of("compare", one.pk, new.pk)).status_code == 404


def test_the_choice_on_the_record_leads_to_an_address_of_its_own() -> None:
    article = ArticleFactory()
    publish_all(article)
    old, new = article.editions.all()
    page = Document(see_record(article).content)
    for name in ("old", "new"):
        chosen = page.find(f"//input[@type='radio' and @name='{name}' and @form='compare' and @required]/@value")
        assert {str(old.pk), str(new.pk)} == set(chosen)
    (action,) = page.texts("//form[@id='compare']/@action")
    response = client_as(DOCTOR).get(action, {"old": old.pk, "new": new.pk})
    assert (response.status_code, response["Location"]) == (302, url_of("compare", old.pk, new.pk))


# Preview --------------------------------------------------------------------------------------------------------------


def test_a_preview_is_looked_at_on_a_phone_and_on_a_desk() -> None:
    article = ArticleFactory(title_en="What is pain")
    edition = submit(article, "en")
    draft = ("articles.article", article.pk, "en")
    for address, shown in [
        (url_of("look_draft", *draft), url_of("preview_draft", *draft)),
        (url_of("look_edition", edition.pk), url_of("preview_edition", edition.pk)),
    ]:
        page = Document(client_as(DOCTOR).get(address).content)
        frames = page.find("//iframe")
        assert [(frame.get("class"), frame.get("src")) for frame in frames] == [
            ("look-phone", shown),
            ("look-desk", shown),
        ]
        preview = client_as(DOCTOR).get(shown)
        assert Document(preview.content).texts("//h1") == ["What is pain"]
        assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"


# Share ----------------------------------------------------------------------------------------------------------------


def test_a_link_to_a_draft_or_an_edition_is_made_shown_and_closed() -> None:
    article = ArticleFactory()
    edition = submit(article, "en")
    editor = client_as(TRANSLATOR)
    for address, data in [(record.record_url(article), {"language": "en"}), (url_of("share_edition", edition.pk), {})]:
        response = editor.post(address, data)
        assert response["Location"] == record.record_url(article) + "#links"
    to_edition, to_draft = PreviewLink.objects.order_by("-pk")
    assert (to_draft.document, to_draft.language, to_draft.edition) == (article, "en", None)
    assert (to_edition.document, to_edition.language, to_edition.edition) == (article, "en", edition)
    assert to_draft.created_by == to_edition.created_by == staff(TRANSLATOR)

    page = Document(editor.get(record.record_url(article)).content)
    addresses = {previews.link_url(link) for link in (to_draft, to_edition)}
    assert addresses <= set(page.texts("//section[@class='record-link']//a/@href"))
    response = editor.post(url_of("revoke", to_draft.pk))
    assert response["Location"] == record.record_url(article) + "#links"
    page = Document(editor.get(record.record_url(article)).content)
    assert page.texts("//section[@class='record-link']//a/@href") == [previews.link_url(to_edition)]
    assert client_as(DOCTOR).get(previews.link_url(to_draft)).status_code == 410


def test_links_are_those_of_this_document_alone() -> None:
    article, topic = ArticleFactory(pk=7), TopicFactory(pk=7)
    previews.make_link(topic, "en", None, staff(EDITOR))
    assert not Document(see_record(article).content).find("//section[@class='record-link']")
    assert ContentType.objects.get_for_model(topic) != ContentType.objects.get_for_model(article)


def test_only_who_writes_a_language_shares_it() -> None:
    article = ArticleFactory()
    for role, languages in [(EDITOR, ["zh-hans", "en"]), (TRANSLATOR, ["en"]), (DOCTOR, []), (PUBLISHER, [])]:
        page = Document(see_record(article, role).content)
        assert page.texts("//form[@class='record-share']/button/@value") == languages
    for language in ("zh-hans", "fr", "", "\x00", "x" * 500):
        response = client_as(TRANSLATOR).post(record.record_url(article), {"language": language})
        assert response.status_code == 403, language
    assert not PreviewLink.objects.exists()
