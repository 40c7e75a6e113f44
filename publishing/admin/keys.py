"""Keys that are none: what a browser sends where Django's admin expects the key of something."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.http import Http404, HttpRequest


class RefuseOddKeys(admin.ModelAdmin):
    """4xx for what cannot be the key of anything, or is not, where Django's admin breaks or leads to its front page."""

    show_facets = admin.ShowFacets.NEVER  # each would ask for the status of all documents once more

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if not all(is_key(self.model, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().changelist_view(request, extra_context)


def is_key(model: type[models.Model], value: Any) -> bool:
    try:
        model._meta.pk.run_validators(model._meta.pk.to_python(value))
    except ValidationError:
        return False
    return True


class OnlyKeys:
    """Chooses nothing where Django's widget breaks at a value that cannot be a key; the field says what is wrong."""

    def optgroups(self: Any, name: str, value: Any, attr: Any = None) -> Any:
        keys = [key for key in value if not key or is_key(self.field.related_model, key)]
        return super().optgroups(name, keys, attr)  # type: ignore[misc]


class OneDocument(OnlyKeys, AutocompleteSelect):
    pass


class ManyDocuments(OnlyKeys, AutocompleteSelectMultiple):
    pass


class DocumentsField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        for key in self.prepare_value(value or ()):
            if not is_key(self.queryset.model, key):  # type: ignore[union-attr]
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": key})
        return super().clean(value)


class ChoosesDocuments:
    """Every relation to a document is chosen by typing a part of its name."""

    def formfield_for_foreignkey(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneDocument(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self: Any, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ManyDocuments(db_field, self.admin_site, using=kwargs.get("using")))
            kwargs.setdefault("form_class", DocumentsField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
