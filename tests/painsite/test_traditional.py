import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from painsite import traditional

# As a reader in Taiwan, Hong Kong or Macau spells them.
WORDS = """
神经阻滞 神經阻滯|封闭疗法 封閉療法|打封闭针 打封閉針|注射后 注射後|硬膜外腔 硬膜外腔|椎管 椎管|星状神经节 星狀神經節
神经干 神經幹|神经根 神經根|神经丛 神經叢|三叉神经痛 三叉神經痛|带状疱疹 帶狀皰疹|干细胞 幹細胞|骨干 骨幹
脑干 腦幹|躯干 軀幹|皮肤发干 皮膚發乾|口干 口乾|大便干燥 大便乾燥|干咳 乾咳|干扰 干擾
干预 干預|干针 乾針|松质骨 鬆質骨|骨质疏松 骨質疏鬆|肌肉放松 肌肉放鬆|松弛 鬆弛|头发 頭髮
脱发 脫髮|头发麻 頭發麻|头发晕 頭發暈|手脚发麻 手腳發麻|发炎 發炎|发热 發熱|发作 發作
复诊 複診|复查 複查|复发 復發|反复发作 反覆發作|康复 康復|恢复 恢復|复位 復位
复方 複方|并发症 併發症|合并 合併|并且 並且|颈椎病 頸椎病|腰椎间盘突出 腰椎間盤突出|类风湿关节炎 類風濕關節炎
强直性脊柱炎 強直性脊柱炎|面神经 面神經|面部 面部|面肌痉挛 面肌痙攣|胃里 胃裡|里面 裡面|公里 公里
皇后 皇后|术后恶心 術後噁心|呕吐 嘔吐|便秘 便秘|糖皮质激素 糖皮質激素|普鲁卡因 普魯卡因|曲安奈德 曲安奈德
谷氨酸 谷氨酸|血管 血管|心脏 心臟|肝脏 肝臟|内脏 內臟|肾上腺 腎上腺|综合征 綜合徵
体征 體徵|症状 症狀|适应证 適應證|一周 一週|周围神经 周圍神經|肩周炎 肩周炎|冲击波 衝擊波
冲洗 沖洗|几天 幾天|只有 只有|两只脚 兩隻腳|手术台 手術台|台阶 台階|吸烟 吸煙
扎针 扎針|包扎 包紮|吞咽 吞嚥|愈合 癒合|粘膜 黏膜|痛风 痛風|恶性循环 惡性循環
局部麻醉药 局部麻醉藥|白细胞 白細胞|对乙酰氨基酚 對乙酰氨基酚|阿司匹林 阿司匹林|三阶梯 三階梯|镇痛泵 鎮痛泵|癌痛 癌痛
抑郁 抑鬱|10分钟 10分鐘|游离 游離
""".replace("\n", "|")
PAIRS = [pair.split() for pair in WORDS.split("|") if pair]


def test_there_are_enough_words_to_trust() -> None:
    assert len(PAIRS) >= 100


@pytest.mark.parametrize(("simplified", "expected"), PAIRS)
def test_a_medical_word_is_spelled_as_its_readers_spell_it(simplified: str, expected: str) -> None:
    assert traditional.text(simplified) == expected


@pytest.mark.parametrize(("simplified", "expected"), PAIRS)
def test_a_word_keeps_its_length_so_that_no_word_is_another(simplified: str, expected: str) -> None:
    assert len(traditional.text(f"因{simplified}而来")) == len(simplified) + 3


def document(body: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="zh-Hans" data-text="normal">\n<body>{body}</body>\n</html>'


def converted(body: str) -> str:
    page = traditional.page(document(body))
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh-Hant" data-text="normal">\n<body>')
    return page.partition("<body>")[2].removesuffix("</body>\n</html>")


@pytest.mark.parametrize(
    ("simplified", "expected"),
    [
        ("<p>神经 &amp; 药&#x27;</p>", "<p>神經 &amp; 藥&#x27;</p>"),
        ('<img alt="神经" src="/static/神经.png">', '<img alt="神經" src="/static/神经.png">'),
        ("<p title='说明' id='说明' class=\"说明\">", "<p title='說明' id='说明' class=\"说明\">"),
        ('<td data-label="区别">', '<td data-label="區別">'),
        ('<nav aria-label="语言">', '<nav aria-label="語言">'),
        ('<meta name="description" content="镇痛">', '<meta name="description" content="鎮痛">'),
        ('<input value="镇痛" name="q" placeholder="镇痛">', '<input value="镇痛" name="q" placeholder="鎮痛">'),
        ('<input type="submit" value="镇痛">', '<input type="submit" value="鎮痛">'),
        ('<input type="hidden" value="/zh-hans/a/">', '<input type="hidden" value="/zh-hant/a/">'),
        ('<a href="/zh-hans/articles/?page=2#x">', '<a href="/zh-hant/articles/?page=2#x">'),
        ('<a href="/zh-hans">', '<a href="/zh-hant">'),
        ('<a href="/zh-hansen/">', '<a href="/zh-hansen/">'),
        ('<a href="https://a.example/zh-hans/">', '<a href="https://a.example/zh-hans/">'),
        ('<form action="/zh-hans/feedback/1/">', '<form action="/zh-hant/feedback/1/">'),
        ('<a href="/zh-hans/" hreflang="zh-Hans">简体</a>', '<a href="/zh-hans/" hreflang="zh-Hans">簡體</a>'),
        ('<link rel="canonical" href="/zh-hans/">', '<link rel="canonical" href="/zh-hans/">'),
        ("<script>说('明')</script>说明", "<script>说('明')</script>說明"),
        ("<style>/* 说明 */</style><code>说明</code>说明", "<style>/* 说明 */</style><code>说明</code>說明"),
        ("<textarea>说明</textarea>", "<textarea>说明</textarea>"),
        ("<!-- 说明 --><br/>说明", "<!-- 说明 --><br/>說明"),
        ('<i lang="ja">医薬<i>医</i>学</i>医学', '<i lang="ja">医薬<i>医</i>学</i>醫學'),
        ('<a lang="zh-Hans" title="简体">简体</a>简体', '<a lang="zh-Hans" title="简体">简体</a>簡體'),
        ('<a title="a > 说明">说明</a>', '<a title="a > 說明">說明</a>'),
        ("1 < 2 说明 > 0", "1 < 2 說明 > 0"),
        ("<", "<"),
    ],
)
def test_what_is_read_is_converted_and_nothing_else(simplified: str, expected: str) -> None:
    assert converted(simplified) == expected


def test_a_page_in_another_language_stays_as_it_is() -> None:
    page = document("神经").replace("zh-Hans", "en")
    assert traditional.page(page) == page


TEXTS = st.text(st.sampled_from("神经阻滞头发麻后面里松质骨 &amp;台干abc,。\n"), max_size=12)
NAMES = st.sampled_from(["p", "div", "b", "i", "section"])
ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["title", "id", "class", "lang", "href", "data-label", "hreflang"]), TEXTS), max_size=3
)


def element(name: str, attributes: list[tuple[str, str]], children: list[str]) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes)
    return f"<{name}{written}>{''.join(children)}</{name}>"


TREES = st.recursive(
    TEXTS, lambda inner: st.builds(element, NAMES, ATTRIBUTES, st.lists(inner, max_size=4)), max_leaves=12
)
CHINESE = re.compile("[\u3400-\u9fff]")


@given(TREES)
def test_the_markup_and_every_letter_that_is_not_chinese_stay(body: str) -> None:
    page = traditional.page(document(body))
    assert CHINESE.sub("字", page).replace("zh-Hant", "zh-Hans") == CHINESE.sub("字", document(body))


@given(TREES)
def test_a_second_time_nothing_changes(body: str) -> None:
    page = traditional.page(document(body))
    assert traditional.page(page) == page


@given(st.text(st.sampled_from("<>\"'=/! ap神经-scriptlang"), max_size=60))
def test_broken_markup_loses_nothing(body: str) -> None:
    page = document(body)
    assert CHINESE.sub("字", traditional.page(page)).replace("zh-Hant", "zh-Hans") == CHINESE.sub("字", page)


@given(st.text(max_size=40))
def test_addresses_go_there_and_back(rest: str) -> None:
    address = f"/zh-hans/{rest}"
    assert traditional.simplified_address(traditional.address(address)) == address
