"""Where the words of a term are used, and that an editor sees it before a change of the term is saved."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from glossary.usage import uses_of
from painsite.roles import StaffRole
from tests.adminforms import client_as, text
from tests.factories import ArticleFactory, NameFactory, TermFactory, WarningFactory, publish_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def block() -> Any:
    term = TermFactory(name_en="nerve block", name_zh_hans="神经阻滞")
    NameFactory(term=term, text="nerve stop", status="forbidden")
    return term


def found(term: Any) -> list[tuple[str, str, list[str], list[str], bool]]:
    return [(use.document.slug, use.language, use.parts, use.words, use.is_live) for use in uses_of(term)]


def test_every_document_language_and_part_is_named() -> None:
    term = block()
    article = ArticleFactory(slug="pain", title_zh_hans="神经阻滞", body_en="<p>Nerve blocks, a nerve stop.</p>")
    WarningFactory(article=article, text_en="A nerve block.")
    ArticleFactory(slug="other")
    assert found(term) == [
        ("pain", "zh-hans", ["Title"], ["神经阻滞"], False),
        ("pain", "en", ["Text", "Warning 1: Text"], ["Nerve blocks", "nerve stop", "nerve block"], False),
    ]


def test_what_patients_read_counts_when_the_draft_has_changed() -> None:
    term = block()
    article: Any = ArticleFactory(slug="pain", body_en="<p>A nerve block.</p>")
    publish_all(article)
    article.body_en = "<p>Another thing.</p>"
    article.save()
    assert found(term) == [("pain", "en", ["Text"], ["nerve block"], True)]


def test_the_old_name_counts_while_it_is_live() -> None:
    term = block()
    publish_all(term)
    term.name_en = "blockade"
    term.save()
    ArticleFactory(slug="pain", title_en="Nerve block, blockade")
    assert found(term) == [("pain", "en", ["Title"], ["Nerve block", "blockade"], False)]


@pytest.mark.parametrize("view", ["change", "submit", "uses"])
def test_an_editor_sees_it_before_a_change_is_saved_and_sent(view: str) -> None:
    term = block()
    ArticleFactory(title_en="The nerve block explained")
    args = [term.pk, "en"] if view == "submit" else [term.pk]
    page = client_as(StaffRole.EDITOR).get(reverse(f"admin:glossary_term_{view}", args=args))
    assert page.status_code == 200
    assert "Where is this word used?" in text(page)
    assert "The nerve block explained English Title nerve block in the draft" in text(page)


def test_a_term_that_is_not_there_is_used_nowhere() -> None:
    assert client_as(StaffRole.EDITOR).get(reverse("admin:glossary_term_uses", args=[999])).status_code == 404
