import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from painsite.models import SiteProfile
from painsite.roles import StaffRole
from publishing import feedback
from publishing.models import Edition, Feedback
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    WarningFactory,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)
from tests.pages import Document

OURS = {"sec-fetch-site": "same-origin"}
YES = {"helpful": "yes"}


@pytest.fixture(autouse=True)
def _nobody_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def edition(db: None) -> Edition:
    return publish(ArticleFactory(slug="pain", body_en="<p>First.</p><h2>Where</h2><p>Here.</p><h2>When</h2>"), "en")


def send(edition: Edition, data: dict[str, str], client: Any = None, **headers: Any) -> Any:
    client = client or Client(enforce_csrf_checks=True)
    return client.post(f"/{edition.language}/feedback/{edition.pk}/", data, headers=headers or OURS)


def read(response: Any, status: int) -> Document:
    assert response.status_code == status
    return Document(response.content)


# What it can be about -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_reader_can_mean_every_part_of_the_page_under_its_heading() -> None:
    body = "<p>Before.</p><h2>One &amp; two</h2><p>In <a href='/en/'>it</a>.</p><h2>Three</h2>"
    article = ArticleFactory(body_en=body)
    warning = WarningFactory(article=article, heading_en="Chest pain")
    edition = publish(article, "en")
    with translation.override("en"):
        found = feedback.places(edition)
    assert [(place.key, place.heading) for place in found][:5] == [
        ("summary", "Key message"),
        ("body", "Text"),
        ("section-1", "One & two"),
        ("section-2", "Three"),
        (f"warnings.{warning.pk}", "Chest pain"),
    ]
    assert "In <a" in found[2].html
    assert "Three" not in found[2].html


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [MisconceptionFactory, TermFactory, ComparisonFactory])
def test_every_kind_of_page_has_parts_with_keys_of_their_own(factory: Any) -> None:
    keys = [place.key for place in feedback.places(publish(factory(), "en"))]
    assert len(keys) == len(set(keys)) >= 2


# The form on the page -------------------------------------------------------------------------------------------------


def test_a_page_asks_without_cookie_or_script(client: Client, edition: Edition) -> None:
    response = client.get("/en/articles/pain/", headers={"accept-language": "en"})
    page = read(response, 200)
    assert page.texts("//form[@class='feedback']/@action") == [f"/en/feedback/{edition.pk}/"]
    options = page.texts("//select[@name='place']/option")
    assert options[0] == "The whole page"
    assert {"Where", "When"} <= set(options)
    assert not response.cookies
    assert not page.find("//form[@class='feedback']//input[@name='csrfmiddlewaretoken']")


def test_the_form_says_where_help_is(client: Client, edition: Edition) -> None:
    SiteProfile.objects.create(telephone="010-0123 4567", emergency_number="112")
    form = read(client.get("/en/articles/pain/"), 200).texts("//form[@class='feedback']")[0]
    assert "nobody answers here" in form
    assert "call 010-0123 4567" in form
    assert "In an emergency, call 112." in form
    assert "Write no names and no telephone numbers." in form


def test_a_preview_does_not_ask(edition: Edition) -> None:
    client = Client()
    client.force_login(staff(StaffRole.EDITOR))
    response = client.get(f"/admin/publishing/edition/{edition.pk}/preview/")
    assert not read(response, 200).find("//form[@class='feedback'] | //details[@class='share'] | //a[@href='#share']")


# Sending --------------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_kept_with_the_part_as_it_stood_and_thanked_for(edition: Edition) -> None:
    response = send(edition, {"helpful": "no", "place": "section-1", "remark": "Where exactly?"})
    assert (response.status_code, response["Location"]) == (302, f"/en/feedback/{edition.pk}/?thanks")
    assert not response.cookies
    said = Feedback.objects.get()
    assert (said.edition, said.helpful, said.place, said.heading) == (edition, False, "section-1", "Where")
    assert (said.remark, said.done) == ("Where exactly?", False)
    assert feedback.paragraph(said) == '<h2 id="section-1">Where</h2><p>Here.</p>'
    page = read(Client().get(response["Location"]), 200)
    assert page.texts("//h1") == ["Thank you"]
    assert "In an emergency, call 120." in page.main
    assert "/en/articles/pain/" in page.texts("//main//a/@href")
    assert page.texts("//meta[@name='robots']/@content") == ["noindex"]


def test_thanks_are_in_the_readers_language(db: None) -> None:
    edition = publish(ArticleFactory(slug="pain"), "zh-hans")
    response = send(edition, YES)
    assert response["Location"] == f"/zh-hans/feedback/{edition.pk}/?thanks"
    assert read(Client().get(response["Location"]), 200).texts("/html/@lang") == ["zh-Hans"]


@pytest.mark.parametrize(("sent", "done"), [(YES, True), (YES | {"remark": "Good"}, False), ({"helpful": "no"}, False)])
def test_a_bare_yes_waits_for_nobody(edition: Edition, sent: dict[str, str], done: bool) -> None:
    send(edition, sent)
    assert Feedback.objects.get().done is done


def test_who_fills_in_what_people_do_not_see_is_thanked_and_nothing_is_kept(edition: Edition) -> None:
    assert send(edition, YES | {"subject": "Cheap pills"}).status_code == 302
    assert not Feedback.objects.exists()


def test_what_is_old_is_deleted_when_something_new_comes(edition: Edition, settings: Settings) -> None:
    settings.FEEDBACK_DAYS = 30
    old = Feedback.objects.create(edition=edition, helpful=True, at=timezone.now() - datetime.timedelta(days=31))
    assert not Feedback.objects.kept().exists()
    send(edition, YES)
    assert not Feedback.objects.filter(pk=old.pk).exists()
    assert Feedback.objects.kept().count() == 1


# Wrong input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"remark": "Kept"}, "Choose yes or no."),
        ({"helpful": "perhaps", "remark": "Kept"}, "Nothing was sent yet"),
        (YES | {"place": "elsewhere", "remark": "Kept"}, "Choose one of the parts in the list."),
        (YES | {"remark": "Kept" * 300}, "1000"),
        (YES | {"remark": "Kept\x00"}, "Nothing was sent yet"),
    ],
)
def test_wrong_input_is_told_and_what_was_typed_is_kept(edition: Edition, data: dict[str, str], words: str) -> None:
    page = read(send(edition, data), 400)
    assert words in page.main
    assert "Kept" in page.texts("//textarea")[0]
    assert not Feedback.objects.exists()


def test_too_long_a_form_is_told_so(edition: Edition) -> None:
    assert "at most 1000 characters" in read(send(edition, YES | {"remark": "x" * 30_000}), 413).main
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://testserver"}, 302),
        ({"origin": "https://elsewhere.example", "referer": "http://testserver/"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[broken"}, 403),
        ({"referer": "http://testserver/en/articles/pain/"}, 302),
        ({"referer": "http://testserver.elsewhere.example/"}, 403),
        ({"user-agent": "a program"}, 403),
    ],
)
def test_only_a_form_of_this_site_is_taken(edition: Edition, headers: dict[str, str], status: int) -> None:
    response = send(edition, YES | {"remark": "Kept"}, **headers)
    assert response.status_code == status
    assert Feedback.objects.exists() == (status == 302)
    if status == 403:
        assert Document(response.content).texts("//textarea") == ["Kept"]


def test_a_network_that_sends_too_much_waits_and_loses_nothing(edition: Edition, settings: Settings) -> None:
    settings.FEEDBACK_PER_HOUR = 2
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [send(edition, YES).status_code for _ in range(2)] == [302, 302]
        response = send(edition, YES | {"remark": "Kept"})
        assert read(response, 429).texts("//textarea") == ["Kept"]
        assert response["Retry-After"] == "3600"
        assert send(edition, YES, Client(REMOTE_ADDR="192.0.2.7")).status_code == 302
        clock.shift(datetime.timedelta(hours=1, seconds=1))
        assert send(edition, YES).status_code == 302


def test_no_address_is_stored(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setattr(feedback, "_count", lambda key: keys.append(key) or 1)  # type: ignore[func-returns-value]
    client = Client(REMOTE_ADDR="198.51.100.23")
    send(edition, YES, client)
    cache.delete("feedback-salt")
    send(edition, YES, client)
    assert len(set(keys)) == 3  # one for all, and another hash when the salt was forgotten
    assert not [key for key in keys if "198.51" in key]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM publishing_feedback")
        assert "198.51" not in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("address", "forwarded", "behind_tls", "network"),
    [
        ("192.0.2.1", "", False, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", False, "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9, 192.0.2.4", True, "192.0.2.4"),
        ("10.0.0.1", "", True, "10.0.0.1"),
        ("2001:db8:1:2:3::4", "", False, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", False, "fe80::/64"),
        ("", "", False, ""),
        ("10.0.0.1", "rubbish", True, ""),
    ],
)
def test_a_network_is_what_our_own_proxy_says(
    settings: Settings, address: str, forwarded: str, behind_tls: bool, network: str
) -> None:
    settings.BEHIND_TLS = behind_tls
    request = RequestFactory(REMOTE_ADDR=address).get("/", headers={"x-forwarded-for": forwarded})
    assert feedback.network_of(request) == network


@pytest.mark.parametrize(
    ("remark", "kept"),
    [
        ("打 13800138000 找我", "打 … 找我"),
        ("Call 010-0123 4567.", "Call …."),
        ("我的邮箱是a.b@example.org，谢谢", "我的邮箱是…，谢谢"),
        ("身份证11010119900101123X", "身份证…"),
        ("1000-2000 mg on 2026-11-21, 80%～90%", "1000-2000 mg on 2026-11-21, 80%～90%"),
    ],
)
def test_what_would_name_somebody_is_taken_out(remark: str, kept: str) -> None:
    assert feedback.without_contacts(remark) == kept


@given(st.text())
def test_taking_out_is_done_once_and_touches_no_other_word(remark: str) -> None:
    once = feedback.without_contacts(remark)
    assert feedback.without_contacts(once) == once
    assert len(once) <= len(remark)
    if not any(char.isascii() and (char.isdigit() or char == "@") for char in remark):
        assert once == remark


# Only of what is live -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_of_what_was_never_live_there_is_no_form(client: Client, db: None, method: str) -> None:
    edition = submit(ArticleFactory(), "zh-hans")
    for path in (f"/zh-hans/feedback/{edition.pk}/", "/zh-hans/feedback/999999/", f"/en/feedback/{2**70}/"):
        assert getattr(client, method)(path, headers=OURS).status_code == 404


def test_an_edition_is_asked_about_in_its_own_language(client: Client, edition: Edition) -> None:
    assert client.get(f"/zh-hans/feedback/{edition.pk}/").status_code == 404


def test_of_what_is_no_more_nothing_is_taken_and_the_new_text_is_named(db: None) -> None:
    article: Any = ArticleFactory(slug="pain")
    old = publish(article, "zh-hans")
    article.title_zh_hans = "新的标题"
    article.save()
    publish(article, "zh-hans")
    page = read(send(old, YES | {"remark": "Late"}), 410)
    assert "新的标题" in page.main
    assert "/zh-hans/articles/pain/" in page.texts("//main//a/@href")
    assert not Feedback.objects.exists()


def test_of_what_was_withdrawn_no_word_is_shown(db: None) -> None:
    old = withdraw(publish(ArticleFactory(title_zh_hans="撤回的文字"), "zh-hans"))
    assert "撤回的文字" not in read(send(old, YES), 410).main


def test_asked_for_by_its_address_the_form_stands_alone(client: Client, edition: Edition) -> None:
    page = read(client.get(f"/en/feedback/{edition.pk}/"), 200)
    assert page.texts("//h1") == ["Was this page helpful?"]
    assert page.find("//form[@class='feedback']")


def test_what_is_wrong_is_said_first_and_leads_to_its_field(edition: Edition) -> None:
    page = read(send(edition, {"place": "nowhere", "remark": "x" * 1001}), 400)
    assert page.texts("//title")[0].startswith("Error: Was this page helpful?")
    ways = page.find("//div[@role='alert']//a")
    assert [way.text_content() for way in ways][:2] == ["Choose yes or no.", "Choose one of the parts in the list."]
    fields = [page.find(f"//*[@id='{way.get('href')[1:]}']")[0].get("name") for way in ways]
    assert fields == ["helpful", "place", "remark"]


@pytest.mark.parametrize(
    ("name", "value", "said_by"),
    [
        ("place", "elsewhere", "feedback-place_error"),
        ("remark", "x" * 1001, "feedback-remark_error feedback-hint"),
    ],
)
def test_a_field_names_what_is_wrong_with_it(edition: Edition, name: str, value: str, said_by: str) -> None:
    page = read(send(edition, YES | {name: value}), 400)
    field = f"//*[@name='{name}'][@aria-invalid='true']"
    assert page.texts(f"{field}/@aria-describedby") == [said_by]
    assert all(page.find(f"//*[@id='{each}']") for each in said_by.split())


def test_the_page_and_not_the_browser_says_what_is_wrong(client: Client, edition: Edition) -> None:
    """A browser says it in its own language, not in the page's."""
    assert read(client.get("/en/articles/pain/"), 200).find("//form[@class='feedback'][@novalidate]")


# For editors ----------------------------------------------------------------------------------------------------------


def test_editors_are_told_how_many_and_what_waits(db: None) -> None:
    article = ArticleFactory()
    publish_all(article)
    edition = article.editions.get(language="en")
    for sent in (YES, YES, {"helpful": "no", "remark": "Too long"}):
        send(edition, sent)
    found = feedback.of_document(article)
    said = found["en"]
    assert (said.helpful, said.unhelpful, [each.remark for each in said.waiting]) == (2, 1, ["Too long"])
    assert found["zh-hans"] == feedback.Said()
