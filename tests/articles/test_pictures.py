import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

import articles
from articles.models import Drawing, Figure
from articles.templatetags.pictures import drawing, lines
from publishing import compare, display, snapshot
from tests.factories import ArticleFactory, FigureFactory, publish
from tests.pages import Document

TEMPLATES = Path(articles.__file__).parent / "templates"


def svg(picture: str) -> str:
    return (TEMPLATES / drawing(picture)).read_text(encoding="utf-8")


@pytest.mark.parametrize("picture", Drawing)
def test_a_drawing_holds_its_numbers_in_order_and_no_word(picture: Drawing) -> None:
    words = re.sub(r"<[^>]*>", " ", svg(picture)).split()
    assert words == [str(number) for number in range(1, picture.numbers + 1)]


@pytest.mark.parametrize("picture", Drawing)
def test_a_drawing_leaves_its_colours_to_the_stylesheet(picture: Drawing) -> None:
    assert re.findall(r"style=|fill=|stroke=|#[0-9a-f]{3}|<(?:title|desc|script|style|image)", svg(picture)) == []


def test_a_picture_that_is_not_drawn_any_more_has_no_template() -> None:
    assert drawing("ladder-of-1986") == ""


def test_the_lines_of_a_legend_are_those_that_say_something() -> None:
    assert lines(" One \n\n\u3000\nTwo\r\n") == ["One", "Two"]


def test_a_figure_shows_what_was_signed(client: Client, db: None) -> None:
    article = ArticleFactory.create(slug="pain")
    figure = FigureFactory.create(article=article)
    publish(article, "en")
    Figure.objects.filter(pk=figure.pk).update(caption_en="Draft", legend_en="Draft", description_en="Draft")
    page = Document(client.get("/en/articles/pain/").content)
    assert page.texts("//figure//ol/li") == ["Mild pain", "Moderate pain", "Severe pain"]
    assert page.texts("//figure//details/p") == ["Three steps, each higher than the last."]
    [image] = page.find("//figure/svg[@role='img']")
    assert page.texts(f"//*[@id='{image.get('aria-labelledby')}']") == ["The three steps"]
    assert page.texts(f"//ol[@id='{image.get('aria-describedby')}']/li[3]") == ["Severe pain"]
    assert page.find(f"//details[@id='{image.get('aria-details')}']")
    assert "Draft" not in page.main


def test_several_figures_have_names_of_their_own(client: Client, db: None) -> None:
    article = ArticleFactory.create(slug="pain")
    FigureFactory.create(article=article, caption_en="Second", order=2)
    FigureFactory.create(article=article, caption_en="First", order=1)
    publish(article, "en")
    page = Document(client.get("/en/articles/pain/").content)
    names = [page.texts(f"//*[@id='{key}']") for key in page.texts("//figure/svg/@aria-labelledby")]
    assert names == [["First"], ["Second"]]


def test_words_stay_when_their_picture_is_not_drawn_any_more(client: Client, db: None) -> None:
    article = ArticleFactory.create(slug="pain")
    FigureFactory.create(article=article, picture="ladder-of-1986")
    publish(article, "en")
    page = Document(client.get("/en/articles/pain/").content)
    assert not page.find("//figure/svg")
    assert page.texts("//figure//figcaption/p") == ["The three steps"]


@translation.override("en")
def test_figures_are_frozen_shown_side_by_side_and_compared(db: None) -> None:
    article = ArticleFactory.create(references=0)
    figure = FigureFactory.create(article=article)
    old = display.draft(article, "en")
    shown = {part.label: part.html for part in old if part.key.startswith("figures.")}
    assert list(shown) == ["Figure 1: Picture", "Figure 1: Caption", "Figure 1: Legend", "Figure 1: Description"]
    assert shown["Figure 1: Legend"] == "<p>Mild pain<br>Moderate pain<br>Severe pain</p>"
    figure.legend_en = "Mild pain\nModerate pain\nStrong pain"
    figure.save()
    changed = [part for part in compare.diff_parts(old, display.draft(article, "en")) if part.state != "unchanged"]
    assert [(part.key, part.state) for part in changed] == [(f"figures.{figure.pk}.legend", "changed")]


def test_an_old_edition_brings_its_figures_back_into_the_draft(db: None) -> None:
    article = ArticleFactory.create(references=0)
    FigureFactory.create(article=article)
    frozen = snapshot.freeze(article, "zh-hans")
    article.figures.all().delete()
    snapshot.thaw(article, "zh-hans", frozen)
    article.refresh_from_db()
    assert snapshot.freeze(article, "zh-hans") == frozen
    figure = article.figures.get()
    assert (figure.picture, figure.legend_zh_hans) == (Drawing.THREE_STEPS, "轻度疼痛\n中度疼痛\n重度疼痛")
