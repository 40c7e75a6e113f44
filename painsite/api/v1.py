"""A read-only interface over the live editions of one language at a time, described by `openapi.json` beside it.

Nothing may be kept longer than the next question: answers say `no-cache`, so that a program asks whether its copy still
holds (ETag, Last-Modified), and what is withdrawn is gone at once.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone, translation
from django.utils.http import http_date, urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from pydantic import Field

import articles.models as content
from articles.models import legend_lines
from articles.views import by_urgency
from glossary import models as glossary
from painsite import gist, infobutton
from painsite.context_processors import profile_or_default
from painsite.sitemaps import origin
from publishing import reading, richtext
from publishing.models import Document, Edition, EditionQuerySet, Role, SignOff, Verdict
from publishing.reading import Page, brief, label, live_at

from . import schemas
from .problems import CONTENT_TYPE, language_of, problem
from .schemas import Json, Language

KINDS: dict[type[Document], str] = {
    content.Article: "article",
    content.Misconception: "fact",
    glossary.Term: "term",
    content.Topic: "topic",
}
EXPECTED = {
    "language": gettext_lazy("The languages are zh-hans and en."),
    "page": gettext_lazy("A whole number from 1 to 10000."),
    "pageSize": gettext_lazy("A whole number from 1 to 100."),
    "changedSince": gettext_lazy("A time with its offset from UTC, such as 2026-03-01T00:00:00+08:00."),
    "topic": gettext_lazy("The last part of a topic’s address, of at most 80 characters."),
}
BEGINNING = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}


class Api(NinjaAPI):
    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """Refusals are problem+json; and the address that answers records (`/infobutton`) is described here too."""
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for status, response in methods["get"]["responses"].items():
                response["description"] = HTTPStatus(status).phrase
                if status >= 400:
                    response["content"] = {CONTENT_TYPE: response["content"].popitem()[1]}
        schema["paths"] |= infobutton.description(f"/{reverse('infobutton').lstrip('/')}")
        return schema


api = Api(
    title="painsite",
    version="1",
    description="Patient information of the pain department: live editions only, one language at a time.",
    urls_namespace="api-v1",
    docs_url=None,  # its pages load from elsewhere
    renderer=Renderer(),
)


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """In the language of the address; by GET or HEAD alone; with an ETag, and 304 to who has that already."""

    @csrf_exempt
    @conditional_page
    @wraps(view)
    def wrapped(request: HttpRequest, **values: Any) -> HttpResponse:
        with translation.override(language_of(request)):
            if request.method not in {"GET", "HEAD"}:
                response: HttpResponse = problem(405)
                response["Allow"] = "GET, HEAD"
                return response
            asked, request.method = request.method, "GET"  # all that ninja's views know
            response = view(request, **values)
            request.method = asked
            response["Content-Language"] = translation.get_language()
            response.headers.setdefault("Cache-Control", "no-cache")
            return response

    return wrapped


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """In words of ours: pydantic's are English and speak of types."""
    places = {(str(each["loc"][0]), str(each["loc"][-1])) for each in error.errors}
    errors = [{"place": place, "name": name, "detail": str(EXPECTED.get(name, ""))} for place, name in sorted(places)]
    if any(place == "path" for place, _name in places):
        return problem(404, " ".join(each["detail"] for each in errors))
    return problem(422, errors=errors)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404)


@api.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # as in any other view


# Lists ----------------------------------------------------------------------------------------------------------------


class Paging(Schema):
    page: schemas.PageNumber = 1
    page_size: schemas.PageSize = Field(30, alias="pageSize")
    changed_since: schemas.Since = Field(None, alias="changedSince")


class Filters(Paging):
    topic: schemas.About = None


REFUSED = dict.fromkeys((400, 404, 405, 414), schemas.Problem)
REFUSALS = {**REFUSED, 422: schemas.Problem}
WITHDRAWN = {301: None, **REFUSED, 410: schemas.Problem}
RELATIONS: dict[type[Document], str] = {content.Topic: "parent"}


@api.get("/{language}/articles", response={200: schemas.Articles, 304: None, **REFUSALS}, by_alias=True, tags=["lists"])
def articles(request: HttpRequest, response: HttpResponse, language: Language, asked: Query[Filters]) -> Any:
    """Articles, the newest first."""
    return listed(request, response, content.Article, asked, schemas.Articles, article_entry, "kind")


@api.get("/{language}/facts", response={200: schemas.Facts, 304: None, **REFUSALS}, by_alias=True, tags=["lists"])
def facts(request: HttpRequest, response: HttpResponse, language: Language, asked: Query[Filters]) -> Any:
    """Questions that patients ask, with a verdict on what is often believed, and the fact."""
    return listed(request, response, content.Misconception, asked, schemas.Facts, fact_entry)


@api.get("/{language}/terms", response={200: schemas.Terms, 304: None, **REFUSALS}, by_alias=True, tags=["lists"])
def terms(request: HttpRequest, response: HttpResponse, language: Language, asked: Query[Paging]) -> Any:
    """The glossary."""
    names = ("abbreviation", "pinyin", "category")
    return listed(request, response, glossary.Term, asked, schemas.Terms, term_entry, *names)


@api.get("/{language}/topics", response={200: schemas.Topics, 304: None, **REFUSALS}, by_alias=True, tags=["lists"])
def topics(request: HttpRequest, response: HttpResponse, language: Language, asked: Query[Filters]) -> Any:
    """Pain by course, part of the body, source and situation. With `topic`, those right under that one."""
    return listed(request, response, content.Topic, asked, schemas.Topics, topic_entry, "facet")


def listed(
    request: HttpRequest,
    response: HttpResponse,
    model: type[Document],
    asked: Paging,
    schema: Callable[..., schemas.Paged],
    entry: Callable[[Page], Json],
    *names: str,
) -> Any:
    live = Edition.objects.of_kind(model).live(get_language())
    if asked.changed_since:
        # Nothing is older or yet to come; and a year at either end of the calendar overflows in another time zone.
        live = live.filter(live_from__gte=max(BEGINNING, min(asked.changed_since, timezone.now())))
    if slug := getattr(asked, "topic", None):
        topic = Edition.objects.of_kind(content.Topic).live(get_language()).filter(slug=slug).defer("content").first()
        if topic is None:
            return problem(404, _("There is no such topic."))
        live = live.pointing_to(topic, RELATIONS.get(model, "topics"))
    paginator = Paginator(live.order_by("-live_from", "-pk"), asked.page_size)
    if asked.page > paginator.num_pages:
        return problem(404, _("There are not so many pages."))
    here = paginator.page(asked.page)
    pages = brief(here.object_list, *gist.NAMES, *names)  # type: ignore[arg-type]
    date(response)

    def address(number: int) -> str:
        query = asked.model_dump(by_alias=True, exclude_defaults=True, mode="json") | {"page": number}
        return f"{origin(request)}{request.path}?{urlencode(query)}"

    return schema(
        count=paginator.count,
        page=asked.page,
        pages=paginator.num_pages,
        next=address(here.next_page_number()) if here.has_next() else None,
        previous=address(here.previous_page_number()) if here.has_previous() else None,
        items=[known | entry(page) for page, known in zip(pages, said_of(request, pages), strict=True)],
    )


# One document ---------------------------------------------------------------------------------------------------------


@api.get(
    "/{language}/articles/{slug}", response={200: schemas.Article, 304: None, **WITHDRAWN}, by_alias=True, tags=["one"]
)
def article(request: HttpRequest, response: HttpResponse, language: Language, slug: str) -> Any:
    def more(page: Page) -> Json:
        return {
            **article_entry(page),
            "warnings": [
                {**warning, "level": choice(content.Warning, "level", warning["level"])}
                for warning in sorted(page.warnings, key=by_urgency)
            ],
            "body": rich(page.body),
            "figures": [
                {**figure, "legend": legend_lines(figure["legend"])} for figure in page.content.get("figures", [])
            ],
            "questions": [question["text"] for question in page.content.get("questions", [])],
            "references": page.references,
            "facts": links(request, page, "misconceptions"),
            **{name: links(request, page, name) for name in ("topics", "comparisons", "related")},
        }

    return document(request, response, content.Article, slug, schemas.Article, more)


@api.get("/{language}/facts/{slug}", response={200: schemas.Fact, 304: None, **WITHDRAWN}, by_alias=True, tags=["one"])
def fact(request: HttpRequest, response: HttpResponse, language: Language, slug: str) -> Any:
    def more(page: Page) -> Json:
        return {
            **fact_entry(page),
            "misconception": page.misconception,
            "explanation": rich(page.explanation),
            "advice": rich(page.advice),
            "references": page.references,
            **{name: links(request, page, name) for name in ("topics", "terms")},
        }

    return document(request, response, content.Misconception, slug, schemas.Fact, more)


@api.get("/{language}/terms/{slug}", response={200: schemas.Term, 304: None, **WITHDRAWN}, by_alias=True, tags=["one"])
def term(request: HttpRequest, response: HttpResponse, language: Language, slug: str) -> Any:
    def more(page: Page) -> Json:
        admitted = [name["text"] for name in page.names if name["status"] == glossary.NameStatus.ADMITTED]
        return {
            **term_entry(page),
            "explanation": rich(page.explanation),
            "names": admitted,
            "codes": page.content.get("codes", []),
            "see_also": links(request, page, "see_also"),
        }

    return document(request, response, glossary.Term, slug, schemas.Term, more)


@api.get(
    "/{language}/topics/{slug}", response={200: schemas.Topic, 304: None, **WITHDRAWN}, by_alias=True, tags=["one"]
)
def topic(request: HttpRequest, response: HttpResponse, language: Language, slug: str) -> Any:
    def more(page: Page) -> Json:
        parent = links(request, page, "parent")
        return {
            **topic_entry(page),
            "codes": page.content.get("codes", []),
            "parent": parent[0] if parent else None,
        }

    return document(request, response, content.Topic, slug, schemas.Topic, more)


def document(
    request: HttpRequest,
    response: HttpResponse,
    model: type[Document],
    slug: str,
    schema: Callable[..., schemas.Entry],
    more: Callable[[Page], Json],
) -> Any:
    """As at its page for people (`reading.document_page`): 200, 301 after a move, 404, 410 with the reason."""
    live = live_at(model, slug)
    here = next((edition for edition in live if edition.language == get_language()), None)
    if here and here.slug != slug:
        return HttpResponsePermanentRedirect(href(request, here))
    if here is None:
        return gone(request, model, slug, live)
    page = Page(here)
    reading.link([page])
    date(response)
    (known,) = said_of(request, [page])
    return schema(**known, **more(page), languages=sorted(edition.language for edition in live))


def gone(request: HttpRequest, model: type[Document], slug: str, elsewhere: Sequence[Edition]) -> HttpResponse:
    last = reading.last_live_at(model, slug)
    withdrawn = last if last and last.is_withdrawn() else None
    if elsewhere and not withdrawn:
        languages = sorted(edition.language for edition in elsewhere)
        return problem(404, _("This document is not in this language."), languages=languages)
    if not (last or reading.ever_live_at(model, slug).exists()):
        return problem(404)
    instead = reading.instead_of(withdrawn) if withdrawn else None
    more = {"instead": link(request, Page(instead)).model_dump()} if instead else {}
    return problem(410, withdrawn.withdrawal_reason if withdrawn else "", **more)


@api.get("/{language}/department", response={200: schemas.Department, 304: None, **REFUSED}, by_alias=True)
def department(request: HttpRequest, language: Language) -> Any:
    """What the department says of itself."""
    profile = profile_or_default()
    return schemas.Department(**{name: getattr(profile, name) or "" for name in schemas.Department.model_fields})


# Parts of an answer ---------------------------------------------------------------------------------------------------


def said_of(request: HttpRequest, pages: Sequence[Page]) -> list[Json]:
    """What is said of every document, for several at once: two queries in all."""
    keys = [page.edition.pk for page in pages]
    signed: dict[int, dict[str, SignOff]] = {}
    for sign_off in SignOff.objects.filter(edition__in=keys, verdict=Verdict.APPROVE):
        signed.setdefault(sign_off.edition_id, {})[sign_off.role] = sign_off  # in the order of their times
    current = set(with_current_source(Edition.objects.filter(pk__in=keys)))
    return [entry_of(request, page, signed.get(page.edition.pk, {}), current) for page in pages]


def with_current_source(editions: EditionQuerySet) -> Iterable[int]:
    return editions.not_outdated(timezone.now()).values_list("pk", flat=True)


def entry_of(request: HttpRequest, page: Page, signed: dict[str, SignOff], current: set[int]) -> Json:
    edition = page.edition
    medical = signed.get(Role.MEDICAL)
    return {
        "kind": kind_of(edition),
        "id": edition.object_id,
        "language": edition.language,
        "slug": edition.slug,
        "title": page.title,
        "summary": gist.gist(page),
        "edition": edition.number,
        "live_from": timezone.localtime(edition.live_from),
        "expires": edition.ends_at,
        "last_reviewed": timezone.localdate(medical.signed_at) if medical else None,
        "reviewed_by": [
            {
                "role": {"value": sign_off.role, "label": str(sign_off.get_role_display())},
                "on": timezone.localdate(sign_off.signed_at),
            }
            for sign_off in sorted(signed.values(), key=lambda each: each.role != Role.MEDICAL)
        ],
        "next_review": edition.review_due,
        "review_overdue": edition.is_review_overdue(),
        "outdated": edition.is_translation and edition.pk not in current,
        "url": origin(request) + page.url,
        "href": href(request, edition),
    }


def article_entry(page: Page) -> Json:
    return {"about": choice(content.Article, "kind", page.kind)}


def fact_entry(page: Page) -> Json:
    return {"verdict": choice(content.Misconception, "verdict", page.verdict), "fact": page.fact}


def term_entry(page: Page) -> Json:
    category = choice(glossary.Term, "category", page.category)
    return {"abbreviation": page.abbreviation, "pinyin": page.pinyin, "category": category}


def topic_entry(page: Page) -> Json:
    return {"facet": choice(content.Topic, "facet", page.facet)}


def choice(model: Any, name: str, value: str) -> Json:
    return {"value": value, "label": label(model, name, value)}


def rich(value: str) -> Json:
    html = richtext.clean(value or "")  # once more on its way out
    return {"html": html, "text": richtext.plain_text(html)}


def links(request: HttpRequest, page: Page, relation: str) -> list[schemas.Link]:
    return [link(request, each) for each in page.linked.get(relation, [])]


def link(request: HttpRequest, page: Page) -> schemas.Link:
    return schemas.Link(
        kind=kind_of(page.edition), slug=page.edition.slug, title=page.title, url=origin(request) + page.url
    )


def kind_of(edition: Edition) -> str:
    return KINDS.get(edition.model, edition.kind)


def href(request: HttpRequest, edition: Edition) -> str:
    return origin(request) + reverse(f"api-v1:{kind_of(edition)}", args=[edition.language, edition.slug])


def date(response: HttpResponse) -> None:
    """Last-Modified: when anything last began or ceased to be live, or its review to be overdue, in any language,
    because an answer names others.

    Left out in the very second of a change: the header counts in seconds, and there may be another one within it.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    lapsed = today - datetime.timedelta(days=settings.REVIEW_GRACE_DAYS + 1)
    overdue_after = datetime.timedelta(days=settings.REVIEW_OVERDUE_DAYS)
    times = Edition.objects.order_by().aggregate(
        begun=Max("live_from", filter=Q(live_from__lte=now)),
        ended=Max("live_until", filter=Q(live_until__lte=now)),
        lapsed=Max("review_due", filter=Q(review_due__lte=lapsed, live_from__isnull=False)),
        overdue=Max("review_due", filter=Q(review_due__lte=today - overdue_after, live_from__isnull=False)),
    )
    if times["overdue"]:
        began = datetime.datetime.combine(times["overdue"] + overdue_after, datetime.time.min)
        times["overdue"] = timezone.make_aware(began)
    if times["lapsed"]:
        times["lapsed"] = Edition(review_due=times["lapsed"]).ends_at
    changed = max(filter(None, times.values()), default=None)
    if changed and int(changed.timestamp()) < int(now.timestamp()):
        response["Last-Modified"] = http_date(changed.timestamp())


patterns, app_name, namespace = api.urls
for pattern in patterns:
    assert isinstance(pattern, URLPattern)
    pattern.callback = answered(pattern.callback)
urls = (patterns, app_name, namespace)
