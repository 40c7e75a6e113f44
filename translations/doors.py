"""How people come to the desk: behind the login, those who work here, to a translation as it is now."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from . import acts
from .models import Translation
from .sheet import Sheet

View = Callable[..., HttpResponseBase]


def desk_view(*methods: str) -> Callable[[View], View]:
    """For who works here: behind the login, and only what these methods ask."""

    def decorate(view: View) -> View:
        @require_http_methods(methods)
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user: Any = request.user
            # A page that is open says whose it is: when another has logged in since, nothing is done in their name.
            is_theirs = request.headers.get("X-Desk-User", str(user.pk)) == str(user.pk)
            if not is_theirs or not user.has_perm("translations.view_translation"):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return admin.site.admin_view(wrapped)

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


def stamp(translation: Translation) -> str:
    """Another one whenever anything of it has changed."""
    return translation.changed_at.isoformat()


def others(user: Any, translation: Translation) -> list[dict[str, str]]:
    """Who else has it open now, and in which row."""
    here = translation.presences.here().exclude(user=user.pk).select_related("user")
    return [{"name": each.user.get_full_name() or each.user.get_username(), "row": each.row} for each in here]
