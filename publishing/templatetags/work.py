import datetime
from typing import Any

from django import template
from django.conf import settings
from django.contrib import admin
from django.utils import timezone

from publishing.admin import waiting_for
from publishing.models import Document, Edition
from publishing.workflow import may_submit

register = template.Library()


@register.simple_tag(takes_context=True)
def work_waiting(context: Any) -> list[Edition]:
    """The editions that wait for the person who is logged in."""
    return waiting_for(context["request"].user)


@register.simple_tag(takes_context=True)
def reviews_due(context: Any) -> list[Edition]:
    """What is live and due for review soon or overdue, the most urgent first, for those who write its language."""
    user = context["request"].user
    languages = [code for code, _name in settings.LANGUAGES if may_submit(user, code)]
    horizon = timezone.localdate() + datetime.timedelta(days=settings.REVIEW_REMINDER_DAYS)
    live = Edition.objects.live().filter(language__in=languages, review_due__lte=horizon)
    return list(live.defer("content").order_by("review_due", "title")) if languages else []


@register.filter
def admin_change_url(document: Document) -> str:
    """The name of the admin's change page of a document's kind, for `{% url %}`."""
    return f"{admin.site.name}:{document._meta.app_label}_{document._meta.model_name}_change"


@register.filter
def document_label(document: Document) -> str:
    """How addresses call a document's kind: `articles.article`."""
    return document._meta.label_lower
