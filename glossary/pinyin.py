"""How a Chinese name is said. Pure: imports no model and runs no query."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=4096)
def pinyin(name: str, corrected: str = "") -> str:
    """Syllables with tone marks; `corrected` is what an editor says where the dictionary would be wrong."""
    return corrected or " ".join(lazy_pinyin(name, style=Style.TONE))
