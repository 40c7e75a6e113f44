"""The index of each database behind one small interface, fed with the same tokens (search.text).

SQLite has FTS5, which ranks by BM25. PostgreSQL has a GIN index over a tsvector; it finds the few hundred texts that
have the rarest words of a query, and these are ranked here by the same BM25. Neither takes words apart: the tokens are
ready.

The tables are the engines' own and no model's: their columns are what each database needs. A row belongs to an edition,
which is never deleted; what is live is asked when somebody searches, of the editions, by their keys. Left to plan for
both at once, PostgreSQL has been seen to find out what is live anew for each text, until it had its statistics.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from .text import WEIGHTS, counts

Columns = dict[str, list[str]]
Ranked = list[tuple[int, float]]
"""Keys of editions with their scores, the best first."""

INDEX = "search_index"
K1, B = 1.2, 0.75
"""Of BM25, as FTS5 has them."""


class Engine(Protocol):
    def __init__(self, connection: BaseDatabaseWrapper) -> None: ...

    def create(self) -> None: ...

    def drop(self) -> None: ...

    def write(self, rows: Iterable[tuple[int, Columns]]) -> None:
        """Puts texts in, by the keys of their editions; in place of what was there."""

    def remove(self, keys: Iterable[int]) -> None: ...

    def having(self, tokens: Iterable[str], start: int) -> dict[str, list[int]]:
        """Which texts have each of the tokens, live or not: `AT_ONCE` keys of each at most, from a place on."""

    def rank(
        self, tokens: Sequence[str], editions: models.QuerySet[Any], limit: int, *, is_narrow: bool = False
    ) -> Ranked:
        """The best of the given editions that have any of the tokens; `is_narrow`: of only some of the live."""


AT_ONCE = 250
"""Editions of which is asked at once whether they are live."""


def readable(editions: models.QuerySet[Any], keys: Iterable[int]) -> set[int]:
    """Which of the keys are those of the given editions."""
    return set(editions.filter(pk__in=keys).order_by().values_list("pk", flat=True)) if keys else set()


def known(tokens: Iterable[str], editions: models.QuerySet[Any]) -> set[str]:
    """Those of the tokens that any of the given editions has."""
    found: set[str] = set()
    wanted, start = set(tokens), 0
    while wanted:
        having = engine().having(wanted, start)
        there = readable(editions, {key for keys in having.values() for key in keys})
        found |= {token for token in wanted if not there.isdisjoint(having[token])}
        wanted = {token for token in wanted - found if len(having[token]) == AT_ONCE}
        start += AT_ONCE
    return found


class SQLite:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def create(self) -> None:
        # `ascii` takes whatever is not ASCII for a letter; only spaces part our tokens.
        tokenizer = "ascii tokenchars ''_~''"
        self._execute(f"CREATE VIRTUAL TABLE search_index USING fts5({', '.join(WEIGHTS)}, tokenize='{tokenizer}')")
        weights = ", ".join(map(str, WEIGHTS.values()))
        self._execute("INSERT INTO search_index (search_index, rank) VALUES ('rank', %s)", [f"bm25({weights})"])

    def drop(self) -> None:
        self._execute("DROP TABLE search_index")

    def write(self, rows: Iterable[tuple[int, Columns]]) -> None:
        texts = {key: [" ".join(columns[name]) for name in WEIGHTS] for key, columns in rows}
        self.remove(texts)
        values: list[tuple[Any, ...]] = [(key, *columns) for key, columns in texts.items()]
        marks = ", ".join(["%s"] * (len(WEIGHTS) + 1))
        with self.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO search_index (rowid, {', '.join(WEIGHTS)}) VALUES ({marks})", values)

    def remove(self, keys: Iterable[int]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_index WHERE rowid = %s", [(key,) for key in keys])

    def having(self, tokens: Iterable[str], start: int) -> dict[str, list[int]]:
        having: dict[str, list[int]] = {token: [] for token in tokens}
        some = "SELECT rowid FROM search_index WHERE search_index MATCH %s ORDER BY rowid LIMIT %s OFFSET %s"
        sql = " UNION ALL ".join([f"SELECT %s, rowid FROM ({some})"] * len(having))
        values = [each for token in having for each in (token, f'"{token}"', AT_ONCE, start)]
        for token, key in self._execute(sql, values):
            having[token].append(key)
        return having

    def rank(
        self, tokens: Sequence[str], editions: models.QuerySet[Any], limit: int, *, is_narrow: bool = False
    ) -> Ranked:
        ranked = self._execute(
            "SELECT rowid, -rank FROM search_index WHERE search_index MATCH %s ORDER BY rank, rowid",
            [" OR ".join(f'"{token}"' for token in tokens)],
        )
        found: Ranked = []
        for start in range(0, len(ranked), AT_ONCE):  # from the best on, until there are enough
            batch = ranked[start : start + AT_ONCE]
            there = readable(editions, [key for key, _score in batch])
            found += [row for row in batch if row[0] in there]
            if len(found) >= limit:
                break
        return found[:limit]

    def _execute(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        with self.connection.cursor() as cursor:
            return cursor.execute(sql, values).fetchall()


ENOUGH = 400
"""So many texts are ranked."""
PROMINENT = 0.65
"""From this share of the most that a token can count in a text, it is prominent there."""
USUAL_LENGTH = 400


class PostgreSQL:
    """A token that is prominent in a text stands there twice, once marked `^`.

    So of a word that most texts have, those can be found that are about it, without looking at all.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def create(self) -> None:
        self._execute(
            "CREATE TABLE search_index (edition_id bigint PRIMARY KEY, length real NOT NULL, vector tsvector NOT NULL,"
            " counts text NOT NULL)"
        )
        # Compressed it would take longer to read than it saves.
        self._execute("ALTER TABLE search_index ALTER counts SET STORAGE EXTERNAL")
        self._execute("CREATE INDEX search_index_vector ON search_index USING gin (vector) WITH (fastupdate = off)")

    def drop(self) -> None:
        self._execute("DROP TABLE search_index")

    def write(self, rows: Iterable[tuple[int, Columns]]) -> None:
        values = []
        for key, columns in rows:
            length = sum(map(len, columns.values()))
            weighted = counts(columns)
            prominent = [f"^{token}" for token, count in weighted.items() if share(count, length) >= PROMINENT]
            vector = " ".join(f"'{token}'" for token in [*weighted, *prominent])
            lines = "".join(f"{token}\t{count:g}\n" for token, count in weighted.items())
            values.append((key, length, vector, f"\n{lines}"))
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_index VALUES (%s, %s, %s::tsvector, %s) ON CONFLICT (edition_id) DO UPDATE"
                " SET length = excluded.length, vector = excluded.vector, counts = excluded.counts",
                values,
            )

    def remove(self, keys: Iterable[int]) -> None:
        self._execute("DELETE FROM search_index WHERE edition_id = ANY(%s)", [list(keys)])

    def having(self, tokens: Iterable[str], start: int) -> dict[str, list[int]]:
        asked = list(tokens)
        found = self._execute(
            "SELECT token, ARRAY(SELECT edition_id FROM search_index WHERE vector @@ quoted::tsquery"
            " ORDER BY edition_id LIMIT %s OFFSET %s) FROM unnest(%s::text[], %s::text[]) AS asked (token, quoted)",
            [AT_ONCE, start, asked, [f"'{token}'" for token in asked]],
        )
        return dict(found)

    def rank(
        self, tokens: Sequence[str], editions: models.QuerySet[Any], limit: int, *, is_narrow: bool = False
    ) -> Ranked:
        """Of a narrow choice, all keys are asked for first: what is frequent and may be left out is told among them."""
        keys = list(editions.order_by().values_list("pk", flat=True)) if is_narrow else None
        asked = self._frequencies([*tokens, *(f"^{token}" for token in tokens)], keys)
        chosen = few(tokens, {token: there for token, _everywhere, there, _number, _length in asked})
        if not chosen:
            return []
        rows = self._texts(self._matching(chosen, keys), editions if keys is None else None)
        wanted = set(tokens)
        weights = {token: rarity(often, number) for token, often, _there, number, _length in asked if token in wanted}
        average = asked[0][-1]
        scored = [(key, score(weights, lines, length / average)) for key, length, lines in rows]
        return sorted(scored, key=lambda row: (-row[1], row[0]))[:limit]

    def _frequencies(self, tokens: Sequence[str], keys: list[int] | None) -> list[tuple[str, int, int, int, float]]:
        """Each token, in how many texts it is and in how many of the given ones; how many there are, and how long."""
        there = "count(*)" if keys is None else "count(*) FILTER (WHERE edition_id = ANY(%s))"
        return self._execute(
            "SELECT token, everywhere, there, number, length"
            " FROM unnest(%s::text[], %s::text[]) AS asked (token, quoted),"
            f" LATERAL (SELECT count(*) AS everywhere, {there} AS there FROM search_index"
            " WHERE vector @@ quoted::tsquery) AS having_it,"
            " (SELECT count(*) AS number, avg(length) AS length FROM search_index) AS texts",
            [list(tokens), [f"'{token}'" for token in tokens], *([] if keys is None else [keys])],
        )

    def _matching(self, tokens: Sequence[str], keys: list[int] | None) -> list[int]:
        """Token by token, so that each is looked up: it takes all at once for so many texts that it reads every one."""
        sql = (
            "SELECT DISTINCT edition_id FROM unnest(%s::text[]) AS asked (quoted),"
            " LATERAL (SELECT edition_id FROM search_index WHERE vector @@ quoted::tsquery OFFSET 0) AS having_it"
        )
        values: list[Any] = [[f"'{token}'" for token in tokens]]
        if keys is not None:
            sql, values = f"{sql} WHERE edition_id = ANY(%s)", [*values, keys]
        return [key for (key,) in self._execute(sql, values)]

    def _texts(self, keys: list[int], editions: models.QuerySet[Any] | None) -> list[tuple[int, float, str]]:
        """What is needed to rank those of the keys that are of the given editions."""
        values: tuple[Any, ...]
        if editions is None:
            live, values = "SELECT unnest(%s::bigint[])", (keys,)
        elif keys:
            live, values = editions.filter(pk__in=keys).order_by().values("pk").query.sql_with_params()
        else:
            return []
        return self._execute(
            f"WITH live (id) AS MATERIALIZED ({live}) SELECT edition_id, length, counts FROM search_index"
            f" WHERE edition_id IN (SELECT id FROM live) LIMIT {ENOUGH * 2}",
            values,
        )

    def _execute(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []


def few(tokens: Sequence[str], frequencies: dict[str, int]) -> list[str]:
    """The rarest tokens that together bring few texts up; a frequent one only where it is prominent."""
    chosen: list[str] = []
    room = ENOUGH
    there = sorted((token for token in tokens if frequencies[token]), key=frequencies.__getitem__)
    for token in there:
        for each in (token, f"^{token}"):
            if 0 < frequencies[each] <= room:
                chosen.append(each)
                room -= frequencies[each]
                break
    return chosen or there[:1]


def share(count: float, length: float) -> float:
    """Of the most that a token can count in a text of usual length, what it counts."""
    return count / (count + K1 * (1 - B + B * length / USUAL_LENGTH))


def rarity(frequency: int, size: int) -> float:
    return max(math.log((size - frequency + 0.5) / (frequency + 0.5)), 1e-6)


def score(weights: dict[str, float], lines: str, length: float) -> float:
    """BM25 of a text, whose length is in lengths of the average one; `lines` are its tokens and counts."""
    total = 0.0
    base = K1 * (1 - B + B * length)
    for token, weight in weights.items():
        at = lines.find(f"\n{token}\t")
        if at >= 0:
            start = at + len(token) + 2
            count = float(lines[start : lines.index("\n", start)])
            total += weight * count * (K1 + 1) / (count + base)
    return total


def engine(using: str = "default") -> Engine:
    return of(connections[using])


def of(connection: BaseDatabaseWrapper) -> Engine:
    return PostgreSQL(connection) if connection.vendor == "postgresql" else SQLite(connection)
