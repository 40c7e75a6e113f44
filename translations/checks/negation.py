"""Whether both texts deny the same. Pure.

Languages deny in different places: 不足 is "limited", "unless" is 如果不, 没症状 "asymptomatic". So there are plain
denials, which the other text has to answer with any denial at all, and words that may answer one and ask for none.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .pairs import Found, Pair, Span
from .sentences import aligned


class Cue(NamedTuple):
    start: int
    end: int
    is_plain: bool


# 不 in a word that denies nothing, or that English seldom says with a denial.
_NO_DENIAL = (
    "独一无二|(?<![透喘穿通逃躲说敌比])不过(?![气去来敏关滤问])|不断|不少|不论|不管(?!用|事)|不妨|不由得|不禁|不知不觉|不惜|不愧|不时|不外乎|不得不|不能不|不可不|不会不"
    "|不得已|不可避免|无不(?![适良便安同明])|无非|无论|无疑|无线|无数|无比|无人机|无私|无微不至|无时无刻|未来|未婚|未免|未必不|毫无疑问|毫不犹豫|差不多|不如"
    "|不等(?=[。，；])|是否|能否|可否|与否|会否|否则|若否|特别|分别|区别|性别|个别|级别|类别|鉴别|识别|辨别|差别|告别|别的|别人|别处|别名|别墅|派别|非常|非洲|非凡"
    "|南非|北非|莫非|除非|非得|巴不得|了不起|对不起|不由(?!自主)|不幸|不休|不懈|不已|不遗余力|不计其数|不得而知|不言而喻"
    "|有没有|没收|没落|沉没|埋没|出没|淹没|莫名|莫大|勿庸|不锈钢|不动产|不倒翁|不二|不日|不啻|不失为|不乏|不无|不外|不至于"
)
_WEAK = (
    "不[会能是应要可]?[只仅单光但]|不止|不久|不一(?!定)|不[了住好醒清着到出起下动开上掉完香长多大高快重深远难易严强小低畅甚]|不由自主|不听使唤|没有?力气|没有?劲|没精神|[未没]到|不同|不足|不良|不适|不明|不便|不佳|不当|不利|不安|不满|不平|不稳|不全|不均|不齐|不详|不对称|不规则|不确定|不稳定|不健全|不充分|不正常|不完整|不完全|不平衡"
    "|不[得应宜能可要会]?(?:超过|少于|低于|高于|多于|大于|小于|早于|晚于)|最?不发达|从不[足到满]|不到|不等|不孕|不育|不振|不清|不动|不力|不准|不善|不顾|不治"
    "|没有?关系|没事|没有?问题|没什么|未见(?:明显)?异常|无(?:明显)?异常|未满|无症状|无限|无意|无力|无害|无菌|无声|无辜|无知|无痛|无关|无偿|无须|无需|无不良|无助|无声|无家可归|未知|未成年|未经|未能|未必|未受|未被"
    "|不堪|免(?:费|税|于|除)|(?:最早|[直等]到|要到)[^，。；不没未无]{0,14}才|不敢|不容易|不必要|阴性|非(?!常)|否|避免|防止|预防|禁止|严禁|禁忌|禁|戒|拒绝|缺乏|缺少|缺失|缺|难以|困难|很难|失败|失去|罕见|很少|极少|少有|少数|除外|取消|反对|否认|阻止|阻断"
    "|短缺|有限|匮乏|尚待|有待|不"
)
# A question that offers both: 是不是, 能不能, 要不要.
_EITHER = (
    r"(?P<asked>[\u4e00-\u9fff])[不没](?P=asked)|(?P<whether>是不是|能不能|可不可以|该不该|需不需要|知不知道|有没有)"
)
_CHINESE = re.compile(
    rf"(?P<none>{_EITHER}|{_NO_DENIAL})"
    r"|(?P<unlike>(?:" + _WEAK.removesuffix("|不") + r"))"
    # 不揉、不按 and 不要…，也不要 deny once what "do not … or" denies once.
    r"|(?P<again>(?<=[、也又更])(?:不|没有?|未|无|勿))"
    r"|(?P<plain>不|没有?|未|无|勿|切莫|请莫|莫[要再让]|毫无|从未|从不|绝不|决不|并非|(?:请|千万|切|可|先|就|也|都|您|你)别|(?<![特分区性个级类派辨鉴识差告职判送阔道离惜门流科天有甄久临国户组诀拜欲永话])别(?![的人处名墅致样国论离提看无])|甭)"
)
_ENGLISH = re.compile(
    r"(?P<none>\bwhether or not\b|\bno (?:choice|alternative|option) but\b|\bwithout (?:a )?doubt\b"
    r"|\bbelieve it or not\b|\bno matter\b|\bnot to mention\b|\bno doubt\b|\bnot least\b|\bnonetheless\b"
    r"|\bno\. ?\d)"
    r"|(?P<weak>[a-z]-free\b|\b(?:nor|not only|not until|no (?:more|later|less|fewer|earlier|longer|sooner) than"
    r"|if not|or not|why not|not necessarily"
    r"|un(?!der|it|iv|if|iq|ion|til|cle|ani|usual rise)[a-z]{3,}|in(?:sufficien|adequa|abilit|able|effectiv"
    r"|efficien|complet|correct|appropriat|accura|visib|activ|direct|consisten|eligib|elig|frequen|sensitiv"
    r"|significan|stab|tolera|valid|conven|humane|curabl|definite|distinguish|exorabl|determina|conclusive|curab|secur|distinct|evitab|adverten|formal|experienc)[a-z]*"
    r"|im(?:possib|prop|prac|perf|patien|mobil|balanc|per[mf]|matur|measur|plausib|precis)[a-z]*|ir(?:regular|respect|respons|relev|revers|rational)[a-z]*|il(?:legal|licit|logical)[a-z]*"
    r"|dis(?:courag|allow|agre|abl|appear|approv|continu|comfort|order|regard|like|connect|miss|advantag|satisf|prov|infect|belie|count)[a-z]*|mis[a-z]{3,}|non-?[a-z]{3,}|a(?:symptomatic|typical|febrile|bnormal[a-z]*)"
    r"|[a-z]{2,}less(?:ly|ness)?|less|lack[a-z]*|fail[a-z]*|avoid[a-z]*|prevent[a-z]*|prohibit[a-z]*|bann?(?:ed|ing|s)?|forbid[a-z]*|forbade|refus[a-z]*|reject[a-z]*|den(?:y|ie[sd]|ying|ial)|refrain[a-z]*"
    r"|unless|gone|weak[a-z]*|poor(?:ly)?|bad(?:ly)?|except[a-z]*|exclud[a-z]*|exclusion|rather than|instead"
    r"|absen(?:t|ce)|free (?:of|from)|rare(?:ly)?|seldom|hardly|scarce(?:ly)?|barely|few(?:er)?|little|difficult[a-z]*"
    r"|yet to|los[se][a-z]*|lost"
    # Too late to help, insufficient to tell: 太晚，帮不上; kept from going: 不让去.
    r"|too [a-z]+ (?=to\b|for\b)|(?<=insufficient )to|(?<=inadequate )to|from(?= [a-z]+ing\b)"
    r"|short(?:age|fall)s?|short of|negative(?:ly)?|far from|out of|run out|contraindicat[a-z]*|exempt[a-z]*"
    r"|other than|otherwise|neglect[a-z]*|ignor[a-z]*|overlook[a-z]*|cancel[a-z]*|barr(?:ed|ing)"
    r"|declin(?:e[sd]?|ing) to|turn(?:s|ed|ing)? down|give[sn]? up|gave up|withh[a-z]*|until)\b)"
    r"|(?P<plain>\b(?:not|cannot|never|no|none|nobody|nothing|nowhere|neither|(?-i:Nor)|without|no one)\b|n't\b)",
    re.IGNORECASE,
)


# Words that only answer one another: the "avoid" that stands for 避免 cannot stand for a 不 as well.
_TWINS = [
    (re.compile(chinese), re.compile(english, re.IGNORECASE))
    for chinese, english in (
        ("避免", "avoid"),
        ("预防|防止", "prevent"),
        ("禁", "prohibit|ban|forbid|contraindic"),
        ("缺|匮乏", "lack|short|absen"),
        ("不足", "insufficien|inadequa|lack|short"),
        ("拒绝", "refus|reject"),
        ("失败", "fail"),
        ("否认", "den"),
        ("阻", "prevent|stop"),
        ("未知|不明", "unknown|unclear|unexplained"),
        ("不确定", "uncertain"),
        ("无症状", "asymptomatic"),
        ("无限", "indefin|unlimited"),
        ("非", "non"),
        ("难", "difficult|hard"),
        ("有限", "limited"),
        ("除", "unless|except|exclu"),
        ("阴性", "negative"),
        ("[罕少]", "rare|seldom|few"),
        ("没有?力气|没有?劲", "weak"),
    )
]


# What the other language never says without a denial of some kind.
_FIRM_CHINESE = re.compile(r"无[需须]|未[经必知]|不(?:明|确定|必要)")
_LIMIT_CHINESE = re.compile(r"不[得应宜能可要会]?(?:超过|高于|多于|大于|晚于)")
# 不低于 that is "at least" there answers no other denial.
_FLOOR_CHINESE = re.compile(r"不[得应宜能可要会]?(?:低于|少于|小于)")
_FLOOR_ENGLISH = re.compile(r"\b(?:at least|a minimum of)\b", re.IGNORECASE)
_LIMIT_ENGLISH = re.compile(r"no(?:t|r|) (?:more|later|longer|higher|greater) than", re.IGNORECASE)
# What sets such a limit without a denial.
_LIMITED_CHINESE = re.compile("最|至多|[以之]?内|以下|上限|少于|低于|小于|早于|封顶|之前|以前|[<≤]")
_LIMITED_ENGLISH = re.compile(
    r"\b(?:up to|at (?:the )?most|maxim\w+|within|less|fewer|under|below|lower|limit\w*|cap(?:ped)?|by|before)\b|[<≤]",
    re.IGNORECASE,
)
_FIRM_ENGLISH = re.compile(
    r"un(?:able|likely|known|clear|certain|acceptable|necessary|ethical|safe|sure|willing|aware|available|treated|vaccinated|published)$"
    r"|impossible|insufficient|inadequate|ineffective|asymptomatic|yet to|not necessarily",
    re.IGNORECASE,
)


def check(pair: Pair) -> Iterator[Found]:
    chinese, english = pair.chinese.folded, pair.english.folded
    for ours, theirs in aligned(pair):
        here, there = chinese_denials(chinese, ours), english_denials(english, theirs)
        if not here and not there:
            continue
        if _FLOOR_ENGLISH.search(english, *theirs):
            here = [cue for cue in here if not _FLOOR_CHINESE.match(chinese, cue.start)]
        plain_here = [cue for cue in here if cue.is_plain]
        plain_there = [cue for cue in there if cue.is_plain]
        twins = _twins([chinese[cue.start : cue.end] for cue in here], [english[cue.start : cue.end] for cue in there])
        if plain_here and len(plain_here) > len(there) - twins:
            cue = plain_here[-1]
            yield pair.found("W004", "warning", cue[:2], theirs, word=chinese[cue.start : cue.end])
        elif plain_there and len(plain_there) > len(here) - twins:
            cue = plain_there[-1]
            yield pair.found("W004", "warning", ours, cue[:2], word=english[cue.start : cue.end])
        elif not there and (firm := _firm(_FIRM_CHINESE, chinese, here)):
            yield pair.found("W004", "warning", firm[:2], theirs, word=chinese[firm.start : firm.end])
        elif not here and (firm := _firm(_FIRM_ENGLISH, english, there)):
            yield pair.found("W004", "warning", ours, firm[:2], word=english[firm.start : firm.end])
        elif (
            not there
            and (limit := _firm(_LIMIT_CHINESE, chinese, here))
            and not _LIMITED_ENGLISH.search(english, *theirs)
        ):
            yield pair.found("W004", "warning", limit[:2], theirs, word=chinese[limit.start : limit.end])
        elif (
            not here
            and (limit := _firm(_LIMIT_ENGLISH, english, there))
            and not _LIMITED_CHINESE.search(chinese, *ours)
        ):
            yield pair.found("W004", "warning", ours, limit[:2], word=english[limit.start : limit.end])


def _firm(pattern: re.Pattern[str], text: str, cues: list[Cue]) -> Cue | None:
    return next((cue for cue in cues if pattern.match(text, cue.start, cue.end)), None)


def _twins(chinese: list[str], english: list[str]) -> int:
    number = 0
    for ours, theirs in _TWINS:
        if any(map(ours.match, chinese)):
            number += min(sum(map(bool, map(ours.match, chinese))), sum(map(bool, map(theirs.match, english))))
    return number


def chinese_denials(text: str, within: Span) -> list[Cue]:
    found: list[Cue] = []
    for match in _CHINESE.finditer(text, *within):
        if match["none"] is None:
            # 也不 repeats a denial that stands before it; by itself it denies.
            is_plain = match["plain"] is not None or (
                match["again"] is not None and not any(cue.is_plain for cue in found)
            )
            found.append(Cue(*match.span(), is_plain))
    return found


def english_denials(text: str, within: Span) -> list[Cue]:
    return [
        Cue(*match.span(), match["plain"] is not None)
        for match in _ENGLISH.finditer(text, *within)
        if match["none"] is None
    ]
