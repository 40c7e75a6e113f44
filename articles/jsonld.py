"""Articles and facts as search engines read them. Runs no query.

Of a misconception the question and the fact, never the belief: what is quoted of us must be true by itself.
"""

from collections.abc import Iterable
from typing import Any

from publishing.jsonld import medical_web_page, named, organization_id
from publishing.models import SignOff
from publishing.reading import Page
from publishing.templatetags.pages import html_lang

MISCONCEPTIONS = "https://schema.org/MisconceptionsHealthAspect"


def article(page: Page, site: str, reviews: Iterable[SignOff]) -> dict[str, Any]:
    linked = page.linked
    return medical_web_page(
        page,
        site,
        page.summary,
        reviews,
        about=named(linked.get("topics", []), site),
        citation=citations(page),
        hasPart=[fact(each, site) for each in linked.get("misconceptions", [])],
        relatedLink=[site + each.url for each in linked.get("related", [])],
    )


def fact_page(page: Page, site: str, reviews: Iterable[SignOff]) -> dict[str, Any]:
    return medical_web_page(
        page,
        site,
        page.fact,
        reviews,
        about=named(page.linked.get("topics", []), site),
        citation=citations(page),
        mainEntity=fact(page, site),
    )


def fact(page: Page, site: str) -> dict[str, Any]:
    url = site + page.url
    return {
        "@type": "HealthTopicContent",
        "@id": f"{url}#fact",
        "url": url,
        "name": page.title,
        "hasHealthAspect": MISCONCEPTIONS,
        "text": page.fact,
        "inLanguage": html_lang(page.edition.language),
        "publisher": organization_id(site),
    }


def citations(page: Page) -> list[str]:
    return [reference["citation"] for reference in page.references]
