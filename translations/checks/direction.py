"""Whether both texts point the same way: more or less, left or right, before or after, above or below. Pure.

A sentence that says only the one, beside one that says only the other. What says both may compare: nothing is asked.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .pairs import Found, Pair, Span
from .sentences import aligned


class Way(NamedTuple):
    """Words that say so for certain, and others with which a text may also have said so."""

    chinese: re.Pattern[str]
    english: re.Pattern[str]
    perhaps_chinese: re.Pattern[str]
    perhaps_english: re.Pattern[str]


def _way(chinese: str, english: str, perhaps_chinese: str = "", perhaps_english: str = "") -> Way:
    return Way(
        re.compile(chinese),
        re.compile(rf"\b(?:{english})\b", re.IGNORECASE),
        re.compile(f"{chinese}|{perhaps_chinese}" if perhaps_chinese else chinese),
        re.compile(
            rf"\b(?:{english}|{perhaps_english})\b" if perhaps_english else rf"\b(?:{english})\b", re.IGNORECASE
        ),
    )


_WAYS = (
    (
        _way(
            "增加|升高|上升|提高|增多|增强|增大|加重|增长|延长",
            "increas(?:e[sd]?|ing|ingly)|rais(?:e[sd]?|ing)|ris(?:e[sn]?|ing)|rose|elevat(?:e[sd]?|ing|ion)|worsen(?:s|ed|ing)?",
            "加|升|涨|扩大|恶化|高|越来越|更|改善|多",
            r"high(?:er)?|more|grow(?:s|n|ing|th)?|grew|longer|faster|greater|larger|stronger|wors[et]|up|add\w*|improv\w+|extend\w*|prolong\w*|surg\w+|climb\w*|soar\w*|expan\w+|enhanc\w+|doubl\w+|boost\w*|gain\w*|heighten\w*|exacerbat\w+|aggravat\w+|scal\w+",
        ),
        _way(
            "减少|降低|下降|减轻|减弱|缩短|缩小|下调|减慢",
            r"decreas(?:e[sd]?|ing)|reduc(?:e[sd]?|ing|tions?)|lower(?:s|ed|ing)|declin(?:e[sd]?|ing)|diminish(?:e[sd]|ing)?|shorten(?:s|ed|ing)?",
            "减|降|低|少|缓|短|弱|削|下滑|跌|限制|放松",
            r"lower|less|fewer|fall(?:s|en|ing)?|fell|drop\w*|slow(?:s|ed|ing|er)?|eas(?:e[sd]?|ing)|reliev\w+|relief|minimi[sz]\w+|cut\w*|shorter|smaller|weak\w*|down|mitigat\w+|limit\w*|lessen\w*|plung\w+|los[se]\w*|attenuat\w+|alleviat\w+|shr[aiu]nk\w*|contract\w*|flatten\w*|lighten\w*|low|loosen\w*",
        ),
    ),
    (
        _way(
            "左(?!右|旋|氧|倾|派|翼)",
            "left(?:-sided|-hand)?(?= (?:side|arm|leg|hand|foot|eye|ear|lung|knee|hip|shoulder|chest|half"
            "|upper|lower|breast|kidney|ventric|atri|lobe|wrist|ankle|elbow|flank|cheek|face|back|temple"
            "|thigh|calf|heel|loin))|left-sided|left-hand|on the left|to the left",
            "双侧|两侧|左",
            r"left\w*|both|bilateral\w*|either",
        ),
        _way(
            "(?<!左)右(?!旋|倾|派|翼)",
            "right(?:-sided|-hand)?(?= (?:side|arm|leg|hand|foot|eye|ear|lung|knee|hip|shoulder|chest|half"
            "|upper|lower|breast|kidney|ventric|atri|lobe|wrist|ankle|elbow|flank|cheek|face|back|temple"
            "|thigh|calf|heel|loin))|right-sided|right-hand|on the right|to the right",
            "双侧|两侧|右",
            r"right\w*|both|bilateral\w*|either",
        ),
    ),
    (
        _way(
            "之前|以前|(?<![目当提空生史跟从面])前(?![往列提臂瞻者面所景期线额庭锋沿囟胸壁瓣辈途后几两三四五六七八九十\\d一夕方台端纵路言]"
            "| ?\\d)",
            r"before(?! long)|prior to|pre(?:operative(?:ly)?|natal)",
            "先|提早|提前|预先|直到|尚|还没|未",
            r"preced\w+|pre-\w+|until|till|earlier|ago|previous\w*|former\w*|advance|beforehand|first",
        ),
        _way(
            "之后|以后|(?<![最背落前先然随此])后(?!再|[果者续背腰来期天遗代方面台备盾门勤世裔悔退仰颈脑路援头卫]|穹)",
            r"after|following|post(?:operative(?:ly)?|natal|partum)",
            "后来|随后|然后|此后|再|自从|以来|以后|接着|继|过",
            r"afterwards?|post-\w+|then|once|later|since|subsequent\w*|when|next|follow\w*|upon",
        ),
    ),
    (
        _way(
            "高于|超过|大于|多于|不低于|不少于|不小于|至少|[≥>]",
            r"(?:more|greater|higher|larger|older|longer) than|over|above(?! all)|exceed(?:s|ed|ing)?|at least"
            r"|not? less than|no fewer than|or (?:more|over|older|above|higher)|[≥>]",
            "以上|多|余|逾|超|满|过",
            r"more|greater|higher|upwards|older|longer|plus|beyond|surpass\w*|least|minimum",
        ),
        _way(
            "低于|小于|少于|不足|不到|不超过|不高于|不多于|不大于|至多|[≤<]",
            r"(?:less|fewer|lower|smaller|younger|shorter) than|under(?! (?:the|this|that|his|her|its"
            r"|their)\b)|below|at most|(?:not?|never) (?:more"
            r"|longer|higher|greater) than|or (?:less|fewer|below|under|younger)|up to|[≤<]",
            "以下|以内|最多|最高|未满|未到|近|[之以]内",
            r"fewer|less|lower|within|almost|nearly|not|cannot|shorter|younger|maximum|most|no|insufficient\w*|inadequate\w*|lack\w*|limit\w*|without|short\w*",
        ),
    ),
    (
        _way("上腹|上背|上肢|上臂|上半身|上部|上方", r"upper|above(?! all)", "上|臂|手", r"up\w*|top|arms?|over|on"),
        _way(
            "下腹|下背|下肢|下半身|下部|下方",
            r"lower|below|beneath",
            "下|腿|脚|底",
            r"down\w*|bottom|legs?|under\w*|low",
        ),
    ),
)


def check(pair: Pair) -> Iterator[Found]:
    chinese, english = pair.chinese.folded, pair.english.folded
    ways = [
        (one, other)
        for pairs in _WAYS
        for one, other in (pairs, pairs[::-1])
        if one.chinese.search(chinese) and other.english.search(english)
    ]
    if not ways:
        return
    for ours, theirs in aligned(pair):
        here, there = slice(*ours), slice(*theirs)
        for one, other in ways:
            said, answered = one.chinese.search(chinese, *ours), other.english.search(english, *theirs)
            if (
                said
                and answered
                and not other.perhaps_chinese.search(chinese[here])
                and not one.perhaps_english.search(english[there])
            ):
                words = {"chinese": said[0], "english": answered[0]}
                source, target = ("chinese", "english") if pair.source.is_chinese else ("english", "chinese")
                yield pair.found(
                    "W005",
                    "warning",
                    Span(*said.span()),
                    Span(*answered.span()),
                    source=words[source],
                    target=words[target],
                )
