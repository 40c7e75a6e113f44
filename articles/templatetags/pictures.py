"""What pages need to show the picture of the body, and figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template

from articles import body
from articles.models import Drawing, legend_lines
from articles.topictree import Branch
from publishing.reading import Page

register = template.Library()


@dataclass(frozen=True)
class View:
    name: str
    places: list[body.Place]

    @property
    def details(self) -> str:
        return area_template(f"details-{self.name}")


@dataclass(frozen=True)
class BodyMap:
    views: list[View]
    pages: list[Page]


@register.simple_tag
def body_map(facets: Iterable[tuple[str, list[Branch]]] | str) -> BodyMap:
    pages = body.on_the_body(facets or ())  # type: ignore[arg-type]
    return BodyMap([View(name, body.places(name, pages)) for name in body.VIEWS], pages)


@register.simple_tag
def closeup(region: str) -> dict[str, Any] | None:
    """What is cut out of the picture of the body for a region; None of one that is not drawn."""
    part = body.CLOSEUPS.get(region)
    if part is None:
        return None
    shown = [area for area in body.VIEWS[part.view] if area != "joints" or area in body.AREAS[region]]
    return {
        "box": part.box,
        "pain": part.pain,
        "areas": [(area_template(area), area in body.AREAS[region]) for area in shown],
        "details": area_template(f"details-{part.view}"),
    }


@register.filter
def area_template(area: str) -> str:
    return f"articles/body/{area}.svg"


@register.filter
def drawing(picture: str) -> str:
    """The template of a picture; "" of one that a frozen text still names, but that is not drawn any more."""
    return f"articles/figures/{picture}.svg" if picture in Drawing.values else ""


@register.filter
def lines(legend: str) -> list[str]:
    return legend_lines(legend)
