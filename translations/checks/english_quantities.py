"""The quantities of an English text. Pure."""

import re
from collections.abc import Iterator
from fractions import Fraction

from . import units
from .quantities import DIGITS_OF, POWER, Number, Quantity, Rules, power, quantity, rate, together, type_Key, within
from .units import Unit

_SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_SMALL |= {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_LARGE |= {"k": 1000, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "trn": 10**12}
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_ORDINALS += [
    f"{tens}-{ordinal}" if ordinal else f"{tens.removesuffix('y')}ieth"
    for tens in ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    for ordinal in ["", *_ORDINALS[:9]]
]
_PLACES = {word: n for n, word in enumerate(_ORDINALS, 1)} | {"hundredth": 100, "thousandth": 1000}
_DENOMINATORS = {"half": 2, "halve": 2, "quarter": 4} | {word: n for n, word in enumerate(_ORDINALS[:20], 1) if n > 2}
_DENOMINATORS |= {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
_MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        start=1,
    )
}
_SHORT_MONTHS = {name[:3]: number for name, number in _MONTHS.items()} | {"Sept": 9}
VULGAR = dict(zip("½⅓⅔¼¾", map(Fraction, ("1/2", "1/3", "2/3", "1/4", "3/4")), strict=True))
LATIN_RATES = {
    **dict.fromkeys(("qd", "qn", "od", "hs"), Fraction(1)),
    **dict.fromkeys(("bid", "bd"), Fraction(2)),
    **dict.fromkeys(("tid", "tds"), Fraction(3)),
    **dict.fromkeys(("qid", "qds"), Fraction(4)),
    "qod": Fraction(1, 2),
}
"""How often a day, as prescriptions have it."""

_ORDINAL = "|".join(sorted(_PLACES, key=len, reverse=True))
_ONE = "|".join(sorted(_SMALL, key=len, reverse=True))
_SMALL_NUMBER = rf"(?:\d+(?:\.\d+)?|{_ONE})"
_WORDS = (
    rf"(?:{_ONE})(?:(?:[- ]|(?<=dred)[- ]and[- ]|(?<=sand)[- ]and[- ])"
    # Twenty-one and "hundred and one", but not the "two one" of two one-way tickets.
    rf"(?:(?<=(?:ty|nd|ed|on)[- ])(?:{_ONE})|hundred|thousand|million|billion)\b)*(?:[ -]dozen)?"
)
ROMAN_SIGN = "[IVX]"
ROMAN = r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX]{2})"
"""Two signs at least: one alone is more often a letter."""
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


def roman(match: re.Match[str]) -> Quantity:
    """Of a figure as ROMAN or, behind a word that asks for one, ROMAN_SIGN finds it."""
    values = [_ROMAN_VALUES[sign] for sign in re.sub("[^IVX]", "", (match[1] or match[0]))]
    total = sum(-one if one < later else one for one, later in zip(values, [*values[1:], 0], strict=True))
    return quantity(*match.span(), Fraction(total), soft=True)


DIGITS = r"\d{1,3}(?:[,\xa0]\d{3})+(?:\.\d+)?|\d{1,3}(?: 000)+(?!\d)|\d+(?:\.\d+)?|(?<![\d\w])\.\d+"
_NUM = rf"(?>(?:{DIGITS})|\b(?:{_WORDS}))"
_DENOMINATOR = "|".join(sorted((word for word in _DENOMINATORS), key=len, reverse=True))
_PERIOD = r"(?:hour|day|week|month|year|night|minute|morning|evening|fortnight|decade|century)"
_MEASURED = (
    r"(?:(?:kilo|centi|milli)?met(?:re|er)|mile|inch|(?:kilo|milli|micro)?gram|kilo|pound|ounce|(?:milli)?lit(?:re|er)"
    r"|tablet|pill|capsule|drop|sachet|puff|unit|degree|ton|tonne|hectare|acre)"
)
_CODE_LETTER = r"[A-Za-z]"


LONGEST = 100  # characters; what is longer is no number that anybody translates


def number(text: str) -> Fraction:
    """Of figures or words: 1,000 or "two hundred and five"."""
    text = text.strip().lower()[:LONGEST]
    if text[0].isdigit() or text[0] == ".":
        figures, _blank, word = re.sub(r"[,\xa0]|(?<=\d) (?=000)", "", text).partition(" ")
        return Fraction(figures) * _LARGE.get(word.strip(), 1)
    total = current = 0
    for word in re.split(r"[-\s]+", text):
        if word in ("a", "an"):
            current = 1
        elif word in _SMALL:
            current += _SMALL[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1) * _LARGE[word]
        elif word in _LARGE:
            total += (current or 1) * _LARGE[word]
            current = 0
    return Fraction(total + current)


_FOUND = Iterator[Quantity]
_rule = Rules()


@_rule(
    r"https?://\S+|www\.\S+|\S{1,64}@\S{1,255}|\[\d{1,3}(?:[-,] ?\d{1,3})*\]|(?m:^\s{0,4}[(（]?\d{1,2}[.)）](?=\s|$))"
)
def _nothing(match: re.Match[str]) -> _FOUND:
    """Addresses, the numbers of references and of the points of a list."""
    yield from ()


@_rule(
    r"(?<![\d.])(?:\+?\d{1,3}[- ])?(?:\(?0?\d{2,4}\)?[- ])\d{3,4}[- ]?\d{4}(?![\d.])|(?<![\d.])1\d{10}(?!\d)"
    r"|(?<![\d.])\d{3}-\d{4}(?!\d)",
    hints=DIGITS_OF,
)
def _telephone(match: re.Match[str]) -> _FOUND:
    yield telephone(match)


def telephone(match: re.Match[str]) -> Quantity:
    digits = re.sub(r"\D", "", match[0])
    if match[0].startswith(("+86", "86")) and len(digits) > 11:
        digits = digits[2:] if len(digits) == 13 and digits[2] == "1" else f"0{digits[2:]}"
    return Quantity(*match.span(), (("telephone", digits),), is_grave=True)


@_rule(
    rf"(?<![\w])(?:\d+-(?=[a-z]?[A-Z])|(?=[A-Za-z]*[A-Z]){_CODE_LETTER}+-?\d|(?=[A-Za-z-]*[A-Z])[A-Za-z]+(?:-[A-Za-z]+)+-?\d)[\w-]*(?:/[A-Z]?\d+)?"
    r"|(?<![\w.,])\d+[A-Z](?!\w)(?<![FCLVU])|(?<![\w.,])\d[A-Z][A-Za-z]{2,}\w*",
    hints=DIGITS_OF,
)
def _code(match: re.Match[str]) -> _FOUND:
    """A name with figures: B12, L4-5, COVID-19."""
    yield code(match)


_SHORT_YEAR = re.compile("[012]\\d")


def code(match: re.Match[str]) -> Quantity:
    """The other language may write its name out and keep the figures: L4-5 and 腰4–5."""
    parts = tuple(
        quantity(
            match.start() + figures.start(),
            match.start() + figures.end(),
            Fraction(figures[0]),
            None,
            # COVID-19 is of 2019.
            *([("", Fraction(2000 + int(figures[0])))] if _SHORT_YEAR.fullmatch(figures[0]) else []),
            soft=True,
        )
        for figures in re.finditer(r"\d{1,9}", match[0])
    )
    key = re.sub(r"[\W_]", "", match[0]).upper()
    return Quantity(*match.span(), (("code", key),), is_soft=True, parts=parts)


@_rule(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)",
    hints=("-", "/", "."),
)
def _numeric_date(match: re.Match[str]) -> _FOUND:
    yield from numeric_date(match)


def numeric_date(match: re.Match[str]) -> _FOUND:
    if match[1]:
        yield quantity(*match.span(1), Fraction(match[1]))
        yield Quantity(*match.span(3), (("month", Fraction(match[3])),))
        yield quantity(*match.span(4), Fraction(match[4]), None, ("day", Fraction(match[4])))
    else:
        for group in (5, 6):
            value = Fraction(match[group])
            yield quantity(*match.span(group), value, None, ("month", value), ("day", value))
        yield quantity(*match.span(7), Fraction(match[7]))


@_rule(
    r"(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:])(?:\s?([ap])\.?m\b\.?)?|(?<![\d.])(1[0-2]|0?[1-9])\s?([ap])\.?m\b\.?",
    re.I,
    hints=(":", ".m", "am", "pm"),
)
def _clock(match: re.Match[str]) -> _FOUND:
    """On a face of twelve hours, so that 3 pm and 15:00 are alike."""
    hour, minute = int(match[1] or match[4]), int(match[2] or 0)
    yield Quantity(*match.span(), (("clock", Fraction(hour % 12 * 60 + minute)), ("ratio of", f"{hour}:{minute}")))


_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|1[0-2]|[1-9])"
_MINUTES = r"(?:five|ten|twenty(?:-five)?|\d{1,2})"
_WHEN = (
    r"(?= in the (?:early )?(?:morning|afternoon|evening)| at night| (?:this|that|every) (?:morning|afternoon|evening))"
)


@_rule(
    rf"\b(?:(?:(half)|(?:a )?(quarter)|({_MINUTES})(?: minutes)?) past|(?:(?:a )?(quarter)|({_MINUTES}) minutes) to)"
    rf" ({_HOUR})\b(?!\.\d|[ -](?:hours?|minutes?|thirds?|hal))"
    rf"|(?<![\w.])({_HOUR})(?:[ :](\d\d|thirty|fifteen|forty-five))? ?(?:o'?clock\b|sharp\b|{_WHEN})"
    r"|\b(?:(?:12|twelve) )?(?:noon|midday|midnight)\b",
    re.I,
    hints=(
        *("past", "minutes to", "quarter to", "clock", "sharp", " morning", " afternoon", " evening", "at night"),
        *("noon", "midday", "midnight"),
    ),
)
def _clock_in_words(match: re.Match[str]) -> _FOUND:
    """Half past three, six o'clock, at ten in the morning, noon."""
    keys: list[type_Key] = []
    if match[6]:
        past, to = (match[2] and "15") or match[3], (match[4] and "15") or match[5]
        minutes = 30 if match[1] else int(number(past)) if past else -int(number(to))
        hour = int(number(match[6]))
    elif match[7]:
        hour, minutes = int(number(match[7])), int(number(match[8])) if match[8] else 0
        keys = [("", Fraction(hour))]
    else:
        hour, minutes = 12, 0
    keys.insert(0, ("clock", Fraction((hour * 60 + minutes) % 720)))
    yield Quantity(*match.span(), tuple(keys), is_soft=match[6] is None and match[7] is None)


@_rule(r"(?<!\d)(1[5-9]|20)(\d)0'?s\b|(?<![\d$£€])'?([1-9])0'?s\b", hints=("0s", "0's"))
def _decade(match: re.Match[str]) -> _FOUND:
    if match[1]:
        tens = Fraction(int(match[2]) * 10)
        yield Quantity(
            *match.span(), (("decade", Fraction(int(match[1] + match[2]) * 10)), ("decade", tens), ("over", tens))
        )
    else:
        tens = Fraction(int(match[3]) * 10)
        yield Quantity(*match.span(), (("over", tens), ("decade", tens), ("decade alone", tens), ("", tens)))


YEARS = r"(?<![\d-])((?:1[5-9]|20)\d\d)-(\d\d)(?![\d%-])"


@_rule(YEARS, hints=("-",))
def _years(match: re.Match[str]) -> _FOUND:
    yield from years(match)


def years(match: re.Match[str]) -> _FOUND:
    """2019–20 ends in 2020; or in a text without years it is a range like others."""
    yield quantity(*match.span(1), Fraction(match[1]))
    last = Fraction(match[2])
    yield quantity(*match.span(2), last, None, ("", Fraction(match[1][:2] + match[2])), ("month", last))


_TENS = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
    "teens": 10,
    "teenage": 10,
    "teenaged": 10,
    "teenager": 10,
    "teenagers": 10,
}


@_rule(rf"\b({'|'.join(_TENS)})\b", re.I, hints=("ties", "teen"))
def _tens(match: re.Match[str]) -> _FOUND:
    tens = Fraction(_TENS[match[1].lower()])
    yield Quantity(*match.span(), (("over", tens), ("decade", tens), ("decade alone", tens)), is_soft=tens == 10)


@_rule(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)|({_ORDINAL}))(?:[- ]centur(?:y|ies)\b|(?= (?:and|to) [\w-]+ centur(?:y|ies)\b))",
    re.I,
    hints=("centur",),
)
def _century(match: re.Match[str]) -> _FOUND:
    value = Fraction(match[1] or _PLACES[match[2].lower()])
    yield Quantity(*match.span(), (("century", value),))


_UNTIL = r"(?:\s?(?:-|~|to|or|and)\s?)"
_COUNT = rf"(?:(once|twice|thrice)|({_NUM})(?:{_UNTIL}({_NUM}))?[ -]?(?:times?|x|×|doses|beats|breaths))"
_COUNTS = {"once": 1, "twice": 2, "thrice": 3}
_SPANS = {"night": "day", "morning": "day", "evening": "day", "nightly": "day", "daily": "day", "hourly": "hour"}
_SPANS |= {"weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "annual": "year"}
_SPANS |= {"yr": "year", "hr": "hour", "min": "minute", "qd": "day", "per annum": "year", "fortnightly": "fortnight"}
_SPANS |= {"s": "second", "sec": "second", "at bedtime": "day"}
_ADVERBS = "daily|weekly|monthly|yearly|annually|nightly|hourly|fortnightly"
# Twice in a period, or once in two of them; quarterly is once in three months.
_OTHER_ADVERBS: dict[str, tuple[type_Key, ...]] = {
    "quarterly": (("per months", Fraction(1, 3)), ("months", Fraction(3))),
    "biweekly": (("per days", Fraction(2, 7)), ("per days", Fraction(1, 14)), ("days", Fraction(14))),
    "bimonthly": (("per months", Fraction(2)), ("per months", Fraction(1, 2)), ("months", Fraction(2))),
    "biannual": (("per months", Fraction(1, 6)), ("per months", Fraction(1, 24))),
    "biennial": (("per months", Fraction(1, 24)), ("months", Fraction(24))),
    "semiannual": (("per months", Fraction(1, 6)),),
    "morning and": (("per days", Fraction(2)),),
}


def _span(word: str) -> Unit:
    word = re.sub(r"\s+", " ", word.lower())
    found = units.unit(_SPANS.get(word, word))
    assert found
    return found


def _rates(match: re.Match[str], counts: list[str | None], span: Unit) -> _FOUND:
    for count in counts:
        if count:
            times = Fraction(_COUNTS.get(count.lower(), 0)) or number(count)
            yield Quantity(*match.span(), (rate(times, span),), is_grave=True)


@_rule(
    rf"(?<![\w.]){_COUNT}[ -](?:(?:a|an|per|each|every|in a|in each|in every)[ ](?:single )?({_NUM} )?({_PERIOD})s?\b"
    rf"|({_ADVERBS})\b)"
    rf"|(?<![\w.])({DIGITS})\s?/\s?(min|day|week)\b(?<=[^a-z])"
    rf"|(?<![\w.])({_NUM})[ ](?:beats|breaths) (?:per|a) minute|(?<![\w.])({DIGITS})\s?bpm\b",
    re.I,
    hints=("time", "once", "twice", "thrice", "dose", "beat", "breath", "bpm", "×", "x", "/"),
)
def _times(match: re.Match[str]) -> _FOUND:
    """Twice a day, 3 to 4 times weekly, once every 8 hours."""
    if match[5] or match[6]:
        span = _span(match[5] or match[6])
        if match[4]:
            span = Unit(span.dimension, span.factor * number(match[4]))
        yield from _rates(match, [match[1], match[2], match[3]], span)
    else:
        yield from _rates(match, [match[7] or match[9] or match[10]], _span(match[8] or "min"))


@_rule(
    rf"\b(?:once )?(?:every|each)[ ](?:(other|second|alternate)|({_NUM})( and a half)?(?:{_UNTIL}({_NUM}))?)"
    rf"[ -]({_PERIOD})s?\b"
    rf"|\b(?:on )?(alternate) (day|week|night|month)s\b"
    rf"|(?<![\w.])({_NUM})-(hourly|weekly|monthly)\b"
    r"|\bq\.?\s?(\d{1,2})\.?\s?(h)\b",
    re.I,
    hints=("every", "each", "alternate", "-hourly", "-weekly", "-monthly", "q"),
)
def _every(match: re.Match[str]) -> _FOUND:
    span = _span(match[5] or match[7] or match[9] or ("hour" if match[11] else "day"))
    lengths = [number(length) for length in (match[2], match[4], match[8], match[10]) if length] or [Fraction(2)]
    for length in lengths:
        if length:
            longer = Unit(span.dimension, span.factor * (length + (Fraction(1, 2) if match[3] else 0)))
            yield Quantity(*match.span(), (rate(Fraction(1), longer), (span.dimension, longer.factor)), is_grave=True)


_DOSED = re.compile(rf"\d\s?{units.LATIN}[^.;\n]{{0,40}}$")


@_rule(
    r"\b(?:qd|bid|bd|tid|qid|qds|qod|qn|tds|od|hs)\b|\b(?:q\.d|b\.i\.d|t\.i\.d|q\.i\.d|q\.o\.d)\.?",
    re.I,
    hints=("id", "bd", "qd", "tds", "od", "qn", "hs", "q.d", ".i.d"),
)
def _latin_rate(match: re.Match[str]) -> _FOUND:
    """An opening bid is none: words that mean other things are read behind a dose alone."""
    word = match[0].lower()
    if word not in ("bid", "bd", "od", "hs") or _DOSED.search(match.string[max(0, match.start() - 60) : match.start()]):
        times = LATIN_RATES[match[0].replace(".", "").lower()]
        yield Quantity(*match.span(), (("per days", times),), is_grave=True)


_LASTING = frozenset(
    [
        "for",
        "in",
        "within",
        "after",
        "about",
        "around",
        "over",
        "under",
        "than",
        "least",
        "most",
        "of",
        "nearly",
        "almost",
        "only",
        "before",
        "is",
        "was",
        "takes",
        "took",
    ]
)


@_rule(
    r"\b(?:(quarterly|biweekly|bi-weekly|bimonthly|biannual|biennial|semi-?annual)(?:ly)?"
    r"|mornings? and (?:evening|night)s?)\b",
    re.I,
    hints=("quarterly", "weekly", "bimonthly", "nnual", "nnial", "morning"),
)
def _other_adverb(match: re.Match[str]) -> _FOUND:
    keys = _OTHER_ADVERBS[match[1].lower().replace("-", "") if match[1] else "morning and"]
    yield Quantity(*match.span(), keys, is_soft=True, is_grave=True)


@_rule(
    r"\b(?:a?round|24)[- ]the[- ]clock\b|(?<![\d/])24/7(?![\d/])",
    re.I,
    hints=("clock", "24/7"),
)
def _all_day(match: re.Match[str]) -> _FOUND:
    yield Quantity(*match.span(), (("days", Fraction(1)), ("ratio", Fraction(24, 7)), ("", Fraction(24))), is_soft=True)


@_rule(
    rf"\b(?:an?|each|every)[ ]((?!foot\b|second\b){_MEASURED})\b(?! and a (?:half|quarter))",
    re.I,
    hints=("a ", "an ", "each ", "every "),
)
def _a_measure(match: re.Match[str]) -> _FOUND:
    """A mile, every kilogram: one of them."""
    yield quantity(*match.span(), Fraction(1), units.unit(match[1].lower()), soft=True)


_WORD_UNIT = (
    r"(hour|day|week|month|year|decade|century|mile|kilomet[re]{2}|met[re]{2}|lit[re]{2}|tablet|pill|kilo|pound"
    r"|per ?cent|minute|hundred|dozen|thousand|million|billion|trillion)"
)


@_rule(
    rf"(?<!and a )(?<!and-a-)\b(?:(half)[ -](?:of )?(?:an?[ -])?|(?:a "
    rf"|(three) )?(quarter)s? (?:of )?an? ){_WORD_UNIT}s?\b"
    rf"|\b(?:an?|one) {_WORD_UNIT} and a (half|quarter)\b",
    re.I,
    hints=("half", "quarter"),
)
def _part(match: re.Match[str]) -> _FOUND:
    """Half an hour, a quarter of a million, a year and a half."""
    if match[5]:
        value, word = 1 + Fraction(1, 2 if match[6].lower() == "half" else 4), match[5].lower()
    else:
        value, word = Fraction(1, 2) if match[1] else Fraction(3 if match[2] else 1, 4), match[4].lower()
    if word in _LARGE:
        yield quantity(*match.span(), value * _LARGE[word])
    else:
        more: list[type_Key] = []
        if word == "month":
            more = [("days", Fraction(round(value * 28))), ("days", Fraction(round(value * 30)))]
        yield quantity(*match.span(), value, units.unit(word), *more)


@_rule(
    rf"(?<![\w.])({_SMALL_NUMBER}|(?:an? )?(?:hundred|thousand))[- ]?fold\b",
    re.I,
    hints=("fold",),
)
def _fold(match: re.Match[str]) -> _FOUND:
    value = number(match[1])
    yield quantity(
        *match.span(), value, None, ("fold", value), ("ratio", 1 / value if value else value), soft=value == 2
    )


@_rule(
    r"\b(?:the |this |that |last |past |next |every |a |per ){0,3}(decade|century|millennium|fortnight)\b"
    r"|\bper (hundred|thousand|million)\b",
    re.I,
    hints=("decade", "century", "millennium", "fortnight", "per "),
)
def _alone(match: re.Match[str]) -> _FOUND:
    """The past decade is ten years; 3 per thousand, of a thousand."""
    if match[2]:
        yield quantity(*match.span(), Fraction(_LARGE[match[2].lower()]), soft=True)
    else:
        unit = units.unit(match[1].lower())
        assert unit
        yield quantity(*match.span(), Fraction(1), unit, ("", unit.factor / 12), rate(Fraction(1), unit), soft=True)


@_rule(
    rf"\b(?:{_ADVERBS}|annual|per annum|at bedtime)\b|(?:\b(?:an?|per|each|every)|/)[ ]?({_PERIOD}|hr|min)\b(?! of)"
    r"|(?:\bper |/ ?)(s|sec|second)\b",
    re.I,
    hints=(
        *("ly", "annu", "day", "week", "month", "year", "hour", "minute", "night", "morning", "evening", "hr", "min"),
        *("bedtime", "decade", "century", "second", "/"),
    ),
)
def _each(match: re.Match[str]) -> _FOUND:
    """25 mg daily, 800 samples a month; but for a year is also for twelve months."""
    span = _span(match[1] or match[2] or match[0])
    keys: list[type_Key] = [rate(Fraction(1), span)]
    before = match.string[max(0, match.start() - 20) : match.start()].split()
    if match[0].lower().startswith(("a ", "an ")) and (not before or before[-1].lower() in _LASTING):
        keys.append((span.dimension, span.factor))
    yield Quantity(*match.span(), tuple(keys), is_soft=True, is_grave=True)


_COMPOUND = re.compile("-[a-z]")


@_rule(
    rf"(?<!and )(?<!and-)(?<!and a )(?<!and-a-)\b(?:((?!\w+ty-){_NUM}"
    rf"|an?)[ -])?(?<!ty-)({_DENOMINATOR})s?\b(?! (?:floor|party"
    rf"|parties|place|time|person|people|week|day|stage|phase)\b)"
    rf"|(?<![\d/.])(\d{{1,2}})/(\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?![\d/])|([½⅓⅔¼¾])",
    re.I,
    hints=(
        "hal",
        "dth",
        "onth",
        "third",
        "quarter",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "nint",
        "ninth",
        "tenth",
        "teenth",
        "twelfth",
        "twentieth",
        "/",
        "½",
        "⅓",
        "⅔",
        "¼",
        "¾",
        "eleventh",
    ),
)
def _fraction(match: re.Match[str]) -> _FOUND:
    """A third, two thirds, half; alone, the third may be the one after the second."""
    if match[5]:
        value = VULGAR[match[5]]
        yield Quantity(*match.span(), (("ratio", value), ("", value)))
        return
    if match[3]:
        if below := number(match[4]):
            value = int(match[3]) / below
            parts = (quantity(*match.span(3), Fraction(match[3])), quantity(*match.span(4), below))
            yield Quantity(*match.span(), (("ratio", value), ("", value)), parts=parts)
        return
    word = match[2].lower()
    below = Fraction(_DENOMINATORS[word])
    if match[1] is None:
        keys: list[type_Key] = [("ratio", 1 / below)]
        keys += [("", Fraction(1, 2))] if below == 2 else [("", below)]
        keys += [("months", Fraction(3))] if word == "quarter" else []
        yield Quantity(*match.span(), tuple(keys), is_soft=True)
    else:
        above_ = number(match[1])
        value = above_ / below
        if value < 1:
            soft = word == "quarter" and match[1].lower() == "a"
            # A half-life is no half of anything.
            soft = soft or _COMPOUND.match(match.string, match.end()) is not None
            yield Quantity(*match.span(), (("ratio", value), ("", value), ("", below)), is_soft=soft)
        else:
            yield quantity(*match.span(1), above_, soft=above_ < 3)


@_rule(
    rf"(?<![\w.,])({_NUM})(?: (?:people|persons?|patients?|adults?|children|women|men|students?|cases))? (?:in"
    rf"|of|out of)(?: every| the)? ({_NUM}|an? (?:hundred|thousand|million|billion)\b)(?![\d%]|[ -](?:years"
    rf"|days|months|weeks|hours|minutes|million|billion"
    rf"|countries|states))(?!\w)",
    re.I,
    hints=(" in ", " of "),
)
def _one_in(match: re.Match[str]) -> _FOUND:
    """One in five; but neither two in 2019 nor ten in three countries."""
    above, below = number(match[1]), number(match[2])
    parts = (quantity(*match.span(1), above, soft=above == 1), quantity(*match.span(2), below))
    if 0 < above < below and not 1500 < below < 2100:
        yield Quantity(*match.span(), (("ratio", above / below),), parts=parts)
    else:
        yield from parts


@_rule(
    r"\b(?:(next|following|coming)|(last|past|previous)|same|that) (day|morning|week|month|year)\b"
    r"|\b(tomorrow)\b|\b(yesterday)\b",
    re.I,
    hints=("same", "next", "that ", "last", "following", "tomorrow", "yesterday", "past", "previous", "coming"),
)
def _relative(match: re.Match[str]) -> _FOUND:
    span = (match[3] or "day").lower().replace("morning", "day")
    which = "next" if match[1] or match[4] else "last" if match[2] or match[5] else "same"
    keys: tuple[type_Key, ...] = ((which, span),)
    if (match[1] or match[2]) and match[3] and match[3].lower() != "morning":
        keys += quantity(0, 0, Fraction(1), units.unit(span)).keys  # the past week lasts one
    yield Quantity(*match.span(), keys, is_soft=True)


@_rule(
    r"\b(?:several|few|couple of|many) (day|week|month|year|hour|minute|second)s\b",
    re.I,
    hints=("several", "few", "couple", "many"),
)
def _few(match: re.Match[str]) -> _FOUND:
    unit = _span(match[1])
    yield Quantity(*match.span(), (("few", f"{unit.dimension}{unit.factor}"),), is_soft=True)


_MONTH = "|".join(_MONTHS)
_SHORT = "|".join(sorted(_SHORT_MONTHS, key=len, reverse=True))


@_rule(
    # April and June are also given names.
    rf"(?<!\d )(?<!in )\b((?:April|June|August)(?= [A-Z]))|\b(?!May\b)(?:{_MONTH})\b"
    r"|(?<=\d )May\b|(?<=\d(?:st|nd|rd|th) )May\b|\bMay(?= \d| (?:this|last|next)\b)|\bMay(?=,? \d|[,.;)]|$)"
    r"|(?<=[a-z] )May\b|(?<=/|-)May\b"
    rf"|\b(?:{_SHORT})\b\.?(?=-[A-Z])|(?<=[a-z.]-)(?:{_SHORT})\b\.?|(?<=\d )(?:{_SHORT})\b\.?"
    rf"|\b(?:{_SHORT})\b\.?(?= \d)",
    hints=tuple(name.lower() for name in _SHORT_MONTHS),
)
def _month(match: re.Match[str]) -> _FOUND:
    name = match[0].rstrip(".")
    month = Fraction(_MONTHS.get(name) or _SHORT_MONTHS[name])
    yield Quantity(*match.span(), (("month", month),), is_soft=match[1] is not None)


_VAGUE = {"dozens": 10, "scores": 10, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9}


@_rule(
    rf"\b(?:(tens|hundreds|dozens) of )?({'|'.join(_VAGUE)})\b|\btens\b(?! of)",
    re.I,
    hints=("tens", "dozens", "scores", "hundreds", "thousands", "millions", "billions"),
)
def _vague(match: re.Match[str]) -> _FOUND:
    size = _VAGUE.get((match[2] or "dozens").lower(), 10)
    if match[1]:
        size *= 10 if match[1].lower() in ("tens", "dozens") else 100
    yield Quantity(*match.span(), (("some", Fraction(size)),), is_soft=True)


@_rule(
    rf"\b(?:(?:several|few|couple of)[ -]|an? )(dozen|hundred|thousand|million|billion|trillion)\b"
    rf"(?:(?: and)?((?:[ -](?:{_ONE}|hundred|thousand)\b)+))?",
    re.I,
    hints=("dozen", "hundred", "thousand", "million", "billion"),
)
def _a_hundred(match: re.Match[str]) -> _FOUND:
    """A dozen; "several hundred" is vague."""
    value = Fraction(_LARGE[match[1].lower()])
    lead = match[0].split()[0].lower()
    if lead in ("several", "few", "couple"):
        yield Quantity(*match.span(), (("some", Fraction(10) if value == 12 else value),), is_soft=True)
    else:
        over: tuple[type_Key, ...] = (("over", Fraction(10)),) if value == 12 else ()
        yield quantity(*match.span(), number(match[0]) if match[2] else value, None, *over)


@_rule(
    r"\b(both|pair|pairs|couple|double[sd]?|doubling|twice|dual|twofold|bilateral(?:ly)?|(?<!ty-)second(?:ly|ary)?|fifty-fifty|50[-/]50|either|halv(?:es|ed|ing)|triple[sd]?|tripling|thrice"
    r"|tertiary|trios?|triplets?|quadruple[sd]?|single|once|another)\b"
)
def _other_words(match: re.Match[str]) -> _FOUND:
    word = match[1].lower()
    value = 2
    if word in ("single", "once", "another"):
        value = 1
    elif word.startswith(("tri", "thr", "ter")):
        value = 3
    elif word.startswith("quad"):
        value = 4
    yield quantity(
        *match.span(), Fraction(value), None, ("ratio", Fraction(1, value)), ("fold", Fraction(value)), soft=True
    )


_NUMBERED = (
    "stage",
    "grade",
    "class",
    "type",
    "phase",
    "level",
    "part",
    "volume",
    "factor",
    "nerve",
    "chapter",
    "degree",
)


@_rule(
    rf"\b{ROMAN}\b|(?i:\b(?:{'|'.join(_NUMBERED)})s? )({ROMAN_SIGN})\b",
    hints=("ii", "iv", "vi", "ix", "xi", "xv", "xx", *_NUMBERED),
)
def _roman(match: re.Match[str]) -> _FOUND:
    yield roman(match)


_RATE = rf"(?!(?i:{_PERIOD}|d|h|hr|min|s|sec|second)s?\b)"
# Between a number and what it counts: 15 or more days, two more weeks, five consecutive days.
_BETWEEN = (
    r"(?:[ ]or[ ](?:more|fewer|less|so))?(?:[ ](?:more|further|additional|extra|other|full|whole|long|short|consecutive"
    r"|straight|successive|working|business|calendar|entire|solid|happy|odd)(?=[ ])|-odd(?=[ ]))?"
)
_UNIT = rf"(?:{units.LATIN}(?:(?:\s?/\s?|\s+per\s+){_RATE}{units.LATIN}){{0,2}})"
_PLAIN = re.compile(
    rf"\b(?P<place>(?i:{_ORDINAL}))\b|(?<!\w)(?P<price>(?<=[$£€¥]))?(?:(?P<digits>{DIGITS})|\b(?P<words>(?i:{_WORDS}))\b){POWER}?"
    rf"(?P<half>[ -]and[ -]a[ -]half)?"
    rf"(?:[ -]?\b(?P<large>(?i:hundred|thousand|million|billion|trillion|dozen))\b|(?<=\d)[ ]?(?P<short>(?:bn"
    rf"|tn|trn|mn)"
    rf"|(?(price)(?:[mbkMBK])|(?!)))\b)?"
    rf"(?:(?P<ordinal>(?<=\d)(?:st|nd|rd|th)\b)|{_BETWEEN}[\s\xa0-]?(?P<unit>{_UNIT})(?P<and_half> and a half)?)?"
)
_LAST = re.compile(r"^(?:\w|-)+?[ -](?=(hundred|thousand|million|billion)$)", re.I)
_GROUPED = re.compile(r"[1-9]\d{0,2}\.000")
"""People and other things come in wholes: 42.000 of them are grouped as on the Continent."""
_TIGHT = re.compile(r"[\s\xa0]?(?:-|~|\bto\b)[\s\xa0]?")
_LOOSE = re.compile(r"[\s\xa0]?(?:×|x|,|/|&|\band\b|\bor\b)[\s\xa0]?")


def quantities(text: str) -> list[Quantity]:
    """In their order; offsets are those of the text, which is folded as `pairs.Text.folded` is."""
    found, text = _rule.read(text)
    found += _plain(text)
    return sorted(found, key=lambda one: one.start)


def _plain(text: str) -> _FOUND:
    numbers: list[Number] = []
    for match in _PLAIN.finditer(text):
        if match["place"]:
            place = Fraction(_PLACES[match["place"].lower()])
            yield quantity(*match.span(), place, None, ("day", place), soft=place <= 20)
            continue
        words, large_word = match["digits"] or match["words"], match["large"] or match["short"]
        if match["words"] and (last := _LAST.match(words)):
            words, large_word = last[0], last[1]  # four hundred, so that others can share the hundred
        value = number(words)
        large = Fraction(_LARGE[large_word.lower()]) if large_word else Fraction(1)
        half = Fraction(1, 2) if match["half"] or match["and_half"] else 0
        unit = units.unit(match["unit"]) if match["unit"] else None
        soft = match["words"] in ("one", "One", "two", "Two") and unit is None
        more: tuple[type_Key, ...] = ()
        if unit is None and value and match["digits"] and _GROUPED.fullmatch(match["digits"]):
            more = (("", value * 1000),)
        numbers.append(Number(match.span(), value * power(match) + half, large, unit, soft, more))
    yield from together(within(numbers, text), text, _TIGHT, _LOOSE)
