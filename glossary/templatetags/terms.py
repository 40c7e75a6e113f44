"""What pages need of the glossary."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from glossary import jsonld
from glossary import pinyin as reading
from glossary.footnotes import Footnotes
from publishing.models import Edition
from publishing.reading import Page

register = template.Library()


@register.filter
def linked(text: str, footnotes: Footnotes | tuple[()] | str) -> SafeString:
    """The text with its terms linked; as it is on a page that has no footnotes."""
    html = conditional_escape(text or "")
    return footnotes.link(html) if isinstance(footnotes, Footnotes) else html


@register.filter
def pinyin(edition: Edition) -> str:
    """How the name of a term is said, where it is Chinese."""
    return reading.pinyin(edition.title, edition.content["pinyin"]) if edition.language == "zh-hans" else ""


@register.simple_tag(takes_context=True)
def term_for_machines(context: Context, page: Page, names: Iterable[dict[str, Any]]) -> SafeString:
    texts = [name["text"] for name in names]
    return script(jsonld.defined_term(page, site(context), reverse("glossary:glossary"), texts))


@register.simple_tag(takes_context=True)
def glossary_for_machines(context: Context, sections: Iterable[tuple[str, list[Page]]]) -> SafeString:
    terms = [term for _letter, group in sections for term in group]
    language = context["LANGUAGE_CODE"]
    url = reverse("glossary:glossary")
    return script(jsonld.defined_term_set(_("Glossary"), language, terms, site(context), url))


def site(context: Context) -> str:
    request = context["request"]
    return f"{request.scheme}://{request.get_host()}"


# Nothing that could end the script or begin a comment in it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(data: dict[str, Any]) -> SafeString:
    """Data is not run, so the content policy lets it through without a nonce."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))
