"""Every address of the site, out of its URL configuration."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import URLResolver, get_resolver

_VALUE = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>|\([^)?][^)]*\)")


@dataclass(frozen=True)
class Route:
    name: str
    """With its namespaces; of a route without a name its pattern."""
    pattern: str

    @cached_property
    def address(self) -> str:
        """For people: `/admin/glossary/term/<value 0>/history/<value 1>/`."""
        return self.filled_in(lambda name: f"<{name}>")

    def filled_in(self, value_of: Callable[[str], object]) -> str:
        """`value_of` is asked for each value by its name; what has none is `value 0`, `value 1` …"""
        unnamed = iter(range(9))
        path = _VALUE.sub(lambda m: str(value_of(m[1] or m[2] or f"value {next(unnamed)}")), self.pattern)
        return "/" + path.removesuffix("$")

    @property
    def values(self) -> list[str]:
        """The names of the values in it."""
        found: list[str] = []
        self.filled_in(found.append)
        return found


def routes(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    """Every route that there is; those in a language once, in the active one."""
    for each in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(each.pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            yield from routes(each, pattern, f"{namespace}{each.namespace}:" if each.namespace else namespace)
        else:
            yield Route(f"{namespace}{each.name}" if each.name else pattern, pattern)
