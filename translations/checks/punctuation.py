"""Points and brackets of the other language. Pure."""

import re
from collections.abc import Iterator

from .pairs import Found, Pair

_HAN = r"\u3400-\u9fff"
_IN_CHINESE = re.compile(
    rf"(?<=[{_HAN}”》）])[,;:?!](?=\s?[{_HAN}“《]|\s*$)|(?<=[{_HAN}])\.(?=\s*$|\s*\n)|(?<=[{_HAN}])\s?\((?=[{_HAN}][^()\n]*\))",
    re.MULTILINE,
)
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "(": "（"}
_IN_ENGLISH = re.compile(
    rf"[，。；：？！、（）【】]+(?![{_HAN}])(?<![{_HAN}][，。；：？！、（）【】])|(?<=\w) [,;:!?](?= |$)"
)
_HALF = dict(zip("，。；：？！、（）【】", ",.;:?!,()[]", strict=True))


def check(pair: Pair) -> Iterator[Found]:
    target = pair.target
    for match in (_IN_CHINESE if target.is_chinese else _IN_ENGLISH).finditer(target.plain):
        wrong = match[0].strip()
        right = "".join((_FULL if target.is_chinese else _HALF).get(mark, mark) for mark in wrong)
        yield Found("W016", "warning", None, target.span(*match.span()), {"wrong": wrong, "right": right})
    # A Chinese title may ask without a mark; one that ends in a full stop does not ask.
    chinese, english = pair.chinese.plain.rstrip(), pair.english.plain.rstrip()
    if (chinese.endswith("？") and english.endswith(".")) or (chinese.endswith("。") and english.endswith("?")):
        end = len(target.plain.rstrip())
        yield Found("W019", "warning", None, target.span(end - 1, end))
