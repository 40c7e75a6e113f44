import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches

from articles import printing
from articles.press import LIBRARIES_MISSING
from articles.printing import CannotPrint, NotYet


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    caches["handouts"].clear()
    yield
    caches["handouts"].clear()


class Press:
    """In its place: prints when it is let, and counts."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.pages: list[str] = []

    def __call__(self, html: str) -> bytes:
        self.pages.append(html)
        assert self.may_go_on.wait(20)
        return b"%PDF " + html.encode()


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    press = Press()
    monkeypatch.setattr(printing, "run", press)
    yield press
    press.may_go_on.set()
    for job in list(printing._jobs.values()):
        job.result(timeout=20)


def test_what_was_printed_once_is_kept_and_another_page_is_another_pdf(press: Press) -> None:
    press.may_go_on.set()
    assert [printing.printed(page) for page in ("a", "b", "a")] == [b"%PDF a", b"%PDF b", b"%PDF a"]
    assert press.pages == ["a", "b"]


def test_a_new_release_of_what_draws_prints_anew(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.may_go_on.set()
    printing.printed("a")
    monkeypatch.setattr(printing, "release", lambda: "999")
    printing.printed("a")
    assert press.pages == ["a", "a"]


def test_who_waits_too_long_is_told_to_ask_again_and_finds_it_then(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 0.01)
    for _again in range(3):
        with pytest.raises(NotYet):
            printing.printed("a")
    job = printing._jobs[printing.key("a")]
    press.may_go_on.set()
    job.result(timeout=20)
    assert printing.printed("a") == b"%PDF a"
    assert press.pages == ["a"]


def test_of_many_only_a_few_wait_and_no_more_than_the_queue_holds_are_taken(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "PATIENCE", 20)
    waiting = [threading.Thread(target=printing.printed, args=[f"{n}"]) for n in range(printing.WAITING)]
    for thread in waiting:
        thread.start()
    while len(printing._jobs) < printing.WAITING or printing._waiting._value:
        pass
    for number in range(printing.WAITING, printing.QUEUE):
        with pytest.raises(NotYet) as soon:
            printing.printed(f"{number}")
        assert soon.value.seconds == 3
    with pytest.raises(NotYet) as later:
        printing.printed("one too many")
    assert later.value.seconds == 30
    press.may_go_on.set()
    for thread in waiting:
        thread.join(20)
    for job in list(printing._jobs.values()):
        job.result(timeout=20)
    assert sorted(press.pages) == sorted(f"{n}" for n in range(printing.QUEUE))


def finished(code: int, out: bytes = b"", error: bytes = b"") -> Any:
    return lambda *arguments, **options: subprocess.CompletedProcess([], code, out, error)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (finished(LIBRARIES_MISSING), "Hand-outs need the libraries of Pango: apt install libpango-1.0-0"),
        (finished(1, error=b"MemoryError"), "A hand-out was not printed: MemoryError"),
        (finished(0, out=b"something else"), "A hand-out was not printed"),
    ],
)
def test_a_press_that_fails_is_told_to_who_looks_after_the_site(
    run: Any, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(CannotPrint):
        printing.printed("a")
    assert said in caplog.text
    assert printing._jobs == {}


def test_a_press_that_never_ends_is_stopped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    endless = tmp_path / "press.py"
    endless.write_text("import time; time.sleep(600)")
    monkeypatch.setattr(printing, "PRESS", endless)
    monkeypatch.setattr(printing, "LONGEST", 0.2)
    with pytest.raises(CannotPrint):
        printing.run("a")
    assert "A hand-out was not printed" in caplog.text


def test_the_press_sees_nothing_of_the_sites_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://…")
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(printing.environment())
