"""Answers a record that asks what there is to read for a diagnosis.

HL7 Context-Aware Knowledge Retrieval ("Infobutton"), URL-based implementation guide, release 4. The answer is a page
or, as the guide to knowledge responses has it, Atom or the same in JSON.

A code leads to the topics and terms that carry it; in ICD-10, where none does, to those of what it is a part of. Where
no code is known, the words that came with it are looked for in the glossary.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from articles.models import Article, Misconception, Topic
from glossary import codes, terminology
from glossary.models import Term
from glossary.views import by_title
from publishing import richtext
from publishing.models import Edition
from publishing.reading import Page, public
from publishing.templatetags.pages import html_lang

from . import gist
from .feeds import EPOCH, told
from .sitemaps import origin

ENTRIES = 30
MAX_WORDS = 300
CODE, SYSTEM = "mainSearchCriteria.v.c", "mainSearchCriteria.v.cs"
NAME, WORDS = "mainSearchCriteria.v.dn", "mainSearchCriteria.v.ot"
LANGUAGE, TASK, RECIPIENT = "informationRecipient.languageCode.c", "taskContext.c.c", "informationRecipient"
TYPE = "knowledgeResponseType"
ECHOED = (TASK, CODE, SYSTEM, NAME, WORDS, RECIPIENT, LANGUAGE)
HTML, ATOM, JSON = "text/html", "application/atom+xml", "application/json"
TYPES = {HTML: HTML, ATOM: ATOM, "application/xml": ATOM, "text/xml": ATOM, JSON: JSON}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@public
def infobutton(request: HttpRequest) -> HttpResponse:
    with translation.override(language_of(request)):
        response = answer(request)
        response["Content-Language"] = translation.get_language()
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response


def answer(request: HttpRequest) -> HttpResponse:
    """Nothing found, and nothing asked, is an answer too: one without an entry."""
    asked = {name: text for name in ECHOED if (text := richtext.clean_text(request.GET.get(name, ""))[:MAX_WORDS])}
    language = translation.get_language()
    pages = with_what_is_about(by_code(language, asked.get(SYSTEM, ""), asked.get(CODE, "")), language)
    if not pages:
        pages = by_words(language, f"{asked.get(NAME, '')}\n{asked.get(WORDS, '')}")
    wanted = TYPES.get(request.GET.get(TYPE, "")) or request.get_preferred_type([HTML, ATOM, JSON]) or HTML
    context = {
        "origin": origin(request),
        "self": request.build_absolute_uri(),
        "tag": f"tag:{request.get_host().partition(':')[0]},{EPOCH:%Y}",
        "site": gist.site_name(),
        "about": gist.about_site(),
        "entries": [(page, told(page)) for page in pages],
        "updated": max((page.edition.live_from or EPOCH for page in pages), default=EPOCH),
        "asked": asked,
        "name": asked.get(NAME) or asked.get(WORDS) or asked.get(CODE) or "",
        "noindex": True,
    }
    if wanted == JSON:
        return JsonResponse({"feed": as_json(context)}, json_dumps_params={"ensure_ascii": False})
    if wanted == ATOM:
        return render(request, "painsite/infobutton.xml", context, content_type=f"{ATOM}; charset=utf-8")
    return render(request, "painsite/infobutton.html", context)


def language_of(request: HttpRequest) -> str:
    """The patient's; if we have nothing in it, or it is not said, the one that the browser asks for."""
    primary = request.GET.get(LANGUAGE, "").lower().replace("_", "-").partition("-")[0]
    return LANGUAGES.get(primary) or get_language_from_request(request)


# What there is --------------------------------------------------------------------------------------------------------


def by_code(language: str, system: str, code: str) -> list[Page]:
    """Topics and terms with the code or, failing that, with the nearest one that it is a part of."""
    known = codes.SYSTEMS.get(system.removeprefix("urn:oid:"), "")
    code = codes.normal(known, code)
    if not code:
        return []
    wanted = list(codes.wider(known, code))
    has_one = Q()
    for each in wanted:
        has_one |= Q(text_codes__contains=f'"{each}"')
    kinds = ContentType.objects.get_for_models(Topic, Term).values()
    with_codes = Edition.objects.live(language).filter(content_type__in=kinds)
    live = with_codes.annotate(text_codes=KT("content__codes")).filter(has_one)
    found: dict[int, list[Page]] = {}
    for edition in live:
        own = {each["code"] for each in edition.content["codes"] if each["system"] == known}
        if places := [place for place, each in enumerate(wanted) if each in own]:
            found.setdefault(places[0], []).append(Page(edition))
    nearest = found[min(found)] if found else []
    return sorted(nearest, key=lambda page: (page.edition.model is not Topic, by_title(page)))


def with_what_is_about(pages: list[Page], language: str) -> list[Page]:
    """And then the articles and the facts that belong to these topics, or name these terms."""
    if not pages:
        return []
    named = Q()
    for page in pages:
        relation = "topics" if page.edition.model is Topic else "terms"
        named |= Q(pk__in=Edition.objects.pointing_to(page.edition, relation).values("pk"))
    live = Edition.objects.live(language).filter(named).order_by("-live_from", "-pk")
    about = [page for page in gist.pages(live) if page.edition.model in {Article, Misconception}]
    return [*pages, *sorted(about, key=lambda page: page.edition.model is not Article)][:ENTRIES]


def by_words(language: str, words: str) -> list[Page]:
    """The terms that the words name, in any of their names."""
    known = terminology.live(language)
    editions = {edition.object_id: edition for edition in known.editions}
    return [Page(editions[number]) for number in known.terms(words)][:ENTRIES]


# How it is told -------------------------------------------------------------------------------------------------------


def as_json(context: dict[str, Any]) -> dict[str, Any]:
    """The Atom feed as the guide has it in JSON: what an element holds is its `_value`."""
    language = html_lang(translation.get_language() or "")

    def name(edition: Edition) -> dict[str, str]:
        return {"_value": f"{context['tag']}:{edition.language}:{edition.kind}:{edition.object_id}"}

    def text(words: str) -> dict[str, str]:
        return {"type": "text", "_value": words}

    def when(moment: datetime.datetime | None) -> dict[str, str]:
        return {"_value": (moment or EPOCH).isoformat(timespec="seconds")}

    return {
        "xmlns": "http://www.w3.org/2005/Atom",
        "base": context["origin"],
        "lang": language,
        "title": text(context["site"]),
        "subtitle": text(context["about"]),
        "author": {"name": {"_value": context["site"]}, "uri": {"_value": context["origin"]}},
        "updated": when(context["updated"]),
        "id": {"_value": context["self"]},
        "category": [{"scheme": name, "term": said} for name, said in context["asked"].items()],
        "entry": [
            {
                "lang": language,
                "title": text(page.title),
                "link": [{"rel": "alternate", "type": HTML, "href": context["origin"] + page.url}],
                "id": name(page.edition),
                "updated": when(page.edition.live_from),
                "summary": text(said),
            }
            for page, said in context["entries"]
        ],
    }


def description(path: str) -> dict[str, Any]:
    """For the OpenAPI document."""

    def parameter(name: str, says: str, **schema: Any) -> dict[str, Any]:
        return {"in": "query", "name": name, "description": says, "schema": {"type": "string", **schema}}

    def content(types: Iterable[str], **schema: Any) -> dict[str, Any]:
        return {each: {"schema": schema} for each in types}

    page = content([HTML], type="string")
    found = content([HTML, ATOM], type="string") | content([JSON], type="object", required=["feed"])
    operation = {
        "operationId": "infobutton",
        "summary": "What there is to read for a code (HL7 Infobutton)",
        "description": "A code with its system, or words, are needed.",
        "tags": ["infobutton"],
        "parameters": [
            parameter(CODE, "The code, such as M54.5.", example="M54.5"),
            parameter(SYSTEM, "Its system, by OID or FHIR address.", example="2.16.840.1.113883.6.90"),
            parameter(NAME, "What the code stands for, in words.", example="Low back pain"),
            parameter(WORDS, "The words of the record."),
            parameter(LANGUAGE, "The patient’s language.", example="zh"),
            parameter(RECIPIENT, "PAT or PROV: the same texts for both, which are written for patients."),
            parameter(TASK, "Why it is asked; returned as it came."),
            parameter(TYPE, "How to answer; else as the Accept header says.", example=JSON),
        ],
        "responses": {
            200: {"description": "What was found, if anything", "content": found},
            400: {"description": "Not readable", "content": page},
            405: {"description": "Only to be read", "content": page},
            414: {"description": "Too long", "content": page},
        },
    }
    return {path: {"get": operation}}
