"""Words that patients meet often and that no term explains: what the glossary may lack."""

import re
from collections import Counter
from dataclasses import dataclass

import rjieba
from django.utils.text import slugify
from pypinyin import lazy_pinyin

from publishing.models import Edition
from publishing.readinglevel import is_chinese, is_common

from . import terminology
from .findings import ABBREVIATION, is_explained
from .mentions import whole_text
from .models import Category, Term

LEAST_TEXTS = 2
SHOWN = 100
LONG = 9
"""Letters; an English word of fewer is seldom a hard one."""

_HAN_WORD = re.compile(r"[\u3400-\u9fff]{2,}")
_ENGLISH_WORD = re.compile(rf"[a-z]{{{LONG},}}")


@dataclass(frozen=True)
class Candidate:
    text: str
    language: str
    count: int
    """In how many texts it stands."""
    is_abbreviation: bool


def candidates(language: str) -> list[Candidate]:
    """Abbreviations that are never spelled out, and words of two live texts or more, the most frequent first."""
    known = terminology.live(language)
    words: Counter[str] = Counter()
    abbreviations: Counter[str] = Counter()
    explained: set[str] = set()
    for edition in Edition.objects.live(language):
        text = whole_text(edition)
        found = set(ABBREVIATION.findall(text))
        explained |= {each for each in found if is_explained(each, text)}
        for match, _word in reversed(known.words(text)):
            text = f"{text[: match.start]}\n{text[match.end :]}"
        words.update(set(_words(text, language)))
        abbreviations.update(found & set(ABBREVIATION.findall(text)))
    never = [(text, count, True) for text, count in abbreviations.most_common() if text not in explained]
    often = [(text, count, False) for text, count in words.most_common(SHOWN) if count >= LEAST_TEXTS]
    return [Candidate(text, language, count, is_abbreviation) for text, count, is_abbreviation in never + often]


def _words(text: str, language: str) -> list[str]:
    if is_chinese(language):
        return [word for word in rjieba.cut(text) if _HAN_WORD.fullmatch(word) and not is_common(word)]
    return _ENGLISH_WORD.findall(text)


def draft_of(text: str, language: str) -> Term:
    """A term that has its name and nothing else yet."""
    address = " ".join(lazy_pinyin(text)) if is_chinese(language) else text
    base = slugify(address)[:70].strip("-") or "term"
    slug, number = base, 1
    while Term.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    name = {f"name_{language.replace('-', '_')}": text}
    return Term.objects.create(slug=slug, source_language=language, category=Category.CONCEPT, **name)
