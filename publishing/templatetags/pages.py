"""What the public pages need of a template language: languages, addresses, frozen choices, frozen rich text."""

from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from publishing import outline, richtext
from publishing.models import Edition
from publishing.reading import Page

register = template.Library()

SIMPLIFIED, TRADITIONAL = "zh-hans", "zh-hant"
"""The second is no language of the site's: the first, converted on its way out (painsite.traditional)."""


@dataclass(frozen=True)
class Alternate:
    """This page in one of the languages, or the nearest thing to it."""

    language: str
    url: str
    is_current: bool
    is_live: bool
    chosen: str = ""
    """What a reader has chosen of a list, as a query: it goes along."""

    @property
    def name(self) -> str:
        """In the language itself, for those who cannot read the present one."""
        return get_language_info(self.language)["name_local"]

    @property
    def address(self) -> str:
        return f"{self.url}?{self.chosen}" if self.chosen else self.url


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> list[Alternate]:
    """The page in every language. A document's view says where it is live; lists are in all; an error is nowhere."""
    editions: list[Edition] | None = context.get("alternates")
    is_error = editions is None and "noindex" in context
    kept: str = context.get("kept") or ""
    path = "/" if is_error else context["request"].path
    live = {edition.language: edition.get_absolute_url() for edition in editions or []}
    current = TRADITIONAL if getattr(context["request"], "in_traditional", False) else get_language()
    found = [
        Alternate(
            language=code,
            url=live.get(code) or in_language(path, code),
            is_current=code == current,
            is_live=editions is None or code in live,
            chosen=kept if editions is None else "",
        )
        for code, _name in settings.LANGUAGES
    ]
    return [variant for each in found for variant in variants(each, current)]


def variants(page: Alternate, current: str | None) -> list[Alternate]:
    """Chinese in either script."""
    if page.language != SIMPLIFIED:
        return [page]
    url = in_language(page.url, TRADITIONAL)
    return [page, replace(page, language=TRADITIONAL, url=url, is_current=current == TRADITIONAL)]


def in_language(path: str, language: str) -> str:
    """The address with its language exchanged; the home page for an address that is in no language."""
    first, _slash, rest = path.removeprefix("/").partition("/")
    return f"/{language}/{rest}" if first in dict(settings.LANGUAGES) else f"/{language}/"


@register.simple_tag(takes_context=True)
def here(context: Context, url: str) -> SafeString:
    """The attribute that says of a link in the menu that it leads to this page, or to what this page is part of."""
    path = context["request"].path
    if path == url:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"' if path.startswith(url) else "")


@register.filter
def html_lang(language: str) -> str:
    """As HTML and speech synthesis know the language: zh-hans is zh-Hans."""
    primary, _hyphen, script = language.partition("-")
    return f"{primary}-{script.title()}" if script else primary


@register.filter
def choice(page: Page, name: str) -> str:
    return page.choice(name)


@register.filter
def unbroken(words: str) -> str:
    """Of few words: they stay in one line."""
    return words.replace(" ", "\u00a0")


@register.filter
def rich(value: Any) -> SafeString:
    """Frozen rich text, cleaned again on its way out: what is in the database is not trusted to be clean."""
    return scrolling(richtext.clean(value or ""))


@register.filter
def scrolling(cleaned: str) -> SafeString:
    """Cleaned rich text whose wide tables scroll."""
    return mark_safe(outline.scrolling(cleaned, escape(_("Table"))))


@register.simple_block_tag
def words(content: str) -> SafeString:
    """What a block says, kept under a name, so that one block can stand in several places: in one line, escaped."""
    return mark_safe(" ".join(content.split()))


@register.filter(is_safe=True)
def oneline(value: str) -> str:
    """Without the line breaks of the template, for a title or an attribute."""
    return " ".join(value.split())
