"""What was read, and a topic that was asked for, can be read without a network; what is over cannot."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from painsite import offline
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    publish_all,
    staff,
    withdraw,
)

TITLES = {"en": "What is pain?", "zh-hans": "疼痛是什么？", "zh-hant": "疼痛是什麼？"}
OFFLINE = {"en": "You are offline", "zh-hans": "您现在没有网络", "zh-hant": "您現在沒有網絡"}
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)

COPIES = """async () => (await Promise.all((await caches.keys()).map(async (name) =>
    name === "pages" ? (await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname) : [])))
    .flat().sort()"""
"""The addresses of the copies that the browser has."""

ASKED_DAYS_AGO = """async ([address, days]) => {
    const known = await caches.open("known");
    const list = await known.match(address);
    const headers = new Headers(list.headers);
    headers.set("Saved", Date.now() - days * 24 * 60 * 60 * 1000);
    await known.put(address, new Response(await list.text(), { headers }));
}"""
"""As if the site had been asked so long ago what is live."""


@pytest.fixture(autouse=True)
def _texts(live_server: Any) -> None:
    topic = TopicFactory(slug="acute-pain", name_en="Acute pain", name_zh_hans="急性疼痛")
    article = ArticleFactory(
        slug="pain", title_en=TITLES["en"], title_zh_hans=TITLES["zh-hans"], topics=[topic],
        body_en="<h2>Definition</h2><p>Pain may need a nerve block.</p>",
    )  # fmt: skip
    fact = MisconceptionFactory(slug="needle", topics=[topic], question_en="Where does the needle go?")
    term = TermFactory(slug="block", name_en="nerve block", name_zh_hans="神经阻滞")
    publish_all(topic, term, article, fact)


def copies(page: Page) -> list[str]:
    found: list[str] = page.evaluate(COPIES)
    return found


def wait_for(page: Page, condition: Callable[[], bool]) -> None:
    for _attempt in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to be")


def read(page: Page, path: str) -> None:
    """And wait until there is a copy, and the list that says that it holds."""
    page.goto(path)
    language = path.split("/")[1].replace("zh-hant", "zh-hans")
    list_is_there = f"async () => Boolean(await (await caches.open('known')).match('/{language}/offline.json'))"
    wait_for(page, lambda: path in copies(page) and page.evaluate(list_is_there))


def go_offline(page: Page) -> None:
    page.context.set_offline(True)


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize("language", TITLES)
def test_what_was_read_can_be_read_again_without_a_network(page: Page, language: str) -> None:
    path = f"/{language}/articles/pain/"
    read(page, path)
    expect(page.locator("[data-offline]")).to_be_hidden()
    go_offline(page)
    page.reload()
    expect(heading(page)).to_have_text(TITLES[language])
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("[data-offline]")).to_contain_text(OFFLINE[language])
    expect(page.locator("[data-saved]")).to_contain_text(str(timezone.now().year))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)", "with its style"


@pytest.mark.parametrize(("language", "title"), [("en", "Kept on this phone"), ("zh-hans", "已保存到本机")])
def test_instead_of_a_page_that_was_not_read_stands_what_there_is(page: Page, language: str, title: str) -> None:
    read(page, f"/{language}/articles/pain/")
    go_offline(page)
    page.goto(f"/{language}/facts/needle/")
    expect(heading(page)).to_have_text(title)
    page.get_by_role("link", name=TITLES[language]).click()
    expect(heading(page)).to_have_text(TITLES[language])


def test_each_language_has_a_list_of_its_own(page: Page) -> None:
    read(page, "/en/articles/pain/")
    read(page, "/zh-hans/articles/pain/")
    go_offline(page)
    page.goto("/en/offline/")
    assert page.locator("main .links a").all_inner_texts() == [TITLES["en"]]
    page.goto("/zh-hans/offline/")
    assert page.locator("main .links a").all_inner_texts() == [TITLES["zh-hans"]]


def test_a_copy_is_not_shown_past_its_time(page: Page) -> None:
    edition = Edition.objects.live("en").get(slug="pain")
    ends = timezone.now() + 6 * SECOND
    workflow.withdraw(edition, staff(StaffRole.PUBLISHER), reason="Replaced by a leaflet.", at=ends)
    read(page, "/en/articles/pain/")
    go_offline(page)
    page.wait_for_timeout(max(0, (ends - timezone.now()) / SECOND + 0.2) * 1000)
    page.reload()
    expect(heading(page)).to_have_text("Kept on this phone")
    expect(page.locator("main")).not_to_contain_text(TITLES["en"])


def test_a_copy_is_not_shown_past_the_time_of_a_text_that_it_quotes(page: Page) -> None:
    """An article carries the definitions of its terms."""
    read(page, "/en/articles/pain/")
    withdraw(Edition.objects.live("en").get(slug="block"))
    before = Edition.objects.live("en").get(slug="pain")
    read(page, "/en/facts/needle/")  # the visit that tells the worker
    definition = "A precise injection"
    text = "async () => (await (await caches.open('pages')).match('/en/articles/pain/')).text()"
    wait_for(page, lambda: definition not in page.evaluate(text))
    go_offline(page)
    page.goto("/en/articles/pain/")
    expect(heading(page)).to_have_text(before.title)
    assert definition not in page.content()


def test_a_page_that_was_withdrawn_is_gone_after_one_visit(page: Page) -> None:
    read(page, "/en/articles/pain/")
    read(page, "/en/facts/needle/")
    withdraw(Edition.objects.live("en").get(slug="pain"))
    page.goto("/en/")
    wait_for(page, lambda: copies(page) == ["/en/facts/needle/"])
    go_offline(page)
    page.goto("/en/articles/pain/")
    expect(heading(page)).to_have_text("Kept on this phone")


def test_a_new_edition_takes_the_place_of_the_copy(page: Page) -> None:
    read(page, "/en/articles/pain/")
    edition = Edition.objects.live("en").get(slug="pain")
    article: Any = edition.document
    article.title_zh_hans, article.title_en = "疼痛是什么（新）", "Pain told anew"
    article.save()
    publish_all(article)
    page.goto("/en/")
    text = "async () => (await (await caches.open('pages')).match('/en/articles/pain/')).text()"
    wait_for(page, lambda: "Pain told anew" in page.evaluate(text))
    go_offline(page)
    page.goto("/en/articles/pain/")
    expect(heading(page)).to_have_text("Pain told anew")


def test_a_month_after_the_last_visit_nothing_is_shown(page: Page) -> None:
    read(page, "/en/articles/pain/")
    go_offline(page)
    page.evaluate(ASKED_DAYS_AGO, ["/en/offline.json", 29])
    page.reload()
    expect(heading(page)).to_have_text(TITLES["en"])
    page.evaluate(ASKED_DAYS_AGO, ["/en/offline.json", 31])
    page.reload()
    expect(heading(page)).to_have_text("Kept on this phone")


@pytest.mark.parametrize(
    ("language", "keep", "kept", "remove", "removed"),
    [
        ("en", "Keep this topic", "Kept: 3 pages", "Remove this topic", "Removed"),
        ("zh-hans", "把这个专题保存到手机", "已保存 3 页", "从手机中删除这个专题", "已从手机中删除"),
    ],
)
def test_a_topic_is_kept_and_removed(
    page: Page, language: str, keep: str, kept: str, remove: str, removed: str
) -> None:
    paths = [f"/{language}/{path}/" for path in ("articles/pain", "facts/needle", "topics/acute-pain")]
    page.goto(f"/{language}/topics/acute-pain/")
    page.get_by_role("button", name=keep).click()
    expect(page.locator(".keep [role=status]")).to_contain_text(kept)
    assert copies(page) == paths
    go_offline(page)
    page.goto(paths[1])
    expect(page.locator("[data-offline]")).to_contain_text(OFFLINE[language])
    expect(heading(page)).not_to_be_empty()
    page.context.set_offline(False)
    page.goto(f"/{language}/topics/acute-pain/")
    page.get_by_role("button", name=remove).click()
    expect(page.locator(".keep [role=status]")).to_contain_text(removed)
    assert copies(page) == []


def test_what_comes_to_a_kept_topic_is_kept_at_the_next_visit(page: Page) -> None:
    page.goto("/en/topics/acute-pain/")
    page.get_by_role("button", name="Keep this topic").click()
    expect(page.locator(".keep [role=status]")).to_contain_text("Kept: 3 pages")
    topic: Any = Edition.objects.live("en").get(slug="acute-pain").document
    publish_all(ArticleFactory(slug="newer", topics=[topic]))
    page.goto("/en/topics/acute-pain/")
    expect(page.locator(".keep [role=status]")).to_contain_text("Kept: 4 pages")
    assert "/en/articles/newer/" in copies(page)


def test_what_was_read_last_is_kept_whenever_its_copy_was_made(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offline, "MAX_READ", 2)
    pain, needle, block = "/en/articles/pain/", "/en/facts/needle/", "/en/glossary/block/"
    for path in (pain, needle, pain, block):
        read(page, path)
    wait_for(page, lambda: copies(page) == sorted([pain, block]))


def test_a_title_is_listed_to_the_letter_whatever_is_in_it(page: Page) -> None:
    title = "What $& means and $' too"
    publish_all(ArticleFactory(slug="dollars", title_en=title))
    read(page, "/en/articles/dollars/")
    go_offline(page)
    page.goto("/en/offline/")
    expect(page.locator("main").get_by_role("link", name=title, exact=True)).to_have_count(1)


def test_everything_can_be_removed(page: Page) -> None:
    read(page, "/en/articles/pain/")
    page.goto("/en/offline/")
    page.get_by_role("button", name="Remove them all").click()
    expect(page.locator("main")).to_contain_text("No page is kept on this phone yet.")
    assert copies(page) == []


def test_only_what_everybody_may_read_is_kept(page: Page) -> None:
    """No list, form or preview; and a copy is as anybody gets it, whatever cookies the reader has."""
    read(page, "/en/articles/pain/")
    for path in ("/en/", "/en/articles/", "/en/preferences/", "/en/nothing/", "/admin/login/"):
        page.goto(path)
    page.goto("/en/preferences/?next=/en/facts/needle/")
    page.get_by_label("Largest").check()
    page.get_by_role("button", name="Save").click()
    read(page, "/en/facts/needle/")
    assert copies(page) == ["/en/articles/pain/", "/en/facts/needle/"]
    text = "async () => (await (await caches.open('pages')).match('/en/facts/needle/')).text()"
    assert 'data-text="normal"' in page.evaluate(text)
    assert {cookie.get("name") for cookie in page.context.cookies()} <= {"preferences", "csrftoken"}
    go_offline(page)
    page.goto("/en/facts/needle/")
    expect(page.locator("html")).to_have_attribute("data-text", "largest")


def test_without_script_there_is_no_button(new_context: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/en/topics/acute-pain/")
    expect(heading(page)).to_have_text("Acute pain")
    expect(page.get_by_role("button", name="Keep this topic")).to_be_hidden()
