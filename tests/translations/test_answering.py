from typing import Any

import pytest

from painsite.roles import StaffRole
from tests.factories import (
    UserFactory,
    WarningFactory,
)
from tests.translations.desking import article, now, post, save, translation_of, unit_of
from translations import acts

pytestmark = pytest.mark.django_db


def test_without_a_script_it_leads_back_to_the_text(translator: Any) -> None:
    document = article()
    response = save(translator, document, 0, "Pain, and what it is", key="title", script=False)
    assert response["Location"] == f"/admin/desk/{translation_of(document).pk}/#text-title"
    assert now(document).title_en == "Pain, and what it is"


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


@pytest.mark.parametrize("row", ["", "-1", "x", "1.5", "9" * 20])
def test_a_row_that_is_no_number_is_a_bad_request(translator: Any, row: str) -> None:
    document = article()
    for act in ("save", "check"):
        assert post(translator, document, act, key="title", row=row, text="Mine").status_code == 400
