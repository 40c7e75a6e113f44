"""The translators' desk: one translation side by side with its source, and what people do there.

Every act answers a script with JSON (the texts that look otherwise now, as HTML, and the progress) and a plain form by
leading back to the page. What was refused is said in words; what somebody else wrote meanwhile is shown beside it (409).
"""

import importlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media, Script

from publishing import richtext
from publishing.models import Document
from publishing.workflow import Refused

from . import acts, rows, sheet
from .checks.pairs import Text
from .models import Presence, Translation, Unit
from .sheet import Entry, Line, Sheet

View = Callable[..., HttpResponse]

SCRIPTS = Media(
    importmap=ImportMap({"desk/writing": "translations/writing.js"}),
    js=[Script("translations/desk.js", type="module")],
)
KEYS = [
    (["Ctrl Enter"], gettext_lazy("save, and on to the next row")),
    (["Alt ↓", "Alt ↑"], gettext_lazy("next row, previous row")),
    (["Alt N"], gettext_lazy("next row that has to be done")),
    (["Alt C"], gettext_lazy("copy the source into the translation")),
    (["Alt 1", "…", "Alt 9"], gettext_lazy("insert the name of a term")),
    (["Alt Shift 1", "…", "Alt Shift 5"], gettext_lazy("insert what the memory has")),
    (["Alt I"], gettext_lazy("insert the suggestion")),
    (["Alt A"], gettext_lazy("approve this text")),
    (["Alt R"], gettext_lazy("send this text back")),
    (["Alt M"], gettext_lazy("comment on this text")),
    (["Alt P"], gettext_lazy("show or close the preview")),
    (["Esc"], gettext_lazy("leave the field")),
    (["?", "Alt /"], gettext_lazy("this list")),
]
"""As `translations/desk.js` knows them."""


def desk_view(*methods: str) -> Callable[[View], View]:
    """For who works here: behind the login, and only what these methods ask."""

    def decorate(view: View) -> View:
        @require_http_methods(methods)
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm("translations.view_translation"):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return admin.site.admin_view(wrapped)  # type: ignore[return-value]

    return decorate


def of_number(request: HttpRequest, pk: int) -> Translation:
    translation = get_object_or_404(Translation.objects.select_related("assignee", "content_type"), pk=pk)
    opts = translation.model._meta
    if not request.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
        raise PermissionDenied
    return translation


def opened(request: HttpRequest, pk: int) -> Sheet:
    """With its units brought to what the draft says now."""
    translation = of_number(request, pk)
    with transaction.atomic():
        document = acts.begin(translation)
    if document is None:
        raise Http404
    return Sheet(translation, document, request.user)


def url(translation: Translation) -> str:
    return reverse("desk:sheet", args=[translation.pk])


# The page -------------------------------------------------------------------------------------------------------------


@desk_view("GET", "HEAD")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return rendered(request, opened(request, pk))


def rendered(request: HttpRequest, shown: Sheet, status: int = 200) -> HttpResponse:
    translation, opts = shown.translation, shown.document._meta
    names = dict(settings.LANGUAGES)
    editor = AdminProseEditorWidget(config={"extensions": richtext.EDITOR_EXTENSIONS}, preset="configurable")
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": translation.title,
        "subtitle": names[translation.language],
        "opts": opts,
        "sheet": shown,
        "translation": translation,
        "original": shown.document,
        "source_name": names[translation.source_language],
        "target_name": names[translation.language],
        "media": Media.from_media(editor.media + SCRIPTS, nonce=request.csp_nonce),  # type: ignore[attr-defined]
        "desk_settings": settings_for(request, shown, editor.get_config()),
        "keys": KEYS,
        "others": others(request, translation),
        "legend": sheet.LEGEND,
        "draft_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[shown.document.pk]),
        "submit_url": submit_url(shown) if shown.may_write else "",
        "preview_url": preview_url(request, shown),
    }
    return TemplateResponse(request, "admin/desk/sheet.html", context, status=status)


def settings_for(request: HttpRequest, shown: Sheet, editor: dict[str, Any]) -> dict[str, Any]:
    """What the script has to know."""
    key = shown.translation.pk
    return {
        "editor": editor,
        "user": request.user.pk,
        "translation": key,
        "stamp": stamp(shown.translation),
        "mayWrite": shown.may_write,
        "login": f"{reverse('admin:login')}?next={reverse('desk:queue')}",
        "urls": {name: reverse(f"desk:{name}", args=[key]) for name in ("save", "check", "help", "here")},
    }


def submit_url(shown: Sheet) -> str:
    opts = shown.document._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_submit"
    return reverse(name, args=[shown.document.pk, shown.translation.language])


def preview_url(request: HttpRequest, shown: Sheet) -> str:
    if not request.user.has_perm("publishing.view_edition"):
        return ""
    document = shown.document
    values = [document._meta.label_lower, document.pk, shown.translation.language]
    return reverse("admin:publishing_preview_draft", args=values)


@desk_view("GET", "HEAD")
def of_document(request: HttpRequest, label: str, object_id: int, language: str) -> HttpResponse:
    """The desk of one language of a document, by what other pages know of it."""
    model = next((each for each in Document.__subclasses__() if each._meta.label_lower == label), None)
    if model is None:
        raise Http404
    kind = ContentType.objects.get_for_model(model)
    translation = get_object_or_404(Translation, content_type=kind, object_id=object_id, language=language)
    return HttpResponseRedirect(url(translation))


# Answers --------------------------------------------------------------------------------------------------------------


def is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def shown_as(request: HttpRequest, entry: Entry) -> dict[str, str]:
    context = {"entry": entry, "sheet": entry.sheet}
    text = render_to_string("admin/desk/_unit.html", context, request)
    return {"key": entry.unit.key, "mark": entry.mark, "html": text}


def answer(request: HttpRequest, pk: int, key: str, *, words: str = "", status: int = 200, **more: Any) -> HttpResponse:
    """What one text looks like now."""
    shown = opened(request, pk)
    entry = shown.entry(key)
    if not is_script(request):
        if words:
            messages.add_message(request, messages.SUCCESS if status == 200 else messages.ERROR, words)
        return HttpResponseRedirect(url(shown.translation) + (f"#{entry.id}" if entry else ""))
    context = {"translation": shown.translation}
    told = {
        "said": words,
        "units": [shown_as(request, entry)] if entry else [],
        "gone": "" if entry else key,
        "progress": render_to_string("admin/desk/_progress.html", context, request),
    }
    return JsonResponse({**told, **more}, status=status)


def acting(view: View) -> View:
    """An act on one text: done, refused in words, or come too late."""

    @desk_view("POST")
    @wraps(view)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
        translation = of_number(request, pk)
        key = request.POST.get("key", "")
        try:
            return answer(request, pk, key, words=view(request, translation, key) or "")
        except Refused as refused:
            return answer(request, pk, key, words=str(refused), status=403)
        except acts.Stale:
            words = _("Somebody changed one of the texts meanwhile. Look at it again.")
            return answer(request, pk, key, words=words, status=409)

    return wrapped


def unit_of(translation: Translation, key: str) -> Unit:
    return get_object_or_404(translation.units.select_related("translation"), key=key)


# Writing --------------------------------------------------------------------------------------------------------------


def index_of(request: HttpRequest) -> int:
    asked = request.POST.get("row", request.GET.get("row", ""))
    if not (asked.isdecimal() and len(asked) < 6):
        raise BadRequest
    return int(asked)


@desk_view("POST")
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """One row, over what its writer saw."""
    translation = of_number(request, pk)
    key, index, text = request.POST.get("key", ""), index_of(request), request.POST.get("text", "")
    if not acts.may_write(request.user, translation):
        return answer(request, pk, key, words=_("You may not write this language."), status=403)
    try:
        acts.write_row(translation, key, index, text, by=request.user, seen_row=request.POST.get("seen", ""))
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
        "html": richtext.clean(row.target) if unit.is_rich else sheet.lines(row.target),
        "mine": clean if unit.is_rich else sheet.lines(clean),
        "diff": sheet.difference(row.target, clean, unit.is_rich),
        "seen": acts.seen(row),
        "row": unit.rows.index(row),
    }
    return answer(request, pk, key, words=whose(unit), status=409, theirs=theirs)


def whose(unit: Unit) -> str:
    if unit.written_by is None or unit.written_at is None:
        return _("This text was changed after you had opened it.")
    when = date_format(timezone.localtime(unit.written_at), "TIME_FORMAT")
    names = {"name": unit.written_by.get_full_name() or unit.written_by.get_username(), "when": when}
    return _("%(name)s saved another text here at %(when)s, after you had opened it.") % names


def kept_beside(request: HttpRequest, pk: int, key: str, text: str, stale: acts.Stale) -> HttpResponse:
    """The same without a script: the page, with what was written beside what is saved."""
    shown = opened(request, pk)
    entry = next((entry for entry in shown.entries if entry.unit.key == key), None)
    messages.error(request, whose(stale.unit) if stale.unit else _("The source has this text no more."))
    if entry and entry.lines:
        lines = (line for line in entry.lines if stale.row and line.seen == acts.seen(stale.row))
        next(lines, entry.lines[-1]).kept = text
    return rendered(request, shown, status=409)


@desk_view("POST")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the checks find in a row as it is being typed; writes nothing."""
    line = line_of(of_number(request, pk), request)
    unit, translation = line.unit, line.sheet.translation
    text = richtext.clean(request.POST.get("text", "")) if unit.is_rich else request.POST.get("text", "")
    findings = sheet.said(line.source, Text(text, translation.language, unit.is_rich), line.sheet.glossary)
    return JsonResponse({"html": render_to_string("admin/desk/_findings.html", {"findings": findings}, request)})


@desk_view("GET", "HEAD")
def help_with(request: HttpRequest, pk: int) -> HttpResponse:
    """What helps with one row: the glossary, the memory, and a suggestion that nobody has looked at yet."""
    line = line_of(of_number(request, pk), request)
    unit = line.unit
    text = suggestion(line)
    return JsonResponse(
        {
            "terms": [{"number": each.number, "text": each.text, "name": each.name} for each in line.terms],
            "matches": remembered(line),
            "suggestion": {
                "text": text,
                "html": richtext.clean(text) if unit.is_rich else sheet.lines(text),
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
    document = translation.document
    if document is None:
        raise Http404
    return Line(Sheet(translation, document, asked.user), unit, unit.rows[index], index, None, False)


def suggestion(line: Line) -> str:
    """Its part of what was suggested for the whole text; none where it does not say which part is which row's."""
    blocks = rows.split(line.unit.suggestion, line.unit.is_rich)
    if len(line.unit.rows) == 1:
        return line.unit.suggestion
    return blocks[line.index] if len(blocks) == len(line.unit.rows) else ""


def remembered(line: Line) -> list[dict[str, Any]]:
    try:
        memory: Any = importlib.import_module("translations.memory")
    except ModuleNotFoundError:
        return []
    source = line.source
    by_sentence = memory.best_by_sentence(
        source.stored, source.language, line.sheet.translation.language, is_rich=source.is_rich
    )
    found = sorted((match for _sentence, each in by_sentence for match in each), key=lambda match: -match.score)
    once = {match.target: match for match in reversed(found)}
    best = sorted(once.values(), key=lambda match: -match.score)[:5]
    return [{"source": match.source, "target": match.target, "score": match.score} for match in best]


# Who is here ----------------------------------------------------------------------------------------------------------


def stamp(translation: Translation) -> str:
    return translation.changed_at.isoformat()


def others(request: HttpRequest, translation: Translation) -> list[dict[str, str]]:
    here = translation.presences.here().exclude(user=request.user.pk).select_related("user")  # type: ignore[attr-defined]
    return [{"name": each.user.get_full_name() or each.user.get_username(), "row": each.row} for each in here]


@desk_view("POST")
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Says in which row somebody is; answers who else is here, and what has changed since the page last knew."""
    translation = of_number(request, pk)
    seen = {"row": request.POST.get("row", "")[:140], "seen_at": timezone.now()}
    Presence.objects.update_or_create(translation=translation, user=request.user, defaults=seen)
    told: dict[str, Any] = {"others": others(request, translation), "stamp": stamp(translation), "units": []}
    if request.POST.get("stamp") != told["stamp"]:
        try:
            known = dict(json.loads(request.POST.get("known", "{}")))
        except ValueError as error:
            raise BadRequest from error
        shown = opened(request, pk)
        told["units"] = [shown_as(request, each) for each in shown.entries if known.get(each.unit.key) != each.mark]
        told["gone"] = sorted(set(known) - {each.unit.key for each in shown.entries})
        context = {"translation": shown.translation}
        told["progress"] = render_to_string("admin/desk/_progress.html", context, request)
    return JsonResponse(told)


# What people say ------------------------------------------------------------------------------------------------------


@acting
def approve(request: HttpRequest, translation: Translation, key: str) -> str:
    looked, digest = request.POST.getlist("looked"), request.POST.get("digest", "")
    acts.approve(unit_of(translation, key), by=request.user, seen_digest=digest, acknowledged=looked)
    return _("Approved.")


@acting
def send_back(request: HttpRequest, translation: Translation, key: str) -> str:
    comment, digest = request.POST.get("comment", "")[:2000], request.POST.get("digest", "")
    acts.send_back(unit_of(translation, key), by=request.user, seen_digest=digest, comment=comment)
    return _("Sent back to the translator.")


@acting
def comment(request: HttpRequest, translation: Translation, key: str) -> str:
    acts.comment_on(unit_of(translation, key), by=request.user, text=request.POST.get("text", "")[:2000])
    return _("Your comment is there.")


@acting
def accept(request: HttpRequest, translation: Translation, key: str) -> str:
    """Only spelling or punctuation of the source changed: of one text, or of all."""
    document = translation.document
    if document is None:
        raise Http404
    return accepted(acts.accept_change(document, [key] if key else None, by=request.user))


def accepted(count: int) -> str:
    return _("Texts that need no translator any more, in all languages: %(count)d.") % {"count": count}


