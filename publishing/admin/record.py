"""The record of a document, for staff: its editions, compared, as of a day, previewed, shared.

Views of the edition admin; each is handed the admin first, and only who may see editions comes that far. What they show
is never public.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from publishing import compare, display, feedback, previews, workflow
from publishing.models import Document, Edition, PreviewLink

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class DayForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("What could be read on this day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return day


def document_or_404(label: str, object_id: int) -> Document:
    model = next((m for m in Document.__subclasses__() if m._meta.label_lower == label), None)
    if model is None:
        raise Http404
    return get_object_or_404(model._default_manager.all(), pk=object_id)


def record_url(document: Document) -> str:
    return reverse("admin:publishing_record", args=[document._meta.label_lower, document.pk])


def edition_url(edition: Edition) -> str:
    return reverse("admin:publishing_edition_change", args=[edition.pk])


def draft_or_refusal(request: HttpRequest, label: str, object_id: int, language: str | None = None) -> Document:
    """A draft, for who may see drafts of its kind."""
    document = document_or_404(label, object_id)
    opts = document._meta
    if not request.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
        raise PermissionDenied
    if language is not None and language not in LANGUAGE_NAMES:
        raise Http404
    return document


def record(admin: ModelAdmin, request: HttpRequest, label: str, object_id: int) -> HttpResponse:
    """All editions of a document; what could be read on a day, if one is given; preview links with their remarks."""
    document = draft_or_refusal(request, label, object_id)
    if request.method == "POST":
        return share_draft(request, document)
    day_form = DayForm(request.GET if "on" in request.GET else None)
    day = day_form.cleaned_data["on"] if day_form.is_valid() else None
    editions = list(document.editions.defer("content").select_related("author").order_by("-number"))
    said = feedback.of_document(document)
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Editions of “%(title)s”") % {"title": document},
        "opts": document._meta,
        "original": document,
        "day_form": day_form,
        "day": day,
        "languages": [
            {
                "code": code,
                "name": name,
                "editions": [edition for edition in editions if edition.language == code],
                "read_then": read_on(day, [e for e in editions if e.language == code]) if day else None,
                "may_share": workflow.may_submit(request.user, code),
                "said": said[code],
            }
            for code, name in settings.LANGUAGES
        ],
        "links": preview_links(document),
    }
    return TemplateResponse(request, "admin/publishing/record.html", context, status=400 if day_form.errors else 200)


def read_on(day: datetime.date, editions: Sequence[Edition]) -> list[Edition]:
    """Those that could be read on that day where the hospital is, by the settings of today."""
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    # What can be read does so from the beginning of the day or, if that is later, of its own time.
    begun = [e for e in editions if e.live_from and timezone.localdate(e.live_from) <= day]
    return [e for e in begun if e.live_from and e.is_live(max(e.live_from, start))]


def preview_links(document: Document) -> list[dict[str, Any]]:
    kind = ContentType.objects.get_for_model(document)
    found = PreviewLink.objects.filter(content_type=kind, object_id=document.pk).defer("edition__content")
    links = found.select_related("edition", "created_by").prefetch_related("document", "remarks")
    return [{"link": link, "url": previews.link_url(link)} for link in links]


def share_draft(request: HttpRequest, document: Document) -> HttpResponse:
    language = request.POST.get("language", "")
    if not workflow.may_submit(request.user, language):
        raise PermissionDenied
    previews.make_link(document, language, None, request.user)
    messages.success(request, _("The link is below. It works for %(days)d days.") % {"days": settings.PREVIEW_DAYS})
    return HttpResponseRedirect(record_url(document) + "#links")


def compare_editions(admin: ModelAdmin, request: HttpRequest, old: int, new: int) -> HttpResponse:
    """Two editions of one document, part by part, with what changed marked."""
    before, after = previews.edition_or_404(old), previews.edition_or_404(new)
    if (before.content_type_id, before.object_id) != (after.content_type_id, after.object_id):
        raise Http404
    if before.language == after.language and before.number > after.number:
        before, after = after, before
    changed = compare.diff_parts(parts_of(before), parts_of(after))
    context = {
        **admin.admin_site.each_context(request),
        "title": _("What changed"),
        "opts": admin.opts,
        "before": before,
        "after": after,
        "changed": [part for part in changed if part.state != compare.State.UNCHANGED],
        "unchanged": [part for part in changed if part.state == compare.State.UNCHANGED],
        "record_url": record_url(after.document) if after.document else "",
    }
    return TemplateResponse(request, "admin/publishing/compare.html", context)


def parts_of(edition: Edition) -> list[display.Part]:
    return display.parts(edition.model, edition.content)


def compare_chosen(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The choice of two editions on the record's page, as an address that can be sent to a colleague."""
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    if not (old.isdecimal() and new.isdecimal() and len(old + new) < 30):
        raise Http404
    return HttpResponseRedirect(reverse("admin:publishing_compare", args=[int(old), int(new)]))


def preview_edition(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    return previews.render_preview(request, previews.edition_or_404(pk))


def preview_draft(admin: ModelAdmin, request: HttpRequest, label: str, object_id: int, language: str) -> HttpResponse:
    document = draft_or_refusal(request, label, object_id, language)
    return previews.render_preview(request, previews.unsaved_edition(document, language))


def look_at_edition(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    edition = previews.edition_or_404(pk)
    return look(admin, request, str(edition), reverse("admin:publishing_preview_edition", args=[pk]))


def look_at_draft(admin: ModelAdmin, request: HttpRequest, label: str, object_id: int, language: str) -> HttpResponse:
    document = draft_or_refusal(request, label, object_id, language)
    address = reverse("admin:publishing_preview_draft", args=[label, object_id, language])
    return look(admin, request, f"{document} ({LANGUAGE_NAMES[language]})", address)


def look(admin: ModelAdmin, request: HttpRequest, what: str, address: str) -> HttpResponse:
    """A preview at the width of a telephone and of a desk, side by side."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Preview of %(what)s") % {"what": what},
        "opts": admin.opts,
        "address": address,
    }
    return TemplateResponse(request, "admin/publishing/look.html", context)


def share_edition(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    edition = previews.edition_or_404(pk)
    if not workflow.may_submit(request.user, edition.language) or edition.document is None:
        raise PermissionDenied
    previews.make_link(edition.document, edition.language, edition, request.user)
    messages.success(request, _("The link is below. It works for %(days)d days.") % {"days": settings.PREVIEW_DAYS})
    return HttpResponseRedirect(record_url(edition.document) + "#links")


def revoke(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(PreviewLink, pk=pk)
    if not workflow.may_submit(request.user, link.language):
        raise PermissionDenied
    previews.revoke(link)
    messages.success(request, _("The link is closed."))
    document = link.document
    return HttpResponseRedirect(record_url(document) + "#links" if document else reverse("admin:index"))


def page(admin: ModelAdmin, route: str, view: Any, name: str, *methods: str) -> Any:
    """The address of a view, which is handed the admin first."""

    @require_http_methods(methods or ("GET", "HEAD"))
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("publishing.view_edition"):
            raise PermissionDenied
        return view(admin, request, **kwargs)

    return path(route, admin.admin_site.admin_view(wrapped), name=f"publishing_{name}")


def urls(admin: ModelAdmin) -> list[Any]:
    draft = "draft/<str:label>/<int:object_id>/"
    return [
        page(admin, "record/<str:label>/<int:object_id>/", record, "record", "GET", "HEAD", "POST"),
        page(admin, "compare/", compare_chosen, "compare_chosen"),
        page(admin, "compare/<int:old>/<int:new>/", compare_editions, "compare"),
        page(admin, draft + "<slug:language>/preview/", preview_draft, "preview_draft"),
        page(admin, draft + "<slug:language>/look/", look_at_draft, "look_draft"),
        page(admin, "<int:pk>/preview/", preview_edition, "preview_edition"),
        page(admin, "<int:pk>/look/", look_at_edition, "look_edition"),
        page(admin, "<int:pk>/share/", share_edition, "share_edition", "POST"),
        page(admin, "links/<int:pk>/revoke/", revoke, "revoke", "POST"),
    ]
