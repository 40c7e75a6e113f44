from typing import Any

import pytest
from django.utils import translation

from painsite import jsonld
from publishing.models import Edition
from publishing.reading import Page

SITE = "https://pain.example"


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


class SomePage(Page):
    url = "/en/articles/pain/"


def test_a_graph_has_its_context_once() -> None:
    assert jsonld.graph({"@type": "A"}, {"@type": "B"}) == {
        "@context": "https://schema.org",
        "@graph": [{"@type": "A"}, {"@type": "B"}],
    }


def test_the_site_is_published_by_the_department() -> None:
    assert jsonld.website(SITE)["publisher"] == {"@id": jsonld.organization(SITE)["@id"]}


def test_the_department_says_what_it_knows_of_itself() -> None:
    found = jsonld.organization(SITE, name="Pain department", telephone="", address="1 Long Road")
    assert (found["@type"], found["name"], found["address"]) == (
        "MedicalOrganization",
        "Pain department",
        "1 Long Road",
    )
    assert "telephone" not in found
    assert jsonld.organization(SITE)["name"] == "Pain Clinic Patient Information"


def test_breadcrumbs_lead_from_home_to_the_page() -> None:
    found = jsonld.breadcrumbs(SITE, [("Home", "/en/"), ("Articles", "/en/articles/")])
    assert [(item["position"], item["name"], item["item"]) for item in found["itemListElement"]] == [
        (1, "Home", f"{SITE}/en/"),
        (2, "Articles", f"{SITE}/en/articles/"),
    ]
    assert found["@id"] == f"{SITE}/en/articles/#breadcrumb"


def test_a_list_lists_its_entries() -> None:
    page = SomePage(Edition(title="Pain", language="en", content={}))
    found = jsonld.collection(SITE, "/en/articles/", "Articles", "All of them.", [page])
    assert (found["@type"], found["inLanguage"]) == ("CollectionPage", "en")
    assert found["mainEntity"]["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Pain", "url": f"{SITE}/en/articles/pain/"}
    ]
    assert "mainEntity" not in jsonld.collection(SITE, "/en/articles/", "Articles", "All of them.", [])
