from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from glossary.collation import SortKey
from glossary.footnotes import Footnotes
from glossary.views import by_title
from publishing.models import Edition
from publishing.outline import outline
from publishing.reading import Page, brief, document_page, label, link, paginated, public

from .models import Article, ArticleKind, Misconception, Topic, Urgency, VerdictOnMyth, Warning
from .topictree import TopicTree, topics_of

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
    warnings.sort(key=by_urgency)
    contents = headings if len(headings) >= HEADINGS_THAT_NEED_CONTENTS else []
    return {"body": mark_safe(body), "contents": contents, "warnings": warnings, "footnotes": Footnotes(page)}


@public
def facts(request: HttpRequest) -> HttpResponse:
    """All, or those with one verdict, about one topic, or both. What is offered to choose from is never empty."""
    live = Edition.objects.of_kind(Misconception).live(get_language())
    topics = brief(topics_of(live, get_language()))
    chosen = {name: request.GET.get(name, "") for name in ("verdict", "topic")}
    if slug := chosen["topic"]:
        topic = next((topic for topic in topics if topic.edition.slug == slug), None)
        if topic:
            live = live.pointing_to(topic.edition, "topics")
        elif topics_of(Edition.objects.of_kind(Misconception).live()).filter(slug=slug).exists():
            live = live.none()  # chosen in another language, where there are some
        else:
            raise Http404
    entries = brief(live, "verdict", "fact")
    if verdict := chosen["verdict"]:
        if verdict not in VerdictOnMyth:
            raise Http404
        entries = [entry for entry in entries if entry.verdict == verdict]
    context = {
        "entries": paginated(request, sorted(entries, key=by_title)),
        "topics": sorted(topics, key=by_title),
        "verdicts": VerdictOnMyth.choices,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "kept": urlencode({name: value for name, value in chosen.items() if value}),
    }
    return render(request, "articles/facts.html", context)


@public
def fact(request: HttpRequest, slug: str) -> HttpResponse:
    return document_page(
        request, Misconception, slug, "articles/fact.html", lambda page: {"footnotes": Footnotes(page)}
    )


def by_kind(page: Page) -> tuple[int, SortKey]:
    kinds: list[str] = ArticleKind.values
    return kinds.index(page.kind) if page.kind in kinds else len(kinds), by_title(page)


def by_urgency(warning: dict[str, Any]) -> int:
    """Emergencies first; editors' order among warnings of one level."""
    levels: list[str] = Urgency.values
    return -levels.index(warning["level"]) if warning["level"] in levels else 1
