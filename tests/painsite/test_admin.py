from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from painsite.roles import StaffRole
from tests.factories import UserFactory, staff


def change_url(user: Any) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


@pytest.fixture
def administrator(client: Client, db: None) -> Any:
    client.force_login(person := staff(StaffRole.ADMINISTRATOR))
    return person


def test_an_administrator_makes_nobody_superuser_by_a_hand_made_post(client: Client, administrator: Any) -> None:
    data = {"username": administrator.username, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert client.post(change_url(administrator), data).status_code == 302
    administrator.refresh_from_db()
    assert not administrator.is_superuser


def test_an_administrator_puts_people_into_groups(client: Client, administrator: Any) -> None:
    person = UserFactory.create()
    group = StaffRole.EDITOR.group()
    data = {"username": person.username, "is_active": "on", "is_staff": "on", "groups": [group.pk]}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    assert client.post(change_url(person), data).status_code == 302
    assert list(person.groups.all()) == [group]


@pytest.mark.parametrize("page", ["change", "delete", "password_change"])
def test_a_superuser_is_out_of_an_administrators_reach(client: Client, administrator: Any, page: str) -> None:
    superuser = get_user_model().objects.create_superuser("root", password="correct horse battery staple")
    name = "admin:auth_user_password_change" if page == "password_change" else f"admin:auth_user_{page}"
    assert client.post(reverse(name, args=[superuser.pk]), {"username": "taken"}).status_code == 403
    superuser.refresh_from_db()
    assert superuser.username == "root"
    assert superuser.is_superuser
