"""What the database itself refuses, whoever asks: ORM, bulk update, import or plain SQL.

- what was frozen in an edition is never changed, and what was signed is never changed;
- an edition is never signed by its author;
- nothing goes live without a clinician's approval of that very edition;
- two editions of one document and language are never live at the same moment (spans of time never overlap).

Installed after every `migrate`, not in a migration: Django alters a SQLite table by making it anew, and the triggers of
the old one are lost without a word. For the same reason they are lifted before a migration on SQLite, which refuses to
rename a table while a trigger names it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

FROZEN = (
    "id", "content_type_id", "object_id", "language", "number", "slug", "title", "content", "digest",
    "source_edition_id", "author_id", "created_at", "change_kind", "review_due",
)  # fmt: skip
SIGNED = ("id", "edition_id", "role", "verdict", "signer_id", "digest", "comment", "signed_at")

UNSIGNED = """NEW.live_from IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM publishing_signoff s WHERE s.edition_id = NEW.id AND s.role = 'medical'
    AND s.verdict = 'approve' AND s.signer_id <> NEW.author_id AND s.digest = NEW.digest)"""
BY_AUTHOR = "EXISTS (SELECT 1 FROM publishing_edition e WHERE e.id = NEW.edition_id AND e.author_id = NEW.signer_id)"
# A span [from, until) without an end is endless; an empty one overlaps nothing.
OVERLAPPING = """NEW.live_from IS NOT NULL AND (NEW.live_until IS NULL OR NEW.live_until > NEW.live_from) AND EXISTS (
    SELECT 1 FROM publishing_edition e WHERE e.id <> NEW.id AND e.content_type_id = NEW.content_type_id
    AND e.object_id = NEW.object_id AND e.language = NEW.language AND e.live_from IS NOT NULL
    AND (e.live_until IS NULL OR e.live_until > e.live_from)
    AND (e.live_until IS NULL OR e.live_until > NEW.live_from)
    AND (NEW.live_until IS NULL OR NEW.live_until > e.live_from))"""
# INSERT OR REPLACE, which only SQLite has, is an update that no trigger for updates sees.
REPLACED_EDITION = """EXISTS (SELECT 1 FROM publishing_edition e WHERE e.id = NEW.id OR (e.number = NEW.number
    AND e.content_type_id = NEW.content_type_id AND e.object_id = NEW.object_id AND e.language = NEW.language))"""
REPLACED_SIGNOFF = """EXISTS (SELECT 1 FROM publishing_signoff s WHERE s.id = NEW.id OR (s.edition_id = NEW.edition_id
    AND s.role = NEW.role AND s.signer_id = NEW.signer_id AND s.verdict = NEW.verdict))"""

Rule = tuple[str, str, str, str, str]
"""Name, table, event, condition, message."""


def changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def rules(differs: str) -> list[Rule]:
    """Those of every database; `differs` is the vendor's operator that also tells NULL apart."""
    edition, signoff = "publishing_edition", "publishing_signoff"
    return [
        ("edition_frozen", edition, "UPDATE", changed(FROZEN, differs), "an edition is never changed"),
        ("edition_signed_insert", edition, "INSERT", "NEW.live_from IS NOT NULL", "nothing goes live unsigned"),
        ("edition_signed", edition, "UPDATE", UNSIGNED, "nothing goes live unsigned"),
        ("signoff_frozen", signoff, "UPDATE", changed(SIGNED, differs), "a sign-off is never changed"),
        ("signoff_author", signoff, "INSERT", BY_AUTHOR, "an edition is never signed by its author"),
    ]


def rules_of_sqlite() -> list[Rule]:
    return [
        *rules("IS NOT"),
        ("edition_spans", "publishing_edition", "UPDATE", OVERLAPPING, "two editions live at the same moment"),
        ("edition_replaced", "publishing_edition", "INSERT", REPLACED_EDITION, "an edition is never changed"),
        ("signoff_replaced", "publishing_signoff", "INSERT", REPLACED_SIGNOFF, "a sign-off is never changed"),
    ]


def sqlite(connection: BaseDatabaseWrapper) -> list[str]:
    statements = []
    for name, table, event, condition, message in rules_of_sqlite():
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        ]
    return statements


def postgresql(connection: BaseDatabaseWrapper) -> list[str]:
    statements = []
    for name, table, event, condition, message in rules("IS DISTINCT FROM"):
        # The exception is an integrity error, as on SQLite, and names the rule as a constraint would.
        statements.append(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'; END IF; "
            f"RETURN NEW; END $$"
        )
        statements.append(
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    # A trigger would look before another transaction commits; an exclusion constraint cannot be raced.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = 'edition_spans'")
        if not cursor.fetchone():
            statements += [
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
                "ALTER TABLE publishing_edition ADD CONSTRAINT edition_spans EXCLUDE USING gist ("
                "content_type_id WITH =, object_id WITH =, language WITH =, tstzrange(live_from, live_until) WITH &&"
                ") WHERE (live_from IS NOT NULL)",
            ]
    return statements


def install(using: str = "default", **kwargs: Any) -> None:
    """Receiver of `post_migrate`: puts the rules in place, or in place anew."""
    connection = connections[using]
    if not {"publishing_edition", "publishing_signoff"} <= set(connection.introspection.table_names()):
        return  # migrated backwards, or not yet
    statements = sqlite(connection) if connection.vendor == "sqlite" else postgresql(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lift(using: str = "default", plan: Sequence[Any] = (), **kwargs: Any) -> None:
    """Receiver of `pre_migrate`: makes way for the migrations on SQLite; `install` follows them."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name, *_rest in rules_of_sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def installed(connection: BaseDatabaseWrapper) -> bool:
    """Whether every rule is in place; a database that has not been migrated yet is not asked."""
    if "publishing_edition" not in connection.introspection.table_names():
        return True
    if connection.vendor == "sqlite":
        wanted = {name for name, *_rest in rules_of_sqlite()}
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = {"edition_spans", *(name for name, *_rest in rules("IS DISTINCT FROM"))}
        query = "SELECT tgname FROM pg_trigger UNION SELECT conname FROM pg_constraint"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return wanted <= {name for (name,) in cursor.fetchall()}
