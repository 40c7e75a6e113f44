"""Import and export of the glossary in the admin: a file is looked at first, and confirmed before it changes drafts."""

import base64
import io
import tempfile
import zlib
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing import workflow

from . import exchange
from .entries import MAX_BYTES, TAGS, Fault, Refused

WAITING = "glossary_import"
WAITS_FOR = 60 * 60  # seconds
SHOWN = 100


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        help_text=gettext_lazy("TBX (TBX-Basic, DCT style) or an Excel workbook (.xlsx) as exported here."),
        widget=forms.ClearableFileInput(attrs={"accept": ".tbx,.xml,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            reason = _("The file is larger than %(limit)d MB. Split it.") % {"limit": MAX_BYTES // 1_000_000}
            raise forms.ValidationError(reason)
        return file


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
        key = keep(request, name, content, plan.fingerprint) if plan.changes else ""
        found = {"name": name, "plan": plan, "key": key, "reason": reason}
        return self.page(request, UploadForm(), status=409 if reason else 200, **found)

    def confirm(self, request: HttpRequest) -> HttpResponse:
        waiting = take(request)
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
            "form": form,
            "shown": SHOWN,
            **found,
        }
        return TemplateResponse(request, "admin/glossary/term/import.html", context, status=status)


# The file waits in a session of its own, which every server of the site can read and which goes by itself. ------------


def keep(request: HttpRequest, name: str, content: bytes, fingerprint: str, waiting: str = WAITING) -> str:
    forget(request, waiting)
    store = SessionStore()
    store.set_expiry(WAITS_FOR)
    store["file"] = [name, base64.b64encode(zlib.compress(content)).decode(), fingerprint]
    store.create()
    request.session[waiting] = store.session_key
    return str(store.session_key)


def take(request: HttpRequest, waiting: str = WAITING) -> tuple[str, bytes, str] | None:
    """The file that was looked at last, once; `None` if it is another than the one confirmed."""
    key = request.session.get(waiting)
    store = SessionStore(key)
    kept = store.get("file") if key and key == request.POST.get("confirm") else None
    if kept is None:
        return None
    forget(request, waiting)
    name, packed, fingerprint = kept
    return name, zlib.decompress(base64.b64decode(packed)), fingerprint


def forget(request: HttpRequest, waiting: str = WAITING) -> None:
    if key := request.session.pop(waiting, None):
        SessionStore(key).delete()
