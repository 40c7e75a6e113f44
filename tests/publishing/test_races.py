"""Two people save the same draft at the same moment: one of them wins, the other is told, and nothing is lost.

60 pairs of each kind, or as many as PAINSITE_RACES says (a tenth of them through the admin, where each pair is two
whole requests and a merger). All 500 that were asked for, on either database:

    PAINSITE_RACES=500 .venv/bin/python tests/run.py sqlite postgres -- tests/publishing/test_races.py
"""

import os
from typing import Any

import pytest
from django.urls import reverse
from reversion.models import Version

from articles.models import Article
from painsite.roles import StaffRole
from publishing.models import Conflict
from tests.adminforms import client_of, filled_in
from tests.factories import ArticleFactory, UserFactory

from .racing import at_the_same_moment

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = int(os.environ.get("PAINSITE_RACES", "60"))
REQUESTS = max(PAIRS // 10, 1)


def test_of_two_saves_of_one_draft_exactly_one_wins() -> None:
    pk = ArticleFactory().pk
    for number in range(PAIRS):
        drafts: list[Any] = [Article.objects.get(pk=pk) for _ in range(2)]
        for name, draft in zip("ab", drafts, strict=True):
            draft.title_en = f"{number} {name}"

        raised = at_the_same_moment(*(draft.save for draft in drafts))

        assert [type(error) for error in raised if error] == [Conflict], raised
        winner = drafts[raised.index(None)]
        assert Article.objects.values_list("title_en", "version").get(pk=pk) == (winner.title_en, number + 1)


@pytest.fixture
def editors(transactional_db: None) -> list[Any]:
    return [client_of(UserFactory(roles=[StaffRole.EDITOR])) for _ in range(2)]


def posts(clients: list[Any], urls: list[str], forms: list[dict[str, Any]]) -> list[Any]:
    """The answers to forms that were sent at the same moment."""
    answers: list[Any] = [None, None]

    def send(index: int) -> None:
        answers[index] = clients[index].post(urls[index], forms[index])

    raised = at_the_same_moment(lambda: send(0), lambda: send(1))
    assert raised == [None, None]
    return answers


def warning(heading: str) -> dict[str, str]:
    return {
        "warnings-TOTAL_FORMS": "1",
        "warnings-0-level": "urgent",
        "warnings-0-heading_zh_hans": "胸痛",
        "warnings-0-heading_en": heading,
        "warnings-0-text_zh_hans": "请立即就医。",
        "warnings-0-text_en": "See a doctor.",
        "warnings-0-order": "0",
    }


def test_of_two_forms_sent_at_once_one_is_saved_and_the_other_merged_with_it(editors: list[Any]) -> None:
    for number in range(REQUESTS):
        article: Any = ArticleFactory()
        url = reverse("admin:articles_article_change", args=[article.pk])
        typed = [{"title_en": f"{number} {name}", **warning(f"Warning {name}")} for name in "ab"]
        forms = [filled_in(client.get(url)) | mine for client, mine in zip(editors, typed, strict=True)]

        answers = posts(editors, [url, url], forms)

        assert sorted(answer.status_code for answer in answers) == [302, 409]
        loser = next(index for index, answer in enumerate(answers) if answer.status_code == 409)
        now: Any = Article.objects.get(pk=article.pk)
        assert (now.title_en, now.version) == (typed[1 - loser]["title_en"], 1)
        assert [row.heading_en for row in now.warnings.all()] == [typed[1 - loser]["warnings-0-heading_en"]]
        assert Version.objects.get_for_object(now).count() == 1
        merged = filled_in(answers[loser])
        assert merged["title_en"] == typed[loser]["title_en"]
        assert editors[loser].post(url, merged).status_code == 302
        now = Article.objects.get(pk=article.pk)
        assert (now.title_en, now.version) == (typed[loser]["title_en"], 2)
        assert sorted(row.heading_en for row in now.warnings.all()) == ["Warning a", "Warning b"]


def test_a_draft_that_is_saved_and_deleted_at_once_is_either_saved_or_typed_and_kept(editors: list[Any]) -> None:
    for number in range(REQUESTS):
        article: Any = ArticleFactory()
        urls = [reverse(f"admin:articles_article_{view}", args=[article.pk]) for view in ("change", "delete")]
        forms = [filled_in(client.get(url)) for client, url in zip(editors, urls, strict=True)]

        saved, deleted = posts(editors, urls, [forms[0] | {"title_en": f"{number}"}, forms[1]])

        left = list(Article.objects.filter(pk=article.pk).values_list("title_en", flat=True))
        outcome = (saved.status_code, deleted.status_code, left)
        assert outcome in [(302, 200, [f"{number}"]), (409, 302, [])], outcome
        if not left:
            assert filled_in(saved)["title_en"] == f"{number}"


def test_a_save_and_an_earlier_draft_brought_back_at_once_do_not_mix(editors: list[Any]) -> None:
    for number in range(REQUESTS):
        article: Any = ArticleFactory(title_en="First", summary_en="First")
        change = reverse("admin:articles_article_change", args=[article.pk])
        for _ in range(2):
            form = filled_in(editors[0].get(change)) | {"title_en": "Newest", "summary_en": "Newest"}
            assert editors[0].post(change, form).status_code == 302
            Article.objects.filter(pk=article.pk).update(title_en="First", summary_en="First")
        oldest = Version.objects.get_for_object(article).earliest("pk")
        urls = [change, reverse("admin:articles_article_revision", args=[article.pk, oldest.pk])]
        forms = [filled_in(client.get(url)) for client, url in zip(editors, urls, strict=True)]

        answers = posts(editors, urls, [forms[0] | {"title_en": f"{number}"}, forms[1]])

        assert sorted(answer.status_code for answer in answers) == [302, 409]
        now: Any = Article.objects.get(pk=article.pk)
        is_saved = answers[0].status_code == 302
        assert (now.title_en, now.summary_en) == ((f"{number}", "First") if is_saved else ("Newest", "Newest"))
        assert now.version == 3
