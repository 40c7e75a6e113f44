"""The picture of the body: which of its areas belong to which region, and which topics lie there.

The areas are drawn in `templates/articles/body/`, one file each, around a vertical axis at 0: the body is as wide to
the left as to the right of it.

Pure: runs no query.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publishing.reading import Page

from .models import Facet, Region
from .topictree import Branch

VIEWS = {
    "front": ("head", "neck-shoulder", "chest", "abdomen", "arm", "leg", "joints"),
    "back": ("head", "neck-shoulder", "back", "lower-back", "arm", "leg", "joints"),
}
"""The areas seen from each side, from head to foot; the joints lie upon the limbs."""

AREAS: dict[str, tuple[str, ...]] = {
    Region.HEAD: ("head",),
    Region.NECK_SHOULDER: ("neck-shoulder",),
    Region.CHEST: ("chest",),
    Region.ABDOMEN: ("abdomen",),
    Region.CHEST_ABDOMEN: ("chest", "abdomen"),
    Region.BACK: ("back",),
    Region.LOWER_BACK: ("lower-back",),
    Region.LEG: ("leg",),
    Region.LOWER_BACK_LEG: ("lower-back", "leg"),
    Region.ARM: ("arm",),
    Region.JOINTS: ("joints",),
}


@dataclass(frozen=True)
class Closeup:
    """How the picture of one region is cut out of the picture of the body."""

    view: str
    box: str
    """An SVG view box, square."""
    pain: tuple[int, int]
    """Where it hurts."""


CLOSEUPS: dict[str, Closeup] = {
    Region.HEAD: Closeup("front", "-44 0 88 88", (12, 26)),
    Region.NECK_SHOULDER: Closeup("back", "-50 30 100 100", (26, 84)),
    Region.CHEST: Closeup("front", "-50 66 100 100", (12, 116)),
    Region.ABDOMEN: Closeup("front", "-50 110 100 100", (0, 156)),
    Region.CHEST_ABDOMEN: Closeup("front", "-62 78 124 124", (0, 140)),
    Region.BACK: Closeup("back", "-50 60 100 100", (12, 116)),
    Region.LOWER_BACK: Closeup("back", "-50 108 100 100", (13, 166)),
    Region.LEG: Closeup("front", "-62 186 124 124", (20, 236)),
    Region.LOWER_BACK_LEG: Closeup("back", "-62 124 124 124", (13, 168)),
    Region.ARM: Closeup("front", "-22 88 130 130", (52, 160)),
    Region.JOINTS: Closeup("front", "-38 222 76 76", (20, 260)),
}


@dataclass(frozen=True)
class Place:
    """What a view shows as one: the areas that lead to a topic, or areas that lead nowhere."""

    areas: tuple[str, ...]
    page: Page | None


def on_the_body(facets: Iterable[tuple[str, list[Branch]]]) -> list[Page]:
    """The topics of the list beside the picture: those that are parts of the body, and others that have a region."""
    pages = [page for _label, branches in facets for page in _pages(branches)]
    return [page for page in pages if region(page) or page.facet == Facet.BODY_PART]


def region(page: Page) -> str:
    """A topic that was frozen before there were regions has none; nor has one whose region is not drawn any more."""
    named = getattr(page, "region", "")
    return named if named in AREAS else ""


def places(view: str, pages: Iterable[Page]) -> list[Place]:
    """An area leads to the topic that says most closely where it is; of several such ones, to the first."""
    owners: dict[str, Page] = {}
    for page in sorted((page for page in pages if region(page)), key=lambda page: len(AREAS[region(page)])):
        for area in AREAS[region(page)]:
            owners.setdefault(area, page)
    found: dict[int | str, list[str]] = {}
    for area in VIEWS[view]:
        key = owners[area].edition.object_id if area in owners else area
        found.setdefault(key, []).append(area)
    return [Place(tuple(areas), owners.get(areas[0])) for areas in found.values()]


def _pages(branches: Iterable[Branch]) -> Iterator[Page]:
    for branch in branches:
        yield branch.page
        yield from _pages(branch.branches)
