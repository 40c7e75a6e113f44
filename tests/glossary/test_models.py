from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import translation

from glossary.models import Comparison, Name, NameStatus, Row, Term
from tests.factories import ComparisonFactory, NameFactory, RowFactory, TermCodeFactory, TermFactory


@pytest.mark.parametrize(
    ("model", "path"), [(Term, "/en/glossary/pcea/"), (Comparison, "/en/glossary/comparisons/pcea/")]
)
def test_the_address_of_a_page(model: type[Term | Comparison], path: str) -> None:
    with translation.override("en"):
        assert model.page_url("pcea") == path


# Terms ----------------------------------------------------------------------------------------------------------------


def test_a_name_stands_once_in_a_term_and_language(db: None) -> None:
    term = TermFactory.create()
    NameFactory.create(term=term, language="en", text="PCEA")
    NameFactory.create(term=term, language="zh-hans", text="PCEA")
    NameFactory.create(language="en", text="PCEA")
    with pytest.raises(IntegrityError), transaction.atomic():
        NameFactory.create(term=term, language="en", text="PCEA", status=NameStatus.FORBIDDEN)


def test_a_term_needs_no_longer_explanation(db: None) -> None:
    TermFactory.build(explanation_zh_hans="", explanation_en="").full_clean()


def test_a_term_that_sees_another_is_not_seen_back(db: None) -> None:
    one = TermFactory.create()
    other = TermFactory.create(see_also=[one])
    assert (list(other.see_also.all()), list(one.see_also.all())) == ([one], [])


def test_names_go_with_their_term(db: None) -> None:
    NameFactory.create().term.delete()
    assert not Name.objects.exists()


def test_a_name_is_called_by_its_text() -> None:
    assert str(Name(text="封闭针")) == "封闭针"


# Comparisons ----------------------------------------------------------------------------------------------------------


def test_a_term_is_not_compared_with_itself(db: None) -> None:
    term = TermFactory.create()
    with pytest.raises(ValidationError) as raised:
        ComparisonFactory.build(first=term, second=term, rows=0).full_clean()
    assert "second" in raised.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        ComparisonFactory.create(first=term, second=term, rows=0)


def test_a_comparison_without_its_terms_is_an_error_of_the_form_and_nothing_worse(db: None) -> None:
    with pytest.raises(ValidationError) as raised:
        ComparisonFactory.build(first=None, second=None, rows=0).full_clean()
    assert {"first", "second"} <= raised.value.message_dict.keys()


def test_a_term_that_is_compared_is_not_deleted(db: None) -> None:
    comparison = ComparisonFactory.create()
    for term in (comparison.first, comparison.second):
        with pytest.raises(ProtectedError):
            term.delete()


def test_rows_are_in_their_order_and_go_with_their_comparison(db: None) -> None:
    comparison = ComparisonFactory.create(rows=0)
    last, first = RowFactory.create(comparison=comparison, order=1), RowFactory.create(comparison=comparison, order=0)
    assert list(comparison.rows.all()) == [first, last]
    comparison.delete()
    assert not Row.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_term_is_not_at_the_address_of_the_list_of_comparisons(db: None, language: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as raised:
        TermFactory.build(slug="comparisons").full_clean()
    with translation.override(language):
        reason = translation.gettext("Another page of this site is at this address. Choose another one.")
    assert raised.value.message_dict == {"slug": [reason]}
    ComparisonFactory.create(slug="comparisons").full_clean()


@pytest.mark.parametrize(
    ("system", "typed", "kept"),
    [("icd-10", "m545", "M54.5"), ("icd-10", "G53.0*", "G53.0"), ("snomed-ct", " 31681005 ", "31681005")],
)
def test_a_code_is_kept_as_it_is_compared(db: None, system: str, typed: str, kept: str) -> None:
    row: Any = TermCodeFactory.build(term=TermFactory(), system=system, code=typed)
    row.full_clean()
    assert row.code == kept


@pytest.mark.parametrize(("system", "typed"), [("icd-10", "31681005"), ("snomed-ct", "31681006"), ("icd-10", "疼痛")])
def test_what_is_no_code_is_refused_with_the_name_of_the_system(db: None, system: str, typed: str) -> None:
    row: Any = TermCodeFactory.build(term=TermFactory(), system=system, code=typed)
    with pytest.raises(ValidationError) as raised:
        row.full_clean()
    assert list(raised.value.message_dict) == ["code"]
    assert row.get_system_display() in raised.value.message_dict["code"][0]


def test_a_term_has_a_code_once_however_it_is_typed(db: None) -> None:
    row: Any = TermCodeFactory(code="M54.5")
    with pytest.raises(ValidationError):
        TermCodeFactory.build(term=row.term, code="m545").full_clean()
    TermCodeFactory.build(term=row.term, code="M54.4").full_clean()


def test_a_code_is_called_by_itself(db: None) -> None:
    assert str(TermCodeFactory(code="M54.5")) == "M54.5"
