"""What pages need of the glossary."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from glossary.footnotes import Footnotes

register = template.Library()


@register.filter
def linked(text: str, footnotes: Footnotes | tuple[()] | str) -> SafeString:
    """The text with its terms linked; as it is on a page that has no footnotes."""
    html = conditional_escape(text or "")
    return footnotes.link(html) if isinstance(footnotes, Footnotes) else html
