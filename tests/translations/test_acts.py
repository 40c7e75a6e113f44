import datetime
from typing import Any

import pytest
from django.utils import translation as languages
from reversion.models import Version

from articles.models import Article
from painsite.roles import StaffRole
from publishing.workflow import Refused
from tests.factories import ArticleFactory, WarningFactory, publish_all, staff
from translations import acts
from translations.models import Acknowledgement, Comment, State, Translation, Unit

pytestmark = pytest.mark.django_db

TRANSLATOR = StaffRole.TRANSLATOR_EN
REVIEWER = StaffRole.LANGUAGE_REVIEWER_EN
BODY = {"body_zh_hans": "<p>每次 25 mg。</p><p>饭后服。</p>", "body_en": "<p>25 mg each time.</p><p>After meals.</p>"}


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with languages.override("en"):
        yield


@pytest.fixture
def article() -> Any:
    return ArticleFactory(**BODY)


def work(article: Any) -> Translation:
    return Translation.objects.get(object_id=article.pk, title=article.title_zh_hans, language="en")


def unit(article: Any, key: str = "body") -> Unit:
    return Unit.objects.of(article).get(key=key)


def write(article: Any, text: str, index: int = 0, key: str = "body", by: Any = None, seen: str = "") -> Unit:
    row = unit(article, key).rows[index]
    by = by or staff(TRANSLATOR)
    return acts.write_row(work(article), key, index, text, by=by, seen_row=seen or acts.seen(row))


def changed(article: Any, **texts: str) -> Any:
    article.refresh_from_db()
    for name, text in texts.items():
        setattr(article, name, text)
    article.save()
    return article


# Writing --------------------------------------------------------------------------------------------------------------


def test_a_row_is_written_into_the_draft_and_its_history_with_the_writers_name(article: Any) -> None:
    version = article.version
    write(article, "<p>Take <script>x</script>25 mg each time.</p>")
    article.refresh_from_db()
    assert article.body_en == "<p>Take 25 mg each time.</p><p>After meals.</p>"
    assert article.version == version + 1
    body = unit(article)
    assert (body.target, body.state, body.written_by) == (article.body_en, State.TRANSLATED, staff(TRANSLATOR))
    assert Version.objects.get_for_object(article).first().revision.user == staff(TRANSLATOR)


def test_a_save_that_comes_twice_is_written_once_and_is_no_conflict(article: Any) -> None:
    before = acts.seen(unit(article).rows[0])
    write(article, "<p>Take 25 mg each time.</p>", seen=before)
    article.refresh_from_db()
    version = article.version
    write(article, "<p>Take 25 mg each time.</p>", seen=before)
    article.refresh_from_db()
    assert article.version == version
    assert article.body_en == "<p>Take 25 mg each time.</p><p>After meals.</p>"


def test_a_save_that_comes_twice_is_too_late_once_the_source_has_changed(article: Any) -> None:
    before = acts.seen(unit(article).rows[0])
    write(article, "<p>Take 25 mg each time.</p>", seen=before)
    changed(article, body_zh_hans="<p>每次 50 mg。</p><p>饭后服。</p>")
    with pytest.raises(acts.Stale):
        write(article, "<p>Take 25 mg each time.</p>", seen=before)


def test_a_save_that_fell_into_two_rows_comes_twice_and_is_no_conflict(article: Any) -> None:
    changed(article, body_en="<p>All of it.</p>")  # other blocks than the source: one row
    before = unit(article).rows[0]
    whole = "<p>Take 25 mg.</p><p>After meals.</p>"
    write(article, whole, seen=acts.seen(before))
    assert len(unit(article).rows) == 2
    article.refresh_from_db()
    version = article.version
    write(article, whole, seen=acts.seen(before))
    article.refresh_from_db()
    assert (article.version, article.body_en) == (version, whole)
    with pytest.raises(acts.Stale):
        write(article, "<p>Take 25 mg.</p><p>Before meals.</p>", seen=acts.seen(before))


def test_emptying_a_row_comes_twice_and_is_no_conflict(article: Any) -> None:
    before = unit(article).rows[0]
    for _time in range(2):
        seen, of = acts.seen(before), acts.source_of(before)
        acts.write_row(work(article), "body", 0, "", by=staff(TRANSLATOR), seen_row=seen, of=of)
    article.refresh_from_db()
    assert article.body_en == "<p>After meals.</p>"


def test_taking_out_a_row_twice_does_not_reach_the_next_one(article: Any) -> None:
    changed(article, body_zh_hans="<p>饭后服。</p>")
    before = unit(article).rows[0]
    assert before.step == "gone"
    again = {"by": staff(TRANSLATOR), "seen_row": acts.seen(before), "of": acts.source_of(before)}
    acts.write_row(work(article), "body", 0, "", **again)
    with pytest.raises(acts.Stale) as stale:
        acts.write_row(work(article), "body", 0, "", **again)
    assert stale.value.row is None
    article.refresh_from_db()
    assert article.body_en == "<p>After meals.</p>"


def test_a_save_finds_its_row_where_another_has_come_before_it(article: Any) -> None:
    before = unit(article).rows[1]
    changed(article, body_zh_hans=f"<p>新的一段。</p>{article.body_zh_hans}")
    write(article, "<p>With a meal.</p>", 1, seen=acts.seen(before))
    assert unit(article).target == "<p>25 mg each time.</p><p>With a meal.</p>"


def test_a_late_save_is_shown_its_own_row_where_another_has_come_before_it(article: Any) -> None:
    before = unit(article).rows[1]
    write(article, "<p>With a meal.</p>", 1)
    changed(article, body_zh_hans=f"<p>新的一段。</p>{article.body_zh_hans}")
    with pytest.raises(acts.Stale) as stale:
        acts.write_row(
            work(article),
            "body",
            1,
            "<p>At meals.</p>",
            by=staff(TRANSLATOR),
            seen_row=acts.seen(before),
            of=acts.source_of(before),
        )
    assert stale.value.row is not None
    assert stale.value.row.target == "<p>With a meal.</p>"


def test_a_row_of_a_part_is_written_and_the_draft_is_another_version(article: Any) -> None:
    warning = WarningFactory(article=article)
    version = Article.objects.get(pk=article.pk).version
    write(article, " Call 120 now. ", key=f"warnings.{warning.pk}.text")
    warning.refresh_from_db()
    assert warning.text_en == "Call 120 now."
    assert Article.objects.get(pk=article.pk).version == version + 1


def test_only_the_row_that_was_written_translates_the_source_as_it_is_now(article: Any) -> None:
    changed(article, body_zh_hans="<p>每次 50 mg。</p><p>饭前服。</p>")
    write(article, "<p>50 mg each time.</p>")
    assert [row.step for row in unit(article).rows] == ["done", "changed"]
    assert work(article).units_outdated == 1
    write(article, "<p>Before meals.</p>", 1)
    assert work(article).is_done


def test_saving_a_changed_row_as_it_is_says_that_it_holds(article: Any) -> None:
    changed(article, body_zh_hans="<p>每次 25 mg！</p><p>饭后服。</p>")
    write(article, "<p>25 mg each time.</p>")
    assert [row.step for row in unit(article).rows] == ["done", "done"]


def test_saving_a_row_that_is_done_as_it_is_writes_nothing(article: Any) -> None:
    version = article.version
    write(article, "<p>After meals.</p>", 1)
    assert Article.objects.get(pk=article.pk).version == version


def test_a_save_over_a_newer_text_is_refused_with_both(article: Any) -> None:
    seen = acts.seen(unit(article).rows[0])
    write(article, "<p>25 mg, each time.</p>", seen=seen)
    with pytest.raises(acts.Stale) as stale:
        write(article, "<p>25 mg every time.</p>", seen=seen)
    assert stale.value.row is not None
    assert stale.value.row.target == "<p>25 mg, each time.</p>"
    assert unit(article).target == "<p>25 mg, each time.</p><p>After meals.</p>"


def test_a_save_for_a_source_that_has_changed_is_refused(article: Any) -> None:
    seen = acts.seen(unit(article).rows[0])
    changed(article, body_zh_hans="<p>每次 50 mg。</p><p>饭后服。</p>")
    with pytest.raises(acts.Stale) as stale:
        write(article, "<p>25 mg every time.</p>", seen=seen)
    assert stale.value.row is not None
    assert stale.value.row.source == "<p>每次 50 mg。</p>"


def test_another_row_of_the_same_text_is_no_conflict(article: Any) -> None:
    seen = [acts.seen(row) for row in unit(article).rows]
    write(article, "<p>25 mg every time.</p>", 0, seen=seen[0])
    write(article, "<p>Following meals.</p>", 1, seen=seen[1])
    assert unit(article).target == "<p>25 mg every time.</p><p>Following meals.</p>"


def test_a_row_that_is_not_there_is_stale(article: Any) -> None:
    for index in (-1, 2):
        with pytest.raises(acts.Stale):
            acts.write_row(work(article), "body", index, "<p>a</p>", by=staff(TRANSLATOR), seen_row="")
    with pytest.raises(acts.Stale):
        acts.write_row(work(article), "warnings.0.text", 0, "a", by=staff(TRANSLATOR), seen_row="")


def test_a_text_that_does_not_fit_its_field_is_refused_in_words(article: Any) -> None:
    with pytest.raises(Refused, match="at most 120 characters"):
        write(article, "a" * 201, key="title")
    assert unit(article, "title").target == article.title_en


@pytest.mark.parametrize(
    "role", [StaffRole.TRANSLATOR_ZH_HANS, StaffRole.LANGUAGE_REVIEWER_EN, StaffRole.MEDICAL_REVIEWER]
)
def test_only_who_writes_the_language_writes(article: Any, role: StaffRole) -> None:
    with pytest.raises(Refused, match="You may not write this language"):
        write(article, "<p>a</p>", by=staff(role))


def test_emptying_a_row_leaves_it_to_be_translated(article: Any) -> None:
    write(article, "<p></p>")
    assert [row.step for row in unit(article).rows] == ["new", "done"]
    article.refresh_from_db()
    assert article.body_en == "<p>After meals.</p>"


def test_whole_texts_are_written_all_or_none(article: Any) -> None:
    texts = {"title": (article.title_zh_hans, "A title"), "body": (article.body_zh_hans, "<p>25 mg after meals.</p>")}
    acts.write(work(article), texts, by=staff(TRANSLATOR))
    article.refresh_from_db()
    assert (article.title_en, article.body_en) == ("A title", "<p>25 mg after meals.</p>")
    texts = {"title": (article.title_zh_hans, "Another"), "body": ("<p>old</p>", "<p>x</p>")}
    with pytest.raises(acts.Stale):
        acts.write(work(article), texts, by=staff(TRANSLATOR))
    assert unit(article, "title").target == "A title"


# Reviewing ------------------------------------------------------------------------------------------------------------


def approve(article: Any, key: str = "body", by: Any = None, seen: str = "", *acknowledged: str) -> Unit:
    here = unit(article, key)
    return acts.approve(here, by=by or staff(REVIEWER), seen_digest=seen or here.digest, acknowledged=acknowledged)


def test_a_reviewer_approves_both_texts_as_they_are(article: Any) -> None:
    approve(article)
    assert (unit(article).state, unit(article).approved_by) == (State.REVIEWED, staff(REVIEWER))
    assert work(article).units_approved == 1


@pytest.mark.parametrize("side", ["body_zh_hans", "body_en"])
def test_a_change_of_either_text_voids_it(article: Any, side: str) -> None:
    approve(article)
    changed(article, **{side: "<p>25 mg。</p><p>改了 changed</p>"})
    assert not unit(article).is_approved
    assert work(article).units_approved == 0


def test_what_the_reviewer_did_not_see_is_not_approved(article: Any) -> None:
    seen = unit(article).digest
    changed(article, body_en="<p>25 mg every time.</p><p>After meals.</p>")
    with pytest.raises(acts.Stale) as stale:
        approve(article, seen=seen)
    assert stale.value.unit == unit(article)


def test_nobody_approves_their_own_words(article: Any) -> None:
    reviewer = staff(REVIEWER)
    reviewer.groups.add(TRANSLATOR.group())
    write(article, "<p>25 mg every time.</p>", by=reviewer)
    with pytest.raises(Refused, match="You wrote this yourself"):
        approve(article, by=reviewer)


def test_a_blocker_is_mended_before_it_is_approved(article: Any) -> None:
    write(article, "<p>25 g each time.</p>")
    with pytest.raises(Refused, match="another unit"):
        approve(article)


def test_what_is_outdated_or_not_translated_is_not_approved(article: Any) -> None:
    changed(article, body_zh_hans="<p>每次 25 mg！</p><p>饭后服。</p>", summary_en="")
    with pytest.raises(Refused, match="The source has changed"):
        approve(article)
    with pytest.raises(Refused, match="not translated yet"):
        approve(article, "summary")


def test_a_denial_asks_for_the_reviewers_word_by_name(article: Any) -> None:
    changed(article, body_zh_hans="<p>不要服用。</p>", body_en="<p>Take it.</p>")
    with pytest.raises(Refused, match="does the other text deny the same"):
        approve(article)
    approve(article, "body", None, "", "W004")
    (said,) = Acknowledgement.objects.all()
    assert (said.finding, said.by, said.digest) == ("W004", staff(REVIEWER), unit(article).digest)


@pytest.mark.parametrize("role", [TRANSLATOR, StaffRole.LANGUAGE_REVIEWER_ZH_HANS, StaffRole.MEDICAL_REVIEWER])
def test_only_a_language_reviewer_of_the_language_approves(article: Any, role: StaffRole) -> None:
    with pytest.raises(Refused, match="Only a language reviewer"):
        approve(article, by=staff(role))


def test_what_is_sent_back_says_why_and_is_not_approved_any_more(article: Any) -> None:
    approve(article)
    here = unit(article)
    with pytest.raises(Refused, match="Say what should be changed"):
        acts.send_back(here, by=staff(REVIEWER), seen_digest=here.digest, comment=" ")
    acts.send_back(here, by=staff(REVIEWER), seen_digest=here.digest, comment="Plainer, please.")
    assert unit(article).is_returned
    assert not unit(article).is_approved
    assert Comment.objects.get().returns
    assert work(article).units_returned == 1
    write(article, "<p>Take 25 mg each time.</p>")
    assert not unit(article).is_returned
    assert work(article).units_returned == 0


def test_comments_come_from_those_who_work_on_the_text(article: Any) -> None:
    acts.comment_on(unit(article), by=staff(TRANSLATOR), text=" Is this right? ")
    assert Comment.objects.get().text == "Is this right?"
    with pytest.raises(Refused, match="Write a comment"):
        acts.comment_on(unit(article), by=staff(REVIEWER), text="")
    with pytest.raises(Refused, match="Only who translates"):
        acts.comment_on(unit(article), by=staff(StaffRole.PUBLISHER), text="a")


def test_what_is_said_twice_in_a_row_is_there_once(article: Any) -> None:
    here = unit(article)
    for _time in range(2):
        acts.comment_on(here, by=staff(TRANSLATOR), text="Is this right?")
        acts.comment_on(here, by=staff(REVIEWER), text="Is this right?")
    assert Comment.objects.count() == 4
    for _time in range(2):
        acts.comment_on(here, by=staff(TRANSLATOR), text="Is it?")
        acts.send_back(here, by=staff(REVIEWER), seen_digest=here.digest, comment="No.")
        acts.send_back(here, by=staff(REVIEWER), seen_digest=here.digest, comment="No. ")
    assert Comment.objects.filter(returns=True).count() == 2


# The source changed ---------------------------------------------------------------------------------------------------


def test_a_slip_of_the_pen_is_accepted_and_what_was_approved_stays_so(article: Any) -> None:
    publish_all(article)
    changed(article, body_zh_hans="<p>每次 25 mg 。</p><p>饭后服。</p>", summary_zh_hans="改了。")
    assert acts.accept_change(article, ["body"], by=staff(StaffRole.EDITOR)) == 1
    assert (unit(article).state, unit(article).is_approved) == (State.FINAL, True)
    assert unit(article, "summary").is_outdated
    assert acts.accept_change(article, None, by=staff(StaffRole.EDITOR)) == 1
    assert work(article).is_done


def test_what_is_new_in_the_source_still_has_to_be_translated(article: Any) -> None:
    changed(article, body_zh_hans="<p>每次 25 mg。</p><p>饭后服。</p><p>新的一段。</p>")
    assert acts.accept_change(article, None, by=staff(StaffRole.EDITOR)) == 0
    assert [row.step for row in unit(article).rows] == ["done", "done", "new"]


def test_only_who_writes_the_source_accepts_its_change(article: Any) -> None:
    with pytest.raises(Refused, match="Only who writes the source"):
        acts.accept_change(article, None, by=staff(TRANSLATOR))


# Whose it is ----------------------------------------------------------------------------------------------------------


def test_an_editor_assigns_to_who_may_write_the_language(article: Any) -> None:
    due = datetime.date(2026, 12, 1)
    acts.assign(work(article), to=staff(TRANSLATOR), due=due, by=staff(StaffRole.EDITOR))
    assert (work(article).assignee, work(article).due) == (staff(TRANSLATOR), due)
    with pytest.raises(Refused, match="may not write this language"):
        acts.assign(work(article), to=staff(StaffRole.PUBLISHER), due=None, by=staff(StaffRole.EDITOR))
    with pytest.raises(Refused, match="may not assign"):
        acts.assign(work(article), to=None, due=None, by=staff(TRANSLATOR))


def test_of_two_who_take_it_one_gets_it(article: Any) -> None:
    seen = work(article), work(article)
    acts.take(seen[0], by=staff(TRANSLATOR))
    acts.take(seen[0], by=staff(TRANSLATOR))  # twice is once
    with pytest.raises(Refused, match="has taken it already"):
        acts.take(seen[1], by=staff(StaffRole.EDITOR))
    with pytest.raises(Refused, match="Only whose it is"):
        acts.give_back(work(article), by=staff(StaffRole.PUBLISHER))
    acts.give_back(work(article), by=staff(TRANSLATOR))
    assert work(article).assignee is None
