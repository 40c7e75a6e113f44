"""The form that asks readers, and for staff what they said."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from publishing import feedback
from publishing.models import Edition, Feedback
from publishing.workflow import may_submit

register = template.Library()


@register.simple_tag
def feedback_form(edition: Edition) -> feedback.FeedbackForm:
    return feedback.FeedbackForm(edition)


@register.simple_tag(takes_context=True)
def readers_waiting(context: Any) -> list[Feedback]:
    """What readers said and nobody has seen to, newest first, for those who write its language."""
    user = context["request"].user
    languages = [code for code, _name in settings.LANGUAGES if may_submit(user, code)]
    if not languages:
        return []
    waiting = Feedback.objects.kept().filter(done=False, edition__language__in=languages)
    return list(waiting.select_related("edition").defer("edition__content"))


@register.filter
def paragraph(said: Feedback) -> SafeString:
    return feedback.paragraph(said)
