import json
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from painsite.management.commands import demo
from painsite.roles import StaffRole

NAMES = ["editor", "doctor", "translator", "linguist", "publisher", "admin"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "passwords.json"


# Passwords ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_account_gets_a_password_of_its_own_that_only_this_user_can_read(file: Path) -> None:
    passwords = demo.set_passwords(file, "")
    assert list(passwords) == NAMES
    assert len(set(passwords.values())) == len(NAMES)
    assert min(len(password) for password in passwords.values()) >= 12
    assert json.loads(file.read_text()) == passwords
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    for name, password in passwords.items():
        client = Client()
        assert client.post(reverse("admin:login"), {"username": name, "password": password}).status_code == 302
        assert client.get(reverse("admin:index")).status_code == 200
    administrator = get_user_model().objects.get(username="admin")
    assert administrator.is_superuser
    assert administrator.groups.count() == len(StaffRole)


@pytest.mark.django_db
def test_a_second_start_keeps_them(file: Path) -> None:
    passwords = demo.set_passwords(file, "")
    before = list(get_user_model().objects.order_by("pk").values())
    file.chmod(0o644)
    assert demo.set_passwords(file, "") == passwords
    assert list(get_user_model().objects.order_by("pk").values()) == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_one_password_for_all_can_be_given_and_stays(file: Path) -> None:
    demo.set_passwords(file, "")
    assert set(demo.set_passwords(file, "a password for all").values()) == {"a password for all"}
    assert authenticate(username="linguist", password="a password for all")
    assert set(demo.set_passwords(file, "").values()) == {"a password for all"}


@pytest.mark.django_db
def test_what_is_announced_opens_the_door_of_a_new_database_too(file: Path) -> None:
    passwords = demo.set_passwords(file, "")
    get_user_model().objects.all().delete()
    assert demo.set_passwords(file, "") == passwords
    assert authenticate(username="doctor", password=passwords["doctor"])


@pytest.mark.django_db
def test_a_start_that_was_stopped_while_it_wrote_breaks_nothing(file: Path) -> None:
    passwords = demo.set_passwords(file, "")
    file.with_suffix(".tmp").write_text('{"edi')
    assert demo.set_passwords(file, "") == passwords


# Static files ---------------------------------------------------------------------------------------------------------


def test_static_files_are_collected_when_one_is_newer_than_the_last_collection(tmp_path: Path, settings: Any) -> None:
    source, manifest = tmp_path / "source" / "a.css", tmp_path / "collected" / "staticfiles.json"
    for path in (source, manifest):
        path.parent.mkdir()
    source.write_text("a{}")
    settings.STATICFILES_DIRS = [source.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = manifest.parent
    assert demo.static_files_changed()
    manifest.write_text("{}")
    os.utime(manifest, (now := source.stat().st_mtime + 10, now))
    assert not demo.static_files_changed()
    os.utime(source, (now + 10, now + 10))
    assert demo.static_files_changed()


# The command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, file: Path) -> list[str]:
    """What a start does, without doing it: `serve` would never come back."""
    done: list[str] = []
    monkeypatch.setattr(demo, "call_command", lambda name, **options: done.append(name))
    monkeypatch.setattr(demo.Command, "serve", lambda self, port: done.append(f"serve {port}"))
    monkeypatch.setattr(demo, "PASSWORDS", file)
    monkeypatch.setattr(demo, "static_files_changed", lambda: False)
    for name in ("PORT", "DEMO_PASSWORD", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return done


def announced() -> str:
    said = StringIO()
    with translation.override("en"):
        demo.Command(stdout=said).handle()
    return said.getvalue()


@pytest.mark.django_db
def test_it_prepares_what_is_missing_says_so_and_serves(steps: list[str], monkeypatch: Any, file: Path) -> None:
    said = announced()
    assert steps == ["compilemessages", "migrate", "seed", "serve 8000"]
    for words in ("Database …", "http://127.0.0.1:8000/zh-hans/", "http://127.0.0.1:8000/en/", "8000/admin/"):
        assert words in said
    for name, password in json.loads(file.read_text()).items():
        assert f"  {name:<11} {password:<20} " in said

    monkeypatch.setattr(demo, "static_files_changed", lambda: True)
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("DEMO_PASSWORD", "for everyone")
    steps.clear()
    said = announced()
    assert steps == ["compilemessages", "migrate", "collectstatic", "seed", "serve 9000"]
    assert "http://127.0.0.1:9000/admin/" in said
    assert said.count("for everyone") == len(NAMES)


def test_it_serves_on_this_machine_only_in_the_same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: called.append((program, arguments)))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    demo.Command().serve("9000")
    [(program, arguments)] = called
    assert Path(program).name == "granian"
    assert arguments[0] == str(program)
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--port") + 1] == "9000"
    assert arguments[-1] == "painsite.wsgi:application"
