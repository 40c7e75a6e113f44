import pytest

from publishing import readinglevel
from publishing.readinglevel import ENOUGH_WORDS, grade, length, mean_sentence, sentences, uncommon_words

# Sentences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It hurts. Rest first! Then what? Call us.", ["It hurts.", "Rest first!", "Then what?", "Call us."]),
        ("Take 2.5 mg at 8 a.m. every day.", ["Take 2.5 mg at 8 a.m. every day."]),
        ("About 80% are helped. 20% are not.", ["About 80% are helped.", "20% are not."]),
        ("He said “stop.” She did.", ["He said “stop.”", "She did."]),
        ("It works (for most.) But ask.", ["It works (for most.)", "But ask."]),
        ("a first item\na second item\n\nAn end", ["a first item", "a second item", "An end"]),
        ("Wait... Then go.", ["Wait...", "Then go."]),
        ("  ", []),
        ("…\n—", []),
        ("", []),
    ],
)
def test_english_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先休息。再起来！疼吗？疼……就说。", ["先休息。", "再起来！", "疼吗？", "疼……", "就说。"]),
        ("他问：“疼吗？”我说不疼。", ["他问：“疼吗？”", "我说不疼。"]),
        ("一次 2.5 mg；不要加量，也不要停。", ["一次 2.5 mg；不要加量，也不要停。"]),
        ("第一项\n第二项\n", ["第一项", "第二项"]),
        ("。。。", []),
        ("", []),
    ],
)
def test_chinese_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text, "zh-hans") == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop.", 2),
        ("an X-ray, a long-term illness", 5),
        ("80–90% of it", 4),
        ("25 mg, 1,000 or 2.5", 5),
        ("— “ ” …", 0),
    ],
)
def test_english_is_as_long_as_it_has_words(text: str, words: int) -> None:
    assert length(text, "en") == words


@pytest.mark.parametrize(("text", "characters"), [("疼痛，是什么？", 5), ("每次 25 mg。", 6), ("，。", 0)])
def test_chinese_is_as_long_as_it_has_characters_without_punctuation(text: str, characters: int) -> None:
    assert length(text, "zh-hans") == characters


def test_the_mean_sentence() -> None:
    assert mean_sentence("一二三。一二三四。一二三四五六七八。", "zh-hans") == 5
    assert mean_sentence("One two. One two three. One.", "en") == 2


def test_two_sentences_have_no_mean_worth_the_name() -> None:
    assert mean_sentence("一二三。一二三四。", "zh-hans") is None
    assert mean_sentence("", "zh-hans") is None


# English --------------------------------------------------------------------------------------------------------------

PLAIN = "The cat sat on the mat. "
HARD = (
    "Postoperative administration necessitates multidisciplinary consideration of pharmacological contraindications. "
)


def test_the_grade_of_flesch_and_kincaid() -> None:
    # Four syllables in six words: the package counts none in "the".
    assert grade(PLAIN * 20) == pytest.approx(11.8 * 4 / 6 + 0.39 * 6 - 15.59)
    assert (grade(HARD * 20) or 0) > 20


def test_a_capital_changes_no_grade() -> None:
    assert grade("Anyone asks. " * 60) == grade("anyone asks\n" * 60)


def test_a_paragraph_ends_a_sentence_for_the_grade_too() -> None:
    assert grade("one two three four\n" * 30) == grade("One two three four. " * 30)


def test_a_short_text_has_no_grade() -> None:
    assert grade("pain " * ENOUGH_WORDS) is not None
    assert grade("pain " * (ENOUGH_WORDS - 1)) is None
    assert grade("") is None


# Chinese --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["的", "疼痛", "神经", "医生", "手术", "感冒", "糖尿病", "高血压", "注射"])
def test_common_words(word: str) -> None:
    assert uncommon_words(word * ENOUGH_WORDS) == (0, [])


@pytest.mark.parametrize("word", ["阻滞", "椎间盘", "静脉注射", "苯酚"])
def test_uncommon_words(word: str) -> None:
    assert uncommon_words("，".join([word] * ENOUGH_WORDS)) == (1, [word])


def test_the_share_of_uncommon_words_and_the_most_frequent_of_them_first() -> None:
    text = "，".join(["医生"] * 70 + ["阻滞"] * 10 + ["苯酚"] * 20)
    assert uncommon_words(text) == (0.3, ["苯酚", "阻滞"])


def test_latin_letters_figures_and_punctuation_are_no_words() -> None:
    assert uncommon_words("医生，" * 100 + "PCEA 25 mg。" * 100) == (0, [])


def test_a_short_text_has_no_share_of_uncommon_words() -> None:
    assert uncommon_words("，".join(["医生"] * (ENOUGH_WORDS - 1))) is None
    assert uncommon_words("") is None


def test_the_list_has_as_many_common_words_as_is_said() -> None:
    # At the edge: counted 260 times in jieba's dictionary, and 259.
    assert readinglevel.is_common("发烧") is False  # 249
    assert readinglevel.is_common("麻醉") is True  # 264


@pytest.mark.parametrize(("language", "expected"), [("zh-hans", True), ("zh-hant", True), ("en", False)])
def test_what_is_read_as_chinese(language: str, expected: bool) -> None:
    assert readinglevel.is_chinese(language) is expected
