from typing import Any

import pytest
from django.db import models
from django.utils import translation
from modeltranslation.manager import MultilingualManager
from modeltranslation.translator import translator

from articles.models import Article, Misconception
from publishing.models import Document
from publishing.snapshot import translated_fields
from tests.factories import ArticleFactory, MisconceptionFactory

TRANSLATED: list[Any] = [m for m in translator.get_registered_models(abstract=False) if m._meta.app_label == "articles"]

# Text that is not in a language: an address, a number, a choice.
IN_NO_LANGUAGE = {"slug", "source_language", "url"}


@pytest.mark.parametrize("model", TRANSLATED, ids=lambda model: model.__name__)
def test_every_text_that_a_reader_sees_is_translated(model: Any) -> None:
    texts = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.name.endswith(("_zh_hans", "_en"))
    }
    assert texts - IN_NO_LANGUAGE == set(translated_fields(model))


@pytest.mark.parametrize("model", TRANSLATED, ids=lambda model: model.__name__)
def test_every_translated_model_has_a_manager_that_knows_of_it(model: Any) -> None:
    assert isinstance(model.objects, MultilingualManager)


def test_every_document_is_translated() -> None:
    documents = {m for m in Document.__subclasses__() if m._meta.app_label == "articles"}
    assert documents <= set(TRANSLATED)


@pytest.mark.parametrize("active", ["zh-hans", "en", None])
def test_a_language_that_is_missing_stays_missing_however_it_is_saved(db: None, active: str | None) -> None:
    """A fallback would write the Chinese into the English, and nobody could tell any more what is missing."""
    article = ArticleFactory.create(title_zh_hans="疼痛", title_en=None, body_en="")
    with translation.override(active):
        article = Article.objects.get()
        article.save()
        article.save(update_fields=["title", "body"])
        Article.objects.bulk_update([article], ["title_zh_hans", "title_en"])
        assert Article.objects.values_list("title_zh_hans", "title_en", "body_en").get() == ("疼痛", None, "")


def test_reading_a_language_that_is_missing_gives_nothing_of_the_other(db: None) -> None:
    fact = MisconceptionFactory.create(fact_en="")
    with translation.override("en"):
        assert not Misconception.objects.get().fact
        assert fact.text("fact", "en") == ""
