"""The department's texts themselves, as `manage.py seed` brings them before the public."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from articles.models import Article, Misconception, Topic
from glossary.models import Comparison, Term
from publishing import gate, snapshot
from publishing.models import Edition
from publishing.richtext import plain_text
from search.finding import find
from tests.pages import Document

KINDS: list[Any] = [Topic, Article, Misconception, Term, Comparison]
FIGURES = {
    "en": ["1936", "3.5%", "25 mg", "80–90%", "10–20%", "PCIA", "PCEA"],
    "zh-hans": ["1936", "3.5%", "25 mg", "80%～90%", "10%～20%", "PCIA", "PCEA"],
}
FORBIDDEN = re.compile(r"closed[- ](needle|therapy)|coping therapy", re.IGNORECASE)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seed(module_db: None) -> None:
    """Loaded once for all of this, as it takes seconds."""
    call_command("seed", stdout=StringIO())


@pytest.fixture(scope="module")
def answers(seed: None) -> dict[int, bytes]:
    """Every document's public page, by edition."""
    client = Client()
    found = {}
    for edition in Edition.objects.all():
        response = client.get(edition.get_absolute_url())
        assert response.status_code == 200, edition
        found[edition.pk] = response.content
    return found


@pytest.fixture(scope="module")
def pages(answers: dict[int, bytes]) -> dict[int, str]:
    """Their words."""
    return {key: " ".join(plain_text(html.decode()).split()) for key, html in answers.items()}


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


# The two languages ----------------------------------------------------------------------------------------------------


def long_texts(value: Any) -> set[str]:
    """Every text of a frozen content that is longer than a name, a line each."""
    if isinstance(value, dict):
        return {text for each in value.values() for text in long_texts(each)}
    if isinstance(value, list):
        return {text for each in value for text in long_texts(each)}
    return {line for line in plain_text(str(value)).splitlines() if len(line) > 30}


CONFUSED = {
    ("zh-hans", "closure-therapy"): "封闭针|封闭疗法|打封闭",
    ("zh-hans", "nerve-block"): "神经阻滞",
    ("en", "closure-therapy"): r"\bclosure\b",
    ("en", "nerve-block"): r"\bnerve blocks?\b",
}
"""The two words that the site is there to tell apart, as texts have them."""

NOT_RUNNING_TEXT = (
    "//h1 | //h2 | //h3 | //a | //nav | //dt | //th | //option | //*[@popover] | //*[contains(@class, 'sources')]"
    " | //ul[contains(@class, 'entries') or contains(@class, 'cards')]"
)


def unlinked(content: bytes, edition: Edition) -> list[str]:
    """Which of the two a page speaks of in its own text without a definition to open."""
    page = Document(content)
    opened = set(page.texts("//button/@popovertarget"))
    for element in page.find(NOT_RUNNING_TEXT):
        if element.getparent() is not None:
            element.drop_tree()
    text = page.find("//main")[0].text_content()
    terms = Term.objects.in_bulk([slug for _language, slug in CONFUSED], field_name="slug")
    return [
        slug
        for (language, slug), words in CONFUSED.items()
        if (language, slug) != (edition.language, edition.slug) and language == edition.language
        if re.search(words, text, re.IGNORECASE) and f"term-{terms[slug].pk}" not in opened
    ]


def test_every_text_is_read_in_both_languages(answers: dict[int, bytes]) -> None:
    live = {(e.content_type_id, e.object_id, e.language): e for e in Edition.objects.live()}
    assert len(live) == 2 * sum(model.objects.count() for model in KINDS)
    read: dict[str, str] = {"zh-hans": "", "en": ""}
    for (kind, number, language), edition in live.items():
        text = " ".join(Document(answers[edition.pk]).root.text_content().split())
        other = live[kind, number, "en" if language == "zh-hans" else "zh-hans"]
        assert edition.title in text
        # A page shows its own address, and a term its name and how it is read, in both languages.
        foreign = long_texts({**other.content, "slug": "", "pinyin": ""}) - {other.title}
        assert not [each for each in foreign if each in text], edition
        read[language] += text
        assert not unlinked(answers[edition.pk], edition), edition
    for language, figures in FIGURES.items():
        assert not [figure for figure in figures if figure not in read[language]], language
    # A Chinese name may stand in English, but no sentence.
    assert not re.search("[，。；！？]", read["en"])


@pytest.mark.usefixtures("seed")
def test_nothing_is_found_in_it() -> None:
    editions = Edition.objects.live()
    assert {edition.model for edition in editions} == {Article, Misconception, Topic, Term, Comparison}
    with translation.override("en"):
        assert [(edition.slug, edition.language, gate.run(gate.of_edition(edition))) for edition in editions] == [
            (edition.slug, edition.language, []) for edition in editions
        ]


# What patients ask, and which page must come first --------------------------------------------------------------------

CLOSURE, BLOCK, PUMP = "closure-therapy", "nerve-block", "pcea"
BRITTLE = "do-many-injections-make-bones-brittle"
FIRST = {
    "zh-hans": {
        "封闭": CLOSURE,
        "封闭针": CLOSURE,
        "打封闭": CLOSURE,
        "什么是封闭？": CLOSURE,
        "shenjing zuzhi": BLOCK,
        "sjzz": BLOCK,
        "神經阻滯": BLOCK,
        "nerv blok": BLOCK,
        "PCEA": PUMP,
        "骨头变脆": BRITTLE,
        "针打多了骨头会不会变脆": BRITTLE,
        "shen jing zu zhi": BLOCK,
        "腰疼怎么办": "back-and-leg-pain",
        "吃止痛药会不会上瘾": "can-you-keep-taking-painkillers-without-a-diagnosis",
        "头疼": "headache",
        "镇痛泵按多了会怎样": "patient-controlled-analgesia",
        "坐骨神经痛": "nerve-pain",
    },
    "en": {
        "封闭": CLOSURE,
        "closure injection": CLOSURE,
        "closed needle": CLOSURE,
        "shenjing zuzhi": BLOCK,
        "sjzz": BLOCK,
        "神經阻滯": BLOCK,
        "nerv blok": BLOCK,
        "what is a nerve block?": BLOCK,
        "PCEA": PUMP,
        "does the injection make bones brittle": BRITTLE,
        "brittle bones": BRITTLE,
        "blocking nerves": BLOCK,
    },
}


@pytest.mark.usefixtures("seed")
@pytest.mark.parametrize(
    ("language", "question"), [(language, question) for language in FIRST for question in FIRST[language]]
)
def test_the_right_page_comes_first(language: str, question: str) -> None:
    first = Edition.objects.get(pk=find(question, language).keys[0])
    assert (first.language, first.slug) == (language, FIRST[language][question])
