from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given

from glossary import entries
from glossary.entries import Entry, OtherName, language_of, plain, refuse_doubles
from glossary.faults import Faults, Line
from glossary.models import Term
from tests.glossary.exchanged import closure, hostile_text


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_languages_are_those_of_the_site() -> None:
    assert list(entries.TAGS) == [code for code, _name in settings.LANGUAGES]


def test_the_fields_are_columns_of_the_term() -> None:
    assert set(entries.FIELDS) <= {field.name for field in Term._meta.get_fields()}


@pytest.mark.parametrize("tag", ["zh", "zh-hans", "zh-Hans", "zh-CN", "zh-Hans-CN", "zh-SG", "cmn", "cmn-Hans"])
def test_simplified_chinese_by_any_of_its_tags_is_ours(tag: str) -> None:
    assert language_of(tag) == "zh-hans"


@pytest.mark.parametrize("tag", ["en", "EN", "en-GB", "en-us"])
def test_english_by_any_of_its_tags_is_ours(tag: str) -> None:
    assert language_of(tag) == "en"


@pytest.mark.parametrize("tag", ["zh-Hant", "zh-TW", "zh-HK", "zh-hant-hk"])
def test_traditional_characters_are_refused_with_what_to_do(tag: str) -> None:
    with pytest.raises(ValueError, match="Convert it to simplified ones"):
        language_of(tag)


@pytest.mark.parametrize("tag", ["", "de", "eng", "zh-yue", "english", "enx", "zh-hansel", "en-GB\n"])
def test_any_other_language_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="is not one of ours"):
        language_of(tag)


def test_plain_text_is_on_one_line_without_what_cannot_be_stored() -> None:
    assert plain(" a \r\n\t b\x00\x0bc ") == "a b c"


@given(hostile_text)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_an_entry_cleans_what_it_is_given() -> None:
    entry = Entry(
        "pain", {"name_en": " pain\n", "explanation_en": "<p>a<script>b</script></p>"}, see_also=["b", "a", "b"]
    )
    assert entry.fields["name_en"] == "pain"
    assert entry.fields["explanation_en"] == "<p>a</p>"
    assert entry.fields["name_zh_hans"] == ""
    assert entry.see_also == ["a", "b"]


def test_names_stand_in_the_order_of_the_languages_and_else_as_given() -> None:
    given_names = [OtherName("en", "b"), OtherName("zh-hans", "针"), OtherName("en", "a")]
    assert [name.text for name in Entry("pain", {}, given_names).names] == ["针", "b", "a"]


def test_the_order_of_names_is_no_difference() -> None:
    other = closure()
    other.names.reverse()
    other.contexts.reverse()
    assert closure().says_the_same_as(other)


@pytest.mark.parametrize("status", ["admitted", "forbidden"])
def test_a_status_is_a_difference(status: str) -> None:
    other = closure()
    other.names[-2] = OtherName("en", "blocking therapy", status)
    assert not closure().says_the_same_as(other)


def test_the_second_entry_of_an_address_is_refused_and_the_first_one_named() -> None:
    faults = Faults()
    refuse_doubles([Entry("pain", place=Line(3)), Entry("gout", place=Line(5)), Entry("pain", place=Line(9))], faults)
    assert [str(fault) for fault in faults.found] == ["line 9: “pain” is there already, in line 3. Keep one of them."]
