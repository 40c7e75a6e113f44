"""The desk asks for a suggestion. Shown as one; a person inserts it, mends it and saves."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from publishing.workflow import Refused

from . import acts, suggestions
from .models import Translation


@never_cache
@require_POST
def ask(request: HttpRequest, pk: int) -> JsonResponse:
    """POST `key` of a text of that translation.

    `{"suggestion": the whole text, "by": who made it, "rows": {"0": for each row that asks for something}}`, or
    `{"refused": why}`: 403 to who may not write it, 404 where it is gone, 409 where there is none.
    Mounted behind `admin_site.admin_view`.
    """
    translation = get_object_or_404(Translation, pk=pk)
    if not acts.may_write(request.user, translation):
        return _refused(_("You may not write this language."), 403)
    unit = translation.units.select_related("translation").filter(key=request.POST.get("key", "")).first()
    if unit is None:
        return _refused(_("This text is not there any more. Load the page again."), 404)
    try:
        suggestions.suggest(unit, by=request.user)
    except Refused as refused:
        return _refused(str(refused), 409)
    except acts.Stale:
        return _refused(_("The text has changed meanwhile. Ask again."), 409)
    return JsonResponse(
        {"suggestion": unit.suggestion, "by": unit.suggested_by, "rows": suggestions.by_row(unit)},
        json_dumps_params={"ensure_ascii": False},
    )


def _refused(why: str, status: int) -> JsonResponse:
    return JsonResponse({"refused": why}, status=status, json_dumps_params={"ensure_ascii": False})
