"""What articles and facts are checked for, besides what every document is (see `publishing.findings`).

====  ======================================================================================
B001  no reference
B002  an urgent or emergency warning of the source is missing in the translation
B003  a figure's legend has not as many lines as its picture has numbers
W001  a reference is older than ten years
====  ======================================================================================
"""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from publishing.gate import Finding, Level, Subject, register
from publishing.richtext import is_blank

from .models import Article, Drawing, Misconception, Urgency, legend_lines

OLD_REFERENCE_YEARS = 10
SERIOUS = {Urgency.URGENT, Urgency.EMERGENCY}


@register(Article, Misconception)
def references(subject: Subject) -> Iterator[Finding]:
    rows = subject.content["references"]
    if not rows:
        message = _("It has no reference. Say where its claims come from.")
        yield Finding("articles.B001", Level.BLOCKER, message, "references")
    this_year = timezone.localdate(subject.at).year
    for row in rows:
        if row["year"] and this_year - row["year"] > OLD_REFERENCE_YEARS:
            message = _("This reference is of %(year)d. See whether there is newer evidence.") % {"year": row["year"]}
            yield Finding("articles.W001", Level.WARNING, message, f"references.{row['id']}.year")


@register(Article)
def serious_warnings(subject: Subject) -> Iterator[Finding]:
    """Each as urgent as it is in the source, and with its heading and its text."""
    if subject.source is None:
        return
    here = {row["id"]: row for row in subject.content["warnings"]}
    for theirs in subject.source.content["warnings"]:
        if theirs["level"] not in SERIOUS:
            continue
        ours = here.get(theirs["id"])
        if (
            ours is None
            or ours["level"] != theirs["level"]
            or any(is_blank(ours[name]) for name in ("heading", "text"))
        ):
            message = _(
                "A warning of the source, “%(heading)s” (%(level)s), is missing or not complete here. Translate it."
            )
            said = {"heading": theirs["heading"], "level": Urgency(theirs["level"]).label}
            yield Finding("articles.B002", Level.BLOCKER, message % said, f"warnings.{theirs['id']}.text")


@register(Article)
def legends(subject: Subject) -> Iterator[Finding]:
    for row in subject.content.get("figures", []):  # an edition from before there were figures has none
        lines = len(legend_lines(row["legend"]))
        if not lines or row["picture"] not in Drawing.values:  # an empty one is found as a field that is empty
            continue
        if lines != (numbers := Drawing(row["picture"]).numbers):
            message = _(
                "Numbers in the picture: %(numbers)d, lines in its legend: %(lines)d. Write one line for each number."
            )
            said = {"numbers": numbers, "lines": lines}
            yield Finding("articles.B003", Level.BLOCKER, message % said, f"figures.{row['id']}.legend")
