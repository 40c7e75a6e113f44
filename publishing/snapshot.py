"""What an edition holds: which parts of a document are frozen, and how a language of it becomes JSON.

Shape of the content (all text cleaned; "" for what is blank; links are the primary keys of the documents named)::

    {"slug": "what-is-pain", "kind": "understanding", "title": "…", "body": "<p>…</p>",
     "topics": [3, 5], "warnings": [{"id": 7, "level": "urgent", "heading": "…", "text": "…"}]}
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
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
    later: tuple[str, ...] = ()
    """Of all these, what was added when there were editions: while blank it is not frozen, so that what was signed
    before it keeps its checksum, and nobody is asked to sign again.
    """


def freeze(document: Document, language: str) -> dict[str, Any]:
    """The content of one language of a draft as it stands."""
    spec = document.snapshot
    content: dict[str, Any] = {"slug": document.slug, **_values(document, language, spec.values)}
    content |= document.__dict__.get(FETCHED) or linked([document])[document.pk]
    for name in spec.rows:
        rows = (row for row in getattr(document, name).all() if getattr(row, "language", language) == language)
        content[name] = [{"id": row.pk, **_values(row, language, row_values(type(row)))} for row in rows]
    return {name: value for name, value in content.items() if value or name not in spec.later}


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
    ordered = has_order(field)
    manager = getattr(document, name)
    manager.clear()
    for order, key in enumerate(key for key in keys if key in there):
        manager.add(key, through_defaults={"order": order} if ordered else None)


def _there(field: Any, keys: list[int]) -> set[int]:
    """What was deleted since, being only a draft, cannot be named again."""
    return set(field.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))


def _restore(instance: models.Model, language: str, content: dict[str, Any], values: tuple[str, ...]) -> None:
    for name in values:
        default = instance._meta.get_field(name).get_default()  # type: ignore[union-attr]
        setattr(instance, name, content.get(name, default))
    for name in translated_fields(type(instance)):
        setattr(instance, build_localized_fieldname(name, language), content.get(name, ""))


def digest(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the content as canonical JSON."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def linked(documents: Sequence[Document]) -> dict[int, dict[str, list[int]]]:
    """By document, all of one kind, the primary keys that each names under its relations; in one query.

    In order where the relation has one, else sorted.
    """
    model = type(documents[0])
    fields = {name: model._meta.get_field(name) for name in model.snapshot.links}
    found: dict[int, dict[str, list[int]]] = {
        document.pk: {name: _key(document, field) for name, field in fields.items()} for document in documents
    }
    to_many = [
        _links(field).filter(owner__in=list(found))
        for field in fields.values()
        if isinstance(field, models.ManyToManyField)
    ]
    if to_many:
        first, *others = to_many
        for link in first.union(*others, all=True).order_by("relation", "owner", "place", "then"):
            found[link["owner"]][link["relation"]].append(link["key"])
    return found


def _key(document: Document, field: Any) -> list[int]:
    key = getattr(document, field.attname) if isinstance(field, models.ForeignKey) else None
    return [] if key is None else [key]


def _links(field: Any) -> Any:
    """Every link of a relation, in columns that those of all relations share."""
    through: Any = field.remote_field.through
    key = models.F(field.m2m_reverse_field_name())
    ordered = has_order(field)
    return through._base_manager.order_by().values(
        relation=models.Value(field.name, models.CharField()),
        owner=models.F(field.m2m_field_name()),
        place=models.F("order") if ordered else models.Value(0),
        then=models.F("pk") if ordered else key,
        key=key,
    )


def has_order(field: Any) -> bool:
    """Whether a relation to many keeps its order, in rows of its own."""
    return not field.remote_field.through._meta.auto_created


FETCHED = "_linked_keys"
"""Where documents that were made ready for `freeze` keep what they name."""


def prefetch(documents: Sequence[Document]) -> None:
    """Makes documents of one kind ready for `freeze`: a query for each kind of part, and one for all that they name."""
    if documents:
        models.prefetch_related_objects(documents, *type(documents[0]).snapshot.rows)
        keys = linked(documents)
        for document in documents:
            document.__dict__[FETCHED] = keys[document.pk]


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
