"""Texts and queries as tokens: both go through the same functions, so what is written alike is found alike.

- Everything is folded first: compatibility forms, accents, capitals, traditional characters.
- Chinese is both the words that jieba finds (search mode: long ones with the shorter ones in them) and all pairs of
  neighbouring characters, marked `_`: the words are precise, the pairs leave nothing out.
- English is the words' stems (Snowball).
- Names can be found by their sound, marked `~`: pinyin whole, word by word and as initials.

Pure: imports no model and runs no query.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

import snowballstemmer
from pypinyin import lazy_pinyin

from glossary.matching import HAN, dictionary, folding, is_han

LONGEST_TEXT = 100_000  # characters of a part: more is no text for patients, and no row of an index
LONGEST_WORD = 40
LONGEST_NAME = 30  # characters; whoever types a longer title in pinyin is helped by its words
MANY = 60  # tokens of a query: the rest adds time and nothing else
SHORTEST_SOUND = 4  # letters: shorter initials are those of too many names

WEIGHTS = {"title": 8.0, "message": 3.0, "headings": 2.0, "body": 1.0, "mentioned": 1.0, "sounds": 8.0}
"""How much a token counts in each column of the index."""

_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_COMBINING = re.compile("[\u0300-\u036f]")
# The same in two registers: patients write 腰疼, texts write 腰痛.
_REGISTERS = str.maketrans("疼", "痛")
# They say what is asked and not of what: a query is without them, unless it has nothing else.
_QUESTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an and are be can could do does for from get how i in is it me my of on or should the to was what when
        where which who why will with would you your""",
    )
)
# The same in Chinese, longer ones first: 会不会 would else be looked for as 不会, which texts say of many things.
_ASKED = re.compile(
    "请问|会不会|能不能|可不可以|要不要|是不是|有没有|怎么回事|怎么办|怎么样|怎么|怎样|如何|为什么|什么|哪些|[吗呢呀啊吧]$"
)
# Pairs with one of these say nothing of what is asked: 多了 of 按多了 and of 打多了.
_PARTICLES = frozenset("的了着过吗呢吧啊")
_ASKING = re.compile(
    r"^(?:请问|什么叫做?|什么是|何谓|啥是|what(?: is| s|s| are)(?: a| an| the)?|define|meaning of) ?"
    r"| ?(?:是什么意思|是什么|是啥意思|是啥|什么意思|怎么回事|吗|呢)$"
)


@dataclass(frozen=True)
class Text:
    """A document as it is indexed."""

    title: str = ""
    message: str = ""
    headings: str = ""
    body: str = ""
    names: Sequence[str] = ()
    """Other names of what the document is about."""
    mentioned: Sequence[str] = ()
    """All names of the terms that it speaks of."""
    readings: Sequence[str] = ()
    """Pinyin that an editor gave, where the dictionary's would be wrong."""


def fold(text: str) -> str:
    """In one form for comparison: Ｃ and c, é and e, 經 and 经 are the same."""
    if not text.isascii():
        text = _COMBINING.sub("", unicodedata.normalize("NFKD", text))
    return text.translate(folding())


def one_register(text: str) -> str:
    """Character for character, in the words of texts; after words are told apart, for only real ones are known."""
    return text.translate(_REGISTERS)


def runs(text: str) -> list[str]:
    """The stretches of Chinese and the words of other scripts, folded."""
    return _RUN.findall(fold(text))


def tokens(text: str, *, singles: bool = False) -> list[str]:
    """In the order of the text; with `singles` also each Chinese character alone, for short texts such as titles."""
    found: list[str] = []
    for run in runs(text[:LONGEST_TEXT]):
        if not is_han(run):
            found.append(stem(run))
        elif len(run) == 1:
            found.append(one_register(run))
        else:
            found += [one_register(word) for word in dictionary().cut_for_search(run, True) if len(word) > 1]
            found += [f"_{one_register(run[at : at + 2])}" for at in range(len(run) - 1)]
            if singles:
                found += one_register(run)
    return found


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    return str(_stemmer().stemWord(word[:LONGEST_WORD]))


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


# Documents ------------------------------------------------------------------------------------------------------------


def columns(text: Text) -> dict[str, list[str]]:
    """The tokens of each column of the index, by the names in WEIGHTS."""
    return {
        "title": tokens("\n".join([text.title, *text.names]), singles=True),
        "message": tokens(text.message, singles=True),
        "headings": tokens(text.headings, singles=True),
        "body": tokens(text.body),
        "mentioned": tokens("\n".join(text.mentioned), singles=True),
        "sounds": [token for name in [text.title, *text.names] for token in sounds(name)]
        + [f"~{sound}" for reading in text.readings for sound in _whole_and_initials(reading)],
    }


def counts(by_column: dict[str, list[str]]) -> dict[str, float]:
    """How often each token occurs, weighted by where."""
    found: Counter[str] = Counter()
    for column, in_column in by_column.items():
        for token, times in Counter(in_column).items():
            found[token] += times * WEIGHTS[column]  # type: ignore[assignment]
    return dict(found)


def words(*texts: str) -> set[str]:
    """The words of other scripts than Chinese as they are written, for finding the one that was meant."""
    return {run for text in texts for run in runs(text) if run.isalpha() and 3 < len(run) < 30 and not is_han(run)}


# Sounds ---------------------------------------------------------------------------------------------------------------


def sounds(name: str) -> list[str]:
    """By which pinyin a name is found; none for one without Chinese."""
    found: list[str] = []
    for run in runs(name):
        if is_han(run) and len(run) <= LONGEST_NAME:
            found += _whole_and_initials(" ".join(_syllables(run)))
            found += ["".join(_syllables(word)) for word in dictionary().cut(run, True) if 1 < len(word) < len(run)]
    return [f"~{sound}" for sound in dict.fromkeys(found) if len(sound) >= SHORTEST_SOUND]


def sound(name: str, reading: str = "") -> tuple[str, str]:
    """The whole name in pinyin without tones, and its initials; Latin words in it as they are. "" without Chinese."""
    if not any(map(is_han, runs(name))):
        return "", ""
    by_run = (_syllables(run) if is_han(run) else (run,) for run in runs(name))
    parts = reading.split() or list(chain.from_iterable(by_run))
    parts = [plain_sound(part) for part in parts]
    return "".join(parts), "".join(part[:1] for part in parts)


def plain_sound(reading: str) -> str:
    """Without tones, in the letters of a keyboard: lǜ is lv."""
    return fold(reading.replace("ü", "v").translate(_V)).replace("'", "")


_V = dict.fromkeys(map(ord, "ǖǘǚǜ"), "v")


def _whole_and_initials(reading: str) -> list[str]:
    syllables = [plain_sound(syllable) for syllable in reading.split()]
    return ["".join(syllables), "".join(syllable[:1] for syllable in syllables)]


def _syllables(han: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(han))


# Queries --------------------------------------------------------------------------------------------------------------


def query(text: str) -> list[str]:
    """The tokens to look for, each once."""
    found = runs(text)
    telling = [part for run in found if run not in _QUESTION_WORDS for part in _ASKED.split(run) if part]
    every = tokens("\n".join(telling or found))
    looked_for = [token for token in every if token[0] != "_" or _PARTICLES.isdisjoint(token)] or every
    if typed := typed_sound(text):
        looked_for += [f"~{sound}" for sound in dict.fromkeys([typed, *found]) if len(sound) >= SHORTEST_SOUND]
    elif len(found) == 1 and 1 < len(found[0]) <= LONGEST_NAME and (heard := sound(found[0])[0]):
        looked_for.append(f"~{heard}")  # in other characters of the same sound
    return list(dict.fromkeys(looked_for))[:MANY]


def holds(query: Iterable[str], name: str) -> bool:
    """Whether a question of these tokens has the whole name in it."""
    # Of Chinese the pairs say so: words are told apart otherwise where others stand beside them.
    wanted = {token for token in tokens(name) if token[0] == "_" or not is_han(token)}
    return bool(wanted) and wanted <= set(query)


def typed_sound(text: str) -> str:
    """What was typed, if it can be pinyin: its letters without spaces; else ""."""
    joined = "".join(runs(text.replace("'", "")))
    return joined if joined.isascii() and joined.isalpha() and len(joined) <= 6 * LONGEST_NAME else ""


def key(text: str) -> str:
    """The same for names that differ only in spelling: of capitals, spaces, punctuation, script, English endings."""
    return " ".join(stem(run) if not is_han(run) else one_register(run) for run in runs(text))


def without_asking(text: str) -> str:
    """A question for a meaning without its question: 什么是封闭？ asks for 封闭."""
    asked = " ".join(runs(text))
    return _ASKING.sub("", _ASKING.sub("", asked)).strip()


def typed_words(text: str) -> Iterable[str]:
    """Words in a query that can be misspelt."""
    return (run for run in runs(text) if run.isalpha() and not is_han(run) and len(run) >= SHORTEST_SOUND)
