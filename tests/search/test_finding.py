import datetime

import pytest
from django.utils import timezone

from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from search import finding
from search.finding import Found, find, suggestions
from tests.factories import (
    ArticleFactory,
    MisconceptionFactory,
    NameFactory,
    TermFactory,
    TopicFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
)

pytestmark = pytest.mark.django_db


def titles(found: Found) -> list[str]:
    editions = Edition.objects.in_bulk(found.keys)
    return [editions[key].title for key in found.keys]


def test_a_term_that_is_called_so_comes_first() -> None:
    publish_all(
        *(ArticleFactory(title_en=f"Nerve block {n}", body_en="<p>nerve block nerve block</p>") for n in range(3)),
        TermFactory(name_en="nerve block", definition_en="It is given with a needle."),
    )
    assert titles(find("Nerve Blocks", "en"))[0] == "nerve block"
    assert titles(find("what is a nerve block?", "en"))[0] == "nerve block"


def test_a_fact_that_asks_so_comes_before_a_term_that_is_only_called_so_in_everyday_words() -> None:
    term = TermFactory(name_zh_hans="骨质疏松", name_en="osteoporosis")
    NameFactory(term=term, language="zh-hans", text="骨头变脆")
    publish_all(term, MisconceptionFactory(question_zh_hans="针打多了，骨头会变脆吗？"))
    assert titles(find("骨头变脆", "zh-hans")) == ["针打多了，骨头会变脆吗？", "骨质疏松"]
    assert titles(find("骨质疏松", "zh-hans"))[0] == "骨质疏松"


def test_a_misspelt_word_is_set_right() -> None:
    publish_all(TermFactory(name_en="nerve block"))
    found = find("nerv blok", "en")
    assert found.corrected == found.query == "nerve block"
    assert titles(found) == ["nerve block"]


def test_a_word_that_a_text_has_is_not_set_right() -> None:
    publish_all(TermFactory(name_en="nerve block"), ArticleFactory(title_en="Black", body_en="<p>A blok of stone</p>"))
    assert find("blok", "en").corrected == ""


def test_characters_of_the_same_sound_lead_to_the_name() -> None:
    publish_all(TermFactory(name_zh_hans="神经阻滞", name_en="nerve block"))
    found = find("神径阻治", "zh-hans")
    assert titles(found)[0] == "神经阻滞"
    assert found.meant == "神经阻滞"
    assert find("神经阻滞", "zh-hans").meant == ""


@pytest.mark.parametrize("typed", ["shenjing zuzhi", "shenjingzuzhi", "SJZZ", "神經阻滯", "什么是神经阻滞？"])
def test_a_term_is_found_by_sound_and_script(typed: str) -> None:
    publish_all(TermFactory(name_zh_hans="神经阻滞", name_en="nerve block"))
    assert titles(find(typed, "zh-hans")) == ["神经阻滞"]
    if typed != "什么是神经阻滞？":
        assert titles(find(typed, "en")) == ["nerve block"]


def test_only_the_language_asked_is_found() -> None:
    publish_all(ArticleFactory(title_en="Gout", title_zh_hans="痛风"))
    assert find("gout", "zh-hans").keys == []
    assert find("痛风", "en").keys == []


def test_it_can_be_narrowed() -> None:
    publish_all(ArticleFactory(title_en="Gout one"), TermFactory(name_en="gout"))
    among = Edition.objects.live("en").exclude(title="gout")
    assert titles(find("gout", "en", among)) == ["Gout one"]


@pytest.mark.parametrize("question", ["", " ", '"', "*", "-", "😀", "\x00", "（）", "^"])
def test_nothing_is_found_for_nothing(question: str) -> None:
    publish_all(ArticleFactory())
    assert find(question, "en").keys == []


@pytest.mark.parametrize(
    "question", ['pain"', "pain*", "NEAR(pain)", "pain OR", "title:pain", "'pain", "pain & !", "\ud800pain"]
)
def test_what_a_database_would_take_for_orders_is_words(question: str) -> None:
    publish_all(ArticleFactory(title_en="What is pain"))
    assert titles(find(question, "en")) == ["What is pain"]


def test_suggestions_are_titles_and_names_that_begin_so() -> None:
    term = TermFactory(name_zh_hans="神经阻滞", name_en="nerve block")
    NameFactory(term=term, text="blockade")
    NameFactory(term=term, text="blocker", status="forbidden")
    publish_all(term, TopicFactory(name_en="Nerve pain", name_zh_hans="神经痛"))
    assert suggestions("ner", "en") == ["nerve block", "Nerve pain"]
    assert suggestions("Block", "en") == ["blockade", "nerve block"]
    assert suggestions("sjz", "zh-hans") == ["神经阻滞"]
    assert suggestions("shenj", "zh-hans") == ["神经阻滞", "神经痛"]
    assert suggestions("阻", "zh-hans") == ["神经阻滞"]
    assert suggestions("%", "en") == suggestions("", "en") == []


def test_suggestions_are_not_cut_before_it_is_known_which_may_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 2)
    at = timezone.now() + datetime.timedelta(hours=1)
    for number in range(5):
        approved = approve(submit(ArticleFactory(title_zh_hans=f"痛风{number}"), "zh-hans"))
        workflow.publish(approved, staff(StaffRole.PUBLISHER), at=at)
    publish(ArticleFactory(title_zh_hans="痛风怎么回事"), "zh-hans")
    assert suggestions("痛风", "zh-hans") == ["痛风怎么回事"]


def test_what_is_called_so_is_found_behind_many_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "AT_ONCE", 2)
    monkeypatch.setattr(finding, "MOST", 2)
    for _ in range(3):
        publish(ArticleFactory(title_en="Gout"), "en")
    last = publish(ArticleFactory(title_en="Gout"), "en")
    assert find("gout", "en", Edition.objects.live("en").filter(pk=last.pk)).named == [last.pk]


def test_suggestions_are_live() -> None:
    publish(TermFactory(name_zh_hans="痛风", name_en="gout"), "zh-hans")
    assert suggestions("gou", "en") == []
