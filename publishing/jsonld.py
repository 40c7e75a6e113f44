"""A page that was reviewed as search engines read it: https://schema.org/MedicalWebPage. Runs no query.

`site` goes before each address. Roles are named, people are not: as on the page itself.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from .models import Role, SignOff
from .reading import Page
from .templatetags.pages import html_lang

CONTEXT = "https://schema.org"


def organization_id(site: str) -> dict[str, str]:
    return {"@id": f"{site}/#organization"}


def website_id(site: str) -> dict[str, str]:
    return {"@id": f"{site}/#website"}


def medical_web_page(
    page: Page, site: str, description: str, reviews: Iterable[SignOff], **more: Any
) -> dict[str, Any]:
    url = site + page.url
    found = {
        "@type": "MedicalWebPage",
        "@id": f"{url}#page",
        "url": url,
        "name": page.title,
        "description": description,
        "inLanguage": html_lang(page.edition.language),
        "audience": {"@type": "Patient", "audienceType": "Patient"},
        "isPartOf": website_id(site),
        "publisher": organization_id(site),
        "breadcrumb": {"@id": f"{url}#breadcrumb"},
    }
    if page.edition.live_from:
        found["dateModified"] = timezone.localtime(page.edition.live_from).isoformat(timespec="seconds")
    for sign_off in reviews:
        if sign_off.role == Role.MEDICAL:
            found["lastReviewed"] = timezone.localtime(sign_off.signed_at).date().isoformat()
            found["reviewedBy"] = {
                "@type": "Organization",
                "name": sign_off.get_role_display(),
                "parentOrganization": organization_id(site),
            }
    return found | {name: value for name, value in more.items() if value}


def named(pages: Iterable[Page], site: str) -> list[dict[str, str]]:
    """What a page is about, each by its own page."""
    return [{"@type": "Thing", "name": page.title, "url": site + page.url} for page in pages]
