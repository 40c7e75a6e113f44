"""The admin of drafts, on which the content apps build theirs, and that of editions, which is registered here."""

from .drafts import DocumentAdmin, RefuseOddKeys, TabularInline, TranslatedStackedInline, waiting_for

__all__ = ["DocumentAdmin", "RefuseOddKeys", "TabularInline", "TranslatedStackedInline", "waiting_for"]
