"""The admin of drafts, on which the content apps build theirs, and that of editions, which is registered here."""

from .drafts import DocumentAdmin, TabularInline, TranslatedStackedInline
from .editions import EditionAdmin, FeedbackAdmin, waiting_for
from .keys import RefuseOddKeys

__all__ = [
    "DocumentAdmin",
    "EditionAdmin",
    "FeedbackAdmin",
    "RefuseOddKeys",
    "TabularInline",
    "TranslatedStackedInline",
    "waiting_for",
]
