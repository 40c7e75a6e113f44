"""Who is at the desk, in which row, and what has changed under an open page."""

import json
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from .answering import shown_as
from .doors import desk_view, of_number, opened, others, stamp
from .models import Presence


@desk_view("POST")
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Says in which row somebody is; answers who else is here, and what has changed since the page last knew."""
    translation = of_number(request, pk)
    user: Any = request.user
    seen = {"row": request.POST.get("row", "")[:140], "seen_at": timezone.now()}
    Presence.objects.update_or_create(translation=translation, user=user, defaults=seen)
    told: dict[str, Any] = {"others": others(user, translation), "stamp": stamp(translation), "units": []}
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
