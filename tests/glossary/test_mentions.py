"""Which terms an edition speaks of: written with it, and anew when a term comes or is renamed."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from glossary import mentions
from glossary.models import Recheck, Term
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from tests.adminforms import client_as, text
from tests.factories import ArticleFactory, NameFactory, TermFactory, approve, publish, staff, submit

pytestmark = pytest.mark.django_db


def term(name: str, **values: Any) -> Term:
    return TermFactory(source_language="en", name_en=name, **values)


def article(text: str) -> Any:
    return ArticleFactory(source_language="en", title_en="Pain", summary_en="It hurts.", body_en=f"<p>{text}</p>")


def mentioned(edition: Edition) -> list[int]:
    return list(edition.links.filter(relation="mentions").order_by("position").values_list("target_id", flat=True))


def test_an_edition_sent_for_review_names_the_terms_that_it_mentions_in_their_order() -> None:
    gout, block = term("gout"), term("nerve block")
    publish(gout, "en")
    publish(block, "en")
    edition = submit(article("A <strong>nerve</strong> block. Gout. Nerve blocks."), "en")
    assert mentioned(edition) == [block.pk, gout.pk]


def test_a_term_does_not_mention_itself() -> None:
    gout = term("gout", explanation_en="<p>Gout swells.</p>")
    assert mentioned(publish(gout, "en")) == []


def test_a_term_that_comes_later_is_mentioned_by_what_is_live_and_in_review() -> None:
    live, in_review, other = publish(article("Gout."), "en"), submit(article("Gout."), "en"), submit(article("-"), "en")
    gout = term("gout")
    assert mentioned(live) == []
    publish(gout, "en")
    assert [mentioned(edition) for edition in (live, in_review, other)] == [[gout.pk], [gout.pk], []]


def test_a_term_that_is_renamed_is_no_longer_mentioned_under_its_old_name() -> None:
    gout: Any = term("gout")
    publish(gout, "en")
    old, new = publish(article("Gout."), "en"), publish(article("Podagra."), "en")
    gout.name_en = "podagra"
    gout.save()
    publish(gout, "en")
    assert (mentioned(old), mentioned(new)) == ([], [gout.pk])


def test_a_longer_term_takes_the_mentions_of_a_shorter_one() -> None:
    pain, cancer_pain = term("pain"), term("cancer pain")
    publish(pain, "en")
    edition = publish(
        ArticleFactory(source_language="en", title_en="-", body_en="<p>Cancer pain.</p>", summary_en="-"), "en"
    )
    assert mentioned(edition) == [pain.pk]
    publish(cancer_pain, "en")
    assert mentioned(edition) == [cancer_pain.pk]


def test_a_scheduled_term_counts_already() -> None:
    gout = term("gout")
    edition = approve(submit(gout, "en"))
    workflow.publish(edition, by=staff(StaffRole.PUBLISHER), at=timezone.now() + datetime.timedelta(days=1))
    assert mentioned(submit(article("Gout."), "en")) == [gout.pk]


def test_languages_keep_to_themselves() -> None:
    publish(TermFactory(name_zh_hans="痛风", name_en="gout"), "zh-hans")
    assert mentioned(submit(article("Gout 痛风."), "en")) == []


def test_titles_and_citations_are_no_mentions() -> None:
    edition = submit(article("A &amp; B."), "en")
    assert mentions.whole_text(edition) == "It hurts.\ufffcA & B."


# The queue ------------------------------------------------------------------------------------------------------------


def waiting() -> list[tuple[Edition, int]]:
    return [(recheck.edition, recheck.term.number) for recheck in Recheck.objects.order_by("pk")]


def test_texts_of_a_term_whose_names_changed_wait_to_be_looked_at_again() -> None:
    gout: Any = term("gout")
    publish(gout, "en")
    old, new, _other = (publish(article(text), "en") for text in ("Gout.", "Bad gout word.", "Nothing."))
    assert waiting() == []
    NameFactory(term=gout, text="gout word", status="forbidden")
    publish(gout, "en")
    assert waiting() == [(old, 2), (new, 2)]


def test_another_definition_asks_for_nothing() -> None:
    gout: Any = term("gout")
    publish(gout, "en")
    publish(article("Gout."), "en")
    gout.definition_en = "Crystals."
    gout.save()
    publish(gout, "en")
    assert waiting() == []


def test_an_editor_finds_the_queue_in_the_admin_and_marks_it_done() -> None:
    gout: Any = term("gout")
    publish(gout, "en")
    publish(article("Gout."), "en")
    gout.name_en = "podagra"
    gout.save()
    publish(gout, "en")
    client, url = client_as(StaffRole.EDITOR), reverse("admin:glossary_recheck_changelist")
    assert "Pain (English, edition 1)" in text(client.get(url))
    keys = list(Recheck.objects.values_list("pk", flat=True))
    client.post(url, {"action": "mark_as_done", "_selected_action": keys})
    assert not Recheck.objects.filter(is_done=False).exists()
    assert client_as(StaffRole.MEDICAL_REVIEWER).get(url).status_code == 403
