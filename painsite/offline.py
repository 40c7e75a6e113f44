"""What the service worker needs to keep pages readable without a network: see docs/decisions/0014-machines-that-ask.md.

A phone keeps copies of pages, and the list of what is live with until when. It shows a copy only while all the editions
that are in it stand in its last list, and their time is not over.
"""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page

from publishing.models import Edition
from publishing.reading import SHOWN, public
from publishing.templatetags.pages import SIMPLIFIED, TRADITIONAL, in_language

FILES = ("site.css", "site.js", "share.js", "search.js", "offline.js", "icon.svg")
MAX_DAYS = 30
"""A copy is shown for at most so long after the site was last asked what is live."""
MAX_READ = 60
"""So many pages that were only read are kept, the newest."""


@public
@conditional_page
def worker(request: HttpRequest) -> HttpResponse:
    """The script, at the root so that it may answer for all pages. It changes with the files that it brings along."""
    page = reverse_in_every_language("offline")
    site = {
        "files": [static(f"painsite/{name}") for name in FILES],
        "pages": [*page.values(), in_language(page[SIMPLIFIED], TRADITIONAL)],
        "live": reverse_in_every_language("live"),
        "scripts": {TRADITIONAL: SIMPLIFIED},
        "static": settings.STATIC_URL,
        "shown": SHOWN,
        "maxDays": MAX_DAYS,
        "maxRead": MAX_READ,
    }
    script = render_to_string("painsite/sw.js", {"site": json.dumps(site)})
    named = script.replace("__VERSION__", hashlib.sha256(script.encode()).hexdigest()[:12])
    return HttpResponse(named, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def reverse_in_every_language(name: str) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = reverse(name)
    return found


@public
@conditional_page
def live(request: HttpRequest) -> HttpResponse:
    """`{"pages": {address: {"edition": 12, "until": "2027-03-01T00:00:00+08:00"}}}`, all that is live in a language."""
    editions = Edition.objects.live(get_language()).defer("content").order_by("content_type", "slug")
    pages = {
        edition.get_absolute_url(): {"edition": edition.pk, "until": edition.ends_at.isoformat(timespec="seconds")}
        for edition in editions
    }
    return JsonResponse({"pages": pages}, headers={"Cache-Control": "no-cache"})


@public
def offline(request: HttpRequest) -> HttpResponse:
    """What is kept on this phone: the worker fills it in, and shows it for a page that is not."""
    return render(request, "painsite/offline.html", {"noindex": True})
