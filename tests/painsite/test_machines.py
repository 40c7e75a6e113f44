import datetime
import io
import json
import re
from typing import Any
from unittest import mock

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone, translation
from PIL import Image
from pytest_django import Settings

from painsite import cards, gist
from publishing.models import Edition
from publishing.reading import Page
from tests.factories import ArticleFactory, MisconceptionFactory, publish, publish_all, submit, withdraw

pytestmark = pytest.mark.django_db


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return response.content.decode()


# Pictures -------------------------------------------------------------------------------------------------------------


def card_url(edition: Edition) -> str:
    return gist.card_url(edition, gist.card(Page(edition)))


def test_a_live_page_has_a_picture(client: Client) -> None:
    response = client.get(card_url(publish(ArticleFactory(), "zh-hans")))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=86400"
    assert Image.open(io.BytesIO(response.content)).size == (cards.WIDTH, cards.HEIGHT)


def test_a_picture_is_drawn_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = mock.Mock(return_value=b"PNG")
    monkeypatch.setattr(cards, "draw", draw)
    url = card_url(publish(ArticleFactory(title_en="Drawn once"), "en"))
    assert [client.get(url).content for _ in range(3)] == [b"PNG"] * 3
    draw.assert_called_once()


def test_what_is_not_live_has_no_picture(client: Client) -> None:
    assert client.get(card_url(submit(ArticleFactory(), "zh-hans"))).status_code == 404
    edition = publish(ArticleFactory(), "zh-hans")
    withdraw(edition)
    assert client.get(card_url(edition)).status_code == 410


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lists_have_a_picture_in_each_language(client: Client, language: str) -> None:
    with translation.override(language):
        url = gist.card_url(language, gist.site_card())
    assert client.get(url)["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "card",
    [
        "1",
        "0-aaaaaaaaaaaa",
        "fr-aaaaaaaaaaaa",
        "en-aaaaaaaaaaaa",
        "9999999999999999999-aaaaaaaaaaaa",
        "-",
        "²-aaaaaaaaaaaa",
    ],
)
def test_there_is_no_picture_of_what_is_not_there(client: Client, card: str) -> None:
    assert client.get(f"/cards/{card}.png").status_code == 404


def test_a_picture_is_found_only_with_its_key(client: Client) -> None:
    edition = publish(ArticleFactory(), "zh-hans")
    assert client.get(f"/cards/{edition.pk}-aaaaaaaaaaaa.png").status_code == 404


# Text files -----------------------------------------------------------------------------------------------------------


def test_robots_stay_out_of_the_admin_and_find_the_sitemap(client: Client) -> None:
    assert text(client, "/robots.txt").splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /preview/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


@pytest.mark.parametrize(
    ("setting", "contact"),
    [("a@b.example", "mailto:a@b.example"), ("https://b.example/report", "https://b.example/report")],
)
def test_security_txt_says_whom_to_tell_and_for_how_long_it_holds(
    client: Client, settings: Settings, setting: str, contact: str
) -> None:
    settings.SECURITY_CONTACT = setting
    fields = dict(line.split(": ", 1) for line in text(client, "/.well-known/security.txt").splitlines())
    assert fields["Contact"] == contact
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert datetime.timedelta(days=100) < left < datetime.timedelta(days=365)


def test_without_a_contact_there_is_no_security_txt(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_llms_txt_has_every_live_page_in_one_line(client: Client) -> None:
    article = ArticleFactory(slug="pain", title_en="Pain\nhurts", summary_en="In short.\nReally.")
    fact = MisconceptionFactory(slug="anywhere", question_en="Anywhere?", misconception_en="Yes!", fact_en="No.")
    publish_all(article, fact)
    submit(ArticleFactory(title_zh_hans="草稿"), "zh-hans")
    lines = text(client, "/llms.txt").splitlines()
    assert "- [Pain hurts](http://testserver/en/articles/pain/): In short. Really." in lines
    assert "- [Anywhere?](http://testserver/en/facts/anywhere/): Common belief – False: No." in lines
    entries = [line for line in lines if line.startswith("- ")]
    assert len(entries) == 4
    assert all(re.fullmatch(r"- \[[^\]]+\]\(http://testserver/[^)]+/\): .+", entry) for entry in entries)
    assert "Yes!" not in "".join(lines)


def manifest(client: Client, language: str) -> Any:
    response = client.get(f"/{language}/manifest.webmanifest")
    assert (response.status_code, response["Content-Type"]) == (200, "application/manifest+json")
    return json.loads(response.content)


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh-hans", "zh-Hans")])
def test_the_manifest_speaks_the_language_and_its_icons_are_there(client: Client, language: str, tag: str) -> None:
    found = manifest(client, language)
    assert (found["lang"], found["start_url"]) == (tag, f"/{language}/")
    assert {icon["purpose"] for icon in found["icons"]} == {"any", "maskable"}
    for icon in found["icons"]:
        with Image.open(str(finders.find(icon["src"].removeprefix("/static/")))) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
