import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from articles.models import Article
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition, Role, SignOff, State, Verdict, editions_by_document, in_a_year, latest_review
from tests.factories import ArticleFactory, TermFactory, TopicFactory, approve, publish, staff, submit, withdraw

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime.datetime(2026, 6, 15, 12, tzinfo=SHANGHAI)
HOUR = datetime.timedelta(hours=1)
TICK = datetime.timedelta(microseconds=1)


@pytest.fixture
def article(db: None) -> Any:
    return ArticleFactory.create()


@pytest.fixture
def edition(article: Any) -> Edition:
    return approve(submit(article, "zh-hans"))


def put_live(edition: Edition, start: datetime.datetime, end: datetime.datetime | None = None) -> None:
    edition.state = State.SUPERSEDED if end else State.PUBLISHED
    edition.live_from, edition.live_until = start, end
    edition.save(update_fields=["state", "live_from", "live_until"])


def is_live(edition: Edition, at: datetime.datetime) -> bool:
    """As both ways of asking say."""
    edition.refresh_from_db()
    by_query = Edition.objects.live(at=at).filter(pk=edition.pk).exists()
    assert by_query == edition.is_live(at)
    return by_query


# Live -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON - TICK, False),
        (NOON, True),
        (NOON + TICK, True),
        (NOON + HOUR - TICK, True),
        (NOON + HOUR, False),
        (NOON + HOUR + TICK, False),
    ],
)
def test_live_from_is_inclusive_and_live_until_exclusive(
    edition: Edition, at: datetime.datetime, expected: bool
) -> None:
    put_live(edition, NOON, NOON + HOUR)
    assert is_live(edition, at) is expected


def test_without_an_end_it_stays_live(edition: Edition) -> None:
    put_live(edition, NOON)
    assert is_live(edition, NOON + 24 * HOUR)
    assert not is_live(edition, NOON - TICK)


def test_a_span_that_ends_where_it_begins_is_never_live(edition: Edition) -> None:
    put_live(edition, NOON, NOON)
    assert not any(is_live(edition, at) for at in (NOON - TICK, NOON, NOON + TICK))


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED, State.WITHDRAWN])
def test_what_was_never_published_is_never_live(edition: Edition, state: State) -> None:
    Edition.objects.update(state=state)
    assert not is_live(edition, timezone.now())


@pytest.mark.parametrize("grace", [0, 1, 90])
def test_the_grace_after_the_review_date_ends_with_its_last_day_where_the_hospital_is(
    edition: Edition, settings: Settings, grace: int
) -> None:
    settings.REVIEW_GRACE_DAYS = grace
    put_live(edition, NOON)
    last_day = edition.review_due + datetime.timedelta(days=grace)
    midnight = datetime.datetime.combine(last_day + datetime.timedelta(days=1), datetime.time(), SHANGHAI)
    assert is_live(edition, midnight - TICK)
    assert not is_live(edition, midnight)
    assert is_live(edition, (midnight - TICK).astimezone(datetime.UTC))
    assert not is_live(edition, midnight.astimezone(datetime.UTC))


def test_the_local_day_of_the_active_time_zone_counts(edition: Edition, settings: Settings) -> None:
    settings.REVIEW_GRACE_DAYS = 0
    put_live(edition, NOON)
    midnight = datetime.datetime.combine(edition.review_due + datetime.timedelta(days=1), datetime.time(), SHANGHAI)
    with timezone.override("UTC"):
        assert is_live(edition, midnight)


MOMENTS = st.datetimes(
    datetime.datetime(2026, 6, 14), datetime.datetime(2026, 6, 17), timezones=st.sampled_from([SHANGHAI, datetime.UTC])
)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=MOMENTS, end=st.none() | MOMENTS, at=MOMENTS, late=st.integers(-2, 2))
def test_the_query_and_the_edition_in_hand_always_agree(
    edition: Edition,
    settings: Settings,
    start: datetime.datetime,
    end: datetime.datetime | None,
    at: datetime.datetime,
    late: int,
) -> None:
    overdue = (datetime.date(2026, 6, 15) - edition.review_due).days
    settings.REVIEW_GRACE_DAYS = overdue + late
    if end and end < start:
        start, end = end, start
    put_live(edition, start, end)
    within_grace = at.astimezone(SHANGHAI).date() <= datetime.date(2026, 6, 15) + datetime.timedelta(days=late)
    assert is_live(edition, at) == (start <= at and (end is None or at < end) and within_grace)


def test_an_edition_ends_when_it_ceases_to_be_live(edition: Edition, settings: Settings) -> None:
    """At the end of its span or of the grace after its review date, whichever comes first."""
    settings.REVIEW_GRACE_DAYS = 90
    edition.state, edition.live_from = State.PUBLISHED, NOON
    edition.review_due = datetime.date(2030, 1, 1)
    edition.live_until = None
    assert edition.ends_at == datetime.datetime(2030, 4, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    for live_until in (None, NOON + datetime.timedelta(days=1), datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)):
        edition.live_until = live_until
        assert edition.is_live(edition.ends_at - datetime.timedelta(microseconds=1))
        assert not edition.is_live(edition.ends_at)


def test_live_without_a_moment_means_now(edition: Edition) -> None:
    put_live(edition, timezone.now() - HOUR)
    assert edition.is_live()
    assert Edition.objects.live().get() == edition
    put_live(edition, timezone.now() + HOUR)
    assert not edition.is_live()
    assert not Edition.objects.live().exists()


def test_live_in_a_language_is_in_that_language_alone(article: Any) -> None:
    chinese, english = publish(article, "zh-hans"), publish(article, "en")
    assert set(Edition.objects.live()) == {chinese, english}
    assert Edition.objects.live("zh-hans").get() == chinese
    assert Edition.objects.live("en").get() == english
    assert not Edition.objects.live("fr").exists()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, True),
        (-5, None, True),
        (-5, 1, True),
        (-5, 0, False),
        (-5, -1, False),
        (5, None, True),
        (5, 6, True),
        (5, 5, False),
    ],
)
def test_not_over_means_that_some_of_its_time_is_still_to_come(
    edition: Edition, start: int, end: int | None, expected: bool
) -> None:
    put_live(edition, NOON + start * HOUR, None if end is None else NOON + end * HOUR)
    assert Edition.objects.not_over(NOON).exists() is expected


def test_what_was_never_live_is_not_among_what_is_not_over(edition: Edition) -> None:
    assert not Edition.objects.not_over(NOON).exists()


# Querysets ------------------------------------------------------------------------------------------------------------


def test_editions_of_documents_are_told_apart_by_kind(article: Any) -> None:
    term = TermFactory.create(pk=article.pk)
    ours, other = submit(article, "zh-hans"), submit(term, "zh-hans")
    assert article.pk == term.pk
    assert Edition.objects.of(article).get() == ours
    assert term.editions.get() == other
    assert Edition.objects.of_kind(Article).get() == ours
    assert not Edition.objects.of().exists()
    assert not Edition.objects.of(ArticleFactory.create()).exists()


def test_editions_that_point_to_a_document_under_a_relation(db: None) -> None:
    topic = TopicFactory.create()
    target = publish(topic, "zh-hans")
    child = publish(TopicFactory.create(parent=topic), "zh-hans")
    named = publish(ArticleFactory.create(topics=[topic]), "zh-hans")
    publish(ArticleFactory.create(topics=[TopicFactory.create()]), "zh-hans")
    assert Edition.objects.pointing_to(target, "topics").get() == named
    assert Edition.objects.pointing_to(target, "parent").get() == child
    assert not Edition.objects.pointing_to(target, "related").exists()


def test_open_is_in_review_or_approved(article: Any) -> None:
    submit(article, "zh-hans")
    approve(submit(article, "en"))
    publish(ArticleFactory.create(), "zh-hans")
    assert {(e.language, e.state) for e in Edition.objects.open()} == {("zh-hans", "in_review"), ("en", "approved")}


def test_editions_by_document_takes_one_query_and_leaves_the_content_behind(
    article: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = publish(article, "zh-hans")
    article.title_zh_hans = "另一个题目"
    article.save()
    second = submit(article, "zh-hans")
    unsent = ArticleFactory.create()
    with django_assert_num_queries(1):
        found = editions_by_document([article, unsent])
        assert found == {article.pk: [second, first]}
    assert found[article.pk][0].get_deferred_fields() == {"content"}
    assert editions_by_document([]) == {}


# What the database refuses --------------------------------------------------------------------------------------------


def copy(edition: Edition, **values: Any) -> Edition:
    fields = {field.attname: getattr(edition, field.attname) for field in Edition._meta.concrete_fields}
    return Edition(**{**fields, "id": None, **values})


def test_one_number_per_document_and_language(edition: Edition) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy(edition, state=State.CHANGES_REQUESTED).save()
    for other in ({"number": 2}, {"language": "en"}, {"object_id": edition.object_id + 1}):
        copy(edition, state=State.CHANGES_REQUESTED, **other).save()
    assert Edition.objects.count() == 4


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
def test_one_open_edition_per_language(edition: Edition, state: State) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy(edition, number=2, state=state).save()
    copy(edition, number=2, state=state, language="en").save()
    copy(edition, number=3, state=State.WITHDRAWN).save()


@pytest.mark.parametrize(
    ("state", "start", "end", "allowed"),
    [
        ("in_review", None, None, True),
        ("in_review", 0, None, False),
        ("in_review", None, 0, False),
        ("changes_requested", None, None, True),
        ("changes_requested", 0, None, False),
        ("approved", None, None, True),
        ("approved", 0, None, False),
        ("published", None, None, False),
        ("published", 0, None, True),
        ("published", 1, 0, False),
        ("superseded", None, None, False),
        ("superseded", 0, None, False),
        ("superseded", 0, 0, True),
        ("superseded", 0, 1, True),
        ("superseded", 1, 0, False),
        ("withdrawn", None, None, True),
        ("withdrawn", None, 1, False),
        ("withdrawn", 0, None, False),
        ("withdrawn", 0, 0, True),
        ("withdrawn", 0, 1, True),
        ("withdrawn", 1, 0, False),
    ],
)
def test_the_state_and_the_span_fit_together(
    edition: Edition, state: str, start: int | None, end: int | None, allowed: bool
) -> None:
    moments = [None if hours is None else NOON + hours * HOUR for hours in (start, end)]

    def write() -> None:
        with transaction.atomic():
            Edition.objects.update(state=state, live_from=moments[0], live_until=moments[1])

    if allowed:
        write()
    else:
        with pytest.raises(IntegrityError):
            write()


def test_the_same_is_not_said_twice(edition: Edition) -> None:
    said = SignOff.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.create(
            edition=edition, role=said.role, verdict=said.verdict, signer=said.signer, digest=said.digest
        )


# Editions -------------------------------------------------------------------------------------------------------------


def test_a_translation_needs_a_language_reviewer_besides_the_clinician(article: Any) -> None:
    source, translated = submit(article, "zh-hans"), submit(article, "en")
    assert (source.is_translation, source.required_roles) == (False, {Role.MEDICAL})
    assert (translated.is_translation, translated.required_roles) == (True, {Role.MEDICAL, Role.LANGUAGE})


def test_an_edition_says_its_title_language_and_number(article: Any) -> None:
    edition = submit(article, "zh-hans")
    with translation.override("en"):
        assert str(edition) == f"{article.title_zh_hans} (Chinese, edition 1)"


def test_an_edition_leads_to_the_page_in_its_own_language(article: Any) -> None:
    chinese, english = submit(article, "zh-hans"), submit(article, "en")
    with translation.override("en"):
        assert chinese.get_absolute_url() == f"/zh-hans/articles/{article.slug}/"
    with translation.override("zh-hans"):
        assert english.get_absolute_url() == f"/en/articles/{article.slug}/"


def test_the_kind_of_an_edition(article: Any) -> None:
    edition = submit(article, "zh-hans")
    assert (edition.kind, edition.model, edition.document) == ("article", Article, article)


# Documents ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["pain", "what-is-pain", "a1-2b", "3"])
def test_an_address_that_is_allowed(db: None, slug: str) -> None:
    ArticleFactory.create(slug=slug).full_clean()


@pytest.mark.parametrize("slug", ["Pain", "what_is", "-pain", "pain-", "what--is", "疼痛", "a b", "a/b", "pain\n", "."])
def test_an_address_that_is_not_allowed(db: None, slug: str) -> None:
    with pytest.raises(ValidationError) as raised:
        ArticleFactory.build(slug=slug).full_clean()
    assert "slug" in raised.value.message_dict


def refusal_of_address(document: Any) -> list[str]:
    with translation.override("en"):
        try:
            document.full_clean()
        except ValidationError as error:
            return error.message_dict["slug"]
    return []


def moved(document: Any, slug: str) -> Any:
    document.slug = slug
    document.save()
    return document


def test_an_address_of_another_draft_is_refused_with_its_name(db: None) -> None:
    ArticleFactory.create(slug="pain", title_en="What is pain")
    refusal = ["“What is pain” has this address. Choose another one."]
    assert refusal_of_address(ArticleFactory.build(slug="pain")) == refusal
    assert refusal_of_address(moved(ArticleFactory.create(), "pain-2")) == []
    assert refusal_of_address(TopicFactory.build(slug="pain")) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("stage", ["live", "withdrawn", "superseded", "scheduled", "approved", "in review"])
def test_an_address_that_another_document_had_is_refused_with_its_name(db: None, language: str, stage: str) -> None:
    article = ArticleFactory.create(slug="pain", title_en="What is pain", source_language=language)
    edition = submit(article, language)
    if stage != "in review":
        approve(edition)
    if stage in {"live", "withdrawn", "superseded"}:
        workflow.publish(edition, staff(StaffRole.PUBLISHER))
    if stage == "scheduled":
        workflow.publish(edition, staff(StaffRole.PUBLISHER), at=timezone.now() + HOUR)
    if stage == "withdrawn":
        withdraw(edition)
    moved(article, "pain-then")
    if stage == "superseded":
        publish(article, language)
    refusal = ["“What is pain” had this address, and old links lead there. Choose another one."]
    assert refusal_of_address(ArticleFactory.build(slug="pain")) == refusal
    assert refusal_of_address(TopicFactory.build(slug="pain")) == []
    assert refusal_of_address(moved(article, "pain")) == []  # it may have its own again


@pytest.mark.parametrize("stage", ["draft", "changes requested", "sent again", "cancelled"])
def test_an_address_at_which_nobody_ever_read_anything_is_free(db: None, stage: str) -> None:
    article = ArticleFactory.create(slug="pain")
    if stage != "draft":
        edition = submit(article, "zh-hans")
    if stage == "changes requested":
        workflow.request_changes(edition, staff(StaffRole.MEDICAL_REVIEWER), comment="No")
    if stage == "cancelled":
        workflow.publish(approve(edition), staff(StaffRole.PUBLISHER), at=timezone.now() + HOUR)
        withdraw(edition)
    moved(article, "pain-then")
    if stage == "sent again":
        submit(article, "zh-hans")
    assert refusal_of_address(ArticleFactory.build(slug="pain")) == []


def test_a_document_is_called_by_its_title_in_the_readers_language(db: None) -> None:
    article = ArticleFactory.build(title_zh_hans="疼痛", title_en="Pain")
    with translation.override("en"):
        assert str(article) == "Pain"
    with translation.override("zh-hans"):
        assert str(article) == "疼痛"


def test_a_document_without_that_is_called_by_its_source_title_then_any_then_its_address(db: None) -> None:
    with translation.override("en"):
        assert str(ArticleFactory.build(title_zh_hans="疼痛", title_en=None)) == "疼痛"
        assert str(ArticleFactory.build(slug="pain", title_zh_hans=None, title_en="")) == "pain"
    with translation.override(None):
        assert str(ArticleFactory.build(title_zh_hans="疼痛", title_en="Pain")) == "疼痛"
        assert str(ArticleFactory.build(title_zh_hans="", title_en="Pain")) == "Pain"


def test_a_text_that_is_missing_is_empty(db: None) -> None:
    article = ArticleFactory.build(title_en=None)
    assert article.text("title", "en") == ""
    assert article.text("title", "zh-hans") == article.title_zh_hans


@pytest.mark.parametrize(("source", "others"), [("zh-hans", ["en"]), ("en", ["zh-hans"])])
def test_the_other_languages_are_translations(db: None, source: str, others: list[str]) -> None:
    assert ArticleFactory.build(source_language=source).translation_languages == others


@pytest.mark.parametrize(("source", "field"), [("zh-hans", "title_zh_hans"), ("en", "title_en")])
@pytest.mark.parametrize("blank", [None, "", " ", "\u3000\u200b"])
def test_the_title_in_the_source_language_is_required(db: None, source: str, field: str, blank: str | None) -> None:
    article = ArticleFactory.build(source_language=source, **{field: blank})
    with pytest.raises(ValidationError) as raised:
        article.full_clean()
    assert list(raised.value.message_dict) == [field]


@pytest.mark.parametrize("active", ["zh-hans", "en"])
@pytest.mark.parametrize(("source", "missing"), [("zh-hans", "en"), ("en", "zh_hans")])
def test_a_draft_may_be_in_its_source_language_alone(db: None, active: str, source: str, missing: str) -> None:
    empty = {f"{name}_{missing}": "" for name in ("title", "summary", "body")}
    article = ArticleFactory.build(source_language=source, **empty)
    with translation.override(active):
        article.full_clean()


def test_the_next_review_is_a_year_ahead_unless_somebody_says_otherwise(db: None) -> None:
    assert Article().next_review == in_a_year() == timezone.localdate() + datetime.timedelta(days=365)


def test_the_next_review_lies_at_most_as_far_ahead_as_the_settings_say(db: None, settings: Settings) -> None:
    settings.REVIEW_LIMIT_DAYS = 100
    last = timezone.localdate() + datetime.timedelta(days=100)
    assert latest_review() == last
    ArticleFactory.build(next_review=last).full_clean()
    ArticleFactory.build(next_review=None).full_clean()
    with pytest.raises(ValidationError) as raised:
        ArticleFactory.build(next_review=last + datetime.timedelta(days=1)).full_clean()
    assert list(raised.value.message_dict) == ["next_review"]


def test_a_person_with_editions_or_sign_offs_is_kept(edition: Edition) -> None:
    from django.db.models import ProtectedError

    for person in (edition.author, staff(StaffRole.MEDICAL_REVIEWER)):
        with pytest.raises(ProtectedError):
            person.delete()


def test_a_sign_off_and_an_event_say_what_they_are(edition: Edition) -> None:
    withdraw_me = publish(ArticleFactory.create(), "zh-hans")
    withdraw(withdraw_me)
    with translation.override("en"):
        assert str(SignOff(role=Role.MEDICAL, verdict=Verdict.APPROVE)) == "medical reviewer: approved"
        assert [str(event) for event in withdraw_me.events.all()] == [
            "sent for review",
            "signed",
            "published",
            "withdrawn",
        ]
