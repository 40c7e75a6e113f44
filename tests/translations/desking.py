"""Documents on the translators' desk, and what people do there."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.test import Client

from articles.models import Article
from tests.factories import (
    ArticleFactory,
)
from translations import acts
from translations.models import Translation, Unit

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


def page(user: Any, document: Any) -> Any:
    response = at(user).get(f"/admin/desk/{translation_of(document).pk}/")
    assert response.status_code == 200
    return response


def help_with(user: Any, document: Any, key: str, row: int = 0) -> Any:
    url = f"/admin/desk/{translation_of(document).pk}/help/"
    return at(user).get(url, {"key": key, "row": str(row)}).json()
