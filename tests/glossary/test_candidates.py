"""What the glossary may lack, and how it becomes a draft."""

from typing import Any

import pytest
from django.urls import reverse

from glossary.candidates import candidates, draft_of
from glossary.models import Term
from painsite.roles import StaffRole
from tests.adminforms import client_as, text
from tests.factories import ArticleFactory, TermFactory, publish, publish_all

pytestmark = pytest.mark.django_db


def articles(*bodies: str, language: str = "en") -> None:
    column = f"body_{language.replace('-', '_')}"
    for body in bodies:
        publish(ArticleFactory(source_language=language, **{column: f"<p>{body}</p>"}), language)


def found(language: str) -> list[tuple[str, int, bool]]:
    return [(each.text, each.count, each.is_abbreviation) for each in candidates(language)]


def test_long_english_words_of_several_texts_that_no_term_explains() -> None:
    publish_all(TermFactory(name_en="neurolysis"))
    articles("Neurolysis and ganglionectomy.", "A ganglionectomy, ganglionectomy.", "Once: sympathectomy.")
    assert [each for each in found("en") if each[0] in {"ganglionectomy", "sympathectomy", "neurolysis"}] == [
        ("ganglionectomy", 2, False)
    ]


def test_uncommon_chinese_words() -> None:
    articles("他发烧了。", "孩子发烧，我们不用怕。", language="zh-hans")
    assert "发烧" in [each[0] for each in found("zh-hans")]
    assert "我们" not in [each[0] for each in found("zh-hans")]


def test_abbreviations_that_are_never_spelled_out() -> None:
    publish_all(TermFactory(name_en="epidural pump", abbreviation="PCEA"))
    articles("PCEA, CRPS.", "Magnetic resonance imaging (MRI).", "MRI again.")
    assert [each for each in found("en") if each[2]] == [("CRPS", 1, True)]


def test_a_draft_has_the_name_and_a_free_address() -> None:
    first, second, chinese = draft_of("neurolysis", "en"), draft_of("neurolysis", "en"), draft_of("髓核", "zh-hans")
    assert [term.slug for term in (first, second, chinese)] == ["neurolysis", "neurolysis-2", "sui-he"]
    stored: Any = Term.objects.get(pk=chinese.pk)
    assert (stored.name_zh_hans, stored.name_en, stored.source_language) == ("髓核", None, "zh-hans")


def test_an_editor_makes_a_draft_with_one_click() -> None:
    articles("CRPS.")
    client, url = client_as(StaffRole.EDITOR), reverse("admin:glossary_term_candidates")
    assert "CRPS 1 an abbreviation that is never spelled out Make a draft of it" in text(client.get(url))
    answer = client.post(url, {"candidate": "en CRPS"})
    term: Any = Term.objects.get()
    assert (term.name_en, answer["Location"]) == ("CRPS", reverse("admin:glossary_term_change", args=[term.pk]))
    answer = client.post(url, {"candidate": "en anything"}, follow=True)
    assert "This word is not in the list any more." in text(answer)
    assert Term.objects.count() == 1
    assert client_as(StaffRole.MEDICAL_REVIEWER).get(url).status_code == 403
