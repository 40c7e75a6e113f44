from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Misconception, Topic
from articles.topictree import topics_of
from glossary.collation import sort_key
from glossary.models import Comparison, Term
from publishing import richtext
from publishing.models import Document, Edition, EditionQuerySet
from publishing.reading import Page, brief, paginated, public

from . import excerpts, missed, text
from .finding import LONGEST, Found, find, suggestions
from .indexing import text_of

RESULTS_PER_PAGE = 10
KINDS: dict[str, tuple[type[Document], Any]] = {
    "article": (Article, _("Articles")),
    "misconception": (Misconception, _("Questions and facts")),
    "term": (Term, _("Words explained")),
    "topic": (Topic, _("Topics")),
    "comparison": (Comparison, _("Comparisons")),
}
GISTS = {"misconception": "fact", "term": "definition", "topic": "summary", "comparison": "introduction"}
"""What is shown of a result; of an article, the part that was looked for."""


@dataclass
class Result:
    """A page that was found, as templates read it."""

    page: Page
    title: SafeString
    text: SafeString
    is_answer: bool
    """Whether it answers by itself: a definition, or what we say of a belief."""

    @property
    def kind(self) -> str:
        return self.page.edition.kind

    @property
    def kind_name(self) -> Any:
        return KINDS[self.kind][1]


@dataclass(frozen=True)
class SameSearch:
    """The same question, narrowed alike, in another language, for the switch of languages."""

    language: str
    question: str
    chosen: dict[str, str] = field(default_factory=dict)

    def get_absolute_url(self) -> str:
        with translation.override(self.language):
            return address(self.question, **self.chosen)


def address(question: str, **chosen: str) -> str:
    query = {"q": question, **chosen}
    return f"{reverse('search:search')}?{urlencode({name: value for name, value in query.items() if value})}"


@public
def search(request: HttpRequest) -> HttpResponse:
    language = get_language() or ""
    question = asked(request)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "topic")}
    topics = topics_in_use(language)
    found = find(question, language, among(language, chosen, topics))
    entries = paginated(request, found.keys, RESULTS_PER_PAGE)
    is_filtered = any(chosen.values())
    context: dict[str, Any] = {
        "question": question,
        "found": found,
        "entries": entries,
        "results": results(found, list(entries), language),
        "chosen": chosen,
        "is_filtered": is_filtered,
        "kinds": {name: label for name, (_model, label) in KINDS.items()},
        "topics": topics,
        "kept": urlencode({name: value for name, value in {"q": question, **chosen}.items() if value}),
        "whole": address(question),
        "meant": address(found.meant) if found.meant else "",
        "alternates": [SameSearch(code, question, chosen) for code in elsewhere(None)],
        "back": address(question, **chosen),
        "noindex": True,
    }
    if question and not found.keys and not is_filtered:
        if request.method == "GET":
            missed.record(question, language)
        context["elsewhere"] = [
            (code, SameSearch(code, question), len(find(question, code).keys)) for code in elsewhere(language)
        ]
    return render(request, "search/search.html", context)


def asked(request: HttpRequest) -> str:
    """The question, without what no text can hold, and not endless."""
    typed = richtext.clean_text(request.GET.get("q", "")[: 10 * LONGEST])
    return " ".join(typed.replace("\ufffd", " ").split())[:LONGEST]


def elsewhere(language: str | None) -> list[str]:
    return [code for code, _name in settings.LANGUAGES if code != language]


def among(language: str, chosen: dict[str, str], topics: list[Page]) -> EditionQuerySet | None:
    """What is live of the kind and the topic chosen; None for everything, 404 for what cannot be chosen."""
    if not any(chosen.values()):
        return None
    live = Edition.objects.live(language)
    if kind := chosen["kind"]:
        if kind not in KINDS:
            raise Http404
        live = live.of_kind(KINDS[kind][0])
    if slug := chosen["topic"]:
        topic = next((topic for topic in topics if topic.edition.slug == slug), None)
        if topic:
            live = live.pointing_to(topic.edition, "topics")
        elif topics_of(Edition.objects.live()).filter(slug=slug).exists():
            live = live.none()  # chosen in another language, where there are pages about it
        else:
            raise Http404
    return live


def topics_in_use(language: str) -> list[Page]:
    """The live topics of live pages, by name."""
    live = topics_of(Edition.objects.live(language), language)
    return sorted(brief(live), key=lambda topic: sort_key(topic.title, language))


def results(found: Found, keys: list[int], language: str) -> list[Result]:
    tokens = text.query(found.query)
    editions = Edition.objects.live(language).in_bulk(keys)
    return [
        result(editions[key], tokens, is_answer=key == found.keys[0] and answers(editions[key], tokens, found))
        for key in keys
        if key in editions
    ]


def answers(edition: Edition, tokens: list[str], found: Found) -> bool:
    """Whether it says by itself what was asked for: a term that the question names, a fact that asks much the same.

    What merely comes first is no answer: who asks if painkillers make addicted is not told of anything else “in short”.
    """
    asked = {token for token in tokens if token[0] != "~"}
    words = {token for token in asked if token[0] != "_"} or asked
    if edition.kind == "term":
        return edition.pk in found.spoken_of.union(found.named)
    if edition.kind != "misconception":
        return False
    said = text.tokens(f"{edition.title}\n{edition.content['misconception']}", singles=True)
    return 2 * len(words & set(said)) >= len(words)


def result(edition: Edition, tokens: list[str], is_answer: bool) -> Result:
    page = Page(edition)
    if gist := GISTS.get(edition.kind):
        shown = excerpts.marked(page.content[gist], tokens)
    else:
        whole = text_of(edition)
        shown = excerpts.excerpt(f"{whole.message}\n{whole.body}", tokens)
    return Result(
        page=page,
        title=excerpts.marked(page.title, tokens),
        text=shown,
        is_answer=is_answer,
    )


@public
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by a beginning, as browsers ask it (OpenSearch Suggestions): the beginning, and a list."""
    beginning = asked(request)
    return JsonResponse(
        [beginning, suggestions(beginning, get_language() or "")],
        safe=False,
        content_type="application/x-suggestions+json",
        json_dumps_params={"ensure_ascii": False},
    )


@public
def opensearch(request: HttpRequest) -> HttpResponse:
    """https://github.com/dewitt/opensearch: how a browser puts its own questions to this site."""
    origin = f"{request.scheme}://{request.get_host()}"
    context = {"origin": origin, "icon": origin + static("painsite/icon-192.png")}
    kind = "application/opensearchdescription+xml"
    return render(request, "search/opensearch.xml", context, content_type=f"{kind}; charset=utf-8")
