from django import forms
from django.utils.translation import gettext_lazy as _

from .models import ChangeKind, Edition, EditionQuerySet
from .workflow import Act


class SubmitForm(forms.Form):
    """What the editor says when a language is sent for review."""

    change_kind = forms.ChoiceField(
        label=_("What has changed"), choices=ChangeKind.choices, widget=forms.RadioSelect, initial=ChangeKind.CLINICAL
    )
    note = forms.CharField(
        label=_("Note for the reviewers"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ActForm(forms.Form):
    """What goes with an act on an edition: words, and for those that can wait a moment in the future."""

    words = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    at = forms.DateTimeField(
        label=_("When (empty: now)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    read_instead = forms.ModelChoiceField(
        label=_("What to read instead"), required=False, queryset=Edition.objects.none(), empty_label="–"
    )

    def __init__(self, *args: object, act: Act, edition: Edition, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.act = act
        self.fields["words"].required = act.needs_words
        self.fields["words"].label = {
            Act.REQUEST_CHANGES: _("What should be changed"),
            Act.WITHDRAW: _("Why (patients who come to the address read this)"),
        }.get(act, _("Comment"))
        if act not in {Act.PUBLISH, Act.WITHDRAW}:
            del self.fields["at"]
        if act == Act.PUBLISH:
            del self.fields["words"]
        if act == Act.WITHDRAW:
            self.fields["read_instead"].queryset = other_pages(edition)  # type: ignore[attr-defined]
        else:
            del self.fields["read_instead"]


class LetPassForm(forms.Form):
    finding = forms.CharField(max_length=40)
    field = forms.CharField(max_length=80, required=False)
    reason = forms.CharField(max_length=2000, required=False)  # without one it is refused in words


def other_pages(edition: Edition) -> EditionQuerySet:
    """What is live in the same language, of every other document, by title."""
    live = Edition.objects.live(edition.language).defer("content").order_by("title")
    return live.exclude(content_type_id=edition.content_type_id, object_id=edition.object_id)
