"""Nothing that is not live reaches the public: documents in every state, against every public address that there is.

Every text of every document holds a word that is nowhere else. The addresses come from the URL configuration and from
the pages themselves: a feature whose address takes something new joins by a line in `World.values`.
"""

import datetime
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count, product
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import lxml.html
import pytest
import time_machine
from django.conf import settings
from django.db import models
from django.test import Client
from django.utils import timezone, translation
from modeltranslation.utils import build_localized_fieldname
from pytest_django import Settings

from articles import printing
from articles.models import Article, Misconception, Topic, TopicCode
from glossary import views
from glossary.models import Comparison, NameStatus, Term, TermCode
from painsite import cards, gist, infobutton, traditional
from painsite.api import v1
from painsite.roles import StaffRole
from publishing import previews, reading, workflow
from publishing.fields import RichTextField
from publishing.models import ChangeKind, Document, Edition, PreviewLink, Remark, Role, State
from publishing.reading import Page
from publishing.snapshot import translated_fields
from tests.addresses import Route, routes
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    FigureFactory,
    MisconceptionFactory,
    NameFactory,
    QuestionFactory,
    TermCodeFactory,
    TermFactory,
    TopicCodeFactory,
    TopicFactory,
    WarningFactory,
    approve,
    staff,
    submit,
)

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
START = datetime.datetime(2026, 3, 2, 4, tzinfo=datetime.UTC)
DAY, HOUR, MINUTE = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(minutes=1)
MARK = re.compile("zq[0-9]{4}x")
PER_PAGE = 4

Texts = frozenset[str]
"""The words that mark one language of a document as it was written at one time."""


class World:
    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.numbers = count()
        self.state = ""
        self.meaning: dict[str, str] = {}
        """Of each mark: whose, and in which state."""
        self.live: dict[str, set[str]] = {language: set() for language in LANGUAGES}
        """What must be found, and all that may be."""
        self.slugs: list[tuple[type[Document], str]] = []
        self.links: list[PreviewLink] = []
        self.live_term: Any = None

    # Writing ------------------------------------------------------------------------------------------------------

    def mark(self, what: object) -> str:
        mark = f"zq{next(self.numbers):04}x"
        self.meaning[mark] = f"{what} ({self.state})"
        return mark

    def write(self, document: Any, *languages: str, moves: bool = False) -> None:
        """Marks everything that the document says in these languages, both by default, anew."""
        kind = type(document)
        document.marks = getattr(document, "marks", {})
        parts = [document, *(row for name in document.snapshot.rows for row in getattr(document, name).all())]
        if moves or not document.marks:
            document.marks["slug"] = document.slug = self.mark(f"address of {kind.__name__}")
            self.slugs.append((kind, document.slug))
        if not languages and any(shared_fields(part) for part in parts):
            document.marks["shared"] = self.mark(f"{kind.__name__}, both languages")
        for language in languages or LANGUAGES:
            document.marks[language] = self.mark(f"{kind.__name__}, {language}")
        for part in parts:
            for name, text in shared_fields(part).items():
                setattr(part, name, text.format(document.marks["shared"]))
            for language in languages or LANGUAGES:
                fill_in(part, language, document.marks[language])
            part.save()

    def texts(self, document: Any, language: str) -> Texts:
        return frozenset(mark for key, mark in document.marks.items() if key in {"slug", "shared", language})

    # What people do -----------------------------------------------------------------------------------------------

    def submit(self, document: Any, language: str, kind: str = ChangeKind.CLINICAL) -> Edition:
        return submit(document, language, kind)

    def publish(
        self,
        document: Any,
        *languages: str,
        kind: str = ChangeKind.CLINICAL,
        at: datetime.datetime | None = None,
    ) -> dict[str, Texts]:
        """The texts that go live with it."""
        for language in languages or LANGUAGES:
            workflow.publish(approve(submit(document, language, kind)), staff(StaffRole.PUBLISHER), at=at)
        self.clock.shift(MINUTE)
        return {language: self.texts(document, language) for language in languages or LANGUAGES}

    def withdraw(self, document: Any, *languages: str, at: datetime.datetime | None = None, **how: Any) -> None:
        for language in languages or LANGUAGES:
            edition = document.editions.filter(language=language).exclude(live_from=None).latest()
            reason = self.mark(f"reason to withdraw {type(document).__name__}, {language}")
            workflow.withdraw(edition, staff(StaffRole.PUBLISHER), reason=reason, at=at, **how)
            if at is None and edition.live_until != edition.live_from:
                self.live[language].add(reason)
        self.clock.shift(MINUTE)

    def values(self, route: Route) -> list[Any]:
        """Everything that can stand in an address; of previews what has been closed."""
        if not route.values:
            return [""]
        *_language, name = route.values  # a program says the language in the address itself
        # The pages of one kind of document are not asked for those of another.
        asked = route.filled_in(lambda _: "a").removesuffix("handout.pdf")
        kinds = [kind for kind in Document.__subclasses__() if kind.page_url("a") == asked]
        kinds += [kind for kind, name in v1.KINDS.items() if route.name == f"api-v1:{name}"]
        known: dict[str, list[Any]] = {
            "language": list(LANGUAGES),
            "slug": [slug for kind, slug in self.slugs if not kinds or kind in kinds],
            "pk": list(Edition.objects.values_list("pk", flat=True)),
            "card": [f"{each.pk}-{gist.card(Page(each)).key}" for each in Edition.objects.all()],
            "token": [previews.sign(link) for link in self.links],
        }
        assert name in known, f"say here what <{name}> in an address can be"
        return known[name]


def fill_in(instance: models.Model, language: str, mark: str) -> None:
    for name in translated_fields(type(instance)):
        html = f"<h2>{mark} heading</h2><p>{mark} {name}</p>"
        lines = "\n".join([f"{mark} {name}"] * (3 if name == "legend" else 1))  # one for each number in the picture
        text = html if isinstance(instance._meta.get_field(name), RichTextField) else lines
        setattr(instance, build_localized_fieldname(name, language), text)
    if getattr(instance, "language", None) == language:  # a row of one language, such as a term's other name
        for name in ("text", "note"):
            setattr(instance, name, f"{mark} {name} {instance.pk}")


def shared_fields(instance: models.Model) -> dict[str, str]:
    """Words that are the same in both languages."""
    known = {"abbreviation": "{}", "pinyin": "{}", "url": "https://example.org/{}"}
    return {name: text for name, text in known.items() if hasattr(instance, name)}


# States ---------------------------------------------------------------------------------------------------------------

Live = dict[str, Texts]
BEFORE: dict[str, Callable[[World, Any], Live | None]] = {}
STATES: dict[str, Callable[[World, Any], Live | None]] = {}
"""By name: brings a draft there, and says what is live of it in the end. Those of BEFORE begin months earlier."""


def state(register: dict[str, Any]) -> Any:
    def decorate(function: Any) -> Any:
        register[function.__name__.replace("_", " ")] = function
        return function

    return decorate


@state(BEFORE)
def overdue_past_grace(world: World, document: Any) -> None:
    document.next_review = timezone.localdate() + 30 * DAY
    document.save()
    world.publish(document)


@state(BEFORE)
def overdue_within_grace(world: World, document: Any) -> Live:
    document.next_review = timezone.localdate() + 60 * DAY
    document.save()
    return world.publish(document)


@state(STATES)
def draft(world: World, document: Any) -> None:
    pass


@state(STATES)
def in_review(world: World, document: Any) -> None:
    for language in LANGUAGES:
        submit(document, language)


@state(STATES)
def changes_asked(world: World, document: Any) -> None:
    for edition in [submit(document, language) for language in LANGUAGES]:
        comment = world.mark("comment of a reviewer")
        workflow.request_changes(edition, staff(StaffRole.MEDICAL_REVIEWER), comment=comment)


@state(STATES)
def approved(world: World, document: Any) -> None:
    edition = workflow.submit(document, "zh-hans", staff(StaffRole.EDITOR), note=world.mark("note"))
    workflow.sign_off(edition, staff(StaffRole.MEDICAL_REVIEWER), Role.MEDICAL, comment=world.mark("comment"))


@state(STATES)
def scheduled_for_tomorrow(world: World, document: Any) -> None:
    world.publish(document, "zh-hans", at=timezone.now() + DAY)
    approve(submit(document, "en"))


@state(STATES)
def cancelled_before_its_time(world: World, document: Any) -> None:
    world.publish(document, "zh-hans", at=timezone.now() + DAY)
    world.withdraw(document, "zh-hans")


@state(STATES)
def withdrawn(world: World, document: Any) -> None:
    world.publish(document)
    world.withdraw(document)


@state(STATES)
def withdrawn_with_something_to_read_instead(world: World, document: Any) -> None:
    world.publish(document)
    for language in LANGUAGES:
        world.withdraw(document, language, read_instead=world.live_term.editions.live(language).get())


@state(STATES)
def expired(world: World, document: Any) -> None:
    world.publish(document)
    for language in LANGUAGES:
        world.withdraw(document, language, at=timezone.now() + HOUR)
        world.live[language].add(document.editions.get(language=language).withdrawal_reason)


@state(STATES)
def to_be_withdrawn_tomorrow(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.withdraw(document, at=timezone.now() + DAY)
    return live


@state(STATES)
def live_in_both(world: World, document: Any) -> Live:
    return world.publish(document)


@state(STATES)
def source_live_and_translation_not(world: World, document: Any) -> Live:
    return world.publish(document, "zh-hans")


@state(STATES)
def source_live_and_translation_in_review(world: World, document: Any) -> Live:
    live = world.publish(document, "zh-hans")
    submit(document, "en")
    return live


@state(STATES)
def translation_withdrawn(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.withdraw(document, "en")
    return {"zh-hans": live["zh-hans"]}


@state(STATES)
def source_withdrawn(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.withdraw(document, "zh-hans")
    return {"en": live["en"]}


@state(STATES)
def clinically_outdated(world: World, document: Any) -> Live:
    world.publish(document)
    world.write(document, "zh-hans")
    return world.publish(document, "zh-hans", kind=ChangeKind.CLINICAL)


@state(STATES)
def outdated_in_wording(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.write(document, "zh-hans")
    return live | world.publish(document, "zh-hans", kind=ChangeKind.WORDING)


@state(STATES)
def clinical_change_scheduled(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.write(document, "zh-hans")
    world.publish(document, "zh-hans", at=timezone.now() + DAY)
    return live


@state(STATES)
def superseded_and_moved(world: World, document: Any) -> Live:
    world.publish(document)
    world.write(document, moves=True)
    return world.publish(document)


@state(STATES)
def moved_in_one_language(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.write(document, "zh-hans", moves=True)
    return live | world.publish(document, "zh-hans", kind=ChangeKind.TYPO)


@state(STATES)
def live_with_another_draft(world: World, document: Any) -> Live:
    live = world.publish(document)
    world.write(document, moves=True)
    workflow.request_changes(submit(document, "zh-hans"), staff(StaffRole.MEDICAL_REVIEWER), comment="No")
    world.write(document)
    for language in LANGUAGES:
        submit(document, language)
    world.write(document)
    return live


@state(STATES)
def old_text_taken_up_again(world: World, document: Any) -> Live:
    world.publish(document)
    old = document.editions.get(language="zh-hans")
    world.write(document)
    live = world.publish(document)
    workflow.reopen(old, staff(StaffRole.EDITOR))
    return live


# The world ------------------------------------------------------------------------------------------------------------


def documents(world: World, hub: dict[type[Document], Any]) -> Iterator[Any]:
    """A draft of each kind, naming what is live and, where it can, the other drafts."""
    topic = TopicFactory(parent=hub[Topic])
    term = TermFactory(see_also=[hub[Term]])
    for language in LANGUAGES:
        NameFactory(term=term, language=language)
        NameFactory(term=term, language=language, status=NameStatus.FORBIDDEN)
    TopicCodeFactory(topic=topic)
    TermCodeFactory(term=term)
    comparison = ComparisonFactory(first=hub[Term], second=term)
    fact = MisconceptionFactory(topics=[hub[Topic], topic], terms=[hub[Term], term])
    article = ArticleFactory(
        topics=[hub[Topic], topic],
        misconceptions=[hub[Misconception], fact],
        comparisons=[hub[Comparison], comparison],
        related=[hub[Article]],
    )
    WarningFactory(article=article)
    FigureFactory(article=article)
    QuestionFactory(article=article)
    for document in (topic, term, comparison, fact, article):
        world.write(document)
        yield document


def around(world: World, hub: dict[type[Document], Any], made: list[Any]) -> Iterator[Any]:
    """Live documents that name all of these, and stand under or beside each that is not live."""

    def of(model: type[Document]) -> list[Any]:
        return [document for document in made if isinstance(document, model)]

    yield hub[Topic]
    for topic in of(Topic):
        if not topic.is_all_live:
            yield TopicFactory(parent=topic)
    hub[Term].see_also.set(of(Term))
    for term in of(Term):
        if not term.is_all_live:
            yield ComparisonFactory(first=term, second=hub[Term])
    yield hub[Comparison]
    hub[Misconception].topics.set(of(Topic))
    hub[Misconception].terms.set(of(Term))
    yield hub[Misconception]
    hub[Article].topics.set(of(Topic))
    hub[Article].comparisons.set(of(Comparison))
    hub[Article].related.set(of(Article))
    for order, fact in enumerate(of(Misconception)):
        hub[Article].misconceptions.add(fact, through_defaults={"order": order})
    yield hub[Article]


def build(clock: Any) -> World:
    world = World(clock)
    world.state = "live around all others"
    hub: dict[type[Document], Any] = {Topic: TopicFactory(), Term: TermFactory()}
    hub[Comparison] = ComparisonFactory(first=hub[Term], second=TermFactory())
    hub |= {Misconception: MisconceptionFactory(), Article: ArticleFactory()}
    world.write(hub[Term])
    world.live_term = hub[Term]
    made: list[Any] = []

    def bring(document: Any, name: str, to: Callable[[World, Any], Live | None]) -> None:
        world.state = name
        live = to(world, document) or {}
        document.is_all_live = set(live) == set(LANGUAGES)
        for language, texts in live.items():
            world.live[language] |= texts
        made.append(document)

    for name, to in BEFORE.items():
        world.state = name
        for document in documents(world, hub):
            bring(document, name, to)
    clock.shift(130 * DAY)
    bring(hub[Term], "live around all others", live_in_both)
    made.remove(hub[Term])
    for name, to in STATES.items():
        world.state = name
        for document in documents(world, hub):
            bring(document, name, to)
    world.state = "live around all others"
    hub[Term].next_review = timezone.localdate() + 300 * DAY
    for document in around(world, hub, made[:]):
        world.write(document)
        for language, texts in world.publish(document).items():
            world.live[language] |= texts
    world.links = [closed_link(document) for document in made]
    clock.shift(2 * HOUR)  # what was to end in an hour has ended
    return world


def closed_link(document: Document) -> PreviewLink:
    link = previews.make_link(document, "zh-hans", None, staff(StaffRole.EDITOR))
    previews.revoke(link)
    return link


# The public -----------------------------------------------------------------------------------------------------------


def public_addresses(world: World) -> list[str]:
    """Every route but those of the admin and the desk, in all languages and scripts, with all that can stand in it."""
    addresses: dict[str, None] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for route in routes():
                if route.name.startswith(("admin:", "admin/", "desk:")):
                    continue
                for value in world.values(route):
                    values = dict.fromkeys(route.values, value)
                    if "language" in values:
                        values["language"] = language
                    addresses[route.filled_in(values.__getitem__)] = None
    simplified = [address for address in addresses if address.startswith("/zh-hans/")]
    return [*addresses, *(traditional.address(address) for address in simplified)]


def questions_of_records() -> Iterator[str]:
    """Every code there is, asked of the Infobutton address in each language and form."""
    codes = {row.code for model in (TopicCode, TermCode) for row in model._default_manager.all()}
    for code, language, form in product(sorted(codes), LANGUAGES, ("application/json", "text/xml", "text/html")):
        query = {
            infobutton.SYSTEM: "2.16.840.1.113883.6.3",
            infobutton.CODE: code,
            infobutton.LANGUAGE: language,
            infobutton.TYPE: form,
        }
        yield f"/infobutton?{urlencode(query)}"


def questions_of_readers(world: World) -> Iterator[str]:
    """Search for what every document says, and for all that is not live; suggestions for the beginning of each mark."""
    hidden = sorted(set(world.meaning) - set().union(*world.live.values()))
    several = [" ".join(hidden[at : at + 20]) for at in range(0, len(hidden), 20)]  # as many as a question can hold
    fields = {name for kind in Document.__subclasses__() for name in translated_fields(kind)}
    for language in LANGUAGES:
        for question in [*sorted(fields), "heading", *several]:
            yield f"/{language}/search/?{urlencode({'q': question})}"
        for number in range(len(world.meaning) // 10 + 1):
            yield f"/{language}/search/suggest/?q=zq{number:03}"


def on_paper() -> dict[str, set[str]]:
    """What somebody may have in their hands, by the address that is printed on it: a text that was superseded is shown
    there, and nowhere else, for as long as its document is live in that language.
    """
    found: dict[str, set[str]] = {}
    for edition in Edition.objects.filter(state=State.SUPERSEDED):
        newer = Edition.objects.live(edition.language)
        if newer.filter(content_type=edition.content_type, object_id=edition.object_id).exists():
            marks = MARK.findall(json.dumps(edition.content))
            found[f"/{edition.language}/editions/{edition.pk}/"] = set(marks)
    return found


def asked_in(address: str) -> str:
    """The language that an address names; "" where it names none."""
    url = urlsplit(traditional.simplified_address(address))
    named = [*url.path.split("/"), *parse_qs(url.query).get(infobutton.LANGUAGE, [])]
    return next((part for part in named if part in LANGUAGES), "")


def is_page(response: Any) -> bool:
    return "html" in response.headers.get("Content-Type", "") and bool(response.content)


def links_in(address: str, response: Any) -> Iterator[str]:
    """Where the response leads, on this site and outside of the admin."""
    found = [response.headers["Location"]] if "Location" in response.headers else []
    if response.headers.get("Content-Type", "").startswith("application/json"):
        found += re.findall(r'"(http://testserver/[^"]*)"', response.content.decode())
    if is_page(response) and response.status_code != 404:  # that page leads nowhere that others do not
        root = lxml.html.document_fromstring(response.content.decode())
        found += root.xpath("//@href | //@src | //@action")
    for link in found:
        url = urlsplit(urljoin(f"http://testserver{address}", link))
        # Where one came from is no matter of the page that leads back there: it is asked for once.
        query = "" if url.query.startswith("next=") else url.query
        if url.netloc == "testserver" and not url.path.startswith(("/static/", "/admin/")):
            yield url._replace(scheme="", netloc="", query=query, fragment="").geturl()


def everything(addresses: list[str]) -> Iterator[tuple[str, Any]]:
    """The answer at each address, and at each to which the answers lead."""
    client = Client()
    queue, seen = deque(addresses), set(addresses)
    while queue:
        address = queue.popleft()
        response = client.get(address)
        yield address, response
        for link in links_in(address, response):
            if link not in seen:
                seen.add(link)
                queue.append(link)


def whole(response: Any) -> str:
    return f"{response.headers} {response.cookies} {response.getvalue().decode()}"


def own_language(response: Any) -> str:
    """Without what is marked as being, or leading to, another language."""
    if not is_page(response):
        return re.sub("<[^>]*hreflang[^>]*>", "", whole(response))
    root = lxml.html.document_fromstring(response.content.decode())
    for element in root.xpath("//body//*[@lang] | //*[@hreflang]"):
        element.drop_tree()
    return f"{response.headers} {lxml.html.tostring(root, encoding='unicode')}"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.mark.django_db
def test_nothing_that_is_not_live_is_found_anywhere_and_everything_that_is(
    clock: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "django.request")
    settings.OUTDATED_TRANSLATIONS = "hidden"
    monkeypatch.setattr(reading.paginated, "__defaults__", (PER_PAGE,))  # so that lists have several pages
    monkeypatch.setattr(views, "TERMS_ON_ONE_PAGE", PER_PAGE)
    monkeypatch.setattr(printing, "printed", lambda html: html.encode())  # what a hand-out would say
    monkeypatch.setattr(cards, "draw", lambda card: repr(card).encode())  # what a picture would say
    world = build(clock)
    somewhere = set().union(*world.live.values())
    places: dict[str, dict[str, set[str]]] = {language: {} for language in LANGUAGES}
    wrong: list[str] = []
    printed = on_paper()
    asked = [*public_addresses(world), *questions_of_records(), *questions_of_readers(world)]
    for address, response in everything(asked):
        assert response.status_code < 500, address
        language = asked_in(address)
        allowed = world.live.get(language, somewhere)
        all_found = set(MARK.findall(whole(response)))
        found = set(MARK.findall(own_language(response))) if all_found else set()
        # Who asks knows what they asked for, and a link may lead back there.
        hidden = ((found - allowed) | (all_found - somewhere)) - set(MARK.findall(address))
        hidden -= printed.get(traditional.simplified_address(address), set())
        wrong += [f"{address} {response.status_code}: {world.meaning[mark]}" for mark in hidden]
        for mark in found if language in places and not hidden else ():
            places[language].setdefault(mark, set()).add(address)
    assert not wrong, "\n".join(wrong)
    for language in LANGUAGES:
        missing = [world.meaning[mark] for mark in world.live[language] - set(places[language])]
        assert not missing, f"{language}: {missing}"


@pytest.mark.django_db
def test_a_preview_is_read_by_its_link_alone_and_shows_nothing_else(clock: Any, client: Client) -> None:
    world = World(clock)
    drafts: dict[type[Document], Any] = {Topic: TopicFactory(), Term: TermFactory()}
    drafts[Comparison] = ComparisonFactory(first=drafts[Term], second=TermFactory())
    drafts |= {Misconception: MisconceptionFactory(), Article: ArticleFactory()}
    wrong_tokens = {"", "1", ":", "1:", "1:x"}
    opened = []
    for document in documents(world, drafts):
        for language in LANGUAGES:
            edition = submit(document, language)
            for what in (None, edition):
                link = previews.make_link(document, language, what, staff(StaffRole.EDITOR))
                Remark.objects.create(link=link, text=world.mark("remark"))
                opened.append((previews.sign(link), link, document.marks[language], world.texts(document, language)))

    def marks_at(token: str, status: int) -> set[str]:
        response = client.get(f"/preview/{token}/")
        assert response.status_code == status, token
        return set(MARK.findall(whole(response)))

    for token, _link, text, texts in opened:
        assert link.document
        assert text in marks_at(token, 200) <= texts
        number, _colon, signature = token.partition(":")
        wrong_tokens |= {number, signature, f"{number}:{signature[:-1]}", f"{number}0:{signature}", f":{signature}"}
        wrong_tokens |= {f"{int(number) + 1}:{signature}", token.swapcase(), f"0{token}", f"{token} "}
    for token in wrong_tokens - {""}:
        assert marks_at(token, 410) == set()
    for token, link, *_texts in opened[::2]:
        previews.revoke(link)
        assert marks_at(token, 410) == set()
    clock.shift(7 * DAY)
    for token, *_rest in opened:
        assert marks_at(token, 410) == set()
