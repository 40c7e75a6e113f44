import pytest

from glossary.collation import initial, sort_key


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("神经阻滞", "S"),
        ("阻滞", "Z"),
        ("封闭", "F"),
        ("“封闭”疗法", "F"),
        ("PCEA 镇痛泵", "P"),
        ("绿", "L"),
        ("3D 打印", "#"),
        ("，。", "#"),
        ("", "#"),
    ],
)
def test_a_chinese_word_is_found_under_the_first_letter_of_its_pinyin(text: str, letter: str) -> None:
    assert initial(text, "zh-hans") == letter


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("nerve block", "N"),
        ("“Closure” therapy", "C"),
        ("Écran", "E"),
        ("5-HT", "#"),
        ("β-blocker", "#"),
        ("疼痛", "#"),
        ("", "#"),
    ],
)
def test_an_english_word_is_found_under_its_first_letter(text: str, letter: str) -> None:
    assert initial(text, "en") == letter


def test_a_given_reading_overrides_the_automatic_one_in_chinese_only() -> None:
    assert initial("重复", "zh-hans") == "C"
    assert initial("重复", "zh-hans", "zhòng fù") == "Z"
    assert initial("nerve block", "en", "zǔ zhì") == "N"


def in_order(words: list[str], language: str) -> list[str]:
    return sorted(words, key=lambda word: sort_key(word, language))


def test_chinese_words_stand_in_the_order_of_their_syllables() -> None:
    assert in_order(["阻滞", "疼痛", "封闭", "分布", "癌痛"], "zh-hans") == ["癌痛", "分布", "封闭", "疼痛", "阻滞"]


def test_tones_decide_between_equal_syllables() -> None:
    assert in_order(["骂", "马", "麻", "妈"], "zh-hans") == ["妈", "麻", "马", "骂"]


def test_latin_letters_stand_among_the_pinyin() -> None:
    assert in_order(["普鲁卡因", "PCEA", "硬膜外", "脓肿"], "zh-hans") == ["脓肿", "PCEA", "普鲁卡因", "硬膜外"]


def test_a_given_reading_sorts_like_an_automatic_one() -> None:
    assert sort_key("阻滞", "zh-hans", "zǔ zhì") == sort_key("阻滞", "zh-hans")


def test_english_words_stand_in_alphabetical_order_whatever_their_capitals_accents_and_quotation_marks() -> None:
    words = ["strain", "PCEA", "“pain”", "Écran", "nerve block", "nerve"]
    assert in_order(words, "en") == ["Écran", "nerve", "nerve block", "“pain”", "PCEA", "strain"]


def test_words_that_sound_alike_have_one_order() -> None:
    assert in_order(["事", "是"], "zh-hans") == in_order(["是", "事"], "zh-hans")
