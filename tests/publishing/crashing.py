"""Kills a process in the middle of a publication, over and over, and looks whether all of it is there or nothing.

`main` is run by test_crash as a program of its own, because it forks: the child carries out one act and dies by
SIGKILL, before or after one of its statements or its commit, or after a while; the parent looks, over a new connection,
at what it left.
"""

import datetime
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article
from painsite.roles import StaffRole
from publishing import snapshot, workflow
from publishing.models import Edition, Role
from tests.factories import ArticleFactory, TopicFactory, approve, publish, staff, submit

HOUR = datetime.timedelta(hours=1)

# What is begun --------------------------------------------------------------------------------------------------------

Act = Callable[[], Any]
acts: list[Callable[[], tuple[Any, Act]]] = []
"""Each prepares an article and says what is to be done with it."""


def act(prepare: Callable[[], tuple[Any, Act]]) -> Callable[[], tuple[Any, Act]]:
    acts.append(prepare)
    return prepare


def live_article() -> tuple[Any, Edition]:
    article = ArticleFactory.create(topics=TopicFactory.create_batch(3))
    return article, publish(article, "zh-hans")


def changed(article: Any) -> Any:
    article.refresh_from_db()
    article.title_zh_hans += "新"
    article.save()
    return article


def live_article_and_approved_change() -> tuple[Any, Edition]:
    article, _live = live_article()
    return article, approve(submit(changed(article), "zh-hans"))


@act
def publishing_over_what_is_live() -> tuple[Any, Act]:
    article, edition = live_article_and_approved_change()
    return article, partial(workflow.publish, edition, staff(StaffRole.PUBLISHER))


@act
def publishing_before_what_is_scheduled() -> tuple[Any, Act]:
    article, scheduled = live_article_and_approved_change()
    workflow.publish(scheduled, staff(StaffRole.PUBLISHER), at=timezone.now() + HOUR)
    edition = approve(submit(changed(article), "zh-hans"))
    return article, partial(workflow.publish, edition, staff(StaffRole.PUBLISHER))


@act
def scheduling() -> tuple[Any, Act]:
    article, edition = live_article_and_approved_change()
    return article, partial(workflow.publish, edition, staff(StaffRole.PUBLISHER), at=timezone.now() + HOUR)


@act
def cancelling_what_is_scheduled() -> tuple[Any, Act]:
    article, edition = live_article_and_approved_change()
    workflow.publish(edition, staff(StaffRole.PUBLISHER), at=timezone.now() + HOUR)
    return article, partial(workflow.withdraw, edition, staff(StaffRole.PUBLISHER), reason="Wrong dose")


@act
def withdrawing() -> tuple[Any, Act]:
    article, live = live_article()
    return article, partial(workflow.withdraw, live, staff(StaffRole.PUBLISHER), reason="Wrong dose")


@act
def submitting_over_what_is_under_review() -> tuple[Any, Act]:
    article, _edition = live_article_and_approved_change()
    return changed(article), partial(workflow.submit, article, "zh-hans", staff(StaffRole.EDITOR))


@act
def giving_the_last_signature() -> tuple[Any, Act]:
    article, _live = live_article()
    edition = submit(changed(article), "zh-hans")
    return article, partial(workflow.sign_off, edition, staff(StaffRole.MEDICAL_REVIEWER), Role.MEDICAL)


@act
def asking_for_changes() -> tuple[Any, Act]:
    article, edition = live_article_and_approved_change()
    return article, partial(workflow.request_changes, edition, staff(StaffRole.MEDICAL_REVIEWER), comment="Shorter.")


@act
def reopening() -> tuple[Any, Act]:
    article, live = live_article()
    changed(article).topics.clear()
    article.references.all().delete()
    return article, partial(workflow.reopen, live, staff(StaffRole.EDITOR))


# What is left ---------------------------------------------------------------------------------------------------------


def picture(article: Any) -> Any:
    """All that an act may write of an article, without keys and times of day, so that two articles can be compared.

    A moment is told as its place among all moments: where one edition ends as another begins, both have the same.
    """
    connection.close()
    with transaction.atomic():
        draft: Any = Article.objects.select_for_update().get(pk=article.pk)  # waits until the dead one's hold is lost
        editions = list(draft.editions.order_by("number"))
        moments = sorted({moment for e in editions for moment in (e.live_from, e.live_until) if moment})
        place = {None: None, **{moment: number for number, moment in enumerate(moments)}}
        return {
            "draft": (draft.version, draft.title_zh_hans.count("新"), draft.topics.count(), draft.references.count()),
            "editions": [
                {
                    "state": (e.number, e.state, place[e.live_from], place[e.live_until], e.withdrawal_reason),
                    "is_whole": e.digest == snapshot.digest(e.content),
                    "links": [(link.relation, link.position) for link in e.links.all()],
                    "signed": [(said.role, said.verdict, said.signer.username) for said in e.sign_offs.all()],
                    "events": [(event.kind, event.by.username) for event in e.events.order_by("pk")],
                }
                for e in editions
            ],
        }


@dataclass
class Undisturbed:
    """How an act ends, how many statements it takes, its commit among them, and how long."""

    end: Any
    statements: int
    seconds: float

    @classmethod
    def of(cls, prepare: Callable[[], tuple[Any, Act]]) -> "Undisturbed":
        article, do = prepare()
        counting = Dying(0, "before")
        with counting.watch():
            began = time.monotonic()
            do()
        seconds = time.monotonic() - began
        return cls(picture(article), counting.number, seconds)


# Dying ----------------------------------------------------------------------------------------------------------------


class Dying:
    """Counts statements and commits, and dies before or after the one of that number."""

    def __init__(self, at: int, when: str) -> None:
        self.at, self.when, self.number = at, when, 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.number += 1
        is_now = self.number == self.at
        if is_now and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(*args)
        if is_now:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def watch(self) -> Any:
        connection.close()
        connection.ensure_connection()
        connection._commit = partial(self, connection._commit)  # type: ignore[attr-defined]
        return connection.execute_wrapper(self)


def in_a_child(do: Act, dying: Dying, seconds: float | None) -> None:
    """Begins the act in a process that dies at its point, or that is killed after so many seconds."""
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with dying.watch():
                os.write(writer, b".")
                do()
        finally:
            os._exit(0)
    os.read(reader, 1)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)


def main(points: int, seed: int) -> None:
    chance = random.Random(seed)
    for role in StaffRole:
        staff(role)
    undisturbed: dict[Any, Undisturbed] = {}
    found: Counter[str] = Counter()
    for number, prepare in enumerate(islice(cycle(acts), points)):
        if prepare not in undisturbed:
            undisturbed[prepare] = Undisturbed.of(prepare)
        whole = undisturbed[prepare]
        article, do = prepare()
        nothing = picture(article)
        assert nothing != whole.end, prepare.__name__
        if number // len(acts) % 2:
            dying, seconds = Dying(0, "before"), chance.uniform(0, 2 * whole.seconds)
            point = f"after {seconds:.4f} s"
        else:
            at = chance.choice([chance.randint(1, whole.statements), whole.statements])
            dying, seconds = Dying(at, chance.choice(["before", "after"])), None
            point = f"{dying.when} statement {dying.at} of {whole.statements}"
        in_a_child(do, dying, seconds)

        left = picture(article)
        assert left in (nothing, whole.end), f"{prepare.__name__}, killed {point}, left {left}"
        found["nothing" if left == nothing else "all"] += 1
        if left == nothing:
            do()
            assert picture(article) == whole.end, f"{prepare.__name__} cannot be done again after it was killed {point}"
    print(f"{points} kills (seed {seed}): {found['all']} left all of it, {found['nothing']} nothing.")
