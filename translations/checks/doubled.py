"""A word written twice. Pure."""

import re
from collections.abc import Iterator

from .pairs import Found, Pair

# "That that" and "had had" can be right, and so are very, very many.
_ENGLISH = re.compile(
    r"\b(?!(?:that|had|very|so|bye|no|far|much|more|ha|well|now|there|tut|out|on|in|night|day)\b)([A-Za-z]{2,}"
    r"|[aI])[ \n]+\1\b(?!['’-])",
    re.IGNORECASE,
)
# Words that hold others together are never doubled; the others are, to soften them: 看看, 常常, 活动活动.
_CHINESE = re.compile(
    r"(?<![目有])的的(?!确)|(?<![为除罢])了了(?![解然之事])|(?<![不])是是(?![否非])|(?<![现正存所内潜实])在在|(?<![温缓饱柔平调总谐亲暖])和和(?!气)"
    r"|(?<!参)与与(?!会)|(?<!以)及及(?!时)|(?<!成)就就(?![诊医业餐近是])|被被(?!子)|也也|或或|(?<!然)而而|且且"
    r"|(我们|您的|他们|你们|患者|可以|可能|应该|应当|需要|因为|所以|但是|如果|以及|或者|疼痛|医生|治疗|进行|由于|这个|这些|一个|没有|不能|不要)\1"
    r"|[，。；：、？！]([，。；：、])"
)


def check(pair: Pair) -> Iterator[Found]:
    target = pair.target
    for match in (_CHINESE if target.is_chinese else _ENGLISH).finditer(target.plain):
        yield Found("W017", "warning", None, target.span(*match.span()), {"words": match[0]})
