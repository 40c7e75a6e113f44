"""What there is to read, by language, for search engines: https://www.sitemaps.org and its alternates by language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language

from publishing.models import Edition
from publishing.reading import public
from publishing.templatetags.pages import SIMPLIFIED, TRADITIONAL, html_lang, in_language

LISTS = (
    "home",
    "articles:topics",
    "articles:articles",
    "articles:facts",
    "glossary:glossary",
    "glossary:comparisons",
)
XML = "application/xml"


@dataclass(frozen=True)
class Entry:
    url: str
    changed: datetime | None
    by_language: dict[str, str]
    """The same page in each language that it is live in, this one too."""

    @property
    def alternates(self) -> Iterator[tuple[str, str]]:
        for language, url in self.by_language.items():
            yield html_lang(language), url
            if language == SIMPLIFIED:
                yield html_lang(TRADITIONAL), in_language(url, TRADITIONAL)
        yield "x-default", next(iter(self.by_language.values()))


@public
def sitemaps(request: HttpRequest) -> HttpResponse:
    newest = dict(Edition.objects.live().order_by().values_list("language").annotate(Max("live_from")))
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append((reverse("sitemap"), newest.get(code)))
    return render(request, "painsite/sitemaps.xml", {"sitemaps": found, "origin": origin(request)}, content_type=XML)


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    entries = list(entries_in(get_language() or settings.LANGUAGE_CODE))
    return render(request, "painsite/sitemap.xml", {"entries": entries, "origin": origin(request)}, content_type=XML)


def entries_in(language: str) -> Iterator[Entry]:
    codes = [code for code, _name in settings.LANGUAGES]
    for view in LISTS:
        url = reverse(view)
        yield Entry(url, None, {code: in_language(url, code) for code in codes})
    live: dict[tuple[int, int], dict[str, Edition]] = {}
    for edition in Edition.objects.live().defer("content").order_by("content_type", "slug", "pk"):
        live.setdefault((edition.content_type_id, edition.object_id), {})[edition.language] = edition
    for editions in live.values():
        if here := editions.get(language):
            urls = {code: editions[code].get_absolute_url() for code in codes if code in editions}
            yield Entry(urls[language], here.live_from, urls)


def origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
