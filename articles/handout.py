"""The hand-out: an edition for paper, in one language or in both.

What is printed is what is live, asked when it is asked for. Paper stays when a page is taken back, so it is stricter
than a page: a translation whose source has changed clinically is not printed at all, not even with a warning, and
neither is a fact, comparison or definition of a term beside it of which that is true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from glossary.footnotes import PrintedNotes
from publishing.models import Document, Edition
from publishing.reading import Page, document_page, label, link, live_at, public, reviews

from . import bilingual, printing
from .models import Article, Misconception, Warning
from .views import by_urgency

KINDS: dict[str, type[Document]] = {"article": Article, "misconception": Misconception}
BOTH = "both"


class Paper(models.TextChoices):
    A4 = "A4", _("A4")
    A5 = "A5", _("A5, half the size")


class TextSize(models.TextChoices):
    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large print")


class Options(forms.Form):
    """How it is to be printed; what is not said is as in the first choice."""

    paper = forms.ChoiceField(label=_("Paper"), choices=Paper.choices, required=False)
    text = forms.ChoiceField(label=_("Size of the text"), choices=TextSize.choices, required=False)
    languages = forms.ChoiceField(
        label=_("Languages"), choices=[*settings.LANGUAGES, (BOTH, _("Chinese and English"))], required=False
    )

    def __init__(self, data: Any = None, *, has_both: bool = True) -> None:
        super().__init__(data, auto_id="handout-%s")
        here = get_language() or settings.LANGUAGE_CODE
        offered = [(here, dict(settings.LANGUAGES).get(here, here)), (BOTH, _("Chinese and English"))]
        if not self.is_bound:
            self.fields["languages"].choices = offered if has_both else offered[:1]  # type: ignore[attr-defined]

    @cached_property
    def chosen(self) -> dict[str, str]:
        """Raises 404 for what nobody offers."""
        if not self.is_valid():
            raise Http404
        return {name: self.cleaned_data[name] or default for name, default in self._defaults.items()}

    @property
    def _defaults(self) -> dict[str, str]:
        return {"paper": Paper.A4.value, "text": TextSize.NORMAL.value, "languages": str(get_language())}

    @property
    def languages_wanted(self) -> list[str]:
        """The reader's own first."""
        chosen, here = self.chosen["languages"], str(get_language())
        if chosen != BOTH:
            return [chosen]
        return [here, *(code for code, _name in settings.LANGUAGES if code != here)]


# What may be printed --------------------------------------------------------------------------------------------------


class NotOnPaper(Exception):
    """Why a document that is live is not printed as it was asked for."""

    def __init__(self, title: str, *, is_outdated: bool = False, is_missing: bool = False) -> None:
        super().__init__(title)
        self.title = title
        self.is_outdated = is_outdated
        self.is_missing = is_missing


def sheet_of(editions: Iterable[Edition], languages: Sequence[str]) -> "Sheet":
    """Of the live editions of one document. Raises `NotOnPaper`."""
    by_language = {edition.language: edition for edition in editions}
    known = next(iter(by_language.values()))
    wanted = [by_language[language] for language in languages if language in by_language]
    title = wanted[0].title if wanted else known.title
    if len(wanted) < len(languages):
        raise NotOnPaper(title, is_missing=True)
    if any(is_outdated(edition, by_language) for edition in wanted):
        raise NotOnPaper(title, is_outdated=True)
    return Sheet([Column(edition, is_one_of_two=len(wanted) > 1) for edition in wanted])


def is_outdated(edition: Edition, by_language: dict[str, Edition]) -> bool:
    """No query where the live source is the very one that it translates."""
    source = edition.source_edition
    if source is None or ((live := by_language.get(source.language)) and live.pk == source.pk):
        return False
    return edition.outdated_by() is not None


def has_both(editions: Iterable[Edition]) -> bool:
    """Whether these, the live editions of a document, can be printed side by side."""
    by_language = {edition.language: edition for edition in editions}
    wanted = [by_language.get(language) for language, _name in settings.LANGUAGES]
    return all(edition and not is_outdated(edition, by_language) for edition in wanted)


# What is on it --------------------------------------------------------------------------------------------------------


class Column:
    """One language of a sheet."""

    def __init__(self, edition: Edition, *, is_one_of_two: bool = False) -> None:
        self.edition = edition
        self.language = edition.language
        self.page = Page(edition)
        # Two columns have no foot of the page in common: their notes stand at the end, side by side.
        self.notes = PrintedNotes(self.page, at_end=is_one_of_two)
        self.reviews = reviews(edition)
        link([self.page])
        for relation in ("misconceptions", "comparisons"):
            self.page.linked[relation] = not_outdated(self.page.linked.get(relation, []))
        link(self.page.linked["comparisons"])

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The most urgent first; how urgent, in the language of the column."""
        with translation.override(self.language):
            found = [
                {**warning, "urgency": label(Warning, "level", warning["level"])}
                for warning in self.page.content.get("warnings", [])
            ]
        return sorted(found, key=by_urgency)

    @property
    def address(self) -> str:
        return printed_address(self.edition)


def printed_address(edition: Edition) -> str:
    """Where the printed symbol leads."""
    with translation.override(edition.language):
        return reverse("articles:edition", args=[edition.pk])


def not_outdated(pages: list[Page]) -> list[Page]:
    if not any(page.edition.is_translation for page in pages):
        return pages
    numbers = [page.edition.pk for page in pages]
    good = set(Edition.objects.filter(pk__in=numbers).not_outdated(timezone.now()).values_list("pk", flat=True))
    return [page for page in pages if page.edition.pk in good]


Row = list[tuple[Column, Any]]
"""What stands side by side: a column and its part; None where this language has no such part."""


@dataclass
class Sheet:
    """One document; of two columns, the reader's own first."""

    columns: list[Column]
    options: dict[str, str] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        return self.columns[0].edition

    @property
    def whole(self) -> Row:
        return [(column, None) for column in self.columns]

    @property
    def is_article(self) -> bool:
        return self.edition.model is Article

    @property
    def warnings(self) -> list[Row]:
        return self._beside(lambda column: {row["id"]: row for row in column.warnings})

    @property
    def figures(self) -> list[Row]:
        return self._rows("figures")

    @property
    def questions(self) -> list[Row]:
        return self._rows("questions")

    @property
    def references(self) -> list[Row]:
        return self._rows("references")

    @property
    def facts(self) -> list[Row]:
        return self._linked("misconceptions")

    @property
    def comparisons(self) -> list[Row]:
        return self._linked("comparisons")

    @property
    def body(self) -> list[Row]:
        return self._text("body")

    @property
    def explanation(self) -> list[Row]:
        return self._text("explanation")

    @property
    def advice(self) -> list[Row]:
        return self._text("advice")

    def comparison_rows(self, comparison: Row) -> list[Row]:
        rows = [{row["id"]: row for row in page.rows} if page else {} for _column, page in comparison]
        return [
            [(column, (row.get(key), page)) for (column, page), row in zip(comparison, rows, strict=True)]
            for key in _in_order(rows)
        ]

    def _text(self, name: str) -> list[Row]:
        texts = [column.page.content.get(name) or "" for column in self.columns]
        if len(texts) == 1:
            return [[(self.columns[0], mark_safe(block))] for block in bilingual.blocks(texts[0])]
        return [
            [(column, mark_safe(block)) for column, block in zip(self.columns, pair, strict=True)]
            for pair in bilingual.pairs(*texts)
        ]

    def _rows(self, name: str) -> list[Row]:
        return self._beside(lambda column: {row["id"]: row for row in column.page.content.get(name, [])})

    def _linked(self, relation: str) -> list[Row]:
        return self._beside(lambda column: {page.edition.object_id: page for page in column.page.linked[relation]})

    def _beside(self, parts_of: Any) -> list[Row]:
        """Parts of one number are the same part in each language."""
        parts = [parts_of(column) for column in self.columns]
        return [
            [(column, part.get(key)) for column, part in zip(self.columns, parts, strict=True)]
            for key in _in_order(parts)
        ]


def _in_order(parts: Iterable[dict[int, Any]]) -> list[int]:
    return list(dict.fromkeys(key for part in parts for key in part))


def page_of(request: HttpRequest, sheets: Sequence[Sheet], options: Options) -> str:
    """The whole page of HTML that is printed: it brings its style along."""
    chosen = options.chosen
    context = {
        "sheets": sheets,
        "is_book": len(sheets) > 1,
        "is_double": len(sheets[0].columns) > 1,
        "is_narrow": chosen["text"] == TextSize.LARGE or chosen["paper"] == Paper.A5,  # for a table of three columns
        **chosen,
    }
    return render_to_string("articles/handout/page.html", context, request)


# The view -------------------------------------------------------------------------------------------------------------


@public
def article(request: HttpRequest, slug: str) -> HttpResponse:
    return handout(request, Article, slug)


@public
def fact(request: HttpRequest, slug: str) -> HttpResponse:
    return handout(request, Misconception, slug)


def handout(request: HttpRequest, model: type[Document], slug: str) -> HttpResponse:
    """The PDF of what is live at an address; of what is not, what its page says: moved, gone, not in this language."""
    options = Options(request.GET)
    languages = options.languages_wanted
    editions = {edition.language: edition for edition in live_at(model, slug)}
    here = editions.get(str(get_language()))
    if here is None:
        return document_page(request, model, slug, "")
    if here.slug != slug or (len(languages) == 1 and languages[0] in editions and languages[0] != here.language):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(
            address(editions.get(languages[0], here)) + (f"?{iri_to_uri(query)}" if query else "")
        )
    try:
        sheet = sheet_of(editions.values(), languages)
    except NotOnPaper as reason:
        return refuse(request, [reason], list(editions.values()))
    return send(request, page_of(request, [sheet], options), here.title)


def address(edition: Edition) -> str:
    """Of the hand-out of an edition's document, in the edition's language."""
    return f"{edition.get_absolute_url()}handout.pdf"


def refuse(request: HttpRequest, reasons: list[NotOnPaper], alternates: list[Edition] | None = None) -> HttpResponse:
    context = {"reasons": reasons, "alternates": alternates, "noindex": True}
    return render(request, "articles/handout_refused.html", context, status=409)


def send(request: HttpRequest, html: str, title: str, *, private: bool = False) -> HttpResponse:
    """The PDF; or while it is being made, a page that asks again by itself."""
    etag = f'"{printing.key(html)}"'
    if not private and (unchanged := get_conditional_response(request, etag=etag)):
        return unchanged
    try:
        response = HttpResponse(printing.printed(html), content_type="application/pdf")
    except printing.NotYet as wait:
        response = render(
            request, "articles/handout_waits.html", {"seconds": wait.seconds, "noindex": True}, status=503
        )
        response["Retry-After"] = str(wait.seconds)
        response._has_been_logged = True  # type: ignore[attr-defined]  # a queue is no error
        response["Cache-Control"] = "no-store"
        return response
    except printing.CannotPrint:
        response = render(request, "articles/handout_waits.html", {"noindex": True}, status=503)
        response["Cache-Control"] = "no-store"
        return response
    response["Content-Disposition"] = content_disposition_header(False, f"{title.replace('/', '-')}.pdf") or ""
    response["X-Robots-Tag"] = "noindex"
    # Asked for anew each time, because what it is made of can be withdrawn.
    response["Cache-Control"] = "private, no-store" if private else "no-cache"
    if not private:
        response["ETag"] = etag
    return response
