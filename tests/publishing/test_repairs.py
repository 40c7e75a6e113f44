from typing import Any

import lxml.html
import pytest
from django.urls import reverse
from reversion.models import Version

from articles.models import Article
from painsite.roles import StaffRole
from tests.adminforms import client_as, filled_in, shown, text
from tests.factories import ArticleFactory, NameFactory, TermFactory, publish_all, submit

pytestmark = pytest.mark.django_db


def with_forbidden_word(**values: Any) -> Any:
    term = TermFactory(name_en="closure therapy", name_zh_hans="封闭疗法")
    NameFactory(term=term, text="closed needle", status="forbidden")
    publish_all(term)
    return ArticleFactory(source_language="en", body_en="<p>A closed needle.</p>", **values)


REPAIR = "glossary.B001|body|closed needle"


def repair(article: Any, role: StaffRole = StaffRole.EDITOR, **sent: Any) -> Any:
    url = reverse("admin:articles_article_repair", args=[article.pk, "en"])
    return client_as(role).post(url, {"repair": REPAIR, "version": article.version, **sent}, follow=True)


def test_a_forbidden_word_is_replaced_with_one_click_on_each_page_that_shows_it() -> None:
    article = with_forbidden_word()
    edition = submit(article, "en")
    for url in (
        reverse("admin:articles_article_submit", args=[article.pk, "en"]),
        reverse("admin:publishing_edition_change", args=[edition.pk]),
    ):
        page = lxml.html.fromstring(client_as(StaffRole.EDITOR).get(url).content.decode())
        (_button,) = page.xpath(f"//button[@value='{REPAIR}'][@form='repair-en']")
        (form,) = page.xpath("//form[@id='repair-en'][not(ancestor::form)]")
        assert form.get("action") == reverse("admin:articles_article_repair", args=[article.pk, "en"])
    answer = repair(article)
    assert "“closed needle” was replaced by “closure therapy” in the draft." in text(answer)
    article.refresh_from_db()
    assert (article.body_en, article.version) == ("<p>A closure therapy.</p>", 1)
    assert Version.objects.get_for_object(article).count() == 1
    assert edition.content["body"] == "<p>A closed needle.</p>"


def test_a_repair_in_the_form_saves_what_was_typed_and_then_replaces() -> None:
    article = with_forbidden_word()
    url = reverse("admin:articles_article_change", args=[article.pk])
    client = client_as(StaffRole.EDITOR)
    page = client.get(url)
    document = lxml.html.fromstring(page.content.decode())
    (button,) = document.xpath("//form[@id='article_form']//button[@name='_repair']")
    assert (button.get("value"), button.get("form")) == (f"en {REPAIR}", None)
    typed = {**filled_in(page), "title_en": "Typed just now", "_repair": button.get("value")}
    answer = client.post(url, typed, follow=True)
    assert "“closed needle” was replaced by “closure therapy” in the draft." in text(answer)
    assert answer.redirect_chain == [(url, 302)]
    article.refresh_from_db()
    assert (article.title_en, article.body_en) == ("Typed just now", "<p>A closure therapy.</p>")


def test_a_repair_in_a_form_with_a_mistake_keeps_what_was_typed() -> None:
    article = with_forbidden_word()
    url = reverse("admin:articles_article_change", args=[article.pk])
    client = client_as(StaffRole.EDITOR)
    typed = {**filled_in(client.get(url)), "slug": "", "title_en": "Typed just now", "_repair": f"en {REPAIR}"}
    answer = client.post(url, typed)
    assert answer.status_code == 200
    assert shown(answer)["title_en"] == "Typed just now"
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


def test_nobody_repairs_a_language_that_is_not_theirs_through_the_form() -> None:
    article = with_forbidden_word()
    url = reverse("admin:articles_article_change", args=[article.pk])
    client = client_as(StaffRole.TRANSLATOR_ZH_HANS)
    client.post(url, {**filled_in(client.get(url)), "_repair": f"en {REPAIR}"})
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


def test_a_draft_that_somebody_saved_meanwhile_is_left_alone() -> None:
    article = with_forbidden_word()
    Article.objects.get(pk=article.pk).save()
    assert "Somebody else saved this draft in the meantime. Nothing was replaced." in text(repair(article))
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


@pytest.mark.parametrize("wanted", ["", "glossary.B001|title|closed needle", "glossary.B001|body|pain", "x"])
def test_only_what_a_finding_proposes_is_replaced(wanted: str) -> None:
    article = with_forbidden_word()
    assert "The words are not in the draft any more" in text(repair(article, repair=wanted))
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


def test_who_may_not_write_the_language_repairs_nothing_in_it() -> None:
    assert repair(with_forbidden_word(), StaffRole.TRANSLATOR_ZH_HANS).status_code == 403
