from typing import Any

import pytest
from django.db import models
from django.utils import translation
from modeltranslation.manager import MultilingualManager
from modeltranslation.translator import translator

from glossary.models import Term
from publishing.models import Document
from publishing.snapshot import translated_fields
from tests.factories import TermFactory

TRANSLATED: list[Any] = [m for m in translator.get_registered_models(abstract=False) if m._meta.app_label == "glossary"]

# Text that is not in a language, or in the one that its name says.
IN_NO_LANGUAGE = {"slug", "source_language", "abbreviation", "pinyin"}


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
    documents = {m for m in Document.__subclasses__() if m._meta.app_label == "glossary"}
    assert documents <= set(TRANSLATED)


@pytest.mark.parametrize("active", ["zh-hans", "en", None])
def test_a_language_that_is_missing_stays_missing_however_it_is_saved(db: None, active: str | None) -> None:
    term = TermFactory.create(name_zh_hans="封闭", name_en=None)
    with translation.override(active):
        term = Term.objects.get()
        term.save()
        term.save(update_fields=["name"])
        Term.objects.bulk_update([term], ["name_zh_hans", "name_en"])
        assert Term.objects.values_list("name_zh_hans", "name_en").get() == ("封闭", None)
