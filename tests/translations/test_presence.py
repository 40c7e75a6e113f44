import json
from typing import Any

import pytest
from django.utils import timezone

from painsite.roles import StaffRole
from tests.factories import (
    UserFactory,
    WarningFactory,
)
from tests.translations.desking import article, page, post, save
from translations.models import HERE, Presence

pytestmark = pytest.mark.django_db


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


def test_an_open_page_is_told_when_a_text_is_taken_out(translator: Any) -> None:
    document = article()
    warning = WarningFactory(article=document)
    known = {"stamp": page(translator, document).context["desk_settings"]["stamp"]}
    warning.delete()
    told = here(translator, document, known=json.dumps({f"warnings.{warning.pk}.text": ""}), **known)
    assert told["gone"] == [f"warnings.{warning.pk}.text"]
