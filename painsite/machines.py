"""Plain files for machines: pictures of pages, `robots.txt`, `llms.txt`, `security.txt`, the web manifest."""

import datetime
import re
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext

from publishing.models import Edition
from publishing.reading import Page, public
from publishing.templatetags.pages import html_lang

from . import cards, gist
from .views import error_page

DAY = 24 * 60 * 60
PLAIN = "text/plain; charset=utf-8"
SECURITY_TXT_DAYS = 180
KINDS = ("topic", "article", "misconception", "term", "comparison")
ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
MASKABLE = ("icon-maskable-512.png", "512x512", "maskable")


@public
def card(request: HttpRequest, card: str) -> HttpResponse:
    """The picture of a live edition, or of a language's lists; drawn once, under an address that changes with it.

    Browsers may keep it for a day and not for ever, because it has medical text and an edition can be withdrawn.
    """
    found = re.fullmatch(r"([0-9]{1,18}|[a-z-]+)-([0-9a-f]{12})", card)
    if not found:
        raise Http404
    of, key = found.groups()
    if of.isdecimal():
        edition = Edition.objects.live().filter(pk=of).first()
        if edition is None:
            if Edition.objects.filter(pk=of).was_live(timezone.now()).exists():
                return error_page(request, 410)
            raise Http404
        wanted = gist.card(Page(edition))
    elif of in dict(settings.LANGUAGES):
        with translation.override(of):
            wanted = gist.site_card()
    else:
        raise Http404
    if wanted.key != key:
        raise Http404
    picture = cache.get_or_set(f"card-{key}", lambda: cards.draw(wanted), DAY)
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": f"public, max-age={DAY}"})


@public
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = request.build_absolute_uri(reverse("sitemaps"))
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /preview/", "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type=PLAIN)


@public
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a hole in the site. Without a contact there is nothing to say."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    contact = settings.SECURITY_CONTACT
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=datetime.UTC)
    expires += datetime.timedelta(days=SECURITY_TXT_DAYS)
    languages = ", ".join(html_lang(code) for code, _name in settings.LANGUAGES)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {request.build_absolute_uri()}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=PLAIN)


@public
def llms(request: HttpRequest) -> HttpResponse:
    """https://llmstxt.org: everything live, a line each, in every language."""
    origin = f"{request.scheme}://{request.get_host()}"
    lines = ["# painsite", *(line for code, _name in settings.LANGUAGES for line in llms_in(code, origin))]
    return HttpResponse("\n".join([*lines, ""]), content_type=PLAIN)


def llms_in(language: str, origin: str) -> Iterator[str]:
    with translation.override(language):
        yield from ("", f"## {gist.site_name()}", "", f"> {gist.about_site()}", "")
        found = gist.pages(Edition.objects.live(language).order_by("content_type", "slug"))
        for page in sorted(found, key=lambda page: KINDS.index(page.edition.kind)):
            told = ": ".join(filter(None, [gist.verdict(page).replace(": ", " – "), gist.gist(page)]))
            yield f"- [{one_line(page.title)}]({origin}{page.url}): {one_line(told)}"


def one_line(text: str) -> str:
    return " ".join(text.split())


@public
def manifest(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/"""
    content = {
        "id": "/",
        "name": gist.site_name(),
        "short_name": gettext("Pain clinic"),
        "description": gist.about_site(),
        "lang": html_lang(get_language() or ""),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#0b4643",
        "background_color": "#fbf6ec",
        "icons": [
            {"src": static(f"painsite/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in (*ICONS, MASKABLE)
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
