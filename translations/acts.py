"""What people do at the desk: write, approve, send back, acknowledge, accept, assign.

Each is one transaction, asks first whether this person may do it now, and raises `Refused` with what to do instead.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import reversion
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from publishing import richtext
from publishing.models import Document
from publishing.workflow import Refused, lock_document, may_submit

from . import checking, following
from .checks.runner import Finding
from .models import Acknowledgement, Comment, State, Translation, Unit
from .rows import Row, Step


class Stale(Exception):
    """Somebody else wrote this row, or its source, in the meantime: nothing of this save was written.

    `unit` is as it is now, `row` the row that was meant, None where there is no such row any more.
    """

    def __init__(self, unit: Unit | None, row: Row | None) -> None:
        self.unit, self.row = unit, row


def seen(row: Row) -> str:
    """What a writer had before them; another one when either text of the row is another."""
    return hashlib.sha256(f"{row.source}\0{row.target}".encode()).hexdigest()[:16]


def source_of(row: Row) -> str:
    """The same for rows of the same source, whatever their place and their translation."""
    return hashlib.sha256((row.source or row.before).encode()).hexdigest()[:16]


# Who may --------------------------------------------------------------------------------------------------------------


def may_write(user: Any, translation: Translation) -> bool:
    opts = translation.model._meta
    may_change = user.has_perm(f"{opts.app_label}.change_{opts.model_name}")
    return may_change and may_submit(user, translation.language)


def may_review(user: Any, translation: Translation) -> bool:
    return user.has_perm(f"publishing.sign_language_{translation.language.replace('-', '_')}")


def may_accept(user: Any, translation: Translation) -> bool:
    """Who writes the source says whether a change of it was one of spelling alone."""
    opts = translation.model._meta
    may_change = user.has_perm(f"{opts.app_label}.change_{opts.model_name}")
    return may_change and may_submit(user, translation.source_language)


def may_assign(user: Any) -> bool:
    return user.has_perm("translations.assign")


# Writing --------------------------------------------------------------------------------------------------------------


def begin(translation: Translation) -> Document | None:
    """The draft, locked until the transaction ends, and its units as it has them; None where it was deleted."""
    document = lock_document(translation.model, translation.object_id)
    if document is not None:
        following.follow(document)
        translation.refresh_from_db()
    return document


@transaction.atomic
def write_row(
    translation: Translation, key: str, index: int, text: str, *, by: Any, seen_row: str, of: str = ""
) -> Unit:
    """One row of one text, over what the writer saw: else `Stale`, and nothing is written.

    `seen_row`, `of`: what `seen` and `source_of` said of the row when it was the one of that index.
    """
    if not may_write(by, translation):
        raise Refused(_("You may not write this language."))
    document = begin(translation)
    unit = translation.units.filter(key=key).first() if document else None
    if document is None or unit is None:
        raise Stale(None, None)
    text = _cleaned(unit, text)
    place = _place(unit, index, seen_row, of)
    # A save whose answer was lost on its way comes once more, over what it saw before: it is no conflict with itself.
    if _is_there(unit, index if place is None else place, text):
        return unit
    if place is None:
        # An empty text was meant for its own row alone: it must not be offered to another.
        raise Stale(unit, _alike(unit, index) if text else None)
    if seen(unit.rows[place]) != seen_row:
        raise Stale(unit, unit.rows[place])
    unit.write(place, text, by)
    _save(translation, document, [unit], by)
    return unit


@transaction.atomic
def write(
    translation: Translation,
    texts: dict[str, tuple[str, str]],
    *,
    by: Any,
    over: Mapping[str, str] | None = None,
    accepted: Collection[str] | None = None,
    comment: str = "",
) -> None:
    """Whole texts, by key: what each translates, as its writer saw it, and the translation. All of them or none.

    `over`: the translations that its writer saw, by key. `accepted`: of which of the texts the rows that were not
    touched, too, are said to hold for the source as it is now; else of all. `Stale` where a text is not the one that
    was seen any more.
    """
    if not may_write(by, translation):
        raise Refused(_("You may not write this language."))
    document = begin(translation)
    units = {unit.key: unit for unit in translation.units.filter(key__in=list(texts))}
    changed = []
    for key, (source, target) in texts.items():
        unit = units.get(key)
        if (
            document is None
            or unit is None
            or (unit.source, unit.target) != (source, (over or {}).get(key, unit.target))
        ):
            raise Stale(unit, None)
        is_accepted = accepted is None or key in accepted
        if unit.follow(source, _cleaned(unit, target), by) or (is_accepted and unit.is_outdated):
            if is_accepted:
                unit.accept()
            changed.append(unit)
    if document is not None and changed:
        _save(translation, document, changed, by, comment)


def _place(unit: Unit, index: int, seen_row: str, of: str) -> int | None:
    """Where the row stands now that its writer saw at that index: rows before it may have come or gone."""
    for is_meant in (lambda row: seen(row) == seen_row, lambda row: source_of(row) == of):
        if found := [place for place, row in enumerate(unit.rows) if is_meant(row)]:
            return min(found, key=lambda place: abs(place - index))
    return None


def _is_there(unit: Unit, index: int, text: str) -> bool:
    """Whether this is what is written already from that row on; it may have fallen into several when it was saved."""
    found = unit.rows[max(index, 0) :]
    if not text:
        return bool(found) and not found[0].target
    joined = ""
    for row in found:
        joined += row.target
        if row.step is not Step.DONE or not text.startswith(joined):
            return False
        if joined == text:
            return True
    return False


def _alike(unit: Unit, index: int) -> Row | None:
    return unit.rows[min(index, len(unit.rows) - 1)] if unit.rows else None


def _cleaned(unit: Unit, text: str) -> str:
    return richtext.clean(text) if unit.is_rich else ("" if richtext.is_blank(text) else richtext.clean_text(text))


def _save(translation: Translation, document: Document, units: Sequence[Unit], by: Any, comment: str = "") -> None:
    parts = {part.key: part for part in following.parts(document)}
    # A row is reached through the draft, whose version rises with it: forms of it that are open learn of the change.
    touched: dict[int, models.Model] = {id(document): document}
    for unit in units:
        part = parts.get(unit.key)
        if part is None:
            raise Stale(None, None)
        name = build_localized_fieldname(part.field, translation.language)
        field: Any = part.instance._meta.get_field(name)
        try:
            value = field.clean(unit.target, part.instance) if unit.target else ""
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        unit.target = value or ""
        unit.suggestion = unit.suggested_by = ""
        unit.save()
        setattr(part.instance, name, None if field.null and not value else value)
        touched[id(part.instance)] = part.instance
    with following.once(document), reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(comment or _("Translated at the desk."))
        for instance in touched.values():
            instance.save()
    _count(translation)


def _count(translation: Translation) -> None:
    translation.count()
    translation.changed_at = timezone.now()
    translation.save()


# Reviewing ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def approve(unit: Unit, *, by: Any, seen_digest: str, acknowledged: Iterable[str] = ()) -> Unit:
    """A language reviewer's word for both texts as they are; a change of either takes it away again.

    `acknowledged`: the findings that ask for a reviewer's word and were looked at, by id.
    """
    translation, unit = _reviewed(unit, by, seen_digest)
    if unit.written_by_id == by.pk:
        raise Refused(_("You wrote this yourself. Someone else has to approve it."))
    if not unit.target:
        raise Refused(_("This is not translated yet."))
    if unit.is_outdated:
        raise Refused(_("The source has changed since this was translated. Send it back to the translator."))
    found = findings(translation, unit)
    if blockers := [finding.message for finding in found if finding.is_blocker]:
        raise Refused(_("This has to be mended first: %(findings)s") % {"findings": " ".join(blockers)})
    asking = {finding.id for finding in found if finding.id in checking.ACKNOWLEDGED}
    known = set(unit.acknowledgements.filter(digest=unit.digest).values_list("finding", flat=True))
    if left := asking - known - set(acknowledged):
        said = " ".join(finding.message for finding in found if finding.id in left)
        raise Refused(_("Look at this first, and say that you have: %(findings)s") % {"findings": said})
    for id in asking - known:
        Acknowledgement.objects.create(unit=unit, finding=id, digest=unit.digest, by=by)
    unit.state = State.REVIEWED
    unit.is_returned = False
    unit.approved_by, unit.approved_at = by, timezone.now()
    unit.save()
    _count(translation)
    following.teach(translation, [unit])
    return unit


@transaction.atomic
def send_back(unit: Unit, *, by: Any, seen_digest: str, comment: str) -> Unit:
    """Back to the translator, who is told why; what is live stays as it is."""
    translation, unit = _reviewed(unit, by, seen_digest)
    if not comment.strip():
        raise Refused(_("Say what should be changed."))
    if not unit.target:
        raise Refused(_("This is not translated yet."))
    if unit.is_returned and _is_last(unit, comment.strip(), by, returns=True):
        return unit
    unit.state = State.TRANSLATED
    unit.is_returned = True
    unit.approved_by = unit.approved_at = None
    unit.save()
    Comment.objects.create(unit=unit, by=by, text=comment.strip(), returns=True)
    _count(translation)
    return unit


def _is_last(unit: Unit, text: str, by: Any, *, returns: bool) -> bool:
    """Whether this is what was said last: it comes again when its answer was lost on its way."""
    last = unit.comments.order_by("pk").last()
    return last is not None and (last.text, last.by_id, last.returns) == (text, by.pk, returns)


@transaction.atomic
def comment_on(unit: Unit, *, by: Any, text: str) -> None:
    translation = unit.translation
    if not (may_write(by, translation) or may_review(by, translation) or may_accept(by, translation)):
        raise Refused(_("Only who translates, reviews or edits this text comments on it."))
    if not text.strip():
        raise Refused(_("Write a comment first."))
    # So that pages that are open ask. It locks the row, too: of two that come at once one is first.
    Translation.objects.filter(pk=translation.pk).update(changed_at=timezone.now())
    if not _is_last(unit, text.strip(), by, returns=False):
        Comment.objects.create(unit=unit, by=by, text=text.strip())


def findings(translation: Translation, unit: Unit) -> list[Finding]:
    known = checking.glossary(translation.source_language, translation.language)
    return checking.findings(translation, unit.source, unit.target, is_rich=unit.is_rich, known=known)


def _reviewed(unit: Unit, by: Any, seen_digest: str) -> tuple[Translation, Unit]:
    """Both as they are now, locked; `Stale` when a text is not the one that the reviewer saw."""
    translation = Translation.objects.get(pk=unit.translation_id)
    if not may_review(by, translation):
        raise Refused(_("Only a language reviewer of this language approves or sends back."))
    begin(translation)
    fresh = translation.units.filter(pk=unit.pk).first()
    if fresh is None or fresh.digest != seen_digest:
        raise Stale(fresh, None)
    return translation, fresh


# The source changed ---------------------------------------------------------------------------------------------------


@transaction.atomic
def accept_change(document: Document, keys: Iterable[str] | None, *, by: Any) -> int:
    """A change of the source in spelling or punctuation alone: what was translated holds, in all languages.

    `keys`: of these texts, or of all. Returns how many texts need no translator any more.
    """
    kind = ContentType.objects.get_for_model(document)
    count = 0
    for translation in Translation.objects.filter(content_type=kind, object_id=document.pk):
        if not may_accept(by, translation):
            raise Refused(_("Only who writes the source says that a change of it changes no meaning."))
        begin(translation)
        outdated = translation.units.filter(is_outdated=True)
        for unit in outdated if keys is None else outdated.filter(key__in=list(keys)):
            unit.accept()
            unit.save()
            count += not unit.is_outdated
        _count(translation)
    return count


# Whose it is ----------------------------------------------------------------------------------------------------------


def assign(translation: Translation, *, to: Any, due: datetime.date | None, by: Any) -> None:
    if not may_assign(by):
        raise Refused(_("You may not assign translations."))
    if to is not None and not may_write(to, translation):
        raise Refused(_("%(name)s may not write this language.") % {"name": to})
    Translation.objects.filter(pk=translation.pk).update(assignee=to, due=due)


def take(translation: Translation, *, by: Any) -> None:
    """Makes it one's own, if it is nobody's yet."""
    if not may_write(by, translation):
        raise Refused(_("You may not write this language."))
    # One statement that compares and sets, so that of two who reach for it one gets it.
    if not Translation.objects.filter(pk=translation.pk, assignee=None).update(assignee=by):
        owner = Translation.objects.select_related("assignee").get(pk=translation.pk).assignee
        if owner != by:
            raise Refused(_("%(name)s has taken it already.") % {"name": owner})


def give_back(translation: Translation, *, by: Any) -> None:
    if translation.assignee_id != by.pk and not may_assign(by):
        raise Refused(_("Only whose it is gives it back."))
    Translation.objects.filter(pk=translation.pk).update(assignee=None)
