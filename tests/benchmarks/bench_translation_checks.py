"""What the checks find in translations that nobody here wrote, and how fast.

    PAINSITE_DATA=FOLDER python -m pytest tests/benchmarks/bench_translation_checks.py

The folder has `bilingual/`: human translations taken for correct, the same with one thing changed, and pairs written
for this project. Figures are printed beside what they should reach, for all pairs and for a half apart
(`is_held_out`), by which rules were measured and, but for a few of its pairs, not written. What does not depend on the
machine is asserted too.
"""

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from translations.checks.pairs import Text
from translations.checks.runner import Finding, check

from .bench_glossary import announce_machine

NUMBERS = {"B001", "B002", "B003", "B004", "W001", "W002", "W003"}
NEGATION = {"W004"}
KINDS = {
    "changed digits": ({"digit", "decimal"}, 0.97),
    "changed months": ({"month"}, 0.97),
    "a number in words": ({"zh_numeral", "zh_fraction"}, 0.97),
    "an end of a range": ({"range_end"}, 0.95),
    "a lost per cent": ({"percent_drop"}, 0.95),
    "万 and 亿": ({"wan_yi"}, 0.95),
    "units": ({"unit"}, 0.85),
    "frequency": ({"frequency"}, 0.85),
    "dropped numbers": ({"num_dropped_en"}, 0.90),
    "dropped negations": ({"neg_drop_zh", "neg_drop_en"}, 0.60),
    "inserted negations": ({"neg_insert_zh", "neg_insert_en"}, 0.0),
}


@pytest.fixture(scope="module")
def data() -> Path:
    folder = os.environ.get("PAINSITE_DATA")
    if not folder or not Path(folder, "bilingual").is_dir():
        pytest.skip("PAINSITE_DATA names no folder with the data to measure with")
    return Path(folder)


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="", flush=True)

    with capsys.disabled():
        announce_machine()
    return say


def rows(data: Path, name: str) -> list[dict[str, Any]]:
    with open(data / "bilingual" / f"{name}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def is_held_out(row: dict[str, Any]) -> bool:
    """Decided by the pair that a row was made from, so that no corrupted form of a known pair is among the others."""
    return hashlib.md5(row["id"].split("#")[0].encode()).digest()[0] % 2 == 1


def findings(zh: str, en: str, ids: set[str]) -> list[Finding]:
    return [one for one in check(Text(zh, "zh-hans"), Text(en, "en")) if one.id in ids]


def said(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.id, str(one.words)) for one in found}


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part} of {whole})" if whole else "none"


@pytest.mark.parametrize(("name", "ids", "aim"), [("number and unit", NUMBERS, 0.02), ("negation", NEGATION, 0.03)])
def test_findings_in_correct_translations(
    data: Path, show: Callable[[str], None], name: str, ids: set[str], aim: float
) -> None:
    pairs = rows(data, "parallel_zh_en")
    wrong = [row for row in pairs if findings(row["zh"], row["en"], ids)]
    blocked = [row for row in pairs if any(one.is_blocker for one in findings(row["zh"], row["en"], ids))]
    held = [row for row in pairs if is_held_out(row)]
    show(
        f"{name} findings in correct pairs: {share(len(wrong), len(pairs))}, aim at most {aim}; "
        f"held out {share(len([row for row in wrong if is_held_out(row)]), len(held))}; blockers {len(blocked)}"
    )
    assert len(wrong) <= aim * len(pairs)


@pytest.mark.parametrize("kind", KINDS)
def test_corrupted_translations(data: Path, show: Callable[[str], None], kind: str) -> None:
    """Found is what is found beyond what the pair had before."""
    types, aim = KINDS[kind]
    ids = NEGATION if "neg" in kind else NUMBERS
    whole: Counter[bool] = Counter()
    part: Counter[bool] = Counter()
    for row in rows(data, "drift_corrupted"):
        if row["type"] in types:
            before = findings(row["zh_original"], row["en_original"], ids)
            after = findings(row["zh"], row["en"], ids)
            whole[is_held_out(row)] += 1
            part[is_held_out(row)] += len(after) > len(before) or bool(said(after) - said(before))
    show(f"{kind}: {share(part.total(), whole.total())}, aim {aim}; held out {share(part[True], whole[True])}")
    assert part.total() >= aim * whole.total()


def test_pairs_written_for_this_project(data: Path, show: Callable[[str], None]) -> None:
    pairs = rows(data, "drift_seed_style_handwritten")
    wrong = [row for row in pairs if bool(findings(row["zh"], row["en"], NUMBERS | NEGATION)) != (row["label"] != "ok")]
    show(f"pairs in the style of the department's texts: {share(len(pairs) - len(wrong), len(pairs))} as labelled")
    for row in wrong:
        show(f"  wrong: {row['label']}: {row['zh']} | {row['en']}")
    assert not wrong


def test_other_findings_in_correct_translations(data: Path, show: Callable[[str], None]) -> None:
    counted = Counter(
        id
        for row in rows(data, "parallel_zh_en")
        for id in {one.id for one in check(Text(row["zh"], "zh-hans"), Text(row["en"], "en"))} - NUMBERS - NEGATION
    )
    show(f"other findings in 1,000 correct pairs: {dict(sorted(counted.items()))}")


def test_pairs_a_second(data: Path, show: Callable[[str], None]) -> None:
    pairs = [(Text(row["zh"], "zh-hans"), Text(row["en"], "en")) for row in rows(data, "parallel_zh_en")]
    check(*pairs[0])
    best = 0.0
    for _ in range(3):
        fresh = [(Text(zh.stored, "zh-hans"), Text(en.stored, "en")) for zh, en in pairs]
        start = time.process_time()
        for zh, en in fresh:
            check(zh, en)
        best = max(best, len(pairs) / (time.process_time() - start))
    show(f"{best:,.0f} pairs a second, all checks; aim 1,000")
