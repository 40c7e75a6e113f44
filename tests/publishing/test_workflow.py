import contextlib
import datetime
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from pytest_django import Settings

from articles.models import Article
from painsite.roles import StaffRole
from publishing import signals, snapshot, workflow
from publishing.models import ChangeKind, Edition, Event, Link, Role, SignOff, State, Verdict
from publishing.workflow import Act, Refused
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    TopicFactory,
    UserFactory,
    WarningFactory,
    approve,
    publish,
    staff,
    submit,
    withdraw,
)

from .racing import at_the_same_moment

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
EDITOR, MEDICAL, PUBLISHER = StaffRole.EDITOR, StaffRole.MEDICAL_REVIEWER, StaffRole.PUBLISHER
TRANSLATOR, LINGUIST = StaffRole.TRANSLATOR_EN, StaffRole.LANGUAGE_REVIEWER_EN


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def article(db: None) -> Any:
    return ArticleFactory.create()


def change(article: Any, title: str) -> Any:
    article.title_zh_hans = title
    article.save()
    return article


def next_approved(article: Any, title: str) -> Edition:
    return approve(submit(change(article, title), "zh-hans"))


def put_out(edition: Edition, at: datetime.datetime | None = None) -> Edition:
    return workflow.publish(edition, staff(PUBLISHER), at=at)


def take_back(edition: Edition, at: datetime.datetime | None = None) -> Edition:
    return workflow.withdraw(edition, staff(PUBLISHER), reason="Wrong dose", at=at)


def spans(article: Any) -> list[tuple[int, State, datetime.datetime | None, datetime.datetime | None]]:
    """Number, state and span of the source's editions that were ever to go live."""
    editions = article.editions.filter(language=article.source_language, live_from__isnull=False).order_by("number")
    return [(e.number, State(e.state), e.live_from, e.live_until) for e in editions]


def live_number(article: Any, at: datetime.datetime) -> int | None:
    live = article.editions.live(article.source_language, at=at).first()
    return live.number if live else None


def history(edition: Edition) -> list[str]:
    return [event.kind for event in edition.events.all()]


def refused(message: str) -> Any:
    return pytest.raises(Refused, match=f"^{message}$")


def people() -> None:
    """Makes everybody, so that nobody is made in the middle of what is looked at."""
    for role in StaffRole:
        staff(role)


# Submit ---------------------------------------------------------------------------------------------------------------


def test_submitting_freezes_the_draft_as_it_stands(article: Any) -> None:
    edition = workflow.submit(article, "zh-hans", staff(EDITOR), change_kind=ChangeKind.WORDING, note="Shorter")
    edition.refresh_from_db()
    assert edition.document == article
    assert edition.content == snapshot.freeze(article, "zh-hans")
    assert edition.digest == snapshot.digest(edition.content)
    assert (edition.language, edition.number, edition.state) == ("zh-hans", 1, State.IN_REVIEW)
    assert (edition.slug, edition.title) == (article.slug, article.title_zh_hans)
    assert (edition.author, edition.change_kind) == (staff(EDITOR), ChangeKind.WORDING)
    assert (edition.review_due, edition.source_edition) == (article.next_review, None)
    assert (edition.live_from, edition.live_until) == (None, None)
    assert [(e.kind, e.by, e.reason) for e in edition.events.all()] == [("submitted", staff(EDITOR), "Shorter")]


def test_what_is_frozen_is_what_the_database_has_not_what_is_in_hand(article: Any) -> None:
    article.title_zh_hans = "没有保存"
    edition = submit(article, "zh-hans")
    assert edition.title == Article.objects.get().text("title", "zh-hans") != "没有保存"


def test_a_draft_that_is_edited_leaves_its_editions_as_they_are(article: Any) -> None:
    WarningFactory.create(article=article)
    edition = publish(article, "zh-hans")
    before = edition.content
    change(article, "全变了").warnings.all().delete()
    edition.refresh_from_db()
    assert edition.content == before


def test_the_links_of_an_edition_stand_beside_it_in_their_order(db: None) -> None:
    topics = TopicFactory.create_batch(2)
    facts = MisconceptionFactory.create_batch(3)
    order = [facts[2], facts[0], facts[1]]
    edition = submit(ArticleFactory.create(topics=topics, misconceptions=order), "zh-hans")
    links = [(link.relation, link.position, link.target_type.model, link.target_id) for link in Link.objects.all()]
    assert links == [
        ("misconceptions", 0, "misconception", order[0].pk),
        ("misconceptions", 1, "misconception", order[1].pk),
        ("misconceptions", 2, "misconception", order[2].pk),
        ("topics", 0, "topic", topics[0].pk),
        ("topics", 1, "topic", topics[1].pk),
    ]
    assert edition.links.count() == 5


@pytest.mark.parametrize(
    ("role", "language"),
    [
        (MEDICAL, "zh-hans"),
        (PUBLISHER, "zh-hans"),
        (LINGUIST, "en"),
        (TRANSLATOR, "zh-hans"),
        (StaffRole.TRANSLATOR_ZH_HANS, "en"),
        (StaffRole.ADMINISTRATOR, "zh-hans"),
    ],
)
def test_who_may_not_send_a_language_for_review_is_refused(article: Any, role: StaffRole, language: str) -> None:
    submit(article, "zh-hans")
    with refused("You may not send this language for review."):
        workflow.submit(article, language, staff(role))


@pytest.mark.parametrize(
    "user", [AnonymousUser(), UserFactory.build(pk=1, is_superuser=True, is_active=False)], ids=["nobody", "inactive"]
)
def test_who_is_not_let_in_is_refused(article: Any, user: Any) -> None:
    with refused("You may not send this language for review."):
        workflow.submit(article, "zh-hans", user)


def test_a_language_that_does_not_exist_is_refused_even_to_a_superuser(article: Any) -> None:
    with refused("You may not send this language for review."):
        workflow.submit(article, "fr", UserFactory.create(is_superuser=True))


def test_a_kind_of_change_that_does_not_exist_is_an_error(article: Any) -> None:
    with pytest.raises(ValueError, match="enormous"):
        workflow.submit(article, "zh-hans", staff(EDITOR), change_kind="enormous")
    assert not Edition.objects.exists()


@pytest.mark.parametrize("blank", ["", " ", "<p>\u3000</p>"])
def test_a_language_that_lacks_a_required_text_is_refused(article: Any, blank: str) -> None:
    Article.objects.update(body_zh_hans=blank)
    with refused(r"Still empty: text \[zh-hans\]. Fill it in first."):
        submit(article, "zh-hans")


def test_all_that_is_missing_is_named(article: Any) -> None:
    Article.objects.update(title_en="", body_en="", summary_en=None)
    submit(article, "zh-hans")
    with refused(r"Still empty: title \[en\], key message \[en\] and text \[en\]. Fill them in first."):
        submit(article, "en")


def test_the_other_language_may_be_missing(article: Any) -> None:
    Article.objects.update(title_en="", body_en="", summary_en="")
    assert submit(article, "zh-hans").language == "zh-hans"


@pytest.mark.parametrize("days", [None, -1, 0])
def test_without_a_review_date_in_the_future_it_is_refused(article: Any, days: int | None) -> None:
    article.next_review = None if days is None else timezone.localdate() + days * DAY
    article.save()
    with refused("Set a next review date in the future first."):
        submit(article, "zh-hans")


def test_a_review_date_too_far_ahead_is_refused(article: Any, settings: Settings) -> None:
    settings.REVIEW_LIMIT_DAYS = 10
    article.next_review = timezone.localdate() + 11 * DAY
    article.save()
    with refused("Set a next review date no later than .+"):
        submit(article, "zh-hans")
    article.next_review = timezone.localdate() + 10 * DAY
    article.save()
    assert submit(article, "zh-hans").review_due == article.next_review


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.PUBLISHED])
def test_sending_the_same_again_is_refused(article: Any, state: State) -> None:
    {State.IN_REVIEW: submit, State.PUBLISHED: publish}.get(state, lambda *a: approve(submit(*a)))(article, "zh-hans")
    with refused(f"Nothing has changed since edition 1, which is {state.label}."):
        submit(article, "zh-hans")
    assert Edition.objects.count() == 1


def test_another_review_date_is_a_change(article: Any) -> None:
    publish(article, "zh-hans")
    article.next_review += DAY
    article.save()
    assert submit(article, "zh-hans").number == 2


def test_another_source_edition_is_a_change_of_its_translation(article: Any) -> None:
    first = publish(article, "en")
    publish(change(article, "新的题目"), "zh-hans")
    second = submit(article, "en")
    assert second.digest == first.digest
    assert second.source_edition == article.editions.get(language="zh-hans", number=2)


def test_what_is_the_same_in_every_language_is_a_change_in_each(article: Any) -> None:
    publish(article, "zh-hans")
    publish(article, "en")
    article.topics.add(TopicFactory.create())
    assert submit(article, "zh-hans").number == 2
    assert submit(article, "en").number == 2


def test_what_was_withdrawn_or_sent_back_can_be_sent_again_unchanged(article: Any) -> None:
    withdraw(publish(article, "zh-hans"))
    second = submit(article, "zh-hans")
    workflow.request_changes(second, staff(MEDICAL), comment="Hm.")
    assert submit(article, "zh-hans").number == 3


def test_going_back_to_the_live_text_while_a_change_was_sent_back_is_no_change(article: Any) -> None:
    publish(article, "zh-hans")
    title = article.title_zh_hans
    workflow.request_changes(submit(change(article, "新"), "zh-hans"), staff(MEDICAL), comment="No.")
    with refused("Nothing has changed since edition 1, which is published."):
        submit(change(article, title), "zh-hans")


@pytest.mark.parametrize("step", [submit, lambda *a: approve(submit(*a))])
def test_sending_a_newer_text_takes_back_the_one_under_review(article: Any, step: Callable[..., Edition]) -> None:
    first = step(article, "zh-hans")
    english = submit(article, "en")
    second = submit(change(article, "新的"), "zh-hans")
    for edition in (first, english):
        edition.refresh_from_db()
    assert (first.state, second.state, english.state) == (State.WITHDRAWN, State.IN_REVIEW, State.IN_REVIEW)
    assert history(first)[-1] == "retracted"
    with pytest.raises(Refused):
        put_out(first)


def test_numbers_count_up_in_each_language_and_never_come_again(article: Any) -> None:
    numbers = [submit(change(article, title), "zh-hans").number for title in "甲乙丙"]
    withdraw(put_out(approve(Edition.objects.get(state=State.IN_REVIEW))))
    assert [*numbers, submit(article, "zh-hans").number] == [1, 2, 3, 4]
    assert submit(article, "en").number == 1
    assert submit(ArticleFactory.create(), "zh-hans").number == 1


def test_a_document_that_was_deleted_meanwhile_is_refused(article: Any) -> None:
    Article.objects.all().delete()
    with refused("This was deleted in the meantime."):
        workflow.submit(article, "zh-hans", staff(EDITOR))


# Which source a translation belongs to --------------------------------------------------------------------------------


def source_of_next(article: Any) -> int:
    Article.objects.filter(pk=article.pk).update(title_en=f"Title {Edition.objects.count()}")
    source = workflow.submit(article, "en", staff(TRANSLATOR)).source_edition
    assert source is not None
    assert source.language == "zh-hans"
    return source.number


def test_a_translation_without_any_source_edition_is_refused(article: Any) -> None:
    with pytest.raises(Refused, match=r"^Send Chinese, the source language, for review first"):
        workflow.submit(article, "en", staff(TRANSLATOR))


@pytest.mark.parametrize("undo", ["withdraw", "send back"])
def test_a_source_edition_that_fell_is_none(article: Any, undo: str) -> None:
    if undo == "withdraw":
        withdraw(publish(article, "zh-hans"))
    else:
        workflow.request_changes(submit(article, "zh-hans"), staff(MEDICAL), comment="No.")
    with pytest.raises(Refused, match=r"^Send Chinese"):
        workflow.submit(article, "en", staff(TRANSLATOR))


def test_the_source_is_the_edition_with_the_drafts_own_text_live_or_not(article: Any) -> None:
    publish(article, "zh-hans")
    title = article.title_zh_hans
    submit(change(article, "新"), "zh-hans")
    assert source_of_next(article) == 2
    change(article, title)
    assert source_of_next(article) == 1


def test_of_two_with_the_drafts_own_text_the_newer_is_the_source(article: Any) -> None:
    publish(article, "zh-hans")
    title = article.title_zh_hans
    publish(change(article, "新"), "zh-hans")
    publish(change(article, title), "zh-hans")
    assert source_of_next(article) == 3


def test_while_the_source_is_being_edited_the_live_edition_is_the_source(article: Any) -> None:
    publish(article, "zh-hans")
    submit(change(article, "新"), "zh-hans")
    change(article, "还没送审")
    assert source_of_next(article) == 1


def test_with_none_live_the_newest_under_way_is_the_source(article: Any) -> None:
    submit(article, "zh-hans")
    submit(change(article, "新"), "zh-hans")
    change(article, "还没送审")
    assert source_of_next(article) == 2


def test_chinese_is_the_translation_of_what_was_written_in_english(db: None) -> None:
    article = ArticleFactory.create(source_language="en")
    english = workflow.submit(article, "en", staff(EDITOR))
    chinese = workflow.submit(article, "zh-hans", staff(StaffRole.TRANSLATOR_ZH_HANS))
    assert (english.source_edition, chinese.source_edition) == (None, english)


# Sign off -------------------------------------------------------------------------------------------------------------


def test_a_clinicians_signature_approves_a_source(article: Any) -> None:
    edition = submit(article, "zh-hans")
    signed = workflow.sign_off(edition, staff(MEDICAL), Role.MEDICAL, comment="Good")
    assert (signed.role, signed.verdict, signed.signer) == (Role.MEDICAL, Verdict.APPROVE, staff(MEDICAL))
    assert (signed.digest, signed.comment) == (edition.digest, "Good")
    edition.refresh_from_db()
    assert edition.state == State.APPROVED
    assert history(edition) == ["submitted", "signed"]


@pytest.mark.parametrize("first", Role)
def test_a_translation_needs_both_in_either_order(article: Any, first: Role) -> None:
    edition = submit(article, "en")
    people = {Role.MEDICAL: staff(MEDICAL), Role.LANGUAGE: staff(LINGUIST)}
    workflow.sign_off(edition, people.pop(first), first)
    assert edition.state == State.IN_REVIEW
    ((second, person),) = people.items()
    assert workflow.missing_roles(edition) == [second]
    with refused(f"Not signed yet by: {second.label}."):
        put_out(edition)
    workflow.sign_off(edition, person, second)
    assert edition.state == State.APPROVED


def test_one_person_who_holds_both_roles_may_sign_in_each(article: Any) -> None:
    both = UserFactory.create(roles=[MEDICAL, LINGUIST])
    edition = submit(article, "en")
    for role in Role:
        workflow.sign_off(edition, both, role)
    assert edition.state == State.APPROVED
    assert {(s.role, s.signer) for s in SignOff.objects.all()} == {("medical", both), ("language", both)}


def test_the_author_never_signs_whatever_the_groups(article: Any) -> None:
    for author in (UserFactory.create(roles=list(StaffRole)), UserFactory.create(is_superuser=True)):
        change(article, author.username)
        Article.objects.update(title_en=author.username)
        for language in ("zh-hans", "en"):
            edition = workflow.submit(article, language, author)
            for role in edition.required_roles:
                with refused("You sent this for review yourself. Someone else has to sign it."):
                    workflow.sign_off(edition, author, role)
            with refused("Only a reviewer of this language asks for changes."):
                workflow.request_changes(edition, author, comment="Mine")
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("role", [r for r in StaffRole if r != MEDICAL])
def test_only_a_medical_reviewer_signs_as_one(article: Any, role: StaffRole) -> None:
    edition = workflow.submit(article, "zh-hans", UserFactory.create(roles=[EDITOR]))
    with refused("You may not sign this language as medical reviewer."):
        workflow.sign_off(edition, staff(role), Role.MEDICAL)


@pytest.mark.parametrize("role", [r for r in StaffRole if r != LINGUIST])
def test_only_a_language_reviewer_of_that_language_signs_as_one(article: Any, role: StaffRole) -> None:
    submit(article, "zh-hans")
    edition = workflow.submit(article, "en", UserFactory.create(roles=[TRANSLATOR]))
    with refused("You may not sign this language as language reviewer."):
        workflow.sign_off(edition, staff(role), Role.LANGUAGE)


def test_the_source_needs_no_language_reviewer(article: Any) -> None:
    with refused("The source language needs no language reviewer."):
        workflow.sign_off(submit(article, "zh-hans"), staff(StaffRole.LANGUAGE_REVIEWER_ZH_HANS), Role.LANGUAGE)


def test_nobody_signs_twice(article: Any) -> None:
    edition = submit(article, "en")
    workflow.sign_off(edition, staff(MEDICAL), Role.MEDICAL)
    with refused("You have signed this already."):
        workflow.sign_off(edition, staff(MEDICAL), Role.MEDICAL)


def test_a_role_that_does_not_exist_is_an_error(article: Any) -> None:
    with pytest.raises(ValueError, match="surgical"):
        workflow.sign_off(submit(article, "en"), staff(LINGUIST), "surgical")
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("state", [s for s in State if s != State.IN_REVIEW])
def test_only_what_is_in_review_is_signed(article: Any, state: State) -> None:
    edition = in_state(article, state)
    with refused("Only an edition in review can be signed."):
        workflow.sign_off(edition, UserFactory.create(roles=[MEDICAL]), Role.MEDICAL)


def in_state(article: Any, state: State) -> Edition:
    match state:
        case State.IN_REVIEW:
            return submit(article, "zh-hans")
        case State.CHANGES_REQUESTED:
            edition = submit(article, "zh-hans")
            workflow.request_changes(edition, staff(MEDICAL), comment="No.")
        case State.APPROVED:
            edition = approve(submit(article, "zh-hans"))
        case State.PUBLISHED:
            edition = publish(article, "zh-hans")
        case State.SUPERSEDED:
            edition = publish(article, "zh-hans")
            publish(change(article, "新"), "zh-hans")
        case State.WITHDRAWN:
            edition = withdraw(publish(article, "zh-hans"))
    edition.refresh_from_db()
    assert edition.state == state
    return edition


# Ask for changes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED])
def test_asking_for_changes_closes_the_edition_and_keeps_its_text(article: Any, state: State) -> None:
    edition = in_state(article, state)
    said = workflow.request_changes(edition, staff(MEDICAL), comment="25 mg, not 52 mg")
    edition.refresh_from_db()
    assert (said.verdict, said.role, said.comment) == (Verdict.REQUEST_CHANGES, Role.MEDICAL, "25 mg, not 52 mg")
    assert (edition.state, history(edition)[-1]) == (State.CHANGES_REQUESTED, "changes_requested")
    assert submit(change(article, "25 mg"), "zh-hans").number == 2


def test_a_language_reviewer_asks_for_changes_as_such(article: Any) -> None:
    edition = submit(article, "en")
    assert workflow.request_changes(edition, staff(LINGUIST), comment="Stiff").role == Role.LANGUAGE


@pytest.mark.parametrize("comment", ["", " \n"])
def test_asking_for_changes_needs_words(article: Any, comment: str) -> None:
    edition = submit(article, "zh-hans")
    with refused("Say what should be changed."):
        workflow.request_changes(edition, staff(MEDICAL), comment=comment)
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


@pytest.mark.parametrize("role", [EDITOR, PUBLISHER, TRANSLATOR, LINGUIST, StaffRole.LANGUAGE_REVIEWER_ZH_HANS])
def test_who_does_not_review_asks_for_no_changes(article: Any, role: StaffRole) -> None:
    edition = workflow.submit(article, "zh-hans", UserFactory.create(roles=[EDITOR]))
    with refused("Only a reviewer of this language asks for changes."):
        workflow.request_changes(edition, staff(role), comment="Hm.")


@pytest.mark.parametrize("state", [State.CHANGES_REQUESTED, State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN])
def test_changes_are_asked_for_only_before_publication(article: Any, state: State) -> None:
    with refused("Changes can be asked for only while an edition is in review or approved."):
        workflow.request_changes(in_state(article, state), staff(MEDICAL), comment="Hm.")


# Publish --------------------------------------------------------------------------------------------------------------


def test_publishing_makes_an_approved_edition_live(article: Any) -> None:
    edition = approve(submit(article, "zh-hans"))
    before = timezone.now()
    put_out(edition)
    edition.refresh_from_db()
    assert edition.live_from is not None
    assert before <= edition.live_from <= timezone.now()
    assert (edition.state, edition.live_until) == (State.PUBLISHED, None)
    assert Edition.objects.live("zh-hans").get() == edition
    assert history(edition) == ["submitted", "signed", "published"]


def test_what_was_live_ends_at_the_very_moment_the_next_one_begins(article: Any) -> None:
    publish(article, "zh-hans")
    second = put_out(next_approved(article, "新"))
    (_, state, _start, end), (_, _, start, _end) = spans(article)
    assert (state, end) == (State.SUPERSEDED, start)
    assert second.live_from is not None
    for at in (second.live_from - datetime.timedelta(microseconds=1), second.live_from):
        assert article.editions.live("zh-hans", at=at).count() == 1


def test_the_other_language_stays_as_it_is(article: Any) -> None:
    publish(article, "zh-hans")
    english = publish(article, "en")
    publish(change(article, "新"), "zh-hans")
    english.refresh_from_db()
    assert english.is_live()


@pytest.mark.parametrize("role", [r for r in StaffRole if r != PUBLISHER])
def test_only_a_publisher_publishes(article: Any, role: StaffRole) -> None:
    edition = approve(submit(article, "zh-hans"))
    with refused("Only a publisher publishes."):
        workflow.publish(edition, staff(role))


def test_what_is_not_signed_is_not_published_and_it_says_who_is_missing(article: Any) -> None:
    with refused("Not signed yet by: medical reviewer."):
        put_out(submit(article, "zh-hans"))
    with refused("Not signed yet by: language reviewer and medical reviewer."):
        put_out(submit(article, "en"))


@pytest.mark.parametrize("state", [State.CHANGES_REQUESTED, State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN])
def test_only_what_is_approved_is_published(article: Any, state: State) -> None:
    with refused("Only an approved edition can be published."):
        put_out(in_state(article, state))


def test_an_edition_in_hand_that_is_out_of_date_decides_nothing(article: Any) -> None:
    edition = approve(submit(article, "zh-hans"))
    stale = Edition.objects.get()
    workflow.request_changes(edition, staff(MEDICAL), comment="Wait")
    assert stale.state == State.APPROVED
    with refused("Only an approved edition can be published."):
        put_out(stale)


def test_an_edition_whose_review_date_has_come_is_not_published(article: Any) -> None:
    edition = approve(submit(article, "zh-hans"))
    message = "Its review date, .+, has come. Set a new one in the draft and send it for review again."
    due = datetime.datetime.combine(edition.review_due, datetime.time(12), datetime.UTC)
    with time_machine.travel(due), refused(message):
        put_out(edition)
    noon_before = datetime.datetime.combine(edition.review_due - DAY, datetime.time(4), datetime.UTC)
    with refused(message):
        put_out(edition, at=noon_before + DAY)
    assert put_out(edition, at=noon_before).state == State.PUBLISHED


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_address_at_which_another_document_is_read_in_either_language_is_refused(db: None, language: str) -> None:
    article = ArticleFactory.create(slug="pain", source_language=language)
    publish(article, language)
    article.slug = "moved"
    article.save()
    edition = approve(submit(ArticleFactory.create(slug="pain"), "zh-hans"))
    for at in (None, timezone.now() + DAY):
        with refused("Another page is at this address. Choose another address and send it for review again."):
            put_out(edition, at=at)
    publish(article, language)
    assert put_out(edition).is_live()


def test_an_address_is_shared_by_documents_of_different_kinds(article: Any) -> None:
    publish(article, "zh-hans")
    assert publish(TopicFactory.create(slug=article.slug), "zh-hans").is_live()


# At a time ------------------------------------------------------------------------------------------------------------

NOW = datetime.datetime(2026, 6, 15, 4, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_a_scheduled_edition_follows_the_live_one_at_its_time(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    put_out(next_approved(article, "新"), at=NOW + DAY)
    assert spans(article) == [
        (1, State.SUPERSEDED, NOW, NOW + DAY),
        (2, State.PUBLISHED, NOW + DAY, None),
    ]
    assert [live_number(article, NOW + hours * HOUR) for hours in (0, 23, 24, 25)] == [1, 1, 2, 2]


def test_a_time_that_is_past_is_refused(clock: Any, article: Any) -> None:
    edition = approve(submit(article, "zh-hans"))
    with refused("That time is past. Choose a later one, or publish now."):
        put_out(edition, at=NOW - datetime.timedelta(microseconds=1))
    assert put_out(edition, at=NOW).live_from == NOW


@pytest.mark.parametrize("hours", [None, 12])
def test_an_older_scheduled_edition_never_comes_over_a_newer_one(clock: Any, article: Any, hours: int | None) -> None:
    publish(article, "zh-hans")
    second = put_out(next_approved(article, "二"), at=NOW + DAY)
    clock.shift(HOUR)
    start = NOW + HOUR if hours is None else NOW + hours * HOUR
    put_out(next_approved(article, "三"), at=None if hours is None else start)
    assert spans(article) == [
        (1, State.SUPERSEDED, NOW, start),
        (2, State.WITHDRAWN, NOW + DAY, NOW + DAY),
        (3, State.PUBLISHED, start, None),
    ]
    assert history(second)[-1] == "superseded"
    assert live_number(article, NOW + 2 * DAY) == 3


def test_a_newer_edition_may_follow_a_scheduled_one(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    put_out(next_approved(article, "二"), at=NOW + DAY)
    put_out(next_approved(article, "三"), at=NOW + 2 * DAY)
    assert spans(article) == [
        (1, State.SUPERSEDED, NOW, NOW + DAY),
        (2, State.SUPERSEDED, NOW + DAY, NOW + 2 * DAY),
        (3, State.PUBLISHED, NOW + 2 * DAY, None),
    ]


def test_a_newer_edition_at_the_same_time_takes_the_place_of_the_older(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    put_out(next_approved(article, "二"), at=NOW + DAY)
    third = put_out(next_approved(article, "三"), at=NOW + DAY)
    assert [live_number(article, NOW + hours * HOUR) for hours in (23, 24, 25)] == [1, 3, 3]
    take_back(third)
    assert [live_number(article, NOW + hours * HOUR) for hours in (23, 24, 25)] == [1, 2, 2]


# Withdraw -------------------------------------------------------------------------------------------------------------


def test_withdrawing_takes_it_from_the_public_now(clock: Any, article: Any) -> None:
    edition = publish(article, "zh-hans")
    clock.shift(HOUR)
    take_back(edition)
    assert spans(article) == [(1, State.WITHDRAWN, NOW, NOW + HOUR)]
    assert live_number(article, NOW + HOUR) is None
    last = edition.events.last()
    assert last is not None
    assert (last.kind, last.by, last.reason) == ("withdrawn", staff(PUBLISHER), "Wrong dose")


def test_what_was_superseded_before_does_not_come_back(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    clock.shift(HOUR)
    second = put_out(next_approved(article, "新"))
    clock.shift(HOUR)
    take_back(second)
    assert live_number(article, NOW + 2 * HOUR) is None


def test_withdrawing_at_a_time_lets_it_be_read_until_then(clock: Any, article: Any) -> None:
    take_back(publish(article, "zh-hans"), at=NOW + DAY)
    assert [live_number(article, NOW + hours * HOUR) for hours in (0, 23, 24)] == [1, 1, None]


def test_a_withdrawal_at_a_time_can_be_made_sooner_but_not_later(clock: Any, article: Any) -> None:
    edition = take_back(publish(article, "zh-hans"), at=NOW + 2 * DAY)
    with refused("It ends before that time anyway."):
        take_back(edition, at=NOW + 3 * DAY)
    take_back(edition, at=NOW + DAY)
    assert live_number(article, NOW + DAY) is None
    clock.shift(HOUR)
    take_back(edition)
    assert live_number(article, NOW + HOUR) is None
    with refused("Only an edition that is live or scheduled can be withdrawn."):
        take_back(edition)


def test_an_edition_is_not_withdrawn_later_than_its_successor_begins(clock: Any, article: Any) -> None:
    first = publish(article, "zh-hans")
    put_out(next_approved(article, "新"), at=NOW + DAY)
    with refused("It ends before that time anyway."):
        take_back(first, at=NOW + 2 * DAY)
    take_back(first, at=NOW + HOUR)
    assert [live_number(article, NOW + hours * HOUR) for hours in (0, 1, 23, 24)] == [1, None, None, 2]


@pytest.mark.parametrize("after", [None, HOUR, DAY])
def test_a_scheduled_edition_that_is_withdrawn_gives_its_time_back_to_the_one_before(
    clock: Any, article: Any, after: datetime.timedelta | None
) -> None:
    first = publish(article, "zh-hans")
    second = put_out(next_approved(article, "新"), at=NOW + DAY)
    take_back(second, at=NOW + after if after else None)
    assert spans(article) == [
        (1, State.PUBLISHED, NOW, None),
        (2, State.WITHDRAWN, NOW + DAY, NOW + DAY),
    ]
    assert history(first) == ["submitted", "signed", "published", "superseded", "published"]


def test_a_scheduled_edition_can_be_withdrawn_from_within_its_time(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    second = put_out(next_approved(article, "新"), at=NOW + DAY)
    take_back(second, at=NOW + 2 * DAY)
    assert spans(article) == [
        (1, State.SUPERSEDED, NOW, NOW + DAY),
        (2, State.WITHDRAWN, NOW + DAY, NOW + 2 * DAY),
    ]


def test_a_first_edition_that_is_withdrawn_before_its_time_has_nobody_to_give_it_to(clock: Any, article: Any) -> None:
    take_back(put_out(approve(submit(article, "zh-hans")), at=NOW + DAY))
    assert spans(article) == [(1, State.WITHDRAWN, NOW + DAY, NOW + DAY)]


def test_of_three_in_a_row_the_middle_one_gives_its_time_to_the_first(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    second = put_out(next_approved(article, "二"), at=NOW + DAY)
    put_out(next_approved(article, "三"), at=NOW + 2 * DAY)
    take_back(second)
    assert spans(article) == [
        (1, State.SUPERSEDED, NOW, NOW + 2 * DAY),
        (2, State.WITHDRAWN, NOW + DAY, NOW + DAY),
        (3, State.PUBLISHED, NOW + 2 * DAY, None),
    ]


def test_of_three_in_a_row_the_last_ones_time_goes_back_step_by_step(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    second = put_out(next_approved(article, "二"), at=NOW + DAY)
    third = put_out(next_approved(article, "三"), at=NOW + 2 * DAY)
    take_back(third)
    assert live_number(article, NOW + 3 * DAY) == 2
    take_back(second)
    assert spans(article)[0] == (1, State.PUBLISHED, NOW, None)


def test_what_was_to_be_withdrawn_anyway_does_not_come_back(clock: Any, article: Any) -> None:
    take_back(publish(article, "zh-hans"), at=NOW + 3 * DAY)
    second = put_out(next_approved(article, "新"), at=NOW + DAY)
    take_back(second)
    assert live_number(article, NOW + 12 * HOUR) == 1
    assert live_number(article, NOW + 4 * DAY) is None


def test_what_would_come_back_to_an_address_that_another_page_was_given_does_not(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    address, article.slug = article.slug, "moved"
    second = put_out(next_approved(article, "新"), at=NOW + DAY)
    other = put_out(approve(submit(ArticleFactory.create(slug=address), "zh-hans")), at=NOW + 2 * DAY)
    take_back(second)
    assert live_number(article, NOW + 12 * HOUR) == 1
    assert [*Edition.objects.live("zh-hans", at=NOW + 3 * DAY)] == [other]


def test_a_cancelled_edition_is_not_withdrawn_again(clock: Any, article: Any) -> None:
    publish(article, "zh-hans")
    second = put_out(next_approved(article, "二"), at=NOW + DAY)
    put_out(next_approved(article, "三"), at=NOW + DAY)
    before = spans(article)
    with refused("Only an edition that is live or scheduled can be withdrawn."):
        take_back(second)
    assert spans(article) == before


def test_a_time_that_is_past_is_refused_to_a_withdrawal(clock: Any, article: Any) -> None:
    edition = publish(article, "zh-hans")
    clock.shift(DAY)
    with refused("That time is past. Choose a later one, or withdraw now."):
        take_back(edition, at=NOW)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_withdrawing_needs_a_reason(article: Any, reason: str) -> None:
    edition = publish(article, "zh-hans")
    with refused("Say why it is withdrawn: patients who come back to the address will read it."):
        workflow.withdraw(edition, staff(PUBLISHER), reason=reason)
    assert Edition.objects.live().exists()


@pytest.mark.parametrize("role", [r for r in StaffRole if r != PUBLISHER])
def test_only_a_publisher_withdraws(article: Any, role: StaffRole) -> None:
    edition = publish(article, "zh-hans")
    with refused("Only a publisher withdraws."):
        workflow.withdraw(edition, staff(role), reason="Wrong dose")


@pytest.mark.parametrize("state", [s for s in State if s != State.PUBLISHED])
def test_only_what_is_live_or_scheduled_is_withdrawn(article: Any, state: State) -> None:
    with refused("Only an edition that is live or scheduled can be withdrawn."):
        take_back(in_state(article, state))


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_done_in_whatever_order_the_newest_is_read_and_never_two(
    clock: Any, article: Any, seed: int
) -> None:
    """A publisher at random: publishes and withdraws, now and at times, and is never met by the database's refusal."""
    chance = random.Random(seed)
    for step in range(8):
        clock.shift(chance.choice([0 * HOUR, HOUR, DAY]))
        at = chance.choice([None, timezone.now() + chance.randrange(4) * DAY])
        ever = list(article.editions.filter(live_from__isnull=False))
        if ever and chance.random() < 0.5:
            edition = chance.choice(ever)
            if not Act.WITHDRAW.refusal(staff(PUBLISHER), edition):
                with contextlib.suppress(Refused):  # it ends before that time anyway
                    take_back(edition, at=at)
        else:
            edition = put_out(next_approved(article, f"题目{step}"), at=at)
            assert edition.live_from is not None
            assert live_number(article, edition.live_from) == edition.number
            assert live_number(article, edition.live_from + 300 * DAY) == edition.number
    numbers = [live_number(article, NOW + hours * HOUR) for hours in range(0, 24 * 20, 6)]
    past = [number for number in numbers if number]
    assert past == sorted(past)


# Who may do what ------------------------------------------------------------------------------------------------------


def acts_of(role: StaffRole, edition: Edition) -> set[Act]:
    return set(workflow.available(staff(role), edition))


def test_what_is_offered_is_what_is_not_refused(article: Any) -> None:
    source, translated = submit(article, "zh-hans"), submit(article, "en")
    assert acts_of(MEDICAL, source) == {Act.SIGN_MEDICAL, Act.REQUEST_CHANGES}
    assert acts_of(LINGUIST, source) == set()
    assert acts_of(LINGUIST, translated) == {Act.SIGN_LANGUAGE, Act.REQUEST_CHANGES}
    assert acts_of(StaffRole.LANGUAGE_REVIEWER_ZH_HANS, translated) == set()
    assert acts_of(EDITOR, source) == acts_of(TRANSLATOR, translated) == acts_of(PUBLISHER, source) == set()
    approve(source)
    assert acts_of(PUBLISHER, source) == {Act.PUBLISH}
    assert acts_of(MEDICAL, source) == {Act.REQUEST_CHANGES}
    put_out(source)
    assert acts_of(PUBLISHER, source) == {Act.WITHDRAW}
    assert acts_of(MEDICAL, source) == set()
    assert workflow.available(AnonymousUser(), source) == []


def test_asking_for_changes_and_withdrawing_need_words() -> None:
    assert {act for act in Act if act.needs_words} == {Act.REQUEST_CHANGES, Act.WITHDRAW}


# All or nothing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["submitted", "signed", "published", "withdrawn"])
def test_a_listener_that_fails_undoes_the_act(article: Any, name: str) -> None:
    people()
    state, act = {
        "submitted": (None, lambda edition: submit(article, "zh-hans")),
        "signed": (State.IN_REVIEW, approve),
        "published": (State.APPROVED, put_out),
        "withdrawn": (State.PUBLISHED, take_back),
    }[name]
    edition = in_state(article, state) if state else None

    def everything() -> list[Any]:
        models: list[Any] = [Edition, Link, SignOff, Event]
        return [list(model.objects.values()) for model in models]

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("no index")

    before = everything()
    signal = getattr(signals, f"edition_{name}")
    signal.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="no index"):
            act(edition)
    finally:
        signal.disconnect(fail)
    assert everything() == before


# Many at the same moment; two: test_publication_races -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_who_work_at_once_all_get_through() -> None:
    people()
    articles = ArticleFactory.create_batch(8)
    raised = at_the_same_moment(*(partial(publish, article, "zh-hans") for article in articles))
    assert raised == [None] * 8
    assert Edition.objects.live("zh-hans").count() == 8
