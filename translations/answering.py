"""What an act at the desk answers.

A script gets JSON: the texts that look otherwise now, as HTML, and the progress. A plain form is led back to the page,
or shown it with what was refused.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from publishing.workflow import Refused

from . import acts
from .desk import rendered
from .doors import View, desk_view, of_number, opened, url
from .models import Translation, Unit
from .sheet import Entry

Act = Callable[[HttpRequest, Translation, str], str]
"""Does something to the text of that key, and says that it is done."""


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
        if status != 200:
            messages.error(request, words)
            return rendered(request, shown, status)
        if words:
            messages.success(request, words)
        return HttpResponseRedirect(url(shown.translation) + (f"#{entry.id}" if entry else ""))
    context = {"translation": shown.translation}
    told = {
        "said": words,
        "units": [shown_as(request, entry)] if entry else [],
        "gone": "" if entry else key,
        "progress": render_to_string("admin/desk/_progress.html", context, request),
    }
    return JsonResponse({**told, **more}, status=status)


def acting(act: Act) -> View:
    """An act on one text: done, refused in words, or come too late."""

    @desk_view("POST")
    @wraps(act)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
        translation = of_number(request, pk)
        key = request.POST.get("key", "")
        try:
            return answer(request, pk, key, words=act(request, translation, key))
        except Refused as refused:
            return answer(request, pk, key, words=str(refused), status=403)
        except acts.Stale:
            words = _("Somebody changed one of the texts meanwhile. Look at it again.")
            return answer(request, pk, key, words=words, status=409)

    return wrapped


def unit_of(translation: Translation, key: str) -> Unit:
    return get_object_or_404(translation.units.select_related("translation"), key=key)


def index_of(request: HttpRequest) -> int:
    asked = request.POST.get("row", request.GET.get("row", ""))
    if not (asked.isdecimal() and len(asked) < 6):
        raise BadRequest
    return int(asked)
