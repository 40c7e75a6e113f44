import os
from io import StringIO
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import call_command


@pytest.fixture
def po(tmp_path: Path, settings: Any) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    write(path, "疼痛")
    return path


def write(path: Path, translation: str) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="pain", msgstr=translation))
    catalogue.save(str(path))


def compiled() -> str:
    said = StringIO()
    call_command("compilemessages", stdout=said)
    return said.getvalue()


def test_a_catalogue_is_compiled_once_and_again_after_a_change(po: Path) -> None:
    assert compiled() == "zh_Hans/django.mo\n"
    assert polib.mofile(str(po.with_suffix(".mo")))[0].msgstr == "疼痛"
    assert compiled() == ""

    write(po, "痛")
    os.utime(po, (later := po.stat().st_mtime + 10, later))
    assert compiled() == "zh_Hans/django.mo\n"
    assert polib.mofile(str(po.with_suffix(".mo")))[0].msgstr == "痛"


def test_a_folder_without_catalogues_is_nothing_to_do(tmp_path: Path, settings: Any) -> None:
    settings.LOCALE_PATHS = [tmp_path / "none"]
    assert compiled() == ""
