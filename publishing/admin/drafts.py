"""The admin of drafts; the content apps build theirs on `DocumentAdmin`."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media
from modeltranslation.admin import TabbedTranslationAdmin, TranslationStackedInline
from modeltranslation.utils import build_localized_fieldname

from publishing import display, feedback, snapshot, workflow
from publishing.forms import SubmitForm
from publishing.models import Document, Edition
from publishing.status import Status, attach

from .keys import ChoosesDocuments, RefuseOddKeys
from .record import edition_url
from .repairs import RepairingAdmin, findings_of_draft, repair_url

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class NonceMedia(admin.ModelAdmin):
    """The rich-text editor's import map stands in the page itself, so it needs the nonce of the content policy."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)


def may_write_all(user: Any) -> bool:
    return all(workflow.may_submit(user, code) for code in LANGUAGE_NAMES)


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
                field.disabled = not workflow.may_submit(request.user, languages[name])
            elif not is_editor:
                field.disabled = True


class PartInline(ChoosesDocuments, OwnLanguages):
    """The parts of a document: what has to be said in its source language has to be said in theirs."""

    extra = 0
    formfield_overrides: Any = {models.URLField: {"assume_scheme": "https"}}

    def get_formset(self: Any, request: HttpRequest, obj: Document | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        fields = formset.form.base_fields
        self.lock_fields(request, fields)
        source = request.POST.get("source_language") or (obj.source_language if obj else settings.LANGUAGE_CODE)
        for name in snapshot.translated_fields(self.model):
            field = fields.get(build_localized_fieldname(name, source)) if source in LANGUAGE_NAMES else None
            if field and not field.disabled:
                field.required = not self.model._meta.get_field(name).blank
        return formset


class TranslatedStackedInline(PartInline, TranslationStackedInline):
    pass


class TabularInline(PartInline, admin.TabularInline):
    pass


def statuses_of_all(request: HttpRequest, model: type[Document]) -> dict[int, dict[str, list[Status]]]:
    """Of every document of a kind, by its key; looked up once in a request, whatever is filtered."""
    if not hasattr(request, "statuses_of_all"):
        documents = list(model._default_manager.all())
        attach(documents)
        request.statuses_of_all = {document.pk: document.statuses for document in documents}  # type: ignore[attr-defined]
    return request.statuses_of_all  # type: ignore[attr-defined]


class StatusChangeList(ChangeList):
    """Looks up the status of all rows of the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        if known := getattr(request, "statuses_of_all", None):
            for document in self.result_list:
                document.statuses = known[document.pk]
        else:
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
            known = statuses_of_all(request, queryset.model)
            return queryset.filter(pk__in=[key for key, found in known.items() if self.value() in found[language]])

    return StatusFilter


class DocumentAdmin(ChoosesDocuments, OwnLanguages, RefuseOddKeys, NonceMedia, RepairingAdmin, TabbedTranslationAdmin):
    change_form_template = "admin/publishing/document_change_form.html"
    list_per_page = 50
    save_on_top = True
    search_fields = ["slug"]  # the translated fields join in `get_search_fields`
    envelope: Any = (gettext_lazy("Publication"), {"fields": ("slug", "source_language", "next_review")})
    subject_filters: tuple[Any, ...] = ()

    class Media:
        # After the scripts that it builds on, which is what naming them here says.
        tabs = "modeltranslation/js/tabbed_translation_fields.js"
        js = ("admin/js/jquery.init.js", tabs, "publishing/language-switch.js")

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["__str__", *(self.status_column(code) for code in LANGUAGE_NAMES), "next_review", "updated_at"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*(status_filter(code) for code in LANGUAGE_NAMES), *self.subject_filters, "source_language"]

    def get_search_fields(self, request: HttpRequest) -> Any:
        model: type[models.Model] = self.model
        names = snapshot.translated_fields(model)
        return [
            *self.search_fields,
            *(build_localized_fieldname(name, code) for name in names for code in LANGUAGE_NAMES),
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StatusChangeList

    def reversion_register(self, model: type[models.Model], **options: Any) -> None:
        # Without the base columns, which hold whichever language was active.
        super().reversion_register(model, exclude=snapshot.translated_fields(model), **options)

    def revision_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An earlier draft comes back whole, so only who may write all of it brings it back."""
        if not self.has_add_permission(request) or not may_write_all(request.user):
            raise PermissionDenied
        return super().revision_view(request, *args, **kwargs)

    def recover_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_write_all(request.user):
            raise PermissionDenied
        return super().recover_view(request, *args, **kwargs)

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
        context = {**(extra_context or {}), "panel": self.panel(request, document) if document else []}
        context |= self.shown_beside(document) if document else {}
        if document and not self.has_change_permission(request, document) and request.method == "GET":
            if not self.has_view_permission(request, document):
                raise PermissionDenied
            return self.draft(request, document, context)
        return super().change_view(request, object_id, form_url, context)

    def draft(self, request: HttpRequest, document: Document, context: dict[str, Any]) -> HttpResponse:
        """The draft for those who may only read it, its languages side by side as on the page of an edition."""
        languages = [document.source_language, *document.translation_languages]
        context |= {
            **self.admin_site.each_context(request),
            "title": str(document),
            "opts": self.opts,
            "original": document,
            **display.columns((code, LANGUAGE_NAMES[code], display.draft(document, code)) for code in languages),
        }
        return TemplateResponse(request, "admin/publishing/draft.html", context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["errors_by_language"] = errors_by_language(context)
        return super().render_change_form(request, context, *args, **kwargs)

    def shown_beside(self, document: Document) -> dict[str, Any]:
        """What else a kind of document shows on its form and before it is sent for review."""
        return {}

    def panel(self, request: HttpRequest, document: Document) -> list[dict[str, Any]]:
        """For each language: how far it is, its newest edition and the live one, and where to send it for review."""
        attach([document])
        editions = list(document.editions.defer("content").order_by("-number"))
        said = feedback.of_document(document)
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
                    "submit_url": self.submit_url(document, code) if workflow.may_submit(request.user, code) else "",
                    "findings": findings_of_draft(document, code) if snapshot.has_text(document, code) else [],
                    "repair_url": repair_url(document, code) if workflow.may_submit(request.user, code) else "",
                    "said": said[code],
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
        if not self.has_change_permission(request, document) or not workflow.may_submit(request.user, language):
            raise PermissionDenied
        form = SubmitForm(request.POST if request.method == "POST" else None)
        refusal = ""
        if form.is_valid():
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
            "findings": findings_of_draft(document, language),
            "language": language,
            "repair_url": repair_url(document, language),
            **self.shown_beside(document),
        }
        own = f"admin/{self.opts.app_label}/{self.opts.model_name}/submit.html"
        return TemplateResponse(
            request,
            [own, "admin/publishing/submit.html"],
            context,
            status=409 if refusal else 400 if form.errors else 200,
        )


def badges(statuses: list[Status]) -> SafeString:
    return format_html_join(" ", '<span class="status status-{}">{}</span>', [(s.value, s.label) for s in statuses])


def errors_by_language(context: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Of a form that failed: for each language, the labels of the fields in its tab that have an error."""
    forms_shown = [context["adminform"].form]
    for inline in context.get("inline_admin_formsets", []):
        forms_shown += inline.formset.forms
    found = []
    for code, name in settings.LANGUAGES:
        labels = [label for form in forms_shown for label in labels_of_errors(form, code)]
        if labels:
            found.append((str(name), labels))
    return found


def labels_of_errors(form: Any, language: str) -> list[str]:
    """As the form shows them: without the language, which is the tab's; of a part, with what it is a part of."""
    model = form._meta.model
    names = {build_localized_fieldname(name, language): name for name in snapshot.translated_fields(model)}
    labels = [
        capfirst(str(model._meta.get_field(names[field]).verbose_name)) for field in form.errors if field in names
    ]
    number = (form.prefix or "").rpartition("-")[2]
    if not number.isdecimal():
        return labels
    part = f"{capfirst(str(model._meta.verbose_name))} {int(number) + 1}"
    return [f"{part}: {label}" for label in labels]
