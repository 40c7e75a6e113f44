"""Two small things that every request passes, before and after the views."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language_from_path, get_language_from_request

MAX_PATH = 2000
type_GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RefuseMalformedPath:
    """400 for an address with a null byte (PostgreSQL cannot even compare with one), 414 for one of absurd length."""

    def __init__(self, get_response: type_GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            return self.refuse(request, 400)
        if len(request.path_info) > MAX_PATH or len(query) > 4 * MAX_PATH:
            return self.refuse(request, 414)
        return self.get_response(request)

    @staticmethod
    def refuse(request: HttpRequest, status: int) -> HttpResponse:
        with translation.override(get_language_from_request(request)):
            return render(request, "400.html", status=status)


class RememberLanguage:
    """A reader who is in another language than `/` would lead to is led to this one next time.

    Nobody else gets a cookie: who reads in the language that the browser asks for needs none.
    """

    def __init__(self, get_response: type_GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        language = get_language_from_path(request.path_info)
        if language and response.status_code == 200 and language != get_language_from_request(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite="Lax",
            )
        return response
