import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, JsonResponse
from django.test import RequestFactory
from django.utils import translation as languages

from painsite.roles import StaffRole
from tests import factories
from tests.factories import staff
from translations import acts, suggestion_views, suggestions
from translations.models import Translation, Unit
from translations.suggestions import Match

CHINESE = "<h2>剂量</h2><p>疼痛是警报。</p>"
ENGLISH = "<h2>Dose</h2><p>Pain is an alarm.</p>"


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def lookup(text: str, source_language: str, target_language: str) -> Sequence[Match]:
        return [Match("剂量", "Dose"), Match("疼痛是警报。", "Pain is an alarm.")]

    monkeypatch.setattr(suggestions, "lookup", lookup)
    cache.clear()
    with languages.override("en"):
        yield
    cache.clear()


@pytest.fixture
def translation(db: None) -> Translation:
    article = factories.ArticleFactory(body_zh_hans=CHINESE, body_en="")
    return Translation.objects.get(object_id=article.pk, language="en", title=article.title_zh_hans)


def ask(pk: int, by: Any, **data: str) -> JsonResponse:
    request = RequestFactory().post("/", data)
    request.user = by
    return suggestion_views.ask(request, pk)


def read(response: JsonResponse) -> Any:
    return json.loads(response.content)


def test_a_translator_gets_the_whole_and_each_row(translation: Translation) -> None:
    response = ask(translation.pk, staff(StaffRole.TRANSLATOR_EN), key="body")
    assert response.status_code == 200
    assert read(response) == {
        "suggestion": ENGLISH,
        "by": "memory",
        "rows": {"0": "<h2>Dose</h2>", "1": "<p>Pain is an alarm.</p>"},
    }
    assert translation.units.get(key="body").suggestion == ENGLISH
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_a_refusal_says_why(translation: Translation) -> None:
    response = ask(translation.pk, staff(StaffRole.TRANSLATOR_EN), key="title")
    assert response.status_code == 409
    assert read(response) == {"refused": "This is translated, and its source has not changed."}


@pytest.mark.parametrize("key", ["warnings.7.text", ""])
def test_a_text_that_is_gone_is_told(translation: Translation, key: str) -> None:
    response = ask(translation.pk, staff(StaffRole.TRANSLATOR_EN), key=key)
    assert response.status_code == 404
    assert read(response) == {"refused": "This text is not there any more. Load the page again."}


def test_a_text_that_changed_meanwhile_is_told(translation: Translation, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(unit: Unit, *, by: Any) -> Unit:
        raise acts.Stale(unit, None)

    monkeypatch.setattr(suggestions, "suggest", stale)
    response = ask(translation.pk, staff(StaffRole.TRANSLATOR_EN), key="body")
    assert response.status_code == 409
    assert read(response) == {"refused": "The text has changed meanwhile. Ask again."}


@pytest.mark.parametrize("role", [StaffRole.TRANSLATOR_ZH_HANS, StaffRole.LANGUAGE_REVIEWER_EN, StaffRole.PUBLISHER])
def test_nobody_else_may_ask(translation: Translation, role: StaffRole) -> None:
    response = ask(translation.pk, staff(role), key="body")
    assert response.status_code == 403
    assert read(response) == {"refused": "You may not write this language."}


def test_who_is_not_signed_in_may_not(translation: Translation) -> None:
    assert ask(translation.pk, AnonymousUser(), key="body").status_code == 403


def test_reading_asks_for_nothing(translation: Translation) -> None:
    request = RequestFactory().get("/")
    request.user = staff(StaffRole.TRANSLATOR_EN)
    assert suggestion_views.ask(request, translation.pk).status_code == 405


def test_a_translation_that_is_not_there_is_not_found(db: None) -> None:
    with pytest.raises(Http404):
        ask(7, staff(StaffRole.TRANSLATOR_EN), key="body")
