"""How a public page finds its text: only ever through `Edition.objects.live()`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import paginator
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .models import Document, Edition, EditionQuerySet, Role, SignOff, Verdict

ENTRIES_PER_PAGE = 30
SHOWN = "Editions"
"""The header that says of which editions a page shows text: a copy is good for as long as all of them are live."""
CURRENT = "c"
"""Behind the key of the page's own edition, while nothing clinical has changed in its source: a copy has no banner."""
LONGEST_HEADER = 3000  # characters; web servers take 4 kB for all headers together


class Page:
    """One live edition as templates read it: `page.title`, `page.url`, and by its name whatever the edition holds.

    `linked` has, by relation, the pages of the live documents that it names; `link` fills it.
    """

    def __init__(self, edition: Edition, content: Mapping[str, Any] | None = None) -> None:
        self.edition = edition
        self.content = edition.content if content is None else content
        self.linked: dict[str, list[Page]] = {}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["content"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def title(self) -> str:
        return self.edition.title

    @property
    def url(self) -> str:
        return self.edition.get_absolute_url()

    def choice(self, name: str) -> str:
        """The label, in the reader's language, of a value that is one of a few."""
        return label(self.edition.model, name, self.content[name])


def label(model: type[models.Model], name: str, value: str) -> str:
    """The label of a choice; the bare value where a frozen text has one that is no longer offered."""
    choices = dict(model._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, value))


# One page -------------------------------------------------------------------------------------------------------------


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page to read: by GET or HEAD. Other methods are told so (405) before a POST is asked for its token (403)."""
    return csrf_exempt(require_safe(view))


def document_page(
    request: HttpRequest,
    model: type[Document],
    slug: str,
    template: str,
    more: Callable[[Page], Mapping[str, Any]] = lambda page: {},
) -> HttpResponse:
    """A document's public page in the active language.

    200 with the text where it is live, after a redirect if its address has changed; 410 with the reason where it was
    withdrawn; 200 with a notice, not to be indexed, where only another language is live; 410 where it was live once;
    else 404. A preview hands its edition over as `request.preview` and gets the same page.
    """
    ContentType.objects.get_for_models(*Document.__subclasses__())  # all at once, the first time
    if preview := getattr(request, "preview", None):
        edition = preview["edition"]
        same = Edition.objects.live().filter(content_type=edition.content_type, object_id=edition.object_id)
        alternates = list(same.exclude(language=edition.language).defer("content"))
        return edition_page(
            request, edition, template, more, {"alternates": alternates, "preview": preview, "noindex": True}
        )
    alternates = live_at(model, slug)
    here = next((edition for edition in alternates if edition.language == translation.get_language()), None)
    if here and here.slug == slug:
        return edition_page(request, here, template, more, {"alternates": alternates})
    if here:
        return redirect(here, permanent=True)
    last = last_live_at(model, slug)
    withdrawn = last if last and last.is_withdrawn() else None
    if alternates and not withdrawn:
        return render(request, "publishing/other_language.html", {"alternates": alternates, "noindex": True})
    if last or ever_live_at(model, slug).exists():
        context = {"withdrawn": withdrawn, "instead": instead_of(withdrawn) if withdrawn else None}
        # Without another language there is nowhere that the switch of languages could lead but home.
        return render(request, "410.html", {"alternates": alternates or None, "noindex": True, **context}, status=410)
    raise Http404


def edition_page(
    request: HttpRequest,
    edition: Edition,
    template: str,
    more: Callable[[Page], Mapping[str, Any]],
    context: dict[str, Any],
) -> HttpResponse:
    """The page of an edition; whoever calls this says why it may be read."""
    page = Page(edition)
    link([page])
    context |= {"page": page, "reviews": reviews(edition), "outdated_by": edition.outdated_by(), "footnotes": ()}
    context |= more(page)
    response = render(request, template, context)
    if "noindex" not in context:  # neither a preview nor an edition of the past
        keys = [*map(str, sorted(shown(context))), *([] if context["outdated_by"] else [f"{edition.pk}{CURRENT}"])]
        if len(named := " ".join(keys)) <= LONGEST_HEADER:  # a longer page is not kept
            response.headers[SHOWN] = named
    return response


def shown(thing: Any) -> set[int]:
    """The keys of the editions of which a page's context shows any text, however deep in it.

    What has pages of its own, such as a branch of a tree, is a dataclass, or says in `shown` which it has used.
    """
    if isinstance(thing, Page):
        return shown(thing.linked) | {thing.edition.pk}
    if isinstance(thing, Mapping):
        return shown(list(thing.values()))
    if isinstance(thing, list | tuple):
        return set().union(*map(shown, thing))
    if is_dataclass(thing):
        return shown([getattr(thing, field.name) for field in fields(thing)])
    return set(getattr(thing, "shown", ()))


def instead_of(withdrawn: Edition) -> Edition | None:
    """What is live now, in the same language, of the document that a withdrawal names to read instead."""
    named = withdrawn.read_instead
    if named is None:
        return None
    live = Edition.objects.live(withdrawn.language)
    return live.filter(content_type_id=named.content_type_id, object_id=named.object_id).first()


def live_at(model: type[Document], slug: str) -> list[Edition]:
    """The live editions, one a language, of the document that has this address now, else of the one that had it."""
    known = ever_live_at(model, slug).values("object_id")
    editions = Edition.objects.of_kind(model).live().filter(object_id__in=known)
    # The source is asked for its number only.
    editions = editions.select_related("source_edition").defer("source_edition__content")
    live = list(editions.order_by("-live_from", "language"))
    live.sort(key=lambda edition: edition.slug != slug)
    return [edition for edition in live if edition.object_id == live[0].object_id]


def ever_live_at(model: type[Document], slug: str) -> EditionQuerySet:
    return Edition.objects.of_kind(model).filter(slug=slug).was_live(timezone.now())


def last_live_at(model: type[Document], slug: str) -> Edition | None:
    """In the active language, the newest text that could ever be read of the document that had this address last."""
    number = ever_live_at(model, slug).order_by("-live_from").values("object_id")[:1]
    own = Edition.objects.of_kind(model).filter(object_id__in=number, language=translation.get_language())
    return own.was_live(timezone.now()).select_related("read_instead").defer("content").order_by("-live_from").first()


def reviews(edition: Edition) -> list[SignOff]:
    """The last approval in each role, clinicians' first; the page shows the role and the day, not the name."""
    if edition._state.adding:  # the preview of a draft
        return []
    latest = {sign_off.role: sign_off for sign_off in edition.sign_offs.filter(verdict=Verdict.APPROVE)}
    return sorted(latest.values(), key=lambda sign_off: sign_off.role != Role.MEDICAL)


# Several --------------------------------------------------------------------------------------------------------------


def link(pages: Iterable[Page]) -> None:
    """Gives each page the live documents that it names, in the order named: one query in all."""
    wanted = [(page, relation, key) for page in pages for relation, key in _named(page.edition)]
    found: dict[tuple[int, int], Page] = {}
    if wanted:
        live = Edition.objects.live(wanted[0][0].edition.language).filter(_is_one_of({key for *_rest, key in wanted}))
        found = {(edition.content_type_id, edition.object_id): Page(edition) for edition in live}
    for page, relation, key in wanted:
        if key in found:
            page.linked.setdefault(relation, []).append(found[key])


def brief(editions: EditionQuerySet, *names: str) -> list[Page]:
    """For lists: pages that hold only the named texts, those of them that there are, so that no body is loaded."""
    texts = {f"text_{name}": KT(f"content__{name}") for name in names}
    rows = editions.defer("content").annotate(**texts)
    return [
        Page(row, {name: text for name in names if (text := getattr(row, f"text_{name}")) is not None}) for row in rows
    ]


def paginated(request: HttpRequest, entries: Sequence[Any], per_page: int = ENTRIES_PER_PAGE) -> paginator.Page:
    """The page of entries that `?page=` asks for; 404 unless it is the plain number of one that there is."""
    number = request.GET.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,5}", number):
        raise Http404
    try:
        return paginator.Paginator(entries, per_page).page(int(number))
    except paginator.EmptyPage:
        raise Http404 from None


def _named(edition: Edition) -> Iterable[tuple[str, tuple[int, int]]]:
    """The documents that an edition names: relation, and kind and number."""
    for relation in edition.model.snapshot.links:
        target = edition.model._meta.get_field(relation).related_model
        kind = ContentType.objects.get_for_model(target)  # type: ignore[arg-type]
        for number in edition.content.get(relation, []):
            yield relation, (kind.pk, number)


def _is_one_of(keys: Iterable[tuple[int, int]]) -> Q:
    numbers: dict[int, list[int]] = {}
    for kind, number in keys:
        numbers.setdefault(kind, []).append(number)
    condition = Q(pk__in=[])
    for kind, of_kind in numbers.items():
        condition |= Q(content_type_id=kind, object_id__in=of_kind)
    return condition
