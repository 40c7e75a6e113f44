"""What the head of a public page tells machines: where it stands, in which languages, and what it is."""

import html
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from glossary.templatetags.terms import script, site
from painsite import jsonld
from painsite.gist import card, card_url, gist, site_card
from publishing.reading import Page
from publishing.templatetags.pages import Alternate

register = template.Library()

LOCALES = {"zh-hans": "zh_CN", "en": "en_GB"}


@dataclass(frozen=True)
class Head:
    site: str
    canonical: str
    default: str
    """The address for readers of any other language."""
    description: str
    image: str
    image_says: str
    locale: str
    other_locales: list[str]
    linked_data: SafeString


@register.simple_tag(takes_context=True)
def head(context: Context, languages: list[Alternate], title: str, description: str, query: str) -> Head:
    """`title`, `description` and `query` come from the page's own blocks, so they are escaped."""
    request = context["request"]
    origin, language = site(context), get_language() or settings.LANGUAGE_CODE
    path = request.path + html.unescape(query)
    live = [each for each in languages if each.is_live]
    page: Page | None = context.get("page")
    title, description = html.unescape(title), gist(page) if page else html.unescape(description)
    picture = card(page) if page else site_card()
    return Head(
        site=origin,
        canonical=origin + path,
        default=origin + (live[0].url if live else path),
        description=description,
        image=origin + card_url(page.edition if page else language, picture),
        image_says=" ".join(filter(None, [picture.title, picture.verdict, picture.gist])),
        locale=LOCALES[language],
        other_locales=[
            LOCALES[each.language] for each in live if each.language in LOCALES and each.language != language
        ],
        linked_data=script(graph(context, origin, path, title, description)),
    )


def graph(context: Context, origin: str, path: str, title: str, description: str) -> dict[str, Any]:
    publisher = [jsonld.organization(origin, **department(context.get("profile"))), jsonld.website(origin)]
    if path == reverse("home"):
        return jsonld.graph(*publisher)
    page: Page | None = context.get("page")
    if page:
        this = jsonld.document(page, origin, description, context.get("reviews") or [])
    else:
        this = jsonld.collection(origin, path, title, description, context.get("entries") or [])
    return jsonld.graph(*publisher, this, jsonld.breadcrumbs(origin, trail(context, path, title)))


def trail(context: Context, path: str, title: str) -> list[tuple[str, str]]:
    """From the home page to this one, as the page shows it."""
    sections = {
        "article": [("articles:articles", gettext("Articles"))],
        "misconception": [("articles:facts", gettext("Questions and facts"))],
        "topic": [("articles:topics", gettext("Topics"))],
        "term": [("glossary:glossary", gettext("Glossary"))],
        "comparison": [
            ("glossary:glossary", gettext("Glossary")),
            ("glossary:comparisons", gettext("Comparisons")),
        ],
    }
    page: Page | None = context.get("page")
    above = sections[page.edition.kind] if page else []
    if path.partition("?")[0] == reverse("glossary:comparisons"):
        above = sections["term"]
    return [
        (gettext("Home"), reverse("home")),
        *((name, reverse(view)) for view, name in above),
        *((topic.title, topic.url) for topic in context.get("above") or []),
        (title, path),
    ]


def department(profile: Any) -> dict[str, Any]:
    """What the department says of itself (painsite.models.SiteProfile), in schema.org's words."""
    if profile is None or not profile.says_anything:
        return {}
    return {
        "name": profile.department or profile.hospital,
        "parentOrganization": {"@type": "Hospital", "name": profile.hospital}
        if profile.hospital and profile.department
        else None,
        "address": profile.address,
        "telephone": profile.telephone,
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": "emergency",
            "telephone": profile.emergency_number,
        },
    }
