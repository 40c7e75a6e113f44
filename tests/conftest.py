import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import polib
import pytest
from django.db import transaction
from django.utils import translation

TESTS = Path(__file__).parent

LONG = {"test_never_public.py", "test_permissions.py", "test_promise.py", "test_content.py", "test_every_page.py"}
"""They begin first: one that began last would keep a worker busy while the others wait."""

# How long one example takes says more about the machine than about the code.
hypothesis.settings.register_profile("painsite", deadline=None)
hypothesis.settings.load_profile("painsite")


@pytest.fixture(autouse=True)
def _no_language_of_the_test_before() -> Iterator[None]:
    """A request leaves its language active; without this, what a test finds would hang on which one came before it."""
    language = translation.get_language()
    yield
    translation.activate(language)


@pytest.fixture(autouse=True)
def _no_terms_of_the_test_before() -> None:
    from glossary import terminology  # not sooner: they import models
    from search import spelling

    terminology.forget()
    spelling.forget()


@pytest.fixture(autouse=True)
def _no_staff_of_the_test_before() -> None:
    from tests import factories

    factories.known_staff.clear()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for fixtures of the same scope: what they make is there for all tests of a module that come after,
    each of which undoes its own as always, and is undone in the end.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, before there are workers to read half a file
        compile_messages()


def compile_messages() -> None:
    for source in sorted(TESTS.parent.glob("painsite/locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            partial = source.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(source)).save_as_mofile(str(partial))
            partial.replace(compiled)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folder says what a test is, so that none can forget its mark."""
    for item in items:
        if item.path.is_relative_to(TESTS / "e2e"):
            item.add_marker(pytest.mark.e2e)
        elif item.path.is_relative_to(TESTS / "benchmarks"):
            item.add_marker(pytest.mark.benchmark)
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """What was imported stays till the end: gone through again and again, it takes a fifteenth of all time."""
    gc.collect()
    gc.freeze()
