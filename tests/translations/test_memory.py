import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translations import memory
from translations.checks.length import USUAL
from translations.memory import Origin, best, best_by_sentence, digest, forget, learn, normal, segments, used
from translations.models import Segment

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")


@pytest.fixture
def origin() -> Origin:
    return Origin(ContentType.objects.get_for_model(get_user_model()).pk, 7, "body")


def teach(source: str, target: str, origin: Origin | None = None, is_rich: bool = False) -> None:
    learn(source, target, *LANGUAGES, is_rich=is_rich, origin=origin)


def held() -> list[tuple[str, str]]:
    return list(Segment.objects.values_list("source", "target"))


def found(text: str) -> list[tuple[str, str, int]]:
    return [(match.source, match.target, match.score) for match in best(text, *LANGUAGES)]


# In -------------------------------------------------------------------------------------------------------------------


def test_a_unit_is_taken_up_sentence_by_sentence(origin: Origin) -> None:
    teach("每天一片。不要饮酒！", "One tablet a day. Do not drink alcohol!", origin)
    assert held() == [("每天一片。", "One tablet a day."), ("不要饮酒！", "Do not drink alcohol!")]


def test_rich_text_is_taken_up_without_its_markup(origin: Origin) -> None:
    teach(
        "<h2>用药</h2><p>每天<strong>一</strong>片。饭后服。</p><ul><li>a&amp;b 少于&lt;3</li></ul>",
        "<h2>Medicine</h2><p>One tablet a day. After a meal.</p><ul><li>a&amp;b below &lt;3</li></ul>",
        origin,
        is_rich=True,
    )
    assert held() == [
        ("用药", "Medicine"), ("每天一片。", "One tablet a day."), ("饭后服。", "After a meal."),
        ("a&b 少于<3", "a&b below <3")
    ]  # fmt: skip


def test_where_sentences_differ_in_number_it_is_the_paragraph_and_then_the_whole(origin: Origin) -> None:
    assert list(segments("一。二。\n三。", "One, two.\nThree.", *LANGUAGES, is_rich=False)) == [
        ("一。二。", "One, two."),
        ("三。", "Three."),
    ]
    assert list(segments("一。\n二。\n三。", "One.\nTwo, three.", *LANGUAGES, is_rich=False)) == [
        ("一。\n二。\n三。", "One.\nTwo, three.")
    ]


def test_from_english_it_is_the_same() -> None:
    learn("One. Two.", "一。二。", "en", "zh-hans", is_rich=False, origin=None)
    assert held() == [("One.", "一。"), ("Two.", "二。")]


def test_a_changed_unit_replaces_what_it_taught(origin: Origin) -> None:
    teach("一。二。三。", "One. Two. Three.", origin)
    before = {row.source: row for row in Segment.objects.all()}
    other = Origin(origin.content_type_id, 8, "body")
    teach("一。", "Uno.", other)
    teach("一。二。四。", "One. Second. Four.", origin)
    rows = {row.source: row for row in Segment.objects.filter(object_id=7)}
    assert {source: row.target for source, row in rows.items()} == {"一。": "One.", "二。": "Second.", "四。": "Four."}
    assert rows["一。"].changed_at == before["一。"].changed_at
    assert rows["二。"].pk == before["二。"].pk
    assert rows["二。"].changed_at > before["二。"].changed_at
    assert rows["二。"].created_at == before["二。"].created_at
    assert rows["二。"].target_digest == digest("Second.")
    assert Segment.objects.filter(object_id=8).count() == 1


def test_a_unit_whose_document_changed_its_source_language_keeps_nothing_of_the_old_direction(origin: Origin) -> None:
    teach("CT", "CT", origin)
    learn("CT", "CT", "en", "zh-hans", is_rich=False, origin=origin)
    assert list(Segment.objects.values_list("source_language", "source", "target")) == [("en", "CT", "CT")]


def test_what_a_unit_taught_is_forgotten(origin: Origin) -> None:
    teach("一。", "One.", origin)
    teach("一。", "One.", Origin(*origin[:2], "title"))
    forget(origin)
    assert [row.key for row in Segment.objects.all()] == ["title"]


def test_what_comes_from_no_unit_is_there_once() -> None:
    teach("一。", "One.")
    teach("一。二。", "One. Two.")
    teach("一。", "Uno.")
    assert held() == [("一。", "One."), ("二。", "Two."), ("一。", "Uno.")]


def test_empty_and_endless_texts_teach_nothing(origin: Origin) -> None:
    teach("一。", "", origin)
    teach("", "One.", origin)
    teach("一" * 10_001, "one", origin)
    assert held() == []


@pytest.mark.parametrize(
    "fields",
    [{"target_language": "zh-hans"}, {"object_id": 3}, {"key": "body"}],
)
def test_the_database_refuses_half_a_segment(fields: dict[str, Any]) -> None:
    row = memory.segment("一", "one", source_language="zh-hans", target_language="en")
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# Out ------------------------------------------------------------------------------------------------------------------


def test_the_same_comes_before_the_like_and_says_whence(origin: Origin) -> None:
    teach("每天口服一片。", "Take one tablet a day.", origin)
    teach("每天口服两片。", "Take two tablets a day.")
    teach("手术后两周复诊。", "Come back two weeks after the operation.")
    assert found("每天口服一片。") == [
        ("每天口服一片。", "Take one tablet a day.", 100),
        ("每天口服两片。", "Take two tablets a day.", 85),
    ]
    same, near = best("每天口服一片。", *LANGUAGES)
    assert (same.origin, near.origin) == (origin, None)
    assert not same.is_reversed


def test_a_segment_helps_in_the_other_direction() -> None:
    teach("每天口服一片。", "Take one tablet a day.")
    (match,) = best("Take two tablets a day.", "en", "zh-hans")
    assert (match.source, match.target, match.is_reversed) == ("Take one tablet a day.", "每天口服一片。", True)
    assert best("Take one tablet a day.", "en", "zh-hans")[0].score == 100
    assert best("Take one tablet a day.", "zh-hans", "en") == []


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Take 5 mg  a day.", 100),
        ("take 5 mg a day.", 99),
        ("Take ５ ㎎ a day.", 99),
        ("Take 5 mg a day", 96),
        ("Take 50 mg a day.", 96),
    ],
)
def test_only_the_very_same_words_are_100(text: str, score: int) -> None:
    learn("Take 5 mg a day.", "每天5毫克。", "en", "zh-hans", is_rich=False, origin=None)
    assert [match.score for match in best(text, "en", "zh-hans")] == [score]


def test_a_raised_figure_is_not_the_same() -> None:
    learn("10⁹/L", "10⁹/L", "en", "zh-hans", is_rich=False, origin=None)
    assert [match.score for match in best("109/L", "en", "zh-hans")] == [99]


def test_one_text_translated_in_two_ways_is_shown_in_both_the_last_first(origin: Origin) -> None:
    teach("疼痛", "ache", origin)
    teach("疼痛", "pain", Origin(*origin[:2], "title"))
    teach("疼痛", "ache", Origin(*origin[:2], "summary"))
    assert found("疼痛") == [("疼痛", "ache", 100), ("疼痛", "pain", 100)]


def test_at_most_so_many(origin: Origin) -> None:
    for number in range(9):
        teach(f"请在第{number}天来门诊复查", f"Day {number}", Origin(*origin[:2], f"{number}"))
    assert len(best("请在第七天来门诊复查", *LANGUAGES)) == 5
    assert len(best("请在第七天来门诊复查", *LANGUAGES, limit=2)) == 2


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001])
def test_nothing_is_found_for_nothing_and_for_too_much(text: str) -> None:
    assert best(text, *LANGUAGES) == []


def test_a_row_is_looked_up_sentence_by_sentence() -> None:
    teach("每天一片。不要饮酒。", "One tablet a day. Do not drink.")
    rows = best_by_sentence("<p>每天一片。</p><p>不要<strong>抽烟</strong>。多喝水。</p>", *LANGUAGES, is_rich=True)
    assert [(text, [match.target for match in matches]) for text, matches in rows] == [
        ("每天一片。", ["One tablet a day."]), ("不要抽烟。", []), ("多喝水。", [])
    ]  # fmt: skip


def test_what_was_used_is_noted() -> None:
    teach("一。", "One.")
    used(best("一。", *LANGUAGES)[0].segment)
    moment = Segment.objects.get().used_at
    assert moment
    assert timezone.now() - moment < datetime.timedelta(minutes=1)


def test_what_other_processes_write_change_and_delete_is_noticed(origin: Origin) -> None:
    """They know nothing of this one: it is told by the database alone."""
    assert found("每天口服三片。") == []
    one = memory.segment("每天口服一片。", "One.", source_language="zh-hans", target_language="en")
    two = memory.segment("每天口服两片。", "Two.", source_language="zh-hans", target_language="en")
    two.save()
    one.save()
    assert [target for _source, target, _score in found("每天口服三片。")] == ["Two.", "One."]
    two.delete()
    assert [target for _source, target, _score in found("每天口服三片。")] == ["One."]
    Segment.objects.filter(pk=one.pk).update(source="每晚外用乳膏。", source_digest=digest("每晚外用乳膏。"))
    assert found("每天口服三片。") == []
    assert [target for _source, target, _score in found("每晚外用药膏。")] == ["One."]


def test_a_segment_that_comes_late_with_an_older_key_is_noticed() -> None:
    late = memory.segment("每天口服一片。", "One.", source_language="zh-hans", target_language="en")
    late.save()
    key = late.pk
    Segment.objects.all().delete()
    teach("每天口服两片。", "Two.")
    assert found("每天口服两片。") == [("每天口服两片。", "Two.", 100)]
    late.pk = key
    late.save(force_insert=True)
    assert [target for _source, target, _score in found("每天口服三片。")] in (["One.", "Two."], ["Two.", "One."])


def test_what_is_undone_is_not_found() -> None:
    with transaction.atomic():
        teach("每天口服一片。", "One.")
        assert len(found("每天口服两片。")) == 1
        transaction.set_rollback(True)
    assert found("每天口服两片。") == []


def test_texts_of_one_digest_are_not_taken_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "digest", lambda text: 1)
    teach("一。", "One.")
    assert found("二。") == []
    assert found("一。") == [("一。", "One.", 100)]


def test_a_look_is_four_queries_at_most(django_assert_max_num_queries: Any) -> None:
    teach("每天口服一片。", "Take one tablet a day.")
    best("每天口服两片。", *LANGUAGES)
    with django_assert_max_num_queries(4):
        best("每天口服三片。", *LANGUAGES)


@given(st.text(max_size=30))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert 0 <= digest(text) < 2**40


words = st.lists(st.text("疼痛药片一二三ABab 12.。", min_size=1, max_size=12), min_size=1, max_size=8, unique=True)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words, st.data())
def test_what_was_taught_is_found_and_scores_fall(texts: list[str], data: st.DataObject) -> None:
    with transaction.atomic():
        for number, text in enumerate(texts):
            teach(text, f"n{number}")
        asked = data.draw(st.sampled_from(texts))
        matches = best(asked, *LANGUAGES)
        scores = [match.score for match in matches]
        assert scores == sorted(scores, reverse=True)
        assert all(memory.NEAR <= score <= 100 for score in scores)
        if taught := list(segments(asked, "x", *LANGUAGES, is_rich=False)):
            assert normal(taught[0][0]) == normal(asked)
            assert scores[0] == 100
        transaction.set_rollback(True)


# What is usual --------------------------------------------------------------------------------------------------------


def test_how_long_a_translation_is_comes_from_the_memory_when_it_holds_enough() -> None:
    cache.clear()
    assert memory.usual_length(*LANGUAGES) == USUAL
    cache.clear()
    rows = [("一二三四五六七八九十", "x" * (20 if number % 2 else 40)) for number in range(memory.ENOUGH)]
    Segment.objects.bulk_create(memory.segment(*row, source_language="zh-hans", target_language="en") for row in rows)
    expected = memory.usual_length("en", "zh-hans")
    assert (round(expected.mean, 3), round(expected.spread, 3)) == (1.04, 0.347)
    assert memory.usual_length(*LANGUAGES) == expected
    cache.clear()


def test_of_translations_that_are_all_of_a_length_others_may_still_differ() -> None:
    cache.clear()
    rows = [("一二三四五六七八九十", "x" * 30)] * memory.ENOUGH
    Segment.objects.bulk_create(
        memory.segment(*row[::-1], source_language="en", target_language="zh-hans") for row in rows
    )
    assert memory.usual_length(*LANGUAGES).spread == memory.LEAST_SPREAD
    cache.clear()


def test_the_digests_fit_where_they_are_summed() -> None:
    assert digest("x") * 8_000_000 < 2**63
    assert connection.vendor in ("sqlite", "postgresql")
