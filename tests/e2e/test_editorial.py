"""The way of a text from an editor's draft to the patient, in browsers, each person in one of their own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from articles.models import Article
from painsite.roles import StaffRole
from publishing.models import Edition, State
from tests.factories import ArticleFactory, UserFactory, WarningFactory, publish_all, submit

pytestmark = pytest.mark.django_db(transaction=True)

NewContext = Callable[..., BrowserContext]


def sign_in(new_context: NewContext, username: str, *roles: StaffRole, language: str = "en") -> Page:
    """Somebody in a browser of their own who has come past the login, which tests of its own go through."""
    client = Client()
    client.force_login(UserFactory(username=username, roles=roles))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = new_context(locale=language, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "domain": "localhost", "path": "/"}])
    page = context.new_page()
    page.goto("/admin/")
    return page


def post(page: Page, url: str, **data: str) -> int:
    """A hand-made POST with this person's cookies; the status of the answer."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": page.url}
    return page.request.post(url, form={**data}, headers=headers, max_redirects=0).status


def act(page: Page, edition: Edition, name: str, words: str = "") -> None:
    """Opens the button of an act, writes into it and presses it."""
    page.goto(f"/admin/publishing/edition/{edition.pk}/change/")
    form = page.locator(f"form[action$='/act/{name}/']")
    page.locator("details.act", has=form).locator("summary").click()
    if words:
        form.locator("textarea").fill(words)
    form.locator("button[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def acts_shown(page: Page) -> list[str]:
    actions = page.locator("form[action*='/act/']").evaluate_all("forms => forms.map(form => form.action)")
    return [action.rstrip("/").rpartition("/")[2] for action in actions]


def rich_text(page: Page, field: str) -> Locator:
    return page.locator(f".prose-editor:has(#id_{field}) .tiptap")


# The editor learns of a caret that the browser has moved a moment later; a key that comes sooner acts on the old place.
CARET_IS_LAST = """(element) => {
  const {selection, doc} = element.editor.state;
  return element.editor.isFocused && selection.empty && selection.head === doc.content.size - 1;
}"""


def add_paragraph(page: Page, field: str, text: str) -> None:
    """At the end of a rich-text field that ends with a paragraph."""
    editor = rich_text(page, field)
    for _ in range(100):
        editor.locator("p").last.click()
        page.keyboard.press("End")
        page.wait_for_timeout(100)
        if editor.evaluate(CARET_IS_LAST):
            break
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    expect(page.locator(f"#id_{field}")).to_have_value(re.compile(f"<p>{re.escape(text)}</p>$"))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_article_is_edited_signed_off_by_others_published_and_then_read(
    new_context: NewContext, language: str
) -> None:
    article: Any = ArticleFactory(slug="what-is-pain", title_en="What is pain?", title_zh_hans="疼痛是什么？")
    WarningFactory(article=article)
    publish_all(article)
    patient = new_context(locale="en").new_page()
    editor = sign_in(new_context, "anna", StaffRole.EDITOR, language=language)
    doctor = sign_in(new_context, "dr-bo", StaffRole.MEDICAL_REVIEWER, language=language)
    linguist = sign_in(new_context, "chen", StaffRole.LANGUAGE_REVIEWER_EN, language=language)
    publisher = sign_in(new_context, "deng", StaffRole.PUBLISHER, language=language)

    def as_patient_reads(title: str, body: str | None) -> None:
        patient.goto("/en/articles/what-is-pain/")
        expect(patient.locator("h1")).to_have_text(title)
        expect(patient.get_by_text("Pain warns you.")).to_have_count(1 if body else 0)

    as_patient_reads("What is pain?", None)

    # The editor changes the English: the title, and a paragraph in the rich-text editor.
    editor.goto("/admin/articles/article/")
    editor.locator("#result_list tbody th a").click()
    change = editor.url
    editor.locator("a[href$=tab_id_title_en]").click()
    editor.fill("#id_title_en", "What pain is")
    editor.locator("a[href$=tab_id_body_en]").click()
    add_paragraph(editor, "body_en", "Pain warns you.")
    editor.locator("[name=_save]").first.click()
    editor.wait_for_url("**/admin/articles/article/")
    expect(editor.locator("#result_list .status-changed")).to_have_count(1)
    saved: Any = Article.objects.get()
    assert saved.title_en == "What pain is"
    assert saved.body_en.endswith("<p>Pain warns you.</p>")
    assert saved.body_zh_hans == article.body_zh_hans
    as_patient_reads("What is pain?", None)

    # Sent for review, which publishes nothing.
    editor.goto(change)
    editor.locator("a.button[href$='/submit/en/']").click()
    editor.locator("[name=change_kind][value=wording]").check()
    editor.fill("[name=note]", "One more sentence.")
    editor.locator("form.act button[type=submit]").click()
    editor.wait_for_url("**/admin/publishing/edition/*/change/")
    edition = Edition.objects.get(language="en", state=State.IN_REVIEW)
    assert acts_shown(editor) == []
    as_patient_reads("What is pain?", None)

    # A step that is skipped by hand is refused.
    publisher.goto(f"/admin/publishing/edition/{edition.pk}/change/")
    assert acts_shown(publisher) == []
    assert post(publisher, f"/admin/publishing/edition/{edition.pk}/act/publish/") == 403
    assert post(editor, f"/admin/publishing/edition/{edition.pk}/act/publish/") == 403
    as_patient_reads("What is pain?", None)

    # The English is a translation: a linguist and a doctor sign it, beside its source.
    for person, role in ((linguist, "sign_language"), (doctor, "sign_medical")):
        person.goto("/admin/")
        person.locator(".waiting a").first.click()
        expect(person.locator("table.side-by-side")).to_contain_text("Pain warns you.")
        expect(person.locator("table.side-by-side")).to_contain_text("疼痛是什么？")
        act(person, edition, role, "Good.")
        as_patient_reads("What is pain?", None)

    publisher.goto("/admin/")
    publisher.locator(".waiting a").first.click()
    act(publisher, edition, "publish")
    as_patient_reads("What pain is", "Pain warns you.")
    edition.refresh_from_db()
    assert list(edition.sign_offs.values_list("role", "signer__username")) == [
        ("language", "chen"),
        ("medical", "dr-bo"),
    ]
    patient.goto("/zh-hans/articles/what-is-pain/")
    expect(patient.locator("h1")).to_have_text("疼痛是什么？")


def test_the_author_finds_no_button_to_sign_and_a_post_by_hand_is_refused(new_context: NewContext) -> None:
    ArticleFactory()
    both = sign_in(new_context, "both", StaffRole.EDITOR, StaffRole.MEDICAL_REVIEWER, StaffRole.LANGUAGE_REVIEWER_EN)
    both.goto(f"/admin/articles/article/{Article.objects.get().pk}/submit/zh-hans/")
    both.locator("form.act button[type=submit]").click()
    both.wait_for_url("**/admin/publishing/edition/*/change/")
    edition = Edition.objects.get()
    assert edition.author == get_user_model().objects.get(username="both")

    expect(both.locator("#content")).to_contain_text("You sent this for review yourself.")
    assert acts_shown(both) == []
    for name in ("sign_medical", "sign_language", "request_changes", "publish"):
        assert post(both, f"/admin/publishing/edition/{edition.pk}/act/{name}/", **{f"{name}-words": "Good."}) == 403
    assert not edition.sign_offs.exists()
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_form_loads_under_the_content_policy_and_its_tabs_turn_together(
    new_context: NewContext, width: int
) -> None:
    """A request to another host, a refusal by the policy or a broken script fails this: see conftest."""
    article: Any = ArticleFactory()
    WarningFactory(article=article, heading_zh_hans="胸痛", heading_en="Chest pain")
    page = sign_in(new_context, "editor", StaffRole.EDITOR)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.locator(".prose-editor [contenteditable]")).to_have_count(2)
    switch = page.locator("#modeltranslation-main-switch")
    expect(switch.locator("option:checked")).to_have_text("English")
    expect(page.locator("#id_title_en")).to_be_visible()
    expect(page.locator("#id_title_zh_hans")).to_be_hidden()
    switch.select_option("简体中文")
    for name in ("title", "summary", "warnings-0-heading", "references-0-citation"):
        expect(page.locator(f"#id_{name}_zh_hans")).to_be_visible()
        expect(page.locator(f"#id_{name}_en")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("#warnings-group .add-row a").click()
    added = page.locator("#warnings-1")
    expect(added.locator(".ui-tabs-nav a")).to_have_text(["简体中文", "English"] * 2)
    added.locator("a[href$=heading_en]").click()
    added.locator("#id_warnings-1-heading_en").fill("Added in the page")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".errornote").first).to_be_visible()
    expect(page.locator("#id_warnings-1-heading_en")).to_have_value("Added in the page")
    expect(page.locator("#id_warnings-1-heading_zh_hans")).to_be_visible()


def test_a_translator_reads_the_source_in_its_tab_and_cannot_type_into_it(new_context: NewContext) -> None:
    article: Any = ArticleFactory(body_en="")
    submit(article, "zh-hans")
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator("a[href$=tab_id_title_zh_hans]").click()
    expect(page.locator("#id_title_zh_hans")).to_be_disabled()
    page.locator("a[href$=tab_id_body_zh_hans]").click()
    source = rich_text(page, "body_zh_hans")
    expect(source).to_contain_text("疼痛是不愉快的感觉。")
    expect(source).to_have_attribute("contenteditable", "false")
    page.locator("a[href$=tab_id_body_en]").click()
    rich_text(page, "body_en").click()
    page.keyboard.type("Pain is unpleasant.")
    page.locator("[name=_save]").first.click()
    page.wait_for_url("**/admin/articles/article/")
    now: Any = Article.objects.get()
    assert (now.body_en, now.body_zh_hans) == ("<p>Pain is unpleasant.</p>", article.body_zh_hans)
