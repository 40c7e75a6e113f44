"""What every translation is checked for against its source edition: `checks.runner` lists what there is.

A blocker can be let pass by a reviewer, with a reason: what looks like another dose may be the same one said otherwise.
Denials and directions ask for a reviewer's word before the language is signed, here or at the desk.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from publishing import snapshot
from publishing.gate import Finding, Level, Subject, register, texts

from .checking import ACKNOWLEDGED
from .checks.pairs import Text
from .checks.runner import check
from .models import Acknowledgement, digest


@register()
def says_the_same(subject: Subject) -> Iterator[Finding]:
    if not subject.is_translation or subject.source is None:
        return
    language = subject.source.language
    if {language, subject.language} != {"zh-hans", "en"}:
        return
    sources = {key: text for key, text, _is_rich in snapshot.texts(subject.model, subject.source.content)}
    asked: dict[str, str] = {}
    for key, text, is_rich in texts(subject):
        if source := sources.get(key):
            said: dict[str, list[str]] = {}
            for found in check(Text(source, language, is_rich), Text(text, subject.language, is_rich)):
                said.setdefault(found.id, []).append(found.message)
            for id, messages in said.items():
                if id in ACKNOWLEDGED:
                    asked = asked or _acknowledged(subject)
                    yield _asking(id, key, messages, asked.get(f"{id} {key} {digest(source, text)}"))
                else:
                    is_blocker = id.startswith("B")
                    level = Level.BLOCKER if is_blocker else Level.WARNING
                    yield Finding(f"translations.{id}", level, " ".join(messages), key, overridable=is_blocker)


def _asking(id: str, key: str, messages: list[str], by: str | None) -> Finding:
    message = " ".join(messages)
    if by is not None:
        message = _("%(finding)s (%(name)s has looked at it.)") % {"finding": message, "name": by}
    return Finding(f"translations.{id}", Level.WARNING, message, key, overridable=by is None)


def _acknowledged(subject: Subject) -> dict[str, str]:
    """By finding, part and texts: the name of who said so at the desk, never the author of what is to be signed."""
    author = subject.edition.author_id if subject.edition else None
    rows: Any = Acknowledgement.objects.filter(
        unit__translation__content_type=ContentType.objects.get_for_model(subject.model),
        unit__translation__object_id=subject.object_id,
        unit__translation__language=subject.language,
    )
    rows = rows.exclude(by=author).values_list("finding", "unit__key", "digest", "by__username")
    return {f"{finding} {key} {of}": name for finding, key, of, name in rows}
