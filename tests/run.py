"""Runs every check, one after the other, and closes with what passed, what failed and what was left out.

    tests/run.py [STEP ...] [-- ARGUMENTS FOR PYTEST]

A failing step does not stop the next. What cannot be had on this machine (a database server, a browser) is left out,
and the summary says how to get it; with CI set, leaving out is failing. Arguments for pytest alone run the step
`sqlite` with them.
"""

import contextlib
import glob
import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
WORKERS = str(os.cpu_count() or 1)
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
CAN_APT = IS_ROOT and shutil.which("apt-get") is not None
COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


class LeftOut(Exception):
    """A part that cannot be had here; says what is missing and how to get it."""


class Failed(Exception):
    """A check that did not hold; what it printed says the rest."""


@dataclass
class Report:
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    closing_lines: list[str] = field(default_factory=list)


report = Report()


# Showing and running ----------------------------------------------------------------------------------------------


def say(text: str = "", colour: int | None = None) -> None:
    print(f"\033[{colour}m{text}\033[0m" if colour and COLOUR else text, flush=True)


def run(*command: str, show: bool = False, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit code and everything the command printed; `env` is added to its environment.

    It gets a process group of its own, so that stopping it also stops the workers and browsers that it started.
    """
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if show:
                print(line, end="", flush=True)
        return process.wait(), "".join(lines)
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    for sent in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, sent)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)


def check(*command: str, env: Mapping[str, str] | None = None) -> None:
    """Runs a command that is silent unless something is wrong."""
    code, output = run(*command, env=env)
    if code:
        print(output, end="" if output.endswith("\n") else "\n", flush=True)
        raise Failed


def module(name: str, *arguments: str) -> None:
    check(PYTHON, "-m", name, *arguments)


def manage(*arguments: str, env: Mapping[str, str]) -> None:
    check(PYTHON, "manage.py", *arguments, env=env)


# What a machine may lack ------------------------------------------------------------------------------------------


def apt_install(*packages: str) -> bool:
    """Whether the packages are there now; only root on a Debian-like system can make it so."""
    if not CAN_APT:
        return False
    say(f"  installing {', '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    code, output = run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)
    if code:
        say(output[-2000:])
    return code == 0


def hint(debian: str, brew: str) -> str:
    return f"brew install {brew}" if platform.system() == "Darwin" else f"sudo apt install {debian}"


def need_gettext() -> None:
    for folder in ("/opt/homebrew/opt/gettext/bin", "/usr/local/opt/gettext/bin"):
        if not shutil.which("xgettext") and Path(folder, "xgettext").exists():
            os.environ["PATH"] += os.pathsep + folder
    if not shutil.which("xgettext"):
        apt_install("gettext")


def need_pango() -> None:
    """For hand-outs. Their tests are left out where it cannot be had, and say how to get it."""
    os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    if run(PYTHON, "-I", "articles/press.py", "--check")[0]:
        apt_install("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


def find_postgresql() -> Path | None:
    """The folder with initdb and pg_ctl, the newest where there are several."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [
        *glob.glob("/usr/lib/postgresql/*/bin"),
        *glob.glob("/opt/homebrew/opt/postgresql*/bin"),
        *glob.glob("/usr/local/opt/postgresql*/bin"),
        *glob.glob("/usr/local/pgsql/bin"),
    ]
    with_initdb = [Path(folder) for folder in folders if Path(folder, "initdb").exists()]
    return max(with_initdb, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], default=None)


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a database server of our own, in a temporary folder and reachable by a socket only."""
    programs = find_postgresql()
    if programs is None and apt_install("postgresql"):
        programs = find_postgresql()
    if programs is None:
        raise LeftOut("no PostgreSQL server here: " + hint("postgresql", "postgresql@17"))

    # /tmp, because the path of a socket may have a hundred characters and a user's own folder for temporary files
    # often takes most of them.
    folder = Path(tempfile.mkdtemp(prefix="painsite-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    user = unprivileged_user() if IS_ROOT else None  # the server refuses to run as root

    def pg(program: str, *arguments: str) -> None:
        # Not `run`: pg_ctl leaves the server behind, which would hold the pipe open.
        with open(folder / "setup.log", "a+b") as log:
            done = subprocess.run(
                [str(programs / program), *arguments],
                cwd=folder,
                env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **({"user": user, "group": user_group(user), "extra_groups": []} if user else {}),  # type: ignore[call-overload]
            )
        if done.returncode:
            for name in ("setup.log", "server.log"):
                if (folder / name).exists():
                    say((folder / name).read_text(errors="replace")[-2000:])
            raise Failed

    data = folder / "data"
    try:
        if user:
            shutil.chown(folder, user)
        pg("initdb", "-D", str(data), "-U", "painsite", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        options = (
            f"-c listen_addresses= -c unix_socket_directories={folder} -c unix_socket_permissions=0700"
            " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        )
        pg("pg_ctl", "-D", str(data), "-l", str(folder / "server.log"), "-w", "-t", "60", "-o", options, "start")
        yield f"postgres://painsite@/{folder}/painsite"
    finally:
        if (data / "postmaster.pid").exists():
            with contextlib.suppress(Failed):
                pg("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_user() -> str:
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise LeftOut("PostgreSQL does not run as root, and there is no other user here: run `make test` as another user")


def user_group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


BROWSER_STARTS = """
import os
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    path = os.environ.get("PAINSITE_CHROMIUM") or None
    p.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else []).close()
"""


BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk", "libatomic1")  # the last for Playwright's driver


def need_browser() -> dict[str, str]:
    """The settings under which a browser starts here: the system's Chromium, else Playwright's own."""
    said = ""

    def starts(path: str = "") -> bool:
        nonlocal said
        code, said = run(PYTHON, "-c", BROWSER_STARTS, env={"PAINSITE_CHROMIUM": path})
        return code == 0

    def systems_own() -> dict[str, str]:
        for name in (os.environ.get("PAINSITE_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
            if (path := shutil.which(name)) and starts(path):
                return {"PAINSITE_CHROMIUM": path}
        return {}

    has_fonts = not CAN_APT or glob.glob("/usr/share/fonts/**/NotoSansCJK*", recursive=True)
    if has_fonts and (found := systems_own()):
        return found
    if apt_install(*BROWSER_PACKAGES) and (found := systems_own()):
        return found
    if starts():
        return {}
    say("  fetching Playwright's own Chromium")
    code, output = run(PYTHON, "-m", "playwright", "install", *(["--with-deps"] if CAN_APT else []), "chromium")
    if starts():
        return {}
    say((output if code else said)[-1000:].rstrip())
    way = ".venv/bin/python -m playwright install --with-deps chromium"
    if platform.system() != "Darwin":
        way = f"sudo apt install {' '.join(BROWSER_PACKAGES)}, or {way}"
    raise LeftOut(f"no Chromium that starts: {way}")


CHECKER = ROOT / "tests" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def find_checker() -> dict[str, str]:
    """The setting under which pages are checked by the W3C's checker; none where it cannot be had."""

    def has_java() -> bool:
        return shutil.which("java") is not None and run("java", "-version")[0] == 0  # macOS has one that only complains

    lock, installed = ROOT / "tests" / "package-lock.json", ROOT / "tests" / "node_modules" / "installed.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        if not shutil.which("npm"):
            apt_install("npm")
        if npm := shutil.which("npm"):
            say("  fetching the W3C's checker of HTML")
            # Without the package's own script, which would fetch a Java from elsewhere.
            code, output = run(npm, "ci", "--prefix", "tests", "--ignore-scripts", "--no-audit", "--no-fund")
            if code:
                say(output[-1000:].rstrip())
            else:
                shutil.copy(lock, installed)
    if not CHECKER.exists() or not (has_java() or (apt_install("default-jre-headless") and has_java())):
        return {}
    return {"PAINSITE_VNU": str(CHECKER)}


# The steps --------------------------------------------------------------------------------------------------------

steps: dict[str, tuple[str, Callable[[list[str]], None]]] = {}


def step(title: str) -> Callable[[Callable[[list[str]], None]], Callable[[list[str]], None]]:
    def register(function: Callable[[list[str]], None]) -> Callable[[list[str]], None]:
        steps[function.__name__] = (title, function)
        return function

    return register


@step("Python is linted")
def lint(_: list[str]) -> None:
    module("ruff", "check", "--quiet", ".")


@step("Python is formatted")
def style(_: list[str]) -> None:
    module("ruff", "format", "--quiet", "--diff", ".")


@step("Templates are linted")
def templates(_: list[str]) -> None:
    folders = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/templates") if path.is_dir())
    if folders:
        module("djlint", *folders, "--lint", "--quiet")


@step("Types hold")
def types(_: list[str]) -> None:
    module("mypy", "--no-error-summary")


@step("Imports go down only")
def layers(_: list[str]) -> None:
    check(PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")


NO_DATABASE = {"DATABASE_URL": "sqlite://:memory:"}


@step("Django's checks")
def checks(_: list[str]) -> None:
    manage("check", "--fail-level", "WARNING", env=NO_DATABASE)


@step("Django's checks of a deployment")
def deployment(_: list[str]) -> None:
    production = {
        "ALLOWED_HOSTS": "pain.example.org",
        "BEHIND_TLS": "1",
        "CACHE_URL": "redis://cache.example.org:6379/0",
        "CSRF_TRUSTED_ORIGINS": "https://pain.example.org",
        "DATABASE_URL": "postgres://painsite:secret@db.example.org/painsite",
        "DEBUG": "0",
        "EMAIL_URL": "smtp://mail.example.org:25",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": "1",
        "SECURE_HSTS_PRELOAD": "1",
    }
    need_pango()
    manage("check", "--deploy", "--fail-level", "WARNING", env=production)


@step("No migration is missing")
def migrations(_: list[str]) -> None:
    manage("makemigrations", "--check", "--dry-run", env=NO_DATABASE)


@step("Tests on SQLite")
def sqlite(arguments: list[str]) -> None:
    need_gettext()
    need_pango()
    pytest("SQLite", "-n", WORKERS, *(arguments or ["tests"]))


@step("Tests on PostgreSQL")
def postgres(arguments: list[str]) -> None:
    need_gettext()
    need_pango()
    with postgresql() as address:
        pytest("PostgreSQL", "-n", WORKERS, *(arguments or ["tests"]), env={"DATABASE_URL": address})


@step("Tests in a browser")
def browser(arguments: list[str]) -> None:
    need_pango()
    settings = {**need_browser(), **find_checker()}
    pytest("browser", "-n", WORKERS, "--dist", "worksteal", *(arguments or ["tests/e2e"]), env=settings)


def pytest(where: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
    """Shows the run as it goes, and keeps its closing line and what it skipped for the summary."""
    with tempfile.TemporaryDirectory(prefix="painsite-test-") as folder:
        code, output = run(PYTHON, "-m", "pytest", *arguments, show=True, env={"TEST_FOLDER": folder, **(env or {})})
    plain = [re.sub(r"\033\[[0-9;]*m", "", line) for line in output.splitlines()]
    report.closing_lines += [line for line in plain if re.fullmatch(r"(=+ )?.* in [\d.]+s\b.*", line)][-1:]
    for line in plain:
        # A test of one database is run by the step of that database; any other skip is something left out.
        if (skipped := re.match(r"SKIPPED \[\d+\] (\S+?:\d+|\S+): (.*)", line)) and not skipped[2].startswith(
            "only on "
        ):
            report.left_out.append(f"{skipped[1]} on {where}: {skipped[2].removeprefix('left out: ')}")
    if code == 5:
        say("No test was run.")
    if code:
        raise Failed


# The run ----------------------------------------------------------------------------------------------------------


def take(name: str, arguments: list[str]) -> None:
    title, function = steps[name]
    say(f"\n{title} ({name})", 1)
    began = time.monotonic()
    try:
        function(arguments)
        outcome, colour = "passed", 32
        report.passed.append(name)
    except Failed:
        outcome, colour = "FAILED", 31
        report.failed.append(name)
    except LeftOut as reason:
        outcome, colour = "LEFT OUT", 33
        report.left_out.append(f"{name}: {reason}")
    say(f"  {outcome} after {time.monotonic() - began:.1f} s", colour)


def summarise(began: float) -> int:
    say(f"\nAll of it took {time.monotonic() - began:.0f} s.", 1)
    say(f"Passed: {', '.join(report.passed) or 'nothing'}", 32)
    if report.failed:
        say(f"Failed: {', '.join(report.failed)}", 31)
    if report.left_out:
        say("Left out" + (", which counts as failed where CI is set:" if os.environ.get("CI") else ":"), 33)
        for line in report.left_out:
            say(f"  {line}")
    for line in report.closing_lines:
        print(line, flush=True)
    return 1 if report.failed or (report.left_out and os.environ.get("CI")) else 0


def main(arguments: list[str]) -> int:
    chosen, for_pytest = arguments, []
    if "--" in arguments:
        chosen, for_pytest = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    if unknown := [name for name in chosen if name not in steps]:
        say(f"There is no step {', '.join(unknown)}. The steps: {', '.join(steps)}")
        return 2
    began = time.monotonic()
    for name in chosen or (["sqlite"] if for_pytest else steps):
        take(name, for_pytest)
    return summarise(began)


STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop(number: int, frame: object) -> None:
    for impatient in STOPPED_BY:  # tidying up is not stopped half-way
        signal.signal(impatient, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    for number in STOPPED_BY:
        signal.signal(number, stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)
