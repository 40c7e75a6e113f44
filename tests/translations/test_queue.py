"""The queue of the translators' desk, asked as people ask it."""

import datetime
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from painsite.roles import StaffRole
from tests.factories import ArticleFactory, TermFactory, UserFactory, staff
from translations import acts
from translations.models import Translation

pytestmark = pytest.mark.django_db

QUEUE = "/admin/desk/"


def at(user: Any) -> Client:
    client = Client(headers={"accept-language": "en", "sec-fetch-site": "same-origin"})
    client.force_login(user)
    return client


def translation_of(document: Any, language: str = "en") -> Translation:
    kind = ContentType.objects.get_for_model(document)
    return Translation.objects.get(content_type=kind, object_id=document.pk, language=language)


def shown(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row["translation"].title for row in response.context["rows"]]


def counts(response: Any) -> dict[str, int]:
    return {tab["name"]: tab["count"] for tab in response.context["tabs"]}


def make(title: str, **texts: Any) -> Any:
    return ArticleFactory(title_zh_hans=title, **texts)


def test_tabs_tell_whose_it_is_and_what_it_needs() -> None:
    translator, reviewer = staff(StaffRole.TRANSLATOR_EN), staff(StaffRole.LANGUAGE_REVIEWER_EN)
    make("全译")
    make("缺文", body_en="")
    outdated = make("过时")
    Article.objects.get(pk=outdated.pk)
    outdated.summary_zh_hans = "新的要点。"
    outdated.save()
    returned = make("退回")
    unit = translation_of(returned).units.get(key="title")
    acts.send_back(unit, by=reviewer, seen_digest=unit.digest, comment="Shorter.")
    acts.take(translation_of(returned), by=translator)

    desk = at(translator)
    response = desk.get(QUEUE)
    assert counts(response) == {"mine": 1, "unassigned": 2, "outdated": 1, "returned": 1, "all": 4}
    assert response.context["tab"] == "mine"
    assert shown(response) == ["退回"]
    assert shown(desk.get(QUEUE, {"tab": "unassigned"})) == ["过时", "缺文"]
    assert shown(desk.get(QUEUE, {"tab": "outdated"})) == ["过时"]
    assert shown(desk.get(QUEUE, {"tab": "returned"})) == ["退回"]
    assert shown(desk.get(QUEUE, {"tab": "all"})) == ["退回", "过时", "缺文", "全译"]


def test_a_language_reviewer_finds_what_is_translated_and_not_approved() -> None:
    reviewer = staff(StaffRole.LANGUAGE_REVIEWER_EN)
    article = make("待审", references=0)
    make("未译", title_en="", summary_en="", body_en="", references=0)
    desk = at(reviewer)
    response = desk.get(QUEUE)
    assert (response.context["tab"], shown(response)) == ("review", ["待审"])
    for unit in translation_of(article).units.all():
        acts.approve(unit, by=reviewer, seen_digest=unit.digest)
    assert shown(desk.get(QUEUE, {"tab": "review"})) == []
    assert "review" not in counts(at(staff(StaffRole.TRANSLATOR_EN)).get(QUEUE))


def test_it_begins_with_the_languages_that_the_person_writes_or_reviews() -> None:
    make("译成英文")
    ArticleFactory(source_language="en", title_en="Into Chinese")
    everything = {"译成英文", "Into Chinese"}

    def all_of(role: StaffRole, **asked: str) -> set[str]:
        return set(shown(at(staff(role)).get(QUEUE, {"tab": "all", **asked})))

    assert all_of(StaffRole.TRANSLATOR_EN) == {"译成英文"}
    assert all_of(StaffRole.LANGUAGE_REVIEWER_ZH_HANS) == {"Into Chinese"}
    assert all_of(StaffRole.TRANSLATOR_EN, language="zh-hans") == {"Into Chinese"}
    assert all_of(StaffRole.TRANSLATOR_EN, language="all") == everything
    assert all_of(StaffRole.EDITOR) == all_of(StaffRole.PUBLISHER) == everything


def test_filters_narrow_by_kind_title_and_day_and_what_is_no_filter_is_passed_over() -> None:
    late, later = make("头痛", body_en=""), make("腰痛", body_en="")
    TermFactory(name_zh_hans="神经")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for document, due in ((late, yesterday), (later, timezone.localdate())):
        acts.assign(translation_of(document), to=None, due=due, by=staff(StaffRole.EDITOR))
    desk = at(staff(StaffRole.EDITOR))

    def found(**asked: str) -> list[str]:
        return shown(desk.get(QUEUE, {"tab": "all", **asked}))

    assert found() == ["头痛", "腰痛", "神经"]
    assert found(kind="glossary.term") == ["神经"]
    assert found(q="腰") == ["腰痛"]
    assert found(overdue="on") == ["头痛"]
    assert found(kind="x", language="y", q="", page="z") == ["头痛", "腰痛", "神经"]
    assert shown(desk.get(QUEUE, {"tab": "nothing"})) == ["头痛", "腰痛"], "the first tab that has something"


def test_what_was_done_of_a_translation_no_longer_counts_as_overdue() -> None:
    article = make("已译")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    acts.assign(translation_of(article), to=None, due=yesterday, by=staff(StaffRole.EDITOR))
    response = at(staff(StaffRole.EDITOR)).get(QUEUE, {"tab": "all"})
    assert [row["is_overdue"] for row in response.context["rows"]] == [False]


def test_progress_of_the_site_is_rounded_down_and_counts_words_and_characters_left() -> None:
    make("头痛", summary_zh_hans="甲乙丙丁", summary_en="", body_zh_hans="", body_en="", references=0)
    response = at(staff(StaffRole.EDITOR)).get(QUEUE)
    assert response.context["counts"]["words_left"] == 4
    assert response.context["done_percent"] == 33
    assert "4 of 6 words left (4 characters)" in response.content.decode()


def test_who_may_assign_gives_many_to_one_person_until_a_day() -> None:
    editor, translator = staff(StaffRole.EDITOR), staff(StaffRole.TRANSLATOR_EN)
    first, second = translation_of(make("头痛", body_en="")), translation_of(make("腰痛", body_en=""))
    desk = at(editor)
    chosen = {"chosen": [first.pk, second.pk], "to": translator.pk, "due": "2030-05-06"}
    response = desk.post("/admin/desk/assign/", chosen, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Assigned: 2."]
    assert set(Translation.objects.values_list("assignee", "due")) == {(translator.pk, datetime.date(2030, 5, 6))}
    assert shown(at(translator).get(QUEUE)) == ["腰痛", "头痛"]


def test_nobody_is_given_what_they_may_not_write() -> None:
    into_english = translation_of(make("头痛", body_en=""))
    other = staff(StaffRole.TRANSLATOR_ZH_HANS)
    desk = at(staff(StaffRole.EDITOR))
    response = desk.post("/admin/desk/assign/", {"chosen": [into_english.pk], "to": other.pk}, follow=True)
    said = [str(message) for message in response.context["messages"]]
    assert said == [f"{into_english}: {other} may not write this language."]
    response = desk.post("/admin/desk/assign/", {"to": other.pk, "chosen": ["x", "9" * 30]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Choose something first."]
    reader = UserFactory(roles=[StaffRole.PUBLISHER])
    response = desk.post("/admin/desk/assign/", {"chosen": [into_english.pk], "to": reader.pk}, follow=True)
    assert "Select a valid choice" in str(next(iter(response.context["messages"])))
    into_english.refresh_from_db()
    assert into_english.assignee is None


def test_only_what_is_left_to_do_is_offered_to_be_taken() -> None:
    make("头痛", body_en="")
    make("腰痛")
    response = at(staff(StaffRole.TRANSLATOR_EN)).get(QUEUE, {"tab": "all"})
    assert shown(response) == ["头痛", "腰痛"]
    assert [row["may_take"] for row in response.context["rows"]] == [True, False]


def test_a_translator_takes_what_is_nobodys_and_gives_it_back() -> None:
    translator, other = staff(StaffRole.TRANSLATOR_EN), UserFactory(roles=[StaffRole.TRANSLATOR_EN])
    translation = translation_of(make("头痛", body_en=""))
    take, give_back = f"/admin/desk/{translation.pk}/take/", f"/admin/desk/{translation.pk}/give-back/"

    def owner() -> Any:
        translation.refresh_from_db()
        return translation.assignee

    assert at(translator).post(take, headers={"referer": "http://evil.example/"})["Location"] == QUEUE
    assert owner() == translator
    response = at(other).post(take, follow=True)
    assert [str(message) for message in response.context["messages"]] == [f"{translator} has taken it already."]
    at(other).post(give_back)
    assert owner() == translator
    at(translator).post(give_back)
    assert owner() is None


def test_the_front_page_of_the_admin_tells_what_waits_at_the_desk() -> None:
    translation = translation_of(make("头痛", body_en=""))
    translator = staff(StaffRole.TRANSLATOR_EN)
    text = at(translator).get("/admin/").content.decode()
    assert '<a href="/admin/desk/?tab=unassigned">' in text
    assert '<a href="/admin/desk/?tab=mine">' not in text
    acts.take(translation, by=translator)
    text = at(translator).get("/admin/").content.decode()
    assert '<a href="/admin/desk/?tab=mine">' in text
    assert "/admin/desk/" not in at(UserFactory()).get("/admin/").content.decode()


@pytest.mark.parametrize("role", [StaffRole.EDITOR, StaffRole.TRANSLATOR_EN, StaffRole.LANGUAGE_REVIEWER_EN])
def test_queries_stay_the_same_however_many_there_are(role: StaffRole) -> None:
    def asked() -> int:
        desk = at(user)
        desk.get(QUEUE, {"tab": "all"})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(QUEUE, {"tab": "all"}).status_code == 200
        return len(queries)

    user = staff(role)
    make("头痛", body_en="")
    few = asked()
    for number in range(12):
        document = make(f"头痛{number}", body_en="")
        acts.assign(
            translation_of(document),
            to=UserFactory(roles=[StaffRole.TRANSLATOR_EN]),
            due=None,
            by=staff(StaffRole.EDITOR),
        )
        TermFactory()
    assert asked() == few <= 12
