"""A reader's question, answered: what is live in a language and fits it, the best first."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from articles.models import Misconception
from publishing.models import Edition, EditionQuerySet

from . import spelling, text
from .engines import AT_ONCE, engine, readable
from .models import Phrase

LONGEST = 200  # characters of a question; what comes after is not asked any more
MOST = 200
"""So many results at most: nobody reads on that far."""
WEAKEST = 0.08
"""Results below this share of the best one's score are left out."""
NEAR_THE_TOP = 5
CALLED_SO = 1.1
"""How much more a result counts of which a whole name stands in the question."""
SUGGESTIONS = 8


@dataclass
class Found:
    query: str
    """What was looked for: the question, or the one that was meant."""
    keys: list[int] = field(default_factory=list)
    """Of the editions."""
    corrected: str = ""
    """The question with misspelt words set right, if any were."""
    meant: str = ""
    """A name that sounds the same and is written otherwise: perhaps that one was meant."""
    named: list[int] = field(default_factory=list)
    """Of the editions that are called what was asked for."""
    spoken_of: set[int] = field(default_factory=set)
    """Of those near the top of which a name stands in the question."""


def find(question: str, language: str, among: EditionQuerySet | None = None) -> Found:
    """`among` narrows what is live; by default it is everything."""
    is_narrow = among is not None
    among = Edition.objects.live(language) if among is None else among
    corrected = spelling.corrected(question)
    found = Found(query=corrected or question, corrected=corrected)
    tokens = text.query(found.query)
    if not tokens:
        return found
    ranked = dict(engine().rank(tokens, among, MOST, is_narrow=is_narrow))
    _name(found, tokens, language, among, ranked)
    best = max(ranked.values(), default=0.0)
    by_score = sorted(ranked, key=lambda key: (-ranked[key], key))
    strong = [key for key in by_score if ranked[key] >= WEAKEST * best]
    found.keys = list(dict.fromkeys([*found.named, *strong]))
    return found


def _name(found: Found, tokens: list[str], language: str, among: EditionQuerySet, ranked: dict[int, float]) -> None:
    """What is called as asked comes first: terms, which say what it is, before pages of that title.

    Of the rest, what the question names goes slightly before what shares its words: who asks for the risks of a nerve
    block means the nerve block, before the diagnostic one.
    """
    keys = {key for key in (text.key(found.query), text.key(text.without_asking(found.query))) if key}
    sound = text.typed_sound(found.query)
    heard = sound or text.sound(found.query)[0]
    top = _top(ranked)
    wanted = Q(key__in=keys) | Q(edition__in=top)
    if len(heard) >= text.SHORTEST_SOUND:
        wanted |= Q(sound=heard)
        if sound:
            wanted |= Q(initials=sound)
    near = list(islice(_readable(Phrase.objects.filter(wanted, language=language), among, ranked.keys()), MOST))
    found.spoken_of = {each.edition_id for each in near if each.edition_id in top and text.holds(tokens, each.text)}
    for key in found.spoken_of:
        ranked[key] *= CALLED_SO
    sounds = {heard} if len(heard) >= text.SHORTEST_SOUND else set()
    phrases = [each for each in near if each.key in keys or {each.sound, sound and each.initials} & sounds]
    written = [phrase for phrase in phrases if phrase.key in keys or sound]
    found.named = _in_order(written or phrases, ranked)
    if found.named and all(phrase.is_everyday for phrase in written or phrases):
        found.named = [*_asking(tokens, ranked), *found.named]
    if phrases and not written:
        found.meant = next((phrase.text for phrase in phrases if phrase.is_shown), "")


def _top(ranked: dict[int, float]) -> list[int]:
    return sorted(ranked, key=lambda key: (-ranked[key], key))[:NEAR_THE_TOP]


def _asking(tokens: list[str], ranked: dict[int, float]) -> list[int]:
    """Who names a thing in everyday words (bones grow brittle) asks what is in it: a fact that asks so comes first."""
    wanted = {token for token in tokens if token[0] not in "_~"}
    facts = Edition.objects.of_kind(Misconception).filter(pk__in=_top(ranked)).values_list("pk", "title")
    return [key for key, title in facts if wanted <= set(text.tokens(title))][:1]


def _in_order(phrases: Iterable[Phrase], ranked: dict[int, float]) -> list[int]:
    def rank(phrase: Phrase) -> tuple[Any, ...]:
        return not phrase.is_name, -ranked.get(phrase.edition_id, 0.0), phrase.edition_id

    return list(dict.fromkeys(phrase.edition_id for phrase in sorted(phrases, key=rank)))


def suggestions(beginning: str, language: str) -> list[str]:
    """Titles and names that begin so, or in which a word does; Chinese ones by their pinyin too."""
    begun = " ".join(text.runs(beginning[:LONGEST]))
    if not begun:
        return []
    sound = text.typed_sound(begun)
    begins, inside = Q(folded__startswith=begun), Q(folded__contains=begun if not begun.isascii() else f" {begun}")
    if len(sound) > 1:
        begins |= Q(sound__startswith=sound) | Q(initials__startswith=sound)
    first = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Phrase.objects.filter(begins | inside, language=language, is_shown=True)
    found = found.order_by(first, "-is_name", Length("folded"), "folded", "pk")
    offered: dict[str, None] = {}
    for phrase in _readable(found, Edition.objects.live(language)):
        offered[phrase.text] = None
        if len(offered) == SUGGESTIONS:
            break
    return list(offered)


def _readable(phrases: QuerySet[Phrase], among: EditionQuerySet, known: Set[int] = frozenset()) -> Iterator[Phrase]:
    """In queries of their own, some at a time: asked for both at once, a database may look through all that is live.

    `known` are keys that have just been found among them.
    """
    for start in count(step=AT_ONCE):
        batch = list(phrases[start : start + AT_ONCE])
        there = known | readable(among, {phrase.edition_id for phrase in batch} - known)
        yield from (phrase for phrase in batch if phrase.edition_id in there)
        if len(batch) < AT_ONCE:
            break
