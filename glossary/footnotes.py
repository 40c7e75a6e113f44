"""The terms of one page: linked where each is first mentioned, and their definitions for the end of the page."""

import re
from collections.abc import Iterator
from functools import cached_property

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from publishing.models import Edition
from publishing.reading import Page
from publishing.templatetags.pages import html_lang

from . import terminology
from .linking import ENDING, Definition, link, popover_id
from .models import Term
from .terminology import Terminology

BUTTON = re.compile(r'<button type="button" class="term" popovertarget="term-([0-9]+)">(.*?)</button>', re.DOTALL)


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

    @property
    def shown(self) -> set[int]:
        """The keys of the editions whose definitions the page shows."""
        return {edition.pk for edition in self.terminology.editions if edition.object_id in self._linked}

    def __bool__(self) -> bool:
        return bool(self._linked)


class PrintedNotes(Footnotes):
    """For paper: each first mention is followed by its definition, which the style sheet moves to the foot of the page;
    or, `at_end`, by a number alone, and the definitions are asked for when the text is written.
    """

    def __init__(self, page: Page, *, at_end: bool = False) -> None:
        super().__init__(page)
        self._at_end = at_end
        self._mentioned = 0

    @cached_property
    def _outdated(self) -> set[int]:
        """Terms whose definition is the translation of one that has changed clinically: no paper says them."""
        translated = [edition.pk for edition in self.terminology.editions if edition.is_translation]
        if not translated:
            return set()
        outdated = Edition.objects.filter(pk__in=translated).outdated(timezone.now())
        return set(outdated.values_list("object_id", flat=True))

    def link(self, html: str) -> SafeString:
        self._without |= self._outdated
        return mark_safe(BUTTON.sub(self._note, super().link(html)))

    def _note(self, button: re.Match[str]) -> str:
        end = ENDING.search(button[2]).start()  # type: ignore[union-attr]
        words, marks = mark_safe(button[2][:end]), mark_safe(button[2][end:])
        if self._at_end:
            self._mentioned += 1
            call = '<span class="term">{}</span><span class="call">{}</span>{}'
            return format_html(call, words, self._mentioned, marks)
        term = self.terminology.definitions[int(button[1])]
        return format_html(
            '<span class="term">{}</span><span class="note" lang="{}"><b>{}</b> {}</span>{}',
            words,
            html_lang(self._language),
            term.name,
            term.definition,
            marks,
        )
