"""The order of words in a list: alphabetical in English, by pinyin in Chinese, as a dictionary has it.

Pure: imports no model and runs no query.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_tone3

OTHER = "#"
_WORD = re.compile(r"[^\W_]+")

SortKey = tuple[tuple[str, ...], str]


def sort_key(text: str, language: str, reading: str = "") -> SortKey:
    """Syllable by syllable in Chinese (fēn bù before fēng bì, mā before má), word by word in English.

    `reading` is pinyin with tone marks, for a name whose automatic reading would be wrong.
    """
    return _sounds(text, language, reading), text


def initial(text: str, language: str, reading: str = "") -> str:
    """The letter under which a word is found, A to Z; "#" for what begins with none."""
    sounds = _sounds(text, language, reading)
    letter = sounds[0][0].upper() if sounds else OTHER
    return letter if "A" <= letter <= "Z" else OTHER


@lru_cache(maxsize=8192)
def _sounds(text: str, language: str, reading: str) -> tuple[str, ...]:
    if not language.startswith("zh"):
        return _words(text)
    if reading:
        syllables = [to_tone3(syllable, neutral_tone_with_five=True) for syllable in reading.split()]
    else:
        syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return tuple(word for syllable in syllables for word in _words(syllable))


def _words(text: str) -> tuple[str, ...]:
    """Without accents, capitals and punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(char for char in decomposed if not unicodedata.combining(char))))
