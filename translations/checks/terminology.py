"""Terms of the glossary that one row of a text names and its translation does not. Pure: callers hand in the glossary.

What is said with forbidden and deprecated names, and what a document as a whole leaves out, is the gate's to find
(`glossary.findings`); this is for the row that somebody is typing in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glossary.matching import Matcher

from .pairs import Found, Pair


@dataclass(frozen=True)
class Glossary:
    """Matchers of both languages, whose entries are the same terms, and their names in the target's."""

    source: Matcher
    target: Matcher
    names: Mapping[Any, str]
    """What each term is called in the target's language; one that has no name there yet is not asked for."""


def check(pair: Pair, glossary: Glossary) -> Iterator[Found]:
    mentions = glossary.source.find(pair.source.plain)
    if not mentions:
        return
    target = pair.target.plain
    said = {match.term for match in glossary.target.find(target)}
    folded = target.casefold()
    for match in mentions:
        name = glossary.names.get(match.term)
        # Within a longer name counts too: pain in cancer pain.
        if name and match.term not in said and name.casefold() not in folded:
            said.add(match.term)
            words = {"term": pair.source.plain[match.start : match.end], "right": name}
            yield Found("W007", "warning", pair.source.span(match.start, match.end), None, words)
