"""Files for translators at the desk: a document or what the queue shows; what comes back is looked at first."""

import io
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from glossary.faults import Fault, Refused
from glossary.uploads import UploadField, keep, take
from publishing import richtext
from publishing.workflow import may_submit

from . import acts, sheet
from .doors import desk_view, of_number
from .exchange import exporting, formats, importing
from .models import Translation, Unit
from .queue import EVERY, FILES, Filters, back, of_tab

WAITING = "translations_import"
SHOWN = 100
MAX_DOCUMENTS = 1_000  # about 20,000 texts


class UploadForm(forms.Form):
    file = UploadField(
        accept=".xlf,.xliff,.po,.xlsx,.zip",
        help_text=gettext_lazy("XLIFF, PO or an Excel workbook as exported here, or a zip of such files."),
    )


def written_by(user: Any) -> list[str]:
    """The languages that the person writes; `PermissionDenied` if there is none."""
    found = [code for code, _name in settings.LANGUAGES if may_submit(user, code)]
    if not found:
        raise PermissionDenied
    return found


@desk_view("GET", "HEAD")
def export(request: HttpRequest) -> HttpResponseBase:
    """Of one translation (`of`), or of those that the queue's filter shows and the person may write."""
    languages = written_by(request.user)
    kind = request.GET.get("format", "xliff")
    if kind not in formats.FORMATS:
        raise Http404
    if translation := named(request):
        if not acts.may_write(request.user, translation):
            raise PermissionDenied
        found = Translation.objects.filter(pk=translation.pk)
    else:
        filters = Filters(request.GET, request.user)
        tab = filters.asked("tab") or EVERY
        found = filters.apply(Translation.objects.filter(of_tab(tab, request.user), language__in=languages))
    count = found.count()
    if not count:
        return told(request, _("There is nothing of the kind to export."))
    if count > MAX_DOCUMENTS:
        reason = _("These are more than %(limit)d documents. Narrow the list first.")
        return told(request, reason % {"limit": MAX_DOCUMENTS})
    out = tempfile.SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115, the response closes it
    try:
        name = exporting.write(kind, found.order_by("content_type", "object_id", "language"), out)
    except Refused as refused:
        out.close()
        return told(request, str(refused))
    out.seek(0)
    of = "application/zip" if name.endswith(".zip") else formats.FORMATS[kind].CONTENT_TYPE
    return FileResponse(out, as_attachment=True, filename=name, content_type=of)


def named(request: HttpRequest) -> Translation | None:
    key = request.GET.get("of", "")
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return of_number(request, int(key))


def told(request: HttpRequest, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return back(request)


@desk_view("GET", "HEAD", "POST")
def load(request: HttpRequest) -> HttpResponse:
    written_by(request.user)
    if request.method != "POST":
        return page(request, UploadForm())
    if "confirm" in request.POST:
        return confirm(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, status=400)
    return look(request, form.cleaned_data["file"].name, form.cleaned_data["file"].read())


def look(request: HttpRequest, name: str, content: bytes, reason: str = "") -> HttpResponse:
    """Says what the file would change, and keeps it until that is confirmed."""
    try:
        plan = importing.plan(formats.read(io.BytesIO(content)), request.user)
    except Refused as refused:
        return page(request, UploadForm(), name=name, faults=refused.faults, status=400)
    key = keep(request, WAITING, name, content, plan.fingerprint) if plan.works else ""
    shown = list(islice(lines(plan), SHOWN))
    names = sheet.names((line.translation, line.key) for line in shown)
    shown = [line._replace(name=names[line.translation.pk, line.key]) for line in shown]
    found = {"name": name, "plan": plan, "key": key, "reason": reason, "lines": shown}
    count = sum(plan.counts.values()) - plan.unchanged
    return page(request, UploadForm(), status=409 if reason else 200, count=count, **found)


def confirm(request: HttpRequest) -> HttpResponse:
    waiting = take(request, WAITING)
    if waiting is None:
        fault = Fault(None, _("This file is not kept any more. Choose it again."))
        return page(request, UploadForm(), faults=[fault], status=409)
    name, content, fingerprint = waiting
    try:
        plan = importing.plan(formats.read(io.BytesIO(content)), request.user)
        if plan.fingerprint != fingerprint:
            reason = _("Texts were changed since you looked. Nothing was imported; this is the report as of now.")
            return look(request, name, content, reason)
        importing.carry_out(plan, request.user, _("Import of %(file)s") % {"file": name})
    except Refused as refused:
        return page(request, UploadForm(), name=name, faults=refused.faults, status=409)
    messages.success(request, str(plan))
    return HttpResponseRedirect(reverse("desk:queue"))


class Line(NamedTuple):
    """A text in the report; of its words, those around the first that differ."""

    translation: Translation
    key: str
    place: Any
    what: Any
    before: str
    after: str
    name: str = ""


def lines(plan: importing.Plan) -> Iterator[Line]:
    for left in plan.left:  # first, since somebody has to look at it
        yield Line(left.translation, left.key, left.place, left.reason, *beside(left.unit, left.text))
    for work in plan.works:
        for name, what in importing.ACTS.items():
            for change in getattr(work, name):
                yield Line(work.translation, change.unit.key, change.place, what, *beside(change.unit, change.text))


def beside(unit: Unit, text: str) -> tuple[str, str]:
    """Both translations from shortly before the place where they part."""
    now, then = (richtext.plain_text(words) if unit.is_rich else words for words in (unit.target, text))
    differ = (place for place, (one, other) in enumerate(zip(now, then, strict=False)) if one != other)
    start = max(next(differ, min(len(now), len(then))) - 40, 0) if now != then else 0
    cut = (("…" if start else "") + words[start:] if words else "" for words in (now, then))
    before, after = (Truncator(words).chars(200) for words in cut)
    return before, after


def page(request: HttpRequest, form: UploadForm, status: int = 200, **found: Any) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": _("Files for translators"),
        "form": form,
        "shown": SHOWN,
        "back_url": reverse("desk:queue"),
        "translation": named(request),
        "exchange_formats": FILES.items(),
        **found,
    }
    return TemplateResponse(request, "admin/desk/import.html", context, status=status)
