"""Who types a forbidden word sees what to say instead, and one click writes it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, expect

from articles.models import Article
from glossary.models import NameStatus
from tests.e2e.test_conflict import editor, write
from tests.factories import ArticleFactory, NameFactory, TermFactory, publish_all


def test_closed_needle_is_a_blocker_with_its_repair(new_context: Callable[..., BrowserContext]) -> None:
    term: Any = TermFactory(name_en="closure therapy", name_zh_hans="封闭疗法")
    NameFactory(term=term, text="closed needle", status=NameStatus.FORBIDDEN, note="The needle is not closed.")
    article: Any = ArticleFactory(source_language="en", title_en="Pain")
    publish_all(term)
    page = editor(new_context, "anna", "en")
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator("a[href$=_en]:visible").first.click()
    write(page, "body_en", "Closed needle is safe.")
    page.locator("[name=_continue]").first.click()
    page.wait_for_load_state()

    page.locator("a.button", has_text="Send English for review").click()
    blocker = page.locator(".finding-blocker", has_text="closed needle".capitalize())
    expect(blocker).to_contain_text("“Closed needle” is not to be used: say “closure therapy”.")
    blocker.locator("button", has_text="Replace it by “closure therapy” in the draft").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist")).to_contain_text("was replaced by “closure therapy” in the draft")
    expect(page.locator(".finding-blocker", has_text="needle")).to_have_count(0)
    now: Any = Article.objects.get(pk=article.pk)
    assert now.body_en == "<p>Closure therapy is safe.</p>"
