"""New and revised articles and facts, as Atom (RFC 4287). Of a misconception the fact, never the belief."""

import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page

from articles.models import Article, Misconception
from publishing.models import Edition
from publishing.reading import Page, public

from . import gist
from .sitemaps import origin

ENTRIES = 50
EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""Of the names that entries keep whatever their address and their edition: a tag of RFC 4151."""


@public
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    live = Edition.objects.live(get_language())
    kinds = Q(pk__in=live.of_kind(Article)) | Q(pk__in=live.of_kind(Misconception))
    pages = gist.pages(live.filter(kinds).order_by("-live_from", "-pk")[:ENTRIES])
    context = {
        "origin": origin(request),
        "tag": f"tag:{request.get_host().partition(':')[0]},{EPOCH:%Y}",
        "entries": [(page, told(page)) for page in pages],
        "updated": max((page.edition.live_from or EPOCH for page in pages), default=EPOCH),
        "site": gist.site_name(),
        "about": gist.about_site(),
    }
    return render(request, "painsite/feed.xml", context, content_type="application/atom+xml; charset=utf-8")


def told(page: Page) -> str:
    return " ".join(filter(None, [gist.verdict(page), gist.gist(page)]))
