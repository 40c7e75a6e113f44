import re
from itertools import product
from typing import Any

import pytest
from django.test import Client

from articles.models import Article
from tests.addresses import routes
from tests.factories import (
    ArticleFactory,
    UserFactory,
    publish_all,
)
from tests.translations.desking import article, at, page, translation_of
from translations.rows import Step

pytestmark = pytest.mark.django_db


def test_it_heals_what_was_written_past_the_desk(translator: Any) -> None:
    document = article()
    Article.objects.filter(pk=document.pk).update(title_zh_hans="新题目")
    entry = page(translator, document).context["sheet"].entries[0]
    assert (entry.unit.source, entry.lines[0].row.step) == ("新题目", Step.CHANGED)


def test_other_pages_find_it_by_document_and_language(translator: Any) -> None:
    document = ArticleFactory()
    key = translation_of(document).pk
    desk = at(translator)
    assert desk.get(f"/admin/desk/of/articles.article/{document.pk}/en/")["Location"] == f"/admin/desk/{key}/"
    for wrong in (f"articles.article/{document.pk}/zh-hans", "articles.article/999999/en", "auth.user/1/en"):
        assert desk.get(f"/admin/desk/of/{wrong}/").status_code == 404
    address = f"/admin/desk/of/articles.article/{document.pk}/en/"
    assert address in desk.get(f"/admin/articles/article/{document.pk}/change/").content.decode()
    publish_all(document)
    for edition in document.editions.all():
        text = desk.get(f"/admin/publishing/edition/{edition.pk}/change/").content.decode()
        assert (address in text) is (edition.language == "en")


def test_no_address_of_the_desk_shows_a_draft_to_who_is_not_staff(client: Client) -> None:
    document = article(title_zh_hans="zq0001x", title_en="zq0002x")
    values = {
        "pk": translation_of(document).pk,
        "label": "articles.article",
        "object_id": document.pk,
        "language": "en",
    }
    found = [route for route in routes() if route.name.startswith("desk:")]
    assert len(found) == 17
    for user in (None, UserFactory(is_staff=False), UserFactory()):
        if user:
            client.force_login(user)
        for route, method in product(found, (client.get, client.post)):
            response = method(route.filled_in(values.__getitem__), {"key": "title", "row": "0"})
            assert response.status_code in {302, 403, 405}, route.name
            assert "/admin/login/" in response.get("Location", "/admin/login/")
            assert not re.search("zq000[12]x", response.content.decode())


def test_nothing_is_written_in_the_name_of_who_logged_in_after_the_page_was_opened(translator: Any) -> None:
    document = article()
    url = f"/admin/desk/{translation_of(document).pk}/comment/"
    for user, status in ((str(translator.pk + 1), 403), (str(translator.pk), 200)):
        headers = {"accept": "application/json", "X-Desk-User": user}
        assert at(translator).post(url, {"key": "title", "text": "Hm."}, headers=headers).status_code == status
