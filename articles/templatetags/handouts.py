"""What pages need to offer a hand-out, and hand-outs to be drawn."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.handout import Options, Row, Sheet, has_both
from publishing.models import Edition

register = template.Library()


@register.simple_tag
def handout_options(edition: Edition, alternates: Any, outdated_by: Edition | None) -> Options | None:
    """How a live page can be printed; None of an outdated translation, of which nothing is put on paper."""
    if outdated_by:
        return None
    editions = list(alternates or [])
    can_be_both = has_both(editions)
    options = Options(has_both=can_be_both)
    options.why_not_both = ""  # type: ignore[attr-defined]
    if len(editions) > 1 and not can_be_both:
        options.why_not_both = _(  # type: ignore[attr-defined]
            "Not in both languages side by side: the translation is behind the original."
        )
    return options


@register.simple_tag
def comparison_rows(sheet: Sheet, comparison: Row) -> list[Row]:
    return sheet.comparison_rows(comparison)


@register.filter
def first_part(row: Row) -> Any:
    """The part in the reader's own language, or where there is none, in the other."""
    return next((part for _column, part in row if part), None)


_APOSTROPHE = re.compile(r"(<svg.*?</svg>|<[^>]*>)|(?<=[A-Za-z])’(?=[A-Za-z])", re.DOTALL)


@register.filter
def apostrophes(html: str) -> SafeString:
    """Those between Latin letters, marked for the style sheet: a Chinese font draws them half a character wide."""
    return mark_safe(_APOSTROPHE.sub(lambda found: found[1] or '<span class="apostrophe">’</span>', html))
