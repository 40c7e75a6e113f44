from typing import Any

import pytest

from tests.factories import (
    TermFactory,
    publish_all,
)
from tests.translations.desking import BODY_EN, BODY_ZH, article, change, help_with, page, translation_of
from translations.rows import Step

pytestmark = pytest.mark.django_db


def test_a_changed_row_shows_the_words_that_changed_and_the_others_stay_done(translator: Any) -> None:
    document = article()
    change(document, body_zh_hans=BODY_ZH.replace("25", "50") + "<p>勿停药。</p>")
    response = page(translator, document)
    entry = next(entry for entry in response.context["sheet"].entries if entry.unit.key == "body")
    assert [line.row.step for line in entry.lines] == [Step.DONE, Step.CHANGED, Step.DONE, Step.NEW]
    assert entry.lines[1].diff_html == "<p>每次口服 <del>25 毫克</del><ins>50 毫克</ins>。</p>"
    assert entry.state.name == "outdated"
    assert entry.lines[1].diff_html in response.content.decode()
    assert [said.finding.id for said in entry.lines[1].findings] == ["B001"]


def test_terms_of_the_source_are_marked_and_named_as_they_are_called_in_the_other_language(translator: Any) -> None:
    term = TermFactory(name_zh_hans="神经阻滞", name_en="nerve block")
    publish_all(term)
    body = "<p>先做神经阻滞&amp;理疗，再做<strong>神经阻滞</strong>。</p>"
    document = article(title_zh_hans="神经阻滞 < 手术", body_zh_hans=body, body_en="")
    entries = page(translator, document).context["sheet"].entries
    mark = '<mark class="term" title="nerve block">神经阻滞</mark>'
    assert entries[0].lines[0].source_html == f"{mark} &lt; 手术"
    assert entries[2].lines[0].source_html == f"<p>先做{mark}&amp;理疗，再做<strong>{mark}</strong>。</p>"
    assert [(each.number, each.text, each.name) for each in entries[2].lines[0].terms] == [
        (1, "神经阻滞", "nerve block")
    ]


def test_a_suggestion_of_a_whole_text_is_offered_row_by_row_where_both_have_as_many(translator: Any) -> None:
    document = article(body_en="")
    units = translation_of(document).units.filter(key="body")
    units.update(suggestion=BODY_EN)
    assert help_with(translator, document, "body", 1)["suggestion"]["text"] == "<p>Take 25 mg each time.</p>"
    units.update(suggestion="<p>All in one.</p>")
    assert help_with(translator, document, "body", 1)["suggestion"] is None
