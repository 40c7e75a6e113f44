from django.contrib import admin

from publishing.admin import DocumentAdmin, TabularInline, TranslatedStackedInline

from .admin_exchange import ExchangeAdmin
from .models import Comparison, Context, Name, Row, Term


class NameInline(TabularInline):
    model = Name


class ContextInline(TabularInline):
    model = Context


@admin.register(Term)
class TermAdmin(ExchangeAdmin, DocumentAdmin):
    fieldsets = [
        (None, {"fields": ("name", "abbreviation", "pinyin", "category", "definition", "explanation", "see_also")}),
        DocumentAdmin.envelope,
    ]
    inlines = [NameInline, ContextInline]
    autocomplete_fields = ("see_also",)
    subject_filters = ("category",)

    search_fields = ["slug", "abbreviation", "names__text"]


class RowInline(TranslatedStackedInline):
    model = Row


@admin.register(Comparison)
class ComparisonAdmin(DocumentAdmin):
    fieldsets = [
        (None, {"fields": ("first", "second", "title", "introduction", "conclusion")}),
        DocumentAdmin.envelope,
    ]
    inlines = [RowInline]
    autocomplete_fields = ("first", "second")
