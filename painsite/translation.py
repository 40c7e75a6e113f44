from modeltranslation.translator import TranslationOptions, register

from .models import SiteProfile


@register(SiteProfile)
class SiteProfileTranslation(TranslationOptions):
    fields = ("hospital", "department", "address", "opening_hours", "licence")
