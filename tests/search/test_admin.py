import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from painsite.roles import StaffRole
from search.models import Missed
from tests.factories import staff

pytestmark = pytest.mark.django_db


def listed(client: Client, **chosen: Any) -> list[tuple[str, str, int, datetime.date]]:
    page = client.get("/admin/search/missed/", chosen)
    return [(row.query, row.language, row.total, row.day) for row in page.context["cl"].result_list]


def test_the_same_words_are_one_line_over_all_days_and_go_together(client: Client) -> None:
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    for language, query, day, count in (
        ("en", "aspirin", today, 2), ("en", "aspirin", yesterday, 3), ("zh-hans", "aspirin", yesterday, 1),
        ("en", "yoga", today, 4),
    ):  # fmt: skip
        Missed.objects.create(language=language, query=query, day=day, count=count)
    client.force_login(staff(StaffRole.EDITOR))
    aspirin, yoga, chinese = ("en", 5, today), ("en", 4, today), ("zh-hans", 1, yesterday)
    assert listed(client) == [("aspirin", *aspirin), ("yoga", *yoga), ("aspirin", *chinese)]
    assert listed(client, q="asp", language__exact="en") == [("aspirin", *aspirin)]
    assert listed(client, day=str(yesterday)) == [("aspirin", "en", 3, yesterday), ("aspirin", *chinese)]

    (key,) = Missed.objects.filter(language="en", query="aspirin", day=today).values_list("pk", flat=True)
    chosen = {"action": "delete_selected", "_selected_action": key, "post": "yes"}
    assert client.post("/admin/search/missed/", chosen).status_code == 302
    assert listed(client) == [("yoga", *yoga), ("aspirin", *chinese)]
    (key,) = Missed.objects.filter(query="yoga").values_list("pk", flat=True)
    assert client.post(f"/admin/search/missed/{key}/delete/", {"post": "yes"}).status_code == 302
    assert listed(client) == [("aspirin", *chinese)]


@pytest.mark.parametrize("count", [2, 100])
def test_editors_see_what_is_looked_for_in_vain(client: Client, django_assert_max_num_queries: Any, count: int) -> None:
    for number in range(count):
        Missed.objects.create(language="en", query=f"aspirin {number}", count=number + 1)
    client.force_login(staff(StaffRole.EDITOR))
    with django_assert_max_num_queries(20):
        page = client.get("/admin/search/missed/", headers={"accept-language": "en"})
    assert b"aspirin 1" in page.content
    assert client.get("/admin/search/missed/add/").status_code == 403
