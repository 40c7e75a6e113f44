from modeltranslation.translator import TranslationOptions, register

from .models import Comparison, Row, Term


@register(Term)
class TermTranslation(TranslationOptions):
    fields = ("name", "definition", "explanation")


@register(Comparison)
class ComparisonTranslation(TranslationOptions):
    fields = ("title", "introduction", "conclusion")


@register(Row)
class RowTranslation(TranslationOptions):
    fields = ("aspect", "first", "second")
