"""The quantities of a Chinese text. Pure."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import units
from .english_quantities import (
    DIGITS,
    LATIN_RATES,
    LONGEST,
    ROMAN,
    ROMAN_SIGN,
    VULGAR,
    YEARS,
    code,
    numeric_date,
    roman,
    telephone,
    years,
)
from .quantities import (
    DIGITS_OF,
    POWER,
    Number,
    Quantity,
    Rules,
    blank,
    power,
    quantity,
    rate,
    together,
    type_Key,
    within,
)
from .units import Unit

_DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_FROM = "零〇一二两三四五六七八九十百千万亿"
_HAN = rf"(?:(?!千[克米卡帕瓦焦赫])[{_FROM}])+(?:点[零〇一二三四五六七八九]+)?"
_NUM = rf"(?:(?>{DIGITS})(?:\s?(?!千[克米卡帕瓦焦赫])[千万亿]+)?|{_HAN})"
_UNTIL = r"(?:\s?(?:-|~|至|到|或)\s?)"

# What is counted, by the piece: a figure in words before it is a number for certain.
_MEASURE = (
    "个種种名例人位次条根类项款支针剂瓶盒副贴步点处段节层级期型型家所间张份部本篇句字倍组批套台辆架艘件"
    "只头匹株棵朵枚块杯碗勺匙口顿餐场届代国省市州县区岁天日周月年时分秒刻夜晚座栋队轮遍回趟圈行列排页集"
    "者方侧肢端"
)
# Words with a figure that counts nothing.
_IDIOMS = re.compile(
    "[四三五十]分位|八字|五五(?=[分开])|三天两头|七七事变|千百年|独一无二|四面八方|三番五次|一石二鸟|一举两得|一五一十|数一数二|五十步笑百步|千里之行|[千百亿]万富翁"
    "|三叉|二甲|十二指肠|十分(?!之|钟)|三角|四肢|五官|万一|统一|唯一|专一|单一|一一|万能|万分(?!之)|万物|万岁|千万(?=不|别|要|注意|小心)|百般|百姓"
    "|百科|百合|百叶|百日咳|百忧|千古|千方百计|千金|二氧|三氧|一氧|五氧|四环|三环|二手|三甲|四川|三亚|九江|八卦|十字|四处|四面|三七"
    "|五脏|六腑|五谷|八角|九里香|五味|六神|三高|三餐|四季|三明治|三聚|三文鱼|三思|再三|乱七八糟|五花八门|不三不四|接二连三|三番"
    "|(?:星期|礼拜|周)[一二三四五六日天](?![次个周])|七夕|三八|五一|六一|十一黄金|大年初[一二三]|百分(?=比|率"
    "|位)|(?<![\\d 零一二三四五六七八九十百半两]个)(?<!\\d)百分(?=点)|一般|一样|一定|一直|一些|一起|一旦"
    "|一致|一边|一方面|一面|一律|一切|一同|一共|一向|一下|一时|一概|一味|一并|一经|一再|一体|一线|二线|三线|一流|统一|万元户|亿万"
    "|第一(?:时间|线|手)|(?<!分)之一(?![一二三四五六七八九十百])|进一步|(?<![午晨夜十])(?<![早晚]上)一点(?![钟整])|一部分|一系列|一定程度|一种|另一|一方|三维|二维|两极|二元|二进"
    "|三度烧|半(?=[夜途身径球导岛决封疑山空推生辈死真熟路边信吊晌截边价旧坡挂壁官]|导体|自动|衰期)|(?<=[分一])半(?=[信疑])|双十一|双十二|零售|零件|零星|零食|零碎|丢三落四|四舍五入|八宝|七喜|二胡|二郎腿|三七|一会儿?|不一|两栖|千差万别"
    "|成千上万|四联|三联|第三方|百病|五行|七情|三焦|三伏|三九(?!十)|两难|两可|一把|一旁|百家|万事|万全"
    "|万古霉素|千里|二话|百闻|不二|(?<![0-9一二两三四五六七八九十百半数几每/ 万亿])(?:千[克米卡帕瓦焦]|百帕)"
)
_COUNTED = re.compile(rf"\s?(?:多|余)?\s?[{_MEASURE}]")


def number(text: str) -> Fraction:
    """Of figures, signs or both: 1,000, 二十三, 两百五, 1.5亿, 二〇一八, 三点五."""
    text = re.sub(r"[,\s\xa0]", "", text[:LONGEST])
    whole, point, rest = text.partition("点")
    if point and rest:
        return number(whole) + Fraction(f"0.{''.join(str(_DIGITS[sign]) for sign in rest)}")
    figures = re.match(r"\d*\.?\d+", text)
    if figures:
        value = Fraction(figures[0])
        for sign in text[figures.end() :]:
            value *= _TENS.get(sign) or _LARGE.get(sign, 1)
        return value
    if all(sign in _DIGITS for sign in text):
        return Fraction(int("".join(str(_DIGITS[sign]) for sign in text)))
    total = section = current = 0
    last = 1
    for sign in text:
        if sign in _DIGITS:
            current = _DIGITS[sign]
            last = 1 if sign in "零〇" else last
        elif sign in _TENS:
            last = _TENS[sign]
            section += (current or 1) * last
            current = 0
        else:
            last = _LARGE[sign]
            if last > 10**4 and total and not section + current:
                total *= last
            else:
                total = (
                    (total + section + current or 1) * last if last > 10**4 else total + (section + current or 1) * last
                )
            section = current = 0
    # 一万二 is twelve thousand.
    return Fraction(total + section + current * (last // 10 if last > 10 else 1))


_FOUND = Iterator[Quantity]
_rule = Rules()
_PERIOD = r"(?:天|日|晚|夜|周|星期|个?月|年|个?小时|分钟|分|秒|个?季度)"


@_rule(
    r"https?://[^\s，。；（）]+|www\.[^\s，。；（）]+|[\w.+-]{1,64}@[\w.-]{1,255}|\[\d{1,3}(?:[-,、] ?\d{1,3})*\]"
    r"|(?m:^\s{0,4}(?:[(（]?\d{1,2}[)）]|\d{1,2}[.、](?!\d)))"
)
def _nothing(match: re.Match[str]) -> _FOUND:
    yield from ()


@_rule(
    r"(?<![\d.])(?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- ]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4}|1\d{10}"
    r"|1[3-9]\d-\d{4}-\d{4})(?![\d.])"
    r"|(?<![\d.])(?:\+?\d{1,3}[- ])?(?:\(\d{3}\) ?|\d{3,4}-)\d{3,4}-?\d{4}(?!\d)",
    hints=DIGITS_OF,
)
def _telephone(match: re.Match[str]) -> _FOUND:
    yield telephone(match)


@_rule(
    r"(?<![A-Za-z0-9_])(?:\d+-(?=[a-z]?[A-Z])|(?=[A-Za-z]*[A-Z])[A-Za-z]+-?\d|(?=[A-Za-z-]*[A-Z])[A-Za-z]+(?:-[A-Za-z]+)+-?\d)[A-Za-z0-9_-]*(?:/[A-Z]?\d+)?"
    r"|(?<![A-Za-z0-9.,])\d+[A-Z](?![A-Za-z0-9])(?<![FCLVU])|(?<![A-Za-z0-9.,])\d[A-Z][A-Za-z]{2,}[A-Za-z0-9]*",
    hints=DIGITS_OF,
)
def _code(match: re.Match[str]) -> _FOUND:
    yield code(match)


@_rule(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)",
    hints=("-", "/", "."),
)
def _numeric_date(match: re.Match[str]) -> _FOUND:
    yield from numeric_date(match)


_HOUR = r"(?:2[0-4]|[01]?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_OF_DAY = r"(?:上午|早上|早晨|凌晨|清晨|下午|傍晚|晚上|晚间|中午|午后|夜间|夜里|深夜|半夜|今晚|昨晚|明晚|每晚|[早晚])"


@_rule(
    r"(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])"
    rf"|(?P<told>{_OF_DAY}\s?)?(?<![第\d零一二三四五六七八九十百千万.])({_HOUR})\s?(?:点|时(?![间候期代段机有速长限光而不常差髦隔尚区效针空]))"
    rf"(?P<exact>钟|整)?(?:\s?(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minutes>[0-5]?\d|[零一二三四五]?十?[一二三四五六七八九]|[二三四五]?十)\s?分(?!之|钟?[左右内后前]))"
    r")?(?(told)|(?:(?<=[钟整半刻分时])|(?=左右|前后|许|开始|起|之?[前后]|至|到|-)))",
    hints=(":", "点", "时"),
)
def _clock(match: re.Match[str]) -> _FOUND:
    """8:30, 下午三点半, 20 时; 六点 alone may be six points."""
    if match[1]:
        hour, minute = int(match[1]), int(match[2])
    else:
        hour = int(number(match[4]))
        minute = 30 if match["half"] else 0
        if match["quarter"]:
            minute = 15 * int(number(match["quarter"]))
        elif match["minutes"]:
            minute = int(number(match["minutes"]))
    keys: list[type_Key] = [("clock", Fraction(hour % 12 * 60 + minute)), ("ratio of", f"{hour}:{minute}")]
    if match[4] and not minute:
        keys.append(("", Fraction(hour)))
    yield Quantity(*match.span(), tuple(keys))


@_rule(
    rf"(?:(1[5-9]|20)(\d)0(?=\s?年代|s)|(?:({_NUM})\s?世纪|[上本]世纪)?\s?(?:(?P<earlier>[一二三四五六七八九](?=[一二三四五六七八九]十)|\d0(?=\s?[、和至到-]))[、和至到-]?)?({_NUM})(?=\s?年代))(?:\s?年代|s)"
    r"|(?<!\d)([0-9])0后(?![\d天来期勤续的])",
    hints=("年代", "s", "0后"),
)
def _decade(match: re.Match[str]) -> _FOUND:
    if match[1]:
        said = [(int(match[1] + match[2]) * 10, int(match[2]) * 10)]
    elif match[6]:  # 90 后: born in the nineties
        yield Quantity(*match.span(), (("decade", Fraction(int(match[6]) * 10)), ("", Fraction(int(match[6]) * 10))))
        return
    else:
        century = (int(number(match[3])) - 1) * 100 if match[3] else 0
        tens = int(number(match[5]))
        earlier = int(number(match["earlier"])) if match["earlier"] else 0
        earlier = earlier * 10 if 0 < earlier < 10 else earlier
        said = [(century + ten, ten) for ten in (earlier, tens) if ten or ten == tens]
    for full, ten in said:
        # Where the century is named, the other text may leave it out; it may not name another.
        alone = "decade alone" if full != ten else "decade"
        yield Quantity(*match.span(), (("decade", Fraction(full)), (alone, Fraction(ten % 100))))


@_rule(rf"(?:({_NUM})\s?[、和至到-]\s?)?({_NUM})\s?世纪", hints=("世纪",))
def _century(match: re.Match[str]) -> _FOUND:
    for group in (1, 2):
        if match[group]:
            yield Quantity(*match.span(group), (("century", number(match[group])),))


@_rule(
    rf"(?:(百|千|万|{_NUM})分之)({_NUM})(?:{_UNTIL}(?:百分之|千分之)?({_NUM})(?!半))?(?!百分之)|(?<![\d/.])(\d{{1,2}})/(\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?![\d/])|([½⅓⅔¼¾])",
    hints=("分之", "/", "½", "⅓", "⅔", "¼", "¾"),
)
def _fraction(match: re.Match[str]) -> _FOUND:
    if match[6]:
        value = VULGAR[match[6]]
        yield Quantity(*match.span(), (("ratio", value), ("", value)))
        return
    is_percent = match[1] in ("百", "千", "万")
    below = number(match[1] or match[5])
    if below:
        for group in (2, 3) if match[1] else (4,):
            if match[group]:
                value = number(match[group]) / below
                keys: tuple[type_Key, ...] = (("ratio", value), ("", value))
                parts: tuple[Quantity, ...] = ()
                if not match[1]:
                    parts = quantity(*match.span(4), number(match[4])), quantity(*match.span(5), below)
                elif match[1] in ("千", "万"):
                    # Three per thousand, four of 10,000.
                    parts = quantity(*match.span(), number(match[group])), quantity(*match.span(), below, soft=True)
                yield Quantity(*match.span(), keys, match[0] == "百分之百", is_grave=is_percent, parts=parts)


@_rule(
    r"(?:([一二两三四五六七八九])\s?[到至~-]?\s?)?([一二两三四五六七八九])成([一二三四五六七八九半])?(?:[到至~-]([一二两三四五六七八九])成)?(?![人功员年分本果立都长熟就品效绩型份因语见群对双])",
    hints=("成",),
)
def _tenths(match: re.Match[str]) -> _FOUND:
    """八成 is 80 %, 七八成 70 to 80."""
    rest = Fraction(1, 20) if match[3] == "半" else Fraction(_DIGITS.get(match[3] or "零", 0), 100)
    for group in (1, 2, 4):
        if match[group]:
            value = Fraction(_DIGITS[match[group]], 10) + (rest if group == 2 else 0)
            yield Quantity(*match.span(), (("ratio", value),), is_grave=True)


@_rule(
    rf"每?\s?({_NUM})(?!\s?{_PERIOD})\s?[个名位人例]?[^，。；\d{_FROM}]{{0,4}}?(?:中|里|就)\s?(?:约|大约)?有\s?({_NUM})\s?[个名位人例]",
    hints=("有",),
)
def _one_in(match: re.Match[str]) -> _FOUND:
    below, above = number(match[1]), number(match[2])
    parts = (quantity(*match.span(1), below), quantity(*match.span(2), above))
    if below > above > 0:
        yield Quantity(*match.span(), (("ratio", above / below),), parts=parts)
    else:
        yield from parts


_SPANS = {"晚": "天", "夜": "天", "月": "个月", "分": "分钟", "秒": "秒", "个季度": "季度"}


def _span(word: str) -> Unit:
    found = units.unit(_SPANS.get(word, word))
    assert found
    return found


_NEIGHBOURS = re.compile("[一二两三四五六七八][两二三四五六七八九]")


def _long(span: Unit, length: str | None) -> Unit:
    return Unit(span.dimension, span.factor * (number(length) or 1)) if length else span


@_rule(
    rf"(?:(?:每|平均每?)\s?(?:({_NUM})\s?)?|(?<![\d{_FROM}第])[一1]\s?)({_PERIOD})"
    rf"(?:[^，。；、：！？\d{_FROM}\n]{{0,6}}?)({_NUM})(?:{_UNTIL}({_NUM}))?\s?(?:次|回|遍)"
    rf"|({DIGITS})(?:{_UNTIL}({DIGITS}))?\s?次\s?(?:/|每)\s?({_PERIOD})"
    rf"|(?<!隔)日(?:服|敷)?\s?({_NUM})\s?次",
    hints=("次", "回", "遍"),
)
def _times(match: re.Match[str]) -> _FOUND:
    """每日三次, 一周两次, 每8小时一次, 3次/日."""
    if match[2]:
        span, counts = _long(_span(match[2]), match[1]), (match[3], match[4])
    elif match[7]:
        span, counts = _span(match[7]), (match[5], match[6])
    else:
        span, counts = _span("天"), (match[8], None)
    for count in counts:
        if count:
            times = number(count)
            if len(count) == 2 and _NEIGHBOURS.fullmatch(count):
                # 一两次: once, or twice.
                yield Quantity(*match.span(), tuple(rate(number(sign), span) for sign in count), is_grave=True)
                continue
            # 每天 50,000 次 are tests or visits a day, and no dose.
            parts = (quantity(*match.span(), times), Quantity(*match.span(), (rate(Fraction(1), span),), True))
            yield Quantity(*match.span(), (rate(times, span),), is_grave=True, parts=parts if times > 10 else ())


@_rule(
    rf"(?:每隔[一1]|每?间?隔)\s?(天|日|夜|晚|周|月|年)(?:\s?[一1]\s?次)?|每隔?\s?(半|{_NUM})(?:{_UNTIL}({_NUM}))?\s?({_PERIOD})(半)?(?:\s?[一1]\s?次)?"
    rf"|(?<![\d{_FROM}第][近年内])(?<![\d{_FROM}第])(半|[两二三四五六七八九]?十|[两二三四五六七八九百]|\d{{1,3}})\s?({_PERIOD})\s?[一1]\s?(?:次(?![也都性未没])|遇)",
    hints=("隔", "每", "次", "遇"),
)
def _every(match: re.Match[str]) -> _FOUND:
    span = _span(match[1] or match[4] or match[7])
    lengths = [Fraction(2)]
    if not match[1]:
        lengths = [Fraction(1, 2) if n == "半" else number(n) for n in (match[2], match[3], match[6]) if n]
        lengths = [length + Fraction(1, 2) if match[5] else length for length in lengths]
    for length in lengths:
        if length:
            longer = Unit(span.dimension, span.factor * length)
            soft = length == 1
            yield Quantity(
                *match.span(), (rate(Fraction(1), longer), (span.dimension, longer.factor)), soft, is_grave=True
            )


@_rule(
    r"[每/]\s?(天|日|晚|夜|周|星期|个?月|年|小时|分钟|秒|季度)"
    r"|(?i:(?<![A-Za-z])(?:(bid|tid|tds|qid|qds|qd|qod|qn|hs|(?:b\.i\.d|t\.i\.d|q\.i\.d|q\.d|q\.n)\.?)|q\.?(\d{1,2})\.?h)(?![A-Za-z]))"
    r"|(早晚)(?:各\s?[一1]?\s?次)?",
    hints=("每", "/", "d", "q", "早晚", "hs"),
)
def _each(match: re.Match[str]) -> _FOUND:
    if match[1]:
        yield Quantity(*match.span(), (rate(Fraction(1), _span(match[1])),), is_soft=True, is_grave=True)
    elif match[4]:
        yield Quantity(*match.span(), (("per days", Fraction(2)),), is_soft=True, is_grave=True)
    else:
        times = Fraction(24, int(match[3]) or 1) if match[3] else LATIN_RATES[match[2].lower().replace(".", "")]
        yield Quantity(*match.span(), (("per days", times),), is_grave=True)


@_rule(
    r"(?:数以|成|上|几|数|好几|若干|近|过)?(?:数|几|成|上|好几)(十万|百万|千万|十亿|百亿|千亿|十|百|千|万|亿)(?![一二三四五六七八九])"
    r"|数以(百|千|万|十万|百万|亿)计|成千上万|千千万万"
)
def _vague(match: re.Match[str]) -> _FOUND:
    size = Fraction(1)
    for sign in match[1] or match[2] or "千":
        size *= _TENS.get(sign) or _LARGE[sign]
    keys: tuple[type_Key, ...] = (("some", size),)
    if match[0].startswith(("上", "近", "过")):
        keys += (("", size),)
    yield Quantity(*match.span(), keys, is_soft=True)


def _keys_of(unit: Unit | None, value: int) -> tuple[type_Key, ...]:
    return quantity(0, 0, Fraction(value), unit).keys if unit else ()


@_rule(
    rf"(?<![一二三四五六七八九数几])(?:十几|十多|十余|十来(?=[个种名例人位次条岁天年]))(?![万亿百千])(?:\s?({units.CHINESE}))?"
)
def _over_ten(match: re.Match[str]) -> _FOUND:
    unit = units.unit(match[1]) if match[1] else None
    yield Quantity(*match.span(), (("over", Fraction(10)), ("", Fraction(10)), *_keys_of(unit, 10)))


@_rule(YEARS, hints=("-",))
def _years(match: re.Match[str]) -> _FOUND:
    yield from years(match)


@_rule(
    r"(?<!\d)(\d{4}|[一二][零〇一二三四五六七八九]{3})(?:\s?[-~至到、和及]\s?(\d{2}|\d{4}))?\s?年(?!龄|级)",
    hints=("年",),
)
def _year(match: re.Match[str]) -> _FOUND:
    for group in (1, 2):
        if match[group]:
            yield quantity(*match.span(group), number(match[group]))


@_rule(rf"(?<![\d个.])(?:({_NUM})(?:月份?)?\s?[-~至到、和]\s?)?({_NUM})\s?月(?![龄余多])份?", hints=("月",))
def _month(match: re.Match[str]) -> _FOUND:
    for group in (1, 2):
        if match[group]:
            value = number(match[group])
            if 1 <= value <= 12:
                more: tuple[type_Key, ...] = (("", value),) if group == 1 else ()
                yield Quantity(*match.span(group), (("month", value), *more))
            else:
                yield quantity(*match.span(group), value, units.unit("个月"))


_CALENDAR = {"天": "day", "日": "day", "周": "week", "月": "month", "年": "year", "晨": "day", "早": "day"}


@_rule(
    rf"每\s?(公斤|千克|kg)(?:体重)?[^，。；\d{_FROM}]{{0,4}}({_NUM})(?:{_UNTIL}({_NUM}))?\s?({units.CHINESE}|{units.LATIN})",
    hints=("每",),
)
def _per_weight(match: re.Match[str]) -> _FOUND:
    """每公斤体重 5 毫克: 5 mg/kg."""
    unit = units.unit(f"{match[4]}/{match[1]}")
    for count in (match[2], match[3]):
        if count:
            yield quantity(*match.span(), number(count), unit)


@_rule(
    r"([几数])\s?(天|日|周|星期|个月|年|个?小时|分钟|秒)|(?<![\d很])多(天|日|周|个月|年)(?=[来前后以内])",
    hints=("几", "数", "多"),
)
def _few(match: re.Match[str]) -> _FOUND:
    yield Quantity(
        *match.span(),
        (("few", _span(match[2] or match[3]).dimension + str(_span(match[2] or match[3]).factor)),),
        is_soft=True,
    )


@_rule(r"(?:(次|翌|下一?个?)|同一?个?|当|(上|去|昨)一?个?)([天日周月年晨])|(第二)\s?([天早周月年])|(明)(天)")
def _relative(match: re.Match[str]) -> _FOUND:
    which = "last" if match[2] else "next" if match[1] or match[4] or match[6] else "same"
    keys: tuple[type_Key, ...] = ((which, _CALENDAR[match[3] or match[5] or match[7]]),)
    if match[4]:
        keys += (("", Fraction(2)),)
    yield Quantity(*match.span(), keys, is_soft=True)


@_rule("(?<!简)单(日|周|月|年)(?![的元])", hints=("单",))
def _single(match: re.Match[str]) -> _FOUND:
    """单日: of one day, or a day's."""
    span = _span(match[1])
    yield quantity(*match.span(), Fraction(1), span, rate(Fraction(1), span), soft=True)


@_rule(rf"第\s?({_NUM})(?:\s?({units.CHINESE}))?", hints=("第",))
def _place(match: re.Match[str]) -> _FOUND:
    value = number(match[1])
    unit = units.unit(match[2]) if match[2] else None
    keys = quantity(0, 0, value, unit).keys if unit else ()
    yield quantity(*match.span(), value, None, *keys, soft=not match[1][0].isdigit() or value == 1)


@_rule(
    rf"(半|{_NUM})\s?打(?![开算听电扫球人架击断破造败针工动扮的了过一给着点嗝呼滑断折磨捞通])|([一三])刻钟",
    hints=("打", "刻"),
)
def _dozen(match: re.Match[str]) -> _FOUND:
    """两打 are 24; soft, for 打 is to strike as well. 一刻 is a quarter of an hour."""
    if match[2]:
        yield quantity(*match.span(), 15 * number(match[2]), units.unit("分钟"))
    else:
        value = Fraction(1, 2) if match[1] == "半" else number(match[1])
        yield quantity(*match.span(), value * 12, soft=True)


@_rule(
    rf"(?<![一二两三四五六七八九十个])半\s?(?:(个?小时|个?钟头|天|日|年|个?月|周|岁|个世纪|支|杯|{units.CHINESE})|数)|一半|过半|减半",
    hints=("半",),
)
def _half(match: re.Match[str]) -> _FOUND:
    half = Fraction(1, 2)
    if match[1] == "岁":
        yield quantity(*match.span(), Fraction(6), units.unit("个月"), ("", half), ("ratio", half))
    elif match[1] in ("个月", "月"):
        yield Quantity(
            *match.span(),
            (("months", half), ("days", Fraction(15)), ("days", Fraction(14)), ("", half), ("ratio", half)),
        )
    elif unit := units.unit(match[1]) if match[1] else None:
        yield quantity(*match.span(), half, unit, ("ratio", half))
    else:
        yield Quantity(*match.span(), (("ratio", half), ("", half)))


@_rule(
    r"(?<![\d零一二三四五六七八九十百千万亿点第])(?P<tens>[二三四五六七八九]?十)?(?P<first>一(?=[两二])|[两二](?=三)|三(?=[四五])|四(?=五)|五(?=六)|六(?=七)|七(?=八)|八(?=九))"
    rf"(?P<second>[二两三四五六七八九])(?P<large>[十百千万亿]*)(?![零一二三四五六七八九点年])(?:\s?(?P<unit>{units.CHINESE}))?"
)
def _one_or_two(match: re.Match[str]) -> _FOUND:
    """两三天: two or three days."""
    unit = units.unit(match["unit"]) if match["unit"] else None
    for sign in ("first", "second"):
        value = number((match["tens"] or "") + match[sign] + match["large"])
        end = match.end() if sign == "second" else match.end(sign)
        more = (("over", value), ("", value)) if match["tens"] or unit is None else (("over", value),)
        yield quantity(match.start(sign), end, value, unit, *more, soft=True)


@_rule(r"翻一?[倍番]|加倍|双倍|成倍|倍增|双|俩|对(?=夫妻|夫妇)|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]")
def _other_words(match: re.Match[str]) -> _FOUND:
    value = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ".find(match[0]) + 1 if len(match[0]) == 1 else 0
    value = value or 2
    yield quantity(
        *match.span(), Fraction(value), None, ("ratio", Fraction(1, 2)), ("fold", Fraction(value)), soft=True
    )


@_rule(
    rf"(?<![A-Za-z]){ROMAN}(?![A-Za-z])|(?<![A-Za-z\d])(?<!\d )({ROMAN_SIGN})(?=\s?[级期型度类相])"
    rf"|(?<=第)({ROMAN_SIGN})(?![A-Za-z])",
    hints=tuple("ivx"),
)
def _roman(match: re.Match[str]) -> _FOUND:
    yield roman(match)


@_rule(
    rf"({_NUM})\s?(米|秒|度)\s?(\d{{1,2}}|[一二三四五六七八九])(?![\d.一二三四五六七八九十百千万]|\s?[x×厘分毫]|[多余个次米岁天])",
    hints=("米", "秒", "度"),
)
def _beyond_unit(match: re.Match[str]) -> _FOUND:
    """1 米 75, 9 秒 58, 38 度 5: what follows the unit are its decimals."""
    rest = match[3] if match[3].isdigit() and match[3].isascii() else str(_DIGITS[match[3]])
    yield quantity(*match.span(), number(match[1]) + Fraction(f"0.{rest}"), units.unit(match[2]))


@_rule(
    rf"({_NUM})\s?(?:个?小时|分)(半|{_NUM})\s?(分钟?|秒钟?)(?!之)",
    hints=("分", "秒"),
)
def _hours_and_minutes(match: re.Match[str]) -> _FOUND:
    """1 小时 30 分: an hour and a half; or as many hours, and as many minutes."""
    large, small = ("小时", "分钟") if match[3].startswith("分") else ("分钟", "秒")
    if "小时" in match[0] and small == "秒":
        large = "小时"
    one, other = units.unit(large), units.unit(small)
    first, second = number(match[1]), Fraction(1, 2) if match[2] == "半" else number(match[2])
    assert one
    assert other
    parts = quantity(*match.span(1), first, one), quantity(*match.span(2), second, other)
    yield Quantity(*match.span(), (("days", first * one.factor + second * other.factor),), parts=parts)


@_rule(
    r"打?\s?([一二三四五六七八九]|\d(?:\.\d)?)([一二三四五六七八九])?折(?![叠磨射腾断扣中返算合回衷弯痕])",
    hints=("折",),
)
def _discount(match: re.Match[str]) -> _FOUND:
    """七折 is 70 %, 30 % off."""
    paid = number(match[1]) / 10 + (Fraction(_DIGITS[match[2]], 100) if match[2] else 0)
    yield Quantity(*match.span(), (("ratio", paid), ("ratio", 1 - paid)), is_soft=True)


@_rule(
    rf"(?<![\d.])(\d+)\s?(亿|万)\s?零?(\d+)(?:\s?(?!千[克米])(万|千)|(?<=[万]\d{{4}})"
    rf"|(?<=[万] \d{{4}}))(?![\d万亿千.])(?:\s?({units.CHINESE}|{units.LATIN}))?",
    hints=("亿", "万"),
)
def _composed(match: re.Match[str]) -> _FOUND:
    """12 亿 5000 万."""
    value = int(match[1]) * _LARGE[match[2]] + int(match[3]) * {"万": 10**4, "千": 1000}.get(match[4], 1)
    yield quantity(*match.span(), Fraction(value), units.unit(match[5]) if match[5] else None)


_UNIT = (
    rf"(?:{units.CHINESE}|{units.LATIN})(?:\s?[/每]\s?(?!(?:天|日|周|小时|h|d|s|秒|分钟|min|个?月|年))(?:{units.CHINESE}"
    rf"|{units.LATIN})){{0,2}}"
)
_PLAIN = re.compile(
    rf"(?:(?P<digits>{DIGITS}){POWER}?|(?P<han>{_HAN}))"
    rf"(?:\s?(?P<over>多|余|几|来)?\s?(?P<large>(?:(?!千[克米卡帕瓦焦赫])[百千万亿])+))?(?:\s?(?P<more>多|余|几|来(?=\s?[{_MEASURE}])|(?=出头|上下)))?"
    rf"(?:\s?(?:个?工作(?=日)|(?P<many>个多|个余|多个)(?=[星小世]))?(?:(?P<half>个半)?(?P<unit>{_UNIT})(?P<and_half>半)?|(?P<months>个[半多余]月|月(?=[余多]))))?(?:\s?(?P<fold>倍))?"
)
_TIGHT = re.compile(r"\s?(?:-|~|至|到)\s?")
_LOOSE = re.compile(r"\s?(?:×|x|、|,|，|/|或|和|及|与|以及)\s?")


def quantities(text: str) -> list[Quantity]:
    """In their order; offsets are those of the text, which is folded as `pairs.Text.folded` is."""
    idioms = list(_IDIOMS.finditer(text))
    found, rest = _rule.read(blank(text, [match.span() for match in idioms]) if idioms else text)
    found += _plain(rest)
    for match in idioms:
        found += _in_words(match)
    return sorted(found, key=lambda one: one.start)


_FIGURE = re.compile("[二两三四五六七八九十百千]")
_SOMETIMES = re.compile("[三四五六][季餐肢维角者军]|二[者维]")


def _in_words(match: re.Match[str]) -> _FOUND:
    """四季, 四肢: English may count what is only named here, or it may not."""
    for figure in _FIGURE.finditer(match[0]) if len(match[0]) == 2 or _SOMETIMES.search(match[0]) else ():
        start = match.start() + figure.start()
        yield quantity(start, start + 1, number(figure[0]), soft=True)


_LISTED = re.compile(r"[^，。；：！？、\n]+(?:、[^，。；：！？、\n]+)*(?:以及|和|及|与|或)[^，。；：！？、\n]+")
_AND = re.compile("、|以及|和|及|与|或")


def _sums_up(text: str, at: int, value: Fraction) -> bool:
    """伊朗、韩国和意大利三国: Chinese counts behind a list what it has named; English seldom does."""
    if not 2 <= value <= 9:
        return False
    clause = max(text.rfind(sign, max(0, at - 80), at) for sign in "，。；：！？\n") + 1
    listed = text[max(clause, at - 80) : at]
    return _LISTED.fullmatch(listed) is not None and len(_AND.findall(listed)) == value - 1


def _plain(text: str) -> _FOUND:
    numbers: list[Number] = []
    for match in _PLAIN.finditer(text):
        value = number(match["digits"] or match["han"])
        large = number(f"1{match['large']}") if match["large"] else Fraction(1)
        if match["digits"]:
            value *= power(match)
        unit = units.unit(match["unit"]) if match["unit"] else None
        more: list[type_Key] = []
        if match["months"]:
            unit = units.unit("个月")
            value += Fraction(1, 2) if "半" in match["months"] else 0
            more += [("days", value * 28), ("days", value * 30)]
        if match["half"] or match["and_half"]:
            value += Fraction(1, 2)
        if match["han"]:
            soft = value == 1 or (value == 2 and unit is None)
            soft = soft or (unit is None and len(match["han"]) == 1 and not _COUNTED.match(text, match.end("han")))
            soft = soft or (unit is None and _sums_up(text, match.start(), value))
        else:
            soft = value == 1 and unit is None and _COUNTED.match(text, match.end("digits")) is not None
        if match["over"] or match["more"] is not None:
            more += [("over", value), ("", value)]
        if match["fold"]:
            more += [("fold", value), ("fold", value + 1)]
        if match["unit"] == "日":
            more += [("day", value), ("", value)]
        numbers.append(Number(match.span(), value, large, unit, soft, tuple(more)))
    yield from together(within(numbers, text), text, _TIGHT, _LOOSE)
