"""How long a hand-out takes, and what happens to everybody else while twenty are printed at once.

    python -m pytest -s tests/benchmarks/bench_handout.py

The site has the department's own texts and is served as `make demo` serves it. Memory is what Linux counts as resident,
of the server and everything that it starts, added up: what is shared counts twice.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.paper import Paper, needs_press

pytestmark = [needs_press, pytest.mark.skipif(sys.platform != "linux", reason="only on Linux: memory is read in /proc")]

SHEET = "/zh-hans/articles/acute-pain/handout.pdf"
SLUGS = ("acute-pain", "cancer-pain", "what-is-pain", "kinds-of-pain", "what-is-nerve-block")
MANY = 20
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of the site, and the number of its process."""
    folder = tmp_path_factory.mktemp("handouts")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}", "SECRET_KEY": "only-for-tests"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    for command in (["compilemessages"], ["migrate"], ["collectstatic", "--no-input"], ["seed"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=env, check=True, capture_output=True
        )
    granian = Path(sys.executable).with_name("granian")
    options = ["--interface", "wsgi", "--port", port, "--blocking-threads", "4"]
    server = subprocess.Popen(
        [str(granian), *options, "--log-level", "warning", "painsite.wsgi:application"], cwd=settings.BASE_DIR, env=env
    )
    address = f"http://127.0.0.1:{port}"
    while not is_up(address):
        assert server.poll() is None
        time.sleep(0.2)
    yield address, server.pid
    server.send_signal(signal.SIGTERM)
    server.wait(30)


def is_up(address: str) -> bool:
    try:
        return get(f"{address}/healthz/")[0] == 200
    except OSError:
        return False


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def printed(url: str) -> tuple[float, bytes]:
    """As a browser does it: while the sheet is being made, asks again. Seconds, and the PDF."""
    began = time.perf_counter()
    while True:
        status, body = get(url)
        if status == 200:
            return time.perf_counter() - began, body
        assert status == 503
        time.sleep(1)


def resident(pid: int) -> int:
    """Bytes, of a process and all that it started."""
    found, total = [pid], 0
    for each in found:
        try:
            total += int(Path(f"/proc/{each}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except (OSError, ValueError):  # it has just ended
            pass
    return total


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="", flush=True)

    return say


def yardstick() -> float:
    """Seconds of a loop that says how fast the machine is now; 0.05 when it is idle."""
    began = time.perf_counter()
    sum(number * number % 7 for number in range(600_000))
    return time.perf_counter() - began


def empty() -> None:
    for file in (settings.VAR_DIR / "handouts").glob("*.djcache"):
        file.unlink(missing_ok=True)


def test_one_sheet(site: tuple[str, int], show: Callable[[str], None]) -> None:
    address, _pid = site
    for path in (SHEET, SHEET.replace("zh-hans", "en"), f"{SHEET}?languages=both"):
        printed(address + path)  # everything is loaded now
        times, pdf = [], b""
        for _again in range(9):
            empty()
            seconds, pdf = printed(address + path)
            times.append(seconds)
        kept = statistics.median(printed(address + path)[0] for _again in range(9))
        pages = len(Paper(pdf).reader.pages)
        show(
            f"{path}: {pages} pages, {len(pdf) / 1000:.0f} kB, median {statistics.median(times):.2f} s,"
            f" from the cache {kept * 1000:.0f} ms (yardstick {yardstick():.2f} s)"
        )


def test_twenty_at_once(site: tuple[str, int], show: Callable[[str], None]) -> None:
    address, pid = site
    reading = f"{address}/zh-hans/articles/what-is-pain/"
    before = sorted(timed(reading) for _again in range(60))
    paths = [
        f"/{language}/articles/{slug}/handout.pdf?text={text}"
        for slug in SLUGS
        for language in ("zh-hans", "en")
        for text in ("normal", "large")
    ]
    assert len(paths) == MANY
    empty()
    memory, meanwhile, done = [resident(pid)], [], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            memory.append(resident(pid))

    def read() -> None:
        while not done.wait(0.05):
            meanwhile.append(timed(reading))

    others: list[Any] = [threading.Thread(target=each) for each in (watch, read)]
    for thread in others:
        thread.start()
    began = time.perf_counter()
    with ThreadPoolExecutor(MANY) as crowd:
        found = list(crowd.map(lambda path: printed(address + path), paths))
    seconds = time.perf_counter() - began
    done.set()
    for thread in others:
        thread.join()
    assert all(pdf.startswith(b"%PDF") for _seconds, pdf in found)
    meanwhile.sort()
    show(
        f"{MANY} at once: all printed after {seconds:.1f} s, memory {memory[0] / MEGABYTE:.0f} MB before, at most"
        f" {max(memory) / MEGABYTE:.0f} MB; page views {len(meanwhile)}, median {statistics.median(meanwhile):.0f} ms,"
        f" slowest {meanwhile[-1]:.0f} ms; before {before[30]:.0f} and {before[-1]:.0f} ms"
        f" (yardstick {yardstick():.2f} s)"
    )
    assert max(memory) < 600 * MEGABYTE


def timed(url: str) -> float:
    """Milliseconds of a page view."""
    began = time.perf_counter()
    assert get(url)[0] == 200
    return (time.perf_counter() - began) * 1000
