"""The admin of documents and of their editions; the content apps build theirs on `DocumentAdmin`."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media
from modeltranslation.admin import TabbedTranslationAdmin, TranslationStackedInline, TranslationTabularInline
from modeltranslation.utils import build_localized_fieldname
from reversion.admin import VersionAdmin

from . import display, snapshot, workflow
from .forms import ActForm, SubmitForm
from .models import Document, Edition, Event, SignOff, State
from .status import Status, attach
from .workflow import Act

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class NonceMedia(admin.ModelAdmin):
    """The rich-text editor's import map stands in the page itself, so it needs the nonce of the content policy."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)


def may_write(user: Any, language: str) -> bool:
    return workflow.may_submit(user, language)


class OwnLanguages:
    """Whose languages they are may write them; the rest of the form can be read but not changed.

    Disabled rather than read-only, so that a translator keeps the source beside the translation in the same tabs, and
    what is posted for such a field is ignored.
    """

    def lock_fields(self: Any, request: HttpRequest, fields: dict[str, forms.Field]) -> None:
        is_editor = request.user.has_perm(f"{self.opts.app_label}.add_{self.opts.model_name}")
        languages = {
            build_localized_fieldname(name, code): code
            for name in snapshot.translated_fields(self.model)
            for code in LANGUAGE_NAMES
        }
        for name, field in fields.items():
            if name in languages:
                field.required = False  # the model asks for the source language's title, whichever that is
                field.disabled = not may_write(request.user, languages[name])
            elif not is_editor:
                field.disabled = True


class PartInline(OwnLanguages):
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        self.lock_fields(request, formset.form.base_fields)
        return formset


class TranslatedStackedInline(PartInline, TranslationStackedInline):
    pass


class TranslatedTabularInline(PartInline, TranslationTabularInline):
    pass


class TabularInline(PartInline, admin.TabularInline):
    pass


class StatusChangeList(ChangeList):
    """Looks up the status of all rows of the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        attach(self.result_list)


def status_filter(language: str) -> type[admin.SimpleListFilter]:
    class StatusFilter(admin.SimpleListFilter):
        title = LANGUAGE_NAMES[language]
        parameter_name = f"status_{language.replace('-', '_')}"

        def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
            return Status.choices

        def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
            if self.value() not in Status.values:
                return queryset
            documents = list(queryset.model._default_manager.all())
            attach(documents)
            return queryset.filter(pk__in=[d.pk for d in documents if self.value() in d.statuses[language]])

    return StatusFilter


class DocumentAdmin(OwnLanguages, NonceMedia, VersionAdmin, TabbedTranslationAdmin):
    change_form_template = "admin/publishing/document_change_form.html"
    list_per_page = 50
    save_on_top = True
    search_fields = ("slug",)  # the translated fields join in `get_search_fields`
    envelope: Any = (gettext_lazy("Publication"), {"fields": ("slug", "source_language", "next_review")})
    subject_filters: tuple[Any, ...] = ()

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["__str__", *(self.status_column(code) for code in LANGUAGE_NAMES), "next_review", "updated_at"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*(status_filter(code) for code in LANGUAGE_NAMES), *self.subject_filters, "source_language"]

    def get_search_fields(self, request: HttpRequest) -> Any:
        names = snapshot.translated_fields(self.model)
        return [
            *self.search_fields,
            *(build_localized_fieldname(name, code) for name in names for code in LANGUAGE_NAMES),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StatusChangeList

    @staticmethod
    def status_column(language: str) -> Any:
        @admin.display(description=LANGUAGE_NAMES[language])
        def column(document: Document) -> SafeString:
            return badges(document.statuses[language])

        return column

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        self.lock_fields(request, form.base_fields)
        return form

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What has editions is shown as protected, with a way out, instead of failing after the click."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        kept = {edition.object_id for edition in Edition.objects.of(*objs).only("object_id", "content_type_id")}
        why = _("has editions, which are a record: withdraw it instead")
        protected = [*protected, *(format_html("{}: {}", document, why) for document in objs if document.pk in kept)]
        return to_delete, counts, perms_needed, protected

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_submit"
        view = self.admin_site.admin_view(self.submit_view)
        return [path("<path:object_id>/submit/<slug:language>/", view, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        document = self.get_object(request, object_id)
        panel = self.panel(request, document) if document else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "panel": panel})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["errors_by_language"] = errors_by_language(context)
        return super().render_change_form(request, context, *args, **kwargs)

    def panel(self, request: HttpRequest, document: Document) -> list[dict[str, Any]]:
        """For each language: how far it is, its newest edition and the live one, and where to send it for review."""
        attach([document])
        editions = list(document.editions.defer("content").order_by("-number"))
        rows = []
        for code, name in settings.LANGUAGES:
            own = [edition for edition in editions if edition.language == code]
            rows.append(
                {
                    "code": code,
                    "name": name,
                    "is_source": code == document.source_language,
                    "badges": badges(document.statuses[code]),
                    "live": next((edition for edition in own if edition.is_live()), None),
                    "newest": own[0] if own else None,
                    "submit_url": self.submit_url(document, code) if may_write(request.user, code) else "",
                }
            )
        return rows

    def submit_url(self, document: Document, language: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_submit", args=[document.pk, language])

    def submit_view(self, request: HttpRequest, object_id: str, language: str) -> HttpResponse:
        """Asks what kind of change it is, then freezes the language into an edition in review."""
        document = self.get_object(request, object_id)
        if document is None or language not in LANGUAGE_NAMES:
            raise Http404
        if not self.has_change_permission(request, document) or not may_write(request.user, language):
            raise PermissionDenied
        form = SubmitForm(request.POST or None)
        refusal = ""
        if request.method == "POST" and form.is_valid():
            try:
                edition = workflow.submit(document, language, request.user, **form.cleaned_data)
            except workflow.Refused as refused:
                refusal = str(refused)
            else:
                sent = _("“%(title)s” (%(language)s) was sent for review as edition %(number)d.")
                names = {"title": edition.title, "language": LANGUAGE_NAMES[language], "number": edition.number}
                messages.success(request, sent % names)
                return HttpResponseRedirect(edition_url(edition))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send %(language)s for review") % {"language": LANGUAGE_NAMES[language]},
            "opts": self.opts,
            "original": document,
            "form": form,
            "refusal": refusal,
            "language_name": LANGUAGE_NAMES[language],
        }
        template = "admin/publishing/submit.html"
        return TemplateResponse(request, template, context, status=409 if refusal else 200)


def badges(statuses: list[Status]) -> SafeString:
    return format_html_join(" ", '<span class="status status-{}">{}</span>', [(s.value, s.label) for s in statuses])


def errors_by_language(context: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Of a form that failed: for each language, the labels of the fields in its tab that have an error."""
    forms_shown = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", []):
        forms_shown += inline.formset.forms
    found = []
    for code, name in settings.LANGUAGES:
        suffix = "_" + code.replace("-", "_")
        labels = [str(form[field].label) for form in forms_shown for field in form.errors if field.endswith(suffix)]
        if labels:
            found.append((str(name), labels))
    return found


def edition_url(edition: Edition) -> str:
    return reverse("admin:publishing_edition_change", args=[edition.pk])


class WaitingForMe(admin.SimpleListFilter):
    title = gettext_lazy("waiting for")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("me", _("me"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Edition]) -> models.QuerySet[Edition]:
        return queryset.filter(pk__in=[e.pk for e in waiting_for(request.user)]) if self.value() == "me" else queryset


def waiting_for(user: Any) -> list[Edition]:
    """Open editions that this person can sign or publish, oldest first."""
    if isinstance(user, AnonymousUser):
        return []
    editions = Edition.objects.open().defer("content").prefetch_related("sign_offs").order_by("created_at")
    mine = {Act.SIGN_MEDICAL, Act.SIGN_LANGUAGE, Act.PUBLISH}
    return [edition for edition in editions if mine & set(workflow.available(user, edition))]


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Where an edition is read, signed, sent back, published and withdrawn. Nothing in it can be edited."""

    list_display = ("title", "content_type", "language", "number", "state_badge", "author", "created_at", "review_due")
    list_filter = (WaitingForMe, "state", "language", "content_type")
    list_select_related = ("author", "content_type")
    search_fields = ("title", "slug")
    ordering = ("-created_at",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Edition]:
        return super().get_queryset(request).defer("content")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, edition: Edition) -> SafeString:
        return format_html('<span class="status status-{}">{}</span>', edition.state, edition.get_state_display())

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/act/<slug:act>/", view, name="publishing_edition_act"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        edition = self.get_object(request, object_id)
        if edition is None or not self.has_view_permission(request, edition):
            return super().change_view(request, object_id, form_url, extra_context)
        return self.page(request, edition)

    def page(
        self, request: HttpRequest, edition: Edition, failed: ActForm | None = None, refusal: str = ""
    ) -> HttpResponse:
        """The text to be signed, beside its source if it is a translation, with the acts open to this person."""
        acts = [
            failed if failed and failed.act == act else ActForm(act=act, prefix=act)
            for act in workflow.available(request.user, edition)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": str(edition),
            "opts": self.opts,
            "edition": edition,
            "parts": display.side_by_side(edition, edition.source_edition),
            "forms": acts,
            "refusal": refusal,
            "missing_roles": workflow.missing_roles(edition) if edition.state == State.IN_REVIEW else [],
            "sign_offs": SignOff.objects.filter(edition=edition).select_related("signer"),
            "events": Event.objects.filter(edition=edition).select_related("by"),
            "is_own": edition.author_id == request.user.pk,
        }
        status = 403 if refusal else 400 if failed else 200
        return TemplateResponse(request, "admin/publishing/edition/change_form.html", context, status=status)

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Carries out one act; one that is refused says why, on the same page, with what was typed."""
        edition = self.get_object(request, str(pk))
        if edition is None or act not in Act.values:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(edition_url(edition))
        form = ActForm(request.POST, act=Act(act), prefix=act)
        if not form.is_valid():
            return self.page(request, edition, failed=form)
        try:
            carry_out(Act(act), edition, request.user, form.cleaned_data)
        except workflow.Refused as refused:
            return self.page(request, edition, failed=form, refusal=str(refused))
        done = _("Done: %(act)s, %(edition)s.") % {"act": Act(act).label, "edition": edition}
        messages.success(request, done)
        return HttpResponseRedirect(edition_url(edition))


def carry_out(act: Act, edition: Edition, user: Any, said: dict[str, Any]) -> None:
    match act:
        case Act.SIGN_MEDICAL:
            workflow.sign_off(edition, user, "medical", comment=said["words"])
        case Act.SIGN_LANGUAGE:
            workflow.sign_off(edition, user, "language", comment=said["words"])
        case Act.REQUEST_CHANGES:
            workflow.request_changes(edition, user, comment=said["words"])
        case Act.PUBLISH:
            workflow.publish(edition, user, at=said["at"])
        case Act.WITHDRAW:
            workflow.withdraw(edition, user, reason=said["words"], at=said["at"])
