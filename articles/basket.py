"""My sheets: what a nurse or reader gathers to print as one PDF. Kept in the session, and nowhere else.

Nobody has a session who has not put something in.
"""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from publishing.feedback import is_from_here
from publishing.models import Edition
from publishing.reading import public

from .handout import KINDS, NotOnPaper, Options, has_both, page_of, refuse, send, sheet_of

MOST = 12
KEY = "handouts"
ACTS = ("add", "remove", "earlier", "later", "empty")

Named = tuple[str, int]
"""A document: its kind and number."""


# Without a token against forgery, which would be a cookie for all who read: the browser says where it comes from.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """Shows what is in it; by POST puts a document in, takes it out or moves it."""
    if request.method == "POST":
        if not is_from_here(request):
            return shown(request, _("Your browser did not say that you pressed this on our page. Try again."), 403)
        gathered = act(request, names(request))
        if len(gathered) > MOST:
            return shown(request, _("Twelve sheets are as many as fit into one PDF. Take one out first."), 400)
        if gathered:
            request.session[KEY] = [f"{kind}-{number}" for kind, number in gathered]
            if not request.user.is_authenticated:
                request.session.set_expiry(0)  # until the browser is closed: somebody else sits here next
        elif KEY in request.session:
            del request.session[KEY]
        return redirect("articles:basket")
    return shown(request)


def shown(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    gathered = names(request)
    found = live(gathered)
    language = str(get_language())
    entries = [
        {
            "name": "-".join(map(str, name)),
            "here": found[name].get(language),
            "has_both": has_both(found[name].values()),
        }
        for name in gathered
    ]
    printable = [entry for entry in entries if entry["here"]]
    options = Options(has_both=all(entry["has_both"] for entry in printable))
    context = {"entries": entries, "printable": printable, "options": options, "refusal": refusal, "noindex": True}
    # A list of one's own, in either language.
    return render(request, "articles/basket.html", {**context, "alternates": None}, status=status)


@never_cache
@public
def handout(request: HttpRequest) -> HttpResponse:
    """What is live of it in the language asked for, as one PDF."""
    options = Options(request.GET)
    languages = options.languages_wanted
    if languages[0] != get_language():
        return redirect("articles:basket")  # its own page and contents would be in another language
    found = [editions for editions in live(names(request)).values() if languages[0] in editions]
    if not found:
        return redirect("articles:basket")
    sheets, refused = [], []
    for editions in found:
        try:
            sheets.append(sheet_of(editions.values(), languages))
        except NotOnPaper as reason:
            refused.append(reason)
    if refused:
        return refuse(request, refused)
    return send(request, page_of(request, sheets, options), _("My sheets"), private=True)


# The session ----------------------------------------------------------------------------------------------------------


def names(request: HttpRequest) -> list[Named]:
    return [name for text in request.session.get(KEY, []) if (name := named(text))]


def named(text: str) -> Named | None:
    kind, _hyphen, number = text.rpartition("-")
    return (
        (kind, int(number)) if kind in KINDS and number.isascii() and number.isdecimal() and len(number) < 19 else None
    )


def act(request: HttpRequest, gathered: list[Named]) -> list[Named]:
    """What is in it afterwards. What makes no sense changes nothing."""
    asked = next(((act, request.POST[act]) for act in ACTS if act in request.POST), ("", ""))
    what, name = asked[0], named(asked[1])
    if what == "empty":
        return []
    if what == "add":
        return [*gathered, name] if name and name not in gathered and live([name])[name] else gathered
    if name not in gathered:
        return gathered
    at = gathered.index(name)
    rest = [each for each in gathered if each != name]
    if what == "remove":
        return rest
    to = max(0, at - 1 if what == "earlier" else at + 1)
    return [*rest[:to], name, *rest[to:]]


def live(gathered: list[Named]) -> dict[Named, dict[str, Edition]]:
    """By document and language, in the order given: one query."""
    kinds = ContentType.objects.get_for_models(*KINDS.values())
    numbers = {kinds[model].pk: kind for kind, model in KINDS.items()}
    found: dict[Named, dict[str, Edition]] = {name: {} for name in gathered}
    wanted = {number for _kind, number in gathered}
    if not wanted:
        return found
    editions = Edition.objects.live().filter(content_type_id__in=numbers, object_id__in=wanted)
    for edition in editions.select_related("source_edition").defer("source_edition__content"):
        if (name := (numbers[edition.content_type_id], edition.object_id)) in found:
            found[name][edition.language] = edition
    return found
