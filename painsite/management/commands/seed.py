"""Loads the department's own texts through the same workflow as people use."""

from pathlib import Path
from typing import Any

import reversion
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Misconception, Topic
from glossary.models import Comparison, Term
from painsite.roles import StaffRole
from publishing import seeding, workflow
from publishing.management.progress import ProgressCommand
from publishing.models import Document, Role

# In the order in which they name each other: a comparison needs its terms, a topic the one above it.
FOLDERS: list[tuple[type[Document], str]] = [
    (Topic, "articles/seed/topics"),
    (Term, "glossary/seed/terms"),
    (Comparison, "glossary/seed/comparisons"),
    (Misconception, "articles/seed/misconceptions"),
    (Article, "articles/seed/articles"),
]
ACCOUNTS = {
    "editor": [StaffRole.EDITOR],
    "doctor": [StaffRole.MEDICAL_REVIEWER],
    "translator": [StaffRole.TRANSLATOR_EN, StaffRole.TRANSLATOR_ZH_HANS],
    "linguist": [StaffRole.LANGUAGE_REVIEWER_EN, StaffRole.LANGUAGE_REVIEWER_ZH_HANS],
    "publisher": [StaffRole.PUBLISHER],
}


class Command(ProgressCommand):
    help = (
        "Loads the seed content: checks every file, then sends each text for review, signs it and publishes it as the "
        "accounts named. What is there already is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ACCOUNTS:
            parser.add_argument(
                f"--{name}", default=name, help=f"user name of the {name}; made, unable to log in, if new"
            )
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR, help="where articles/seed is found")
        parser.add_argument("--drafts", action="store_true", help="load drafts only; people sign and publish them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seeds = [seed for model, folder in FOLDERS for seed in seeding.read(model, options["folder"] / folder)]
            seeding.refuse_unknown_slugs(seeds)
            with transaction.atomic():
                self.accounts = {name: account(options[name], roles) for name, roles in ACCOUNTS.items()}
                new = [seed for seed in parents_first(seeds) if seeding.find(seed.model, seed.slug) is None]
                self.load(new, drafts_only=options["drafts"])
        except seeding.SeedError as error:
            raise CommandError(_("%(error)s\nNothing was loaded.") % {"error": error}) from error
        loaded = ngettext("%(count)d document loaded", "%(count)d documents loaded", len(new)) % {"count": len(new)}
        kept = len(seeds) - len(new)
        there = ngettext("%(count)d was there already", "%(count)d were there already", kept) % {"count": kept}
        self.stdout.write(_("%(loaded)s, %(there)s.") % {"loaded": loaded, "there": there})

    def load(self, seeds: list[seeding.Seed], *, drafts_only: bool) -> None:
        documents: list[Document] = []
        with self.progress() as progress:
            for seed in progress.track(seeds, description=_("Drafts")):
                documents.append(seeding.save(seed))
            pairs = list(zip(seeds, documents, strict=True))
            for seed, document in progress.track(pairs, description=_("Relations")):
                with reversion.create_revision():  # so that the first draft can be brought back too
                    seeding.link(seed, document)
                    reversion.add_to_revision(document)
            if not drafts_only:
                for seed, document in progress.track(pairs, description=_("Review and publication")):
                    try:
                        self.publish(document)
                    except workflow.Refused as refusal:
                        raise seed.error("", str(refusal)) from refusal

    def publish(self, document: Document) -> None:
        """Source first, each language as people do it: one writes, others sign, another one publishes."""
        who = self.accounts
        for language in [document.source_language, *document.translation_languages]:
            author = who["editor"] if language == document.source_language else who["translator"]
            edition = workflow.submit(document, language, author)
            if Role.LANGUAGE in edition.required_roles:
                workflow.sign_off(edition, who["linguist"], Role.LANGUAGE)
            workflow.sign_off(edition, who["doctor"], Role.MEDICAL)
            workflow.publish(edition, who["publisher"])


def account(username: str, roles: list[StaffRole]) -> Any:
    """The account of that name; a new one joins the groups and cannot log in until somebody gives it a password."""
    user, created = get_user_model().objects.get_or_create(username=username, defaults={"is_staff": True})
    if created:
        user.set_unusable_password()
        user.save()
        user.groups.set([role.group() for role in roles])
    return user


def parents_first(seeds: list[seeding.Seed]) -> list[seeding.Seed]:
    """Topics in an order in which each comes after the one that it belongs under; everything else as it stands."""
    by_slug = {seed.slug: seed for seed in seeds if seed.model is Topic}
    placed: dict[int, seeding.Seed] = {}

    def place(seed: seeding.Seed, above: tuple[str, ...] = ()) -> None:
        if seed.slug in above:
            raise seed.error("parent", _("a topic cannot stand under itself"))
        for slug in seed.links.get("parent", []):
            if seed.model is Topic and slug in by_slug:
                place(by_slug[slug], (*above, seed.slug))
        placed.setdefault(id(seed), seed)

    for seed in seeds:
        place(seed)
    return list(placed.values())
