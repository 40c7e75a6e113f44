import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

QUIET_ZONE = 4  # modules of white around it, as the standard has it


@register.simple_tag
def qr(address: str, title: str) -> SafeString:
    """The address as a symbol to scan: dark on white whatever the page's colours, as sharp as the screen or paper."""
    symbol = segno.make(address, error="m", micro=False)
    svg = symbol.svg_inline(border=QUIET_ZONE, omitsize=True, light="#fff", title=title, svgclass="qr", lineclass=None)
    return mark_safe(svg.replace("<svg ", '<svg role="img" ', 1))


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, url: str) -> str:
    return context["request"].build_absolute_uri(url)
