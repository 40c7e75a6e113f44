"""Seed content: reads a document from a YAML file that a clinician can review, and says where a mistake stands.

One file per document, named after its slug. A key is a field of the model; a translated field is a mapping with a text
per language; a text of several lines, such as a figure's legend, is a list of them; rich text is Markdown, a paragraph
a line; a relation is a list of slugs; a part (an inline) is a list of mappings. Everything is read as text: YAML's
guesses at numbers and dates are not asked for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from modeltranslation.utils import build_localized_fieldname

from . import richtext
from .fields import RichTextField
from .models import Document, Edition
from .snapshot import row_values, translated_fields

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ENVELOPE = ("source_language", "next_review")
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
RICH_TOKENS = {
    "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "strong", "link", "inline",
    "text", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
HTML = re.compile(r"<[a-zA-Z/!?]")
LINK = re.compile(r"https?://|mailto:|tel:|/(?!/)")


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
    """Where each key stands: `name`, `name.language`; a relation's as `name.slug`, a part's as `name.index.key`."""

    def error(self, key: str, reason: str) -> SeedError:
        return SeedError(self.path, self.lines.get(key, 1), reason)


def read(model: type[Document], folder: Path) -> list[Seed]:
    """All seeds of a kind, by file name; the first mistake raises `SeedError`."""
    if not folder.is_dir():
        raise SeedError(folder, 1, _("there is no such folder"))
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return [_Reader(model, path).read() for path in paths]


def find(model: type[models.Model], slug: str) -> Any:
    """The document, or None; also one that was published under this address and has another one now."""
    documents: Any = model._default_manager
    if document := documents.filter(slug=slug).first():
        return document
    editions = Edition.objects.of_kind(model).filter(slug=slug)  # type: ignore[arg-type]
    return documents.filter(pk__in=editions.values("object_id")).first()


def refuse_unknown_slugs(seeds: Iterable[Seed]) -> None:
    """Every relation must lead to a document that is in the files or in the database already."""
    seeds = list(seeds)
    known = {(seed.model, seed.slug) for seed in seeds}
    for seed in seeds:
        for name, slugs in seed.links.items():
            target = _related(seed.model, name)
            for slug in slugs:
                if (target, slug) not in known and find(target, slug) is None:
                    missing = _("there is no %(kind)s “%(slug)s”") % {"kind": _kind(target), "slug": slug}
                    raise seed.error(f"{name}.{slug}", missing)


def save(seed: Seed) -> Document:
    """Writes the draft with its parts, but not its relations, which may lead to documents that come later."""
    document = seed.model(slug=seed.slug, **seed.fields)
    required = [(n, s) for n, s in seed.links.items() if isinstance(seed.model._meta.get_field(n), models.ForeignKey)]
    for name, slugs in required:
        setattr(document, name, find(_related(seed.model, name), slugs[0]))
    _full_clean(seed, document, "")
    document.save()
    for name, rows in seed.rows.items():
        relation = seed.model._meta.get_field(name)
        row_model = relation.related_model
        has_order = any(f.name == "order" for f in row_model._meta.get_fields())  # type: ignore[union-attr]
        for index, values in enumerate(rows):
            extra = {"order": index} if has_order else {}
            row = row_model(**{relation.field.name: document}, **values, **extra)  # type: ignore[union-attr,misc]
            _full_clean(seed, row, f"{name}.{index}.")
            row.save()
    return document


def link(seed: Seed, document: Document) -> None:
    for name, slugs in seed.links.items():
        field = seed.model._meta.get_field(name)
        if not isinstance(field, models.ManyToManyField):
            continue
        auto = field.remote_field.through._meta.auto_created  # type: ignore[union-attr]
        for order, slug in enumerate(slugs):
            target = find(_related(seed.model, name), slug)
            getattr(document, name).add(target, through_defaults=None if auto else {"order": order})


def _full_clean(seed: Seed, instance: models.Model, prefix: str) -> None:
    try:
        # Without the base columns, which read whichever language is active.
        instance.full_clean(exclude=translated_fields(type(instance)))
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        keys = [*(prefix + key for key in _bases(name)), prefix[:-1]]
        key = next((key for key in keys if key in seed.lines), "")
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
        self.lines: dict[str, int] = {"": 1}

    def error(self, at: yaml.Node | yaml.Mark | int | None, reason: str) -> SeedError:
        """At a line, counted from one, or at something that YAML has marked."""
        if not isinstance(at, int):
            mark = at.start_mark if isinstance(at, yaml.Node) else at
            at = mark.line + 1 if mark else 1
        return SeedError(self.path, at, reason)

    def read(self) -> Seed:
        if self.path.suffix != ".yaml":
            raise self.error(None, _("only files whose name ends in .yaml belong here"))
        spec = self.model.snapshot
        fields: dict[str, Any] = {}
        links: dict[str, list[str]] = {}
        rows: dict[str, list[dict[str, Any]]] = {}
        for key, node in self.mapping(self.root(), ""):
            if key in spec.links:
                is_single = isinstance(self.model._meta.get_field(key), models.ForeignKey)
                links[key] = self.slugs(key, [node] if is_single else self.sequence(node))
            elif key in spec.rows:
                row_model = _related(self.model, key)
                rows[key] = [self.row(row_model, item, f"{key}.{i}.") for i, item in enumerate(self.sequence(node))]
            else:
                fields |= self.field(self.model, key, node, {*spec.values, *ENVELOPE}, "")
        self.refuse_incomplete(self.model, "")
        return Seed(self.model, self.path, self.path.stem, fields, links, rows, self.lines)

    def root(self) -> yaml.Node | None:
        raw = self.path.read_bytes()
        try:
            return yaml.compose(raw.decode(), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            raise self.error(raw.count(b"\n", 0, error.start) + 1, _("not UTF-8")) from error
        except yaml.reader.ReaderError as error:
            line = raw.decode().count("\n", 0, error.position) + 1
            raise self.error(line, _("a character that no text can hold")) from error
        except yaml.MarkedYAMLError as error:
            raise self.error(error.problem_mark, error.problem or str(error)) from error

    def row(self, model: type[models.Model], node: yaml.Node, prefix: str) -> dict[str, Any]:
        self.lines[prefix[:-1]] = node.start_mark.line + 1
        values: dict[str, Any] = {}
        for key, value in self.mapping(node, prefix):
            values |= self.field(model, key, value, set(row_values(model)), prefix)
        self.refuse_incomplete(model, prefix)
        return values

    def refuse_incomplete(self, model: type[models.Model], prefix: str) -> None:
        for name in translated_fields(model):
            if not model._meta.get_field(name).blank and prefix + name not in self.lines:  # type: ignore[union-attr]
                raise self.error(self.lines[prefix[:-1]], _("%(key)s: missing") % {"key": name})

    def field(
        self, model: type[models.Model], key: str, node: yaml.Node, plain: set[str], prefix: str
    ) -> dict[str, Any]:
        """One key as model field names and values, each language's on its own."""
        line = self.lines[prefix + key]
        if key in plain:
            field: Any = model._meta.get_field(key)
            try:
                return {key: field.to_python(self.text(node))}
            except ValidationError as error:
                raise self.error(line, f"{key}: {' '.join(error.messages)}") from error
        if key not in translated_fields(model):
            raise self.error(line, _("%(kind)s has no “%(key)s”") % {"kind": _kind(model), "key": key})
        texts = dict(self.mapping(node, f"{prefix}{key}."))
        if set(texts) != set(LANGUAGES):
            raise self.error(line, _("%(key)s: needs %(languages)s") % {"key": key, "languages": ", ".join(LANGUAGES)})
        field = model._meta.get_field(key)
        read = self.rich if isinstance(field, RichTextField) else self.text
        if key in getattr(model, "texts_of_lines", ()):
            read = self.text_of_lines
        values = {language: read(texts[language]) for language in LANGUAGES}
        for language, value in values.items():
            if not field.blank and richtext.is_blank(value):
                empty = _("%(key)s: no text in %(language)s") % {"key": key, "language": language}
                raise self.error(self.lines[f"{prefix}{key}.{language}"], empty)
        return {build_localized_fieldname(key, language): value for language, value in values.items()}

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

    def slugs(self, key: str, nodes: list[yaml.Node]) -> list[str]:
        found: list[str] = []
        for node in nodes:
            slug = self.text(node)
            if slug in found:
                raise self.error(node, _("%(key)s: the same twice") % {"key": key})
            found.append(slug)
            self.lines[f"{key}.{slug}"] = node.start_mark.line + 1
        return found

    def text(self, node: yaml.Node) -> str:
        value = self.scalar(node).strip()
        if "\n" in value:
            raise self.error(node, _("a text stands on one line here"))
        return value

    def text_of_lines(self, node: yaml.Node) -> str:
        return "\n".join(self.text(item) for item in self.sequence(node))

    def scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(node, _("a text is expected here"))
        if richtext.clean_text(node.value) != node.value.strip():
            raise self.error(node, _("a character that no text can hold"))
        return node.value

    def rich(self, node: yaml.Node) -> str:
        text = self.scalar(node)
        # Of a block, the text begins on the line below the key.
        line = first_line = node.start_mark.line + (2 if getattr(node, "style", None) in {"|", ">"} else 1)
        headings: set[str] = set()
        for token in MARKDOWN.parse(text):
            line = first_line + token.map[0] if token.map else line  # the cells of a table have no place of their own
            for part in [token, *(token.children or [])]:
                if reason := _refuse_markdown(part, headings):
                    raise self.error(line, reason)
                if part.type == "heading_open":
                    headings.add(part.tag)
        return MARKDOWN.render(text).strip()


def _refuse_markdown(token: Token, headings: set[str]) -> str:
    """Why rich text may not hold this after such headings; "" where it may."""
    name = token.type.removesuffix("_open").removesuffix("_close")
    if name == "softbreak":
        return _("a paragraph stands on one line; leave a blank line between two")
    if name not in RICH_TOKENS or token.tag in {"h1", "h4", "h5", "h6"}:
        return _("rich text has no %(name)s") % {"name": token.tag or name}
    if token.type == "heading_open" and token.tag == "h3" and "h2" not in headings:
        return _("a heading of the second level, ##, comes first")
    if name == "text" and HTML.search(token.content):
        return _("rich text has no HTML")
    is_broken = name == "text" and "](" in token.content
    if is_broken or (token.type == "link_open" and not LINK.match(str(token.attrs["href"]))):
        return _("a link is written [text](https://…)")
    return ""
