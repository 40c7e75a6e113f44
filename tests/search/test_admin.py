from typing import Any

import pytest
from django.test import Client

from painsite.roles import StaffRole
from search.models import Missed
from tests.factories import staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [2, 100])
def test_editors_see_what_is_looked_for_in_vain(client: Client, django_assert_max_num_queries: Any, count: int) -> None:
    for number in range(count):
        Missed.objects.create(language="en", query=f"aspirin {number}", count=number + 1)
    client.force_login(staff(StaffRole.EDITOR))
    with django_assert_max_num_queries(20):
        page = client.get("/admin/search/missed/", headers={"accept-language": "en"})
    assert b"aspirin 1" in page.content
    assert client.get("/admin/search/missed/add/").status_code == 403
