from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from painsite.models import SiteProfile
from painsite.roles import StaffRole
from tests.factories import UserFactory, staff
from tests.pages import Document


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


# The department -------------------------------------------------------------------------------------------------------

FORM = {"hospital_en": "General Hospital", "hospital_zh_hans": "总医院", "emergency_number": "120"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", [StaffRole.PUBLISHER, StaffRole.ADMINISTRATOR])
def test_the_front_page_leads_straight_to_the_form_of_the_profile(client: Client, role: StaffRole) -> None:
    client.force_login(staff(role))
    (link,) = Document(client.get("/admin/").content).texts("//tr[contains(@class, 'model-siteprofile')]/th/a/@href")
    response = client.get(link, follow=True)
    assert response.redirect_chain == [("/admin/painsite/siteprofile/1/change/", 302)]
    assert client.post("/admin/painsite/siteprofile/1/change/", FORM).status_code == 302
    profile: Any = SiteProfile.objects.get()
    assert (profile.hospital_en, profile.hospital_zh_hans) == ("General Hospital", "总医院")


@pytest.mark.django_db
def test_an_earlier_profile_can_be_brought_back(client: Client) -> None:
    client.force_login(staff(StaffRole.PUBLISHER))
    client.get("/admin/painsite/siteprofile/", follow=True)
    path = "/admin/painsite/siteprofile/1/change/"
    for name in ("Before", "After"):
        client.post(path, FORM | {"hospital_en": name})
    before = Version.objects.get_for_object(SiteProfile.objects.get()).order_by("pk")[0]
    assert before.field_dict["hospital_en"] == "Before"
    page = Document(client.get(f"/admin/painsite/siteprofile/1/history/{before.pk}/").content)
    assert page.texts("//input[@name='hospital_en']/@value") == ["Before"]
    profile: Any = SiteProfile.objects.get()
    assert profile.hospital_en == "After"


@pytest.mark.django_db
def test_a_number_that_cannot_be_called_is_told_so(client: Client) -> None:
    client.force_login(staff(StaffRole.PUBLISHER))
    client.get("/admin/painsite/siteprofile/", follow=True)
    response = client.post("/admin/painsite/siteprofile/1/change/", FORM | {"telephone": "call us"})
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["telephone"]
    assert not SiteProfile.objects.get().telephone
