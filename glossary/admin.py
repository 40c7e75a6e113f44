from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from publishing.admin import DocumentAdmin, RefuseOddKeys, TabularInline, TranslatedStackedInline

from .admin_exchange import ExchangeAdmin
from .candidates import candidates, draft_of
from .models import Comparison, Context, Name, Recheck, Row, Term, TermCode
from .usage import uses_of


class NameInline(TabularInline):
    model = Name


class ContextInline(TabularInline):
    model = Context


class TermCodeInline(TabularInline):
    model = TermCode


@admin.register(Term)
class TermAdmin(ExchangeAdmin, DocumentAdmin):
    fieldsets = [
        (None, {"fields": ("name", "abbreviation", "pinyin", "category", "definition", "explanation", "see_also")}),
        DocumentAdmin.envelope,
    ]
    inlines = [NameInline, ContextInline, TermCodeInline]
    autocomplete_fields = ("see_also",)
    subject_filters = ("category",)

    search_fields = ["slug", "abbreviation", "names__text"]

    change_form_template = "admin/glossary/term/change_form.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.uses_view))
        candidates_view = self.admin_site.admin_view(self.candidates_view)
        return [
            path("<int:pk>/uses/", view, name="glossary_term_uses"),
            path("candidates/", candidates_view, name="glossary_term_candidates"),
            *super().get_urls(),
        ]

    def shown_beside(self, document: Any) -> dict[str, Any]:
        return {"uses_of_term": partial(uses_of, document)}  # looked for only where a page shows it

    def candidates_view(self, request: HttpRequest) -> HttpResponse:
        """Words that no term explains; one click makes one of them a draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        languages = [(name, candidates(code)) for code, name in settings.LANGUAGES]
        if request.method == "POST":
            language, _space, text = request.POST.get("candidate", "").partition(" ")
            proposed = {(each.language, each.text) for _name, found in languages for each in found}
            if (language, text) not in proposed:
                self.message_user(request, _("This word is not in the list any more."), messages.WARNING)
                return HttpResponseRedirect(request.path)
            with self.create_revision(request):
                term = draft_of(text, language)
                self.log_addition(request, term, _("Made from a word of the texts."))
            return HttpResponseRedirect(reverse("admin:glossary_term_change", args=[term.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Words that no term explains"),
            "opts": self.opts,
            "languages": languages,
        }
        return TemplateResponse(request, "admin/glossary/term/candidates.html", context)

    def uses_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every document, language and part that uses a name of the term."""
        term = self.get_object(request, str(pk))
        if term is None:
            raise Http404
        if not self.has_view_permission(request, term):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Where is this word used?"),
            "opts": self.opts,
            "original": term,
            "uses": uses_of(term),
        }
        return TemplateResponse(request, "admin/glossary/term/uses.html", context)


class RowInline(TranslatedStackedInline):
    model = Row


@admin.register(Comparison)
class ComparisonAdmin(DocumentAdmin):
    fieldsets = [
        (None, {"fields": ("first", "second", "title", "introduction", "conclusion")}),
        DocumentAdmin.envelope,
    ]
    inlines = [RowInline]
    autocomplete_fields = ("first", "second")


@admin.register(Recheck)
class RecheckAdmin(RefuseOddKeys):
    """The texts that use a term whose names have changed, until somebody has looked at them."""

    list_display = ("draft", "language", "edition", "term", "since", "is_done")
    list_display_links = None
    list_filter = ("is_done", "edition__language")
    list_select_related = ("edition", "term")
    actions = ("mark_as_done",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("draft"))
    def draft(self, recheck: Recheck) -> SafeString | str:
        document: Any = recheck.edition.document
        if document is None:
            return "–"
        opts = document._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[document.pk])
        return format_html('<a href="{}">{}</a>', url, document)

    @admin.display(description=gettext_lazy("language"), ordering="edition__language")
    def language(self, recheck: Recheck) -> str:
        return str(recheck.edition.get_language_display())

    @admin.action(description=gettext_lazy("Looked at: mark as done"), permissions=["change"])
    def mark_as_done(self, request: HttpRequest, queryset: Any) -> None:
        queryset.update(is_done=True)
