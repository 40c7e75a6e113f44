import datetime
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from painsite.roles import StaffRole
from publishing import guards, workflow
from publishing.models import Edition, Role, SignOff, State, Verdict
from tests.factories import ArticleFactory, approve, publish, staff, submit, withdraw

from .racing import at_the_same_moment

SQLITE = connection.vendor == "sqlite"
only_on_sqlite = pytest.mark.skipif(not SQLITE, reason="only on SQLite")
only_on_postgresql = pytest.mark.skipif(SQLITE, reason="only on PostgreSQL")

CHANGED = "an edition is never changed"
RESIGNED = "a sign-off is never changed"
UNSIGNED = "nothing goes live unsigned"
BY_AUTHOR = "an edition is never signed by its author"
OVERLAP = "two editions live at the same moment" if SQLITE else "edition_spans"

NOW = timezone.now()
HOUR = datetime.timedelta(hours=1)


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The database refuses, names the rule, and the transaction around it can go on."""
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        yield


def sql(statement: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


@pytest.fixture
def edition(db: None) -> Edition:
    return submit(ArticleFactory.create(), "zh-hans")


@pytest.fixture
def live(db: None) -> Edition:
    return publish(ArticleFactory.create(), "zh-hans")


# What was frozen ------------------------------------------------------------------------------------------------------


# What people do with an edition, as opposed to what it says.
MOVING = {"state", "live_from", "live_until", "withdrawal_reason", "read_instead_id"}


def other_value(edition: Edition, column: str) -> Any:
    """Another value for a column; other rows are made where a key needs one."""
    field = Edition._meta.get_field(column)
    match field:
        case models.JSONField():
            return json.dumps({**edition.content, "title": "changed"})
        case models.DateField():  # and DateTimeField
            return "2031-01-01"
        case models.ForeignKey() if field.related_model is Edition:
            return submit(ArticleFactory.create(), "zh-hans").pk
        case models.ForeignKey():
            return field.related_model._default_manager.exclude(pk=getattr(edition, column)).values_list("pk")[0][0]
        case models.IntegerField():
            return 99_999
    return "en" if column == "language" else "typo" if column == "change_kind" else "changed"


def frozen_columns() -> list[str]:
    return [field.attname for field in Edition._meta.concrete_fields if field.attname not in MOVING]


def test_every_column_but_those_of_its_course_is_frozen() -> None:
    assert set(guards.FROZEN) == set(frozen_columns())
    assert set(guards.SIGNED) == {field.attname for field in SignOff._meta.concrete_fields}


@pytest.mark.parametrize("column", frozen_columns())
def test_plain_sql_cannot_change_what_was_frozen(edition: Edition, column: str) -> None:
    staff(StaffRole.PUBLISHER)
    value = other_value(edition, column)
    with refused(CHANGED):
        sql(f"UPDATE publishing_edition SET {column} = %s WHERE id = %s", value, edition.pk)


def test_plain_sql_cannot_blank_what_was_frozen(db: None) -> None:
    translation = submit(ArticleFactory.create(), "en")
    with refused(CHANGED):
        sql("UPDATE publishing_edition SET source_edition_id = NULL WHERE id = %s", translation.pk)


def test_a_key_inside_the_content_cannot_be_changed(edition: Edition) -> None:
    for title in ("changed", ""):
        with refused(CHANGED):
            sql(
                "UPDATE publishing_edition SET content = json_set(content, '$.title', %s)"
                if SQLITE
                else "UPDATE publishing_edition SET content = jsonb_set(content, '{title}', to_jsonb(%s::text))",
                title,
            )


def test_save_cannot_change_what_was_frozen(edition: Edition) -> None:
    edition.content["title"] = "changed"
    with refused(CHANGED):
        edition.save()
    with refused(CHANGED):
        edition.save(update_fields=["content"])


def test_update_cannot_change_what_was_frozen(edition: Edition) -> None:
    with refused(CHANGED):
        Edition.objects.update(title="changed")
    with refused(CHANGED):
        Edition.objects.filter(pk=edition.pk).update(content={}, state=State.APPROVED)


def test_bulk_update_cannot_change_what_was_frozen(edition: Edition) -> None:
    edition.title = "changed"
    with refused(CHANGED):
        Edition.objects.bulk_update([edition], ["title", "state"])


def test_an_upsert_cannot_change_what_was_frozen(edition: Edition) -> None:
    edition.title = "changed"
    with refused(CHANGED):
        Edition.objects.bulk_create(
            [edition], update_conflicts=True, unique_fields=["id"], update_fields=["title", "state"]
        )
    with refused(CHANGED):
        Edition.objects.update_or_create(pk=edition.pk, defaults={"title": "changed"})


@only_on_sqlite
@pytest.mark.parametrize("table", ["publishing_edition", "publishing_signoff"])
def test_a_row_cannot_be_put_in_the_place_of_another(db: None, table: str) -> None:
    approve(submit(ArticleFactory.create(), "zh-hans"))
    for where in ("", "WHERE 1"):
        with refused("is never changed"):
            sql(f"REPLACE INTO {table} SELECT * FROM {table} {where}")


@only_on_sqlite
def test_a_row_cannot_take_over_the_number_of_another(edition: Edition) -> None:
    columns = ", ".join(column for column in frozen_columns() if column != "id") + ", state"
    with refused(CHANGED):
        sql(f"REPLACE INTO publishing_edition ({columns}) SELECT {columns} FROM publishing_edition")


def test_one_frozen_row_among_many_stops_the_whole_statement(edition: Edition) -> None:
    other = submit(ArticleFactory.create(), "zh-hans")
    with refused(CHANGED):
        sql("UPDATE publishing_edition SET title = %s", edition.title)
    other.refresh_from_db()
    assert other.title == other.content["title"]


def test_saving_without_a_change_is_allowed(edition: Edition) -> None:
    Edition.objects.get(pk=edition.pk).save()


def test_the_state_may_change(edition: Edition) -> None:
    assert Edition.objects.update(state=State.CHANGES_REQUESTED) == 1


def test_the_content_may_change_nowhere_even_after_publication(live: Edition) -> None:
    with refused(CHANGED):
        Edition.objects.filter(pk=live.pk).update(content={**live.content, "title": "changed"})
    withdraw(live)
    with refused(CHANGED):
        Edition.objects.filter(pk=live.pk).update(content={**live.content, "title": "changed"})


# What was signed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", 99_999),
        ("role", "language"),
        ("verdict", "request_changes"),
        ("digest", "0" * 64),
        ("comment", "changed"),
        ("signed_at", "2001-01-01"),
    ],
)
def test_a_sign_off_cannot_be_changed(live: Edition, column: str, value: Any) -> None:
    with refused(RESIGNED):
        sql(f"UPDATE publishing_signoff SET {column} = %s", value)


def test_a_sign_off_cannot_be_passed_on(live: Edition) -> None:
    with refused(RESIGNED):
        SignOff.objects.update(signer=staff(StaffRole.LANGUAGE_REVIEWER_EN))
    with refused(RESIGNED):
        SignOff.objects.update(edition=submit(ArticleFactory.create(), "zh-hans"))
    sign_off = SignOff.objects.get()
    sign_off.comment = "changed"
    with refused(RESIGNED):
        sign_off.save()
    with refused(RESIGNED):
        SignOff.objects.bulk_update([sign_off], ["comment"])


def signed_by(edition: Edition, signer: Any, **values: Any) -> SignOff:
    values = {"role": Role.MEDICAL, "verdict": Verdict.APPROVE, "digest": edition.digest, **values}
    return SignOff(edition=edition, signer=signer, **values)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verdict", Verdict)
def test_the_author_cannot_sign(edition: Edition, role: Role, verdict: Verdict) -> None:
    with refused(BY_AUTHOR):
        signed_by(edition, edition.author, role=role, verdict=verdict).save()
    with refused(BY_AUTHOR):
        SignOff.objects.bulk_create([signed_by(edition, edition.author, role=role, verdict=verdict)])


def test_the_author_cannot_sign_by_plain_sql(edition: Edition) -> None:
    with refused(BY_AUTHOR):
        sql(
            "INSERT INTO publishing_signoff (edition_id, role, verdict, signer_id, digest, comment, signed_at)"
            " VALUES (%s, 'medical', 'approve', %s, %s, '', %s)",
            edition.pk,
            edition.author_id,
            edition.digest,
            NOW,
        )


def test_the_author_of_another_edition_can_sign(edition: Edition) -> None:
    signed_by(edition, staff(StaffRole.TRANSLATOR_EN)).save()
    assert edition.sign_offs.count() == 1


# Nothing unsigned -----------------------------------------------------------------------------------------------------


def go_live(edition: Edition, start: datetime.datetime = NOW, end: datetime.datetime | None = None) -> int:
    state = State.SUPERSEDED if end else State.PUBLISHED
    return Edition.objects.filter(pk=edition.pk).update(state=state, live_from=start, live_until=end)


def test_an_edition_without_a_sign_off_cannot_go_live(edition: Edition) -> None:
    with refused(UNSIGNED):
        go_live(edition)
    with refused(UNSIGNED):
        sql("UPDATE publishing_edition SET state = 'published', live_from = %s", NOW)
    edition.state, edition.live_from = State.PUBLISHED, NOW
    with refused(UNSIGNED):
        edition.save()


def test_an_edition_cannot_be_written_live_at_once(edition: Edition) -> None:
    edition.pk, edition.number, edition.state, edition.live_from = None, 2, State.PUBLISHED, NOW
    edition._state.adding = True
    with refused(UNSIGNED):
        edition.save()
    with refused(UNSIGNED):
        Edition.objects.bulk_create([edition])


@pytest.mark.parametrize(
    "values", [{"role": Role.LANGUAGE}, {"verdict": Verdict.REQUEST_CHANGES}, {"digest": "0" * 64}], ids=str
)
def test_only_a_clinicians_approval_of_this_very_text_counts(edition: Edition, values: dict[str, str]) -> None:
    signed_by(edition, staff(StaffRole.MEDICAL_REVIEWER), **values).save()
    with refused(UNSIGNED):
        go_live(edition)


def test_the_sign_off_of_another_edition_does_not_count(edition: Edition) -> None:
    approve(submit(ArticleFactory.create(), "zh-hans"))
    with refused(UNSIGNED):
        go_live(edition)


def test_a_signed_edition_can_go_live(edition: Edition) -> None:
    signed_by(edition, staff(StaffRole.MEDICAL_REVIEWER)).save()
    assert go_live(edition) == 1
    assert Edition.objects.live().get() == edition


# Spans ----------------------------------------------------------------------------------------------------------------


def signed_pair() -> tuple[Edition, Edition]:
    """Two editions of one language of one document, both signed and neither live."""
    article = ArticleFactory.create()
    pair = []
    for title in ("一", "二"):
        article.title_zh_hans = title
        article.save()
        edition = submit(article, "zh-hans")
        signed_by(edition, staff(StaffRole.MEDICAL_REVIEWER)).save()
        pair.append(edition)
    return pair[0], pair[1]


Hours = tuple[int, int | None]


def span(hours: Hours) -> tuple[datetime.datetime, datetime.datetime | None]:
    start, end = hours
    return NOW + start * HOUR, None if end is None else NOW + end * HOUR


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, None), (0, None)),
        ((0, None), (5, None)),
        ((5, None), (0, None)),
        ((0, None), (5, 6)),
        ((0, 5), (4, None)),
        ((0, 5), (4, 6)),
        ((4, 6), (0, 5)),
        ((0, 5), (0, 5)),
        ((0, 5), (1, 2)),
        ((1, 2), (0, 5)),
    ],
)
def test_spans_that_overlap_are_refused(db: None, first: Hours, second: Hours) -> None:
    one, two = signed_pair()
    go_live(one, *span(first))
    with refused(OVERLAP):
        go_live(two, *span(second))
    with refused(OVERLAP):
        start, end = span(second)
        sql(
            "UPDATE publishing_edition SET state = 'withdrawn', live_from = %s, live_until = %s WHERE id = %s",
            start,
            end or NOW + 99 * HOUR,
            two.pk,
        )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 5), (5, None)),
        ((5, None), (0, 5)),
        ((0, 5), (5, 6)),
        ((0, 5), (6, 7)),
        ((0, 0), (0, None)),
        ((0, None), (5, 5)),
        ((3, 3), (3, 3)),
    ],
)
def test_spans_that_only_touch_or_are_empty_are_allowed(db: None, first: Hours, second: Hours) -> None:
    one, two = signed_pair()
    go_live(one, *span(first))
    assert go_live(two, *span(second)) == 1


def test_a_span_cannot_be_lengthened_over_another(db: None) -> None:
    one, two = signed_pair()
    go_live(one, *span((0, 5)))
    go_live(two, *span((5, None)))
    with refused(OVERLAP):
        Edition.objects.filter(pk=one.pk).update(live_until=None, state=State.PUBLISHED)
    with refused(OVERLAP):
        Edition.objects.filter(pk=two.pk).update(live_from=NOW)


def test_other_languages_and_other_documents_are_live_at_the_same_time(db: None) -> None:
    article = ArticleFactory.create()
    for edition in (publish(article, "zh-hans"), publish(article, "en"), publish(ArticleFactory.create(), "zh-hans")):
        assert edition.is_live()


# Two at the same moment -----------------------------------------------------------------------------------------------


def assert_one_was_refused(raised: list[Exception | None]) -> None:
    errors = [error for error in raised if error]
    assert len(errors) == 1
    # PostgreSQL may find the two in each other's way, each waiting for the other, before it compares their spans.
    assert re.search(OVERLAP if SQLITE else f"{OVERLAP}|deadlock detected", str(errors[0]))


@pytest.mark.django_db(transaction=True)
def test_of_two_that_go_live_at_the_same_moment_by_plain_updates_one_is_refused() -> None:
    for _round in range(5):
        one, two = signed_pair()
        assert_one_was_refused(at_the_same_moment(partial(go_live, one), partial(go_live, two)))
        assert Edition.objects.live().filter(object_id=one.object_id).count() == 1


@only_on_postgresql  # on SQLite the second waits for the first before it can look
@pytest.mark.django_db(transaction=True)
def test_of_two_that_both_looked_and_found_nothing_live_one_is_refused() -> None:
    one, two = signed_pair()
    both_looked = Barrier(2, timeout=20)

    def look_and_go(edition: Edition) -> None:
        with transaction.atomic():
            assert not Edition.objects.live().exists()
            both_looked.wait()
            go_live(edition)

    assert_one_was_refused(at_the_same_moment(partial(look_and_go, one), partial(look_and_go, two)))
    assert Edition.objects.live().count() == 1


# Installed, and still there afterwards --------------------------------------------------------------------------------


def test_every_rule_is_in_place(db: None) -> None:
    assert guards.installed(connection)


def test_a_missing_rule_is_noticed(db: None) -> None:
    sql("DROP TRIGGER edition_frozen" if SQLITE else "DROP TRIGGER edition_frozen ON publishing_edition")
    assert not guards.installed(connection)


def test_installing_twice_is_installing_once(edition: Edition) -> None:
    guards.install()
    guards.install()
    assert guards.installed(connection)
    with refused(CHANGED):
        Edition.objects.update(title="changed")


def test_a_rule_of_an_older_release_is_replaced(edition: Edition) -> None:
    if SQLITE:
        sql("DROP TRIGGER edition_frozen")
        sql("CREATE TRIGGER edition_frozen BEFORE UPDATE ON publishing_edition BEGIN SELECT 1; END")
    else:
        sql(
            "CREATE OR REPLACE FUNCTION edition_frozen() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NEW; END $$"
        )
    Edition.objects.update(change_kind="typo")
    guards.install()
    with refused(CHANGED):
        Edition.objects.update(change_kind="wording")


def lengthen(model: type[models.Model], name: str) -> None:
    """What a migration does that alters a column; on SQLite that makes the table anew."""
    old: Any = model._meta.get_field(name)
    new = old.clone()
    new.max_length = 350
    new.set_attributes_from_name(name)
    new.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "name"), [(Edition, "title"), (SignOff, "role")])
def test_the_rules_outlive_a_migration_of_their_tables(model: type[models.Model], name: str) -> None:
    edition = approve(submit(ArticleFactory.create(), "zh-hans"))
    guards.lift(plan=[("a migration", False)])
    lengthen(model, name)
    guards.install()
    assert guards.installed(connection)
    with refused(CHANGED):
        Edition.objects.update(title="changed")
    with refused(RESIGNED):
        SignOff.objects.update(comment="changed")
    with refused(BY_AUTHOR):
        signed_by(edition, edition.author).save()
    one, two = signed_pair()
    go_live(one)
    with refused(OVERLAP):
        go_live(two)


@only_on_sqlite
@pytest.mark.django_db(transaction=True)
def test_sqlite_would_not_alter_a_table_that_a_rule_names() -> None:
    """Why they are lifted: should this ever pass, they need not be."""
    with pytest.raises(Exception, match="error in trigger"):
        lengthen(SignOff, "role")


@pytest.mark.django_db(transaction=True)
def test_migrating_puts_a_lost_rule_back() -> None:
    sql("DROP TRIGGER edition_frozen" if SQLITE else "DROP TRIGGER edition_frozen ON publishing_edition")
    call_command("migrate", verbosity=0, skip_checks=False)
    assert guards.installed(connection)


def test_rules_stay_while_there_is_nothing_to_migrate(db: None) -> None:
    guards.lift(plan=[])
    assert guards.installed(connection)


@pytest.mark.django_db(transaction=True)
def test_publishing_can_be_migrated_away_and_back() -> None:
    call_command("migrate", "publishing", "zero", verbosity=0)
    try:
        assert guards.installed(connection)
        guards.install()
    finally:
        call_command("migrate", verbosity=0)
    assert guards.installed(connection)
    publish(ArticleFactory.create(), "zh-hans")


def test_the_workflow_never_meets_a_rule(db: None) -> None:
    """They are the last line; whoever goes the way of people is told why by `Refused`."""
    edition = submit(ArticleFactory.create(), "zh-hans")
    with pytest.raises(workflow.Refused):
        workflow.sign_off(edition, edition.author, Role.MEDICAL)
    with pytest.raises(workflow.Refused):
        workflow.publish(edition, staff(StaffRole.PUBLISHER))
