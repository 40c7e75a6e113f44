"""Seed content: reads a document from a YAML file that a clinician can review, and says where a mistake stands.

One file per document, named after its slug. A key is a field of the model; a translated field is a mapping with a text
per language; rich text is Markdown, a paragraph a line; a relation is a list of slugs; a part (an inline) is a list of
mappings. Everything is read as text: YAML's guesses at numbers and dates are not asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from modeltranslation.utils import build_localized_fieldname

from .fields import RichTextField
from .models import Document
from .snapshot import row_values, translated_fields

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ENVELOPE = ("source_language", "next_review")
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
RICH_TOKENS = {
    "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "strong", "link", "inline",
    "text", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class SeedError(Exception):
    """A mistake in a seed file, as `file:line: reason`."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")


@dataclass
class Seed:
    """One document as its file says: nothing of it is in the database yet."""

    model: type[Document]
    path: Path
    slug: str
    fields: dict[str, Any]
    links: dict[str, list[str]]
    rows: dict[str, list[dict[str, Any]]]
    lines: dict[str, int]
    """Where each key stands; a part's as `name.index`."""

    def error(self, key: str, reason: str) -> SeedError:
        return SeedError(self.path, self.lines.get(key, 1), reason)


def read(model: type[Document], folder: Path) -> list[Seed]:
    """All seeds of a kind, by file name; the first mistake raises `SeedError`."""
    return [_Reader(model, path).read() for path in sorted(folder.glob("*.yaml"))]


def refuse_unknown_slugs(seeds: list[Seed]) -> None:
    """Every relation must lead to a document that is in the files or in the database already."""
    known: dict[type[models.Model], set[str]] = {}
    for seed in seeds:
        known.setdefault(seed.model, set()).add(seed.slug)
    for seed in seeds:
        for name, slugs in seed.links.items():
            target = _related(seed.model, name)
            if unknown := set(slugs) - known.get(target, set()):
                missing = unknown - set(target._default_manager.filter(slug__in=unknown).values_list("slug", flat=True))
                for slug in sorted(missing):
                    raise seed.error(name, _("there is no %(kind)s “%(slug)s”") % {"kind": _kind(target), "slug": slug})


def save(seed: Seed) -> Document:
    """Writes the draft with its parts, but not its relations, which may lead to documents that come later."""
    document = seed.model(slug=seed.slug, **seed.fields)
    required = [(n, s) for n, s in seed.links.items() if isinstance(seed.model._meta.get_field(n), models.ForeignKey)]
    for name, slugs in required:
        setattr(document, name, _related(seed.model, name)._default_manager.get(slug=slugs[0]))
    _full_clean(seed, document, "")
    document.save()
    for name, rows in seed.rows.items():
        relation = seed.model._meta.get_field(name)
        row_model = relation.related_model
        has_order = any(f.name == "order" for f in row_model._meta.get_fields())  # type: ignore[union-attr]
        for index, values in enumerate(rows):
            extra = {"order": index} if has_order else {}
            row = row_model(**{relation.field.name: document}, **values, **extra)  # type: ignore[union-attr,misc,operator]
            _full_clean(seed, row, f"{name}.{index}.")
            row.save()
    return document


def link(seed: Seed, document: Document) -> None:
    for name, slugs in seed.links.items():
        field = seed.model._meta.get_field(name)
        if not isinstance(field, models.ManyToManyField):
            continue
        by_slug = {d.slug: d for d in _related(seed.model, name)._default_manager.filter(slug__in=slugs)}
        for order, slug in enumerate(slugs):
            auto = field.remote_field.through._meta.auto_created  # type: ignore[union-attr]
            getattr(document, name).add(by_slug[slug], through_defaults=None if auto else {"order": order})


def _full_clean(seed: Seed, instance: models.Model, prefix: str) -> None:
    try:
        instance.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            key = next(
                (k for k in (prefix + name, prefix + name.rsplit("_", 1)[0], prefix[:-1]) if k in seed.lines), ""
            )
            key = next((prefix + k for k in _bases(name) if prefix + k in seed.lines), key)
            raise seed.error(key, f"{name}: {' '.join(messages)}") from error


def _bases(name: str) -> Iterator[str]:
    yield name
    for language in LANGUAGES:
        suffix = "_" + language.replace("-", "_")
        if name.endswith(suffix):
            yield f"{name.removesuffix(suffix)}.{language}"
            yield name.removesuffix(suffix)


def _related(model: type[models.Model], name: str) -> type[models.Model]:
    related = model._meta.get_field(name).related_model
    assert isinstance(related, type)
    return related


def _kind(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


class _Reader:
    def __init__(self, model: type[Document], path: Path) -> None:
        self.model = model
        self.path = path
        self.lines: dict[str, int] = {}

    def error(self, node: yaml.Node | yaml.Mark | None, reason: str) -> SeedError:
        mark = node.start_mark if isinstance(node, yaml.Node) else node
        return SeedError(self.path, mark.line + 1 if mark else 1, reason)

    def read(self) -> Seed:
        try:
            root = yaml.compose(self.path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            raise self.error(None, _("not UTF-8")) from error
        except yaml.MarkedYAMLError as error:
            raise self.error(error.problem_mark, error.problem or str(error)) from error
        except yaml.YAMLError as error:
            raise self.error(None, str(error)) from error
        spec = self.model.snapshot
        fields: dict[str, Any] = {}
        links: dict[str, list[str]] = {}
        rows: dict[str, list[dict[str, Any]]] = {}
        plain = {*spec.values, *ENVELOPE}
        for key, node in self.mapping(root, ""):
            if key in spec.links:
                single = isinstance(self.model._meta.get_field(key), models.ForeignKey)
                links[key] = [self.text(node)] if single else [self.text(item) for item in self.sequence(node)]
                if len(set(links[key])) < len(links[key]):
                    raise self.error(node, _("%(key)s: the same twice") % {"key": key})
            elif key in spec.rows:
                row_model = _related(self.model, key)
                rows[key] = [self.row(row_model, item, f"{key}.{i}.") for i, item in enumerate(self.sequence(node))]
            else:
                fields |= self.field(self.model, key, node, plain, "")
        self.lines.setdefault("", 1)
        return Seed(self.model, self.path, self.path.stem, fields, links, rows, self.lines)

    def row(self, model: type[models.Model], node: yaml.Node, prefix: str) -> dict[str, Any]:
        self.lines[prefix[:-1]] = node.start_mark.line + 1
        values: dict[str, Any] = {}
        for key, value in self.mapping(node, prefix):
            values |= self.field(model, key, value, set(row_values(model)), prefix)
        return values

    def field(
        self, model: type[models.Model], key: str, node: yaml.Node, plain: set[str], prefix: str
    ) -> dict[str, Any]:
        """One key as model field names and values, each language's on its own."""
        if key in plain:
            return {key: self.text(node)}
        if key not in translated_fields(model):
            raise self.error(node, _("%(kind)s has no “%(key)s”") % {"kind": _kind(model), "key": key})
        texts = dict(self.mapping(node, f"{prefix}{key}."))
        if set(texts) != set(LANGUAGES):
            raise self.error(node, _("%(key)s: needs %(languages)s") % {"key": key, "languages": ", ".join(LANGUAGES)})
        try:
            is_rich = isinstance(model._meta.get_field(key), RichTextField)
        except FieldDoesNotExist:  # pragma: no cover  (modeltranslation lists fields of the model only)
            is_rich = False
        return {
            build_localized_fieldname(key, language): self.rich(text) if is_rich else self.text(text)
            for language, text in texts.items()
        }

    def mapping(self, node: yaml.Node | None, prefix: str) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, _("keys with values are expected here"))
        seen = set()
        for key_node, value in node.value:
            key = self.text(key_node)
            if key in seen:
                raise self.error(key_node, _("%(key)s: given twice") % {"key": key})
            seen.add(key)
            self.lines[prefix + key] = key_node.start_mark.line + 1
            yield key, value

    def sequence(self, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, _("a list is expected here"))
        return node.value

    def text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, _("a text is expected here"))
        return node.value.strip()

    def rich(self, node: yaml.Node) -> str:
        text = self.text(node)
        first_line = node.start_mark.line + (1 if getattr(node, "style", None) in {"|", ">"} else 0)
        tokens = MARKDOWN.parse(text)
        for token in tokens:
            line = first_line + (token.map[0] if token.map else 0)
            for part in [token, *(token.children or [])]:
                name = part.type.removesuffix("_open").removesuffix("_close")
                if name == "softbreak":
                    raise SeedError(
                        self.path, line + 1, _("a paragraph stands on one line; leave a blank line between two")
                    )
                if name not in RICH_TOKENS or (name == "heading" and part.tag not in {"h2", "h3"}):
                    raise SeedError(self.path, line + 1, _("rich text has no %(name)s") % {"name": part.tag or name})
        return MARKDOWN.render(text).strip()
