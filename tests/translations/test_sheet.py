from typing import Any

import pytest

from painsite.roles import StaffRole
from tests.factories import (
    QuestionFactory,
    WarningFactory,
    staff,
)
from tests.translations.desking import article, change, page, unit_of
from translations import acts

pytestmark = pytest.mark.django_db


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


def test_a_reviewer_may_narrow_it_to_what_asks_for_an_approval(translator: Any, reviewer: Any) -> None:
    document = article()
    assert [value for _label, value in page(reviewer, document).context["legend"]][-1] == "approve"
    assert 'value="approve"' not in page(translator, document).content.decode()


def test_who_approved_a_text_is_named_until_it_is_outdated(reviewer: Any) -> None:
    document = article()
    unit = unit_of(document, "title")
    acts.approve(unit, by=reviewer, seen_digest=unit.digest)
    named = f"<small>{reviewer} ·"
    assert named in page(reviewer, document).content.decode()
    change(document, title_zh_hans="另一个题目")
    assert named not in page(reviewer, document).content.decode()
