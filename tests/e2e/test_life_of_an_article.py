"""One article, from its first draft to its withdrawal and back, by five people, two of whom work in Chinese.

Pages are asked for what they hold and not for their words. With PAINSITE_SHOTS naming a folder, every page that
somebody comes to is kept there as a picture, at 1280 pixels and, where it is public, at 360 too; PAINSITE_LOCALE lets
all of them work in that language.
"""

import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Article
from painsite.roles import StaffRole
from publishing.models import Edition, State
from tests.factories import ArticleFactory, TopicFactory, UserFactory, WarningFactory, publish_all

PASSWORD = "correct horse battery staple"
SHOTS = os.environ.get("PAINSITE_SHOTS")
CHINESE, ENGLISH = "zh-CN", "en"

MORNING = datetime.datetime(2030, 3, 4, 1, 0, tzinfo=datetime.UTC)  # nine o'clock in Shanghai
TOMORROW_AT_EIGHT = "2030-03-05T08:00"

pytestmark = pytest.mark.django_db(transaction=True)

NewContext = Callable[..., BrowserContext]


class Person:
    """Somebody at a browser of their own; the reader has no account."""

    pictures = 0

    def __init__(self, new_context: NewContext, name: str, locale: str, *roles: StaffRole) -> None:
        self.name, self.is_staff = name, bool(roles)
        locale = os.environ.get("PAINSITE_LOCALE", locale) if roles else locale
        self.page: Page = new_context(locale=locale, viewport={"width": 1280, "height": 900}).new_page()
        if roles:
            user: Any = UserFactory(username=name, roles=roles)
            user.set_password(PASSWORD)
            user.save()
            self.page.goto("/admin/login/")
            self.page.fill("[name=username]", name)
            self.page.fill("[name=password]", PASSWORD)
            self.page.press("[name=password]", "Enter")
            self.page.wait_for_url("**/admin/")

    def goes_to(self, url: str, status: int = 200) -> Page:
        response = self.page.goto(url)
        assert response is not None
        assert response.status == status, url
        self.looks()
        return self.page

    def looks(self) -> None:
        """Nothing is wider than the window, at a desk or, for readers, on a telephone."""
        for width in (1280,) if self.is_staff else (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (self.page.url, width)
            if SHOTS:
                type(self).pictures += 1
                picture = Path(SHOTS) / f"{type(self).pictures:03d}-{self.name}-{width}.png"
                self.page.screenshot(path=picture, full_page=True)

    def writes(self, article: Any, language: str, **texts: str) -> None:
        """Into the form of the draft, and saves it."""
        page = self.goes_to(f"/admin/articles/article/{article.pk}/change/")
        field = language.replace("-", "_")
        page.locator("#modeltranslation-main-switch").select_option(index=0 if language == "zh-hans" else 1)
        for name, text in texts.items():
            if name == "body":
                page.locator(f".prose-editor:has(#id_body_{field}) [contenteditable]").click()
                page.keyboard.press("Control+A")
                page.keyboard.type(text)
            else:
                page.fill(f"#id_{name}_{field}", text)
        self.looks()
        page.locator("[name=_continue]").first.click()
        page.wait_for_load_state()
        expect(page.locator(".messagelist .success")).to_be_visible()
        self.looks()

    def submits(self, article: Any, language: str, kind: str, note: str = "") -> Edition:
        page = self.goes_to(f"/admin/articles/article/{article.pk}/change/")
        page.locator(f"a.button[href$='/submit/{language}/']").click()
        page.locator(f"[name=change_kind][value={kind}]").check()
        page.fill("[name=note]", note)
        self.looks()
        page.locator("form.act button[type=submit]").click()
        page.wait_for_url("**/admin/publishing/edition/*/change/")
        self.looks()
        return Edition.objects.get(state=State.IN_REVIEW, language=language)

    def acts(self, edition: Edition, act: str, **said: str) -> None:
        """Finds the edition among what waits at the front page, or by its address, and presses the act's button."""
        page = self.goes_to("/admin/")
        waiting = page.locator(f".waiting a[href='/admin/publishing/edition/{edition.pk}/change/']")
        if waiting.count():
            waiting.first.click()
        else:
            page.goto(f"/admin/publishing/edition/{edition.pk}/change/")
        form = page.locator(f"form[action$='/act/{act}/']")
        page.locator("details.act", has=form).locator("summary").click()
        for name, value in said.items():
            field = form.locator(f"[name={act}-{name}]")
            if name == "read_instead":
                field.select_option(value)
            else:
                field.fill(value)
        self.looks()
        form.locator("button[type=submit]").click()
        expect(page.locator(".messagelist .success")).to_be_visible()
        self.looks()

    def reads(self, url: str, title: str, *, is_outdated: bool = False) -> None:
        page = self.goes_to(url)
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("#outdated")).to_have_count(int(is_outdated))


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(MORNING) as clock:
        yield clock


def test_an_article_lives_in_two_languages_is_changed_withdrawn_and_brought_back(
    new_context: NewContext, clock: Any
) -> None:
    editor = Person(new_context, "editor", CHINESE, StaffRole.EDITOR)
    doctor = Person(new_context, "doctor", CHINESE, StaffRole.MEDICAL_REVIEWER)
    translator = Person(new_context, "translator", ENGLISH, StaffRole.TRANSLATOR_EN)
    linguist = Person(new_context, "linguist", ENGLISH, StaffRole.LANGUAGE_REVIEWER_EN)
    publisher = Person(new_context, "publisher", ENGLISH, StaffRole.PUBLISHER)
    reader = Person(new_context, "reader", CHINESE)
    chinese, english = "/zh-hans/articles/nerve-block/", "/en/articles/nerve-block/"

    topic = TopicFactory.create(slug="nerve-pain", name_zh_hans="神经痛", name_en="Nerve pain")
    other: Any = ArticleFactory(slug="asking-well", title_zh_hans="怎样问医生", title_en="Asking your doctor well")
    publish_all(topic, other)
    article: Any = ArticleFactory(
        slug="nerve-block",
        title_zh_hans="神经阻滞",
        summary_zh_hans="神经阻滞是打针。",
        body_zh_hans="<h2>怎么做</h2><p>医生把药打在神经旁边。</p>",
        title_en="",
        summary_en="",
        body_en="",
        topics=[topic],
    )
    WarningFactory(article=article, heading_zh_hans="腿脚没力", heading_en="", text_en="")

    # Chinese: the doctor asks for a change before signing, and the publisher lets it wait until tomorrow.
    editor.writes(article, "zh-hans", title="什么是神经阻滞？")
    first = editor.submits(article, "zh-hans", "clinical", "新文章，请审。")
    doctor.acts(first, "request_changes", words="请写清打针后要有人陪。")
    page = editor.goes_to(f"/admin/publishing/edition/{first.pk}/change/")
    expect(page.locator(".asked")).to_contain_text("请写清打针后要有人陪。")
    editor.writes(article, "zh-hans", summary="神经阻滞是打针，打完要有人陪。")
    second = editor.submits(article, "zh-hans", "clinical")
    doctor.acts(second, "sign_medical", words="可以。")
    publisher.acts(second, "publish", at=TOMORROW_AT_EIGHT)
    reader.goes_to(chinese, status=404)
    clock.shift(datetime.timedelta(hours=22, minutes=59))
    reader.goes_to(chinese, status=404)
    clock.shift(datetime.timedelta(minutes=1))
    reader.reads(chinese, "什么是神经阻滞？")
    expect(reader.goes_to(english).locator(f"a[href='{chinese}']").first).to_be_visible()

    # English: written by the translator, signed by two, neither of them its author.
    translator.writes(
        article,
        "en",
        title="What is a nerve block?",
        summary="A nerve block is an injection. Bring somebody with you.",
        body="The doctor injects a medicine beside the nerve.",
        **{"warnings-0-heading": "Weak legs", "warnings-0-text": "Call 120 at once."},
    )
    translated = translator.submits(article, "en", "clinical", "First translation.")
    linguist.acts(translated, "sign_language", words="Reads well.")
    doctor.acts(translated, "sign_medical")
    publisher.acts(translated, "publish")
    reader.reads(english, "What is a nerve block?")

    # A clinical change of the Chinese: the English says that it is out of date and leads to the newer text.
    editor.writes(article, "zh-hans", summary="神经阻滞是打针。打完要有人陪，当天不要开车。")
    third = editor.submits(article, "zh-hans", "clinical", "加了开车。")
    doctor.acts(third, "sign_medical")
    publisher.acts(third, "publish")
    reader.reads(chinese, "什么是神经阻滞？")
    expect(reader.page.locator("article")).to_contain_text("当天不要开车")
    reader.reads(english, "What is a nerve block?", is_outdated=True)
    expect(reader.page.locator(f".notice a[href='{chinese}']")).to_be_visible()
    translator.goes_to(f"/admin/articles/article/{article.pk}/change/")
    expect(translator.page.locator(".publication .status-outdated")).to_have_count(1)

    # Withdrawn: the address says why and what to read instead.
    instead = Edition.objects.live("zh-hans").get(slug="asking-well")
    publisher.acts(third, "withdraw", words="剂量写错了。", read_instead=str(instead.pk))
    page = reader.goes_to(chinese, status=410)
    expect(page.locator(".reason")).to_have_text("剂量写错了。")
    expect(page.locator(f"a[href='{instead.get_absolute_url()}']")).to_be_visible()
    reader.goes_to(english)

    # The edition before it is taken up again as the draft, and goes the whole way once more.
    page = editor.goes_to(f"/admin/publishing/edition/record/articles.article/{article.pk}/")
    page.locator(f"a[href='/admin/publishing/edition/{second.pk}/change/']").click()
    page.locator("form[action$='/reopen/'] button").click()
    page.wait_for_url("**/admin/articles/article/*/change/")
    editor.looks()
    reader.goes_to(chinese, status=410)
    assert Article.objects.filter(pk=article.pk, summary_zh_hans="神经阻滞是打针，打完要有人陪。").exists()
    fourth = editor.submits(article, "zh-hans", "wording")
    doctor.acts(fourth, "sign_medical")
    publisher.acts(fourth, "publish")
    reader.reads(chinese, "什么是神经阻滞？")
    expect(reader.page.locator("article")).not_to_contain_text("当天不要开车")
    assert [edition.number for edition in Edition.objects.of(article).live("zh-hans")] == [4]
