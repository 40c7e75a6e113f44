"""From a page of HTML to its PDF: kept under what the page says, else made by the press, a few at a time.

Printing takes most of a second of a processor, so it never happens in a thread that answers requests: one press runs
for each process of the site, and what it has not begun waits in a queue. A few requests wait with it, for a while; the
others are told to ask again soon, and find it then. So a waiting room that prints holds up nobody who reads.

A PDF is kept under the checksum of the whole page it was made of: texts, terms, the department's name, options, style;
and of WeasyPrint's version, so that a new one prints anew.
Whoever asks for one makes that page anew, out of what is live then; so nothing that is not can come out of the cache.
"""

import hashlib
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches

from .press import LIBRARIES_MISSING

logger = logging.getLogger(__name__)

PRESS = Path(__file__).with_name("press.py")
QUEUE = 40  # PDFs that may be waiting for the press of one process
WAITING = 2  # requests of one process that may wait for theirs; of four threads, two are always free for readers
PATIENCE = 8  # seconds that they wait
LONGEST = 90  # seconds for one PDF
KEPT = 7 * 24 * 60 * 60  # seconds
FAILED = "failed-"
RETRIED = 5 * 60  # seconds until what could not be printed is tried again
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class NotYet(Exception):
    """It is being made, or waits to be: ask again in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class CannotPrint(Exception):
    """The press does not run here, or not with this page."""


@cache
def release() -> str:
    """Of what draws the page. Asked of the packages: to import it takes libraries that may not be there."""
    return version("weasyprint")


def key(html: str) -> str:
    return hashlib.sha256(f"{release()}\n{html}".encode()).hexdigest()


_press = ThreadPoolExecutor(max_workers=1, thread_name_prefix="press")
_jobs: dict[str, "Future[bytes]"] = {}
_lock = threading.Lock()
_waiting = threading.BoundedSemaphore(WAITING)


def printed(html: str) -> bytes:
    """The PDF of a page. Raises `NotYet`, and `CannotPrint`."""
    name = key(html)
    if kept := caches["handouts"].get(name):
        return bytes(kept)
    if caches["handouts"].get(FAILED + name):
        raise CannotPrint
    with _lock:
        if (job := _jobs.get(name)) is None:
            if len(_jobs) >= QUEUE:
                raise NotYet(30)
            job = _jobs[name] = _press.submit(_make, name, html)
    if not _waiting.acquire(blocking=False):
        raise NotYet(3)
    try:
        return job.result(timeout=PATIENCE)
    except TimeoutError:
        raise NotYet(3) from None
    finally:
        _waiting.release()


def _make(name: str, html: str) -> bytes:
    try:
        pdf = run(html)
        keep(name, pdf, KEPT)
        return pdf
    except CannotPrint:
        keep(FAILED + name, True, RETRIED)  # else whoever asks again begins the same long work again
        raise
    finally:
        with _lock:
            del _jobs[name]


def keep(name: str, what: Any, seconds: int) -> None:
    try:
        caches["handouts"].set(name, what, seconds)
    except OSError:
        logger.exception("A hand-out could not be kept.")


def run(html: str) -> bytes:
    """Runs the press once."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=html.encode(),
            capture_output=True,
            timeout=LONGEST,
            env=environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.exception("A hand-out was not printed.")
        raise CannotPrint from error
    if done.returncode == LIBRARIES_MISSING:
        logger.error("Hand-outs need the libraries of Pango: apt install %s", PACKAGES)
    elif done.returncode or not done.stdout.startswith(b"%PDF"):
        logger.error("A hand-out was not printed: %s", done.stderr.decode(errors="replace")[-2000:])
    else:
        return done.stdout
    raise CannotPrint


def environment() -> dict[str, str]:
    """All that the press knows of the machine: which fonts there are, where it keeps its list of them."""
    fonts = Path(settings.FONTS_DIR)
    return {
        "FONTCONFIG_FILE": str(fonts / "fonts.conf"),
        "XDG_CACHE_HOME": str(settings.VAR_DIR / "cache"),
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ.get("PATH", ""),
        "DYLD_FALLBACK_LIBRARY_PATH": "/opt/homebrew/lib:/usr/local/lib:/usr/lib",  # where macOS has Pango
    }


def is_possible() -> bool:
    """Whether the press finds what it needs on this machine."""
    command = [sys.executable, "-I", str(PRESS), "--check"]
    return subprocess.run(command, env=environment(), capture_output=True, timeout=LONGEST).returncode == 0
