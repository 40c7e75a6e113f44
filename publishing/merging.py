"""Two people changed the same draft: what each of them changed, and one form that holds both.

Three texts are compared, field by field and row by row: the one that the form showed when it was opened (of which the
form carries a checksum per field, see `checksums`), the one that is saved now, and the one that was typed. What one of
the two left alone takes the other's text; what both changed is left to the person who comes second.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.html import format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_prose_editor.fields import ProseEditorFormField

from . import compare, richtext

TAKE = "take_saved"
"""Name of the boxes that were ticked to have the saved text of a field instead of one's own."""
SAVED = "saved-"
"""Before the name of a field: its saved text, carried along so that it can be taken."""
DELETE = forms.formsets.DELETION_FIELD_NAME

Form = forms.ModelForm
Base = dict[str, Any]
"""As `checksums` gives it; {} where nothing is known of what the form showed."""


@dataclass
class Difference:
    """A field, or a whole row, of which another text is saved than was typed."""

    key: str
    """Its name in the form."""
    label: str
    language: str
    """"" for what is the same in every language."""
    saved: SafeString
    takes: list[str] | None
    """What the form sends for the saved text; None where it is not a question of taking it."""
    by_both: bool
    """Whether the other person changed it too; or that may be, because nobody knows what the form showed."""
    note: str = ""
    field: forms.BoundField | None = None
    """The form's own, with what was typed; known once the merged form is made."""

    @property
    def is_deletion(self) -> bool:
        return self.key.endswith(f"-{DELETE}")


@dataclass
class Merged:
    data: QueryDict
    """The form again, as if it had been opened just now and only one's own changes made."""
    differences: list[Difference] = field(default_factory=list)
    adopted: list[tuple[str, str, SafeString]] = field(default_factory=list)
    """Label, language and text of what the other person alone changed."""
    homeless: list[tuple[str, str]] = field(default_factory=list)
    """Label and text of what was typed into a row that is gone, by somebody who may not add rows."""


def checksums(form: Form, formsets: Iterable[Any]) -> Base:
    """Of every field of a draft as it is saved, rows by their keys; the form is unbound."""
    return {
        "fields": _checksums_of(form),
        "rows": {
            formset.prefix: {
                str(row.pk): _checksums_of(formset.form(instance=row), formset.fk.name)
                for row in formset.get_queryset()
            }
            for formset in formsets
        },
    }


def parse_base(posted: str | None) -> Base:
    """What a form says that it showed, or {}: then every field that differs counts as changed by both."""
    try:
        base = json.loads(posted or "")
        rows = base["rows"]
        tables = [base["fields"], *(row for table in rows.values() for row in table.values())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
    return base if all(isinstance(table, dict) for table in tables) else {}


def take_saved(data: QueryDict) -> QueryDict:
    """The form after its ticked boxes: the saved text of these fields instead of what was typed into them."""
    chosen = data.copy()
    for key in data.getlist(TAKE):
        chosen.setlist(key, data.getlist(SAVED + key))
    for key in data:
        if key == TAKE or key.startswith(SAVED):
            del chosen[key]
    return chosen


def merge(form: Form, formsets: Iterable[tuple[Any, bool]], data: QueryDict, base: Base) -> Merged:
    """The form of a draft as it is saved now, with what somebody typed into an earlier one.

    Each formset comes with whether this person may add rows to it.
    """
    merged = Merged(data.copy())
    merger = _FieldMerger(merged, _Names(type(form.instance)), _fields(form))
    merger.merge(type(form)(data, instance=form.instance), form, base.get("fields", {}), "")
    for formset, may_add in formsets:
        _merge_rows(merged, formset, data, base.get("rows", {}).get(formset.prefix), may_add)
    return merged


def restart(form: Form, formsets: Iterable[tuple[Any, bool]], data: QueryDict) -> Merged:
    """The form of a draft that is gone, as one for a new draft with all that was typed."""
    fresh = checksums(form, [])
    return merge(form, formsets, data, {**fresh, "rows": {formset.prefix: {} for formset, _may_add in formsets}})


def _checksums_of(form: Form, document: str = "") -> dict[str, str]:
    return {name: _checksum(_saved(form, name)) for name in _fields(form, document)}


def _checksum(values: list[str]) -> str:
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:16]


def _fields(form: Form | type[Form], document: str = "") -> list[str]:
    """Without what a formset adds (a row's key, the box that deletes it) and without a row's field for its document."""
    return [name for name in form.base_fields if name != document]


def _saved(form: Form, name: str) -> list[str]:
    return _plain(form.fields[name], form.get_initial_for_field(form.fields[name], name))


def _typed(bound: forms.BoundField) -> list[str]:
    try:
        return _plain(bound.field, bound.field.clean(bound.data))
    except ValidationError:
        return _plain(bound.field, bound.data)


def _plain(form_field: forms.Field, value: Any) -> list[str]:
    """A value as a form sends it, so that what is saved and what was typed can be compared and swapped.

    Lines end in one way and the order of a choice of many says nothing.
    """
    if isinstance(form_field, forms.ModelMultipleChoiceField):
        return sorted(str(getattr(item, "pk", item)) for item in value or [])
    if isinstance(value, models.Model):
        value = value.pk
    if isinstance(form_field, ProseEditorFormField):
        return [richtext.clean(value or "")]
    return ["" if value is None else richtext.clean_text(str(value))]


def _shown(form_field: forms.Field, values: list[str]) -> SafeString:
    """Values as people read them."""
    if isinstance(form_field, forms.ModelChoiceField):
        pks = [value for value in values if value]
        found = form_field.queryset.in_bulk(pks) if pks and form_field.queryset is not None else {}
        return format_html_join(" · ", "{}", [(form_field.label_from_instance(item),) for item in found.values()])
    if isinstance(form_field, ProseEditorFormField):
        return mark_safe(richtext.clean(values[0]))
    if isinstance(form_field, forms.ChoiceField):
        labels = {str(key): label for key, label in form_field.choices}  # type: ignore[misc,union-attr]
        return format_html_join(" · ", "{}", [(labels.get(value, value),) for value in values])
    return mark_safe(linebreaks(values[0], autoescape=True)) if values[0] else SafeString()


def _marked(form_field: forms.Field, theirs: list[str], mine: list[str]) -> SafeString:
    """The saved text, with what is only in it as <ins> and what is only in the typed one as <del>."""
    saved = _shown(form_field, theirs)
    is_text = isinstance(form_field, forms.CharField) and any(theirs)
    return mark_safe(compare.diff_html(_shown(form_field, mine), saved)) if is_text else saved


class _Names:
    """What the parts of a form are called: the field without its language, after the row if it stands in one."""

    def __init__(self, model: type[models.Model], number: int | None = None) -> None:
        self.model = model
        self.row = ""
        if number is not None:
            names = {"kind": capfirst(model._meta.verbose_name), "number": number}
            self.row = _("%(kind)s %(number)d") % names

    def label(self, name: str) -> str:
        model_field = self._field(name)
        verbose = getattr(getattr(model_field, "translated_field", model_field), "verbose_name", name)
        if not self.row:
            return capfirst(str(verbose))
        return _("%(row)s: %(field)s") % {"row": self.row, "field": verbose}

    def language(self, name: str) -> str:
        return str(getattr(self._field(name), "language", "")).replace("_", "-")

    def _field(self, name: str) -> Any:
        try:
            return self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None


@dataclass
class _FieldMerger:
    merged: Merged
    names: _Names
    fields: list[str]
    is_new: bool = False

    def merge(self, typed: Form, saved: Form, base: dict[str, str], prefix: str) -> None:
        """One form's fields into the data under a prefix; `saved` is unbound and shows what is in the database."""
        for name in self.fields:
            form_field = saved.fields[name]
            theirs = _saved(saved, name)
            mine = theirs if form_field.disabled else _typed(typed[name])
            by_other = base.get(name) != _checksum(theirs)
            if mine == theirs:
                if form_field.disabled and by_other and base:
                    self._adopt(name, form_field, theirs)
            elif base.get(name) == _checksum(mine):
                self.merged.data.setlist(prefix + name, theirs)
                self._adopt(name, form_field, theirs)
            else:
                self.merged.differences.append(
                    Difference(
                        key=prefix + name,
                        label=self.names.label(name),
                        language=self.names.language(name),
                        saved=SafeString() if self.is_new else _marked(form_field, theirs, mine),
                        takes=None if self.is_new else theirs,
                        by_both=by_other,
                    )
                )

    def adopt_all(self, saved: Form, prefix: str) -> None:
        """A form as it is saved, in which nobody typed anything."""
        for name in self.fields:
            values = _saved(saved, name)
            self.merged.data.setlist(prefix + name, values)
            if any(values):
                self._adopt(name, saved.fields[name], values)

    def texts(self, saved: Form) -> list[tuple[str, SafeString]]:
        """Everything that a form says, with its label."""
        texts = [(self.names.label(name), _shown(saved.fields[name], _saved(saved, name))) for name in self.fields]
        return [(label, text) for label, text in texts if text]

    def _adopt(self, name: str, form_field: forms.Field, values: list[str]) -> None:
        entry = (self.names.label(name), self.names.language(name), _shown(form_field, values))
        self.merged.adopted.append(entry)


def _merge_rows(merged: Merged, formset: Any, data: QueryDict, base: dict[str, Any] | None, may_add: bool) -> None:
    """Rebuilds a formset's part of the data: the rows that are saved now, then what is new or comes back."""
    posted = list(_posted_rows(formset, data))
    for key in [key for key in data if key.startswith(formset.prefix + "-")]:
        del merged.data[key]
    _RowMerger(merged, formset, base, may_add).run(posted)


def _posted_rows(formset: Any, data: QueryDict) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Of each row that was sent: its key, "" for a new one, and what was sent by field."""
    for index in range(formset.total_form_count()):
        prefix = f"{formset.prefix}-{index}-"
        sent = {key.removeprefix(prefix): data.getlist(key) for key in data if key.startswith(prefix)}
        if sent:
            sent.pop(formset.fk.name, None)
            [key] = sent.pop(formset.model._meta.pk.name, [""])[-1:] or [""]
            yield key, sent


class _RowMerger:
    def __init__(self, merged: Merged, formset: Any, base: dict[str, Any] | None, may_add: bool) -> None:
        self.merged, self.formset, self.base, self.may_add = merged, formset, base or {}, may_add
        self.fields = _fields(formset.form, formset.fk.name)
        self.count = 0

    def run(self, posted: list[tuple[str, dict[str, list[str]]]]) -> None:
        sent_by_key = {key: sent for key, sent in posted if key}
        saved = list(self.formset.get_queryset())
        for row in saved:
            self.saved_row(row, sent_by_key.pop(str(row.pk), None))
        for key, sent in posted:
            if key in sent_by_key and DELETE not in sent:
                self.deleted_row(key, sent)
        for key, sent in posted:
            if not key and DELETE not in sent:
                self.add(sent, *self.next_row())
        management = {"TOTAL_FORMS": self.count, "INITIAL_FORMS": len(saved), "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
        for name, number in management.items():
            self.merged.data[f"{self.formset.prefix}-{name}"] = str(number)

    def saved_row(self, row: models.Model, sent: dict[str, list[str]] | None) -> None:
        """One that is in the database: changed by one or both, deleted here, or added by the other person."""
        prefix, merger = self.next_row()
        self.merged.data[prefix + self.formset.model._meta.pk.name] = str(row.pk)
        saved = self.formset.form(instance=row)
        before = self.base.get(str(row.pk), {})
        # A form always sends the rows that it showed; one that brings back an earlier draft leaves out what is newer.
        is_deleted = DELETE in sent if sent is not None else bool(before)
        if is_deleted and self.formset.can_delete:
            self.write(prefix, {name: _saved(saved, name) for name in self.fields} | {DELETE: ["on"]})
            if before != _checksums_of(saved, self.formset.fk.name):
                summary = format_html_join("\n", "<div><strong>{}</strong> {}</div>", merger.texts(saved))
                self.ask(prefix, merger, summary, _("You deleted this, but it was changed in the meantime."))
        elif sent is None:
            merger.adopt_all(saved, prefix)
        else:
            self.write(prefix, sent)
            merger.merge(self.bound(sent, row), saved, before, prefix)

    def deleted_row(self, key: str, sent: dict[str, list[str]]) -> None:
        """One that the other person deleted: it comes back, as a new row, if anything was typed into it."""
        before = self.base.get(key, {})
        bound = self.bound(sent, None)
        typed = {name: _typed(bound[name]) for name in self.fields if not bound.fields[name].disabled}
        changed = {name: values for name, values in typed.items() if before.get(name) != _checksum(values)}
        if before and not changed:
            return
        if not self.may_add:
            names = _Names(self.formset.model, self.count + 1)
            self.merged.homeless += [(names.label(name), "\n".join(v)) for name, v in changed.items() if any(v)]
            return
        prefix, merger = self.next_row()
        if self.formset.can_delete and self.formset.instance.pk:
            note = _("This was deleted while you were changing it. It comes back, unless you delete it here too.")
            self.ask(prefix, merger, SafeString(), note)
        self.add(sent, prefix, merger)

    def add(self, sent: dict[str, list[str]], prefix: str, merger: _FieldMerger) -> None:
        self.write(prefix, sent)
        merger.is_new = True
        empty = self.formset.form()
        merger.merge(self.bound(sent, None), empty, _checksums_of(empty), prefix)

    def ask(self, prefix: str, merger: _FieldMerger, saved: SafeString, note: str) -> None:
        """Whether the row is deleted."""
        row = merger.names.row
        self.merged.differences.append(Difference(prefix + DELETE, row, "", saved, None, by_both=True, note=note))

    def next_row(self) -> tuple[str, _FieldMerger]:
        prefix = f"{self.formset.prefix}-{self.count}-"
        self.count += 1
        return prefix, _FieldMerger(self.merged, _Names(self.formset.model, self.count), self.fields)

    def bound(self, sent: dict[str, list[str]], row: models.Model | None) -> Form:
        data = QueryDict(mutable=True)
        for name, values in sent.items():
            data.setlist(name, values)
        return self.formset.form(data, instance=row)

    def write(self, prefix: str, sent: dict[str, list[str]]) -> None:
        for name, values in sent.items():
            self.merged.data.setlist(prefix + name, values)


def by_language(merged: Merged) -> list[tuple[str, str, list[Difference]]]:
    """The differences under the name of their language, what both changed first.

    Whole rows stand before all of them, what is the same in every language after them.
    """
    whole = [d for d in merged.differences if d.is_deletion]
    found = [("", _("Deleted by one of you"), whole)]
    for code, name in (*settings.LANGUAGES, ("", _("The same in both languages"))):
        own = [d for d in merged.differences if d.language == code and not d.is_deletion]
        found.append((code, str(name), sorted(own, key=lambda d: not d.by_both)))
    return [group for group in found if group[2]]
