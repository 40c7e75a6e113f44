"""A term and the glossary as search engines read them: https://schema.org/DefinedTerm. Runs no query."""

from collections.abc import Iterable
from typing import Any

from publishing.reading import Page
from publishing.templatetags.pages import html_lang

CONTEXT = "https://schema.org"


def defined_term(page: Page, site: str, glossary: str, other_names: Iterable[str] = ()) -> dict[str, Any]:
    """`site` goes before each address; `glossary` is the page of all the terms."""
    return {
        "@context": CONTEXT,
        **_term(page, site),
        "inLanguage": html_lang(page.edition.language),
        "alternateName": [name for name in (page.abbreviation, *other_names) if name],
        "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": site + glossary, "url": site + glossary},
    }


def defined_term_set(name: str, language: str, terms: Iterable[Page], site: str, glossary: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": "DefinedTermSet",
        "@id": site + glossary,
        "url": site + glossary,
        "name": name,
        "inLanguage": html_lang(language),
        "hasDefinedTerm": [_term(term, site) for term in terms],
    }


def _term(page: Page, site: str) -> dict[str, Any]:
    url = site + page.url
    return {"@type": "DefinedTerm", "@id": url, "url": url, "name": page.title, "description": page.definition}
