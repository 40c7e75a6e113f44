"""How units follow the drafts, whoever writes these: the desk, a form of the admin, an import or the seed.

A draft, or a row of one, brings its units along when it is saved, in the same transaction. What is written past
`save()` is caught up with after `migrate`, and for one document whenever its desk is opened.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models, transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname
from reversion.revisions import get_user, is_active

from publishing import richtext, signals, snapshot
from publishing.fields import RichTextField
from publishing.models import Document, Edition, Role, Verdict

from . import memory
from .models import State, Translation, Unit


class Relation(NamedTuple):
    """How a kind of row belongs to a kind of document."""

    name: str
    """As the document calls its rows."""
    owner: str
    """The column of the row that says whose it is."""
    model: type[Document]


# What a draft says ----------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """One translated field of a draft or of one of its rows."""

    key: str
    instance: models.Model
    field: str
    is_rich: bool

    def text(self, language: str) -> str:
        """As an edition would freeze it; "" for what is blank."""
        value = getattr(self.instance, build_localized_fieldname(self.field, language)) or ""
        return "" if richtext.is_blank(value) else value if self.is_rich else richtext.clean_text(value)


def parts(document: Document) -> Iterator[Part]:
    """In the order of the page's form: the document's own, then its rows."""
    yield from _parts(document, "")
    for name in document.snapshot.rows:
        for row in getattr(document, name).all():
            yield from _parts(row, _prefix(name, row))


def _parts(instance: models.Model, prefix: str) -> Iterator[Part]:
    model = type(instance)
    for name in snapshot.translated_fields(model):
        yield Part(prefix + name, instance, name, isinstance(model._meta.get_field(name), RichTextField))


def _prefix(name: str, row: models.Model) -> str:
    return f"{name}.{row.pk}."


# Following ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def follow(
    document: Document, found: Iterable[Part] | None = None, there: dict[str, Translation] | None = None
) -> None:
    """Brings the units of these parts to what the draft says, in every language that it is translated to.

    `there`: its translations, where they are known.
    """
    found = list(parts(document) if found is None else found)
    there = _translations(document) if there is None else there
    for language in document.translation_languages:
        _follow(document, there.get(language) or _begun(document, language), found)


def _follow(document: Document, translation: Translation, found: list[Part]) -> None:
    language = translation.language
    is_new = translation.pk is None
    is_changed = is_new or translation.title != _title(document)
    translation.title = _title(document)
    known = {} if is_new else {unit.key: unit for unit in translation.units.filter(key__in=[p.key for p in found])}
    made: list[Unit] = []
    kept: list[Unit] = []
    gone: list[int] = []
    for part in found:
        source, target = part.text(document.source_language), part.text(language)
        unit = known.get(part.key) or Unit(translation=translation, key=part.key, is_rich=part.is_rich)
        if not source and not target:
            gone += [] if unit.pk is None else [unit.pk]
        elif unit.follow(source, target, get_user() if is_active() else None):
            (kept if unit.pk else made).append(unit)
    if is_new:
        translation.count(made)
        translation.save()
    Unit.objects.bulk_create(made)
    for unit in kept:
        unit.save()
    if gone:
        Unit.objects.filter(pk__in=gone).delete()
    if made or kept or gone:
        translation.changed_at = timezone.now()
    if not is_new and (made or kept or gone or is_changed):
        translation.count()
        translation.save()


def _translations(document: Document) -> dict[str, Translation]:
    kind = ContentType.objects.get_for_model(document)
    found = Translation.objects.filter(content_type=kind, object_id=document.pk)
    return {translation.language: translation for translation in found}


def _begun(document: Document, language: str) -> Translation:
    """Not saved yet. Who saves a draft holds its row, so there are no two who begin one."""
    kind = ContentType.objects.get_for_model(document)
    return Translation(
        content_type=kind, object_id=document.pk, language=language, source_language=document.source_language
    )


def _title(document: Document) -> str:
    return document.text(document.snapshot.title, document.source_language) or document.slug


@cache
def relations() -> dict[type[models.Model], Relation]:
    """The kinds of row that hold translated texts."""
    found = {}
    for model in documents():
        for name in model.snapshot.rows:
            relation: Any = model._meta.get_field(name)
            if snapshot.translated_fields(relation.related_model):
                found[relation.related_model] = Relation(name, relation.field.name, model)
    return found


def documents() -> list[type[Document]]:
    return [model for model in apps.get_models() if issubclass(model, Document)]


_is_waiting: ContextVar[bool] = ContextVar("is_waiting", default=False)


@contextmanager
def once(document: Document) -> Iterator[None]:
    """Follows when all of a document that is saved within it is saved, instead of part by part."""
    token = _is_waiting.set(True)
    try:
        yield
    finally:
        _is_waiting.reset(token)
    follow(document)


def document_saved(sender: type[models.Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not issubclass(sender, Document) or _is_waiting.get():
        return
    there = _translations(instance)
    other = [each.pk for each in there.values() if each.source_language != instance.source_language]
    if other:  # what was the source is the translation now
        Translation.objects.filter(pk__in=other).delete()
        follow(instance)
    else:
        follow(instance, None if raw else _parts(instance, ""), there)


def row_saved(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    if (relation := relations().get(sender)) and not _is_waiting.get():
        # An earlier draft may bring its rows back before itself; then its own saving follows them all.
        with suppress(ObjectDoesNotExist):
            follow(getattr(instance, relation.owner), _parts(instance, _prefix(relation.name, instance)))


def document_deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    if issubclass(sender, Document):
        kind = ContentType.objects.get_for_model(sender)
        Translation.objects.filter(content_type=kind, object_id=instance.pk).delete()


def row_deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    if relation := relations().get(sender):
        kind = ContentType.objects.get_for_model(relation.model)
        owner = relation.model._meta.get_field(relation.name).field.attname  # type: ignore[union-attr]
        translations = Translation.objects.filter(content_type=kind, object_id=getattr(instance, owner))
        for translation in translations:
            deleted, _each = translation.units.filter(key__startswith=_prefix(relation.name, instance)).delete()
            if deleted:
                translation.changed_at = timezone.now()  # so that pages that are open ask
                translation.count()
                translation.save()


# What was signed and published ----------------------------------------------------------------------------------------


def edition_signed(sender: type[Document], edition: Edition, **kwargs: Any) -> None:
    """A language reviewer's signature approves every text that it stands under, if both are still the same."""
    if edition.source_edition_id is None:
        return
    said = edition.sign_offs.filter(role=Role.LANGUAGE, verdict=Verdict.APPROVE).order_by("-pk").first()
    if said:
        _bring(edition, State.REVIEWED, said.signer_id, [State.TRANSLATED])


def edition_published(sender: type[Document], edition: Edition, **kwargs: Any) -> None:
    _bring(edition, State.FINAL, None, [State.TRANSLATED, State.REVIEWED])


def _bring(edition: Edition, to: State, signer: int | None, states: list[State]) -> None:
    if edition.source_edition is None:
        return
    source = _texts(edition.source_edition)
    target = _texts(edition)
    translation = Translation.objects.filter(
        content_type_id=edition.content_type_id, object_id=edition.object_id, language=edition.language
    ).first()
    if translation is None:
        return
    same = [
        unit
        for unit in translation.units.filter(state__in=states, is_outdated=False)
        if (unit.source, unit.target) == (source.get(unit.key), target.get(unit.key))
    ]
    values: dict[str, Any] = {"state": to, "is_returned": False}
    if signer:
        values |= {"approved_by": signer, "approved_at": timezone.now()}
    translation.units.filter(pk__in=[unit.pk for unit in same]).update(**values)
    if news := [unit for unit in same if unit.state == State.TRANSLATED or unit.is_returned]:
        teach(translation, news)
        translation.count()
        translation.save()


def teach(translation: Translation, units: Iterable[Unit]) -> None:
    """The memory learns what was approved."""
    if texts := [memory.Approved(unit.key, unit.source, unit.target, unit.is_rich) for unit in units]:
        of = translation.content_type_id, translation.object_id
        memory.learn_document(*of, texts, translation.source_language, translation.language)


def _texts(edition: Edition) -> dict[str, str]:
    return {key: text for key, text, _is_rich in snapshot.texts(edition.model, edition.content)}


# Catching up ----------------------------------------------------------------------------------------------------------


def catch_up(using: str = "default", **kwargs: Any) -> None:
    """Receiver of `post_migrate`: documents that were there before their units."""
    there = set(connections[using].introspection.table_names())
    if {Translation._meta.db_table, Unit._meta.db_table, Edition._meta.db_table} - there:
        return  # one app's migrations alone, or backwards
    for model in documents():
        if model._meta.db_table in there:
            kind = ContentType.objects.get_for_model(model)
            known = Translation.objects.filter(content_type=kind).values("object_id")
            for document in model._default_manager.exclude(pk__in=known).iterator():
                _begin(document)


def _begin(document: Document) -> None:
    """What was published translates the edition that it belongs to, whatever the draft has become since."""
    follow(document)
    published = document.editions.filter(source_edition__isnull=False, live_from__isnull=False).order_by("number")
    for language, edition in {edition.language: edition for edition in published}.items():
        assert edition.source_edition is not None
        source, target = _texts(edition.source_edition), _texts(edition)
        translation = Translation.objects.get(
            content_type_id=edition.content_type_id, object_id=edition.object_id, language=language
        )
        for unit in translation.units.all():
            if unit.target and unit.target == target.get(unit.key):
                unit.pieces, unit.target, now = [], "", unit.source
                for text in (source.get(unit.key, ""), now):
                    unit.follow(text, target[unit.key])
                unit.state = State.FINAL
                unit.save()
        translation.count()
        translation.save()


def connect() -> None:
    for receiver, signal in (
        (document_saved, post_save),
        (row_saved, post_save),
        (document_deleted, post_delete),
        (row_deleted, post_delete),
    ):
        signal.connect(receiver, dispatch_uid=f"translations.{receiver.__name__}")
    signals.edition_signed.connect(edition_signed, dispatch_uid="translations.edition_signed")
    signals.edition_published.connect(edition_published, dispatch_uid="translations.edition_published")
