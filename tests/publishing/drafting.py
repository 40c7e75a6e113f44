"""People with the forms of drafts open, for the tests of what happens when there are several."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from painsite.roles import StaffRole
from tests.adminforms import client_as, client_of, filled_in
from tests.factories import (
    UserFactory,
)

MANAGEMENT = {"TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS"}


class Person:
    """Somebody with the form of one draft open."""

    def __init__(self, document: Any, role: StaffRole = StaffRole.EDITOR, language: str = "en") -> None:
        self.user = UserFactory(roles=[role], first_name="Yun", last_name="Li")
        self.client: Client = client_of(self.user, language)
        name = f"admin:{document._meta.app_label}_{document._meta.model_name}"
        self.url = reverse(f"{name}_change", args=[document.pk])
        self.list_url = reverse(f"{name}_changelist")
        self.form = filled_in(self.client.get(self.url))

    def save(self, **typed: Any) -> Any:
        """What comes of sending the open form; a page of conflict is then the open form."""
        response = self.client.post(self.url, {**self.form, **row_keys(typed)})
        if response.status_code == 409:
            self.form = filled_in(response)
        return response


def row_keys(typed: dict[str, Any]) -> dict[str, Any]:
    """`warnings_0__text_en` is how Python can name the argument for warnings-0-text_en."""
    return {
        re.sub(r"(?:_(\d+))?__", lambda found: f"-{found[1]}-" if found[1] else "-", k): v for k, v in typed.items()
    }


def saved(person: Person, **typed: Any) -> None:
    response = person.save(**typed)
    errors = response.context["errors"] if response.status_code == 200 else response.status_code
    assert response.status_code == 302, errors


def conflict(person: Person, **typed: Any) -> Any:
    response = person.save(**typed)
    assert response.status_code == 409
    return response


def parts(page: Any) -> dict[str, tuple[str, str, bool]]:
    """Of each field that is shown: its label, its language and whether both changed it."""
    return {
        difference.key: (difference.label, code, difference.by_both)
        for code, _name, differences in page.context["groups"]
        for difference in differences
    }


def fresh(article: Any) -> Any:
    return type(article).objects.get(pk=article.pk)


def delete(document: Any, **posted: Any) -> Any:
    name = f"admin:{document._meta.app_label}_{document._meta.model_name}_delete"
    client = client_as(StaffRole.EDITOR)
    url = reverse(name, args=[document.pk])
    return client.post(url, {**filled_in(client.get(url)), **posted})


def add_warning(person: Person, heading: str, index: int = 0) -> dict[str, Any]:
    return {
        "warnings__TOTAL_FORMS": index + 1,
        f"warnings_{index}__level": "urgent",
        f"warnings_{index}__heading_zh_hans": "胸痛",
        f"warnings_{index}__heading_en": heading,
        f"warnings_{index}__text_zh_hans": "请立即就医。",
        f"warnings_{index}__text_en": "See a doctor.",
        f"warnings_{index}__order": index,
    }


def headings(article: Any) -> list[str]:
    return list(article.warnings.values_list("heading_en", flat=True))
