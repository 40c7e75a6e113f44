from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, Topic
from glossary.models import Comparison, Term
from publishing import richtext, seeding
from publishing.models import Document
from tests.factories import ComparisonFactory, MisconceptionFactory, TermFactory, TopicFactory, publish

ARTICLE = """\
kind: understanding
title:
  zh-hans: 疼痛是什么
  en: What is pain?
summary:
  zh-hans: 疼痛是警报。
  en: Pain is an alarm.
body:
  zh-hans: |
    ## 定义

    疼痛是一种**不愉快**的感觉。

    - 急性
    - 慢性

    | 分类 | 举例 |
    | --- | --- |
    | 急性 | 扭伤 |
  en: |
    ## Definition

    Pain is an **unpleasant** feeling.

    ### More

    1. Read [this](https://example.org/).

    > A quotation.
topics: [pain]
misconceptions:
  - second-fact
  - first-fact
warnings:
  - level: urgent
    heading:
      zh-hans: 当天就诊
      en: See a doctor today
    text:
      zh-hans: 发热时。
      en: With a fever.
  - level: caution
    heading: {zh-hans: 注意, en: Mind}
    text: {zh-hans: 慢一点。, en: Slowly.}
references:
  - citation:
      zh-hans: 《疼痛是什么》
      en: “What is pain?”
    claim:
      zh-hans: 定义
      en: The definition
    url: https://example.org/
    year: 2014
"""


def written(folder: Path, text: str = ARTICLE, name: str = "what-is-pain.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def loaded(model: type[Document], folder: Path) -> Any:
    [seed] = seeding.read(model, folder)
    seeding.refuse_unknown_slugs([seed])
    document = seeding.save(seed)
    seeding.link(seed, document)
    return document


def error_of(folder: Path, model: type[Document] = Article) -> tuple[str, int, str]:
    """The file's name, the line and the reason."""
    with pytest.raises(seeding.SeedError) as caught:
        loaded(model, folder)
    path, line, reason = str(caught.value).split(":", 2)
    return Path(path).name, int(line), reason.strip()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def relations(db: None) -> None:
    TopicFactory(slug="pain")
    MisconceptionFactory(slug="first-fact")
    MisconceptionFactory(slug="second-fact")


# What is read ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("relations")
def test_a_file_becomes_a_draft_with_its_parts_and_relations_in_order(tmp_path: Path) -> None:
    article = loaded(Article, written(tmp_path))

    assert (article.slug, article.kind, article.source_language) == ("what-is-pain", "understanding", "zh-hans")
    assert (article.title_zh_hans, article.title_en) == ("疼痛是什么", "What is pain?")
    assert article.body_zh_hans.replace("\n", "") == (
        "<h2>定义</h2><p>疼痛是一种<strong>不愉快</strong>的感觉。</p><ul><li>急性</li><li>慢性</li></ul>"
        "<table><thead><tr><th>分类</th><th>举例</th></tr></thead>"
        "<tbody><tr><td>急性</td><td>扭伤</td></tr></tbody></table>"
    )
    assert article.body_en.replace("\n", "") == (
        "<h2>Definition</h2><p>Pain is an <strong>unpleasant</strong> feeling.</p><h3>More</h3>"
        '<ol><li>Read <a href="https://example.org/">this</a>.</li></ol><blockquote><p>A quotation.</p></blockquote>'
    )
    assert [topic.slug for topic in article.topics.all()] == ["pain"]
    facts = [row.misconception.slug for row in article.misconception_rows.all()]
    assert facts == ["second-fact", "first-fact"]
    assert list(article.warnings.values_list("order", "level", "heading_zh_hans", "text_en")) == [
        (0, "urgent", "当天就诊", "With a fever."),
        (1, "caution", "注意", "Slowly."),
    ]
    reference = article.references.get()
    assert (reference.year, reference.url, reference.claim_en) == (2014, "https://example.org/", "The definition")


def test_everything_is_read_as_text(db: None, tmp_path: Path) -> None:
    text = """\
category: concept
name: {zh-hans: 2014, en: no}
abbreviation: 1e3
pinyin: 2026-01-01
definition: {zh-hans: true, en: ~}
explanation: {zh-hans: 12:30, en: 0x10}
names:
  - {language: en, text: 007, status: forbidden}
"""
    term = loaded(Term, written(tmp_path, text, "number.yaml"))
    assert (term.name_zh_hans, term.name_en, term.abbreviation, term.pinyin) == ("2014", "no", "1e3", "2026-01-01")
    assert (term.definition_zh_hans, term.definition_en) == ("true", "~")
    assert (term.explanation_zh_hans, term.explanation_en) == ("<p>12:30</p>", "<p>0x10</p>")
    assert list(term.names.values_list("text", "status")) == [("007", "forbidden")]


def test_a_comparison_finds_its_two_terms(db: None, tmp_path: Path) -> None:
    first, second = TermFactory(slug="closure"), TermFactory(slug="block")
    text = """\
first: closure
second: block
title: {zh-hans: 甲, en: A}
introduction: {zh-hans: 乙, en: B}
rows:
  - aspect: {zh-hans: 丙, en: C}
    first: {zh-hans: 丁, en: D}
    second: {zh-hans: 戊, en: E}
"""
    comparison = loaded(Comparison, written(tmp_path, text, "a.yaml"))
    assert (comparison.first, comparison.second) == (first, second)
    assert comparison.rows.get().second_en == "E"


def test_a_document_is_found_under_an_address_that_it_was_published_under(db: None) -> None:
    term: Any = TermFactory(slug="old")
    publish(term, "zh-hans")
    term.slug = "new"
    term.save()
    assert seeding.find(Term, "old") == seeding.find(Term, "new") == term
    assert seeding.find(Topic, "old") is None
    comparison = ComparisonFactory(slug="old")
    assert seeding.find(Comparison, "old") == comparison


def test_the_files_of_a_folder_are_read_by_name_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", ".hidden"):
        written(tmp_path, ARTICLE, name)
    assert [seed.slug for seed in seeding.read(Article, tmp_path)] == ["a", "b"]


# Mistakes: each with its line, which is the first in which the third text stands --------------------------------------

MISTAKES = {
    "unknown key": ("kind: und", "colour: red\nkind: und", "colour", "article has no “colour”"),
    "unknown key with a mapping": ("kind: und", "tint:\n  en: x\nkind: und", "tint", "article has no “tint”"),
    "unknown key in a part": (
        "  - level: urgent",
        "  - level: urgent\n    colour: red",
        "colour",
        "warning has no “colour”",
    ),
    "base of another field": ("kind: und", "slug: x\nkind: und", "slug: x", "article has no “slug”"),
    "duplicate key": ("topics: [pain]", "topics: [pain]\nkind: medicine", "kind: medicine", "kind: given twice"),
    "duplicate language": ("  en: What is pain?", "  en: What is pain?\n  en: Twice", "Twice", "en: given twice"),
    "missing language": ("  en: What is pain?\n", "", "title:", "title: needs zh-hans, en"),
    "missing language in a part": ("      en: With a fever.\n", "", "    text:", "text: needs zh-hans, en"),
    "unknown language": ("  en: What is pain?", "  fr: x\n  en: y", "title:", "title: needs zh-hans, en"),
    "empty language": ("  en: What is pain?", "  en:", "  en:", "title: no text in en"),
    "blank language": ("  en: What is pain?", '  en: "\\u200b "', "  en: ", "title: no text in en"),
    "no mapping": (
        "title:\n  zh-hans: 疼痛是什么\n  en: What is pain?",
        "title: x",
        "title: x",
        "keys with values are expected here",
    ),
    "bad choice": ("kind: und", "kind: mis-und", "kind:", "kind: Value 'mis-understanding' is not a valid choice."),
    "bad choice in a part": (
        "- level: caution",
        "- level: high",
        "level: high",
        "level: Value 'high' is not a valid choice.",
    ),
    "missing field": ("kind: understanding\n", "", "title:", "kind: This field cannot be blank."),
    "missing text": ("summary:\n  zh-hans: 疼痛是警报。\n  en: Pain is an alarm.\n", "", "kind:", "summary: missing"),
    "missing text in a part": ("    text: {zh-hans: 慢一点。, en: Slowly.}\n", "", "level: caution", "text: missing"),
    "too long": (
        "  en: What is pain?",
        f"  en: {'x' * 121}",
        "  en: xx",
        "title_en: Ensure this value has at most 120 characters (it has 121).",
    ),
    "too long in a part": (
        "      en: See a doctor today",
        f"      en: {'x' * 121}",
        "en: xx",
        "heading_en: Ensure this value has at most 120 characters (it has 121).",
    ),
    "no number": ("year: 2014", "year: last", "year:", "year: “last” value must be an integer."),
    "number out of range": (
        "year: 2014",
        "year: 1492",
        "year:",
        "year: Ensure this value is greater than or equal to 1800.",
    ),
    "no date": (
        "kind: und",
        "next_review: soon\nkind: und",
        "next_review",
        "next_review: “soon” value has an invalid date format. It must be in YYYY-MM-DD format.",
    ),
    "no link": ("url: https://example.org/", "url: example", "url:", "url: Enter a valid URL."),
    "unknown document": (
        "  - first-fact",
        "  - no-such-fact",
        "no-such",
        "there is no misconception and fact “no-such-fact”",
    ),
    "unknown in one line": ("topics: [pain]", "topics: [pain, pian]", "topics", "there is no topic “pian”"),
    "the same twice": ("  - first-fact", "  - second-fact # again", "again", "misconceptions: the same twice"),
    "no list": ("topics: [pain]", "topics: pain", "topics", "a list is expected here"),
    "no text": ("topics: [pain]", "topics:\n  - {a: b}", "{a: b}", "a text is expected here"),
    "bad YAML": ("  zh-hans: 疼痛是什么", "  zh-hans: [疼", "  en: What", "expected ',' or ']', but got ':'"),
    "tab": ("  en: What is pain?", "\ten: What", "\ten", "found character '\\t' that cannot start any token"),
    "unquoted colon": (
        "  en: What is pain?",
        "  en: Pain: what?",
        "Pain: what?",
        "mapping values are not allowed here",
    ),
    "control character": ("  en: What is pain?", "  en: a\x01b", "a\x01b", "a character that no text can hold"),
    "null byte": ("  en: What is pain?", '  en: "a\\0b"', "a\\0b", "a character that no text can hold"),
    "half a character": ("  en: What is pain?", '  en: "a\\ud800b"', "ud800", "a character that no text can hold"),
    "two lines": (
        "  en: Pain is an alarm.",
        "  en: |\n    Pain\n    hurts.",
        "  en: |",
        "a text stands on one line here",
    ),
    "two documents": ("kind: und", "a: b\n---\nkind: und", "---", "but found another document"),
    "heading of level 1": ("    ## 定义", "    # 定义", "# 定义", "rich text has no h1"),
    "heading of level 4": ("    ### More", "    #### More", "#### More", "rich text has no h4"),
    "heading that skips a level": (
        "    ## Definition",
        "    ### Definition",
        "### Def",
        "a heading of the second level, ##, comes first",
    ),
    "underlined heading": ("    ## Definition", "    Definition\n    ===", "    Definition", "rich text has no h1"),
    "image": (
        "Pain is an **unpleasant**",
        "![x](https://example.org/x.png) **unpleasant**",
        "![x]",
        "rich text has no img",
    ),
    "italics": ("**unpleasant**", "*unpleasant*", "*unpleasant*", "rich text has no em"),
    "code": ("**unpleasant**", "`unpleasant`", "`unpleasant`", "rich text has no code"),
    "rule": ("    > A quotation.", "    ---", "    ---", "rich text has no hr"),
    "HTML in a paragraph": ("**unpleasant**", "<b>unpleasant</b>", "<b>", "rich text has no HTML"),
    "HTML block": ("    > A quotation.", "    <div>x</div>", "<div>", "rich text has no HTML"),
    "comment": ("    > A quotation.", "    <!-- x -->", "<!--", "rich text has no HTML"),
    "HTML in a table": ("    | 急性 | 扭伤 |", "    | 急性 | <i>扭伤</i> |", "<i>", "rich text has no HTML"),
    "italics in a list": ("    - 慢性", "    - *慢性*", "*慢性*", "rich text has no em"),
    "two lines of a paragraph": (
        "feeling.",
        "feeling.\n    And more.",
        "**unpleasant**",
        "a paragraph stands on one line; leave a blank line between two",
    ),
    "script in a link": (
        "https://example.org/).",
        "javascript:x).",
        "javascript",
        "a link is written [text](https://…)",
    ),
    "another scheme": ("https://example.org/).", "ftp://example.org/).", "ftp", "a link is written [text](https://…)"),
    "another host's path": ("https://example.org/).", "//example.org/).", "(//", "a link is written [text](https://…)"),
}


@pytest.mark.usefixtures("relations")
@pytest.mark.parametrize(("there", "mistake", "at", "reason"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_named_with_its_file_its_line_and_the_reason(
    there: str, mistake: str, at: str, reason: str, tmp_path: Path
) -> None:
    assert ARTICLE.count(there) == 1
    text = ARTICLE.replace(there, mistake)
    line = next(number for number, words in enumerate(text.split("\n"), start=1) if at in words)
    assert error_of(written(tmp_path, text)) == ("what-is-pain.yaml", line, reason)
    assert not Article.objects.exists() or reason.startswith(("level", "heading_en", "year: Ensure", "url"))


@pytest.mark.usefixtures("relations")
def test_blank_lines_before_rich_text_are_counted(tmp_path: Path) -> None:
    text = ARTICLE.replace("  en: |\n    ## Definition", "  en: |\n\n\n    # Definition")
    assert error_of(written(tmp_path, text)) == (
        "what-is-pain.yaml",
        text[: text.index("# Def")].count("\n") + 1,
        "rich text has no h1",
    )


@pytest.mark.parametrize("name", ["What.yaml", "what_is.yaml", "什么.yaml", "-a.yaml", "a--b.yaml", f"{'a' * 81}.yaml"])
def test_a_file_whose_name_is_no_address_is_refused(name: str, relations: None, tmp_path: Path) -> None:
    file, line, reason = error_of(written(tmp_path, name=name))
    assert (file, line) == (name, 1)
    assert reason.startswith("slug: ")


@pytest.mark.parametrize("name", ["what-is-pain.yml", "what-is-pain.YAML", "README.md", "copy.yaml~"])
def test_another_file_in_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    expected = (name, 1, "only files whose name ends in .yaml belong here")
    assert error_of(written(tmp_path, name=name)) == expected


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert error_of(tmp_path / "no") == ("no", 1, "there is no such folder")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert error_of(written(tmp_path, "")) == ("what-is-pain.yaml", 1, "keys with values are expected here")


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("kind: understanding\ntitle:\n  zh-hans: 疼痛".encode("gb18030"))
    assert error_of(tmp_path) == ("a.yaml", 3, "not UTF-8")


def test_a_topic_of_another_facet_than_the_one_above_is_refused(db: None, tmp_path: Path) -> None:
    TopicFactory(slug="above", facet="source")
    text = "facet: course\nname: {zh-hans: 甲, en: A}\nparent: above\nsummary: {zh-hans: 乙, en: B}\n"
    expected = ("a.yaml", 3, "parent: It belongs to another facet.")
    assert error_of(written(tmp_path, text, "a.yaml"), Topic) == expected


# Anything at all ------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.yaml"
    path.write_bytes(content)
    line = 1
    try:
        seeding._Reader(Article, path).read()
    except seeding.SeedError as error:
        line = int(str(error).removeprefix(f"{path}:").split(":")[0])
    assert 1 <= line <= len(content) + 2


@given(st.text(alphabet="ab #*_`<>[]()!|-1.\\\n&;~痛/:", max_size=80))
def test_rich_text_that_is_accepted_is_clean_html_with_nothing_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "rich.yaml"
    texts = {"zh-hans": text, "en": text}
    document = {
        "kind": "medicine",
        "title": {"zh-hans": "a", "en": "a"},
        "summary": {"zh-hans": "a", "en": "a"},
        "body": texts,
    }
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    try:
        html = seeding._Reader(Article, path).read().fields["body_en"]
    except seeding.SeedError:
        return
    assert richtext.clean(html) == html


# Texts of several lines -----------------------------------------------------------------------------------------------

FIGURES = """\
figures:
  - picture: three-steps
    caption: {zh-hans: 三级, en: Three steps}
    legend:
      zh-hans: [轻, 中, 重]
      en:
        - Mild
        - Moderate
        - Severe
    description: {zh-hans: 台阶, en: Stairs}
"""


def test_a_text_of_several_lines_is_a_list_of_them(db: None, tmp_path: Path) -> None:
    [seed] = seeding.read(Article, written(tmp_path, ARTICLE + FIGURES))
    [figure] = seed.rows["figures"]
    assert (figure["legend_zh_hans"], figure["legend_en"]) == ("轻\n中\n重", "Mild\nModerate\nSevere")


@pytest.mark.parametrize("wrong", ["      zh-hans: 轻\n", "      zh-hans: [轻, [中], 重]\n", "      zh-hans: []\n"])
def test_a_text_of_several_lines_that_is_none_is_refused(db: None, tmp_path: Path, wrong: str) -> None:
    text = ARTICLE + FIGURES.replace("      zh-hans: [轻, 中, 重]\n", wrong)
    with pytest.raises(seeding.SeedError) as raised:
        seeding.read(Article, written(tmp_path, text))
    line = text.splitlines().index(wrong.rstrip("\n")) + 1
    assert f"what-is-pain.yaml:{line}: " in str(raised.value)
