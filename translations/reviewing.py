"""What people say of a text at the desk: approved, sent back, commented on, or changed in spelling alone."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from . import acts
from .answering import acting, unit_of
from .models import Translation


@acting
def approve(request: HttpRequest, translation: Translation, key: str) -> str:
    looked, digest = request.POST.getlist("looked"), request.POST.get("digest", "")
    acts.approve(unit_of(translation, key), by=request.user, seen_digest=digest, acknowledged=looked)
    return _("Approved.")


@acting
def send_back(request: HttpRequest, translation: Translation, key: str) -> str:
    comment, digest = request.POST.get("comment", "")[:2000], request.POST.get("digest", "")
    acts.send_back(unit_of(translation, key), by=request.user, seen_digest=digest, comment=comment)
    return _("Sent back to the translator.")


@acting
def comment(request: HttpRequest, translation: Translation, key: str) -> str:
    acts.comment_on(unit_of(translation, key), by=request.user, text=request.POST.get("text", "")[:2000])
    return _("Your comment is there.")


@acting
def accept(request: HttpRequest, translation: Translation, key: str) -> str:
    """Only spelling or punctuation of the source changed: of one text, or of all."""
    document = translation.document
    if document is None:
        raise Http404
    return accepted(acts.accept_change(document, [key] if key else None, by=request.user))


def accepted(count: int) -> str:
    return _("Texts that need no translator any more, in all languages: %(count)d.") % {"count": count}
