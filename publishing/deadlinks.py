"""Where a text leads, and which of these places patients can read."""

import datetime
import re
from collections.abc import Iterator, Set
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q
from django.http.request import validate_host
from django.urls import Resolver404, resolve
from django.utils import translation

from .models import Document, Edition

Address = tuple[type[Document], str]
"""A kind of document, and the slug of one of them."""
Number = tuple[type[Document], int]
"""A kind of document, and the primary key of one of them."""

_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')


class Nowhere(Exception):
    """An address on this site that is no page in the language."""


def hrefs(html: str) -> Iterator[str]:
    """Of cleaned rich text, in order, each once."""
    yield from dict.fromkeys(unescape(href) for href in _LINK.findall(html))


def document_at(href: str, page: str, language: str) -> Address | None:
    """The document that a link on a page leads to; None where that is another site, or a page that is always there.

    It need not be live, nor even be. What only staff or machines read, and a page in another language, is `Nowhere`.
    """
    try:
        url = urlsplit(urljoin(page, href.strip()))
    except ValueError:
        raise Nowhere from None
    if url.scheme not in {"", "http", "https"} or (url.netloc and not _is_this_site(url.netloc)):
        return None
    path = unquote(url.path)
    with translation.override(language):
        try:
            slug = resolve(path).kwargs.get("slug")
        except Resolver404:
            raise Nowhere from None
        if path.split("/")[1] != language:
            raise Nowhere
        if slug is None:
            return None
        kinds = (kind for kind in Document.__subclasses__() if kind.page_url(slug) == path)
        return next(((kind, slug) for kind in kinds), None)


def live(
    addresses: Set[Address], numbers: Set[Number], language: str, at: datetime.datetime
) -> tuple[Set[Address], Set[Number]]:
    """Which of these documents can be read in the language at the moment, an old address included: one query."""
    if not addresses and not numbers:
        return set(), set()
    wanted = Q()
    for kind, slug in addresses:
        wanted |= Q(content_type=_type(kind), slug=slug)
    for kind, number in numbers:
        wanted |= Q(content_type=_type(kind), object_id=number)
    same = Edition.objects.live(language, at).filter(
        content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
    )
    ever = Edition.objects.filter(wanted, live_from__lte=at).exclude(live_until=F("live_from"))
    rows = ever.filter(Exists(same)).order_by().values_list("content_type", "object_id", "slug").distinct()
    kinds = {_type(kind).pk: kind for kind, _slug_or_number in (*addresses, *numbers)}
    found = [(kinds[kind], number, slug) for kind, number, slug in rows]
    at_address, of_number = {(kind, slug) for kind, _, slug in found}, {(kind, number) for kind, number, _ in found}
    return addresses & at_address, numbers & of_number


def _type(kind: type[Document]) -> ContentType:
    return ContentType.objects.get_for_model(kind)


def _is_this_site(netloc: str) -> bool:
    host = netloc.rpartition("@")[2].partition(":")[0]
    return validate_host(host.lower(), [name for name in settings.ALLOWED_HOSTS if name != "*"])
