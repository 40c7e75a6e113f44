"""The graph of a page for search engines: who publishes it, where it stands, what it is. Runs no query."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

import articles.jsonld
from glossary.jsonld import defined_term
from publishing.jsonld import CONTEXT, medical_web_page, named, organization_id, website_id
from publishing.models import SignOff
from publishing.reading import Page
from publishing.templatetags.pages import html_lang

Trail = Sequence[tuple[str, str]]
"""Names and addresses, from the home page down to the page itself."""


def graph(*things: Mapping[str, Any]) -> dict[str, Any]:
    return {"@context": CONTEXT, "@graph": list(things)}


def website(site: str) -> dict[str, Any]:
    return {
        "@type": "WebSite",
        **website_id(site),
        "url": site + reverse("home"),
        "name": gettext("Pain Clinic Patient Information"),
        "inLanguage": html_lang(get_language() or ""),
        "publisher": organization_id(site),
    }


def organization(site: str, **known: Any) -> dict[str, Any]:
    """`known` is what the department says of itself: name, address, telephone and so on."""
    found = {
        "@type": "MedicalOrganization",
        **organization_id(site),
        "name": gettext("Pain Clinic Patient Information"),
        "url": site + reverse("home"),
    }
    return found | {name: value for name, value in known.items() if value}


def breadcrumbs(site: str, trail: Trail) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "@id": f"{site}{trail[-1][1]}#breadcrumb",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": site + url}
            for position, (name, url) in enumerate(trail, start=1)
        ],
    }


def collection(site: str, url: str, name: str, description: str, entries: Iterable[Page]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "CollectionPage",
        "@id": f"{site}{url}#page",
        "url": site + url,
        "name": name,
        "description": description,
        "inLanguage": html_lang(get_language() or ""),
        "isPartOf": website_id(site),
        "publisher": organization_id(site),
        "breadcrumb": {"@id": f"{site}{url}#breadcrumb"},
    }
    items = [
        {"@type": "ListItem", "position": position, "name": entry.title, "url": site + entry.url}
        for position, entry in enumerate(entries, start=1)
    ]
    return found | ({"mainEntity": {"@type": "ItemList", "itemListElement": items}} if items else {})


def document(page: Page, site: str, description: str, reviews: Iterable[SignOff]) -> dict[str, Any]:
    match page.edition.kind:
        case "article":
            return articles.jsonld.article(page, site, reviews)
        case "misconception":
            return articles.jsonld.fact_page(page, site, reviews)
        case "comparison":
            sides = [*page.linked.get("first", []), *page.linked.get("second", [])]
            terms = [defined_term(side, site, reverse("glossary:glossary")) for side in sides]
            about = [{name: value for name, value in term.items() if name != "@context"} for term in terms]
            return medical_web_page(page, site, description, reviews, about=about)
        case "term":
            # The term itself is in a script of its own, under the address of its page.
            return medical_web_page(page, site, description, reviews, mainEntity={"@id": site + page.url})
        case _:
            return medical_web_page(page, site, description, reviews, about=named([page], site))
