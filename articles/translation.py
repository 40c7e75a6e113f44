from modeltranslation.translator import TranslationOptions, register

from .models import (
    Article,
    ArticleReference,
    Figure,
    Misconception,
    MisconceptionReference,
    Question,
    Topic,
    Warning,
)


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name", "summary")


@register(Misconception)
class MisconceptionTranslation(TranslationOptions):
    fields = ("question", "misconception", "fact", "explanation", "advice")


@register(Article)
class ArticleTranslation(TranslationOptions):
    fields = ("title", "summary", "body")


@register(Warning)
class WarningTranslation(TranslationOptions):
    fields = ("heading", "text")


@register(Figure)
class FigureTranslation(TranslationOptions):
    fields = ("caption", "legend", "description")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text",)


@register(ArticleReference)
class ArticleReferenceTranslation(TranslationOptions):
    fields = ("citation", "claim")


@register(MisconceptionReference)
class MisconceptionReferenceTranslation(TranslationOptions):
    fields = ("citation", "claim")
