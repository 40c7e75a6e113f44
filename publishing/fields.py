from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django_prose_editor.fields import ProseEditorField

from . import richtext


class RichTextField(ProseEditorField):
    """Rich text in the one schema of `richtext`, cleaned on every way into the database but plain SQL.

    The library cleans in `clean()` only, which `objects.create()`, imports and the shell never call; and there it looks
    whether a required text is there before it cleans.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", richtext.EDITOR_EXTENSIONS)
        kwargs.setdefault("sanitize", richtext.clean)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(_cleaned(value), model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """So that the instance in hand holds what is stored."""
        value = super().pre_save(model_instance, add)
        if value != (cleaned := _cleaned(value)):
            setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """What `update()` and `bulk_update()` pass by, too. Not `to_python`, through which lookups go as well."""
        return super().get_db_prep_save(_cleaned(value), connection)


def _cleaned(value: Any) -> Any:
    return richtext.clean(value) if isinstance(value, str) else value
