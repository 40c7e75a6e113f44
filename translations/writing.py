"""What a translator does at the desk, row by row: write, look what the checks say, and get help."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publishing import richtext
from publishing.workflow import Refused

from . import acts, checking, memory, suggestions
from .answering import answer, index_of, is_script, unit_of
from .checks.pairs import Text
from .desk import rendered
from .doors import desk_view, of_number, opened
from .lines import Line, difference, plain_html, said
from .models import Translation, Unit


@desk_view("POST")
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """One row, over what its writer saw."""
    translation = of_number(request, pk)
    key, index, text = request.POST.get("key", ""), index_of(request), request.POST.get("text", "")
    if not acts.may_write(request.user, translation):
        return answer(request, pk, key, words=_("You may not write this language."), status=403)
    try:
        seen = {"seen_row": request.POST.get("seen", ""), "of": request.POST.get("of", "")}
        acts.write_row(translation, key, index, text, by=request.user, **seen)
    except Refused as refused:
        return answer(request, pk, key, words=str(refused), status=400)
    except acts.Stale as stale:
        return too_late(request, pk, key, text, stale)
    return answer(request, pk, key)


def too_late(request: HttpRequest, pk: int, key: str, text: str, stale: acts.Stale) -> HttpResponse:
    """Both texts: what is saved now, and what was sent; the writer chooses, and nothing is lost."""
    if not is_script(request):
        return kept_beside(request, pk, key, text, stale)
    unit, row = stale.unit, stale.row
    if unit is None or row is None:
        return answer(request, pk, key, words=_("The source has this text no more."), status=409, theirs=None)
    clean = richtext.clean(text) if unit.is_rich else text
    theirs = {
        "text": row.target,
        "html": richtext.clean(row.target) if unit.is_rich else plain_html(row.target),
        "mine": clean if unit.is_rich else plain_html(clean),
        "diff": difference(row.target, clean, unit.is_rich),
        "seen": acts.seen(row),
        "row": unit.rows.index(row),
    }
    return answer(request, pk, key, words=whose(unit, request.user), status=409, theirs=theirs)


def whose(unit: Unit, reader: Any) -> str:
    if unit.written_by is None or unit.written_at is None:
        return _("This text was changed after you had opened it.")
    when = date_format(timezone.localtime(unit.written_at), "TIME_FORMAT")
    if unit.written_by == reader:
        return _("You saved another text here yourself at %(when)s, after you had opened it.") % {"when": when}
    names = {"name": unit.written_by.get_full_name() or unit.written_by.get_username(), "when": when}
    return _("%(name)s saved another text here at %(when)s, after you had opened it.") % names


def kept_beside(request: HttpRequest, pk: int, key: str, text: str, stale: acts.Stale) -> HttpResponse:
    """The same without a script: the page, with what was written beside what is saved."""
    shown = opened(request, pk)
    entry = next((entry for entry in shown.entries if entry.unit.key == key), None)
    messages.error(request, whose(stale.unit, request.user) if stale.unit else _("The source has this text no more."))
    if entry and entry.lines:
        lines = (line for line in entry.lines if stale.row and line.seen == acts.seen(stale.row))
        next(lines, entry.lines[-1]).kept = text
    return rendered(request, shown, status=409)


@desk_view("POST")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the checks find in a row as it is being typed; writes nothing."""
    line = line_of(of_number(request, pk), request)
    unit = line.unit
    text = richtext.clean(request.POST.get("text", "")) if unit.is_rich else request.POST.get("text", "")
    findings = said(line.source, Text(text, line.languages[1], unit.is_rich), line.glossary)
    return JsonResponse({"html": render_to_string("admin/desk/_findings.html", {"findings": findings}, request)})


@desk_view("GET", "HEAD")
def help_with(request: HttpRequest, pk: int) -> HttpResponse:
    """What helps with one row: the glossary, the memory, and a suggestion that nobody has looked at yet."""
    line = line_of(of_number(request, pk), request)
    unit = line.unit
    text = suggestions.by_row(unit).get(line.index, "")
    return JsonResponse(
        {
            "terms": [{"number": each.number, "text": each.text, "name": each.name} for each in line.terms],
            "matches": remembered(line),
            "suggestion": {
                "text": text,
                "html": richtext.clean(text) if unit.is_rich else plain_html(text),
                "by": unit.suggested_by,
            }
            if text
            else None,
        }
    )


def line_of(translation: Translation, asked: HttpRequest) -> Line:
    """A row as it was last seen: nothing is locked for somebody who only types."""
    key = asked.POST.get("key", asked.GET.get("key", ""))
    unit, index = unit_of(translation, key), index_of(asked)
    if index >= len(unit.rows):
        raise Http404
    languages = translation.source_language, translation.language
    return Line(unit, unit.rows[index], index, languages, checking.glossary(*languages))


def remembered(line: Line) -> list[dict[str, Any]]:
    """The best that the memory has for any sentence of the row, each translation once."""
    source = line.source
    by_sentence = memory.best_by_sentence(source.stored, *line.languages, is_rich=source.is_rich)
    found = sorted((match for _sentence, each in by_sentence for match in each), key=lambda match: -match.score)
    once = {match.target: match for match in reversed(found)}
    best = sorted(once.values(), key=lambda match: -match.score)[:5]
    return [{"source": match.source, "target": match.target, "score": match.score} for match in best]
