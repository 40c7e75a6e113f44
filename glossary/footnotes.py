"""The terms of one page: linked where each is first mentioned, and their definitions for the end of the page."""

from collections.abc import Iterator
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe

from publishing.reading import Page

from . import terminology
from .linking import Definition, link, popover_id
from .models import Term
from .terminology import Terminology


class Footnotes:
    """Asked piece by piece, in the order in which the template writes the page: so a first mention is a first one."""

    def __init__(self, page: Page) -> None:
        self._language = page.edition.language
        self._without = set(page.content.get("unlinked_terms", []))
        if page.edition.model is Term:
            self._without.add(page.edition.object_id)
        self._linked: list[int] = []

    @cached_property
    def terminology(self) -> Terminology:
        return terminology.live(self._language)

    def link(self, html: str) -> SafeString:
        known = self.terminology
        linked = link(html, known.matcher, known.definitions, without=self._without)
        self._linked += linked.terms  # type: ignore[arg-type]
        self._without.update(self._linked)
        return mark_safe(linked.html)

    def __iter__(self) -> Iterator[tuple[str, Definition]]:
        """What has been linked up to now."""
        for term in self._linked:
            yield popover_id(term), self.terminology.definitions[term]

    def __bool__(self) -> bool:
        return bool(self._linked)
