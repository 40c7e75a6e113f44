"""The translators' desk: what its page shows, and what its acts answer, with and without a script."""

import json
import re
from itertools import product
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from painsite.roles import StaffRole
from tests.addresses import routes
from tests.factories import (
    ArticleFactory,
    QuestionFactory,
    TermFactory,
    UserFactory,
    WarningFactory,
    publish_all,
    staff,
)
from translations import acts, writing
from translations.models import HERE, Presence, State, Translation, Unit
from translations.rows import Step

pytestmark = pytest.mark.django_db

BODY_ZH = "<h2>用药</h2><p>每次口服 25 毫克。</p><p>按时服药。</p>"
BODY_EN = "<h2>Medicine</h2><p>Take 25 mg each time.</p><p>Take it on time.</p>"


def at(user: Any) -> Client:
    client = Client(headers={"accept-language": "en", "sec-fetch-site": "same-origin"})
    client.force_login(user)
    return client


def article(**texts: Any) -> Any:
    return ArticleFactory(**{"references": 0, "body_zh_hans": BODY_ZH, "body_en": BODY_EN, **texts})


def translation_of(document: Any, language: str = "en") -> Translation:
    kind = ContentType.objects.get_for_model(document)
    return Translation.objects.get(content_type=kind, object_id=document.pk, language=language)


def unit_of(document: Any, key: str = "body") -> Unit:
    return translation_of(document).units.get(key=key)


def post(user: Any, document: Any, act: str, script: bool = True, **values: Any) -> Any:
    url = f"/admin/desk/{translation_of(document).pk}/{act}/"
    return at(user).post(url, values, headers={"accept": "application/json"} if script else {})


def save(
    user: Any, document: Any, index: int, text: str, seen: str = "", key: str = "body", script: bool = True
) -> Any:
    seen = seen or acts.seen(unit_of(document, key).rows[index])
    return post(user, document, "save", script, key=key, row=index, text=text, seen=seen)


def now(document: Any) -> Any:
    return Article.objects.get(pk=document.pk)


def change(document: Any, **texts: str) -> Any:
    fresh = now(document)
    for name, text in texts.items():
        setattr(fresh, name, text)
    fresh.save()
    return fresh


@pytest.fixture
def translator() -> Any:
    return staff(StaffRole.TRANSLATOR_EN)


@pytest.fixture
def reviewer() -> Any:
    return staff(StaffRole.LANGUAGE_REVIEWER_EN)


# The page -------------------------------------------------------------------------------------------------------------


def page(user: Any, document: Any) -> Any:
    response = at(user).get(f"/admin/desk/{translation_of(document).pk}/")
    assert response.status_code == 200
    return response


def test_it_has_every_text_in_the_order_of_the_form_with_its_name_and_its_rows(translator: Any) -> None:
    document = article()
    WarningFactory(article=document, order=2)
    WarningFactory(article=document, order=1, heading_zh_hans="发热")
    QuestionFactory(article=document)
    sheet = page(translator, document).context["sheet"]
    assert [(entry.section, entry.label, len(entry.lines)) for entry in sheet.entries] == [
        ("", "Title", 1),
        ("", "Key message", 1),
        ("", "Text", 3),
        ("Warning 1", "Heading", 1),
        ("Warning 1", "Text", 1),
        ("Warning 2", "Heading", 1),
        ("Warning 2", "Text", 1),
        ("Question to ask the doctor 1", "Question", 1),
    ]
    first = next(entry for entry in sheet.entries if entry.section)
    assert first.unit.source == "发热"


def test_a_changed_row_shows_the_words_that_changed_and_the_others_stay_done(translator: Any) -> None:
    document = article()
    change(document, body_zh_hans=BODY_ZH.replace("25", "50") + "<p>勿停药。</p>")
    response = page(translator, document)
    entry = next(entry for entry in response.context["sheet"].entries if entry.unit.key == "body")
    assert [line.row.step for line in entry.lines] == [Step.DONE, Step.CHANGED, Step.DONE, Step.NEW]
    assert entry.lines[1].diff_html == "<p>每次口服 <del>25 毫克</del><ins>50 毫克</ins>。</p>"
    assert entry.state.name == "outdated"
    assert entry.lines[1].diff_html in response.content.decode()
    assert [said.finding.id for said in entry.lines[1].findings] == ["B001"]


def test_it_heals_what_was_written_past_the_desk(translator: Any) -> None:
    document = article()
    Article.objects.filter(pk=document.pk).update(title_zh_hans="新题目")
    entry = page(translator, document).context["sheet"].entries[0]
    assert (entry.unit.source, entry.lines[0].row.step) == ("新题目", Step.CHANGED)


def test_terms_of_the_source_are_marked_and_named_as_they_are_called_in_the_other_language(translator: Any) -> None:
    term = TermFactory(name_zh_hans="神经阻滞", name_en="nerve block")
    publish_all(term)
    body = "<p>先做神经阻滞&amp;理疗，再做<strong>神经阻滞</strong>。</p>"
    document = article(title_zh_hans="神经阻滞 < 手术", body_zh_hans=body, body_en="")
    entries = page(translator, document).context["sheet"].entries
    mark = '<mark class="term" title="nerve block">神经阻滞</mark>'
    assert entries[0].lines[0].source_html == f"{mark} &lt; 手术"
    assert entries[2].lines[0].source_html == f"<p>先做{mark}&amp;理疗，再做<strong>{mark}</strong>。</p>"
    assert [(each.number, each.text, each.name) for each in entries[2].lines[0].terms] == [
        (1, "神经阻滞", "nerve block")
    ]


def test_what_was_sent_back_says_why(translator: Any, reviewer: Any) -> None:
    document = article()
    unit = unit_of(document, "title")
    acts.send_back(unit, by=reviewer, seen_digest=unit.digest, comment="Shorter & better.")
    text = page(translator, document).content.decode()
    assert "Shorter &amp; better." in text
    assert 'data-state="returned"' in text


def test_who_only_reads_gets_no_field_and_no_act() -> None:
    document = article()
    text = page(staff(StaffRole.PUBLISHER), document).content.decode()
    assert "<textarea name=" not in text
    assert "data-act" not in text
    assert "Take 25 mg each time." in text


def test_a_document_without_a_source_says_so_and_one_that_is_gone_is_not_found(translator: Any) -> None:
    document = article(title_zh_hans="", summary_zh_hans="", body_zh_hans="", title_en="", summary_en="", body_en="")
    assert "There is nothing to translate yet" in page(translator, document).content.decode()
    key = translation_of(document).pk
    Article.objects.filter(pk=document.pk)._raw_delete("default")
    assert at(translator).get(f"/admin/desk/{key}/").status_code == 404


def test_other_pages_find_it_by_document_and_language(translator: Any) -> None:
    document = ArticleFactory()
    key = translation_of(document).pk
    desk = at(translator)
    assert desk.get(f"/admin/desk/of/articles.article/{document.pk}/en/")["Location"] == f"/admin/desk/{key}/"
    for wrong in (f"articles.article/{document.pk}/zh-hans", "articles.article/999999/en", "auth.user/1/en"):
        assert desk.get(f"/admin/desk/of/{wrong}/").status_code == 404
    address = f"/admin/desk/of/articles.article/{document.pk}/en/"
    assert address in desk.get(f"/admin/articles/article/{document.pk}/change/").content.decode()
    publish_all(document)
    for edition in document.editions.all():
        text = desk.get(f"/admin/publishing/edition/{edition.pk}/change/").content.decode()
        assert (address in text) is (edition.language == "en")


def test_queries_do_not_grow_with_the_texts(translator: Any, reviewer: Any) -> None:
    document = article()
    WarningFactory(article=document)
    QuestionFactory(article=document)

    def asked(user: Any) -> int:
        desk = at(user)
        url = f"/admin/desk/{translation_of(document).pk}/"
        desk.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url).status_code == 200
        return len(queries)

    few = {user: asked(user) for user in (translator, reviewer)}
    for _ in range(10):
        WarningFactory(article=document)
        QuestionFactory(article=document)
    acts.comment_on(unit_of(document), by=translator, text="Hm.")
    assert {user: asked(user) for user in (translator, reviewer)} == few
    assert max(few.values()) <= 40


# Writing --------------------------------------------------------------------------------------------------------------


def test_a_row_is_saved_into_the_draft_and_the_answer_has_the_text_as_it_is_now(translator: Any) -> None:
    document = article()
    change(document, body_zh_hans=BODY_ZH.replace("25", "50"))
    response = save(translator, document, 1, "<p>Take 50 mg <script>x</script>each time.</p>")
    assert response.status_code == 200
    told = response.json()
    assert now(document).body_en == BODY_EN.replace("25", "50")
    assert [unit["key"] for unit in told["units"]] == ["body"]
    assert 'data-state="translated"' in told["units"][0]["html"]
    assert "100 %" in told["progress"]
    assert unit_of(document).written_by == translator


def test_without_a_script_it_leads_back_to_the_text(translator: Any) -> None:
    document = article()
    response = save(translator, document, 0, "Pain, and what it is", key="title", script=False)
    assert response["Location"] == f"/admin/desk/{translation_of(document).pk}/#text-title"
    assert now(document).title_en == "Pain, and what it is"


def test_a_late_save_is_answered_with_both_texts_and_writes_nothing(translator: Any) -> None:
    document = article()
    seen = acts.seen(unit_of(document).rows[1])
    other = UserFactory(username="bo", first_name="Bo", last_name="Li", roles=[StaffRole.TRANSLATOR_EN])
    assert save(other, document, 1, "<p>Bo: 25 mg.</p>", seen).status_code == 200
    response = save(translator, document, 1, "<p>Mine: <i>25 mg</i>.</p>", seen)
    assert response.status_code == 409
    told = response.json()
    assert told["said"].startswith("Bo Li saved another text here at ")
    unit = unit_of(document)
    assert told["theirs"] == {
        "text": "<p>Bo: 25 mg.</p>",
        "html": "<p>Bo: 25 mg.</p>",
        "mine": "<p>Mine: 25 mg.</p>",
        "diff": "<p><del>Bo</del><ins>Mine</ins>: 25 mg.</p>",
        "seen": acts.seen(unit.rows[1]),
        "row": 1,
    }
    assert unit.rows[1].target == "<p>Bo: 25 mg.</p>"
    assert save(translator, document, 1, "<p>Mine: 25 mg.</p>", told["theirs"]["seen"]).status_code == 200


def test_a_save_over_a_source_that_changed_meanwhile_is_late_too(translator: Any) -> None:
    document = article()
    seen = acts.seen(unit_of(document, "title").rows[0])
    change(document, title_zh_hans="新题目")
    response = save(translator, document, 0, "New", seen, key="title")
    assert response.status_code == 409
    assert response.json()["theirs"]["text"] == document.title_en
    assert "新题目" in response.json()["units"][0]["html"]


def test_a_late_save_without_a_script_shows_what_was_written_beside_what_is_saved(translator: Any) -> None:
    document = article()
    seen = acts.seen(unit_of(document, "title").rows[0])
    save(UserFactory(roles=[StaffRole.TRANSLATOR_EN]), document, 0, "Theirs", seen, key="title")
    response = save(translator, document, 0, "Mine & whole", seen, key="title", script=False)
    assert response.status_code == 409
    text = response.content.decode()
    assert 'aria-label="What you wrote">Mine &amp; whole</textarea>' in text
    assert "Theirs</textarea>" in text


def test_a_save_into_a_text_that_is_gone_says_so(translator: Any) -> None:
    document = article()
    warning = WarningFactory(article=document)
    key = f"warnings.{warning.pk}.text"
    seen = acts.seen(unit_of(document, key).rows[0])
    warning.delete()
    response = save(translator, document, 0, "Call 120.", seen, key=key)
    assert (response.status_code, response.json()["gone"], response.json()["theirs"]) == (409, key, None)
    assert save(translator, document, 0, "Call 120.", seen, key=key, script=False).status_code == 409


def test_who_may_not_write_the_language_is_refused_and_what_does_not_fit_is_said(translator: Any) -> None:
    document = article()
    for role in (StaffRole.TRANSLATOR_ZH_HANS, StaffRole.LANGUAGE_REVIEWER_EN, StaffRole.PUBLISHER):
        assert save(staff(role), document, 0, "Mine", key="title").status_code == 403
    response = save(translator, document, 0, "x" * 200, key="title")
    assert response.status_code == 400
    assert "at most 120 characters" in response.json()["said"]
    assert now(document).title_en == document.title_en


@pytest.mark.parametrize("row", ["", "-1", "x", "1.5", "9" * 20])
def test_a_row_that_is_no_number_is_a_bad_request(translator: Any, row: str) -> None:
    document = article()
    for act in ("save", "check"):
        assert post(translator, document, act, key="title", row=row, text="Mine").status_code == 400


def test_a_row_beyond_the_last_is_late_to_save_and_not_found_to_check(translator: Any) -> None:
    document = article()
    assert post(translator, document, "save", key="title", row=7, text="Mine", seen="x").status_code == 409
    assert post(translator, document, "check", key="title", row=7, text="Mine").status_code == 404
    assert post(translator, document, "check", key="nothing", row=0, text="Mine").status_code == 404


def test_checks_say_what_is_wrong_in_what_is_being_typed_and_where(translator: Any) -> None:
    document = article()
    response = post(translator, document, "check", key="body", row=1, text="<p>Take 25 g each time.</p>")
    html = response.json()["html"]
    assert "Stands in the way:" in html
    assert 'data-source="25 毫克" data-source-nth="0"' in html
    assert 'data-target="25 g" data-target-nth="0"' in html
    right = post(translator, document, "check", key="body", row=1, text="<p>Take 25 mg each time.</p>")
    assert right.json()["html"].strip() == ""
    assert now(document).body_en == BODY_EN


# Help -----------------------------------------------------------------------------------------------------------------


def help_with(user: Any, document: Any, key: str, row: int = 0) -> Any:
    url = f"/admin/desk/{translation_of(document).pk}/help/"
    return at(user).get(url, {"key": key, "row": str(row)}).json()


def test_help_has_terms_and_the_suggestion_that_nobody_looked_at(
    translator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "remembered", lambda line: [])
    publish_all(TermFactory(name_zh_hans="神经阻滞", name_en="nerve block"))
    document = article(title_zh_hans="神经阻滞", title_en="")
    translation_of(document).units.filter(key="title").update(suggestion="Nerve <block>", suggested_by="memory")
    assert help_with(translator, document, "title") == {
        "terms": [{"number": 1, "text": "神经阻滞", "name": "nerve block"}],
        "matches": [],
        "suggestion": {"text": "Nerve <block>", "html": "<p>Nerve &lt;block&gt;</p>", "by": "memory"},
    }
    assert now(document).title_en in {None, ""}


def test_a_suggestion_of_a_whole_text_is_offered_row_by_row_where_both_have_as_many(translator: Any) -> None:
    document = article(body_en="")
    units = translation_of(document).units.filter(key="body")
    units.update(suggestion=BODY_EN)
    assert help_with(translator, document, "body", 1)["suggestion"]["text"] == "<p>Take 25 mg each time.</p>"
    units.update(suggestion="<p>All in one.</p>")
    assert help_with(translator, document, "body", 1)["suggestion"] is None


# Reviewing ------------------------------------------------------------------------------------------------------------


def test_a_reviewer_approves_by_text_and_says_what_was_looked_at(reviewer: Any) -> None:
    document = article(title_zh_hans="不要停药", title_en="Keep taking it")
    unit = unit_of(document, "title")
    assert 'name="looked" value="W004"' in page(reviewer, document).content.decode()
    response = post(reviewer, document, "approve", key="title", digest=unit.digest)
    assert (response.status_code, unit_of(document, "title").state) == (403, State.TRANSLATED)
    response = post(reviewer, document, "approve", key="title", digest=unit.digest, looked="W004")
    assert (response.status_code, response.json()["said"]) == (200, "Approved.")
    assert unit_of(document, "title").is_approved
    assert 'value="W004"' not in page(reviewer, document).content.decode()


def test_an_approval_of_a_text_that_changed_is_late(reviewer: Any) -> None:
    document = article()
    digest = unit_of(document, "title").digest
    change(document, title_en="Something else")
    assert post(reviewer, document, "approve", key="title", digest=digest).status_code == 409
    assert post(reviewer, document, "return", key="title", digest=digest, comment="No.").status_code == 409
    assert not unit_of(document, "title").is_approved


def test_nobody_approves_what_they_wrote_and_is_not_offered_it() -> None:
    both = UserFactory(roles=[StaffRole.TRANSLATOR_EN, StaffRole.LANGUAGE_REVIEWER_EN])
    document = article()
    save(both, document, 0, "My own title", key="title")
    text = page(both, document).content.decode()
    assert text.count("data-approve") == 2
    assert "You wrote this yourself." in text
    assert post(both, document, "approve", key="title", digest=unit_of(document, "title").digest).status_code == 403


def test_what_stands_in_the_way_is_shown_instead_of_the_button(reviewer: Any) -> None:
    document = article(body_en=BODY_EN.replace("mg", "g"))
    text = page(reviewer, document).content.decode()
    assert text.count("data-approve") == 2
    assert "To be mended first:" in text


def test_a_reviewer_sends_back_with_a_reason_and_the_translator_answers(translator: Any, reviewer: Any) -> None:
    document = article()
    digest = unit_of(document, "title").digest
    assert post(reviewer, document, "return", key="title", digest=digest, comment=" ").status_code == 403
    assert post(reviewer, document, "return", key="title", digest=digest, comment="Shorter.").status_code == 200
    assert unit_of(document, "title").is_returned
    response = post(translator, document, "comment", script=False, key="title", text="Is this better?")
    assert response["Location"].endswith("#text-title")
    said = list(unit_of(document, "title").comments.values_list("text", "returns", "by__username"))
    assert said == [("Shorter.", True, reviewer.username), ("Is this better?", False, translator.username)]
    assert post(staff(StaffRole.PUBLISHER), document, "comment", key="title", text="Hm.").status_code == 403


def test_who_writes_the_source_says_that_a_change_was_one_of_spelling(translator: Any) -> None:
    document = article()
    change(document, body_zh_hans=BODY_ZH.replace("按时", "按時"), title_zh_hans="题目。")
    editor = staff(StaffRole.EDITOR)
    assert "Only spelling or punctuation changed" in page(editor, document).content.decode()
    assert "Only spelling or punctuation changed" not in page(translator, document).content.decode()
    assert post(translator, document, "accept", key="body").status_code == 403
    assert post(editor, document, "accept", key="body").status_code == 200
    assert [unit_of(document, key).is_outdated for key in ("body", "title")] == [False, True]
    response = post(editor, document, "accept", script=False)
    assert response.status_code == 302
    assert not translation_of(document).units_outdated


# Who is here ----------------------------------------------------------------------------------------------------------


def here(user: Any, document: Any, row: str = "", **known: Any) -> Any:
    return post(user, document, "here", row=row, **known).json()


def test_two_in_one_row_see_each_other_until_one_is_gone(translator: Any) -> None:
    document = article()
    other = UserFactory(username="bo", first_name="Bo", last_name="Li", roles=[StaffRole.TRANSLATOR_EN])
    assert here(translator, document, "title#0")["others"] == []
    assert here(other, document, "title#0")["others"] == [{"name": translator.username, "row": "title#0"}]
    assert here(translator, document, "body#1")["others"] == [{"name": "Bo Li", "row": "title#0"}]
    Presence.objects.filter(user=other).update(seen_at=timezone.now() - HERE)
    assert here(translator, document)["others"] == []


def test_an_open_page_is_told_of_the_texts_that_changed_and_of_no_other(translator: Any) -> None:
    document = article()
    warning = WarningFactory(article=document)
    sheet = page(translator, document).context["sheet"]
    marks = {entry.unit.key: entry.mark for entry in sheet.entries}
    known = {"stamp": page(translator, document).context["desk_settings"]["stamp"], "known": json.dumps(marks)}
    assert here(translator, document, **known)["units"] == []
    save(UserFactory(roles=[StaffRole.TRANSLATOR_EN]), document, 0, "Theirs", key="title")
    gone = [f"warnings.{warning.pk}.heading", f"warnings.{warning.pk}.text"]
    warning.delete()
    told = here(translator, document, **known)
    assert [unit["key"] for unit in told["units"]] == ["title"]
    assert told["gone"] == gone
    assert told["stamp"] != known["stamp"]
    assert post(translator, document, "here", known="{").status_code == 400


# Never public ---------------------------------------------------------------------------------------------------------


def test_no_address_of_the_desk_shows_a_draft_to_who_is_not_staff(client: Client) -> None:
    document = article(title_zh_hans="zq0001x", title_en="zq0002x")
    values = {
        "pk": translation_of(document).pk,
        "label": "articles.article",
        "object_id": document.pk,
        "language": "en",
    }
    found = [route for route in routes() if route.name.startswith("desk:")]
    assert len(found) == 15
    for user in (None, UserFactory(is_staff=False), UserFactory()):
        if user:
            client.force_login(user)
        for route, method in product(found, (client.get, client.post)):
            response = method(route.filled_in(values.__getitem__), {"key": "title", "row": "0"})
            assert response.status_code in {302, 403, 405}, route.name
            assert "/admin/login/" in response.get("Location", "/admin/login/")
            assert not re.search("zq000[12]x", response.content.decode())
