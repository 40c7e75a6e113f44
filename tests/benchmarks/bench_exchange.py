"""How long 20,000 texts take to files for translators and back, and how much memory.

    python -m pytest tests/benchmarks/bench_exchange.py

Each act is the command itself, in a process of its own with a database of its own (SQLite; with `BENCH_DATABASE_URL`
another, empty one). Figures are printed beside what they should reach.
"""

import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .bench_glossary import announce_machine

TEXTS = 20_000
ROWS = 4  # of each kind, in a document
PARAGRAPHS = 12
KINDS = ("xliff", "xliff12", "po", "xlsx")
USER = "translator"
SOURCE = re.compile(r"<source>(.*?)</source>", re.DOTALL)

PARAGRAPH = (
    '<p>第{0}段：每次 <strong>25 mg</strong>，饭后服，见<a href="/zh-hans/glossary/">词汇</a>。疼痛是不愉快的感觉。</p>'
)
BODY = "".join(f"<h2>第{part}节</h2>{PARAGRAPH.format(part)}" for part in range(PARAGRAPHS))


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="", flush=True)

    with capsys.disabled():
        announce_machine()
    return say


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("exchange")
    url = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder / 'db.sqlite3'}")
    found = {**os.environ, "DJANGO_SETTINGS_MODULE": "painsite.settings", "DATABASE_URL": url, "SECRET_KEY": "bench"}
    for command in (["manage.py", "migrate", "-v0"], ["-m", "tests.benchmarks.bench_exchange"]):
        subprocess.run([sys.executable, *command], env=found, check=True)
    return found


def run(environment: dict[str, str], *arguments: str | Path) -> tuple[str, str]:
    """Seconds, by the clock and of the processor, and megabytes at most; and the last line that was said."""
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "xliff", *map(str, arguments)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        last = ""
        for line in process.stdout:
            last = line.strip() or last
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    taken, own = time.perf_counter() - began, used.ru_utime + used.ru_stime
    return f"in {taken:.1f} s ({own:.1f} s of a processor), {used.ru_maxrss / 1024:.0f} MB", last


def filled(path: Path) -> Path:
    """As a tool leaves it when it copies every source to its translation."""
    out = path.with_suffix(".filled.zip")
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in packed.namelist():
            text = packed.read(name).decode()
            made.writestr(name, SOURCE.sub(r"<source>\1</source><target>\1</target>", text))
    return out


def test_out_and_in(environment: dict[str, str], tmp_path: Path, show: Callable[[str], None]) -> None:
    files = {}
    for kind in KINDS:
        files[kind] = tmp_path / f"{kind}.zip"
        used, _said = run(environment, "export", files[kind], "--format", kind, "--language", "en")
        show(f"{kind}: out {used} (aim 60 s, 300 MB); a zip of {files[kind].stat().st_size / 1e6:.1f} MB")
        used, _said = run(environment, "import", files[kind], "--dry-run")
        show(f"{kind}: looked at {used}")
    path = filled(files["xliff"])
    used, _said = run(environment, "import", path, "--dry-run")
    show(f"xliff, all of it translated: looked at {used}")
    used, said = run(environment, "import", path, "--user", USER)
    show(f"xliff, all of it translated: taken {used} (aim 60 s, 300 MB)")
    assert str(TEXTS) in said  # in whatever language


def build() -> None:
    """Documents with that many texts, written past `save()`, and a translator."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model

    from articles.models import Article, ArticleReference, Question, Warning
    from translations import following

    own = 3 + 4 * ROWS + ROWS  # title, summary, body; two of a warning, two of a reference, one of a question
    number = TEXTS // own + 1
    articles = Article._default_manager.bulk_create(
        Article(
            slug=f"article-{index}",
            kind="understanding",
            title_zh_hans=f"疼痛是什么{index}",
            summary_zh_hans="疼痛是身体的警报。",
            body_zh_hans=BODY,
        )
        for index in range(number)
    )
    left = TEXTS - 3 * number
    warnings, references, questions = [], [], []
    for article in articles:
        for row in range(ROWS):
            if left < 5:
                break
            left -= 5
            warnings.append(
                Warning(article=article, level="urgent", heading_zh_hans=f"胸痛{row}", text_zh_hans="请立即拨打 120。")
            )
            references.append(
                ArticleReference(article=article, citation_zh_hans=f"文章{row}", claim_zh_hans="定义", year=2014)
            )
            questions.append(Question(article=article, text_zh_hans=f"打针以前要停药吗{row}？"))
    for index in range(left):
        questions.append(Question(article=articles[index], text_zh_hans="还有吗？"))
    Warning.objects.bulk_create(warnings)
    ArticleReference.objects.bulk_create(references)
    Question.objects.bulk_create(questions)
    following.catch_up()
    user = get_user_model().objects.create_superuser(USER)
    assert user.is_active


if __name__ == "__main__":
    build()
