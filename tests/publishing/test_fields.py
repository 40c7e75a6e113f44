from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.forms import modelform_factory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.models import Article
from publishing import richtext
from publishing.fields import RichTextField
from tests.factories import ArticleFactory

from .test_richtext import PIECES, outside_schema

HOSTILE = "<p onclick='x()'>疼痛<script>alert(1)</script> <em>25 mg</em></p>"
CLEANED = "<p>疼痛 25 mg</p>"


def stored() -> str | None:
    return Article.objects.values_list("body_zh_hans", flat=True).get()


def test_create_cleans(db: None) -> None:
    article = ArticleFactory.create(body_zh_hans=HOSTILE)
    assert article.body_zh_hans == stored() == CLEANED


def test_save_cleans_what_is_in_hand_too(db: None) -> None:
    article = ArticleFactory.create()
    article.body_zh_hans = HOSTILE
    article.save()
    assert article.body_zh_hans == stored() == CLEANED


def test_save_of_one_field_cleans(db: None) -> None:
    article = ArticleFactory.create()
    article.body_zh_hans = HOSTILE
    article.save(update_fields=["body_zh_hans"])
    assert stored() == CLEANED


def test_bulk_create_cleans(db: None) -> None:
    Article.objects.bulk_create([ArticleFactory.build(body_zh_hans=HOSTILE)])
    assert stored() == CLEANED


def test_update_cleans(db: None) -> None:
    ArticleFactory.create()
    Article.objects.update(body_zh_hans=HOSTILE)
    assert stored() == CLEANED


def test_bulk_update_cleans(db: None) -> None:
    article = ArticleFactory.create()
    article.body_zh_hans = HOSTILE
    Article.objects.bulk_update([article], ["body_zh_hans"])
    assert stored() == CLEANED


def test_a_column_can_still_be_set_from_another(db: None) -> None:
    ArticleFactory.create()
    Article.objects.update(body_zh_hans=F("body_en"))
    assert stored() == Article.objects.values_list("body_en", flat=True).get()


def test_what_is_searched_for_is_not_cleaned(db: None) -> None:
    ArticleFactory.create(body_zh_hans="<p>a</p>")
    assert Article.objects.filter(body_zh_hans__contains="<p>").exists()
    assert not Article.objects.filter(body_zh_hans__contains="<table").exists()


def test_full_clean_cleans(db: None) -> None:
    article = ArticleFactory.build(body_zh_hans=HOSTILE)
    article.full_clean()
    assert article.body_zh_hans == CLEANED


def test_a_form_cleans(db: None) -> None:
    form_class: Any = modelform_factory(Article, fields=["body_zh_hans"])
    form = form_class({"body_zh_hans": HOSTILE}, instance=ArticleFactory.create())
    assert form.is_valid(), form.errors
    form.save()
    assert stored() == CLEANED


def test_each_language_is_cleaned_on_its_own(db: None) -> None:
    article = ArticleFactory.create(body_zh_hans=HOSTILE, body_en="<p>Pain</p>")
    assert (article.body_zh_hans, article.body_en) == (CLEANED, "<p>Pain</p>")


@pytest.mark.parametrize("value", ["<p></p>", "<p>\u3000</p>", "<script>x</script>", ""])
def test_an_emptied_editor_is_an_empty_field(db: None, value: str) -> None:
    assert ArticleFactory.create(body_zh_hans=value).body_zh_hans == stored() == ""


def test_what_was_never_written_stays_unwritten(db: None) -> None:
    ArticleFactory.create(body_zh_hans=None)
    assert stored() is None


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=8), max_size=10).map("".join))
def test_nothing_but_the_schema_survives_saving_and_saving_again_changes_nothing(db: None, value: str) -> None:
    article = Article(slug=f"a-{Article.objects.count()}", title_zh_hans="疼", body_zh_hans=value)
    article.save()
    article.refresh_from_db()
    saved = article.body_zh_hans  # type: ignore[attr-defined]
    assert outside_schema(saved) == []
    article.full_clean(exclude=["kind"])
    article.save()
    article.refresh_from_db()
    assert article.body_zh_hans == saved  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", ["", "<p></p>", "<p>\u3000</p>", "<script>x</script>"])
def test_a_required_text_is_looked_for_after_the_cleaning(value: str) -> None:
    field = RichTextField("text")
    with pytest.raises(ValidationError):
        field.clean(value, None)
    assert RichTextField("text", blank=True).clean(value, None) == ""


def test_a_migration_knows_it_as_plain_text() -> None:
    _name, path, _args, kwargs = RichTextField("text", blank=True).deconstruct()
    assert (path, kwargs) == ("django.db.models.TextField", {"verbose_name": "text", "blank": True})
    assert issubclass(RichTextField, models.TextField)


def test_the_editor_offers_what_the_schema_keeps() -> None:
    field = Article._meta.get_field("body_zh_hans")
    assert isinstance(field, RichTextField)
    assert field.config["extensions"] == richtext.EDITOR_EXTENSIONS
