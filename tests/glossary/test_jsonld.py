from glossary import jsonld
from publishing.models import Edition
from publishing.reading import Page


class TermPage(Page):
    url = "/en/glossary/gout/"


def gout() -> Page:
    content = {"name": "gout", "abbreviation": "", "definition": "Crystals in a joint."}
    return TermPage(Edition(title="gout", language="en", content=content))


def test_a_term_has_the_address_of_its_page_and_its_other_names() -> None:
    found = jsonld.defined_term(gout(), "https://pain.example", "/en/glossary/", ["podagra"])
    assert found["@id"] == "https://pain.example/en/glossary/gout/"
    assert found["alternateName"] == ["podagra"]
    assert found["inDefinedTermSet"]["@id"] == "https://pain.example/en/glossary/"


def test_a_glossary_has_its_terms() -> None:
    found = jsonld.defined_term_set("Glossary", "en", [gout()], "https://pain.example", "/en/glossary/")
    assert [(term["@type"], term["name"]) for term in found["hasDefinedTerm"]] == [("DefinedTerm", "gout")]
