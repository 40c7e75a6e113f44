"""Where the words of a term are used: in which document, language and part, in drafts and in what patients read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from publishing import display, richtext, snapshot
from publishing.models import Document, Edition
from publishing.previews import unsaved_edition

from .models import Term
from .terminology import Terminology


@dataclass
class Use:
    document: Document
    language: str
    parts: list[str]
    """The labels of the parts."""
    words: list[str]
    """As the texts have them."""
    is_live: bool
    """Whether patients read it there; else it is in the draft alone."""

    @property
    def language_name(self) -> Any:
        return dict(settings.LANGUAGES)[self.language]


def uses_of(term: Term) -> list[Use]:
    """By the names that the term has now and by those that it is live with."""
    return [use for code, _name in settings.LANGUAGES for use in _uses(term, code)]


def _uses(term: Term, language: str) -> Iterator[Use]:
    live = Edition.objects.live(language)
    known = Terminology([unsaved_edition(term, language), *live.of(term)], language)
    for model in Document.__subclasses__():
        contents = {edition.object_id: edition.content for edition in live.of_kind(model)}
        drafts = list(model._default_manager.all())
        snapshot.prefetch(drafts)
        for document in drafts:
            if document == term:
                continue
            in_draft = _words(known, model, snapshot.freeze(document, language))
            in_live = _words(known, model, contents.get(document.pk, {}))
            if found := {**in_live, **in_draft}:
                labels = {part.key: part.label for part in _parts(model, document, language, contents)}
                words = dict.fromkeys(word for said in found.values() for word in said)
                yield Use(document, language, [labels.get(key, key) for key in found], list(words), bool(in_live))


def _words(known: Terminology, model: type[Document], content: dict[str, Any]) -> dict[str, list[str]]:
    """By part, what is said in it."""
    found = {}
    for key, value, is_rich in snapshot.texts(model, content):
        text = richtext.plain_text(value) if is_rich else value
        if said := [text[match.start : match.end] for match, _word in known.words(text)]:
            found[key] = said
    return found


def _parts(
    model: type[Document], document: Document, language: str, contents: dict[int, dict[str, Any]]
) -> list[display.Part]:
    return [*display.parts(model, contents.get(document.pk, {})), *display.draft(document, language)]
