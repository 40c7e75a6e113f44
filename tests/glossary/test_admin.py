from typing import Any

import pytest
from django.urls import reverse
from reversion import get_registered_models

from glossary.models import Comparison, Name, Row, Term
from painsite.roles import StaffRole
from tests.adminforms import client_as, filled_in, text, with_row
from tests.factories import ComparisonFactory, NameFactory, TermFactory

pytestmark = pytest.mark.django_db


def url(name: str, document: Any = None) -> str:
    return reverse(f"admin:glossary_{name}", args=[document.pk] if document else [])


def test_a_term_is_made_with_its_names_in_both_languages() -> None:
    other = TermFactory()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(url("term_add"))) | {
        "slug": "closure-therapy",
        "category": "procedure",
        "name_zh_hans": "封闭疗法",
        "name_en": "closure therapy",
        "definition_zh_hans": "在痛点注射普鲁卡因。",
        "definition_en": "An injection of procaine at the painful spot.",
        "see_also": [other.pk],
    }
    data = with_row(data, "names", language="zh-hans", text="打封闭")
    data = with_row(data, "names", language="en", text="closed needle", status="forbidden", note="Nothing is closed.")
    assert client.post(url("term_add"), data).status_code == 302
    term: Any = Term.objects.get(slug="closure-therapy")
    assert (term.name_zh_hans, term.name_en, list(term.see_also.all())) == ("封闭疗法", "closure therapy", [other])
    assert list(term.names.values_list("language", "text", "status")) == [
        ("zh-hans", "打封闭", "admitted"),
        ("en", "closed needle", "forbidden"),
    ]


def test_a_name_is_given_once_in_a_language_and_the_form_says_so() -> None:
    term = TermFactory()
    NameFactory(term=term, language="en", text="block")
    client = client_as(StaffRole.EDITOR)
    data = with_row(filled_in(client.get(url("term_change", term))), "names", language="en", text="block")
    page = client.post(url("term_change", term), data)
    assert page.status_code == 200
    assert "duplicate" in text(page)
    assert client.post(url("term_change", term), data | {"names-1-language": "zh-hans"}).status_code == 302


@pytest.mark.parametrize("typed", ["PCEA", "打封闭", "novocaine jab", "阻滞术", "an epidural pump"])
def test_a_term_is_found_by_any_of_its_names(typed: str) -> None:
    wanted = TermFactory(abbreviation="PCEA", name_zh_hans="阻滞术", name_en="an epidural pump")
    NameFactory(term=wanted, language="zh-hans", text="打封闭")
    NameFactory(term=wanted, language="en", text="novocaine jab")
    TermFactory(name_zh_hans="热凝", name_en="coagulation")
    page = client_as(StaffRole.EDITOR).get(url("term_changelist"), {"q": typed})
    assert list(page.context["cl"].result_list) == [wanted]


@pytest.mark.parametrize(("name", "field"), [("comparison", "first"), ("comparison", "second"), ("term", "see_also")])
def test_every_relation_is_chosen_by_typing(name: str, field: str) -> None:
    wanted = TermFactory(slug="wanted-one")
    TermFactory()
    asked = {"app_label": "glossary", "model_name": name, "field_name": field, "term": "wanted-one"}
    answer = client_as(StaffRole.EDITOR).get(reverse("admin:autocomplete"), asked).json()
    assert answer["results"] == [{"id": str(wanted.pk), "text": str(wanted)}]


def test_a_comparison_is_of_two_different_terms_with_rows_in_order() -> None:
    first, second = TermFactory(), TermFactory()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(url("comparison_add"))) | {
        "slug": "closure-and-block",
        "first": first.pk,
        "second": first.pk,
        "title_zh_hans": "二者之别",
        "title_en": "The two",
        "introduction_zh_hans": "常被混淆。",
    }
    data = with_row(data, "rows", aspect_zh_hans="部位", first_zh_hans="痛点", second_zh_hans="神经")
    assert "Choose another term than the first." in text(client.post(url("comparison_add"), data))
    empty = client.post(url("comparison_add"), data | {"second": second.pk, "rows-0-first_zh_hans": ""})
    assert "In the tab “Chinese”: Row 1: First term" in text(empty)
    assert client.post(url("comparison_add"), data | {"second": second.pk}).status_code == 302
    made: Any = Comparison.objects.get()
    assert (made.first, made.second, made.rows.get().second_zh_hans) == (first, second, "神经")


def test_a_translator_fills_in_the_rows_of_a_comparison_but_no_names_of_a_term() -> None:
    comparison: Any = ComparisonFactory()
    Row.objects.update(aspect_en=None, first_en="", second_en="")
    name = NameFactory(term=comparison.first, language="en", text="block")
    client = client_as(StaffRole.TRANSLATOR_EN)
    page = client.get(url("comparison_change", comparison))
    typed = {"rows-0-aspect_en": "Place", "rows-0-first_en": "Here", "rows-0-aspect_zh_hans": "forged"}
    assert client.post(url("comparison_change", comparison), filled_in(page) | typed).status_code == 302
    row: Any = comparison.rows.get()
    assert (row.aspect_en, row.first_en, row.aspect_zh_hans) == ("Place", "Here", "部位")

    page = client.get(url("term_change", comparison.first))
    typed = {"names-0-text": "forged", "names-0-status": "forbidden", "names-0-DELETE": "on"}
    assert client.post(url("term_change", comparison.first), filled_in(page) | typed).status_code == 302
    assert list(Name.objects.values_list("pk", "text")) == [(name.pk, "block")]


def test_a_term_that_a_comparison_names_is_not_deleted() -> None:
    comparison: Any = ComparisonFactory()
    page = client_as(StaffRole.EDITOR).get(url("term_delete", comparison.first))
    assert page.context["protected"]


def test_every_kind_and_every_part_has_a_history() -> None:
    assert {Term, Name, Comparison, Row} <= set(get_registered_models())
