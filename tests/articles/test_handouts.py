"""The template tags of hand-outs."""

from typing import Any

import lxml.html
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from articles.templatetags.handouts import apostrophes, first_part, handout_options
from publishing.models import ChangeKind, Edition
from tests.factories import ArticleFactory, publish, publish_all


@pytest.fixture
def editions(db: None) -> list[Edition]:
    article = ArticleFactory()
    publish_all(article)
    return list(article.editions.live("en")) + list(article.editions.live("zh-hans"))


def offered(options: Any) -> list[str]:
    return [value for value, _label in options.fields["languages"].choices]


def test_both_languages_are_offered_where_both_are_live(editions: list[Edition]) -> None:
    options: Any = handout_options(editions[0], editions, None)
    assert "both" in offered(options)
    assert options.why_not_both == ""


def test_one_language_alone_is_offered_without_a_word_on_the_other(editions: list[Edition]) -> None:
    options: Any = handout_options(editions[0], editions[:1], None)
    assert "both" not in offered(options)
    assert options.why_not_both == ""


def test_a_translation_behind_its_original_is_not_offered_beside_it_and_the_original_says_why(
    editions: list[Edition],
) -> None:
    article: Any = editions[0].document
    article.summary_zh_hans = "先看医生。"
    article.save()
    newer = publish(article, "zh-hans", ChangeKind.CLINICAL)
    both = [Edition.objects.get(pk=editions[0].pk), newer]
    with translation.override("en"):
        options: Any = handout_options(newer, both, None)
    assert "both" not in offered(options)
    assert options.why_not_both == "Not in both languages side by side: the translation is behind the original."
    assert handout_options(both[0], both, newer) is None


def test_the_first_part_is_the_readers_own_where_there_is_one() -> None:
    assert first_part([(None, "own"), (None, "other")]) == "own"  # type: ignore[list-item]
    assert first_part([(None, None), (None, "other")]) == "other"  # type: ignore[list-item]
    assert first_part([(None, None)]) is None  # type: ignore[list-item]


def test_an_apostrophe_between_latin_letters_is_marked_and_no_other_mark() -> None:
    mark = '<span class="apostrophe">’</span>'
    assert apostrophes("the doctor’s") == f"the doctor{mark}s"
    for text in ("‘a’ b", "疼’痛", '<a title="doctor’s">x</a>', "<svg><text>doctor’s</text></svg>"):
        assert apostrophes(text) == text


@given(st.text(alphabet="aZ’ <>疼1", max_size=60))
def test_marking_apostrophes_keeps_the_text(text: str) -> None:
    html = f"<p>{text.replace('<', '&lt;').replace('>', '&gt;')}</p>"
    assert lxml.html.fragment_fromstring(apostrophes(html)).text_content() == text
