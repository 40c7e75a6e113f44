"""The root, the home page, health and the error pages."""

from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.cache import never_cache

from articles.body import on_the_body
from articles.models import Article, Facet, Misconception
from articles.topictree import TopicTree
from publishing.models import Edition
from publishing.reading import brief, public

from .api.problems import is_for_programs, language_of, problem

ENTRIES_AT_HOME = 6
SERVER_ERROR = Path(__file__).parent / "templates" / "500.html"


@public
def root(request: HttpRequest) -> HttpResponse:
    """To the reader's language: the cookie's, else the browser's, else Chinese."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@public
def home(request: HttpRequest) -> HttpResponse:
    newest = Edition.objects.live(get_language()).order_by("-live_from", "-pk")
    facets = TopicTree(get_language()).by_facet()
    context = {
        "facets": facets,
        "on_the_body": on_the_body(facets),
        "kinds": [(name, branches) for name, branches in facets if branches[0].page.facet != Facet.BODY_PART],
        "facts": brief(newest.of_kind(Misconception)[:ENTRIES_AT_HOME], "verdict", "fact"),
        "articles": brief(newest.of_kind(Article)[:ENTRIES_AT_HOME], "summary"),
    }
    return render(request, "painsite/home.html", context)


@never_cache
@public
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, else 503: for the load balancer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever is wrong with it, the answer is the same
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403, template="403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """In both languages and read as it is: what broke may be the database, the templates or the messages."""
    if is_for_programs(request):
        return problem(500)
    return HttpResponse(SERVER_ERROR.read_text(encoding="utf-8"), status=500)


def error_page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    # The error may have come before Django knew the reader's language.
    if is_for_programs(request):
        with translation.override(language_of(request)):
            return problem(status)
    with translation.override(get_language_from_request(request, check_path=True)):
        return render(request, template or f"{status}.html", {"noindex": True}, status=status)
