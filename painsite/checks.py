"""What must hold before patients are let in, as system checks: `manage.py check --deploy --database default`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from articles import printing
from publishing.guards import installed
from translations import chat, suggestions


@register(Tags.database)
def guards_are_installed(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Nothing unsigned goes live because the database refuses it; so it has to be able to.

    A warning, because `migrate`, which repairs it, runs the checks first and stops at an error.
    """
    missing = [alias for alias in databases or [] if not installed(connections[alias])]
    return [
        Warning(
            f"The database {alias!r} lacks the rules that keep unsigned text from going live.",
            hint="Run manage.py migrate: it installs them every time.",
            id="painsite.W003",
        )
        for alias in missing
    ]


@register(Tags.security, deploy=True)
def production_database(**kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return []
    return [
        Warning(
            "The site runs on SQLite.",
            hint="Fine for one machine and a demonstration; set DATABASE_URL to PostgreSQL for a hospital.",
            id="painsite.W001",
        )
    ]


@register(Tags.security, deploy=True)
def shared_cache(**kwargs: Any) -> list[CheckMessage]:
    if not settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        return []
    return [
        Warning(
            "Every process has a cache of its own.",
            hint="Set CACHE_URL to a Redis server, so that all processes see one cache.",
            id="painsite.W002",
        )
    ]


@register(Tags.compatibility, deploy=True)
def hand_outs_can_be_printed(**kwargs: Any) -> list[CheckMessage]:
    """Asked of the press itself, which takes half a second: so not each time that anything is run."""
    if printing.is_possible():
        return []
    return [
        Warning(
            "Hand-outs cannot be printed: the libraries of Pango are missing.",
            hint=f"Debian: apt install {printing.PACKAGES}. macOS: brew install pango. All else works without.",
            id="painsite.W004",
        )
    ]


@register(Tags.security)
def suggestions_are_asked_for_in_private(**kwargs: Any) -> list[CheckMessage]:
    """An error, so that nothing starts that would send texts and a key in the clear."""
    if not settings.SUGGESTIONS_URL:
        return []
    hint = "Unset SUGGESTIONS_URL to do without a server."
    return [Error(fault, hint=hint, id="painsite.E001") for fault in chat.faults(suggestions.configured())]
