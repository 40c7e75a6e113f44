"""Whom to call, and how soon. Pure."""

import re
from collections.abc import Iterator

from .pairs import Found, Pair, Text

OWN = frozenset({"120", "110", "119", "122"})
"""Of mainland China: ambulance, police, fire brigade, accidents on the road."""
# Of other places. 999 is in mainland China an ambulance in Beijing alone.
_FOREIGN = frozenset(
    {"911", "999", "112", "000", "111", "995", "993", "108", "1122", "1669", "0800", "15", "18", "112/911"}
)

_CHINESE_CALL = re.compile(
    r"(?:拨打|拨|打(?!针|完|过|封闭|点滴|哪)|呼叫|致电|电话|急救|救护车)[^，。；！？\d\n]{0,12}(?<!\d)(\d{2,4})"
    r"(?![\d%‰.-]|\s?(?:[年月日天次个名例万岁分秒小元毫克升米片粒滴床室层楼人]|m[gl]|kg|cm))"
)
_ENGLISH_CALL = re.compile(
    r"\b(?:call|dial|ring|phone|telephone|ambulance|emergency (?:number|services?|line))\b"
    r"[^.,;!?\d\n]{0,30}?(?<![\d-])(\d{2,4})"
    r"(?![\d%-]|[.,:]\d| ?(?:mg|ml|times|minutes|hours|days|weeks|people|patients|years|a\.?m|p\.?m)\b)",
    re.IGNORECASE,
)
_CHINESE_URGENT = re.compile(
    r"(?<!不[能要必用可会])(?<!无[需须])(?:立即|立刻|马上)|赶快|赶紧|火速|急诊|急救|救护车|(?:拨打|呼叫)\s?1\d\d(?!\d)"
)
_ENGLISH_URGENT = re.compile(
    r"\b(?:immediate(?:ly)?|at once|right away|straight ?away|right now|now|urgent(?:ly)?|emergenc(?:y|ies)"
    r"|without delay|ambulance"
    r"|as soon as|quickly|promptly|instant(?:ly)?|same day|that day|today|fast|soon|casualty|A&E|(?:call|dial"
    r"|ring) 1\d\d(?!\d)|rush)\b",
    re.IGNORECASE,
)


def calls(text: Text) -> list[re.Match[str]]:
    """Where the text says which emergency number to call; group 1 is the number."""
    pattern = _CHINESE_CALL if text.is_chinese else _ENGLISH_CALL
    return [match for match in pattern.finditer(text.folded) if match[1] in OWN or match[1] in _FOREIGN]


def check(pair: Pair, own: frozenset[str] = OWN) -> Iterator[Found]:
    """A number of the source that is nowhere in the target, one of another country, and haste that got lost."""
    target = pair.target
    for call in calls(target):
        if call[1] not in own:
            place = target.span(*call.span(1))
            yield Found("B005", "blocker", None, place, {"number": call[1], "own": min(own, key=lambda n: n != "120")})
    numbers = set(re.findall(r"(?<!\d)\d{2,4}(?!\d)", target.folded))
    for call in calls(pair.source):
        if call[1] in own and call[1] not in numbers:
            yield Found("B006", "blocker", pair.source.span(*call.span(1)), None, {"number": call[1]})
    for chinese, english in pair.blocks():
        here = _CHINESE_URGENT.search(pair.chinese.folded, *chinese)
        there = _ENGLISH_URGENT.search(pair.english.folded, *english)
        said = here if pair.source.is_chinese else there
        if said and not (there if pair.source.is_chinese else here):
            source, other = (said.span(), english) if pair.source.is_chinese else (chinese, said.span())
            yield pair.found("W006", "warning", source, other, word=said[0])
