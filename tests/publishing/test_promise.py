"""Nothing unsigned and nothing expired is ever public, whoever does what, in whatever order, at whatever time.

A machine plays at random a department that works on two articles, one written in Chinese, one in English, while the
clock jumps; among its people is every combination of roles. After each step it compares what is live, then and at
moments before and after, and what the public pages say, with what it saw people sign.

1,000 steps, or as many as PAINSITE_STEPS says. All 10,000 that were asked for, on both databases:

    PAINSITE_STEPS=10000 .venv/bin/python tests/run.py sqlite postgres -- tests/publishing/test_promise.py

What fails is printed as the shortest list of steps that was found, with the PAINSITE_SEED that repeats the run.
"""

import datetime
import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from articles.models import Article, Urgency
from painsite.roles import StaffRole
from publishing import gate, workflow
from publishing.models import ChangeKind, Conflict, Edition, Role, SignOff, State, Verdict
from publishing.workflow import Refused
from tests.factories import LANGUAGES, ArticleFactory, ArticleReferenceFactory, WarningFactory

STEPS = int(os.environ.get("PAINSITE_STEPS", "1000"))
SEED = int(os.environ.get("PAINSITE_SEED") or random.SystemRandom().randrange(2**32))
STEPS_OF_ONE_STORY = 50

NOW = datetime.datetime(2030, 3, 1, 9, 30, tzinfo=datetime.UTC)
MOMENT = datetime.timedelta(microseconds=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
GRACE = django_settings.REVIEW_GRACE_DAYS * DAY

ADDRESSES = ("pain", "ache", "relief")
ROLES = list(StaffRole)
ALL_ROLES = 2 ** len(ROLES) - 1
"""People are numbers: each bit is a role that this person holds."""
CAST = 6

articles = st.integers(0, 1)
languages = st.sampled_from(LANGUAGES)
people = st.integers(0, CAST - 1)
recent = st.integers(0, 5)
"""How many editions back."""
times = st.sampled_from([None, HOUR, DAY, 30 * DAY])


def everybody() -> list[Any]:
    """One person for every combination of roles, by its number, and a second one who holds them all."""
    model = get_user_model()
    combinations = [*range(ALL_ROLES + 1), ALL_ROLES]
    users = model.objects.bulk_create([model(username=f"user-{n}", is_staff=True) for n in range(len(combinations))])
    groups = [role.group().pk for role in ROLES]
    model.groups.through.objects.bulk_create(
        model.groups.through(user_id=user.pk, group_id=group)
        for user, combination in zip(users, combinations, strict=True)
        for bit, group in enumerate(groups)
        if combination >> bit & 1
    )
    return users


def canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True)


def marks(text: str) -> set[str]:
    """Every text that was ever written carries a mark of its own."""
    return set(re.findall(r"mark\d+", text))


class Department(RuleBasedStateMachine):
    everybody: list[Any]
    checked = 0
    done: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.number = count(1)
        self.articles: list[Any] = [
            ArticleFactory.create(slug=slug, source_language=language, next_review=timezone.localdate() + 40 * DAY)
            for slug, language in zip(ADDRESSES, LANGUAGES, strict=False)
        ]
        self.source_language = {article.pk: article.source_language for article in self.articles}
        self.stale: Any = Article.objects.get(pk=self.articles[0].pk)
        self.client = Client()
        self.chance = random.Random(0)
        self.signed: dict[int, list[tuple[str, int, str]]] = {}
        self.over: dict[int, datetime.datetime] = {}
        self.sent_back: set[int] = set()
        self.past: list[tuple[datetime.datetime, set[int]]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        self.clock.stop()

    @initialize(
        others=st.lists(st.integers(0, ALL_ROLES), min_size=CAST - 2, max_size=CAST - 2),
        outdated=st.sampled_from(["banner", "hidden"]),
        published=st.integers(0, 4),
    )
    def begin(self, others: list[int], outdated: str, published: int) -> None:
        everybody = type(self).everybody
        self.cast = [*everybody[-2:], *(everybody[number] for number in others)]
        self.outdated = outdated
        self.chance.seed(canonical([others, outdated]))
        for number, language in [(0, "zh-hans"), (1, "en"), (0, "en"), (1, "zh-hans")][:published]:
            self.go_ahead(number, language, ChangeKind.CLINICAL, "plain", "", 3, None)

    # What people do ---------------------------------------------------------------------------------------------------

    def attempt(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with override_settings(OUTDATED_TRANSLATIONS=self.outdated):
            try:
                result = act(*args, **kwargs)
            except Refused:
                self.done[f"{act.__name__} refused"] += 1
                return None
        self.done[act.__name__] += 1
        return result

    def edition(self, recent: int, *states: State) -> Edition | None:
        """One of the latest; those for which the act is meant come first."""
        editions = sorted(
            Edition.objects.defer("content").order_by("-pk"), key=lambda edition: edition.state not in states
        )
        return editions[min(recent, len(editions) - 1)] if editions else None

    def draft(self, number: int) -> Any:
        return Article.objects.get(pk=self.articles[number].pk)

    @rule(
        number=articles,
        language=languages,
        field=st.sampled_from(["title", "summary", "body"]),
        how=st.sampled_from(["plain", "link", "skip", "blank"]),
    )
    def write(self, number: int, language: str, field: str, how: str) -> None:
        draft, text = self.draft(number), f"mark{next(self.number)}"
        if field == "body":
            link = f'<a href="/{language}/articles/{self.draft(1 - number).slug}/">pain</a>' if how == "link" else ""
            heading = "<h4>Skipped</h4>" if how == "skip" else ""
            text = f"<h2>Pain</h2>{heading}<p>{text} {link}</p>"
        setattr(draft, f"{field}_{language.replace('-', '_')}", "" if how == "blank" else text)
        draft.save()

    @rule(
        number=articles,
        what=st.sampled_from(["warn", "warn in the source", "calm", "cite", "cite nothing", *ADDRESSES]),
    )
    def change(self, number: int, what: str) -> None:
        draft = self.draft(number)
        translated = draft.translation_languages[0].replace("-", "_")
        match what:
            case "warn":
                WarningFactory.create(article=draft)
            case "warn in the source":
                WarningFactory.create(article=draft, **{f"heading_{translated}": "", f"text_{translated}": ""})
            case "calm":
                draft.warnings.all().delete()
            case "cite":
                ArticleReferenceFactory.create(article=draft)
            case "cite nothing":
                draft.references.all().delete()
            case slug:
                draft.slug = slug
                with suppress(ValidationError):  # the other one's
                    draft.full_clean()
                    draft.save()

    @rule(number=articles, days=st.sampled_from([-1, 0, 1, 30, 700, 800]))
    def date(self, number: int, days: int) -> None:
        draft = self.draft(number)
        draft.next_review = timezone.localdate() + days * DAY
        draft.save()

    @rule(number=articles, looks=st.booleans())
    def save_what_was_read_before(self, number: int, looks: bool) -> None:
        if looks:
            self.stale = self.draft(number)
            return
        now: Any = Article.objects.get(pk=self.stale.pk)
        self.stale.title_en = f"mark{next(self.number)}"
        if self.stale.version == now.version:
            self.stale.save()
        else:
            with pytest.raises(Conflict):
                self.stale.save()
            assert Article.objects.filter(pk=now.pk, title_en=now.title_en).exists()

    @rule(number=articles, language=languages, who=people, kind=st.sampled_from(ChangeKind.values))
    def submit(self, number: int, language: str, who: int, kind: str) -> None:
        self.attempt(workflow.submit, self.draft(number), language, self.cast[who], change_kind=kind)

    @rule(recent=recent, who=people, role=st.sampled_from(Role.values))
    def sign(self, recent: int, who: int, role: str) -> None:
        if edition := self.edition(recent, State.IN_REVIEW):
            read = canonical(edition.content)
            if self.attempt(workflow.sign_off, edition, self.cast[who], role):
                self.signed.setdefault(edition.pk, []).append((role, self.cast[who].pk, read))

    @rule(recent=recent, who=people)
    def ask_for_changes(self, recent: int, who: int) -> None:
        edition = self.edition(recent, State.IN_REVIEW, State.APPROVED)
        if edition and self.attempt(workflow.request_changes, edition, self.cast[who], comment="No."):
            self.sent_back.add(edition.pk)

    @rule(recent=recent, who=people)
    def let_pass(self, recent: int, who: int) -> None:
        if edition := self.edition(recent, State.IN_REVIEW, State.APPROVED):
            found = [finding for finding in gate.standing_blockers(edition) if finding.overridable]
            named = (
                {"finding": found[0].id, "field": found[0].field}
                if found
                else {"finding": "publishing.B001", "field": ""}
            )
            self.attempt(workflow.let_pass, edition, self.cast[who], **named, reason="It is explained.")

    @rule(recent=recent, who=people, after=times)
    def publish(self, recent: int, who: int, after: datetime.timedelta | None) -> None:
        if (edition := self.edition(recent, State.APPROVED)) is None:
            return
        start = timezone.now() + (after or 0 * DAY)
        before = self.live_editions(start - MOMENT)
        if self.attempt(workflow.publish, edition, self.cast[who], at=start if after else None):
            assert self.live_editions(start - MOMENT) == before, "a gap, or an end too early"
            assert edition.pk in self.live_editions(start)

    @rule(recent=recent, who=people, after=times)
    def withdraw(self, recent: int, who: int, after: datetime.timedelta | None) -> None:
        if (edition := self.edition(recent, State.PUBLISHED)) is None:
            return
        at = timezone.now() + after if after else None
        others = Edition.objects.live(edition.language).exclude(object_id=edition.object_id)
        said = {"reason": "Wrong dose", "at": at, "read_instead": others.first()}
        if self.attempt(workflow.withdraw, edition, self.cast[who], **said):
            assert edition.live_until is not None
            assert edition.live_from is not None
            assert edition.live_until == max(at or timezone.now(), edition.live_from)
            self.over[edition.pk] = edition.live_until

    @rule(recent=recent, who=people)
    def reopen(self, recent: int, who: int) -> None:
        if edition := self.edition(recent):
            before = self.live_editions()
            self.attempt(workflow.reopen, edition, self.cast[who])
            assert self.live_editions() == before

    @rule(
        number=articles,
        language=languages,
        kind=st.sampled_from(ChangeKind.values),
        body=st.sampled_from(["plain", "link"]),
        address=st.sampled_from(["", *ADDRESSES]),
        steps=st.sampled_from([3, 3, 3, 2, 1]),
        after=st.sampled_from([None, None, None, HOUR, DAY]),
    )
    def go_ahead(
        self,
        number: int,
        language: str,
        kind: str,
        body: str,
        address: str,
        steps: int,
        after: datetime.timedelta | None,
    ) -> None:
        """One writes and submits, the other signs and publishes; else chance would seldom get that far."""
        for field, how in (("title", "plain"), ("summary", "plain"), ("body", body)):
            self.write(number, language, field, how)
        self.date(number, 60)
        if address:
            self.change(number, address)
        self.submit(number, language, 0, kind)
        if steps > 1:
            for role in Role.values:
                self.sign(0, 1, role)
        if steps > 2:
            self.publish(0, 1, after)

    @rule(recent=recent, how=st.sampled_from(["text", "date", "author", "unsigned", "twice"]))
    def go_round_the_workflow(self, recent: int, how: str) -> None:
        """By plain SQL, as an import or a careless script would: the database refuses."""
        if (edition := self.edition(recent)) is None:
            return
        row = Edition.objects.filter(pk=edition.pk)
        if (how == "unsigned" and edition.pk in self.signed) or (how == "twice" and edition.state != State.SUPERSEDED):
            return
        medical = {"role": Role.MEDICAL, "verdict": Verdict.APPROVE, "digest": edition.digest}
        act: Callable[[], Any] = {
            "text": lambda: row.update(content={**edition.content, "title": "mark0"}),
            "date": lambda: row.update(review_due=edition.review_due + 900 * DAY),
            "author": lambda: SignOff.objects.create(edition=edition, signer_id=edition.author_id, **medical),
            "unsigned": lambda: row.update(state=State.PUBLISHED, live_from=timezone.now()),
            "twice": lambda: row.update(state=State.PUBLISHED, live_until=None),
        }[how]
        with pytest.raises(IntegrityError), transaction.atomic():
            act()

    @rule(time=st.sampled_from([HOUR / 60, HOUR, DAY, 10 * DAY, GRACE]))
    def wait(self, time: datetime.timedelta) -> None:
        self.past.append((timezone.now(), self.live_editions()))
        self.traveller.shift(time)

    # What has to hold -------------------------------------------------------------------------------------------------

    def live_editions(self, at: datetime.datetime | None = None) -> set[int]:
        with override_settings(OUTDATED_TRANSLATIONS=self.outdated):
            return set(Edition.objects.live(at=at).order_by().values_list("pk", flat=True))

    @invariant()
    def nothing_is_live_unless_it_was_signed_and_its_time_has_come_and_is_not_over(self) -> None:
        type(self).checked += 1
        rows = {edition.pk: edition for edition in Edition.objects.defer("content")}
        for at in self.moments(list(rows.values())):
            live = self.live_editions(at)
            assert live == {edition.pk for edition in rows.values() if self.should_be_live(edition, at, rows)}
            places = [(rows[pk].object_id, rows[pk].language) for pk in live]
            assert len(places) == len(set(places)), "two at once"
            holders = {(rows[pk].slug, rows[pk].object_id) for pk in live}
            assert len(holders) == len({slug for slug, _document in holders}), "two documents at one address"
            for edition in (rows[pk] for pk in live):
                self.was_let_out_rightly(edition, rows)
                assert edition.pk not in self.sent_back
                assert at < self.over.get(edition.pk, at + MOMENT), "live after its withdrawal"

    def moments(self, editions: list[Edition]) -> list[datetime.datetime]:
        """Now, and a few of the moments at which something begins or ends, or just before."""
        edges = [moment for edition in editions for moment in (edition.live_from, edition.live_until) if moment]
        edges += [timezone.now() + self.chance.randrange(1000) * DAY]
        edges += [self.last_day(edition) + DAY for edition in editions]
        return [
            timezone.now(),
            *(edge - self.chance.choice([MOMENT, 0 * DAY]) for edge in self.chance.choices(edges, k=2)),
        ]

    def last_day(self, edition: Edition) -> datetime.datetime:
        """The midnight with which the last day of its grace begins."""
        return timezone.make_aware(datetime.datetime.combine(edition.review_due + GRACE, datetime.time()))

    def should_be_live(self, edition: Edition, at: datetime.datetime, rows: dict[int, Edition]) -> bool:
        """The rule once more, in other words."""
        if edition.live_from is None or edition.state not in {State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN}:
            return False
        ends = [self.last_day(edition) + DAY, *([edition.live_until] if edition.live_until else [])]
        if self.outdated == "hidden":
            ends += [newer.live_from for newer in self.clinical_changes(edition, rows) if newer.live_from]
        return edition.live_from <= at < min(ends)

    def clinical_changes(self, edition: Edition, rows: dict[int, Edition]) -> list[Edition]:
        """Of the source since the edition of it that this one translates; not those that never came."""
        source = rows.get(edition.source_edition_id or 0)
        return [
            newer
            for newer in rows.values()
            if source
            and (newer.object_id, newer.language) == (source.object_id, source.language)
            and newer.number > source.number
            and newer.change_kind == ChangeKind.CLINICAL
            and newer.live_from
            and newer.live_from != newer.live_until
        ]

    def was_let_out_rightly(self, edition: Edition, rows: dict[int, Edition]) -> None:
        """Signed, as it reads now, by others than its author; and without what nobody may let pass."""
        text = canonical(edition.content)
        signed_as = {
            role
            for role, signer, read in self.signed.get(edition.pk, [])
            if signer != edition.author_id and read == text
        }
        is_translation = edition.language != self.source_language[edition.object_id]
        assert signed_as >= ({Role.MEDICAL, Role.LANGUAGE} if is_translation else {Role.MEDICAL})
        assert edition.content["references"]
        assert "<h4>" not in edition.content["body"]
        if source := rows.get(edition.source_edition_id or 0):
            complete = {row["id"] for row in edition.content["warnings"] if row["heading"] and row["text"]}
            serious = {row["id"] for row in source.content["warnings"] if row["level"] == Urgency.EMERGENCY}
            assert serious <= complete

    @invariant()
    def what_could_be_read_stays_what_could_be_read(self) -> None:
        if self.past:
            at, live = self.chance.choice(self.past)
            assert self.live_editions(at) == live

    @invariant()
    def pages_say_what_was_signed_and_nothing_else(self) -> None:
        language = self.chance.choice(LANGUAGES)
        slug = self.chance.choice([*ADDRESSES, ""])
        path = f"/{language}/articles/{slug}/".replace("//", "/")
        if self.chance.random() < 0.1:
            path = f"/{language}/"
        with override_settings(OUTDATED_TRANSLATIONS=self.outdated), translation.override(language):
            response = self.client.get(path)
            live = list(Edition.objects.live())
        html = response.content.decode()
        assert marks(html) <= {mark for edition in live for mark in marks(canonical(edition.content))}
        here = [e for e in live if slug and path.endswith(f"/{slug}/") and (e.slug, e.language) == (slug, language)]
        self.done[f"page {response.status_code}{' of an article' if here else ''}"] += 1
        for edition in here:
            assert response.status_code == 200
            assert marks(html) >= marks(canonical(edition.content))
            rows = {row.pk: row for row in Edition.objects.defer("content")}
            changes = [newer for newer in self.clinical_changes(edition, rows) if newer.live_from <= timezone.now()]  # type: ignore[operator]
            assert ('id="outdated"' in html) == bool(changes)


def test_nothing_unsigned_and_nothing_expired_is_ever_public(db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR", "django.request")  # pages that are not there are told
    Department.everybody = everybody()
    try:
        while (left := STEPS - Department.checked) > 0:
            run_state_machine_as_test(
                seed(SEED + Department.checked)(Department),
                settings=settings(
                    max_examples=left // STEPS_OF_ONE_STORY + 1,
                    stateful_step_count=STEPS_OF_ONE_STORY,
                    database=None,
                    phases=[Phase.generate, Phase.shrink],
                    suppress_health_check=list(HealthCheck),
                ),
            )
    except Exception as error:
        error.add_note(f"PAINSITE_SEED={SEED} PAINSITE_STEPS={STEPS} repeats it.")
        raise
    print(f"{Department.checked} steps:", dict(sorted(Department.done.items())))
    assert STEPS < 1000 or Department.done["page 200 of an article"], "nothing was ever public"
