import threading

import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from glossary import matching
from glossary.matching import BREAK, Entry, Match, Matcher


def found(language: str, names: list[str] | Entry, text: str) -> list[str]:
    """The mentions, as the text has them."""
    entries = [names] if isinstance(names, Entry) else [Entry(name, [name]) for name in names]
    return [text[match.start : match.end] for match in Matcher(entries, language).find(text)]


# Both languages -------------------------------------------------------------------------------------------------------


def test_a_match_says_where_which_term_and_by_which_name() -> None:
    matcher = Matcher([Entry(7, ["神经阻滞", "神经封锁"])], "zh-hans")
    assert matcher.find("做神经封锁。") == [Match(1, 5, 7, "神经封锁")]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_without_names_or_without_text_nothing_is_found(language: str) -> None:
    assert Matcher([], language).find("疼痛 pain") == []
    assert Matcher([Entry(1, ["pain", "疼痛"])], language).find("") == []
    assert Matcher([Entry(1, ["", " ", "±"])], language).find("a b ± 疼") in ([], [Match(4, 5, 1, "±")])


def test_of_two_terms_with_one_name_the_first_is_found() -> None:
    assert [match.term for match in Matcher([Entry(2, ["block"]), Entry(1, ["block"])], "en").find("A block")] == [2]


def test_of_two_terms_with_one_name_the_context_decides() -> None:
    matcher = Matcher([Entry("needle", ["封闭"], allowed=["注射"]), Entry("closed", ["封闭"])], "zh-hans")
    assert [match.term for match in matcher.find("注射封闭。空间封闭。")] == ["needle", "closed"]


@pytest.mark.parametrize(
    ("language", "names", "text", "expected"),
    [
        ("zh-hans", ["颈椎", "颈椎病"], "颈椎病与颈椎", ["颈椎病", "颈椎"]),
        ("zh-hans", ["神经", "神经阻滞", "阻滞麻醉"], "神经阻滞麻醉", ["神经阻滞"]),
        ("en", ["nerve", "nerve block", "block needle"], "a nerve block needle", ["nerve block"]),
        ("en", ["pain", "block"], "pain block pain", ["pain", "block", "pain"]),
    ],
)
def test_the_leftmost_and_of_those_the_longest_wins(
    language: str, names: list[str], text: str, expected: list[str]
) -> None:
    assert found(language, names, text) == expected


def test_where_the_longest_does_not_hold_up_a_shorter_one_is_found() -> None:
    assert found("en", ["nerve", "nerve block"], "the nerve, block it") == ["nerve"]
    assert found("en", ["nerve", "nerve block"], "nerve block-like") == ["nerve"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@given(text=st.text() | st.text(alphabet="aＡ頸椎病ﬁ㎎½…\u00ad\u0301\ufffc\ud800 .-'\n痛İPCEA"), data=st.data())
def test_mentions_are_in_order_within_the_text_and_do_not_overlap(
    language: str, text: str, data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.text(min_size=1, max_size=4) | st.sampled_from([text[i : i + 3] for i in range(9)])))
    end = 0
    for match in Matcher([Entry(name, [name]) for name in names], language).find(text):
        assert end <= match.start < match.end <= len(text)
        assert match.name in names
        end = match.end


# English --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("nerve block", "Nerve block, then rest.", ["Nerve block"]),
        ("Nerve block", "After a nerve block.", ["nerve block"]),
        ("nerve block", "NERVE BLOCK", ["NERVE BLOCK"]),
        ("nerve block", "nerve\n  block and nerve\u00a0block", ["nerve\n  block", "nerve\u00a0block"]),
        ("nerve block", "a nerve-block needle", ["nerve-block"]),
        ("X-ray", "an X ray and X‑rays, no x-ray", ["X ray", "X‑rays"]),
        ("nerve block", "the nerve. Block it", []),
        ("nerve block", "the nerve\n\nBlock it", []),
        ("nerve block", f"the nerve{BREAK}block", []),
        ("nerve", "unnerved, nerve5 and nerve_x", []),
        ("pain", "pain-free, post-pain, (pain)", ["pain"]),
        ("pain", "a pain's end, pain’s, don't pain't", ["pain", "pain"]),
        ("epidural", "non-epidural", []),
        ("Parkinson's disease", "Parkinson’s disease and Parkinsons disease", ["Parkinson’s disease"]),
        (
            "Sjögren syndrome",
            "Sjogren syndrome and Sjo\u0308gren syndrome",
            ["Sjogren syndrome", "Sjo\u0308gren syndrome"],
        ),
        ("nerve", "做nerve镇痛", ["nerve"]),
        ("fibrosis", "ﬁbrosis", ["ﬁbrosis"]),
        ("injection", "in\u00adjec\u00adtion", ["in\u00adjec\u00adtion"]),
        ("St. John's wort", "Take St. John's wort daily", ["St. John's wort"]),
    ],
)
def test_english_names_are_whole_words(name: str, text: str, expected: list[str]) -> None:
    assert found("en", [name], text) == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("injection", "injections"),
        ("biopsy", "biopsies"),
        ("bruise", "bruised bruising bruises"),
        ("stop", "stopped stopping stops"),
        ("painkillers", "painkiller"),
        ("abscess", "abscesses"),
        ("virus", "viruses"),
        ("diagnosis", "diagnoses"),
        ("vertebra", "vertebrae vertebras"),
        ("bacterium", "bacteria"),
        ("nucleus", "nuclei"),
    ],
)
def test_plurals_and_simple_inflections_are_found(name: str, words: str) -> None:
    assert found("en", [name], words) == words.split()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("injection", "inject injected injecting injector"),
        ("organ", "organization organic"),
        ("operation", "operating operate operator operative"),
        ("pain", "painful painless pains-taking"),
        ("numb", "number numbers"),
        ("dose", "dos"),
        ("general", "generate"),
        ("axis", "axe"),
    ],
)
def test_other_words_of_the_same_root_are_not(name: str, words: str) -> None:
    assert found("en", [name], words) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PCEA helps", ["PCEA"]),
        ("two PCEAs", ["PCEAs"]),
        ("pcea, Pcea, PcEa, SPCEA, PCEA2", []),
        ("ＰＣＥＡ", ["ＰＣＥＡ"]),
        ("the PCEA's pump", ["PCEA"]),
    ],
)
def test_an_abbreviation_is_written_as_it_is(text: str, expected: list[str]) -> None:
    assert found("en", Entry(1, ["patient-controlled epidural analgesia"], ["PCEA"]), text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("COX-2 inhibitor", "Cox-2 inhibitors, COX-2 inhibitors", ["COX-2 inhibitors"]),
        ("mRNA", "MRNA mrna mRNA", ["mRNA"]),
        ("vitamin C", "Vitamin C, vitamin c", ["Vitamin C"]),
        ("cast", "CAST and Cast", ["Cast"]),
    ],
)
def test_capitals_within_a_name_count(name: str, text: str, expected: list[str]) -> None:
    assert found("en", [name], text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The nerve gets a block.", 1),
        ("Injections, such as a block, help.", 1),
        ("A block of flats near the nerve.", 0),
        ("A roadblock near the nerve, a road block near the nerve.", 0),
        ("The nerve hurts. Turn the block.", 0),
        ("The block was open.", 0),
        ("A block at school for the nerve.", 0),
    ],
)
def test_english_contexts_are_words(text: str, expected: int) -> None:
    entry = Entry(1, ["block"], allowed=["nerve", "injection"], denied=["block of flats", "road block", "school"])
    assert len(found("en", entry, text)) == expected


# Chinese --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("神经阻滞", "通过“神经阻滞技术”来镇痛", 1),
        ("神经阻滞", "神经阻滞术后", 1),
        ("生病", "如果没有发生病变", 0),
        ("气管", "累及支气管、细支气管", 0),
        ("颈椎", "可能出现颈椎间盘退变", 0),
        ("流行病", "流行病学和病毒学", 0),
        ("呕吐", "使用含氯制剂对患者呕吐物", 0),
        ("中心", "中国疾控中心", 0),
        ("食指", "饮食指南", 0),
        ("人参", "数百人参与送水", 0),
        ("中毒", "食盐造成的食物中毒", 1),
        ("疱疹", "单纯疱疹病毒", 1),
        ("大脑", "损伤大脑细胞", 1),
        ("急性病", "急性病毒性肝炎", 0),
        ("第一", "北京大学第一医院", 0),
        ("呼吸道感染", "容易遭到上呼吸道感染。", 1),
        ("交感神经", "副交感神经", 0),
        ("电离辐射", "非电离辐射", 0),
        ("筋膜", "足底筋膜炎", 0),
        ("人体", "水在人体内", 1),
        ("骨质疏松", "骨质疏松症", 1),
        ("抑郁", "抑郁症", 0),
    ],
)
def test_a_chinese_name_is_not_part_of_another_word(name: str, text: str, expected: int) -> None:
    assert found("zh-hans", [name], text) == [name] * expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("颈椎病", "頸椎病很常見", ["頸椎病"]),
        ("頸椎病", "颈椎病很常见", ["颈椎病"]),
        ("神经阻滞", "神經阻滯", ["神經阻滯"]),
        ("CT引导", "在ＣＴ引导下，Ct 引导", ["ＣＴ引导", "Ct 引导"]),
        ("PCEA", "用pcea镇痛，ＰＣＥＡ泵", ["pcea", "ＰＣＥＡ"]),
        ("CT", "ECT、CTA、CT2、做CT。", ["CT"]),
        ("5mg", "5㎎，15㎎", ["5㎎"]),
        ("5m", "5㎎", []),
        ("神经阻滞", "神经\u200b阻滞\u200b", ["神经\u200b阻滞"]),
        ("疼痛", "㎎…½ 疼痛", ["疼痛"]),
        ("疼痛", "疼\n痛", []),
        ("疼痛", f"疼{BREAK}痛", []),
        ("疼痛", "\ud800疼痛", ["疼痛"]),
    ],
)
def test_script_width_and_case_fold_and_offsets_stay_the_texts(name: str, text: str, expected: list[str]) -> None:
    assert found("zh-hans", [name], text) == expected


CLOSURE = Entry(1, ["封闭"], allowed=["针", "疗法", "注射", "打"], denied=["封闭式", "封闭空间", "激光封闭"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("腰痛去打封闭", 1),
        ("医生给我注射了封闭", 1),
        ("打封闭针", 1),
        ("局部封闭疗法", 1),
        ("封閉療法", 1),
        ("小区封闭管理", 0),
        ("封闭空间里注射", 0),
        ("打针要在封闭式病房", 0),
        ("激光封闭注射", 0),
        ("打开封闭的门", 0),
        ("针对封闭的学校", 0),
        ("他去注射。学校封闭了", 0),
        ("注射后很久，过了许多个月，才听说那学校封闭", 0),
    ],
)
def test_a_term_needs_its_allowed_contexts_and_flees_the_denied(text: str, expected: int) -> None:
    assert len(found("zh-hans", CLOSURE, text)) == expected


def test_a_denied_context_without_the_name_counts_nearby() -> None:
    entry = Entry(1, ["激素"], denied=["草莓", "植物激素"])
    assert found("zh-hans", entry, "草莓用激素。植物激素。医生用激素。") == ["激素"]


def test_an_allowed_context_settles_the_edge_that_it_touches() -> None:
    assert found("zh-hans", ["呕吐"], "患者呕吐物") == []
    assert found("zh-hans", Entry(1, ["呕吐"], allowed=["物"]), "患者呕吐物") == ["呕吐"]
    assert found("zh-hans", Entry(1, ["吐物"], allowed=["呕"]), "患者呕吐物") == ["吐物"]


def test_words_that_others_add_to_jieba_move_nothing() -> None:
    """And ours are not added to theirs."""
    assert found("zh-hans", ["疼痛治疗"], "做疼痛治疗吧") == ["疼痛治疗"]
    assert not rjieba.has_word("疼痛治疗")
    assert matching.dictionary() is not rjieba._DEFAULT_JIEBA
    assert not matching.dictionary().has_word("疼痛治疗")


@given(st.text() | st.text(alphabet="我的腰痛 ab1，。\x00\n\t\U00020000㐀々あ"))
def test_jieba_leaves_every_character_in_its_place(text: str) -> None:
    reading = matching.Chinese(text)
    assert reading.edges[-1] == len(reading.stream)


def test_threads_can_share_a_matcher() -> None:
    matcher = Matcher([Entry(1, ["injection", "biopsy"])], "en")
    wrong: list[list[Match]] = []

    def search() -> None:
        for number in range(200):
            matching.stem.cache_clear()
            if len(matches := matcher.find(f"injections {number} biopsies")) != 2:
                wrong.append(matches)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
