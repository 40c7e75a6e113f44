from typing import Any

import pytest

from painsite.roles import StaffRole
from tests.factories import (
    TermFactory,
    UserFactory,
    publish_all,
    staff,
)
from tests.translations.desking import (
    BODY_EN,
    BODY_ZH,
    article,
    change,
    help_with,
    now,
    post,
    save,
    translation_of,
    unit_of,
)
from translations import acts, writing

pytestmark = pytest.mark.django_db


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


def test_who_may_not_write_the_language_is_refused_and_what_does_not_fit_is_said(translator: Any) -> None:
    document = article()
    for role in (StaffRole.TRANSLATOR_ZH_HANS, StaffRole.LANGUAGE_REVIEWER_EN, StaffRole.PUBLISHER):
        assert save(staff(role), document, 0, "Mine", key="title").status_code == 403
    response = save(translator, document, 0, "x" * 200, key="title")
    assert response.status_code == 400
    assert "at most 120 characters" in response.json()["said"]
    assert now(document).title_en == document.title_en


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
