"""How a public page finds its text: only ever through `Edition.objects.live()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from .models import Document, Edition, Role, SignOff, Verdict


@dataclass
class Page:
    """One live edition with everything live that it names, ready for a template."""

    edition: Edition
    linked: dict[str, list[Edition]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """What the edition holds, by its name, so that a template can say `page.summary`."""
        try:
            return self.edition.content[name]
        except KeyError:
            raise AttributeError(name) from None


def document_page(
    request: HttpRequest,
    model: type[Document],
    slug: str,
    template: str,
    more: Callable[[Page], dict[str, Any]] = lambda page: {},
) -> HttpResponse:
    """A document's public page in the active language.

    200 with the text where it is live; 200 with a notice, not to be indexed, where only the other language is live;
    410 where it was live once; else 404.
    """
    language = translation.get_language()
    live = {e.language: e for e in Edition.objects.of_kind(model).live().filter(slug=slug)}
    if edition := live.get(language):
        page = Page(edition, linked(edition))
        context = {"page": page, "edition": edition, "languages_live": list(live), "reviews": reviews(edition)}
        return render(request, template, context | more(page))
    if live:
        return render(request, "publishing/other_language.html", {"languages_live": list(live), "noindex": True})
    if was_live(model, slug):
        return render(request, "410.html", {"noindex": True}, status=410)
    raise Http404


def was_live(model: type[Document], slug: str) -> bool:
    return Edition.objects.of_kind(model).filter(slug=slug, live_from__lte=timezone.now()).exists()


def linked(*editions: Edition) -> dict[str, list[Edition]]:
    """By relation, the live editions of the documents that the editions name, in the order named: one query in all."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    for edition in editions:
        for relation in edition.model.snapshot.links:
            target = edition.model._meta.get_field(relation).related_model
            type_id = ContentType.objects.get_for_model(target).pk  # type: ignore[arg-type]
            wanted.setdefault(relation, []).extend((type_id, key) for key in edition.content.get(relation, []))
    keys = {key for keys in wanted.values() for key in keys}
    found = {(e.content_type_id, e.object_id): e for e in live_of(keys, editions[0].language)} if keys else {}
    return {relation: [found[key] for key in dict.fromkeys(keys) if key in found] for relation, keys in wanted.items()}


def live_of(keys: Iterable[tuple[int, int]], language: str) -> Iterable[Edition]:
    """The live editions of documents given as (content type, primary key)."""
    by_type: dict[int, list[int]] = {}
    for type_id, object_id in keys:
        by_type.setdefault(type_id, []).append(object_id)
    which = Q(pk__in=[])
    for type_id, ids in by_type.items():
        which |= Q(content_type_id=type_id, object_id__in=ids)
    return Edition.objects.live(language).filter(which)


def reviews(edition: Edition) -> list[SignOff]:
    """The approvals that an edition carries, clinicians' first; the page shows their role and day, not their name."""
    approvals = edition.sign_offs.filter(verdict=Verdict.APPROVE)
    return sorted(approvals, key=lambda s: (s.role != Role.MEDICAL, s.signed_at))
