"""What the glossary knows and every document is checked for: W001, an abbreviation that nobody explains."""

import re
from collections.abc import Iterator

from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from publishing import richtext
from publishing.gate import Finding, Level, Subject, register, texts
from publishing.models import Edition

from .models import Term

# Two capitals or more, a figure among them or an s of the plural after them: PCEA, T2, NSAIDs. ASCII, for a Chinese
# character beside it is a letter too.
_ABBREVIATION = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]+(?=s?(?![A-Za-z0-9]))")
_ROMAN_NUMBER = re.compile(r"[IVX]+")


@register()
def abbreviations(subject: Subject) -> Iterator[Finding]:
    """One is explained where brackets follow it or hold it, “full name (PCEA)”, or in the glossary as it is live."""
    parts = [(key, richtext.plain_text(text) if is_rich else text) for key, text, is_rich in texts(subject)]
    whole = "\n".join(text for _key, text in parts)
    first: dict[str, str] = {}
    for key, text in parts:
        for abbreviation in _ABBREVIATION.findall(text):
            if not _ROMAN_NUMBER.fullmatch(abbreviation) and not is_explained(abbreviation, whole):
                first.setdefault(abbreviation, key)
    if not first:
        return
    known = {subject.content.get("abbreviation")}
    live = Edition.objects.of_kind(Term).live(subject.language, subject.at)
    known.update(live.annotate(abbreviation=KT("content__abbreviation")).values_list("abbreviation", flat=True))
    for abbreviation, key in first.items():
        if abbreviation not in known:
            message = _(
                "%(abbreviation)s is never spelled out. Write the full name with %(abbreviation)s in brackets after it."
            )
            yield Finding("glossary.W001", Level.WARNING, message % {"abbreviation": abbreviation}, key)


def is_explained(abbreviation: str, text: str) -> bool:
    own = re.escape(abbreviation)
    spelled_out = rf"\w[”’」』\"']? ?[（(] ?{own}(?![A-Za-z0-9])|(?<![A-Za-z0-9]){own} ?[（(] ?\w"
    return re.search(spelled_out, text) is not None
