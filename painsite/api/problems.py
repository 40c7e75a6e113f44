"""Errors for programs (RFC 9457), in words of the language that was asked for."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language_from_request, gettext_lazy

PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"
DETAILS = {
    400: gettext_lazy("This request cannot be read."),
    403: gettext_lazy("This is not allowed."),
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This can only be read: ask by GET or HEAD."),
    410: gettext_lazy("The text that was at this address has been taken back, so that nobody relies on it."),
    414: gettext_lazy("This address is too long."),
    422: gettext_lazy("The request says something that is not understood."),
}
SERVER_ERROR = "我们这边出了问题，请稍后再试。 Something went wrong on our side; please try again later."
"""In both languages: what broke may be the messages."""


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX)


def language_of(request: HttpRequest) -> str:
    """The language in the address, `/api/v1/<language>/…`; else the one that the program prefers."""
    asked = [part for part in request.path_info.split("/", 4)[1:4] if part in dict(settings.LANGUAGES)]
    return asked[0] if asked else get_language_from_request(request)


def problem(status: int, detail: str = "", **more: Any) -> JsonResponse:
    """`more` are members of our own, such as `errors`."""
    detail = detail or (SERVER_ERROR if status >= 500 else str(DETAILS[status]))
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    response = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = CONTENT_TYPE
    response["Cache-Control"] = "no-store"
    return response
