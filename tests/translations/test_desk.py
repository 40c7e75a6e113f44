"""The page of the desk as a whole."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from tests.factories import (
    QuestionFactory,
    WarningFactory,
)
from tests.translations.desking import article, at, page, translation_of, unit_of
from translations import acts

pytestmark = pytest.mark.django_db


def test_a_document_without_a_source_says_so_and_one_that_is_gone_is_not_found(translator: Any) -> None:
    document = article(title_zh_hans="", summary_zh_hans="", body_zh_hans="", title_en="", summary_en="", body_en="")
    assert "There is nothing to translate yet" in page(translator, document).content.decode()
    key = translation_of(document).pk
    Article.objects.filter(pk=document.pk)._raw_delete("default")
    assert at(translator).get(f"/admin/desk/{key}/").status_code == 404


def test_queries_do_not_grow_with_the_texts(translator: Any, reviewer: Any) -> None:
    document = article()
    WarningFactory(article=document)
    QuestionFactory(article=document)

    def asked(user: Any) -> int:
        desk = at(user)
        url = f"/admin/desk/{translation_of(document).pk}/"
        desk.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    few = {user: asked(user) for user in (translator, reviewer)}
    for _ in range(10):
        WarningFactory(article=document)
        QuestionFactory(article=document)
    acts.comment_on(unit_of(document), by=translator, text="Hm.")
    assert {user: asked(user) for user in (translator, reviewer)} == few
    assert max(few.values()) <= 40
