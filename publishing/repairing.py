"""Replaces words in a draft, as a finding proposes it."""

import html
import re
from typing import Any

from modeltranslation.utils import build_localized_fieldname

from .fields import RichTextField
from .gate import Repair
from .models import Document

_TAG = re.compile(r"(<[^>]*>)")
_SPACE = r"(?:\s|&nbsp;)+"


def apply(document: Document, language: str, key: str, repair: Repair) -> bool:
    """Mends one part of the draft; whether there was anything to mend. Raises `Conflict` like any other save."""
    row, _dot, name = key.rpartition(".")
    part: Any = document
    if row:
        relation, _dot, number = row.partition(".")
        part = getattr(document, relation).get(pk=number)
    field = build_localized_fieldname(name, language)
    text = getattr(part, field) or ""
    mended = replace(text, repair, is_rich=isinstance(part._meta.get_field(name), RichTextField))
    if mended == text:
        return False
    setattr(part, field, mended)
    document.save()
    if part is not document:
        part.save()
    return True


def replace(text: str, repair: Repair, *, is_rich: bool = False) -> str:
    """Every occurrence as words of their own, in whatever capitals; a capital at the beginning stays one.

    Of rich text only what is text, and not what tags run through.
    """
    if not is_rich:
        return _replace(text, repair.wrong, repair.right)
    wrong, right = html.escape(repair.wrong, quote=False), html.escape(repair.right, quote=False)
    pieces = _TAG.split(text)
    pieces[::2] = [_replace(piece, wrong, right) for piece in pieces[::2]]
    return "".join(pieces)


def _replace(text: str, wrong: str, right: str) -> str:
    words = _SPACE.join(map(re.escape, wrong.split()))
    before = r"(?<![a-z0-9])" if wrong[:1].isascii() else ""
    after = r"(?![a-z0-9])" if wrong[-1:].isascii() else ""
    return re.sub(before + words + after, lambda match: _in_case_of(match[0], right), text, flags=re.IGNORECASE)


def _in_case_of(found: str, right: str) -> str:
    return right[:1].upper() + right[1:] if found[:1].isupper() else right
