import io

import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from painsite import checks
from publishing import guards

SQLITE = connection.vendor == "sqlite"


def lose_a_rule() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER signoff_author" if SQLITE else "DROP TRIGGER signoff_author ON publishing_signoff")


def test_all_rules_in_place_is_nothing_to_say(db: None) -> None:
    assert checks.guards_are_installed(databases=["default"]) == []


def test_without_a_database_to_look_at_nothing_is_asked() -> None:
    assert checks.guards_are_installed() == []


def test_a_rule_that_is_missing_is_told(db: None) -> None:
    lose_a_rule()
    (warning,) = checks.guards_are_installed(databases=["default"])
    assert warning.id == "painsite.W003"
    assert warning.is_serious() is False
    assert "'default'" in warning.msg


def test_the_command_finds_it(db: None) -> None:
    lose_a_rule()
    with pytest.raises(CommandError, match=r"painsite\.W003"):
        call_command("check", databases=["default"], fail_level="WARNING")


@pytest.mark.django_db(transaction=True)
def test_migrating_is_not_stopped_by_what_it_repairs() -> None:
    lose_a_rule()
    told = io.StringIO()
    call_command("migrate", verbosity=0, skip_checks=False, stderr=told)
    assert guards.installed(connection)
    assert "painsite.W003" in told.getvalue()


@pytest.mark.parametrize(
    ("engine", "ids"),
    [("django.db.backends.sqlite3", ["painsite.W001"]), ("django.db.backends.postgresql", [])],
)
def test_a_deployment_on_sqlite_is_told(monkeypatch: pytest.MonkeyPatch, engine: str, ids: list[str]) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
    assert [message.id for message in checks.production_database()] == ids


@pytest.mark.parametrize(
    ("backend", "ids"),
    [
        ("django.core.cache.backends.locmem.LocMemCache", ["painsite.W002"]),
        ("django_redis.cache.RedisCache", []),
        ("django.core.cache.backends.redis.RedisCache", []),
    ],
)
def test_a_deployment_with_a_cache_for_each_process_is_told(
    monkeypatch: pytest.MonkeyPatch, backend: str, ids: list[str]
) -> None:
    monkeypatch.setitem(settings.CACHES["default"], "BACKEND", backend)
    assert [message.id for message in checks.shared_cache()] == ids


def test_without_a_server_for_suggestions_nothing_is_wrong() -> None:
    assert checks.suggestions_are_asked_for_in_private() == []


def test_a_server_for_suggestions_by_https_is_fine(settings: LazySettings) -> None:
    settings.SUGGESTIONS_URL, settings.SUGGESTIONS_MODEL = "https://models.hospital.cn/v1", "qwen"
    assert checks.suggestions_are_asked_for_in_private() == []


def test_nothing_starts_that_would_send_texts_in_the_clear(settings: LazySettings) -> None:
    settings.SUGGESTIONS_URL, settings.SUGGESTIONS_MODEL = "http://models.hospital.cn/v1", "qwen"
    (error,) = checks.suggestions_are_asked_for_in_private()
    assert (error.id, error.is_serious()) == ("painsite.E001", True)
    with pytest.raises(SystemCheckError, match=r"painsite\.E001"):
        call_command("check")
