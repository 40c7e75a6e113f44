"""Odd requests to the admin."""

from typing import Any

import pytest
from django.urls import reverse

from articles.models import Article
from painsite.roles import StaffRole
from tests.adminforms import client_as
from tests.factories import ArticleFactory, TopicFactory, submit
from tests.publishing.administering import full_article

pytestmark = pytest.mark.django_db

ODD_KEYS = ["abc", "0", "-1", "9" * 30, "1.5", "_5F", "%20", "é"]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_is_nothing_that_there_is(key: str) -> None:
    client = client_as(StaffRole.EDITOR)
    for url in (
        f"/admin/articles/article/{key}/change/",
        f"/admin/articles/article/{key}/delete/",
        f"/admin/articles/article/{key}/history/",
        f"/admin/articles/article/{key}/history/1/",
        f"/admin/articles/article/{key}/submit/en/",
        f"/admin/articles/article/recover/{key}/",
        f"/admin/publishing/edition/{key}/change/",
        f"/admin/publishing/edition/{key}/act/publish/",
    ):
        assert client.get(url, follow=True).status_code == 404, url
        assert client.post(url, follow=True).status_code in {403, 404}, url


@pytest.mark.parametrize("key", ["abc", "9" * 30, "1\x00", "-", ""])
def test_an_action_on_an_odd_key_is_refused(key: str) -> None:
    ArticleFactory()
    data = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    response = client_as(StaffRole.EDITOR).post(reverse("admin:articles_article_changelist"), data)
    assert (response.status_code, Article.objects.count()) == (400, 1)


@pytest.mark.parametrize(
    "query",
    ["o=abc", "p=abc", "p=99999", "status_en=zzz", "kind__exact=zzz", "topics__id__exact=abc", "foo=bar", "id__in=a",
     "all=", f"topics__id__exact={'9' * 30}", "q=%F0%9F%98%80", "q=%ff", f"q={'x' * 3000}", "source_language=fr"],
)  # fmt: skip
def test_a_list_with_an_odd_query_never_breaks(query: str) -> None:
    url = reverse("admin:articles_article_changelist")
    response = client_as(StaffRole.EDITOR).get(f"{url}?{query}", follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["topics=abc", f"topics={'9' * 30}", "topics=1,x", "next_review=zzz", "title_en=x"])
def test_a_new_form_with_odd_values_in_its_address_never_breaks(query: str) -> None:
    assert client_as(StaffRole.EDITOR).get(f"/admin/articles/article/add/?{query}").status_code == 200
    assert client_as(StaffRole.EDITOR).get("/admin/articles/topic/add/?parent=abc").status_code == 200


def test_an_unknown_language_or_act_is_nothing_that_there_is() -> None:
    article = full_article()
    edition = submit(article, "zh-hans")
    client = client_as(StaffRole.EDITOR)
    for language in ("fr", "zh", "en-gb", "ZH-HANS"):
        url = f"/admin/articles/article/{article.pk}/submit/{language}/"
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    for act in ("nonsense", "delete", "SIGN_MEDICAL"):
        url = f"/admin/publishing/edition/{edition.pk}/act/{act}/"
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


def test_relations_are_chosen_by_typing_in_either_language() -> None:
    topic: Any = TopicFactory(name_zh_hans="头痛", name_en="Headache")
    TopicFactory()
    client = client_as(StaffRole.EDITOR)
    asked = {"app_label": "articles", "model_name": "article", "field_name": "topics"}
    for typed in ("头痛", "headache", topic.slug):
        answer = client.get(reverse("admin:autocomplete"), {**asked, "term": typed}).json()
        assert answer["results"] == [{"id": str(topic.pk), "text": "Headache"}]
    for odd in ({**asked, "field_name": "zzz"}, {**asked, "app_label": "zzz"}, {}):
        assert client.get(reverse("admin:autocomplete"), odd).status_code == 403
    assert client.get(reverse("admin:autocomplete"), {**asked, "page": "abc"}).status_code == 404
