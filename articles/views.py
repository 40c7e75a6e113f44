from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from glossary.collation import SortKey
from glossary.footnotes import Footnotes
from glossary.views import by_title
from publishing.models import Edition
from publishing.outline import outline
from publishing.reading import Page, brief, document_page, label, link, paginated, public

from .models import Article, ArticleKind, Misconception, Topic, Warning
from .topictree import TopicTree

HEADINGS_THAT_NEED_CONTENTS = 3


@public
def topics(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/topics.html", {"facets": TopicTree(get_language()).by_facet()})


@public
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    return document_page(request, Topic, slug, "articles/topic.html", around_topic)


def around_topic(page: Page) -> dict[str, Any]:
    tree = TopicTree(page.edition.language, page)
    naming_it = Edition.objects.live(page.edition.language).pointing_to(page.edition, "topics")
    return {
        "footnotes": Footnotes(page),
        "above": tree.above(page),
        "branches": tree.under(page),
        "articles": sorted(brief(naming_it.of_kind(Article), "kind", "summary"), key=by_kind),
        "facts": sorted(brief(naming_it.of_kind(Misconception), "verdict", "fact"), key=by_title),
    }


@public
def articles(request: HttpRequest) -> HttpResponse:
    live = Edition.objects.of_kind(Article).live(get_language())
    entries = sorted(brief(live, "kind", "summary"), key=by_kind)
    return render(request, "articles/articles.html", {"entries": paginated(request, entries)})


@public
def article(request: HttpRequest, slug: str) -> HttpResponse:
    return document_page(request, Article, slug, "articles/article.html", around_article)


def around_article(page: Page) -> dict[str, Any]:
    link(page.linked.get("comparisons", []))
    body, headings = outline(page.body)
    warnings = [{**warning, "urgency": label(Warning, "level", warning["level"])} for warning in page.warnings]
    contents = headings if len(headings) >= HEADINGS_THAT_NEED_CONTENTS else []
    return {"body": mark_safe(body), "contents": contents, "warnings": warnings, "footnotes": Footnotes(page)}


@public
def facts(request: HttpRequest) -> HttpResponse:
    live = Edition.objects.of_kind(Misconception).live(get_language())
    entries = sorted(brief(live, "verdict", "fact"), key=by_title)
    return render(request, "articles/facts.html", {"entries": paginated(request, entries)})


@public
def fact(request: HttpRequest, slug: str) -> HttpResponse:
    return document_page(
        request, Misconception, slug, "articles/fact.html", lambda page: {"footnotes": Footnotes(page)}
    )


def by_kind(page: Page) -> tuple[int, SortKey]:
    kinds: list[str] = ArticleKind.values
    return kinds.index(page.kind) if page.kind in kinds else len(kinds), by_title(page)
