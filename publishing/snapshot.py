"""What an edition holds: which parts of a document are frozen, and how a language of it becomes JSON.

Shape of the content (all text cleaned; "" for what is blank; links are the primary keys of the documents named)::

    {"slug": "what-is-pain", "kind": "understanding", "title": "…", "body": "<p>…</p>",
     "topics": [3, 5], "warnings": [{"id": 7, "level": "urgent", "heading": "…", "text": "…"}]}
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from . import richtext
from .fields import RichTextField
from .models import Document


@dataclass(frozen=True)
class Snapshot:
    """Says, on a document's model, what its editions hold besides all its translated fields."""

    title: str
    """The translated field that names the document."""
    required: tuple[str, ...]
    """Translated fields without which a language is not complete."""
    values: tuple[str, ...] = ()
    """Fields that are the same in every language."""
    links: tuple[str, ...] = ()
    """Relations to other documents, in the order in which they are shown."""
    rows: tuple[str, ...] = ()
    """Reverse relations to the parts of the document (its inlines)."""
    spoken: tuple[str, ...] = ()
    """Translated fields that are in a patient's words."""


def freeze(document: Document, language: str) -> dict[str, Any]:
    """The content of one language of a draft as it stands."""
    spec = document.snapshot
    content: dict[str, Any] = {"slug": document.slug, **_values(document, language, spec.values)}
    for name in spec.links:
        content[name] = linked(document, name)
    for name in spec.rows:
        rows = (row for row in getattr(document, name).all() if getattr(row, "language", language) == language)
        content[name] = [{"id": row.pk, **_values(row, language, row_values(type(row)))} for row in rows]
    return content


def thaw(document: Document, language: str, content: dict[str, Any]) -> None:
    """Puts frozen content back into the draft; raises `Conflict` if the draft was saved by somebody else since.

    The source language brings everything back but the address: which parts there are, what is named, and values that
    are the same in every language. A translation brings back its texts alone, in the parts that the draft still has.
    """
    spec = document.snapshot
    is_source = language == document.source_language
    _restore(document, language, content, spec.values if is_source else ())
    links = {name: content.get(name, []) for name in spec.links} if is_source else {}
    for name, keys in links.items():
        field = document._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            there = _there(field, keys)
            if there or field.null:  # else the draft keeps what it names now
                setattr(document, field.attname, keys[0] if there else None)
    document.save()
    for name in spec.rows:
        _thaw_rows(document, name, language, content.get(name, []), is_source)
    for name, keys in links.items():
        _thaw_many(document, name, keys)


def _thaw_rows(document: Document, name: str, language: str, frozen: list[dict[str, Any]], is_source: bool) -> None:
    relation = document._meta.get_field(name)
    model: Any = relation.related_model
    # Rows of one language, such as a term's other names, come and go with their language.
    own_language = {"language": language} if "language" in row_values(model) else {}
    replaces_rows = is_source or bool(own_language)
    if own_language:  # all first, so that words which changed places do not meet
        getattr(document, name).filter(**own_language).delete()
    present = {row.pk: row for row in getattr(document, name).filter(**own_language)}
    for order, values in enumerate(frozen):
        row = present.pop(values["id"], None)
        if row is None and replaces_rows:
            # Under its old number, so that its translation, frozen elsewhere, still finds it.
            row = model(pk=values["id"], **{relation.field.name: document})  # type: ignore[union-attr]
        if row is not None:
            _restore(row, language, values, row_values(model) if replaces_rows else ())
            if replaces_rows and hasattr(row, "order"):
                row.order = order
            row.save()
    if replaces_rows:
        for row in present.values():
            row.delete()


def _thaw_many(document: Document, name: str, keys: list[int]) -> None:
    field = document._meta.get_field(name)
    if not isinstance(field, models.ManyToManyField):
        return
    there = _there(field, keys)
    ordered = ordered_through(type(document), name)
    manager = getattr(document, name)
    manager.clear()
    for order, key in enumerate(key for key in keys if key in there):
        manager.add(key, through_defaults={"order": order} if ordered else None)


def _there(field: Any, keys: list[int]) -> set[int]:
    """What was deleted since, being only a draft, cannot be named again."""
    return set(field.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))


def _restore(instance: models.Model, language: str, content: dict[str, Any], values: tuple[str, ...]) -> None:
    for name in values:
        setattr(instance, name, content[name])
    for name in translated_fields(type(instance)):
        setattr(instance, build_localized_fieldname(name, language), content.get(name, ""))


def digest(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def linked(document: Document, name: str) -> list[int]:
    """The primary keys that a draft names under a relation; in order where the relation has one, else sorted."""
    field = document._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        key = getattr(document, field.attname)
        return [] if key is None else [key]
    if through := ordered_through(type(document), name):
        accessor, attname = through
        return [getattr(row, attname) for row in getattr(document, accessor).all()]
    return sorted(target.pk for target in getattr(document, name).all())


def ordered_through(model: type[Document], name: str) -> tuple[str, str] | None:
    """Of a relation whose order is kept in rows of its own: the name of these rows and their column of keys."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.ManyToManyField)
    through = field.remote_field.through
    assert through is not None
    if through._meta.auto_created:
        return None
    near, far = through._meta.get_field(field.m2m_field_name()), through._meta.get_field(field.m2m_reverse_field_name())
    return str(near.remote_field.get_accessor_name()), far.attname  # type: ignore[union-attr]


def prefetches(model: type[Document]) -> list[str]:
    """What `freeze` reads besides the row itself, for `prefetch_related`."""
    names = list(model.snapshot.rows)
    for name in model.snapshot.links:
        if isinstance(model._meta.get_field(name), models.ManyToManyField):
            through = ordered_through(model, name)
            names.append(through[0] if through else name)
    return names


@cache
def translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    """In the order of the model's own; none where each row belongs to one language, as a term's other names do."""
    try:
        names = translator.get_options_for_model(model).get_field_names()  # kept in a set
    except NotRegistered:
        return ()
    return tuple(field.name for field in model._meta.fields if field.name in names)


def row_values(model: type[models.Model]) -> tuple[str, ...]:
    """The fields of a part of a document that are the same in every language."""
    return getattr(model, "frozen_values", ())


def missing_fields(document: Document, language: str) -> list[str]:
    """Required fields of the language that are blank."""
    return [name for name in document.snapshot.required if richtext.is_blank(document.text(name, language))]


def has_text(document: Document, language: str) -> bool:
    return any(not richtext.is_blank(document.text(name, language)) for name in translated_fields(type(document)))


def texts(model: type[Document], content: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Of frozen content: key, text and whether it is rich text, of every translated part that is not blank."""
    yield from _texts(model, content, "")
    for name in model.snapshot.rows:
        row_model = model._meta.get_field(name).related_model
        assert isinstance(row_model, type)
        for row in content.get(name, []):
            yield from _texts(row_model, row, f"{name}.{row['id']}.")


def _texts(model: type[models.Model], content: dict[str, Any], prefix: str) -> Iterator[tuple[str, str, bool]]:
    for name in translated_fields(model):
        if not richtext.is_blank(value := content.get(name) or ""):
            yield prefix + name, value, isinstance(model._meta.get_field(name), RichTextField)


def _values(instance: models.Model, language: str, plain: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in plain:
        value = getattr(instance, name)
        values[name] = value if value is None or isinstance(value, bool | int) else str(value)
    for name in translated_fields(type(instance)):
        value = getattr(instance, build_localized_fieldname(name, language)) or ""
        is_rich = isinstance(instance._meta.get_field(name), RichTextField)
        values[name] = richtext.clean(value) if is_rich else richtext.clean_text(value)
    return values
