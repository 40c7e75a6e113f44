"""The admin's side of `Document.version`: what it writes or deletes, it writes over the draft that the person saw."""

import json
from collections.abc import Callable
from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import flatten_fieldsets, quote, unquote
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from js_asset import Media
from reversion.admin import VersionAdmin
from reversion.errors import RevertError
from reversion.models import Version, _safe_revert
from reversion.revisions import _get_options, set_comment

from publishing import merging
from publishing.models import Conflict, Document


class Undone(Exception):
    """Takes a page out of a transaction that it needed but that must leave nothing behind."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


class SavingAdmin(VersionAdmin):
    """Forms carry the draft's version, and a checksum of what they show; who comes second merges and loses nothing."""

    revision_form_template = "admin/publishing/document_revision_form.html"
    recover_form_template = "admin/publishing/document_recover_form.html"
    delete_confirmation_template: Any = "admin/publishing/document_delete_confirmation.html"
    delete_selected_confirmation_template: Any = "admin/publishing/document_delete_selected_confirmation.html"

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        if change:
            obj.version = seen_version(request)  # `save()` compares it with the one in the database
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        view = super().change_view
        response = self.or_conflict(request, object_id, lambda: view(request, object_id, form_url, extra_context))
        is_gone = is_refusal(request, response) and self.get_object(request, unquote(object_id)) is None
        return self.conflict_page(request, object_id) if is_gone else response

    def revision_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().revision_view
        return self.or_conflict(request, object_id, lambda: view(request, object_id, *args, **kwargs))

    def recover_view(self, request: HttpRequest, version_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        key = Version.objects.filter(pk=version_id).values_list("object_id", flat=True).first() or ""
        view = super().recover_view
        return self.or_conflict(request, quote(key), lambda: view(request, version_id, *args, **kwargs))

    def or_conflict(self, request: HttpRequest, object_id: str, view: Callable[[], HttpResponse]) -> HttpResponse:
        """The view, out of whose transactions a conflict comes when all that it wrote is undone."""
        if request.method != "POST":
            return view()
        request.POST = merging.take_saved(request.POST)  # type: ignore[assignment]
        try:
            response = view()
        except Conflict:
            return self.conflict_page(request, object_id)
        except Http404:
            was_open = "version" in request.POST and self.has_change_permission(request)
            if was_open and self.get_object(request, unquote(object_id)) is None:
                return self.conflict_page(request, object_id)
            raise
        if is_refusal(request, response):  # perhaps only because the form is out of date
            document = self.get_object(request, unquote(object_id))
            if document is not None and document.version != seen_version(request):
                return self.conflict_page(request, object_id)
        return response

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            context |= {name: request.POST.get(name, "") for name in ("version", "base")}
        elif "version" not in context and (document := context.get("original")):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context |= seen(document, context["adminform"].form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def _reversion_revisionform_view(
        self, request: HttpRequest, version: Version, template_name: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An earlier draft in the form, put there and taken back; saved, it is one more change of the newest draft.

        Not the library's own, which mutes the signals of the whole process while somebody looks: what others save at
        that moment would miss them, and with them its history and the protection of what has editions.
        """
        if version._model is not self.model:  # the library finds it by its number alone
            raise Http404
        context = dict(extra_context or {})
        newest = self.get_object(request, version.object_id)
        if newest is not None and request.method == "GET":
            form, formsets, _inlines = self.forms_of(request, newest)
            context |= seen(newest, form, formsets)
        try:
            with transaction.atomic(using=version.db):
                bring_back(self.model, version)
                with self.create_revision(request):
                    response = self.changeform_view(request, quote(version.object_id), request.path, context)
                    if response.status_code != 302:
                        response.template_name = template_name
                        raise Undone(response.render())
                    when = date_format(localtime(version.revision.date_created), "DATETIME_FORMAT")
                    set_comment(_("Brought back as it was on %(when)s.") % {"when": when})
        except Undone as undone:
            return undone.response
        except (RevertError, IntegrityError, models.ProtectedError):
            why = _("“%(title)s” cannot be brought back: its address is taken, or something that it names is gone.")
            messages.error(request, why % {"title": version.object_repr})
            return HttpResponseRedirect(self.address("changelist"))
        return response

    def forms_of(self, request: HttpRequest, document: Document | None) -> tuple[Any, list[Any], list[Any]]:
        """The form, which is unbound, the formsets, which are bound when something was sent, and their inlines."""
        fields = flatten_fieldsets(self.get_fieldsets(request, document))
        form = self.get_form(request, document, change=document is not None, fields=fields)(instance=document)
        formsets, inlines = self._create_formsets(request, form.instance, change=document is not None)
        return form, formsets, inlines

    def conflict_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is saved beside what was typed; from here it is saved over what is saved now."""
        document = self.get_object(request, unquote(object_id))
        saved, formsets, inlines = self.forms_of(request, document)
        may_add = [inline.has_add_permission(request, document) for inline in inlines]
        parts = list(zip(formsets, may_add, strict=True))
        if document:
            merged = merging.merge(saved, parts, request.POST, merging.parse_base(request.POST.get("base")))
        else:
            merged = merging.restart(saved, parts, request.POST)
        media = self.bind(request, merged, saved, document)
        who, when = last_change(self.model, unquote(object_id), document)
        context = {
            **self.admin_site.each_context(request),
            **(seen(document, saved, formsets) if document else {}),
            "title": _("Somebody else saved this too") if document else _("This was deleted while you were writing"),
            "opts": self.opts,
            "original": document,
            "action": self.address_after_conflict(request, document),
            "who": who,
            "when": when,
            "groups": merging.by_language(merged),
            "both": sum(difference.by_both for difference in merged.differences),
            "adopted": merged.adopted,
            "homeless": merged.homeless,
            "carried": carried(merged),
            "media": Media.from_media(media, nonce=request.csp_nonce),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/publishing/conflict.html", context, status=409)

    def bind(self, request: HttpRequest, merged: merging.Merged, saved: Any, document: Document | None) -> Any:
        """Gives each difference the form's own field with what was typed; what these fields need of the page."""
        request.POST = merged.data  # type: ignore[assignment]  # from where formsets are filled
        form = type(saved)(merged.data, instance=saved.instance)
        formsets = self._create_formsets(request, saved.instance, change=document is not None)[0]
        fields = {field.html_name: field for part in (form, *chain(*formsets)) for field in part}
        for difference in merged.differences:
            difference.field = fields[difference.key]
        # Without the tabs of this class: here the languages stand one below the other.
        return sum((part.media for part in (form, *formsets)), admin.ModelAdmin.media.fget(self))  # type: ignore[attr-defined]

    def address_after_conflict(self, request: HttpRequest, document: Document | None) -> str:
        """Where the merged form goes; "" for who may not make the draft anew that is gone."""
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        if document:
            return self.address("change", quote(document.pk)) + query
        return self.address("add") + query if self.has_add_permission(request) else ""

    def address(self, view: str, *args: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A draft that somebody saved after the question whether to delete it was asked is kept."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        is_answer = request.method == "POST" and ("post" in request.POST or ACTION_CHECKBOX_NAME not in request.POST)
        if is_answer:
            keys = [document.pk for document in objs]
            locked = self.model._base_manager.select_for_update().filter(pk__in=keys)
            stale = [d for d in locked if request.POST.get(f"version-{d.pk}") != str(d.version)]
            why = _("was saved by somebody after you were asked. Look at it again first")
            protected = [*protected, *(format_html("{}: {}", document, why) for document in stale)]
        return to_delete, counts, perms_needed, protected


def is_refusal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether it is the form that was sent, shown again; the page that closes a small window is none."""
    return request.method == "POST" and "adminform" in (getattr(response, "context_data", None) or {})


def seen_version(request: HttpRequest) -> int:
    """-1, which no draft has, where the form does not say."""
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return -1


def seen(document: Document, form: Any, formsets: list[Any]) -> dict[str, str]:
    """What a form carries, hidden: the version of the draft and, for a merger, what it showed."""
    base = json.dumps(merging.checksums(form, formsets), separators=(",", ":"))
    return {"version": str(document.version), "base": base}


def carried(merged: merging.Merged) -> list[tuple[str, str]]:
    """Everything that was sent and is not shown, to be sent again."""
    shown = {"csrfmiddlewaretoken", "version", "base", *(difference.key for difference in merged.differences)}
    return [(key, value) for key, values in merged.data.lists() if key not in shown for value in values]


def bring_back(model: type[Document], version: Version) -> None:
    """One document, with its rows, as it was: what else the revision holds, such as that of an import, stays."""
    versions = [version]
    for name in _get_options(model).follow:
        relation: Any = model._meta.get_field(name)
        found = [
            row
            for row in version.revision.version_set.get_for_model(relation.related_model)
            if str(row.field_dict[relation.field.attname]) == version.object_id
        ]
        rows = relation.related_model._base_manager.filter(**{relation.field.name: version.object_id})
        rows.exclude(pk__in=[row.object_id for row in found]).delete()
        versions += found
    _safe_revert(versions)
    forget_what_is_gone(model, version.object_id)


def forget_what_is_gone(model: type[Document], key: str) -> None:
    """An earlier draft names what it named then; of many, those that were deleted since are left out.

    The form shows and asks for whatever else is missing, but it does not see these.
    """
    for field in model._meta.many_to_many:
        through = field.remote_field.through
        if through is not None and through._meta.auto_created:
            there = field.remote_field.model._base_manager.values("pk")
            named = through._base_manager.filter(**{field.m2m_field_name(): key})
            named.exclude(**{f"{field.m2m_reverse_field_name()}__in": there}).delete()


def last_change(model: type[Document], key: str, document: Document | None) -> tuple[Any, Any]:
    """Who saved or deleted a draft last and when; None where that was not in the admin."""
    if document is None:
        kind = ContentType.objects.get_for_model(model)
        entries = LogEntry.objects.filter(content_type=kind, object_id=key, action_flag=DELETION)
        entry = entries.select_related("user").order_by("-action_time").first()
        return (entry.user, entry.action_time) if entry else (None, None)
    version = Version.objects.get_for_object(document).select_related("revision__user").first()
    if version and version.field_dict["version"] == document.version:
        return version.revision.user, version.revision.date_created
    return None, document.updated_at
