"""What patients ask of the department's own texts, and which page must come first."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from publishing.models import Edition
from search.finding import find

CLOSURE, BLOCK, PUMP = "closure-therapy", "nerve-block", "pcea"
BRITTLE = "do-many-injections-make-bones-brittle"
FIRST = {
    "zh-hans": {
        "封闭": CLOSURE,
        "封闭针": CLOSURE,
        "打封闭": CLOSURE,
        "什么是封闭？": CLOSURE,
        "shenjing zuzhi": BLOCK,
        "sjzz": BLOCK,
        "神經阻滯": BLOCK,
        "nerv blok": BLOCK,
        "PCEA": PUMP,
        "骨头变脆": BRITTLE,
        "针打多了骨头会不会变脆": BRITTLE,
        "shen jing zu zhi": BLOCK,
        "腰疼怎么办": "back-and-leg-pain",
        "吃止痛药会不会上瘾": "can-you-keep-taking-painkillers-without-a-diagnosis",
        "头疼": "headache",
        "镇痛泵按多了会怎样": "patient-controlled-analgesia",
        "坐骨神经痛": "nerve-pain",
    },
    "en": {
        "封闭": CLOSURE,
        "closure injection": CLOSURE,
        "closed needle": CLOSURE,
        "shenjing zuzhi": BLOCK,
        "sjzz": BLOCK,
        "神經阻滯": BLOCK,
        "nerv blok": BLOCK,
        "what is a nerve block?": BLOCK,
        "PCEA": PUMP,
        "does the injection make bones brittle": BRITTLE,
        "brittle bones": BRITTLE,
        "blocking nerves": BLOCK,
    },
}


@pytest.fixture(scope="module")
def _seed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_seed")
@pytest.mark.parametrize(
    ("language", "question"), [(language, question) for language in FIRST for question in FIRST[language]]
)
def test_the_right_page_comes_first(language: str, question: str) -> None:
    first = Edition.objects.get(pk=find(question, language).keys[0])
    assert (first.language, first.slug) == (language, FIRST[language][question])
