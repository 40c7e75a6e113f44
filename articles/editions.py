"""Where the symbol on a hand-out leads: the very edition that was printed, and whether it still holds.

A text that was superseded is shown, under a banner and with what has changed since, because somebody has it in their
hands. One that was withdrawn, or whose time is over, is not: its page says why and where to read on.
"""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from glossary.footnotes import Footnotes
from publishing.compare import PartDiff, State, diff_parts
from publishing.display import parts
from publishing.models import Edition
from publishing.models import State as EditionState
from publishing.reading import Page, edition_page, instead_of, public

from . import bilingual
from .handout import KINDS, printed_address
from .views import around_article

TEMPLATES = {"article": "articles/article.html", "misconception": "articles/fact.html"}
BIGGEST = 2**63  # no database has such a key


@never_cache
@public
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    found = (
        Edition.objects.filter(pk=pk).select_related("read_instead", "source_edition").first() if pk < BIGGEST else None
    )
    if found is None or found.kind not in KINDS or not found.was_live():
        raise Http404
    if found.language != get_language():
        return HttpResponseRedirect(printed_address(found))
    same = Edition.objects.live().filter(content_type_id=found.content_type_id, object_id=found.object_id)
    live = {each.language: each for each in same}
    newest = live.get(found.language)
    context: dict[str, Any] = {"alternates": list(live.values()), "noindex": True, "newest": newest}
    if newest and (newest.pk == found.pk or may_still_be_shown(found)):
        changes = [] if newest.pk == found.pk else changed(found, newest)
        context |= {"banner": "articles/_printed.html", "is_current": newest.pk == found.pk, "changes": changes}
        context["quotes_changed"] = newest.pk == found.pk and has_quotes_that_ended(found)
        return edition_page(request, found, TEMPLATES[found.kind], around, context)
    withdrawn = found if found.is_withdrawn() else None
    context["outdated_by"] = found.outdated_by()
    context |= {"withdrawn": withdrawn, "instead": instead_of(withdrawn) if withdrawn else None}
    context["alternates"] = context["alternates"] or None
    return render(request, "articles/edition_over.html", context, status=410)


def may_still_be_shown(edition: Edition) -> bool:
    """Superseded, and neither withdrawn nor past the date to which it was checked."""
    grace = datetime.timedelta(days=settings.REVIEW_GRACE_DAYS)
    return edition.state == EditionState.SUPERSEDED and edition.review_due >= timezone.localdate() - grace


def has_quotes_that_ended(edition: Edition) -> bool:
    """Whether a fact or a comparison, which stand on the sheet too, has been changed or withdrawn since."""
    quoted = edition.links.filter(relation__in=("misconceptions", "comparisons"))
    named = Q(pk__in=[])
    for kind, number in quoted.values_list("target_type", "target_id"):
        named |= Q(content_type=kind, object_id=number)
    now = timezone.now()
    ended = Edition.objects.filter(named, language=edition.language, live_until__gt=edition.live_from).was_live(now)
    return ended.filter(live_until__lte=now).exists()


def around(page: Page) -> dict[str, Any]:
    return around_article(page) if page.edition.kind == "article" else {"footnotes": Footnotes(page)}


# What has changed -----------------------------------------------------------------------------------------------------


def changed(old: Edition, new: Edition) -> list[PartDiff]:
    """Part by part, of long texts the paragraphs that changed; words that were added or removed are marked."""
    differences = diff_parts(own_parts(old), own_parts(new))
    return [
        PartDiff(part.key, part.label, part.state, changed_blocks(part.html))
        for part in differences
        if part.state != State.UNCHANGED
    ]


def own_parts(edition: Edition) -> list[Any]:
    """What the edition itself says: the names of other documents would be asked of their drafts."""
    content = {name: value for name, value in edition.content.items() if name not in edition.model.snapshot.links}
    return [part for part in parts(edition.model, content) if part.key != "slug"]


def changed_blocks(html: str) -> SafeString:
    return mark_safe("".join(block for block in bilingual.top_level(html) if "<ins>" in block or "<del>" in block))
