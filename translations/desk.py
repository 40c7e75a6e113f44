"""The translators' desk: the page of one translation, side by side with its source.

`answering` says what an act answers; `writing`, `reviewing` and `presence` have the acts.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import ImportMap, Media, Script

from publishing import richtext
from publishing.models import Document

from .doors import desk_view, opened, others, stamp, url
from .models import Translation
from .sheet import Sheet

SCRIPTS = Media(
    importmap=ImportMap({"desk/writing": "translations/writing.js"}),
    js=[Script("translations/desk.js", type="module")],
)
KEYS = [
    (["Ctrl Enter"], gettext_lazy("save, and on to the next row")),
    (["Alt ↓", "Alt ↑"], gettext_lazy("next row, previous row")),
    (["Alt N"], gettext_lazy("next row that has to be done")),
    (["Alt C"], gettext_lazy("copy the source into the translation")),
    (["Alt 1", "…", "Alt 9"], gettext_lazy("insert the name of a term")),
    (["Alt Shift 1", "…", "Alt Shift 5"], gettext_lazy("insert what the memory has")),
    (["Alt G"], gettext_lazy("ask for a suggestion")),
    (["Alt I"], gettext_lazy("insert the suggestion")),
    (["Alt A"], gettext_lazy("approve this text")),
    (["Alt R"], gettext_lazy("send this text back")),
    (["Alt M"], gettext_lazy("comment on this text")),
    (["Alt P"], gettext_lazy("show or close the preview")),
    (["Esc"], gettext_lazy("leave the field")),
    (["?", "Alt /"], gettext_lazy("this list")),
]
"""As `translations/desk.js` knows them."""


# The page -------------------------------------------------------------------------------------------------------------


@desk_view("GET", "HEAD")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    return rendered(request, opened(request, pk))


def rendered(request: HttpRequest, shown: Sheet, status: int = 200) -> HttpResponse:
    translation, opts = shown.translation, shown.document._meta
    names = dict(settings.LANGUAGES)
    editor = AdminProseEditorWidget(config={"extensions": richtext.EDITOR_EXTENSIONS}, preset="configurable")
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": translation.title,
        "subtitle": names[translation.language],
        "opts": opts,
        "sheet": shown,
        "translation": translation,
        "original": shown.document,
        "source_name": names[translation.source_language],
        "target_name": names[translation.language],
        "media": Media.from_media(editor.media + SCRIPTS, nonce=request.csp_nonce),  # type: ignore[attr-defined]
        "desk_settings": settings_for(request, shown, editor.get_config()),
        "keys": KEYS,
        "others": others(request.user, translation),
        "legend": shown.legend,
        "draft_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[shown.document.pk]),
        "submit_url": submit_url(shown) if shown.may_write else "",
        "preview_url": preview_url(request, shown),
    }
    return TemplateResponse(request, "admin/desk/sheet.html", context, status=status)


def settings_for(request: HttpRequest, shown: Sheet, editor: dict[str, Any]) -> dict[str, Any]:
    """What the script has to know."""
    key = shown.translation.pk
    return {
        "editor": editor,
        "user": request.user.pk,
        "translation": key,
        "stamp": stamp(shown.translation),
        "mayWrite": shown.may_write,
        "login": f"{reverse('admin:login')}?next={reverse('desk:queue')}",
        "urls": {name: reverse(f"desk:{name}", args=[key]) for name in ("save", "check", "help", "suggest", "here")},
    }


def submit_url(shown: Sheet) -> str:
    opts = shown.document._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_submit"
    return reverse(name, args=[shown.document.pk, shown.translation.language])


def preview_url(request: HttpRequest, shown: Sheet) -> str:
    if not request.user.has_perm("publishing.view_edition"):
        return ""
    document = shown.document
    values = [document._meta.label_lower, document.pk, shown.translation.language]
    return reverse("admin:publishing_preview_draft", args=values)


@desk_view("GET", "HEAD")
def of_document(request: HttpRequest, label: str, object_id: int, language: str) -> HttpResponse:
    """The desk of one language of a document, by what other pages know of it."""
    model = next((each for each in Document.__subclasses__() if each._meta.label_lower == label), None)
    if model is None:
        raise Http404
    kind = ContentType.objects.get_for_model(model)
    translation = get_object_or_404(Translation, content_type=kind, object_id=object_id, language=language)
    return HttpResponseRedirect(url(translation))
