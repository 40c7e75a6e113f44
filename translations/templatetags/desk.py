from typing import Any

from django import template

from translations import queue

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_waiting(context: Any) -> list[tuple[str, Any, int]]:
    """What waits at the desk for the person who is logged in: tab, its name, and how many documents."""
    return queue.waiting_for(context["request"].user)
