"""The checks over texts of this site: with its glossary, in its languages."""

from collections.abc import Mapping

from glossary import terminology

from .checks.pairs import Text
from .checks.runner import Finding, check
from .checks.terminology import Glossary
from .models import Translation

ACKNOWLEDGED = {"W004", "W005"}
"""Denials and directions: a reviewer says by name that they were looked at."""


def glossary(source_language: str, target_language: str) -> Glossary:
    source, target = terminology.live(source_language), terminology.live(target_language)
    names: Mapping[int, str] = target.preferred
    return Glossary(source.matcher, target.matcher, names)


def findings(
    translation: Translation, source: str, target: str, *, is_rich: bool, known: Glossary | None = None
) -> list[Finding]:
    """Of a row or a whole text of this translation."""
    return check(
        Text(source, translation.source_language, is_rich), Text(target, translation.language, is_rich), glossary=known
    )
