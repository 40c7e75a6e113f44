"""Entries for the tests of the exchange: one of everything, and any that hypothesis can think of."""

from typing import Any

from hypothesis import strategies as st

from glossary.entries import ContextWord, Entry, OtherName
from glossary.models import Category

# What breaks formats: markup, formulas, escapes of XML and of Excel, our own words, control and invisible characters.
HOSTILE = [
    "&", "<", ">", "]]>", "<!--", "&amp;", "&#1;", "<!DOCTYPE x>", "'", '"', "=1+1", "+1", "-1", "@SUM(A1)", "#N/A",
    "1e5", "007", "TRUE", "_x0041_", "_x005F_", "_x000D_", "status: forbidden", "usage: question", "note: ", "nearby: ",
    "\t", "\n", "\r\n", "\x00", "\x0b", "\x1f", "\x85", "\u200b", "\u2028", "\u202e", "\u3000", "\ufeff", "\ufffe",
    "\U0001f600", "封闭针", "é",
]  # fmt: skip
hostile_text: st.SearchStrategy[str] = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(max_size=3)), max_size=4
).map("".join)
rich_text = st.one_of(st.just(""), hostile_text, hostile_text.map("<p>{}</p>\n<p><strong>x</strong></p>".format))
slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)


def named(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """With something in it that can be seen, and short enough for every field."""
    return text.map(lambda value: f"x{value}"[:25])


names = st.builds(
    OtherName,
    st.sampled_from(["zh-hans", "en"]),
    named(hostile_text),
    st.sampled_from(["admitted", "deprecated", "forbidden"]),
    st.sampled_from(["everywhere", "question"]),
    hostile_text,
)
contexts = st.builds(
    ContextWord, st.sampled_from(["zh-hans", "en"]), st.sampled_from(["nearby", "within"]), named(hostile_text)
)


@st.composite
def entry(draw: Any, slug: str) -> Entry:
    source = draw(st.sampled_from(["zh-hans", "en"]))
    fields = {
        "source_language": source,
        "category": draw(st.sampled_from(Category.values)),
        "abbreviation": draw(hostile_text),
        "pinyin": draw(hostile_text),
        **{f"{name}_{code}": draw(hostile_text) for name in ("name", "definition") for code in ("zh_hans", "en")},
        **{f"explanation_{code}": draw(rich_text) for code in ("zh_hans", "en")},
    }
    fields[f"name_{source.replace('-', '_')}"] = f"own {draw(hostile_text)}"[:100]
    own_names = draw(st.lists(names, max_size=3, unique_by=lambda name: (name.language, name.text)))
    own_contexts = draw(st.lists(contexts, max_size=3, unique_by=lambda context: (context.language, context.text)))
    return Entry(slug, fields, own_names, own_contexts)


@st.composite
def glossaries(draw: Any, min_size: int = 1) -> list[Entry]:
    """Entries that could be drafts, by address; they point at each other."""
    addresses = sorted(draw(st.sets(slugs, min_size=min_size, max_size=3)))
    found = [draw(entry(slug)) for slug in addresses]
    for one in found:
        one.see_also = sorted(draw(st.sets(st.sampled_from(addresses))))
    return found


def closure() -> Entry:
    """One of everything that a term can hold."""
    return Entry(
        "closure-therapy",
        {
            "source_language": "zh-hans",
            "category": "procedure",
            "abbreviation": "CT",
            "pinyin": "fēngbì liáofǎ",
            "name_zh_hans": "封闭疗法",
            "name_en": "closure therapy",
            "definition_zh_hans": "把局麻药注射到疼痛的部位。",
            "definition_en": "An injection at the painful spot.",
            "explanation_zh_hans": "<p>又称<strong>奴夫卡因</strong>封闭疗法。</p>",
            "explanation_en": "<p>It began in the Soviet Union.</p>",
        },
        [
            OtherName("zh-hans", "打封闭针", "admitted", "question", "患者的说法。"),
            OtherName("en", "closure injection"),
            OtherName("en", "blocking therapy", "deprecated"),
            OtherName("en", "closed needle", "forbidden", "everywhere", "Say “closure injection”."),
        ],
        [ContextWord("zh-hans", "nearby", "针"), ContextWord("zh-hans", "within", "封闭式")],
        ["nerve-block"],
    )


def nerve_block() -> Entry:
    """As little as a draft can hold, and English first."""
    return Entry("nerve-block", {"source_language": "en", "category": "procedure", "name_en": "nerve block"})
