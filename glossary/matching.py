"""Where the glossary's words stand in a text. Pure: callers hand in the entries and get offsets back.

All names of one language are looked for at once; where mentions overlap, the leftmost wins, and of those the longest
that holds up. What holds up is decided per language:

- English: whole words, a word also in its simple inflections. Capitals inside a word mean that it is written so.
- Chinese: the edges of a mention must be edges of words in jieba's reading, or cut a compound into words. Jieba's own
  dictionary reads: with the glossary's names added to it, their edges would be edges everywhere, also in 发生病变.

Beyond that, an entry's contexts decide: words that must be near a mention, and words near which, or within which, it is
none. A context that contains the name is a longer word, so it counts where the mention is part of it.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple, Protocol

import opencc
import rjieba
import snowballstemmer
from ahocorasick_rs import AhoCorasick

# Stands between two paragraphs, and between anything else that no mention and no context reaches across.
BREAK = "\ufffc"
# In the middle of a word they change nothing that a reader sees.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as the matcher needs it: names are the preferred one, the admitted ones and synonyms, in that order."""

    term: Hashable
    names: Sequence[str]
    abbreviations: Sequence[str] = ()
    allowed: Sequence[str] = ()
    denied: Sequence[str] = ()


class Match(NamedTuple):
    start: int
    end: int
    term: Hashable
    name: str


class Contexts(NamedTuple):
    """In the form that the text is read in."""

    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    not_within: tuple[tuple[int, str], ...] = ()  # a longer word, and how far into it the name begins


ANYWHERE = Contexts()


class Form(NamedTuple):
    """One name of one term."""

    term: Hashable
    name: str
    exact: bool
    contexts: Contexts


class Reading(Protocol):
    """A text folded to one form. Patterns are looked for in its stream; offsets are those of the stream."""

    stream: str
    reach: int  # how far from a mention is near
    shared: int  # how much of the stream two mentions in a row have in common

    def __init__(self, text: str) -> None: ...

    @staticmethod
    def patterns(name: str) -> list[str]: ...

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where that is in the text; none where it begins or ends within a character."""

    def stands(self, form: Form, start: int, end: int, span: tuple[int, int]) -> bool:
        """Whether these are words of their own, written as the name has them."""

    def has(self, context: str, window: tuple[int, int], mention: tuple[int, int]) -> bool:
        """Whether the context is in that window, which lies on one side of the mention."""


class Matcher:
    """Built once for a glossary, then asked about many texts."""

    def __init__(self, entries: Iterable[Entry], language: str) -> None:
        self._read: type[Reading] = Chinese if language.startswith("zh") else English
        forms: dict[str, list[Form]] = {}
        for entry in entries:
            self._add(entry, forms)
        self._forms = list(forms.values())
        self._automaton = AhoCorasick(forms)

    def _add(self, entry: Entry, forms: dict[str, list[Form]]) -> None:
        patterns = self._read.patterns
        near = tuple(pattern for word in entry.allowed for pattern in patterns(word))
        denied = [pattern for word in entry.denied for pattern in patterns(word)]
        for names, exact in ((entry.names, False), (entry.abbreviations, True)):
            for name in names:
                for pattern in patterns(name):
                    contexts = ANYWHERE
                    if near or denied:
                        not_near = tuple(word for word in denied if pattern not in word)
                        not_within = tuple((at, word) for word in denied for at in occurrences(pattern, word))
                        contexts = Contexts(near, not_near, not_within)
                    forms.setdefault(pattern, []).append(Form(entry.term, name, exact, contexts))

    def find(self, text: str) -> list[Match]:
        """All mentions, in their order; none overlaps another."""
        reading = self._read(text)
        candidates = self._automaton.find_matches_as_indexes(reading.stream, overlapping=True)
        found: list[Match] = []
        free_from = 0
        for start, minus_end, index in sorted([(start, -end, index) for index, start, end in candidates]):
            end = -minus_end
            if start < free_from or (span := reading.span(start, end)) is None:
                continue
            for form in self._forms[index]:
                if reading.stands(form, start, end, span) and (
                    form.contexts is ANYWHERE or fit(form.contexts, reading, start, end)
                ):
                    found.append(Match(*span, form.term, form.name))
                    free_from = end - reading.shared
                    break
        return found


def occurrences(part: str, whole: str) -> list[int]:
    return [at for at in range(len(whole) - len(part) + 1) if whole.startswith(part, at)]


SENTENCE_END = re.compile(rf"[。.!?;{BREAK}]")


def fit(contexts: Contexts, reading: Reading, start: int, end: int) -> bool:
    stream = reading.stream
    if any(at <= start and stream.startswith(word, start - at) for at, word in contexts.not_within):
        return False
    before = stream[max(0, start - reading.reach) : start]
    after = stream[end : end + reading.reach]
    windows = (
        (start - len(SENTENCE_END.split(before)[-1]), start),
        (end, end + len(SENTENCE_END.split(after, maxsplit=1)[0])),
    )

    def is_near(context: str) -> bool:
        return any(reading.has(context, window, (start, end)) for window in windows)

    return (not contexts.near or any(map(is_near, contexts.near))) and not any(map(is_near, contexts.not_near))


# Chinese --------------------------------------------------------------------------------------------------------------


class Folding(dict[int, str]):
    """For str.translate: every character to its simplified, half-width, small form, learned as they turn up.

    Character by character, never by phrase, so that a name folds alike in every neighbourhood.
    """

    def __init__(self) -> None:
        super().__init__({ord(character): "" for character in INVISIBLE})
        self._simplify = opencc.OpenCC("t2s").convert

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character) == "Cs":  # half of a pair has no form that could be searched
            character = "\ufffd"
        folded = str(self._simplify(unicodedata.normalize("NFKC", character))).lower()
        # ㎎ is mg, but … stays one character: nobody looks for three dots.
        self[code] = folded if len(folded) == 1 or folded.isalnum() else character
        return self[code]


@cache
def folding() -> Folding:
    return Folding()


@cache
def dictionary() -> rjieba.Jieba:
    """Our own: words that other code adds to the one that all of the process shares would move our edges."""
    return rjieba.Jieba()


HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
is_han = re.compile(rf"[{HAN}]").match
LATIN_MEETS_HAN = re.compile(rf"(?<=[{HAN}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{HAN}])")

# Of one character, so jieba knows most words with them only in part.
OTHER_KIND_BEFORE = frozenset("非副亚伪假")  # 非电离辐射 is no 电离辐射
OTHER_KIND_AFTER = frozenset("病炎癌瘤痛学科剂素酶菌膜囊腔壁瘘痣仪泵膏枪率史期型者性")  # 筋膜炎 is no 筋膜
SAME_KIND_BEFORE = frozenset("上下左右双")  # 上呼吸道感染 is a 呼吸道感染
SAME_KIND_AFTER = frozenset("内中时后前里外术")  # 人体内, 髓核摘除术后


class Chinese:
    """The stream is the folded text, character for character but for the few that fold to none or to several."""

    reach = 12
    shared = 0

    def __init__(self, text: str) -> None:
        table = folding()
        self.stream = text.translate(table)
        self._at: list[int] | None = None
        if len(self.stream) != len(text) or any(character in text for character in INVISIBLE):
            self._at = [at for at, character in enumerate(text) for _ in character.translate(table)]
        self._edges: list[int] = []

    @staticmethod
    def patterns(name: str) -> list[str]:
        folded = " ".join(name.translate(folding()).split())
        spaced = LATIN_MEETS_HAN.sub(" ", folded)  # CT引导, and CT 引导 as typesetters have it
        return list(dict.fromkeys(pattern for pattern in (folded, spaced) if pattern))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        at = self._at
        if at is None:
            return start, end
        if (start and at[start - 1] == at[start]) or (end < len(at) and at[end - 1] == at[end]):
            return None
        return at[start], at[end - 1] + 1

    @property
    def edges(self) -> list[int]:
        if not self._edges:
            # Without guesses at unknown words, which would swallow names.
            words = dictionary().cut(self.stream, False)
            self._edges = list(accumulate(map(len, words), initial=0))
        return self._edges

    def stands(self, form: Form, start: int, end: int, span: tuple[int, int]) -> bool:
        left = self._meets_han(start)
        right = self._meets_han(end)
        if left is None or right is None:
            return False
        # The words that the mention begins and ends in.
        first = self._word_at(start) if left else (start, end)
        last = self._word_at(end - 1) if right else (start, end)
        if first == last and first[0] < start and end < last[1]:
            return False
        return (not left or self._begins(form, first, start, end)) and (not right or self._ends(form, last, start, end))

    def _meets_han(self, at: int) -> bool | None:
        """Whether jieba has a say here; none within a Latin word or a number."""
        before, after = self.stream[at - 1 : at] if at else "", self.stream[at : at + 1]
        if before.isalnum() and after.isalnum():
            han = bool(is_han(before)), bool(is_han(after))
            return True if all(han) else None if not any(han) else False
        return False

    def _word_at(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.edges, at)
        return self.edges[index - 1], self.edges[index]

    def _begins(self, form: Form, word: tuple[int, int], start: int, end: int) -> bool:
        if word[0] == start:
            before = self._word_at(start - 1)
            return before[1] - before[0] > 1 or self.stream[before[0]] not in OTHER_KIND_BEFORE
        outside, inside = self.stream[word[0] : start], self.stream[start : min(word[1], end)]
        return (
            outside.endswith(form.contexts.near)
            or (outside in SAME_KIND_BEFORE and end - start > 2)
            or (is_word(outside) and is_word(inside))
            or (is_word(outside) and end <= word[1])
        )

    def _ends(self, form: Form, word: tuple[int, int], start: int, end: int) -> bool:
        if word[1] == end:
            after = self._word_at(end)
            alone = after[1] - after[0] == 1 and self.stream[after[0]] in OTHER_KIND_AFTER
            return not alone or self.stream[after[0]] in form.contexts.near
        outside, inside = self.stream[end : word[1]], self.stream[max(word[0], start) : end]
        # 大|脑细胞 leaves a 大 behind that is no word; 大脑|细胞 leaves none.
        stranded = word[0] - start == 1
        return (
            outside.startswith(form.contexts.near)
            or outside in SAME_KIND_AFTER
            or (
                outside == "症" and start >= word[0] and end - start > 2
            )  # 骨质疏松症, but neither 抑郁症 nor 关节|炎症
            or (is_word(outside) and (is_word(inside) or stranded or start >= word[0]))
        )

    def has(self, context: str, window: tuple[int, int], mention: tuple[int, int]) -> bool:
        at = self.stream.find(context, *window)
        while at >= 0:
            # One character says little as part of a word that is not the mention's: 打 in 打开, 针 in 针对.
            first, last = (at, at + 1) if len(context) > 1 else self._word_at(at)
            if last - first == 1 or (first < mention[1] and mention[0] < last):
                return True
            at = self.stream.find(context, at + 1, window[1])
        return False


def is_word(text: str) -> bool:
    return len(text) > 1 and dictionary().has_word(text)


# English --------------------------------------------------------------------------------------------------------------

LETTER = r"[^\W_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
TOKEN = re.compile(rf"{LETTER}(?:{LETTER}|[{INVISIBLE}\u0300-\u036f])*|[.!?](?=\s|$)|{BREAK}")
JOINING = frozenset("-\u2010\u2011'’_")
# Of a longer word (pain-free, non-epidural, don't), but for the possessive.
JOINED_BEFORE = re.compile(rf"{LETTER}[-\u2010\u2011'’_]{LETTER}")
JOINED_AFTER = re.compile(rf"[-\u2010\u2011_]{LETTER}|['’](?![sS]\b){LETTER}")
ENDING = re.compile(r"(?<=\w\w)(?:ing|ied|ed|ies|is|es|us|um|ae|s|e|y|i|a)$")
ENDINGS = frozenset(["", "s", "es", "e", "ed", "d", "ing", "y", "ies", "ied"])
LONGEST = 60  # what is longer is no word that needs to be cut down
SHORT = 4  # a name that shouts alone and is no longer is more likely an abbreviation of something else
LATIN_PLURALS = (("is", "es"), ("a", "ae"), ("us", "i"), ("um", "a"))  # diagnoses, bursae, foci, bacteria


class English:
    """The stream is the text's words, each cut down so far that all its inflections look alike, with single spaces.

    The cut is cheap and too deep; what it brings up is compared by stem, word by word.
    """

    reach = 60
    shared = 1

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(TOKEN.finditer(text))
        keys = [key(token[0][:LONGEST]) for token in self._tokens]
        self.stream = f" {' '.join(keys)} "
        self._starts = list(accumulate((len(word) + 1 for word in keys), initial=0))

    @staticmethod
    def patterns(name: str) -> list[str]:
        keys = [key(word[:LONGEST]) for word in TOKEN.findall(name)]
        return [f" {' '.join(keys)} "] if keys and all(keys) else []

    def _words(self, start: int, end: int) -> list[re.Match[str]]:
        first = bisect_left(self._starts, start)
        return self._tokens[first : bisect_left(self._starts, end - 1, first)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        words = self._words(start, end)
        return words[0].start(), words[-1].end()

    def stands(self, form: Form, start: int, end: int, span: tuple[int, int]) -> bool:
        text, (first, last) = self._text, span
        if (text[first - 1 : first] in JOINING and JOINED_BEFORE.match(text, max(0, first - 2))) or (
            text[last : last + 1] in JOINING and JOINED_AFTER.match(text, last)
        ):
            return False
        return text[first:last] == form.name or self._spells(form, self._words(start, end))

    def _spells(self, form: Form, words: list[re.Match[str]]) -> bool:
        if len(words) == 1 and len(words[0][0]) <= SHORT and words[0][0].isupper() and not form.name.isupper():
            return False
        before = None
        for word, (name, between) in zip(words, tokens(form.name), strict=True):
            if before and gap(self._text[before.end() : word.start()]) != between:
                return False
            if not is_form_of(spell(word[0]), name, form.exact):
                return False
            before = word
        return True

    def has(self, context: str, window: tuple[int, int], mention: tuple[int, int]) -> bool:
        # With the spaces on both sides, which the mention and the window's other end may have taken.
        return self.stream.find(context, max(0, window[0] - 1), window[1] + 1) >= 0


@lru_cache(maxsize=1 << 14)
def tokens(name: str) -> list[tuple[str, str]]:
    """Its words, each with what stands between it and the one before."""
    found = list(TOKEN.finditer(name))
    ends = [0, *(token.end() for token in found)]
    return [(spell(token[0]), gap(name[end : token.start()])) for token, end in zip(found, ends, strict=False)]


def gap(text: str) -> str:
    if text == " " or text.count("\n") > 1:  # an empty line ends a paragraph
        return text
    return re.sub(r"[\s\-\u2010\u2011]+", " ", text).replace("’", "'")


@lru_cache(maxsize=1 << 16)
def spell(word: str) -> str:
    """Without accents and without what cannot be seen; capitals stay."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(character for character in decomposed if unicodedata.category(character) not in ("Mn", "Cf", "Zs"))


@lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    cut, word = spell(word).lower(), ""
    while cut != word:
        cut, word = ENDING.sub("", cut), cut
    return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] else cut


@lru_cache(maxsize=1 << 16)
def is_form_of(word: str, name: str, exact: bool) -> bool:
    if exact or any(map(str.isupper, name[1:])) or (len(name) == 1 and name.isupper()):
        return word in (name, f"{name}s")
    word, name = word.lower(), name.lower()
    if word == name:
        return True
    shorter = min(len(word), len(name))
    common = next((at for at in range(shorter) if word[at] != name[at]), shorter)
    doubled = word[common - 1 : common]  # stop, stopped
    simple = all(
        ending in ENDINGS or ending.removeprefix(doubled) in ENDINGS for ending in (word[common:], name[common:])
    )
    return (simple and stem(word) == stem(name)) or is_latin_plural(word, name) or is_latin_plural(name, word)


def is_latin_plural(many: str, one: str) -> bool:
    return any(one.endswith(ending) and many == one.removesuffix(ending) + plural for ending, plural in LATIN_PLURALS)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    # Not one for all: it keeps the word it is at, and threads would meet there.
    return str(snowballstemmer.stemmer("english").stemWord(word))
