"""Traditional Chinese as a reading variant: a simplified page in, the same page in traditional characters out. Pure.

Only the script changes, never the words: what was signed is what is read. So OpenCC's `s2tw`, characters and phrases
that decide between characters, and none of its lists of regional words: `s2twp` reads 恶性循环 as a loop in a program.
"""

import re
from functools import cache

from opencc import OpenCC

LANGUAGE, SIMPLIFIED = "zh-hant", "zh-hans"
CONFIGURATION = "s2tw"

# Where OpenCC takes the wrong character: above all 头发, hair, read into 头发麻, a head that goes numb.
PHRASES = {
    "松质": "鬆質",
    "头发麻": "頭發麻",
    "头发木": "頭發木",
    "头发晕": "頭發暈",
    "头发昏": "頭發昏",
    "头发胀": "頭發脹",
    "头发沉": "頭發沉",
    "头发紧": "頭發緊",
    "头发热": "頭發熱",
    "头发冷": "頭發冷",
    "干针": "乾針",
    "发干": "發乾",
    "干细胞": "幹細胞",
    "神经干": "神經幹",
    "粘膜": "黏膜",
    "谷氨酸": "谷氨酸",
    "谷丙转氨酶": "谷丙轉氨酶",
    "谷草转氨酶": "谷草轉氨酶",
    "曲安奈德": "曲安奈德",
    "钟": "鐘",
    "家具": "家具",
}
# Of two forms in use the one that readers in Taiwan, Hong Kong and Macau all write.
FORMS = str.maketrans("溼臺檯菸", "濕台台煙")

_PHRASE = re.compile(f"({'|'.join(sorted(PHRASES, key=len, reverse=True))})")
_CHINESE = re.compile("[\u3400-\u9fff]")
# A comment, an element whose text is no reader's, or a tag.
_MARKUP = re.compile(
    r"<!--.*?-->|<(script|style|code|textarea)\b.*?</\1\s*>|<[/!]?[a-zA-Z](?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_ATTRIBUTE = re.compile(r"(\s)([\w:-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_READ = {"title", "alt", "placeholder", "label", "summary", "content"}
_ADDRESSES = {"href", "action", "formaction"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@cache
def _converter() -> OpenCC:
    return OpenCC(CONFIGURATION)


def text(simplified: str) -> str:
    if not _CHINESE.search(simplified):
        return simplified
    parts = _PHRASE.split(simplified)
    parts[1::2] = [PHRASES[phrase] for phrase in parts[1::2]]
    parts[::2] = [_converter().convert(part).translate(FORMS) for part in parts[::2]]
    return "".join(parts)


def page(html: str) -> str:
    """The page with its texts, and the attributes that are read, converted, and its links leading to converted pages.

    All else stays to the letter. So does what says that it is in another language, and a page that is: a second time
    nothing changes.
    """
    done: list[str] = []
    position = 0
    foreign, depth = "", 0
    for markup in _MARKUP.finditer(html):
        between = html[position : markup.start()]
        done.append(between if foreign else text(between))
        position = markup.end()
        tag = markup[0]
        name = _TAG.match(tag)
        if markup[1] or not name:
            done.append(tag)
            continue
        closes, element = bool(name[1]), name[2].lower()
        if foreign:
            depth += (element == foreign) * (-1 if closes else 1)
            foreign = foreign if depth else ""
        elif closes:
            pass
        elif element == "html":
            if ' lang="zh-Hans"' not in tag:
                return html
            tag = tag.replace(' lang="zh-Hans"', ' lang="zh-Hant"')
        elif ' lang="' in tag and element not in _VOID:
            foreign, depth = element, 1
        else:
            tag = _converted(tag, element)
        done.append(tag)
    rest = html[position:]
    return "".join([*done, rest if foreign else text(rest)])


def _converted(tag: str, element: str) -> str:
    if tag.isascii() and f"/{SIMPLIFIED}" not in tag:
        return tag
    leads_elsewhere = element == "link" or " hreflang=" in tag

    def attribute(match: re.Match[str]) -> str:
        blank, name, equals, value = match.groups()
        quote, content = value[0], value[1:-1]
        if name in _READ or name.startswith(("aria-", "data-")):
            content = text(content)
        elif name in _ADDRESSES and not leads_elsewhere:
            content = address(content)
        elif name == "value" and element == "input":
            content = address(content) if 'type="hidden"' in tag else _button(tag, content)
        return f"{blank}{name}{equals}{quote}{content}{quote}"

    return _ATTRIBUTE.sub(attribute, tag)


def _button(tag: str, label: str) -> str:
    """What stands on a button is read; what stands in a field is somebody's own words."""
    return text(label) if 'type="submit"' in tag or 'type="button"' in tag else label


def address(simplified: str) -> str:
    """Of a page in simplified characters, a path: that of the same page in traditional ones."""
    return re.sub(f"^/{SIMPLIFIED}(?=[/?#]|$)", f"/{LANGUAGE}", simplified)


def simplified_address(traditional: str) -> str:
    return re.sub(f"^/{LANGUAGE}(?=[/?#]|$)", f"/{SIMPLIFIED}", traditional)
