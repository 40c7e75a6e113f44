"""How a reader wants the pages: larger text, a calmer page. Kept in a cookie and put on <html> by the server, so that
it works without script.

The cookie holds nothing but the two choices, and nobody gets one who has not asked for something.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

COOKIE = "preferences"
CALM = "calm"


class TextSize(models.TextChoices):
    NORMAL = "normal", _("Normal")
    LARGE = "large", _("Large")
    LARGEST = "largest", _("Largest")


class PreferencesForm(forms.Form):
    text = forms.ChoiceField(choices=TextSize.choices, label=_("Size of the text"), widget=forms.RadioSelect)
    calm = forms.BooleanField(
        required=False,
        label=_("Calmer page"),
        help_text=_("Fewer pictures and colours, one thing below the other, nothing that moves."),
    )


def wanted(request: HttpRequest) -> dict[str, Any]:
    """What the cookie says; of a word in it that means nothing, nothing."""
    words = request.COOKIES.get(COOKIE, "").split("-")
    return {
        "text": next((size for size in TextSize.values if size in words), TextSize.NORMAL.value),
        "calm": CALM in words,
    }


class Preferences:
    """Hands each page the reader's wishes as `request.preferences`, and tells caches that pages differ by them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.preferences = wanted(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


# Without a token against forgery, which would be a second cookie: all that a forger could do is enlarge the text.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    back = _safe(request, request.POST.get("next") or request.GET.get("next") or "")
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=wanted(request))
    if form.is_valid():
        response = HttpResponseRedirect(back or reverse("home"))
        words = [form.cleaned_data["text"], *([CALM] if form.cleaned_data["calm"] else [])]
        if words == [TextSize.NORMAL.value]:
            response.delete_cookie(COOKIE, samesite="Lax")
        else:
            response.set_cookie(
                COOKIE,
                "-".join(words),
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
    status = 400 if form.is_bound else 200
    return render(request, "painsite/preferences.html", {"form": form, "back": back, "noindex": True}, status=status)


def _safe(request: HttpRequest, address: str) -> str:
    """The address, if it is a path of this site; else none."""
    is_own = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if is_own and address.startswith("/") else ""
