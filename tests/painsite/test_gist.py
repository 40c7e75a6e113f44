import pytest
from django.utils import translation

from painsite import gist
from publishing.models import Edition
from publishing.reading import Page
from tests.factories import ArticleFactory, ComparisonFactory, MisconceptionFactory, TermFactory, TopicFactory, publish

pytestmark = pytest.mark.django_db


def live(document: object, language: str = "en") -> Page:
    publish(document, language)  # type: ignore[arg-type]
    return Page(Edition.objects.live(language).latest("pk"))


def test_every_kind_of_page_has_its_line() -> None:
    assert gist.gist(live(ArticleFactory(summary_en="In short."))) == "In short."
    assert gist.gist(live(MisconceptionFactory(misconception_en="A myth.", fact_en="A fact."))) == "A fact."
    assert gist.gist(live(TermFactory(definition_en="A word."))) == "A word."
    assert gist.gist(live(TopicFactory(summary_en="A topic."))) == "A topic."
    assert gist.gist(live(ComparisonFactory(introduction_en="Two words."))) == "Two words."


def test_a_list_has_what_the_line_needs_and_no_body() -> None:
    for document in (ArticleFactory(summary_en="In short."), MisconceptionFactory(fact_en="A fact.")):
        publish(document, "en")
    with translation.override("en"):
        pages = gist.pages(Edition.objects.live("en").order_by("pk"))
        assert [gist.gist(page) for page in pages] == ["In short.", "A fact."]
        assert [gist.verdict(page) for page in pages] == ["", "Common belief: False"]
    assert all("body" not in page.content for page in pages)


def test_a_card_speaks_the_pages_language_and_never_says_the_belief() -> None:
    page = live(
        MisconceptionFactory(question_zh_hans="是吗？", misconception_zh_hans="是。", fact_zh_hans="不是。"), "zh-hans"
    )
    with translation.override("en"):
        card = gist.card(page)
    assert (card.site, card.title, card.gist, card.verdict) == ("疼痛科患者教育", "是吗？", "不是。", "常见说法：不对")


def test_a_card_has_another_address_when_its_text_changes() -> None:
    page = live(ArticleFactory())
    url = gist.card_url(page.edition, gist.card(page))
    assert url == f"/cards/{page.edition.pk}-{gist.card(page).key}.png"
    other = Page(page.edition, {**page.content, "summary": "Another."})
    assert gist.card_url(page.edition, gist.card(other)) != url
