from typing import Any

import pytest

from painsite.roles import StaffRole
from tests.factories import (
    UserFactory,
    staff,
)
from tests.translations.desking import BODY_EN, BODY_ZH, article, change, page, post, save, translation_of, unit_of
from translations.models import State

pytestmark = pytest.mark.django_db


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
