"""Who may ask what of the site: one table over all addresses that there are, and a test that walks it.

Addresses come from the URL configuration. One that the table does not name fails the test; it is added as a line here,
and where it takes something new in its address, a value for that in `Scene.values`. `docs/permissions.md` is the same
table for people.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import reversion
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import resolve
from django.utils import translation
from reversion.models import Version

from articles import printing
from glossary.models import Recheck
from painsite import gist
from painsite.models import SiteProfile
from painsite.roles import StaffRole
from publishing import previews, workflow
from publishing.models import Edition, Feedback, Role
from publishing.reading import Page
from publishing.workflow import Act
from search.models import Missed
from tests.addresses import Route, routes
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    UserFactory,
    publish,
)
from translations.models import Translation

DOCUMENTATION = Path(settings.BASE_DIR) / "docs" / "permissions.md"
COMMAND = 'python manage.py shell -c "from tests import test_permissions; test_permissions.write()"'
HEAD = f"""# Who may do what

Every address of the site, out of its URL configuration, and who may GET it and POST to it. `tests/test_permissions.py`
has the table and asks each of these as each of these people; this page is written by `{COMMAND}`.

- *own*: an edition that the person sent for review. Elsewhere it is somebody else's.
- *zh-hans*, *en*: the language that is written, sent, shared or taken up again.
- Whoever is not named is led to the login or, when logged in, refused. A page that is only read takes no POST, and an
  act no GET.
- What a form then takes from a person is narrower still: a translator's form ignores all but their language.

| address | of | GET | POST |
|---|---|---|---|"""

# Who ------------------------------------------------------------------------------------------------------------------

Who = frozenset[str]

ANONYMOUS, OUTSIDER, NEWCOMER, SUPERUSER = "anonymous", "not staff", "staff without a group", "superuser"
ROLES = {role: role.group_name.partition(" · ")[2] for role in StaffRole}
PEOPLE = (ANONYMOUS, OUTSIDER, NEWCOMER, *ROLES.values(), SUPERUSER)


def who(*people: StaffRole | str) -> Who:
    return frozenset(ROLES[each] if isinstance(each, StaffRole) else each for each in people)


EVERYBODY = frozenset(PEOPLE)
NOBODY = who()
STRANGERS = who(ANONYMOUS, OUTSIDER)
STAFF = EVERYBODY - STRANGERS
READERS = STAFF - who(NEWCOMER)
EDITORS = who(StaffRole.EDITOR, SUPERUSER)
WRITE_ZH_HANS = EDITORS | who(StaffRole.TRANSLATOR_ZH_HANS)
WRITE_EN = EDITORS | who(StaffRole.TRANSLATOR_EN)
WRITERS = WRITE_ZH_HANS | WRITE_EN
DOCTORS = who(StaffRole.MEDICAL_REVIEWER, SUPERUSER)
LINGUISTS_ZH_HANS = who(StaffRole.LANGUAGE_REVIEWER_ZH_HANS, SUPERUSER)
LINGUISTS_EN = who(StaffRole.LANGUAGE_REVIEWER_EN, SUPERUSER)
ASSIGNERS = EDITORS | LINGUISTS_ZH_HANS | LINGUISTS_EN
PUBLISHERS = who(StaffRole.PUBLISHER, SUPERUSER)
ADMINISTRATORS = who(StaffRole.ADMINISTRATOR, SUPERUSER)
PROFILERS = PUBLISHERS | ADMINISTRATORS
SUPERUSERS = who(SUPERUSER)

NAMES = {
    EVERYBODY: "everybody",
    STAFF: "staff",
    READERS: "staff in a group",
    STRANGERS: "who is not staff",
    NOBODY: "–",
}

# The table ------------------------------------------------------------------------------------------------------------


class Rule(NamedTuple):
    """Who may GET and who may POST. Everybody else is led to the login or, when logged in, answered by the status."""

    get: Who
    post: Who
    get_refused: int = 403
    post_refused: int = 403


def read(everybody: Who, refused: int = 403) -> Rule:
    """A page that is only read: no POST (405), which is said before anything else but the login."""
    return Rule(everybody, NOBODY, refused, 405)


def do(those: Who) -> Rule:
    """An act: no GET (405)."""
    return Rule(NOBODY, those, 405)


def both(those: Who, refused: int = 403) -> Rule:
    return Rule(those, those, refused, refused)


TABLE: dict[str, Rule] = {
    # What patients read
    "root": read(EVERYBODY),
    "home": read(EVERYBODY),
    "preferences": both(EVERYBODY),
    "offline": read(EVERYBODY),
    "health": read(EVERYBODY),
    "articles:topics": read(EVERYBODY),
    "articles:topic": read(EVERYBODY),
    "articles:articles": read(EVERYBODY),
    "articles:article": read(EVERYBODY),
    "articles:facts": read(EVERYBODY),
    "articles:fact": read(EVERYBODY),
    "articles:article-handout": read(EVERYBODY),
    "articles:fact-handout": read(EVERYBODY),
    "articles:basket": both(EVERYBODY),
    "articles:basket-handout": read(EVERYBODY),
    "articles:edition": read(EVERYBODY),
    "glossary:glossary": read(EVERYBODY),
    "glossary:term": read(EVERYBODY),
    "glossary:comparisons": read(EVERYBODY),
    "glossary:comparison": read(EVERYBODY),
    "feedback": both(EVERYBODY),
    "search:search": read(EVERYBODY),
    "set_language": both(EVERYBODY),
    "javascript-catalog": read(EVERYBODY),
    "admin:jsi18n": read(EVERYBODY),  # the same address
    # What machines read
    "card": read(EVERYBODY),
    "feed": read(EVERYBODY),
    "llms": read(EVERYBODY),
    "manifest": read(EVERYBODY),
    "robots": read(EVERYBODY),
    "search:opensearch": read(EVERYBODY),
    "search:suggest": read(EVERYBODY),
    "security": read(EVERYBODY),
    "sitemap": read(EVERYBODY),
    "sitemaps": read(EVERYBODY),
    "worker": read(EVERYBODY),
    "live": read(EVERYBODY),
    "infobutton": read(EVERYBODY),
    "api-v1:openapi-json": read(EVERYBODY),
    "api-v1:articles": read(EVERYBODY),
    "api-v1:article": read(EVERYBODY),
    "api-v1:facts": read(EVERYBODY),
    "api-v1:fact": read(EVERYBODY),
    "api-v1:terms": read(EVERYBODY),
    "api-v1:term": read(EVERYBODY),
    "api-v1:topics": read(EVERYBODY),
    "api-v1:topic": read(EVERYBODY),
    "api-v1:department": read(EVERYBODY),
    "api-v1:api-root": read(NOBODY, 404),
    # A preview by its signed link, which is all that it takes
    "preview open": both(EVERYBODY),
    "preview closed": both(NOBODY, 410),
    # The admin's own
    "admin:index": both(STAFF),
    "admin:login": both(EVERYBODY),
    "admin:logout": Rule(STRANGERS, EVERYBODY, 405),
    "admin:password_change": both(STAFF),
    "admin:password_change_done": read(STAFF),
    "admin:autocomplete": Rule(READERS, NOBODY, 403, 405),
    "admin:view_on_site": both(STAFF),
    "admin:app_list of accounts": both(ADMINISTRATORS, 404),
    "admin:app_list of texts": both(READERS, 404),
    "admin/(?P<url>.*)$": both(NOBODY, 404),
    # Accounts
    "admin:auth_user_changelist": both(ADMINISTRATORS),
    "admin:auth_user_add": both(ADMINISTRATORS),
    "admin:auth_user_change": both(ADMINISTRATORS),
    "admin:auth_user_change of a superuser": Rule(ADMINISTRATORS, SUPERUSERS),
    "admin:auth_user_password_change": both(ADMINISTRATORS),
    "admin:auth_user_password_change of a superuser": both(SUPERUSERS),
    "admin:auth_user_delete": both(ADMINISTRATORS),
    "admin:auth_user_delete of a superuser": both(SUPERUSERS),
    "admin:auth_user_history": both(ADMINISTRATORS),
    "admin/auth/user/<path:object_id>/": both(STAFF),  # leads to the change page, as in every kind below
    "admin:auth_group_changelist": both(ADMINISTRATORS),
    "admin:auth_group_add": both(SUPERUSERS),
    "admin:auth_group_change": Rule(ADMINISTRATORS, SUPERUSERS),
    "admin:auth_group_delete": both(SUPERUSERS),
    "admin:auth_group_history": both(ADMINISTRATORS),
    "admin/auth/group/<path:object_id>/": both(STAFF),
    # Drafts: of all kinds of document alike
    "admin:{document}_changelist": both(READERS),
    "admin:{document}_add": both(EDITORS),
    "admin:{document}_change": Rule(READERS, WRITERS),
    "admin:{document}_delete": both(EDITORS),
    "admin:{document}_history": both(READERS),
    "admin:{document}_recoverlist": both(EDITORS),
    "admin:{document}_recover": both(EDITORS),
    "admin:{document}_revision": both(EDITORS),
    "admin:{document}_submit zh-hans": both(WRITE_ZH_HANS),
    "admin:{document}_submit en": both(WRITE_EN),
    "admin/{document}/<path:object_id>/": both(STAFF),
    "admin:glossary_term_export": both(WRITERS),
    "admin:glossary_term_import": Rule(WRITERS, EDITORS),
    "admin:{document}_repair zh-hans": do(WRITE_ZH_HANS),
    "admin:{document}_repair en": do(WRITE_EN),
    "admin:glossary_term_uses": read(READERS),
    "admin:glossary_term_candidates": both(EDITORS),
    # Texts to look at again
    "admin:glossary_recheck_changelist": both(EDITORS),
    "admin:glossary_recheck_add": both(NOBODY),
    "admin:glossary_recheck_change": both(EDITORS),
    "admin:glossary_recheck_delete": both(NOBODY),
    "admin:glossary_recheck_history": both(EDITORS),
    "admin/glossary/recheck/<path:object_id>/": both(STAFF),
    # The translators' desk
    "desk:queue": read(READERS),
    "desk:assign": do(ASSIGNERS),
    "desk:export": read(WRITERS),
    "desk:import": both(WRITERS),
    "desk:of_document": read(READERS),
    "desk:sheet": read(READERS),
    # Whose it may not be is told so where they were; `translations.acts` refuses.
    "desk:take": do(READERS),
    "desk:give_back": do(READERS),
    "desk:save zh-hans": do(WRITE_ZH_HANS),
    "desk:save en": do(WRITE_EN),
    "desk:check": do(READERS),
    "desk:help": read(READERS),
    "desk:suggest zh-hans": do(WRITE_ZH_HANS),
    "desk:suggest en": do(WRITE_EN),
    "desk:here": do(READERS),
    "desk:approve zh-hans": do(LINGUISTS_ZH_HANS),
    "desk:approve en": do(LINGUISTS_EN),
    "desk:return zh-hans": do(LINGUISTS_ZH_HANS),
    "desk:return en": do(LINGUISTS_EN),
    "desk:comment zh-hans": do(WRITERS | LINGUISTS_ZH_HANS),
    "desk:comment en": do(WRITERS | LINGUISTS_EN),
    "desk:accept of zh-hans": do(WRITE_ZH_HANS),
    "desk:accept of en": do(WRITE_EN),
    # Editions
    "admin:publishing_edition_changelist": both(READERS),
    "admin:publishing_edition_add": both(NOBODY),
    "admin:publishing_edition_change": Rule(READERS, NOBODY),
    "admin:publishing_edition_delete": both(NOBODY),
    "admin:publishing_edition_history": both(READERS),
    "admin/publishing/edition/<path:object_id>/": both(STAFF),
    "admin:publishing_edition_act sign_medical": Rule(READERS, DOCTORS),
    "admin:publishing_edition_act sign_medical own": Rule(READERS, NOBODY),
    "admin:publishing_edition_act sign_language zh-hans": Rule(READERS, LINGUISTS_ZH_HANS),
    "admin:publishing_edition_act sign_language zh-hans own": Rule(READERS, NOBODY),
    "admin:publishing_edition_act sign_language en": Rule(READERS, LINGUISTS_EN),
    "admin:publishing_edition_act sign_language en own": Rule(READERS, NOBODY),
    "admin:publishing_edition_act request_changes zh-hans": Rule(READERS, DOCTORS | LINGUISTS_ZH_HANS),
    "admin:publishing_edition_act request_changes en": Rule(READERS, DOCTORS | LINGUISTS_EN),
    "admin:publishing_edition_act request_changes en own": Rule(READERS, NOBODY),
    "admin:publishing_edition_act publish": Rule(READERS, PUBLISHERS),
    "admin:publishing_edition_act publish own": Rule(READERS, PUBLISHERS),
    "admin:publishing_edition_act withdraw": Rule(READERS, PUBLISHERS),
    "admin:publishing_edition_act withdraw own": Rule(READERS, PUBLISHERS),
    "admin:publishing_let_pass zh-hans": do(DOCTORS | LINGUISTS_ZH_HANS),
    "admin:publishing_let_pass en": do(DOCTORS | LINGUISTS_EN),
    "admin:publishing_let_pass en own": do(NOBODY),
    "admin:publishing_reopen zh-hans": do(WRITE_ZH_HANS),
    "admin:publishing_reopen en": do(WRITE_EN),
    "admin:publishing_reopen en own": do(WRITE_EN),
    "admin:publishing_record zh-hans": Rule(READERS, WRITE_ZH_HANS),  # POST: makes a link to the draft
    "admin:publishing_record en": Rule(READERS, WRITE_EN),
    "admin:publishing_share_edition zh-hans": do(WRITE_ZH_HANS),
    "admin:publishing_share_edition en": do(WRITE_EN),
    "admin:publishing_revoke zh-hans": do(WRITE_ZH_HANS),
    "admin:publishing_revoke en": do(WRITE_EN),
    # What readers said of pages
    "admin:publishing_feedback_changelist": both(READERS),
    "admin:publishing_feedback_add": both(NOBODY),
    "admin:publishing_feedback_change": Rule(READERS, WRITERS),
    "admin:publishing_feedback_delete": both(EDITORS),
    "admin:publishing_feedback_history": both(READERS),
    "admin/publishing/feedback/<path:object_id>/": both(STAFF),
    # What readers searched for in vain
    "admin:search_missed_changelist": both(READERS),
    "admin:search_missed_add": both(NOBODY),
    "admin:search_missed_change": Rule(READERS, NOBODY),
    "admin:search_missed_delete": both(EDITORS),
    "admin:search_missed_history": both(READERS),
    "admin/search/missed/<path:object_id>/": both(STAFF),
    # The department
    "admin:painsite_siteprofile_changelist": both(PROFILERS),
    "admin:painsite_siteprofile_add": both(NOBODY),
    "admin:painsite_siteprofile_change": both(PROFILERS),
    "admin:painsite_siteprofile_delete": both(NOBODY),
    "admin:painsite_siteprofile_history": both(PROFILERS),
    "admin:painsite_siteprofile_recoverlist": both(NOBODY),
    "admin:painsite_siteprofile_recover": both(NOBODY),
    "admin:painsite_siteprofile_revision": both(PROFILERS),
    "admin/painsite/siteprofile/<path:object_id>/": both(STAFF),
    "admin:publishing_compare_chosen": read(READERS),
    "admin:publishing_compare": read(READERS),
    "admin:publishing_preview_draft": read(READERS),
    "admin:publishing_look_draft": read(READERS),
    "admin:publishing_preview_edition": read(READERS),
    "admin:publishing_look_edition": read(READERS),
}

# Every address --------------------------------------------------------------------------------------------------------

FACTORIES: dict[str, Any] = {
    "articles_article": ArticleFactory,
    "articles_misconception": MisconceptionFactory,
    "articles_topic": TopicFactory,
    "glossary_term": TermFactory,
    "glossary_comparison": ComparisonFactory,
}
_KINDS = re.compile("|".join(f"(?<=admin:){kind}(?=_)" for kind in FACTORIES))
_KIND_PATHS = re.compile("|".join(f"(?<=admin/){kind.replace('_', '/')}(?=/)" for kind in FACTORIES))


def key(route: Route) -> str:
    """What names it in the table: kinds of document are not told apart, unless the table does so itself."""
    return route.name if route.name in RULES else _KIND_PATHS.sub("{document}", _KINDS.sub("{document}", route.name))


def kind(route: Route) -> str:
    """Of an address in the admin of one model: which."""
    found = re.match(r"admin/(\w+)/(\w+)/", route.pattern)
    return "_".join(found.groups()) if found else ""


RULES: dict[str, dict[str, Rule]] = {}
"""By route and then by case, which is "" where there is only one."""
for _key, _rule in TABLE.items():
    _route, _space, _case = _key.partition(" ")
    RULES.setdefault(_route, {})[_case] = _rule


# People and what they work on -----------------------------------------------------------------------------------------

FORM: dict[str, dict[str, str]] = {
    "admin:publishing_edition_act": {f"{act}-words": "Wrong dose" for act in Act},
    "admin:publishing_let_pass": {"finding": "publishing.B008", "field": "body", "reason": "It comes tomorrow."},
    "admin:{document}_delete": {"post": "yes"},
    "admin:{document}_submit": {"change_kind": "typo"},
    **{
        f"desk:{act}": {"key": "title", "row": "0", "text": "Pain", "comment": "Shorter."}
        for act in ("save", "check", "suggest", "approve", "return", "comment", "accept")
    },
}
"""What a POST sends, where without it even those who may would be refused."""

PAGES = {
    "articles:article-handout": "articles:article",
    "articles:fact-handout": "articles:fact",
    "api-v1:article": "articles:article",
    "api-v1:fact": "articles:fact",
    "api-v1:topic": "articles:topic",
    "api-v1:term": "glossary:term",
}
"""For paper and programs: which page for people has the same slug."""

QUERY = {
    "admin:autocomplete": {"app_label": "articles", "model_name": "article", "field_name": "topics"},
    "admin:publishing_compare_chosen": {"old": "1", "new": "2"},
    "desk:help": {"key": "title", "row": "0"},
}


@dataclass
class Scene:
    """Everything that an address can name, in a state in which whoever may act on it can."""

    clients: dict[str, Client] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    drafts: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, tuple[int, int]] = field(default_factory=dict)
    editions: dict[tuple[str, str, str], Edition] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    group: Group = field(default_factory=StaffRole.EDITOR.group)
    profile: SiteProfile = field(default_factory=SiteProfile)
    feedback: Feedback = field(default_factory=Feedback)
    recheck: Any = None
    missed: Any = None
    translations: dict[str, Translation] = field(default_factory=dict)
    """By the language that is translated into."""

    @classmethod
    def build(cls) -> "Scene":
        scene = cls()
        scene.people["somebody else"] = UserFactory(roles=StaffRole)
        scene.people["the others"] = UserFactory(roles=StaffRole)
        scene.people[OUTSIDER] = UserFactory(is_staff=False)
        scene.people[NEWCOMER] = UserFactory()
        scene.people |= {name: UserFactory(roles=[role]) for role, name in ROLES.items()}
        scene.people[SUPERUSER] = UserFactory(is_superuser=True)
        for name in PEOPLE:
            scene.clients[name] = Client(headers={"accept-language": "en", "sec-fetch-site": "same-origin"})
            if name != ANONYMOUS:
                scene.clients[name].force_login(scene.people[name])
        for kind, factory in FACTORIES.items():
            with reversion.create_revision():
                scene.drafts[kind] = factory()
                reversion.add_to_revision(scene.drafts[kind])
            with reversion.create_revision():
                deleted = factory()
                reversion.add_to_revision(deleted)
            scene.versions[kind] = tuple(
                Version.objects.get_for_object(each).values_list("pk", flat=True)[0]
                for each in (scene.drafts[kind], deleted)
            )
            deleted.delete()
            live = publish(factory(), "en")
            scene.slugs[resolve(live.get_absolute_url()).view_name] = live.slug
            scene.feedback = Feedback.objects.create(edition=live, helpful=False)
        with reversion.create_revision():
            scene.profile.save()
        scene.versions["painsite_siteprofile"] = (Version.objects.get_for_object(scene.profile).get().pk,) * 2
        for name in ("somebody else", *sorted(STAFF)):
            scene.write_editions(name)
        live = scene.editions["somebody else", "zh-hans", "live"]
        scene.recheck = Recheck.objects.create(term=live, edition=live)
        ArticleFactory(source_language="en")
        of_articles = Translation.objects.filter(content_type__model="article").order_by("pk")
        scene.translations = {each.language: each for each in of_articles}
        scene.missed = Missed.objects.create(language="en", query="cure for everything")
        return scene

    def write_editions(self, name: str) -> None:
        """Editions sent for review by this person, who wrote for the department then, whatever they do now."""
        author, others = self.people[name], self.people["the others"]
        groups = list(author.groups.all())
        author.groups.set([StaffRole.EDITOR.group()])
        author = type(author)._default_manager.get(pk=author.pk)
        link = '<p><a href="/{}/articles/not-there/">More</a></p>'
        for language, source in (("zh-hans", "en"), ("en", "zh-hans")):
            article = ArticleFactory(
                source_language=source, body_zh_hans=link.format("zh-hans"), body_en=link.format("en")
            )
            workflow.submit(article, source, author)
            self.editions[name, language, "in review"] = workflow.submit(article, language, author)
        for state in ("approved", "live"):
            edition = workflow.submit(ArticleFactory(), "zh-hans", author)
            workflow.sign_off(edition, others, Role.MEDICAL)
            self.editions[name, "zh-hans", state] = edition
        workflow.publish(edition, others)
        author.groups.set(groups)

    def request(self, route: Route, case: str, person: str, method: str) -> Any:
        client = self.clients[person]
        cookies = client.cookies
        client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
        try:
            with transaction.atomic():
                values = self.values(route, set(case.split()), person)
                address = route.filled_in(values.__getitem__)
                assert resolve(address).route == route.pattern, f"{address} leads elsewhere than {route}"
                if method == "GET":
                    response = client.get(address, QUERY.get(key(route)))
                else:
                    response = client.post(address, {"language": values["language"], **FORM.get(key(route), {})})
                if response.streaming:
                    list(response)  # else its file stays open
                transaction.set_rollback(True)  # whatever it did
        finally:
            client.cookies = cookies
        return response

    def values(self, route: Route, case: set[str], person: str) -> dict[str, Any]:
        """What can stand in an address, by its name there."""
        act = next((act for act in Act if act in case), Act.SIGN_MEDICAL)
        state = {Act.PUBLISH: "approved", Act.WITHDRAW: "live"}.get(act, "in review")
        language = "zh-hans" if "zh-hans" in case or state != "in review" else "en"
        author = person if "own" in case and person in STAFF else "somebody else"
        edition = self.editions[author, language, state]
        link = None
        if "token" in route.address or "links" in route.address:
            assert edition.document
            link = previews.make_link(edition.document, language, edition, edition.author)
            if "closed" in case:
                previews.revoke(link)
        account = self.people[SUPERUSER if "superuser" in case else OUTSIDER]
        draft = self.drafts.get(kind(route), self.drafts["articles_article"])
        kept, deleted = self.versions.get(kind(route), (0, 0))
        things = {
            "auth_user": account,
            "auth_group": self.group,
            "publishing_edition": edition,
            "glossary_recheck": self.recheck,
            "publishing_feedback": self.feedback,
            "search_missed": self.missed,
            "painsite_siteprofile": self.profile,
        }
        thing = edition if "content_type" in route.address else things.get(kind(route), draft)
        thing = draft if "label" in route.address else thing
        return {
            "object_id": thing.pk,
            "content_type_id": ContentType.objects.get_for_model(thing).pk,
            "id": account.pk,
            "label": draft._meta.label_lower,
            "pk": self.translations[into(case)].pk
            if route.name.startswith("desk:")
            else link.pk
            if link
            else {
                "articles:edition": self.editions["somebody else", "zh-hans", "live"].pk,
                "feedback": self.feedback.edition_id,
                "admin:glossary_term_uses": draft.pk,
            }.get(route.name, edition.pk),
            "old": edition.pk,
            "new": edition.pk,
            "act": act,
            "language": language,
            "slug": self.slugs.get(PAGES.get(route.name, route.name), ""),
            "token": previews.sign(link) if link else "",
            "kind": "tbx",
            "card": f"{self.feedback.edition_id}-{gist.card(Page(self.feedback.edition)).key}",
            "app_label": "auth" if "accounts" in case else "articles",
            "url": "nothing/",
            "value 0": deleted if route.name.endswith("_recover") else thing.pk,
            "value 1": kept,
        }


def into(case: set[str]) -> str:
    """Which language of the desk is asked for: the one named, or, for who writes the source, the other."""
    return "zh-hans" if ("zh-hans" in case) != ("of" in case) else "en"


# The walk -------------------------------------------------------------------------------------------------------------


def cases() -> Iterator[tuple[Route, str, Rule]]:
    """Every route with what the table says of it."""
    for route in routes():
        for case, rule in RULES.get(key(route), {}).items():
            yield route, case, rule


def expected(route: Route, rule: Rule, person: str, method: str) -> str | int:
    those, refused = (rule.get, rule.get_refused) if method == "GET" else (rule.post, rule.post_refused)
    if person in those:
        return "allowed"
    is_behind_login = route.pattern.startswith("admin/") and not rule.get & STRANGERS
    return "login" if is_behind_login and person in STRANGERS else refused


def said(response: Any) -> str | int:
    if response.status_code == 302 and response["Location"].startswith("/admin/login/"):
        return "login"
    refused = response.status_code in {401, 403, 404, 405, 410} or response.status_code >= 500
    return response.status_code if refused else "allowed"


def test_the_table_names_every_route_and_no_other() -> None:
    known = {key(route) for route in routes()}
    assert not known - set(RULES), "say in TABLE who may ask for these"
    assert not set(RULES) - known, "these are no more"


@pytest.mark.django_db
def test_everybody_may_do_what_the_table_says_and_nothing_else(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "printed", lambda html: b"%PDF")
    caplog.set_level(logging.CRITICAL, "django.request")  # every refusal would be logged with its traceback
    with translation.override("en"):
        scene = Scene.build()
        wrong = []
        for route, case, rule in cases():
            for person in PEOPLE:
                for method in ("GET", "POST"):
                    answer = said(scene.request(route, case, person, method))
                    if answer != (wanted := expected(route, rule, person, method)):
                        wrong.append(f"{method} {route.address} {case} as {person}: {answer}, the table says {wanted}")
    assert not wrong, "\n".join(wrong)


# For people -----------------------------------------------------------------------------------------------------------


def documentation() -> str:
    """The table in Markdown, in the order of the addresses."""
    lines = [HEAD]
    with translation.override("en"):
        for route, case, rule in cases():
            address = route.address if key(route) == route.name else _KIND_PATHS.sub("{document}", route.address)
            line = f"| `{address}` | {case} | {names(rule.get)} | {names(rule.post)} |"
            lines += [line] if line not in lines else []
    return "\n".join(lines) + "\n"


def names(those: Who) -> str:
    return NAMES.get(those) or ", ".join(person for person in PEOPLE if person in those)


def write() -> None:
    DOCUMENTATION.write_text(documentation(), encoding="utf-8")


def test_the_table_for_people_is_the_same() -> None:
    assert DOCUMENTATION.read_text(encoding="utf-8") == documentation(), f"run: {COMMAND}"
