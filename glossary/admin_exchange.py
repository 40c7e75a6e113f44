"""Import and export of the glossary in the admin: a file is looked at first, and confirmed before it changes drafts."""

import io
import tempfile
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing import workflow

from . import exchange
from .entries import TAGS
from .faults import Fault, Refused
from .uploads import UploadField, keep, take

WAITING = "glossary_import"
SHOWN = 100


class UploadForm(forms.Form):
    file = UploadField(
        accept=".tbx,.xml,.xlsx",
        help_text=gettext_lazy("TBX (TBX-Basic, DCT style) or an Excel workbook (.xlsx) as exported here."),
    )


class ExchangeAdmin(admin.ModelAdmin):
    """Adds to the list of terms a button, for those who may, and the page behind it."""

    change_list_template = "admin/glossary/term/change_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("export/<slug:kind>/", view(self.export_view), name="glossary_term_export"),
            path("import/", view(self.import_view), name="glossary_term_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"may_export": self.may_export(request), **(extra_context or {})})

    def may_export(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def may_import(self, request: HttpRequest) -> bool:
        """Who may make terms, change them and write both languages: a file holds all of that."""
        may_edit = self.has_add_permission(request) and self.has_change_permission(request)
        return may_edit and all(workflow.may_submit(request.user, language) for language in TAGS)

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        if not self.may_export(request):
            raise PermissionDenied
        if kind not in exchange.FORMATS:
            raise Http404
        out = tempfile.SpooledTemporaryFile(max_size=5_000_000)  # noqa: SIM115, the response closes it
        try:
            exchange.write(kind, out)
        except Refused as refused:
            out.close()
            messages.error(request, str(refused))
            return HttpResponseRedirect(reverse("admin:glossary_term_changelist"))
        out.seek(0)
        name = f"glossary-{timezone.localdate().isoformat()}.{kind}"
        return FileResponse(out, as_attachment=True, filename=name, content_type=exchange.FORMATS[kind].CONTENT_TYPE)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        is_post = request.method == "POST"
        if not (self.may_import(request) if is_post else self.may_export(request)):
            raise PermissionDenied
        if not is_post:
            return self.page(request, UploadForm())
        if "confirm" in request.POST:
            return self.confirm(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, form, status=400)
        return self.look(request, form.cleaned_data["file"].name, form.cleaned_data["file"].read())

    def look(self, request: HttpRequest, name: str, content: bytes, reason: str = "") -> HttpResponse:
        """Says what the file would change, and keeps it until that is confirmed."""
        try:
            plan = exchange.plan(exchange.read(io.BytesIO(content)))
        except Refused as refused:
            return self.page(request, UploadForm(), name=name, faults=refused.faults, status=400)
        key = keep(request, WAITING, name, content, plan.fingerprint) if plan.changes else ""
        found = {"name": name, "plan": plan, "key": key, "reason": reason}
        return self.page(request, UploadForm(), status=409 if reason else 200, **found)

    def confirm(self, request: HttpRequest) -> HttpResponse:
        waiting = take(request, WAITING)
        if waiting is None:
            fault = Fault(None, _("This file is not kept any more. Choose it again."))
            return self.page(request, UploadForm(), faults=[fault], status=409)
        name, content, fingerprint = waiting
        try:
            plan = exchange.plan(exchange.read(io.BytesIO(content)))
            if plan.fingerprint != fingerprint:
                reason = _("Drafts were changed since you looked. Nothing was imported; this is the report as of now.")
                return self.look(request, name, content, reason)
            exchange.carry_out(plan, request.user, _("Import of %(file)s") % {"file": name})
        except Refused as refused:
            return self.page(request, UploadForm(), name=name, faults=refused.faults, status=409)
        then = _("Patients read nothing of it until it is sent for review and published.")
        messages.success(request, f"{plan} {then}")
        return HttpResponseRedirect(reverse("admin:glossary_term_changelist"))

    def page(self, request: HttpRequest, form: UploadForm, status: int = 200, **found: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import and export"),
            "opts": self.opts,
            "may_import": self.may_import(request),
            "back_url": reverse("admin:glossary_term_changelist"),
            "form": form,
            "shown": SHOWN,
            **found,
        }
        return TemplateResponse(request, "admin/glossary/term/import.html", context, status=status)
