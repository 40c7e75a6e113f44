"""Terms linked at their first mention in a page, and their definitions at its end."""

from typing import Any

import pytest
from django.test import Client

from glossary.models import Term
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    NameFactory,
    RowFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    publish_all,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db
BUTTONS = "//button[@class='term']"


def read(client: Client, path: str) -> Document:
    response = client.get(path)
    assert response.status_code == 200
    return Document(response.content)


@pytest.fixture
def block() -> Term:
    term: Any = TermFactory(
        slug="nerve-block", name_en="nerve block", name_zh_hans="神经阻滞", definition_en="A <precise> injection."
    )
    publish_all(term)
    return term


def test_the_first_mention_in_a_page_opens_the_definition_and_later_ones_are_plain(client: Client, block: Term) -> None:
    article = ArticleFactory(
        slug="pain",
        title_en="Nerve block and pain",
        summary_en="It hurts.",
        body_en="<h2>Nerve block</h2><p>A <strong>nerve block</strong> helps. Nerve blocks & needles.</p>",
    )
    WarningFactory(article=article, text_zh_hans="阻滞后请休息。", text_en="After a nerve block, take care & rest.")
    publish_all(article)
    page = read(client, "/en/articles/pain/")
    assert page.texts(BUTTONS) == ["nerve block"]
    assert page.texts(f"//section[contains(@class, 'warning')]{BUTTONS}/@popovertarget") == [f"term-{block.pk}"]
    footnote = f"//main//section[@class='footnotes']/div[@id='term-{block.pk}'][@popover]"
    assert page.texts(f"{footnote}/p[1]") == ["nerve block A <precise> injection."]
    assert page.texts(f"{footnote}//a/@href") == ["/en/glossary/nerve-block/"]
    assert page.texts(f"{footnote}//button/@popovertargetaction") == ["hide"]


def test_the_words_of_a_page_are_those_of_the_edition(client: Client, block: Term) -> None:
    article = ArticleFactory(
        slug="pain",
        summary_en="A nerve block & <more>.",
        body_en="<p>Nerve&nbsp;block, <a href='/en/'>nerve block</a>.</p>",
    )
    publish_all(article)
    page = read(client, "/en/articles/pain/")
    assert page.texts("//p[@class='lead']") == ["A nerve block & <more>."]
    assert page.texts("//div[@class='prose']") == ["Nerve block, nerve block."]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_of_page_links_its_terms_in_both_languages(client: Client, block: Term, language: str) -> None:
    said = {"en": "A nerve block helps.", "zh-hans": "神经阻滞有效。"}

    def says(*names: str) -> dict[str, str]:
        return {f"{name}_{code.replace('-', '_')}": said[code] for name in names for code in said}

    other = TermFactory(slug="other", name_en="other", name_zh_hans="别的", **says("explanation"))
    comparison = ComparisonFactory(slug="both", first=other, second=block, rows=0)
    RowFactory(comparison=comparison, **says("second"))
    publish_all(
        ArticleFactory(slug="pain", **says("body")),
        MisconceptionFactory(slug="fact", **says("fact")),
        TopicFactory(slug="topic", **says("summary")),
        other,
        comparison,
    )
    paths = ["articles/pain", "facts/fact", "topics/topic", "glossary/other", "glossary/comparisons/both"]
    for path in paths:
        page = read(client, f"/{language}/{path}/")
        targets = page.texts(f"{BUTTONS}/@popovertarget")
        assert targets.count(f"term-{block.pk}") == 1, path
        assert page.texts("//div[@popover]/@id") == targets


def test_a_patients_words_in_a_myth_are_linked(client: Client, block: Term) -> None:
    fact = MisconceptionFactory(slug="fact", fact_en="It is not.", misconception_en="A nerve block is weak.")
    publish_all(fact)
    assert read(client, "/en/facts/fact/").texts(f"//section[@class='myth']{BUTTONS}") == ["nerve block"]


def test_a_term_is_not_linked_on_its_own_page(client: Client) -> None:
    term = TermFactory(slug="gout", name_en="gout", definition_en="Gout hurts.", explanation_en="<p>Gout swells.</p>")
    publish_all(term)
    page = read(client, "/en/glossary/gout/")
    assert page.find(BUTTONS) == []
    assert page.find("//section[@class='footnotes']") == []


def test_a_page_switches_a_term_off(client: Client, block: Term) -> None:
    article: Any = ArticleFactory(slug="pain", body_en="<p>A nerve block.</p>")
    article.unlinked_terms.add(block)
    fact: Any = MisconceptionFactory(slug="fact", fact_en="A nerve block.")
    fact.unlinked_terms.add(block)
    publish_all(article, fact)
    for path in ("/en/articles/pain/", "/en/facts/fact/"):
        assert read(client, path).find(BUTTONS) == []


def test_a_term_that_is_not_live_is_not_linked(client: Client) -> None:
    TermFactory(name_en="nerve block")
    publish_all(ArticleFactory(slug="pain", body_en="<p>A nerve block.</p>"))
    assert read(client, "/en/articles/pain/").find(BUTTONS) == []


def test_another_name_leads_to_the_preferred_one(client: Client) -> None:
    term = TermFactory(name_en="closure therapy")
    NameFactory(term=term, text="closure shot")
    publish_all(term, ArticleFactory(slug="pain", body_en="<p>A closure shot.</p>"))
    page = read(client, "/en/articles/pain/")
    assert page.texts(BUTTONS) == ["closure shot"]
    assert page.texts("//div[@popover]//strong") == ["closure therapy"]
