import pytest
from django.db import IntegrityError, transaction

from search.models import Entry, Missed, Phrase
from tests.factories import ArticleFactory, TermFactory, publish

pytestmark = pytest.mark.django_db


def test_every_edition_that_is_published_has_one_entry_and_what_it_is_called() -> None:
    edition = publish(ArticleFactory(title_zh_hans="神经阻滞"), "zh-hans")
    assert [entry.edition for entry in Entry.objects.all()] == [edition]
    (phrase,) = Phrase.objects.all()
    assert (str(phrase), phrase.sound, phrase.initials) == ("神经阻滞", "shenjingzuzhi", "sjzz")
    assert not phrase.is_name


def test_a_term_is_called_by_all_its_names_and_shown_by_those_of_its_language() -> None:
    edition = publish(TermFactory(name_zh_hans="神经阻滞", name_en="nerve block", abbreviation="NB"), "en")
    phrases = Phrase.objects.filter(edition=edition, is_name=True)
    assert {phrase.text: phrase.is_shown for phrase in phrases} == {"神经阻滞": False, "nerve block": True, "NB": True}


def test_the_same_words_have_one_row_a_day() -> None:
    missed = Missed.objects.create(language="en", query="aspirin")
    assert (str(missed), missed.count) == ("aspirin", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Missed.objects.create(language="en", query="aspirin")
