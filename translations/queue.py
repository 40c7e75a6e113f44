"""What there is to translate: whose it is, until when, how much of it is left; and who takes what."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.workflow import Refused, may_submit

from . import acts, following
from .doors import desk_view, of_number
from .models import Translation

PER_PAGE = 50
OPEN = Q(units_missing__gt=0) | Q(units_outdated__gt=0) | Q(units_returned__gt=0)
TO_REVIEW = Q(units_approved__lt=F("units_all") - F("units_missing") - F("units_outdated") - F("units_returned"))
TABS = {
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Nobody's yet"),
    "outdated": gettext_lazy("Outdated"),
    "returned": gettext_lazy("Sent back"),
    "review": gettext_lazy("To review"),
    "all": gettext_lazy("All"),
}
EVERY = "all"
FILES = {"xliff": "XLIFF 2.1", "xliff12": "XLIFF 1.2", "po": "PO (gettext)", "xlsx": "Excel (.xlsx)"}
"""As what it can be exported."""


def of_tab(tab: str, user: Any) -> Q:
    return {
        "mine": Q(assignee=user.pk),
        "unassigned": Q(assignee=None) & OPEN,
        "outdated": Q(units_outdated__gt=0),
        "returned": Q(units_returned__gt=0),
        "review": TO_REVIEW & Q(language__in=reviewed_by(user)),
    }.get(tab, Q())


def reviewed_by(user: Any) -> list[str]:
    found = (code for code, _name in settings.LANGUAGES)
    return [code for code in found if user.has_perm(f"publishing.sign_language_{code.replace('-', '_')}")]


def languages_of(user: Any) -> list[str]:
    """Those that the person writes or reviews; all for who does neither."""
    codes = [code for code, _name in settings.LANGUAGES]
    own = [code for code in codes if may_submit(user, code)]
    return sorted({*own, *reviewed_by(user)}, key=codes.index) or codes


class Filters(forms.Form):
    tab = forms.ChoiceField(choices=list(TABS.items()), required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=100, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Into"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Only what is overdue"), required=False)

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        names: dict[str, Any] = dict(settings.LANGUAGES)
        own = languages_of(user)
        mine = [("", _("My languages"))] if 0 < len(own) < len(names) else []
        kinds = [(model._meta.label_lower, capfirst(model._meta.verbose_name)) for model in following.documents()]
        self.fields["language"].choices = [*mine, *names.items(), (EVERY, _("All languages"))]  # type: ignore[attr-defined]
        if not mine:
            self.fields["language"].choices = [("", _("All languages")), *names.items()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("All kinds")), *kinds]  # type: ignore[attr-defined]
        self.user = user

    def asked(self, name: str) -> Any:
        """What is not valid counts as not asked."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    def apply(self, found: QuerySet[Translation]) -> QuerySet[Translation]:
        language = self.asked("language")
        if language != EVERY:
            found = found.filter(language__in=[language] if language else languages_of(self.user))
        if label := self.asked("kind"):
            model = next(model for model in following.documents() if model._meta.label_lower == label)
            found = found.filter(content_type=ContentType.objects.get_for_model(model))
        if self.asked("overdue"):
            found = found.filter(OPEN, due__lt=timezone.localdate())
        if words := self.asked("q").strip():
            found = found.filter(title__icontains=words)
        return found


def waiting_for(user: Any) -> list[tuple[str, Any, int]]:
    """What is somebody's to do: by tab its name and how many documents, none that is empty."""
    names = first_tabs(user)
    found = Translation.objects.filter(language__in=languages_of(user))
    wanted = {name: of_tab(name, user) & (OPEN if name == "mine" else Q()) for name in names}
    counts = found.aggregate(**{name: Count("pk", filter=condition) for name, condition in wanted.items()})
    return [(name, TABS[name], counts[name]) for name in names if counts[name]]


def first_tabs(user: Any) -> list[str]:
    """Where somebody looks first: what is theirs, what they may take or mend, what they may approve."""
    writes = any(may_submit(user, code) for code, _name in settings.LANGUAGES)
    return ["mine", *(["unassigned", "outdated"] if writes else []), *(["review"] if reviewed_by(user) else [])]


@desk_view("GET", "HEAD")
def queue(request: HttpRequest) -> HttpResponse:
    filters = Filters(request.GET, request.user)
    there = filters.apply(Translation.objects.all())
    counts = there.aggregate(
        **{name: Count("pk", filter=of_tab(name, request.user)) for name in TABS if name != EVERY},
        all=Count("pk"),
        words_all=Sum("words_all", default=0),
        words_left=Sum("words_left", default=0),
        characters_left=Sum("characters_left", default=0),
    )
    reviews = bool(reviewed_by(request.user))
    tab = filters.asked("tab") or next((name for name in first_tabs(request.user) if counts[name]), EVERY)
    found = ordered(there.filter(of_tab(tab, request.user))).select_related("assignee", "content_type")
    paginator = Paginator(found, PER_PAGE)
    paginator.count = counts[tab]
    page = paginator.get_page(request.GET.get("page"))
    may_assign = acts.may_assign(request.user)
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "title": _("Translators' desk"),
        "filters": filters,
        "tabs": [
            {"name": name, "label": label, "count": counts[name], "query": query(request, tab=name)}
            for name, label in TABS.items()
            if name != "review" or reviews
        ],
        "tab": tab,
        "page_obj": page,
        "rows": [line(request.user, translation) for translation in page],
        "query": query(request),
        "counts": counts,
        "done_percent": 100 - -(-100 * counts["words_left"] // (counts["words_all"] or 1)),
        "may_assign": may_assign,
        "assign_form": AssignForm() if may_assign else None,
        "exchange_formats": FILES.items(),
        # The list as it is shown, the tab that was chosen for the person included.
        "exchange_fields": [*((name, value) for name, value in request.GET.items() if name != "tab"), ("tab", tab)],
    }
    return TemplateResponse(request, "admin/desk/queue.html", context)


def ordered(found: QuerySet[Translation]) -> QuerySet[Translation]:
    """What is open first, by its day; then what was changed last."""
    is_done = Case(When(OPEN, then=0), default=1)
    return found.order_by(is_done, F("due").asc(nulls_last=True), "-changed_at", "-pk")


def query(request: HttpRequest, **changes: str) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    for name, value in changes.items():
        asked[name] = value
    return asked.urlencode()


def line(user: Any, translation: Translation) -> dict[str, Any]:
    today = timezone.localdate()
    may_write = acts.may_write(user, translation)
    return {
        "translation": translation,
        "kind": translation.model._meta.verbose_name,
        "is_overdue": translation.due is not None and translation.due < today and not translation.is_done,
        "may_take": may_write and translation.assignee_id is None and not translation.is_done,
        "may_give_back": translation.assignee_id == user.pk,
    }


# Whose it is ----------------------------------------------------------------------------------------------------------


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Translator"),
        queryset=get_user_model()._default_manager.none(),
        required=False,
        empty_label=gettext_lazy("nobody"),
    )
    due = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    chosen = forms.TypedMultipleChoiceField(coerce=int, required=True, choices=[])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["to"].queryset = translators()  # type: ignore[attr-defined]


def translators() -> QuerySet[Any]:
    """Who writes one of the languages; whether it is the right one is asked when something is assigned."""
    names = [f"submit_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES]
    held = Permission.objects.filter(codename__in=names, content_type__app_label="publishing")
    users = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    may = Q(is_superuser=True) | Q(groups__permissions__in=held) | Q(user_permissions__in=held)
    return users.filter(may).distinct().order_by("username")


def back(request: HttpRequest) -> HttpResponse:
    """To where the person was."""
    origin = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure()):
        origin = reverse("desk:queue")
    return HttpResponseRedirect(origin)


@desk_view("POST")
def assign(request: HttpRequest) -> HttpResponse:
    """What was chosen, all to one person until one day; to nobody, if nobody is named."""
    if not acts.may_assign(request.user):
        raise PermissionDenied
    form = AssignForm(request.POST)
    keys = [key for key in request.POST.getlist("chosen") if key.isdecimal() and len(key) < 19]
    form.fields["chosen"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
    if not form.is_valid():
        said = [str(error) for name in ("to", "due") for error in form.errors.get(name, [])]
        messages.error(request, " ".join(said) or _("Choose something first."))
        return back(request)
    to, due = form.cleaned_data["to"], form.cleaned_data["due"]
    done = 0
    for translation in Translation.objects.filter(pk__in=form.cleaned_data["chosen"]).select_related("content_type"):
        try:
            acts.assign(translation, to=to, due=due, by=request.user)
            done += 1
        except Refused as refusal:
            messages.error(request, f"{translation}: {refusal}")
    if done:
        messages.success(request, _("Assigned: %(count)d.") % {"count": done})
    return back(request)


@desk_view("POST")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    return owning(request, pk, acts.take, _("It is yours now."))


@desk_view("POST")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    return owning(request, pk, acts.give_back, _("It is nobody's now."))


def owning(request: HttpRequest, pk: int, act: Any, words: str) -> HttpResponse:
    translation = of_number(request, pk)
    try:
        act(translation, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, words)
    return back(request)
