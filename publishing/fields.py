from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from . import richtext


class RichTextField(ProseEditorField):
    """Rich text in the one schema of `richtext`, cleaned on every save.

    The library cleans in `clean()` only, which `objects.create()`, imports and the shell never call; and there it looks
    whether a required text is there before it cleans.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", richtext.EDITOR_EXTENSIONS)
        kwargs.setdefault("sanitize", richtext.clean)
        kwargs.setdefault("sanitize", richtext.clean)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return richtext.clean(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = richtext.clean(value)
            setattr(model_instance, self.attname, value)
        return value
