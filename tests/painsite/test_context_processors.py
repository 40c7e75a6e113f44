from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from painsite.management.commands.demo import PROFILE
from painsite.models import SiteProfile
from tests.factories import ArticleFactory, publish_all
from tests.pages import Document


def read(client: Client, path: str, status: int = 200) -> Document:
    response = client.get(path)
    assert response.status_code == status
    return Document(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh_hans"])
def test_home_and_foot_name_the_department_in_the_readers_language(client: Client, language: str) -> None:
    profile = SiteProfile.objects.create(**PROFILE, emergency_number="999")
    page = read(client, f"/{language.replace('_', '-')}/")
    text = page.texts("//section[@class='department']")[0]
    for name in ("hospital", "department", "address"):
        assert getattr(profile, f"{name}_{language}") in text
    assert page.texts("//section[@class='department']//a/@href") == ["tel:01001234567", "tel:999"]
    foot = page.texts("//footer")[0]
    assert "999" in page.texts("//footer//strong")[0]
    assert getattr(profile, f"licence_{language}").splitlines()[0] in foot
    assert profile.telephone in foot


@pytest.mark.django_db
def test_what_is_not_filled_in_leaves_no_empty_place(client: Client) -> None:
    page = read(client, "/en/")
    assert not page.find("//section[@class='department']")
    SiteProfile.objects.create(address_en="1 High Street", hospital_zh_hans="医院")
    page = read(client, "/en/")
    assert page.texts("//section[@class='department']//dt") == ["Where we are", "In an emergency"]
    assert "医院" not in page.root.text_content()
    assert not [text for text in page.texts("//footer//p") if not text or "None" in text]


@pytest.mark.django_db
def test_it_costs_a_page_one_query_and_the_admin_none(client: Client, django_assert_num_queries: Any) -> None:
    publish_all(ArticleFactory(slug="pain"))
    client.get("/en/articles/pain/")
    with mock.patch.object(SiteProfile.objects, "first", wraps=SiteProfile.objects.first) as first:
        client.get("/en/articles/pain/")
        assert first.call_count == 1
        client.get("/admin/login/")
        assert first.call_count == 1


def test_an_error_is_told_though_the_database_is_down(client: Client) -> None:
    with mock.patch.object(SiteProfile.objects, "first", side_effect=OperationalError("no such host")):
        page = read(client, "/en/nothing/", 404)
    assert page.texts("//footer//strong") == ["In an emergency, call 120."]
