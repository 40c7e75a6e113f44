from translations.checks.pairs import Pair, Text


def pair(chinese: str, english: str, *, source: str = "zh-hans", rich: bool = False) -> Pair:
    texts = {"zh-hans": Text(chinese, "zh-hans", rich), "en": Text(english, "en", rich)}
    return Pair(texts.pop(source), *texts.values())
