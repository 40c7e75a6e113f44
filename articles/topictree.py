"""The live topics of one language as they stand under each other."""

from collections.abc import Iterator
from dataclasses import dataclass

from publishing.models import Edition, EditionQuerySet, Link
from publishing.reading import Page

from .models import Facet, Topic


def topics_of(editions: EditionQuerySet, language: str | None = None) -> EditionQuerySet:
    """The live topics that these editions are about, in one language or in all."""
    about = Link.objects.filter(edition__in=editions.values("pk"), relation="topics").values("target_id")
    return Edition.objects.of_kind(Topic).live(language).filter(object_id__in=about)


@dataclass
class Branch:
    page: Page
    branches: list["Branch"]


class TopicTree:
    def __init__(self, language: str, shown: Page | None = None) -> None:
        """`shown` is the topic on whose page the tree stands: in a preview not the live one, or not live at all."""
        facets = {value: place for place, value in enumerate(Facet.values)}
        pages = [Page(edition) for edition in Edition.objects.of_kind(Topic).live(language)]
        if shown:
            pages = [shown, *(page for page in pages if page.edition.object_id != shown.edition.object_id)]
        pages.sort(key=lambda page: (facets.get(page.facet, len(facets)), page.order, page.slug))
        self._pages = {page.edition.object_id: page for page in pages}
        # A parent that is not live is none. Editions are frozen at different times, so they can even name each other
        # in a circle: the first one on it has no parent then.
        self._parents: dict[int, int] = {}
        for number, page in self._pages.items():
            for parent in page.parent:
                if parent in self._pages and number not in (parent, *self._above(parent)):
                    self._parents[number] = parent

    def above(self, page: Page) -> list[Page]:
        """The topics that a topic belongs under, the widest first."""
        return [self._pages[number] for number in self._above(page.edition.object_id)][::-1]

    def under(self, page: Page | None) -> list[Branch]:
        """The branches under a topic, or those that are under none."""
        parent = page.edition.object_id if page else None
        numbers = [number for number in self._pages if self._parents.get(number) == parent]
        return [Branch(self._pages[number], self.under(self._pages[number])) for number in numbers]

    def by_facet(self) -> list[tuple[str, list[Branch]]]:
        """Each facet that has any: its name in the reader's language, and its topics."""
        facets: dict[str, list[Branch]] = {}
        for branch in self.under(None):
            facets.setdefault(branch.page.choice("facet"), []).append(branch)
        return list(facets.items())

    def _above(self, number: int) -> Iterator[int]:
        while (parent := self._parents.get(number)) is not None:
            yield parent
            number = parent
