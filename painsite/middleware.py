"""Small things that every request passes, before and after the views."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language_from_path, get_language_from_request

from . import traditional
from .views import error_page

MAX_PATH = 2000
MAX_QUERY = 8000
# What a reader searches for is theirs to choose: the page itself takes what it can of it.
IS_SEARCH = re.compile(r"/[a-z-]+/search/").match
MAX_SEARCH = 200_000
CONVERTED = {"text/html": traditional.page, "application/x-suggestions+json": traditional.text}
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ReadInTraditional:
    """What is asked for under /zh-hant/ is answered as under /zh-hans/, pages in traditional characters.

    Outermost, so that errors, redirects and forms are as there. Templates know by `request.in_traditional`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.path_info
        request.path_info = traditional.simplified_address(asked)
        if request.path_info == asked:
            return self.get_response(request)
        request.path = request.path.removesuffix(asked) + request.path_info
        request.in_traditional = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        if "Location" in response.headers:
            response["Location"] = traditional.address(response["Location"])
        convert = CONVERTED.get(response.headers.get("Content-Type", "").partition(";")[0])
        if convert and isinstance(response, HttpResponse):
            response.content = convert(response.content.decode()).encode()
            if "Content-Length" in response.headers:
                response["Content-Length"] = str(len(response.content))
        return response


class RefuseMalformedRequest:
    """400 for a null byte, which PostgreSQL cannot even compare with; 414 for an address of absurd length."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        is_search = IS_SEARCH(request.path_info)
        if len(request.path_info) > MAX_PATH or len(query) > (MAX_SEARCH if is_search else MAX_QUERY):
            return error_page(request, 414)
        if is_search:
            query = ""
        if "%00" in query or any("\x00" in text for text in (request.path_info, query, *request.COOKIES.values())):
            return error_page(request, 400)
        return self.get_response(request)


class RememberLanguage:
    """A reader who is in another language than `/` would lead to is led to this one next time.

    Nobody else gets a cookie: who reads in the language that the browser asks for needs none.
    """

    def __init__(self, get_response: GetResponse) -> None:
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
                httponly=True,
                samesite="Lax",
            )
        return response
