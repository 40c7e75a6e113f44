"""The admin of documents and of their editions; the content apps build theirs on `DocumentAdmin`."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media
from modeltranslation.admin import TabbedTranslationAdmin, TranslationStackedInline
from modeltranslation.utils import build_localized_fieldname
from reversion.revisions import set_comment

from publishing import display, feedback, gate, repairing, snapshot, workflow
from publishing.forms import ActForm, SubmitForm
from publishing.models import Conflict, Document, Edition, Event, Feedback, SignOff, State
from publishing.status import Status, attach
from publishing.workflow import Act

from . import record
from .saving import SavingAdmin, seen_version

LANGUAGE_NAMES = dict(settings.LANGUAGES)


class NonceMedia(admin.ModelAdmin):
    """The rich-text editor's import map stands in the page itself, so it needs the nonce of the content policy."""

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)


class RefuseOddKeys(admin.ModelAdmin):
    """4xx for what cannot be the key of anything, or is not, where Django's admin breaks or leads to its front page."""

    show_facets = admin.ShowFacets.NEVER  # each would ask for the status of all documents once more

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not all(is_key(self.model, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().changelist_view(request, extra_context)


def is_key(model: type[models.Model], value: Any) -> bool:
    try:
        model._meta.pk.run_validators(model._meta.pk.to_python(value))
    except ValidationError:
        return False
    return True


class OnlyKeys:
    """Chooses nothing where Django's widget breaks at a value that cannot be a key; the field says what is wrong."""

    def optgroups(self: Any, name: str, value: Any, attr: Any = None) -> Any:
        keys = [key for key in value if not key or is_key(self.field.related_model, key)]
        return super().optgroups(name, keys, attr)  # type: ignore[misc]


class OneDocument(OnlyKeys, AutocompleteSelect):
    pass


class ManyDocuments(OnlyKeys, AutocompleteSelectMultiple):
    pass


class DocumentsField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        for key in self.prepare_value(value or ()):
            if not is_key(self.queryset.model, key):  # type: ignore[union-attr]
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": key})
        return super().clean(value)


class ChoosesDocuments:
    """Every relation to a document is chosen by typing a part of its name."""

    def formfield_for_foreignkey(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneDocument(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ManyDocuments(db_field, self.admin_site, using=kwargs.get("using")))
            kwargs.setdefault("form_class", DocumentsField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


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


class DocumentAdmin(ChoosesDocuments, OwnLanguages, RefuseOddKeys, NonceMedia, SavingAdmin, TabbedTranslationAdmin):
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
        if not self.has_add_permission(request) or not all(may_write(request.user, code) for code in LANGUAGE_NAMES):
            raise PermissionDenied
        return super().revision_view(request, *args, **kwargs)

    def recover_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not all(may_write(request.user, code) for code in LANGUAGE_NAMES):
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
        repair = self.admin_site.admin_view(self.repair_view)
        return [
            path("<path:object_id>/submit/<slug:language>/", view, name=name),
            path("<path:object_id>/repair/<slug:language>/", repair, name=name.replace("_submit", "_repair")),
            *super().get_urls(),
        ]

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
            **columns((code, LANGUAGE_NAMES[code], display.draft(document, code)) for code in languages),
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
                    "submit_url": self.submit_url(document, code) if may_write(request.user, code) else "",
                    "findings": findings_of_draft(document, code) if snapshot.has_text(document, code) else [],
                    "repair_url": repair_url(document, code) if may_write(request.user, code) else "",
                    "said": said[code],
                }
            )
        return rows

    def submit_url(self, document: Document, language: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_submit", args=[document.pk, language])

    def response_change(self, request: HttpRequest, obj: Document) -> HttpResponse:
        """A repair asked for in the form comes after the form is saved, so that nothing typed is lost."""
        language, _space, wanted = request.POST.get("_repair", "").partition(" ")
        if language not in LANGUAGE_NAMES or not may_write(request.user, language):
            return super().response_change(request, obj)
        self.repair(request, obj, language, wanted)
        return HttpResponseRedirect(request.path)

    def repair_view(self, request: HttpRequest, object_id: str, language: str) -> HttpResponse:
        """Replaces in the draft what a finding proposes to replace."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        document = self.get_object(request, object_id)
        if document is None or language not in LANGUAGE_NAMES:
            raise Http404
        if not self.has_change_permission(request, document) or not may_write(request.user, language):
            raise PermissionDenied
        document.version = seen_version(request)
        self.repair(request, document, language, request.POST.get("repair", ""))
        back = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = self.submit_url(document, language)
        return HttpResponseRedirect(back)

    def repair(self, request: HttpRequest, document: Document, language: str, wanted: str) -> None:
        proposed = {e["repair"]: e["finding"] for e in findings_of_draft(document, language) if e["repair"]}
        found = proposed.get(wanted)
        done = False
        try:
            with self.create_revision(request):
                done = bool(found and repairing.apply(document, language, found.field, found.repair))
                if found and done:
                    words = {"wrong": found.repair.wrong, "right": found.repair.right}
                    said = _("“%(wrong)s” was replaced by “%(right)s” in the draft.") % words
                    set_comment(said)
                    self.log_change(request, document, said)
        except Conflict:
            messages.error(request, _("Somebody else saved this draft in the meantime. Nothing was replaced."))
            return
        if done:
            messages.success(request, said)
        else:
            messages.warning(request, _("The words are not in the draft any more, or not in one piece."))

    def submit_view(self, request: HttpRequest, object_id: str, language: str) -> HttpResponse:
        """Asks what kind of change it is, then freezes the language into an edition in review."""
        document = self.get_object(request, object_id)
        if document is None or language not in LANGUAGE_NAMES:
            raise Http404
        if not self.has_change_permission(request, document) or not may_write(request.user, language):
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


def columns(contents: Iterable[tuple[str, Any, list[display.Part]]]) -> dict[str, Any]:
    """For `_side_by_side.html`: texts, each given with its language and its heading."""
    languages, headings, parts = zip(*contents, strict=True)
    rows = [(part, list(zip(languages, texts, strict=True))) for part, texts in display.side_by_side(*parts)]
    return {"columns": list(zip(languages, headings, strict=True)), "rows": rows}


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


def findings_of(edition: Edition) -> list[dict[str, Any]]:
    """What the gate finds, with the name of the part and whether a reviewer let it pass."""
    passed = {(override.finding, override.field) for override in edition.overrides.all()}
    found = gate.run(gate.of_edition(edition))
    labels = {part.key: part.label for part in display.parts(edition.model, edition.content)}
    return [
        {
            "finding": f,
            "label": labels.get(f.field, ""),
            "passed": f.overridable and (f.id, f.field) in passed,
            "repair": repair_key(f),
        }
        for f in found
    ]


def findings_of_draft(document: Document, language: str) -> list[dict[str, Any]]:
    """What the gate would find if the language were sent for review now."""
    source = None
    if language != document.source_language:
        with suppress(workflow.Refused):  # no source edition yet: the gate says so itself
            source = workflow.source_edition_for(document)
    subject = gate.of_draft(document, language, source)
    labels = {part.key: part.label for part in display.parts(type(document), subject.content)}
    return [
        {"finding": f, "label": labels.get(f.field, ""), "passed": False, "repair": repair_key(f)}
        for f in gate.run(subject)
    ]


def repair_key(finding: gate.Finding) -> str:
    """Which of the findings of a draft is to be mended; "" for what no click mends."""
    return f"{finding.id}|{finding.field}|{finding.repair.wrong}" if finding.repair else ""


def repair_url(document: Document, language: str) -> str:
    opts = document._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_repair", args=[document.pk, language])


def repair_url_of(user: Any, edition: Edition) -> str:
    """Where the draft of an edition is mended; "" for who may not write it."""
    document = edition.document
    opts = edition.model._meta
    may_change = user.has_perm(f"{opts.app_label}.change_{opts.model_name}") and may_write(user, edition.language)
    return repair_url(document, edition.language) if document is not None and may_change else ""


def edition_url(edition: Edition) -> str:
    return reverse("admin:publishing_edition_change", args=[edition.pk])


class WaitingForMe(admin.SimpleListFilter):
    title = gettext_lazy("waiting for")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("me", _("me"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Edition]) -> models.QuerySet[Edition]:
        return queryset.filter(pk__in=[e.pk for e in waiting_for(request.user)]) if self.value() == "me" else queryset


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(name, model._meta.verbose_name) for name, model in kinds().items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> models.QuerySet[Edition]:
        model = kinds().get(self.value() or "")
        return queryset.of_kind(model) if model else queryset


def kinds() -> dict[str, type[Document]]:
    """The kinds of document, by the name that `Edition.kind` gives them."""
    return {str(m._meta.model_name): m for m in apps.get_models() if issubclass(m, Document)}


def waiting_for(user: Any) -> list[Edition]:
    """Open editions that this person can sign or publish, oldest first."""
    if isinstance(user, AnonymousUser):
        return []
    editions = Edition.objects.open().defer("content").prefetch_related("sign_offs").order_by("created_at")
    mine = {Act.SIGN_MEDICAL, Act.SIGN_LANGUAGE, Act.PUBLISH}
    return [edition for edition in editions if mine & set(workflow.available(user, edition))]


@admin.register(Edition)
class EditionAdmin(RefuseOddKeys):
    """Where an edition is read, signed, sent back, published and withdrawn. Nothing in it can be edited."""

    list_display = ("title", "kind_name", "language", "number", "state_badge", "author", "created_at", "review_due")
    list_filter = (WaitingForMe, "state", "language", KindFilter)
    list_select_related = ("author",)
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

    @admin.display(description=gettext_lazy("kind"), ordering="content_type")
    def kind_name(self, edition: Edition) -> str:
        return str(edition.model._meta.verbose_name)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, edition: Edition) -> SafeString:
        return format_html('<span class="status status-{}">{}</span>', edition.state, edition.get_state_display())

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.act_view)
        act = path("<int:pk>/act/<slug:act>/", view, name="publishing_edition_act")
        return [act, *record.urls(self), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        edition = self.get_object(request, object_id)
        if edition is None or request.method == "POST" or not self.has_view_permission(request, edition):
            return super().change_view(request, object_id, form_url, extra_context)
        return self.page(request, edition)

    def page(
        self, request: HttpRequest, edition: Edition, failed: ActForm | None = None, refusal: str = ""
    ) -> HttpResponse:
        """The text to be signed, beside its source if it is a translation, with the acts open to this person."""
        shown = [edition.source_edition, edition] if edition.source_edition else [edition]
        acts = [
            failed if failed and failed.act == act else ActForm(act=act, edition=edition, prefix=act)
            for act in workflow.available(request.user, edition)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": str(edition),
            "opts": self.opts,
            "edition": edition,
            **columns((one.language, str(one), display.parts(one.model, one.content)) for one in shown),
            "forms": acts,
            "refusal": refusal,
            "missing_roles": workflow.missing_roles(edition) if edition.state == State.IN_REVIEW else [],
            "sign_offs": SignOff.objects.filter(edition=edition).select_related("signer"),
            "events": Event.objects.filter(edition=edition).select_related("by"),
            "is_own": edition.author_id == request.user.pk,
            "findings": findings_of(edition) if edition.state in {State.IN_REVIEW, State.APPROVED} else [],
            "overrides": edition.overrides.select_related("by"),
            "may_let_pass": bool(workflow.reviewing_roles(request.user, edition)),
            "may_reopen": workflow.may_submit(request.user, edition.language) and edition.document is not None,
            "original": edition.document,
            "language": edition.language,
            "repair_url": repair_url_of(request.user, edition),
            "record_url": record.record_url(edition.document) if edition.document else "",
            "before": workflow.siblings(edition).filter(number__lt=edition.number).was_live(timezone.now()).first(),
            "unsaid": failed.cleaned_data.get("words", "") if failed and refusal else "",
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
        form = ActForm(request.POST, act=Act(act), edition=edition, prefix=act)
        is_valid = form.is_valid()
        if refusal := Act(act).refusal(request.user, edition):
            return self.page(request, edition, failed=form, refusal=refusal)
        if not is_valid:
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
            workflow.withdraw(edition, user, reason=said["words"], at=said["at"], read_instead=said["read_instead"])


class DocumentFilter(admin.SimpleListFilter):
    """Of which page; only those of which something was said are offered."""

    title = gettext_lazy("page")
    parameter_name = "page"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        spoken_of = Edition.objects.filter(feedback__isnull=False).defer("content").order_by("number")
        titles = {f"{edition.kind}-{edition.object_id}": edition.title for edition in spoken_of.distinct()}
        return sorted(titles.items(), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        kind, _hyphen, number = (self.value() or "").rpartition("-")
        model = kinds().get(kind)
        if model is None or not is_key(model, number):
            return queryset
        return queryset.filter(edition__in=Edition.objects.of_kind(model).filter(object_id=number))


@admin.register(Feedback)
class FeedbackAdmin(RefuseOddKeys):
    """What readers said of live pages. Only whether it is done can be changed; what names somebody can be deleted."""

    list_display = ("title", "language", "helpful", "heading", "short_remark", "at", "done")
    list_filter = ("done", "helpful", "edition__language", DocumentFilter)
    list_select_related = ("edition",)
    list_per_page = 50
    search_fields = ("remark", "edition__title")
    fields = ("edition", "helpful", "heading", "paragraph", "remark", "at", "done")
    readonly_fields = ("edition", "helpful", "heading", "paragraph", "remark", "at")
    actions = ("mark_done",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Feedback]:
        return Feedback.objects.kept()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("page"), ordering="edition__title")
    def title(self, said: Feedback) -> str:
        return said.edition.title

    @admin.display(description=gettext_lazy("language"), ordering="edition__language")
    def language(self, said: Feedback) -> str:
        return said.edition.get_language_display()

    @admin.display(description=gettext_lazy("remark"))
    def short_remark(self, said: Feedback) -> str:
        return Truncator(said.remark).chars(120)

    @admin.display(description=gettext_lazy("the text as it was read"))
    def paragraph(self, said: Feedback) -> SafeString:
        return feedback.paragraph(said)

    @admin.action(description=gettext_lazy("Mark as done"), permissions=["change"])
    def mark_done(self, request: HttpRequest, queryset: models.QuerySet[Feedback]) -> None:
        queryset.update(done=True)
        messages.success(request, _("Marked as done."))
