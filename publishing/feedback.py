"""“Was this page helpful?”: readers say so without script, cookie or account, and editors find it beside the page.

Nothing that tells who said it is kept: an address is counted under a hash whose salt is forgotten within the hour, and
numbers and addresses by which somebody could be reached are taken out of a remark.
"""

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import richtext
from .fields import RichTextField
from .models import Document, Edition, Feedback
from .outline import outline
from .snapshot import translated_fields

HOUR = 60 * 60
MAX_SHOWN = 100  # on one page of the admin
MAX_BYTES = 20_000  # of a form: ten times what the longest remark takes
PER_HOUR_OF_ALL = 1000  # from everybody together: no place to pile up rubbish
_NEXT_HEADING = re.compile(r'(?=<h2 id=")')
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d{3,4}[ -]\d{3,4}[ -]\d{4}|\+?\d{7,}[xX]?", re.ASCII)

# What it can be about -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A part of an edition under a heading."""

    key: str
    heading: str
    html: SafeString


def places(edition: Edition) -> list[Place]:
    """The parts of the frozen text that a reader can mean, the title left out: that is the whole page."""
    return [place for place in _places(edition) if place.html]


def _places(edition: Edition) -> Iterator[Place]:
    model, content = edition.model, edition.content
    for name in translated_fields(model):
        if name == model.snapshot.title or richtext.is_blank(content.get(name)):
            continue
        kind = model._meta.get_field(name)
        if isinstance(kind, RichTextField):
            # The prefix that pages use, so that the key of a body's heading is its anchor.
            html, headings = outline(content[name], "section" if name == "body" else name)
            before, *sections = _NEXT_HEADING.split(html)
            if before.strip():
                yield Place(name, capfirst(str(kind.verbose_name)), mark_safe(before))
            for heading, section in zip(headings, sections, strict=True):
                yield Place(heading.id, heading.text, mark_safe(section))
        else:
            yield Place(name, capfirst(str(kind.verbose_name)), text(content[name]))  # type: ignore[union-attr]
    for name in model.snapshot.rows:
        names = translated_fields(model._meta.get_field(name).related_model)
        for row in content.get(name, []) if names else []:
            said = [row.get(each) or "" for each in names]
            yield Place(
                f"{name}.{row['id']}", Truncator(richtext.plain_text(said[0])).chars(80), text("\n\n".join(said))
            )


def text(value: str) -> SafeString:
    return mark_safe(linebreaks(richtext.plain_text(value), autoescape=True))


# The form -------------------------------------------------------------------------------------------------------------


class FeedbackForm(forms.Form):
    helpful = forms.ChoiceField(
        label=gettext_lazy("Was this page helpful?"),
        choices=[("yes", pgettext_lazy("was it helpful?", "Yes")), ("no", pgettext_lazy("was it helpful?", "No"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose yes or no.")},
    )
    place = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("What should be better? (if you like)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "aria-describedby": "feedback-hint"}),
    )
    subject = forms.CharField(  # which people do not see, and programs fill in
        label=gettext_lazy("Leave this empty"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, edition: Edition, data: Any = None) -> None:
        super().__init__(data, auto_id="feedback-%s")
        self.edition = edition
        self.places = {place.key: place.heading for place in places(edition)}
        self.fields["place"].choices = [("", _("The whole page")), *self.places.items()]  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        super().full_clean()
        if self.has_error("remark"):  # Django names the error itself where a field has no description of its own
            self.fields["remark"].widget.attrs["aria-describedby"] = "feedback-remark_error feedback-hint"

    @property
    def address(self) -> str:
        with translation.override(self.edition.language):  # a converted variant of a language posts to its original
            return reverse("feedback", args=[self.edition.pk])

    def save(self) -> Feedback:
        said = self.cleaned_data
        helpful, remark = said["helpful"] == "yes", without_contacts(richtext.clean_text(said["remark"]))
        Feedback.objects.expired().delete()
        return Feedback.objects.create(
            edition=self.edition,
            helpful=helpful,
            place=said["place"],
            heading=self.places.get(said["place"], "")[:300],
            remark=remark,
            done=helpful and not remark,  # good to know, and nothing to do
        )


def without_contacts(remark: str) -> str:
    """Without telephone and identity numbers and mail addresses. A dose has fewer digits, and so has a date."""
    return _CONTACT.sub("…", remark)


# Who asks -------------------------------------------------------------------------------------------------------------


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form: a token would need a cookie."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(source).netloc == request.get_host()
    except ValueError:
        return False


def is_too_much(request: HttpRequest) -> bool:
    """Counts what comes from one network, and from all together, within an hour."""
    salt = cache.get_or_set("feedback-salt", secrets.token_hex, HOUR)
    network = hashlib.blake2b(network_of(request).encode(), key=str(salt).encode()).hexdigest()
    limits = {f"feedback-{network}": settings.FEEDBACK_PER_HOUR, "feedback-all": PER_HOUR_OF_ALL}
    return any(_count(key) > limit for key, limit in limits.items())


def _count(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two
        return 1


def network_of(request: HttpRequest) -> str:
    """The sender's address, of IPv6 the network; behind our own proxy, what that one wrote, which is the last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS else ""
    address = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False)) if version == 6 else address


# The page -------------------------------------------------------------------------------------------------------------


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes what a reader says of a live edition; asked for without a form, it shows one, or the thanks."""
    if pk >= 2**63:  # no database has such a key
        raise Http404
    edition = Edition.objects.live(get_language()).filter(pk=pk).first()
    if edition is None:
        return over(request, pk)
    if request.method != "POST":
        if "thanks" in request.GET:
            return page(request, edition, thanks=True)
        return page(request, edition, form=FeedbackForm(edition))
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return refuse(request, FeedbackForm(edition), _("That is too long: write at most 1000 characters."), 413)
    form = FeedbackForm(edition, request.POST)
    if not is_from_here(request):
        words = _("Your browser did not say that you wrote this on our page. Press “Send” again.")
        return refuse(request, form, words, 403)
    if not form.is_valid():
        return page(request, edition, status=400, form=form)
    if is_too_much(request):
        words = _("Too much was sent from your network within an hour. Your words are still here: try again later.")
        response = refuse(request, form, words, 429)
        response["Retry-After"] = str(HOUR)
        return response
    if not form.cleaned_data["subject"]:
        form.save()
    return HttpResponseRedirect(f"{form.address}?thanks")


def over(request: HttpRequest, pk: int) -> HttpResponse:
    """410 when it was live once, with what is live instead; else 404, as if there were no such edition."""
    edition = Edition.objects.filter(pk=pk, language=get_language()).defer("content").first()
    if edition is None or not edition.was_live():
        raise Http404
    live = Edition.objects.live(edition.language).filter(
        content_type_id=edition.content_type_id, object_id=edition.object_id
    )
    context = {"noindex": True, "is_over": True, "live": live.defer("content").first()}
    return render(request, "publishing/feedback.html", context, status=410)


def refuse(request: HttpRequest, form: FeedbackForm, words: str, status: int) -> HttpResponse:
    return page(request, form.edition, status=status, form=form, refusal=words)


def page(request: HttpRequest, edition: Edition, status: int = 200, **context: Any) -> HttpResponse:
    same = Edition.objects.live().filter(content_type_id=edition.content_type_id, object_id=edition.object_id)
    context |= {"edition": edition, "noindex": True, "alternates": list(same.defer("content"))}
    return render(request, "publishing/feedback.html", context, status=status)


# For editors ----------------------------------------------------------------------------------------------------------


@dataclass
class Said:
    """What readers said of one language of a document: how many, and what of it still waits for an editor."""

    helpful: int = 0
    unhelpful: int = 0
    waiting: list[Feedback] = field(default_factory=list)


def of_document(document: Document) -> dict[str, Said]:
    """By language."""
    found = {code: Said() for code, _name in settings.LANGUAGES}
    kept = Feedback.objects.kept().filter(edition__in=document.editions)
    counts = kept.order_by().values_list("edition__language", "helpful").annotate(models.Count("pk"))
    for language, is_helpful, count in counts:
        setattr(found[language], "helpful" if is_helpful else "unhelpful", count)
    if counts:
        for each in kept.filter(done=False).select_related("edition")[:MAX_SHOWN]:
            found[each.edition.language].waiting.append(each)
    return found


def paragraph(feedback: Feedback) -> SafeString:
    """The text that it is about, as it was when it was said: editions are frozen."""
    found = [place.html for place in places(feedback.edition) if place.key == feedback.place]
    return found[0] if found else mark_safe("")
