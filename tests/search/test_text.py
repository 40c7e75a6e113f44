import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import text
from search.text import Text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("神經阻滯", "神经阻滞"),
        ("ＰＣＥＡ", "pcea"),
        ("Sjögren", "sjogren"),
        ("cafe\u0301", "café"),
        ("㎎", "mg"),
        ("止\u200b痛", "止痛"),
    ],
)
def test_what_is_written_in_two_ways_is_folded_to_one(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


def test_chinese_is_words_and_pairs_of_characters() -> None:
    assert text.tokens("神经阻滞") == ["神经", "阻滞", "_神经", "_经阻", "_阻滞"]


def test_a_long_word_has_the_shorter_ones_in_it() -> None:
    assert {"腰椎", "椎间盘"} <= set(text.tokens("腰椎间盘突出"))


def test_english_is_stems() -> None:
    assert text.tokens("Nerve blocks, injections") == ["nerv", "block", "inject"]


def test_both_languages_stand_side_by_side() -> None:
    assert text.tokens("用PCEA镇痛") == ["用", "pcea", "镇痛", "_镇痛"]


def test_single_characters_are_found_in_short_texts() -> None:
    assert "痛" in text.tokens("疼痛", singles=True)
    assert "痛" not in text.tokens("疼痛")
    assert text.query("痛") == ["痛"]


def test_what_counts_depends_on_where_it_stands() -> None:
    counted = text.counts(text.columns(Text(title="pain", message="pain", headings="pain", body="pain pain")))
    assert counted == {"pain": 8.0 + 3.0 + 2.0 + 2.0}


@pytest.mark.parametrize(("typed", "sound"), [("shenjing zuzhi", "~shenjingzuzhi"), ("sjzz", "~sjzz")])
def test_a_name_is_found_by_its_pinyin(typed: str, sound: str) -> None:
    assert sound in text.query(typed)
    assert sound in text.sounds("神经阻滞")


def test_a_name_is_found_by_the_pinyin_of_a_word_in_it() -> None:
    assert text.sounds("神经阻滞") == ["~shenjingzuzhi", "~sjzz", "~shenjing", "~zuzhi"]


def test_initials_of_fewer_than_four_letters_are_too_many_things() -> None:
    assert text.sounds("癌痛") == ["~aitong"]


def test_a_reading_that_an_editor_gave_goes_before_the_dictionarys() -> None:
    assert text.sound("绿色", "lǜ sè") == ("lvse", "ls")
    assert text.sound("PCEA 镇痛") == ("pceazhentong", "pzt")
    assert text.sound("pain") == ("", "")


def test_question_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert [token for token in text.query("What is the pain?") if token[0] != "~"] == ["pain"]
    assert "what" in text.query("What is it?")


def test_so_are_chinese_ones_wherever_they_stand() -> None:
    assert text.query("打封闭会不会上瘾吗") == [*text.tokens("打封闭\n上瘾"), "~dafengbihuibuhuishangyinma"]
    assert text.query("为什么") != []
    assert not [token for token in text.query("按多了") if "了" in token]
    assert "_好了" in text.query("好了")


@pytest.mark.parametrize(
    ("question", "name", "is_in_it"),
    [
        ("坐骨神经痛怎么办", "神经痛", True),
        ("坐骨神经痛", "神经阻滞", False),
        ("blocking nerves", "Nerve block", True),
        ("nerve pain", "Nerve block", False),
        ("痛", "痛", False),
    ],
)
def test_a_name_stands_in_a_question(question: str, name: str, is_in_it: bool) -> None:
    assert text.holds(text.query(question), name) is is_in_it


def test_an_ache_is_a_pain() -> None:
    assert set(text.tokens("腰疼")) == set(text.tokens("腰痛"))
    assert text.key("头疼") == text.key("头痛")
    assert "~" not in text.query("120")


@pytest.mark.parametrize("question", ["什么是封闭？", "封闭是什么意思", "请问封闭是什么", "封闭"])
def test_a_question_for_a_meaning_asks_for_the_word(question: str) -> None:
    assert text.without_asking(question) == "封闭"


@pytest.mark.parametrize("question", ["What is a nerve block?", "what's nerve block", "Meaning of nerve block"])
def test_so_does_one_in_english(question: str) -> None:
    assert text.key(text.without_asking(question)) == text.key("nerve blocks")


@pytest.mark.parametrize("question", ['"', "*", "NEAR", "a AND", "(", "\x00", "\ud800", "😀", "^a:", "''", "\\", "-"])
def test_whatever_is_typed_becomes_tokens_that_mean_nothing_to_a_database(question: str) -> None:
    for token in text.query(question):
        assert token.removeprefix("~").removeprefix("_").isalnum()


def test_a_query_of_ten_thousand_characters_has_few_tokens() -> None:
    assert len(text.query("封闭针打多了骨头会变脆" * 1000)) <= text.MANY
    assert len(text.query("a" * 10_000)) <= text.MANY


@given(st.text())
def test_any_text_is_folded_once_and_for_all(written: str) -> None:
    assert text.runs(" ".join(text.runs(written))) == text.runs(written)


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_has_tokens_without_spaces_and_quotes(written: str) -> None:
    for token in [*text.tokens(written), *text.sounds(written), *text.query(written)]:
        assert token
        assert not set(token) & set(" \t\n'\"\\^")
