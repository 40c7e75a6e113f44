"""A draft or an edition exactly as patients would see it, for staff and, by a signed link, for readers without account.

The page is made by the very view that serves patients, which is handed the edition instead of looking for a live one.
Never cached, never indexed, and it says what it is.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import snapshot
from .models import Document, Edition, PreviewLink, Remark

SALT = "publishing.preview"
MAX_REMARKS = 200  # of one link: enough for any reading round, and no place to pile up rubbish


def unsaved_edition(document: Document, language: str) -> Edition:
    """What would be sent for review now: an edition that is in no database."""
    content = snapshot.freeze(document, language)
    newest = document.editions.filter(language=language).aggregate(number=Max("number"))["number"] or 0
    return Edition(
        content_type=ContentType.objects.get_for_model(document),
        object_id=document.pk,
        language=language,
        number=newest + 1,
        slug=document.slug,
        title=content[document.snapshot.title] or document.slug,
        content=content,
        digest=snapshot.digest(content),
        review_due=document.next_review or timezone.localdate(),
    )


def render_preview(request: HttpRequest, edition: Edition, **bar: Any) -> HttpResponse:
    """The patients' page of an edition whatever its state; `bar` goes to the strip that says that it is a preview."""
    with translation.override(edition.language):
        match = resolve(edition.model.page_url(edition.slug))
        request.preview = {"edition": edition, **bar}  # type: ignore[attr-defined]
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    response["Content-Language"] = edition.language  # not the language of whoever asks
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store, private"
    # The address is the key. Not "no-referrer": with it a browser names no origin, and the remark would be refused.
    response["Referrer-Policy"] = "same-origin"
    return response


def sign(link: PreviewLink) -> str:
    """The same for a link whenever it is asked for; when it ends is in its row, which can be closed."""
    return signing.Signer(salt=SALT).sign(str(link.pk))


def link_url(link: PreviewLink) -> str:
    return reverse("preview", args=[sign(link)])


def open_link(token: str) -> PreviewLink | None:
    """The link of a signed address; None when it is not genuine, has expired or was revoked."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    link = PreviewLink.objects.select_related("edition").filter(pk=key).first()
    return link if link and link.is_open else None


class RemarkForm(forms.ModelForm):
    class Meta:
        model = Remark
        fields = ("text", "name")
        labels = {"text": gettext_lazy("Your remark"), "name": gettext_lazy("Your name (if you like)")}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A preview by its signed link: to read, and to leave a remark on."""
    link = open_link(token)
    if link is None:
        return render(request, "publishing/preview_closed.html", {"noindex": True}, status=410)
    if link.edition is None and link.document is None:
        raise Http404
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with translation.override(link.language):
            if link.remarks.count() < MAX_REMARKS:
                form.instance.link = link
                form.save()
                messages.success(request, _("Thank you. Your remark has reached the editors."))
            else:
                messages.error(request, _("This link has all the remarks it can hold. Tell the editors directly."))
        return HttpResponseRedirect(request.path)
    edition = link.edition or unsaved_edition(link.document, link.language)  # type: ignore[arg-type]
    request.method = "GET" if request.method == "POST" else request.method  # a form with an error is shown again
    return render_preview(request, edition, form=form, link=link)


def make_link(document: Document, language: str, edition: Edition | None, by: Any) -> PreviewLink:
    """For an edition, or, without one, for the draft as it is whenever the link is opened."""
    return PreviewLink.objects.create(
        content_type=ContentType.objects.get_for_model(document),
        object_id=document.pk,
        language=language,
        edition=edition,
        created_by=by,
    )


def revoke(link: PreviewLink) -> None:
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])


def edition_or_404(pk: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("source_edition"), pk=pk)
