"""Every live page in one line: for feeds, shared links, `llms.txt` and the pictures of pages.

Of a misconception the fact, never the belief.
"""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from publishing.models import Edition, EditionQuerySet
from publishing.reading import Page, brief

from .cards import Card

TEXTS = {"article": "summary", "misconception": "fact", "term": "definition", "topic": "summary"}
OTHERWISE = "introduction"
NAMES = ("verdict", OTHERWISE, *sorted(set(TEXTS.values())))
"""What `gist` and `verdict` read."""


def gist(page: Page) -> str:
    return page.content.get(TEXTS.get(page.edition.kind, OTHERWISE)) or ""


def pages(editions: EditionQuerySet) -> list[Page]:
    """For lists: with what `gist` and `verdict` read, and no body."""
    return brief(editions, *NAMES)


def verdict(page: Page) -> str:
    """In words, as on the page; nothing for what is no misconception."""
    if page.edition.kind != "misconception":
        return ""
    return gettext("Common belief: %(verdict)s") % {"verdict": page.choice("verdict")}


def card(page: Page) -> Card:
    with translation.override(page.edition.language):
        return Card(site_name(), page.title, gist(page), verdict(page))


def site_card() -> Card:
    """In the active language, for the pages that are lists."""
    return Card(site_name(), site_name(), about_site())


def site_name() -> str:
    return gettext("Pain Clinic Patient Information")


def about_site() -> str:
    return gettext(
        "Here the pain department explains pain and its treatment in plain words, for patients and their families."
    )


def card_url(of: Edition | str, card: Card) -> str:
    """The picture of an edition, or of the lists in a language."""
    return reverse("card", args=[f"{of if isinstance(of, str) else of.pk}-{card.key}"])
