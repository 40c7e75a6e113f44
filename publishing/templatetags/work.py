from typing import Any

from django import template
from django.contrib import admin

from publishing.admin import waiting_for
from publishing.models import Document, Edition

register = template.Library()


@register.simple_tag(takes_context=True)
def work_waiting(context: Any) -> list[Edition]:
    """The editions that wait for the person who is logged in."""
    return waiting_for(context["request"].user)


@register.filter
def admin_change_url(document: Document) -> str:
    """The name of the admin's change page of a document's kind, for `{% url %}`."""
    return f"{admin.site.name}:{document._meta.app_label}_{document._meta.model_name}_change"
