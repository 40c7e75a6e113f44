from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from tests.factories import ArticleFactory, TermFactory
from translations.exchange import originals
from translations.models import Translation

pytestmark = pytest.mark.django_db


def test_a_document_is_found_by_the_name_that_it_is_given() -> None:
    article: Any = ArticleFactory(slug="pain")
    term: Any = TermFactory(slug="pain")
    names = originals.names(Translation.objects.all())
    assert sorted(names.values()) == ["article/pain", "term/pain"]
    found = originals.documents(names.values())
    assert found == {
        "article/pain": (ContentType.objects.get_for_model(article), article.pk),
        "term/pain": (ContentType.objects.get_for_model(term), term.pk),
    }


@pytest.mark.parametrize("name", ["article/gain", "story/pain", "article", "", "article/pain/more"])
def test_a_name_of_nothing_finds_nothing(name: str) -> None:
    ArticleFactory(slug="pain")
    assert originals.documents([name]) == {}


def test_a_translation_whose_draft_is_gone_has_no_name() -> None:
    article: Any = ArticleFactory(slug="pain")
    translations = Translation.objects.all()
    translations.update(object_id=article.pk + 1)
    assert originals.names(translations) == {}
