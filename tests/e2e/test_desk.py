"""The translators' desk in browsers: a changed dose on its way to the patient, and two people who lose nothing."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from articles.models import Article
from painsite.roles import StaffRole
from publishing import workflow
from tests.e2e.test_editorial import sign_in
from tests.factories import ArticleFactory, TermFactory, WarningFactory, approve, publish, publish_all, staff
from translations import acts
from translations.models import Translation

pytestmark = pytest.mark.django_db(transaction=True)

NewContext = Callable[..., BrowserContext]

RULES = {"rules": {"target-size": {"enabled": True}, "page-has-heading-one": {"enabled": False}}}
VIEWS: list[tuple[int, Literal["light", "dark"], int]] = [
    (1280, "light", 16),
    (1024, "light", 16),
    (360, "light", 16),
    (1280, "dark", 16),
    (1024, "light", 32),
    (360, "dark", 32),
]
"""Pixels across, colours, and pixels of text."""
FIND = """async (options) => {
  // To the colours as they are set: a change of them takes its time.
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  const asked = {rules: options.rules, preload: false, resultTypes: ["violations"]};
  const found = (await axe.run("#content-main", asked)).violations;
  const root = document.documentElement;
  const wide = () => [...document.querySelectorAll("#content-main *")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > root.clientWidth)
    .map((each) => each.outerHTML.slice(0, 150)).slice(0, 5);
  const hasText = (each) => [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const isShown = (each) => each.checkVisibility() && !each.closest(".visually-hidden");
  const size = (each) => parseFloat(getComputedStyle(each).fontSize);
  const fixed = (each) => hasText(each) && isShown(each) && size(each) < options.atLeast;
  return [
    ...[...document.querySelectorAll("#content-main *")].filter(fixed)
      .map((each) => `too small: ${each.outerHTML}`),
    ...found.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html}`)),
    ...(root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px wide: ${wide()}`] : []),
  ];
}"""

WATCH = """() => {
  globalThis.texts = [];
  const shown = () => {
    const row = document.querySelector('.row[data-key="body"][data-index="1"]');
    texts.push((row.querySelector(".tiptap") ?? row.querySelector(".read")).textContent);
  };
  new MutationObserver(shown).observe(document.querySelector("#text-body"), {subtree: true, childList: true});
}"""
"""All that the second row of the body shows from now on."""

BODY_ZH = "<h2>用药</h2><p>每次口服 20 毫克。</p><p>按时服药。</p>"
BODY_EN = "<h2>Medicine</h2><p>Take 20 mg each time.</p><p>Take it on time.</p>"


def live_article(**texts: Any) -> Any:
    article = ArticleFactory(body_zh_hans=BODY_ZH, body_en=BODY_EN, **texts)
    publish_all(article)
    return article


def desk(page: Page, language: str = "en") -> Translation:
    translation = Translation.objects.filter(language=language, content_type__model="article").get()
    page.goto(f"/admin/desk/{translation.pk}/")
    return translation


def row(page: Page, index: int, key: str = "body") -> Locator:
    return page.locator(f'.row[data-key="{key}"][data-index="{index}"]')


def write(page: Page, at: Locator, text: str) -> None:
    """In place of what the row says, as people type."""
    at.locator(".read:visible, .tiptap:visible").first.click()
    inside = at.locator(".tiptap")
    expect(inside).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def body_en() -> str:
    return str(Article.objects.get().body_en)  # type: ignore[attr-defined]


def test_a_changed_dose_goes_from_the_editor_over_the_desk_to_the_patient(new_context: NewContext) -> None:
    live_article(title_zh_hans="止痛药怎么吃？")
    editor = sign_in(new_context, "anna", StaffRole.EDITOR)
    ellen = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    bo = sign_in(new_context, "bo", StaffRole.TRANSLATOR_EN)
    chen = sign_in(new_context, "chen", StaffRole.LANGUAGE_REVIEWER_EN)

    # The editor changes the dose and one paragraph; the Chinese goes live.
    editor.goto(f"/admin/articles/article/{Article.objects.get().pk}/change/")
    editor.locator("a[href$=tab_id_body_zh_hans]").click()
    inside = editor.locator(".prose-editor:has(#id_body_zh_hans) .tiptap")
    changed = BODY_ZH.replace("20", "25").replace("按时服药", "按时服药，每日两次")
    inside.evaluate("(e, html) => e.editor.commands.setContent(html, {emitUpdate: true})", changed)
    editor.locator("[name=_save]").first.click()
    editor.wait_for_url("**/admin/articles/article/")
    publish(Article.objects.get(), "zh-hans")

    # The translator's queue shows it; the desk shows what changed, word by word.
    ellen.goto("/admin/desk/?tab=outdated")
    expect(ellen.locator(".desk-list tbody tr")).to_have_count(1)
    ellen.get_by_role("link", name="止痛药怎么吃？").click()
    dose = row(ellen, 1)
    expect(dose.locator(".row-diff del")).to_have_text("20 毫克")
    expect(dose.locator(".row-diff ins")).to_have_text("25 毫克")
    expect(row(ellen, 0)).to_have_attribute("data-step", "done")
    ellen.get_by_label("outdated").check()
    expect(ellen.locator(".row:visible")).to_have_count(2)

    # Somebody else opens the same, before anything is saved.
    desk(bo)
    expect(bo.locator("#desk-others")).to_contain_text("ellen")
    bo.route("**/here/", lambda route: route.abort())  # else the page may know of her text in time

    # The wrong unit is found while it is typed; what is right stays.
    write(ellen, dose, "Take 25 g each time.")
    finding = dose.locator(".row-findings .finding-blocker")
    expect(finding).to_contain_text("The source says “25 毫克”, the translation “25 g”: another unit.")
    ellen.keyboard.press("Control+A")
    ellen.keyboard.type("Take 25 mg each time.")
    expect(finding).to_have_count(0)
    ellen.keyboard.press("Control+Enter")
    expect(row(ellen, 2).locator(".tiptap")).to_be_focused()
    ellen.keyboard.press("Control+A")
    ellen.keyboard.type("Take it on time, twice a day.")
    ellen.keyboard.press("Control+Enter")
    expect(ellen.locator("#text-body")).to_have_attribute("data-state", "translated")
    assert body_en() == ("<h2>Medicine</h2><p>Take 25 mg each time.</p><p>Take it on time, twice a day.</p>")

    # The second one comes late, sees both texts, and nothing of either is lost.
    write(bo, row(bo, 1), "Swallow 25 mg each time.")
    bo.keyboard.press("Control+Enter")
    conflict = row(bo, 1).locator(".conflict")
    expect(conflict.locator("[data-theirs]")).to_have_text("Take 25 mg each time.")
    expect(conflict.locator("[data-mine]")).to_have_text("Swallow 25 mg each time.")
    expect(conflict).to_contain_text("ellen saved another text here at")
    conflict.get_by_role("button", name="Save what is in the field").click()
    expect(row(bo, 1).locator(".row-said")).to_have_text("saved")
    assert "<p>Swallow 25 mg each time.</p>" in body_en()

    # The reviewer approves what is not approved yet, text by text.
    translation = desk(chen)
    for _ in range(translation.units.count() - translation.units.approved().count()):
        approving = chen.locator("form[data-approve]")
        left = approving.count()
        for box in approving.first.locator("[type=checkbox]").all():
            box.check()
        approving.first.get_by_role("button").click()
        expect(approving).to_have_count(left - 1)
    translation.refresh_from_db()
    assert translation.units_approved == translation.units_all

    # Published, it is what patients read, and nothing is left to do.
    article = Article.objects.get()
    edition = approve(workflow.submit(article, "en", staff(StaffRole.EDITOR)))
    workflow.publish(edition, staff(StaffRole.PUBLISHER))
    patient = new_context(locale="en").new_page()
    patient.goto(f"/en/articles/{article.slug}/")
    expect(patient.get_by_text("Swallow 25 mg each time.")).to_be_visible()
    ellen.goto("/admin/desk/?tab=outdated")
    expect(ellen.locator(".desk-list")).to_have_count(0)


def test_a_lost_connection_loses_nothing_and_says_so(new_context: NewContext) -> None:
    live_article()
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    desk(page)
    page.route("**/save/", lambda route: route.abort())
    write(page, row(page, 1), "Swallow 20 mg each time.")
    page.keyboard.press("Control+Enter")
    said = row(page, 1).locator(".row-said")
    expect(said).to_have_text("not saved: no connection; it is kept on this computer")
    assert body_en() == BODY_EN
    page.reload()
    expect(said).to_have_text("not saved: no connection; it is kept on this computer")
    expect(row(page, 1).locator(".tiptap")).to_have_text("Swallow 20 mg each time.")
    page.unroute("**/save/")
    expect(said).to_have_text("saved")
    assert body_en() == BODY_EN.replace("Take 20", "Swallow 20")
    page.reload()
    expect(row(page, 1).locator(".read")).to_have_text("Swallow 20 mg each time.")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('desk:')).length") == 0


def test_a_save_whose_answer_was_lost_is_no_conflict_with_itself(new_context: NewContext) -> None:
    live_article()
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    desk(page)
    said = row(page, 1).locator(".row-said")
    unsaved = "not saved: no connection; it is kept on this computer"

    def arrives_unanswered(route: Route) -> None:
        route.fetch()
        route.abort()

    def breaks_off(route: Route) -> None:
        route.fulfill(response=route.fetch(), body='{"said": ')

    page.route("**/save/", arrives_unanswered, times=1)
    write(page, row(page, 1), "Swallow 20 mg each time.")
    expect(said).to_have_text(unsaved)
    assert body_en() == BODY_EN.replace("Take 20", "Swallow 20")
    expect(said).to_have_text("saved")

    # Nor when more was written before it was sent again, nor after the page was loaded again.
    page.route("**/save/", breaks_off, times=1)
    write(page, row(page, 1), "Drink 20 mg each time.")
    expect(said).to_have_text(unsaved)
    page.keyboard.type(" Slowly.")
    page.keyboard.press("Control+Enter")
    expect(said).to_have_text("saved")
    page.route("**/save/", arrives_unanswered, times=1)
    write(page, row(page, 1), "Chew 20 mg each time.")
    expect(said).to_have_text(unsaved)
    page.route("**/save/", lambda route: route.abort())
    page.keyboard.type(" Slowly.")
    page.reload()
    expect(said).to_have_text(unsaved)
    page.unroute("**/save/")
    expect(said).to_have_text("saved")
    expect(page.locator(".conflict")).to_have_count(0)
    assert body_en() == BODY_EN.replace("Take 20 mg each time.", "Chew 20 mg each time. Slowly.")


def test_answers_that_come_in_another_order_bring_no_old_text_back(new_context: NewContext) -> None:
    live_article()
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    translation = desk(page)
    row(page, 1).locator(".read").click()
    expect(row(page, 1).locator(".tiptap")).to_be_focused()
    page.wait_for_load_state("networkidle")
    body = translation.units.get(key="body")
    acts.comment_on(body, by=staff(StaffRole.LANGUAGE_REVIEWER_EN), text="Hm.")
    held = []
    page.route("**/here/", lambda route: held.append((route, route.fetch())), times=1)
    page.keyboard.press("Alt+ArrowUp")  # asks, before anything is saved, and is answered afterwards
    expect(row(page, 0).locator(".tiptap")).to_be_focused()
    write(page, row(page, 1), "Swallow 20 mg each time.")
    page.keyboard.press("Control+Enter")
    expect(row(page, 1).locator(".row-said")).to_have_text("saved")
    ((route, answer),) = held
    assert "Take 20 mg each time." in answer.text()
    page.evaluate(WATCH)
    with page.expect_response("**/here/"):
        route.fulfill(response=answer)
    write(page, row(page, 1), "Drink 20 mg each time.")
    page.keyboard.press("Control+Enter")
    expect(row(page, 1).locator(".row-said")).to_have_text("saved")
    assert body_en() == BODY_EN.replace("Take 20", "Drink 20")
    assert not [text for text in page.evaluate("texts") if "Take" in text]


def test_two_pages_of_one_person_leave_each_others_texts_alone(new_context: NewContext) -> None:
    live_article()
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    desk(page)
    page.context.route("**/save/", lambda route: route.abort())
    write(page, row(page, 1), "Swallow 20 mg each time.")
    expect(row(page, 1).locator(".row-said")).to_contain_text("not saved")
    other = page.context.new_page()
    desk(other)
    write(other, row(other, 2), "On time, please.")
    expect(row(other, 2).locator(".row-said")).to_contain_text("not saved")
    expect(row(other, 1)).not_to_contain_text("Swallow")
    page.context.unroute("**/save/")
    page.close()
    expect(row(other, 1).locator(".row-said")).to_have_text("saved")
    expect(row(other, 2).locator(".row-said")).to_have_text("saved")
    assert body_en() == "<h2>Medicine</h2><p>Swallow 20 mg each time.</p><p>On time, please.</p>"


def test_what_is_being_written_is_never_taken_for_a_new_form_of_what_another_saved(new_context: NewContext) -> None:
    live_article()
    bo = sign_in(new_context, "bo", StaffRole.TRANSLATOR_EN)
    ellen = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    desk(bo)
    bo.route("**/save/", lambda route: route.abort())
    write(bo, row(bo, 1), "Swallow 20 mg each time.")
    desk(ellen)
    write(ellen, row(ellen, 1), "Drink 20 mg each time.")
    ellen.keyboard.press("Control+Enter")
    expect(row(ellen, 1).locator(".row-said")).to_have_text("saved")

    with bo.expect_response("**/here/"):  # which tells bo's page of her text
        bo.keyboard.press("Alt+ArrowDown")
    bo.unroute("**/save/")
    conflict = row(bo, 1).locator(".conflict")
    expect(conflict.locator("[data-theirs]")).to_have_text("Drink 20 mg each time.")
    expect(conflict.locator("[data-mine]")).to_have_text("Swallow 20 mg each time.")
    conflict.get_by_role("button", name="Take what is saved").click()
    expect(row(bo, 1).locator(".tiptap")).to_have_text("Drink 20 mg each time.")
    assert body_en() == BODY_EN.replace("Take 20", "Drink 20")

    # Where nobody writes, another's text just comes.
    with bo.expect_response("**/save/"):
        write(bo, row(bo, 2), "On time, please.")
        bo.keyboard.press("Control+Enter")
    row(ellen, 1).locator(".tiptap").click()
    expect(row(ellen, 2)).to_contain_text("On time, please.")


def test_who_was_logged_out_is_told_and_goes_on_after_the_next_login(new_context: NewContext) -> None:
    live_article()
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    translation = desk(page)
    page.context.clear_cookies()
    write(page, row(page, 1), "Swallow 20 mg each time.")
    page.keyboard.press("Control+Enter")
    said = row(page, 1).locator(".row-said")
    expect(said).to_contain_text("you are not logged in any more")
    sign_in(new_context, "bo", StaffRole.TRANSLATOR_EN)
    with page.expect_popup() as opened:
        said.get_by_role("link").click()
    login = opened.value

    def log_in(name: str) -> None:
        login.fill("[name=username]", name)
        login.fill("[name=password]", "correct horse battery staple")
        login.press("[name=password]", "Enter")
        login.wait_for_url("**/admin/desk/")

    # Nothing is written in the name of another.
    log_in("bo")
    with page.expect_response("**/save/") as refused:
        pass
    assert refused.value.status == 403
    expect(said).to_contain_text("you are not logged in any more")
    assert body_en() == BODY_EN
    login.get_by_role("button", name="Log out").click()
    login.goto("/admin/login/?next=/admin/desk/")
    log_in("ellen")
    expect(said).to_have_text("saved")
    assert "Swallow 20 mg" in body_en()
    assert str(translation.units.get(key="body").written_by) == "ellen"

    # A comment, too, and once, though its answer gets lost.
    page.route("**/comment/", lambda route: (route.fetch(), route.abort()), times=1)
    comments = page.locator("#text-body .unit-comments")
    comments.locator("summary").click()
    comments.locator("textarea").fill("Is this right?")
    comments.get_by_role("button", name="Comment").click()
    expect(page.locator("#desk-said")).to_have_text("There was no answer. Try again: nothing is done twice.")
    comments.get_by_role("button", name="Comment").click()
    expect(comments.locator("blockquote")).to_have_count(1)
    expect(comments.locator("textarea")).to_have_value("")


def test_keys_move_copy_insert_and_are_all_listed(new_context: NewContext) -> None:
    publish_all(TermFactory(name_zh_hans="神经阻滞", name_en="nerve block"))
    ArticleFactory(body_zh_hans="<p>先做神经阻滞。</p><p>然后休息。</p>", body_en="", references=0)
    page = sign_in(new_context, "ellen", StaffRole.TRANSLATOR_EN)
    desk(page)
    page.keyboard.press("?")
    expect(page.locator("#desk-keys dt")).to_have_count(14)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    expect(row(page, 0).locator(".tiptap")).to_be_focused()
    page.keyboard.type("First a ")
    page.keyboard.press("Alt+1")
    page.keyboard.type(".")
    expect(row(page, 0).locator(".tiptap")).to_have_text("First a nerve block.")
    page.keyboard.press("Alt+ArrowDown")
    expect(row(page, 1).locator(".tiptap")).to_be_focused()
    page.keyboard.press("Alt+c")
    expect(row(page, 1).locator(".tiptap")).to_have_text("然后休息。")
    expect(row(page, 1).locator(".finding")).to_contain_text("still in the language of the source")
    page.keyboard.press("Control+Enter")
    expect(row(page, 1).locator(".row-said")).to_have_text("saved")
    assert body_en() == "<p>First a nerve block.</p><p>然后休息。</p>"
    page.keyboard.press("Alt+p")
    frame = page.frame_locator("#desk-preview iframe")
    expect(frame.locator("body")).to_contain_text("First a nerve block.")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_everybody_can_use_the_desk(new_context: NewContext, language: str) -> None:
    """axe with `target-size`, and nothing stands out to the side, also in dark colours and with text at 200 %. The head
    of the page is Django's.
    """
    article = live_article()
    WarningFactory(article=article, text_en="")
    fresh: Any = Article.objects.get()
    fresh.body_zh_hans = BODY_ZH.replace("20", "25") + "<table><tbody><tr><td>甲</td></tr></tbody></table>"
    fresh.save()
    translation = Translation.objects.get(object_id=article.pk, content_type__model="article")
    unit = translation.units.get(key="title")
    acts.send_back(unit, by=staff(StaffRole.LANGUAGE_REVIEWER_EN), seen_digest=unit.digest, comment="Shorter.")
    found = []
    for name, role in (("ellen", StaffRole.TRANSLATOR_EN), ("chen", StaffRole.LANGUAGE_REVIEWER_EN)):
        page = sign_in(new_context, name, role, language=language)
        for address in ("/admin/desk/?tab=all", f"/admin/desk/{translation.pk}/"):
            page.goto(address)
            if role is StaffRole.TRANSLATOR_EN and "?" not in address:
                row(page, 1).locator(".read").click()
                expect(row(page, 1).locator(".tiptap")).to_be_focused()
            page.evaluate(Axe().axe_script)
            devtools = page.context.new_cdp_session(page)
            for width, scheme, pixels in VIEWS:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                devtools.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})
                rules = {**RULES, "atLeast": pixels * 0.75}
                found += [f"{name} {address} {width} {scheme}: {each}" for each in page.evaluate(FIND, rules)]
    assert not found, "\n".join(found)
