"""How fast the translation memory finds the best five among 100,000 segments, and how well.

    PAINSITE_DATA=FOLDER python tests/run.py sqlite postgres -- -n 0 -s tests/benchmarks/bench_memory.py

The folder has `bilingual/parallel_zh_en.jsonl` (zh, en: a sentence each) and `zh_docs.jsonl`, `en_docs.jsonl` (body, or
sections with their text as `a`). The pairs and the documents' sentences are made 100,000 in each language by exchanging
clauses and words among them, always the same ones. It is asked for 200 of them with some words changed, as an editor
would, and some taken out.

Found: the share of questions whose own sentence is among the five. Figures are printed beside a yardstick that says how
fast the machine is at the time; what does not depend on it is asserted.
"""

import io
import json
import os
import random
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from rapidfuzz.distance import Indel

from tests.benchmarks.bench_handout import yardstick
from translations import memory, tmx
from translations.models import Segment

from .bench_glossary import announce_machine

MANY = 100_000
ASKED = 200


@pytest.fixture(scope="module")
def data() -> Path:
    folder = os.environ.get("PAINSITE_DATA")
    if not folder or not Path(folder, "bilingual").is_dir():
        pytest.skip("PAINSITE_DATA names no folder with the data to measure with")
    return Path(folder) / "bilingual"


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {connection.vendor}: {line} (yardstick {yardstick():.2f} s)", end="", flush=True)

    with capsys.disabled():
        announce_machine()
    return say


def sentences(data: Path, name: str, ends: str) -> list[str]:
    def rows(file: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (data / file).read_text(encoding="utf-8").splitlines()]

    found = {row[name] for row in rows("parallel_zh_en.jsonl")}
    for row in rows(f"{name}_docs.jsonl"):
        text = row.get("body") or "\n".join(section["a"] for section in row["sections"])
        found.update(re.split(ends, text))
    return sorted(" ".join(text.split()) for text in found if 5 < len(text) < 400)


def many(texts: list[str], between: str, chance: random.Random) -> list[str]:
    """So many different ones, made of these."""
    clauses = re.compile(r"(?<=[，,；;]) ?")
    pieces = [piece for text in texts for piece in clauses.split(text)]
    found = dict.fromkeys(texts)
    while len(found) < MANY:
        text = chance.choice(texts)
        parts = clauses.split(text)
        if len(parts) > 1 and chance.random() < 0.7:
            parts[chance.randrange(len(parts))] = chance.choice(pieces)
            found[between.join(parts).strip()[:400]] = None
        else:
            found[changed(text, texts, between, 0.25, chance)[:400]] = None
    return list(found)[:MANY]


def changed(text: str, texts: list[str], between: str, most: float, chance: random.Random) -> str:
    """With some words (Chinese: characters) of other texts."""
    words = text.split(" ") if between else list(text)
    for _ in range(chance.randint(1, max(1, int(len(words) * most)))):
        other = chance.choice(texts)
        words[chance.randrange(len(words))] = chance.choice(other.split(" ") if between else other)
    return between.join(words).strip()


@pytest.mark.django_db
def test_the_memory(data: Path, show: Callable[[str], None]) -> None:
    chance = random.Random(7)
    real = {
        "zh-hans": sentences(data, "zh", r"(?<=[。！？])|\n+"),
        "en": sentences(data, "en", r"(?<=[.!?])\s+|\n+"),
    }
    betweens = {"zh-hans": "", "en": " "}
    chinese, english = (many(real[language], betweens[language], chance) for language in real)
    chance.shuffle(english)
    pairs = list(zip(chinese, english, strict=True))
    file = io.BytesIO()
    tmx.write((tmx.Entry("zh-hans", "en", *pair) for pair in pairs), file)

    file.seek(0)
    began = time.perf_counter()
    taken = memory.take(tmx.Reader(file))
    show(f"{taken.new} segments of {file.tell() / 1e6:.0f} MB of TMX taken in in {time.perf_counter() - began:.1f} s")
    assert taken.new + taken.known >= MANY - 100
    if connection.vendor == "postgresql":  # which the server does by itself, outside of a test
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    for language, other, texts in (("zh-hans", "en", chinese), ("en", "zh-hans", english)):
        began = time.perf_counter()
        memory.best("x", language, other)
        first = time.perf_counter() - began
        asked = [(text, changed(text, texts, betweens[language], 0.2, chance)) for text in chance.sample(texts, ASKED)]
        took, found = [], []
        for text, question in asked:
            began = time.perf_counter()
            matches = memory.best(question, language, other)
            took.append((time.perf_counter() - began) * 1000)
            if Indel.normalized_similarity(memory.normal(text), memory.normal(question)) * 100 >= memory.NEAR:
                found.append(memory.normal(text) in {memory.normal(match.source) for match in matches})
        took.sort()
        show(
            f"{language}: best five of {Segment.objects.count()} in {statistics.median(took):.0f} ms (median, aim 100),"
            f" 95 % in {took[int(ASKED * 0.95)]:.0f}, the slowest {took[-1]:.0f}; first of a process {first:.2f} s;"
            f" found {statistics.mean(found):.3f} of {len(found)}"
        )
        assert statistics.mean(found) > 0.97

        learning = []
        for number in range(20):
            memory.learn("疼痛复查。" * 3, f"Come back. {number}", "zh-hans", "en", is_rich=False, origin=None)
            began = time.perf_counter()
            memory.best(asked[number][1], language, other)
            learning.append((time.perf_counter() - began) * 1000)
        show(f"{language}: after each new segment {statistics.median(learning):.0f} ms")
        slower = []
        for number in range(10):
            Segment.objects.filter(pk=Segment.objects.order_by("pk")[number * 7].pk).delete()
            began = time.perf_counter()
            memory.best(asked[number][1], language, other)
            slower.append((time.perf_counter() - began) * 1000)
        show(f"{language}: after each deleted one {statistics.median(slower):.0f} ms")

    began = time.perf_counter()
    expected = memory.usual_length("zh-hans", "en")
    show(f"how long a translation is ({expected.mean:.2f}, {expected.spread:.2f}): {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    count = tmx.write(memory.entries(), io.BytesIO())
    show(f"{count} written as TMX in {time.perf_counter() - began:.1f} s")
