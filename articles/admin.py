from django.contrib import admin

from publishing.admin import DocumentAdmin, TabularInline, TranslatedStackedInline

from .models import (
    Article,
    ArticleMisconception,
    ArticleReference,
    Figure,
    Misconception,
    MisconceptionReference,
    Question,
    Topic,
    TopicCode,
    Warning,
)


class TopicCodeInline(TabularInline):
    model = TopicCode


@admin.register(Topic)
class TopicAdmin(DocumentAdmin):
    fieldsets = [(None, {"fields": ("facet", "parent", "name", "summary", "region", "order")}), DocumentAdmin.envelope]
    inlines = [TopicCodeInline]
    autocomplete_fields = ("parent",)
    subject_filters = ("facet",)


class MisconceptionReferenceInline(TranslatedStackedInline):
    model = MisconceptionReference


@admin.register(Misconception)
class MisconceptionAdmin(DocumentAdmin):
    fieldsets = [
        (None, {"fields": ("question", "misconception", "verdict", "fact", "explanation", "advice")}),
        (None, {"fields": ("topics", "terms", "unlinked_terms")}),
        DocumentAdmin.envelope,
    ]
    inlines = [MisconceptionReferenceInline]
    autocomplete_fields = ("topics", "terms", "unlinked_terms")
    subject_filters = ("verdict",)


class WarningInline(TranslatedStackedInline):
    model = Warning


class FigureInline(TranslatedStackedInline):
    model = Figure


class QuestionInline(TranslatedStackedInline):
    model = Question


class ArticleMisconceptionInline(TabularInline):
    model = ArticleMisconception
    autocomplete_fields = ("misconception",)


class ArticleReferenceInline(TranslatedStackedInline):
    model = ArticleReference


@admin.register(Article)
class ArticleAdmin(DocumentAdmin):
    fieldsets = [
        (None, {"fields": ("kind", "title", "summary", "body")}),
        (None, {"fields": ("topics", "comparisons", "related", "unlinked_terms")}),
        DocumentAdmin.envelope,
    ]
    inlines = [WarningInline, FigureInline, QuestionInline, ArticleMisconceptionInline, ArticleReferenceInline]
    autocomplete_fields = ("topics", "comparisons", "related", "unlinked_terms")
    subject_filters = ("kind", "topics")
