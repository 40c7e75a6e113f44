"""How fast the translators' desk answers: the queue of 5,000 documents, and the page of an article of 60 texts.

    python tests/run.py sqlite postgres -- -n 0 -s tests/benchmarks/bench_desk.py

Aims: the queue in under 300 ms and 25 queries, the page in under 500 ms. Figures depend on the machine and on what else
runs on it, so each is printed beside a yardstick: how long this process takes to add up ten million numbers.
"""

import datetime
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from painsite.roles import StaffRole
from tests.factories import (
    ArticleFactory,
    QuestionFactory,
    TermFactory,
    UserFactory,
    WarningFactory,
    publish_all,
    staff,
)
from translations.models import Translation

DOCUMENTS = 5_000
TIMES = 21

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {connection.vendor}: {line}", end="", flush=True)

    return say


def yardstick() -> float:
    began = time.perf_counter()
    sum(range(10_000_000))
    return (time.perf_counter() - began) * 1000


def measure(client: Client, address: str) -> tuple[float, float, int]:
    """Median and slowest in milliseconds, and the queries of one."""
    client.get(address)
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        response = client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return statistics.median(taken), max(taken), len(queries)


def figures(middle: float, aim: int, most: float, queries: int) -> str:
    return f"{middle:.0f} ms (median, aim {aim}), {most:.0f} at most, {queries} queries"


def at(role: StaffRole) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff(role))
    return client


def test_the_queue(show: Callable[[str], None]) -> None:
    people = [*UserFactory.create_batch(20, roles=[StaffRole.TRANSLATOR_EN]), staff(StaffRole.TRANSLATOR_EN), None]
    kind = ContentType.objects.get_for_model(Article)
    today = timezone.localdate()
    Translation.objects.bulk_create(
        (
            Translation(
                content_type=kind,
                object_id=number,
                language="en" if number % 4 else "zh-hans",
                source_language="zh-hans" if number % 4 else "en",
                title=f"疼痛是什么，第 {number} 篇",
                assignee=people[number % len(people)],
                due=today + datetime.timedelta(days=number % 40 - 10) if number % 3 else None,
                changed_at=timezone.now() - datetime.timedelta(minutes=number),
                units_all=20, units_missing=number % 5, units_outdated=number % 3, units_returned=number % 7 == 0,
                units_approved=number % 11, words_all=800, words_left=number % 300, characters_all=1200,
                characters_left=number % 400,
            )
            for number in range(1, DOCUMENTS + 1)
        ),
        batch_size=500,
    )  # fmt: skip
    if connection.vendor == "postgresql":  # which the server does by itself, outside of a test
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    for role in (StaffRole.EDITOR, StaffRole.TRANSLATOR_EN, StaffRole.LANGUAGE_REVIEWER_EN):
        client = at(role)
        for asked in ("tab=all", "tab=unassigned&overdue=on", "tab=all&q=77", "tab=all&page=40"):
            middle, most, queries = measure(client, f"/admin/desk/?{asked}")
            show(f"{role.name.lower()}: {asked}: {figures(middle, 300, most, queries)}")
            assert middle < 300
            assert queries <= 25
    show(f"yardstick: {yardstick():.0f} ms")


def test_the_page_of_an_article_of_60_texts(show: Callable[[str], None]) -> None:
    for number in range(40):
        publish_all(TermFactory(name_zh_hans=f"疼痛{number}号", name_en=f"pain number {number}"))
    paragraphs = [f"每次口服 {number} 毫克，每日两次，持续 3 天。疼痛{number}号见效。" for number in range(30)]
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    english = "".join(
        f"<p>Take {number} mg by mouth twice a day for 3 days. Pain number {number} gets better.</p>"
        for number in range(30)
    )
    article: Any = ArticleFactory(references=5, body_zh_hans=body, body_en=english)
    WarningFactory.create_batch(12, article=article)
    QuestionFactory.create_batch(23, article=article)
    fresh: Any = Article.objects.get(pk=article.pk)
    fresh.body_zh_hans = body.replace("3 天", "5 天", 5)
    fresh.save()
    translation = Translation.objects.get(object_id=article.pk, content_type__model="article")
    rows = sum(len(unit.rows) for unit in translation.units.all())
    assert translation.units_all == 60
    for role in (StaffRole.TRANSLATOR_EN, StaffRole.LANGUAGE_REVIEWER_EN):
        middle, most, queries = measure(at(role), f"/admin/desk/{translation.pk}/")
        show(f"{role.name.lower()}: 60 texts in {rows} rows: {figures(middle, 500, most, queries)}")
        assert middle < 500
    show(f"yardstick: {yardstick():.0f} ms")
