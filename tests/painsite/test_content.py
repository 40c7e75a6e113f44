"""The department's texts themselves, as `manage.py seed` brings them before the public."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from articles.models import Article, Misconception, Topic
from glossary.models import Comparison, Term
from publishing import snapshot
from publishing.models import Edition
from publishing.richtext import plain_text

KINDS: list[Any] = [Topic, Article, Misconception, Term, Comparison]
FIGURES = {
    "en": ["1936", "3.5%", "25 mg", "80–90%", "10–20%", "PCIA", "PCEA"],
    "zh-hans": ["1936", "3.5%", "25 mg", "80%～90%", "10%～20%", "PCIA", "PCEA"],
}
FORBIDDEN = re.compile(r"closed[- ](needle|therapy)|coping therapy", re.IGNORECASE)


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[int, str]]:
    """The words of every document's public page, by edition; loaded once, as it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", stdout=StringIO())
        client = Client()
        found = {}
        for edition in Edition.objects.all():
            response = client.get(edition.get_absolute_url())
            assert response.status_code == 200, edition
            found[edition.pk] = " ".join(plain_text(response.content.decode()).split())
        yield found
        transaction.set_rollback(True)


def test_there_is_as_much_as_was_asked_for_and_all_of_it_is_live_in_both_languages(pages: dict[int, str]) -> None:
    counts = {model.__name__: model.objects.count() for model in KINDS}
    assert counts["Article"] >= 12
    assert counts["Misconception"] >= 10
    assert counts["Term"] >= 40
    assert counts["Comparison"] >= 1
    for language in ("zh-hans", "en"):
        assert Edition.objects.live(language).count() == sum(counts.values())
    assert len(pages) == 2 * sum(counts.values())


def test_every_topic_stands_in_the_tree_of_the_departments_text(pages: dict[int, str]) -> None:
    tree = {topic.slug: topic.parent.slug if topic.parent else topic.facet for topic in Topic.objects.all()}
    assert tree == {
        "acute-pain": "course",
        "inflammatory-pain": "acute-pain",
        "infectious-pain": "inflammatory-pain",
        "non-infectious-pain": "inflammatory-pain",
        "traumatic-pain": "acute-pain",
        "chronic-pain": "course",
        "headache": "body-part",
        "neck-and-shoulder-pain": "body-part",
        "chest-and-abdominal-pain": "body-part",
        "back-and-leg-pain": "body-part",
        "soft-tissue-pain": "source",
        "joint-pain": "source",
        "nerve-pain": "source",
        "cancer-pain": "setting",
        "pain-after-surgery": "setting",
        "intractable-pain": "setting",
    }


@pytest.mark.parametrize("language", FIGURES)
def test_every_figure_and_name_of_the_texts_can_be_read(language: str, pages: dict[int, str]) -> None:
    of_language = Edition.objects.filter(language=language).values_list("pk", flat=True)
    words = "\n".join(pages[key] for key in of_language)
    assert [figure for figure in FIGURES[language] if figure not in words] == []


def test_no_page_holds_a_wrong_rendering_of_closure(pages: dict[int, str]) -> None:
    assert {key: found[0] for key, words in pages.items() if (found := FORBIDDEN.search(words))} == {}


def test_a_page_is_in_its_own_language_alone(pages: dict[int, str]) -> None:
    def paragraphs(edition: Edition) -> list[str]:
        # A title may well be told in the other language: the English name of PCEA in the Chinese text.
        texts = [plain_text(text) for _key, text, _is_rich in snapshot.texts(edition.model, edition.content)]
        texts.remove(edition.title)
        return [" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip()]

    editions = {(e.content_type_id, e.object_id, e.language): e for e in Edition.objects.all()}
    for (kind, key, language), edition in editions.items():
        [other] = [e for (k, o, code), e in editions.items() if (k, o) == (kind, key) and code != language]
        assert [text for text in paragraphs(edition) if text not in pages[edition.pk]] == []
        assert [text for text in paragraphs(other) if len(text) > 12 and text in pages[edition.pk]] == []
