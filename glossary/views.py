from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from publishing.models import Edition
from publishing.reading import Page, brief, document_page, paginated, public

from . import mentions
from .collation import OTHER, SortKey, initial, sort_key
from .footnotes import Footnotes
from .models import Comparison, NameStatus, Term

TERMS_ON_ONE_PAGE = 100  # with more, one initial at a time


@public
def glossary(request: HttpRequest) -> HttpResponse:
    language = get_language()
    live = Edition.objects.of_kind(Term).live(language)
    terms = brief(live, "pinyin", "abbreviation", "definition")
    terms.sort(key=by_name)
    sections = [(letter, list(group)) for letter, group in groupby(terms, key=initial_of)]
    initials = [letter for letter, _group in sections]
    chosen = request.GET.get("initial")
    if chosen is None and len(terms) > TERMS_ON_ONE_PAGE:
        chosen = initials[0]
    if chosen is not None:
        sections = [(letter, group) for letter, group in sections if letter == chosen]
        if not sections:
            raise Http404
    context = {"sections": sections, "initials": initials, "chosen": chosen}
    return render(request, "glossary/glossary.html", context)


@public
def term(request: HttpRequest, slug: str) -> HttpResponse:
    return document_page(request, Term, slug, "glossary/term.html", around_term)


def around_term(page: Page) -> dict[str, Any]:
    live = Edition.objects.live(page.edition.language)
    comparisons = [Page(edition) for edition in live.pointing_to(page.edition, "first", "second")]
    footnotes = Footnotes(page)
    terms = {edition.object_id: Page(edition) for edition in footnotes.terminology.editions}
    for each in comparisons:
        each.linked = {side: [terms[key] for key in each.content[side] if key in terms] for side in ("first", "second")}
    return {
        "footnotes": footnotes,
        "names": [
            name
            for name in page.names
            if name["status"] == NameStatus.ADMITTED and name["language"] == page.edition.language
        ],
        "comparisons": comparisons,
        **named_in(page),
    }


def named_in(page: Page) -> dict[str, list[Page]]:
    """The articles and facts that mention a term or name it. They are of the app above, known here by their kinds."""
    live = Edition.objects.live(page.edition.language).pointing_to(page.edition, mentions.RELATION, "terms")
    found = {entry.edition.pk: entry for entry in brief(live, "summary", "verdict", "fact")}
    by_kind: dict[str, list[Page]] = {}
    for entry in sorted(found.values(), key=by_title):
        by_kind.setdefault(entry.edition.kind, []).append(entry)
    return {"articles": by_kind.get("article", []), "facts": by_kind.get("misconception", [])}


@public
def comparisons(request: HttpRequest) -> HttpResponse:
    live = Edition.objects.of_kind(Comparison).live(get_language())
    entries = sorted(brief(live, "introduction"), key=by_title)
    return render(request, "glossary/comparisons.html", {"entries": paginated(request, entries)})


@public
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    return document_page(
        request, Comparison, slug, "glossary/comparison.html", lambda page: {"footnotes": Footnotes(page)}
    )


def by_title(page: Page) -> SortKey:
    return sort_key(page.title, page.edition.language)


def by_name(term: Page) -> tuple[bool, SortKey]:
    """In the order of the dictionary; names without an initial, such as 3D, come last."""
    return initial_of(term) == OTHER, sort_key(term.title, term.edition.language, term.pinyin)


def initial_of(term: Page) -> str:
    return initial(term.title, term.edition.language, term.pinyin)
