"""Two people edit the same article in two browsers; the second one sees both texts, merges, and nothing is lost."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Article
from painsite.roles import StaffRole
from tests.factories import ArticleFactory, UserFactory, WarningFactory

PASSWORD = "correct horse battery staple"


def editor(new_context: Callable[..., BrowserContext], username: str, language: str) -> Page:
    user: Any = UserFactory(username=username, first_name=username.title(), last_name="Li", roles=[StaffRole.EDITOR])
    user.set_password(PASSWORD)
    user.save()
    page = new_context(locale=language, viewport={"width": 1024, "height": 768}).new_page()
    page.goto("/admin/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")
    return page


def write(page: Page, name: str, text: str) -> None:
    """Into the rich-text editor of a field, in place of what is there."""
    body = page.locator(f".prose-editor:has(#id_{name}) [contenteditable]")
    body.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_the_second_of_two_sees_both_texts_and_merges_them_with_the_keyboard(
    new_context: Callable[..., BrowserContext],
) -> None:
    article: Any = ArticleFactory(title_en="Pain", body_en="<p>It hurts.</p>", summary_en="Short.")
    WarningFactory(article=article, heading_en="Old heading")
    first, second = editor(new_context, "anna", "en"), editor(new_context, "bo", "en")
    url = f"/admin/articles/article/{article.pk}/change/"
    for page in (first, second):
        page.goto(url)
        page.locator("a[href$=_en]:visible").first.click()

    first.fill("#id_title_en", "What pain is")
    write(first, "body_en", "Anna's text.")
    first.locator("#id_summary_en").fill("Anna's summary.")
    first.locator("[name=_save]").first.click()
    first.wait_for_url("**/admin/articles/article/")

    second.fill("#id_title_en", "About pain")
    write(second, "body_en", "Bo's text.")
    second.locator("[name=_save]").first.click()

    expect(second.locator("h1")).to_have_text("Somebody else saved this too")
    expect(second.locator(".errornote")).to_contain_text("Anna Li saved this at")
    expect(second.locator("fieldset.by-both")).to_have_count(2)
    title = second.locator("fieldset", has=second.locator("[name=title_en]"))
    expect(title.locator(".saved")).to_contain_text("What pain is")
    expect(title.locator("[name=title_en]")).to_have_value("About pain")
    expect(second.locator(".adopted")).to_contain_text("Anna's summary.")
    assert second.evaluate("document.fonts.ready.then(() => document.documentElement.scrollWidth <= innerWidth)")

    title.locator("[name=take_saved]").focus()
    second.keyboard.press("Space")
    write(second, "body_en", "Both texts.")
    second.locator("input[type=submit].default").focus()
    second.keyboard.press("Enter")
    second.wait_for_url("**/admin/articles/article/")

    now: Any = Article.objects.get(pk=article.pk)
    assert (now.title_en, now.body_en, now.summary_en) == ("What pain is", "<p>Both texts.</p>", "Anna's summary.")
    assert [row.heading_en for row in now.warnings.all()] == ["Old heading"]
