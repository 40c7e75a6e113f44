"""The template tags of the glossary."""

import pytest

from glossary.templatetags import terms
from publishing.models import Edition


def test_without_footnotes_a_text_is_only_escaped() -> None:
    assert terms.linked("A < B", ()) == "A &lt; B"
    assert terms.linked("", ()) == ""


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "fēng bì"), ("en", "")])
def test_only_a_chinese_name_has_pinyin(language: str, said: str) -> None:
    assert terms.pinyin(Edition(title="封闭", language=language, content={"pinyin": ""})) == said


def test_data_cannot_end_its_script() -> None:
    assert terms.script({"name": "</script><!-- & 封闭"}) == (
        '<script type="application/ld+json">{"name":"\\u003C/script\\u003E\\u003C!-- \\u0026 封闭"}</script>'
    )
