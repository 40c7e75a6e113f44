"""What holds for the project as a whole. The layers are import-linter's, in pyproject.toml."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import to_locale

ROOT = Path(__file__).resolve().parent.parent
CONTENT_APPS = [
    name for name in ("publishing", "glossary", "articles", "translations", "search") if (ROOT / name).is_dir()
]
ALL_APPS = ["painsite", *CONTENT_APPS]
SOURCE_LANGUAGE = "en"  # of the messages, not of the content
DOMAINS = ("django", "djangojs")


def listed(found: Iterable[str]) -> str:
    return "\n".join(["", *found])


# Every module has its tests -------------------------------------------------------------------------------------------

# Declarations, which the tests of what they declare exercise; painsite as a whole is tests/test_site.py's.
WITHOUT_TESTS = {"__init__", "apps", "translation", "urls"}
FOLDERS_WITHOUT_TESTS = {"management", "migrations"}


def test_every_module_of_an_app_has_a_test_module_of_its_name() -> None:
    missing = [
        f"tests/{app}/test_{path.stem}.py"
        for app in CONTENT_APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if path.stem not in WITHOUT_TESTS and not FOLDERS_WITHOUT_TESTS & set(path.relative_to(ROOT).parts)
        if not (ROOT / "tests" / app / f"test_{path.stem}.py").exists()
    ]
    assert not missing, listed(missing)


# Messages -------------------------------------------------------------------------------------------------------------

LOCALES = [to_locale(code) for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE]
CATALOGUES = [(locale, domain) for locale in LOCALES for domain in DOMAINS]


def catalogue(root: Path, locale: str, domain: str) -> polib.POFile:
    """Empty where there is no file: then the code must have no message for it."""
    path = root / "painsite" / "locale" / locale / "LC_MESSAGES" / f"{domain}.po"
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def live_entries(file: polib.POFile) -> list[polib.POEntry]:
    return [entry for entry in file if not entry.obsolete]


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_no_message_is_untranslated_or_fuzzy(locale: str, domain: str) -> None:
    unfinished = [entry.msgid for entry in live_entries(catalogue(ROOT, locale, domain)) if not entry.translated()]
    assert not unfinished, listed(unfinished)


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_a_translation_has_the_placeholders_of_its_message(locale: str, domain: str) -> None:
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))

    different = [
        entry.msgid
        for entry in live_entries(catalogue(ROOT, locale, domain))
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if placeholders(text) != placeholders(entry.msgid_plural or entry.msgid)
    ]
    assert not different, listed(different)


@pytest.mark.skipif(
    not shutil.which("xgettext"),
    reason="no xgettext, which finds the messages: apt install gettext, or brew install gettext",
)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_of_the_code_is_in_the_catalogue(locale: str, tmp_path: Path) -> None:
    for app in ALL_APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "seed"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    for domain in DOMAINS:
        command = [sys.executable, "manage.py", "makemessages", "--locale", locale, "--domain", domain, "--no-location"]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "painsite.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        known = {(entry.msgctxt, entry.msgid) for entry in live_entries(catalogue(ROOT, locale, domain))}
        used = live_entries(catalogue(tmp_path, locale, domain))
        missing = [entry.msgid for entry in used if (entry.msgctxt, entry.msgid) not in known]
        assert not missing, listed(missing)


# Nothing comes from elsewhere -----------------------------------------------------------------------------------------

ELSEWHERE = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*?\s(?:src|href|srcset|data)\s*=\s*["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//"""
    r"""|@import\s+["'](?:https?:)?//"""
    r"""|\b(?:from|import)\s*\(?\s*["']https?://""",
    re.IGNORECASE,
)


def texts() -> list[Path]:
    return [
        path
        for app in ALL_APPS
        for path in sorted((ROOT / app).rglob("*"))
        if path.suffix in {".css", ".html", ".js", ".py", ".svg", ".txt", ".xml"} and "seed" not in path.parts
    ]


def test_nothing_is_loaded_from_another_host() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in texts()
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, listed(found)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "<link rel='stylesheet'\n href='//cdn.example/x.css'>",
        '<img alt="" src=http://example.org/x.png>',
        "background: url(https://example.org/x.png)",
        '@import "https://example.org/x.css"',
        'import x from "https://example.org/x.js"',
    ],
)
def test_that_test_sees(text: str) -> None:
    assert ELSEWHERE.search(text)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.org/">',
        '<script src="{% static "x.js" %}">',
        '<link rel="canonical" href="{{ url }}">',
    ],
)
def test_that_test_lets_pass(text: str) -> None:
    assert not ELSEWHERE.search(text)
