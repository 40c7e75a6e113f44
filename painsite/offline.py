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
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import condition, conditional_page

from glossary.terminology import stamp_of
from publishing.models import Edition
from publishing.reading import CURRENT, SHOWN, public
from publishing.templatetags.pages import SIMPLIFIED, TRADITIONAL, in_language

FILES = ("site.css", "site.js", "share.js", "search.js", "offline.js", "icon.svg")
MAX_DAYS = 30
"""A copy is shown for at most so long after the site was last asked what is live."""
MAX_READ = 60
"""So many pages that were only read are kept: those that were read last."""


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
        "current": CURRENT,
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


def state(request: HttpRequest) -> str:
    """The same while the list is: every visit asks, and few get more than that nothing has changed."""
    live = Edition.objects.live(get_language())
    ends = list(live.exclude(live_until=None).order_by("pk").values_list("pk", "live_until"))
    current = stamp_of(live.not_outdated(timezone.now()))
    known = (get_language(), settings.REVIEW_GRACE_DAYS, stamp_of(live), current, ends)
    return f'"{hashlib.sha256(repr(known).encode()).hexdigest()[:32]}"'


@public
@condition(etag_func=state)
def live(request: HttpRequest) -> HttpResponse:
    """`{"pages": {address: {"edition": 12, "until": "2027-03-01T00:00:00+08:00"}}}`, all that is live in a language.

    `isOutdated` where the source of a translation has changed clinically since.
    """
    editions = Edition.objects.live(get_language()).defer("content").order_by("content_type", "slug")
    current = set(Edition.objects.live(get_language()).not_outdated(timezone.now()).values_list("pk", flat=True))
    pages = {
        edition.get_absolute_url(): {
            "edition": edition.pk,
            "until": edition.ends_at.isoformat(timespec="seconds"),
            **({} if edition.pk in current else {"isOutdated": True}),
        }
        for edition in editions
    }
    return JsonResponse({"pages": pages}, headers={"Cache-Control": "no-cache"})


@public
def offline(request: HttpRequest) -> HttpResponse:
    """What is kept on this phone: the worker fills it in, and shows it for a page that is not."""
    return render(request, "painsite/offline.html", {"noindex": True})
