"""The admin of editions, and of what readers said of them."""

from collections.abc import Iterable
from typing import Any

import reversion
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing import display, feedback, previews, workflow
from publishing.forms import ActForm, LetPassForm
from publishing.models import Conflict, Document, Edition, Event, Feedback, SignOff, State
from publishing.workflow import Act

from . import record
from .keys import RefuseOddKeys, is_key
from .record import edition_url
from .repairs import findings_of, repair_url_of


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
        return [
            act,
            record.page(self, "<int:pk>/reopen/", reopen, "reopen", "POST"),
            record.page(self, "<int:pk>/let-pass/", let_pass, "let_pass", "POST"),
            *record.urls(self),
            *super().get_urls(),
        ]

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
            **display.columns((one.language, str(one), display.parts(one.model, one.content)) for one in shown),
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


def reopen(admin: EditionAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Makes an old edition the draft again; what is live stays."""
    edition = previews.edition_or_404(pk)
    done = _("Edition %(number)d is the draft now.") % {"number": edition.number}
    try:
        with reversion.create_revision(atomic=True):  # so that the draft's own history has it, and can undo it
            document = workflow.reopen(edition, request.user)
            reversion.set_user(request.user)
            reversion.set_comment(done)
    except (workflow.Refused, Conflict) as refused:
        words = _("Somebody saved the draft at this moment. Look at it and try again.")
        return admin.page(request, edition, refusal=words if isinstance(refused, Conflict) else str(refused))
    messages.success(request, done)
    opts = document._meta
    return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[document.pk]))


def let_pass(admin: EditionAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A reviewer lets one blocker pass, by name and with a reason."""
    edition = previews.edition_or_404(pk)
    form = LetPassForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    try:
        workflow.let_pass(edition, request.user, **form.cleaned_data)
    except workflow.Refused as refused:
        return admin.page(request, edition, refusal=str(refused))
    messages.success(request, _("The finding was let pass; your reason is in the history."))
    return HttpResponseRedirect(edition_url(edition))


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
