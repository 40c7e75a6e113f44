"""What the gate finds in a draft or an edition, as pages show it, and the click that mends it in the draft."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from reversion.revisions import set_comment

from publishing import display, gate, repairing, workflow
from publishing.models import Conflict, Document, Edition

from .saving import SavingAdmin, seen_version

LANGUAGE_NAMES = dict(settings.LANGUAGES)


def findings_of(edition: Edition) -> list[dict[str, Any]]:
    """What the gate finds, with the name of the part and whether a reviewer let it pass."""
    passed = {(override.finding, override.field) for override in edition.overrides.all()}
    return _found(gate.of_edition(edition), passed)


def findings_of_draft(document: Document, language: str) -> list[dict[str, Any]]:
    """What the gate would find if the language were sent for review now."""
    source = None
    if language != document.source_language:
        with suppress(workflow.Refused):  # no source edition yet: the gate says so itself
            source = workflow.source_edition_for(document)
    return _found(gate.of_draft(document, language, source), set())


def _found(subject: gate.Subject, passed: set[tuple[str, str]]) -> list[dict[str, Any]]:
    found = gate.run(subject)
    labels = {part.key: part.label for part in display.parts(subject.model, subject.content)}
    return [
        {
            "finding": f,
            "label": labels.get(f.field, ""),
            "passed": f.overridable and (f.id, f.field) in passed,
            "repair": repair_key(f),
        }
        for f in found
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
    may_write = workflow.may_submit(user, edition.language)
    may_write = may_write and user.has_perm(f"{opts.app_label}.change_{opts.model_name}")
    return repair_url(document, edition.language) if document is not None and may_write else ""


class RepairingAdmin(SavingAdmin):
    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_repair"
        view = self.admin_site.admin_view(self.repair_view)
        return [path("<path:object_id>/repair/<slug:language>/", view, name=name), *super().get_urls()]

    def response_change(self, request: HttpRequest, obj: Document) -> HttpResponse:
        """A repair asked for in the form comes after the form is saved, so that nothing typed is lost."""
        language, _space, wanted = request.POST.get("_repair", "").partition(" ")
        if language not in LANGUAGE_NAMES or not workflow.may_submit(request.user, language):
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
        if not self.has_change_permission(request, document) or not workflow.may_submit(request.user, language):
            raise PermissionDenied
        document.version = seen_version(request)
        self.repair(request, document, language, request.POST.get("repair", ""))
        back = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_submit", args=[document.pk, language])
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
