from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import SiteProfile


def profile(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """The department, asked for by the first template that names it: one query a page, and none in the admin."""
    return {"profile": SimpleLazyObject(profile_or_default)}


def profile_or_default() -> SiteProfile:
    """A page that tells of an error tells of it, and of the emergency number, though the database is what broke."""
    try:
        return SiteProfile.objects.first() or SiteProfile()
    except Exception:  # whatever is wrong with it
        return SiteProfile()
