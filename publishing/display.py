"""An edition's or a draft's content as staff read it: every part with its name, in the order of the model's fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.html import format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from . import richtext
from .fields import RichTextField
from .models import Document
from .snapshot import freeze, translated_fields


@dataclass
class Part:
    key: str
    """The same for the same part in every language: the field's name, or `warnings.7.text` in a row."""
    label: str
    html: SafeString = field(default_factory=lambda: mark_safe(""))
    is_text: bool = True
    """False for what is the same in every language: choices, addresses, names of other documents."""


def parts(model: type[Document], content: dict[str, Any]) -> list[Part]:
    spec = model.snapshot
    found = list(_values(model, content, ""))
    for name in spec.links:
        target = model._meta.get_field(name).related_model
        keys = content.get(name, [])
        by_key = target._default_manager.in_bulk(keys) if keys else {}  # type: ignore[union-attr]
        names = [(str(by_key.get(key, f"#{key}")),) for key in keys]
        found.append(Part(name, label(model, name), format_html_join(" · ", "{}", names), is_text=False))
    for name in spec.rows:
        row_model = model._meta.get_field(name).related_model
        for number, row in enumerate(content.get(name, []), start=1):
            which = row_label(row_model, number)
            for part in _values(row_model, row, f"{name}.{row['id']}."):  # type: ignore[arg-type]
                found.append(Part(part.key, f"{which}: {part.label}", part.html, part.is_text))
    return found


def draft(document: Document, language: str) -> list[Part]:
    """What an edition would show if the language were sent for review now."""
    return parts(type(document), freeze(document, language))


def side_by_side(*columns: list[Part]) -> list[tuple[Part, list[SafeString]]]:
    """What is not empty in one of several contents, with the text of each: none is left out for being in one only."""
    by_key = [{part.key: part for part in column} for column in columns]
    first = {part.key: part for column in reversed(columns) for part in column}
    in_order = dict.fromkeys(part.key for column in columns for part in column)
    empty = Part("", "")
    rows = [(first[key], [known.get(key, empty).html for known in by_key]) for key in in_order]
    return [(part, texts) for part, texts in rows if any(texts)]


def columns(contents: Iterable[tuple[str, Any, list[Part]]]) -> dict[str, Any]:
    """For `_side_by_side.html`: texts, each given with its language and its heading."""
    languages, headings, found = zip(*contents, strict=True)
    rows = [(part, list(zip(languages, texts, strict=True))) for part, texts in side_by_side(*found)]
    return {"columns": list(zip(languages, headings, strict=True)), "rows": rows}


def _values(model: type[models.Model], content: dict[str, Any], prefix: str) -> Iterator[Part]:
    links = model.snapshot.links + model.snapshot.rows if issubclass(model, Document) else ()
    for name in (f.name for f in model._meta.get_fields() if f.name in content and f.name not in links):
        if name == "id":
            continue
        model_field = model._meta.get_field(name)
        value = content[name]
        choices = dict(getattr(model_field, "flatchoices", None) or [])
        if isinstance(model_field, RichTextField):
            html = mark_safe(richtext.clean(value))
        elif choices:
            html = format_html_join("", "{}", [(choices.get(value, value),)])
        else:
            html = mark_safe("" if value in {None, ""} else linebreaks(str(value), autoescape=True))
        yield Part(prefix + name, label(model, name), html, is_text=name in _translated(model))


def _translated(model: type[models.Model]) -> tuple[str, ...]:
    return translated_fields(model) or ("text", "note")


def row_label(model: Any, number: int) -> str:
    """Of a part of a document, counted from one: “Warning 2”."""
    return capfirst(f"{model._meta.verbose_name} {number}")


def label(model: type[models.Model], name: str) -> str:
    return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))
