"""The acts that move an edition: submit, sign off, ask for changes, publish, withdraw.

Each is one transaction, asks first whether this person may do it now, and raises `Refused` with what to do instead.
"""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from modeltranslation.utils import build_localized_fieldname

from . import gate, signals, snapshot
from .models import (
    OPEN,
    ChangeKind,
    Document,
    Edition,
    EditionQuerySet,
    Event,
    Link,
    Override,
    Role,
    SignOff,
    State,
    Verdict,
    latest_review,
)

P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """An act that this person may not do, or not now. The message says, in the reader's language, what to do."""


class Act(models.TextChoices):
    """What can be done to an edition: knows its label, who may do it and in which states."""

    SIGN_MEDICAL = "sign_medical", gettext_lazy("Sign as medical reviewer")
    SIGN_LANGUAGE = "sign_language", gettext_lazy("Sign as language reviewer")
    REQUEST_CHANGES = "request_changes", gettext_lazy("Ask for changes")
    PUBLISH = "publish", gettext_lazy("Publish")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw")

    @property
    def needs_words(self) -> bool:
        """Whether a comment or a reason has to be given."""
        return self in {Act.REQUEST_CHANGES, Act.WITHDRAW}

    def refusal(self, user: Any, edition: Edition) -> str:
        """Why this person may not do it to this edition now; "" when they may."""
        match self:
            case Act.SIGN_MEDICAL:
                return _refuse_signing(user, edition, Role.MEDICAL)
            case Act.SIGN_LANGUAGE:
                return _refuse_signing(user, edition, Role.LANGUAGE)
            case Act.REQUEST_CHANGES:
                if not reviewing_roles(user, edition):
                    return _("Only a reviewer of this language asks for changes.")
                if edition.state not in {State.IN_REVIEW, State.APPROVED}:
                    return _("Changes can be asked for only while an edition is in review or approved.")
            case Act.PUBLISH:
                if not user.has_perm("publishing.publish"):
                    return _("Only a publisher publishes.")
                if edition.state == State.IN_REVIEW:
                    roles = [str(Role(role).label) for role in missing_roles(edition)]
                    return _("Not signed yet by: %(roles)s.") % {"roles": get_text_list(roles, _("and"))}
                if edition.state != State.APPROVED:
                    return _("Only an approved edition can be published.")
            case Act.WITHDRAW:
                if not user.has_perm("publishing.withdraw"):
                    return _("Only a publisher withdraws.")
                if edition.live_from is None or is_over(edition):  # a withdrawal at a time can still be made sooner
                    return _("Only an edition that is live or scheduled can be withdrawn.")
        return ""


def available(user: Any, edition: Edition) -> list[Act]:
    return [act for act in Act if not act.refusal(user, edition)]


def reviewing_roles(user: Any, edition: Edition) -> list[Role]:
    """In which of the roles that this edition asks for the person may speak; never for an edition of their own."""
    if user.pk == edition.author_id:
        return []
    return [role for role in Role if role in edition.required_roles and _may_sign(user, role, edition.language)]


def missing_roles(edition: Edition) -> list[str]:
    signed = {
        s.role for s in edition.sign_offs.all() if s.verdict == Verdict.APPROVE and s.signer_id != edition.author_id
    }
    return sorted(edition.required_roles - signed)


def may_submit(user: Any, language: str) -> bool:
    return language in dict(settings.LANGUAGES) and user.has_perm(f"publishing.submit_{language.replace('-', '_')}")


def is_over(edition: Edition) -> bool:
    """Whether its time has run out, or was cancelled before it came."""
    return (
        edition.live_from is not None
        and edition.live_until is not None
        and edition.live_until <= max(timezone.now(), edition.live_from)
    )


def atomic_on_fresh_row(act: Callable[Concatenate[Edition, P], R]) -> Callable[Concatenate[Edition, P], R]:
    """Runs an act in a transaction, on the edition as the database has it now, locked until the transaction ends.

    SQLite knows no row locks and needs none: its transactions are IMMEDIATE, so there is one writer at a time.
    """

    @wraps(act)
    def wrapper(edition: Edition, *args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            lock_document(edition.model, edition.object_id)
            edition.refresh_from_db()
            return act(edition, *args, **kwargs)

    return wrapper


def lock_document(model: type[Document], object_id: int) -> Document | None:
    """The draft's row, locked: all acts on editions of one document queue up here, so that they never deadlock."""
    return model._base_manager.select_for_update().filter(pk=object_id).first()


@transaction.atomic
def submit(
    document: Document, language: str, by: Any, *, change_kind: str = ChangeKind.CLINICAL, note: str = ""
) -> Edition:
    """Freezes one language of the draft, as it is in the database, into a new edition in review."""
    content_type = ContentType.objects.get_for_model(document)
    fresh = lock_document(type(document), document.pk)
    if fresh is None:
        raise Refused(_("This was deleted in the meantime."))
    document = fresh
    if not may_submit(by, language):
        raise Refused(_("You may not send this language for review."))
    refuse_incomplete(document, language)

    snapshot.prefetch([document])  # for a translation, its source is frozen as well
    content = snapshot.freeze(document, language)
    digest = snapshot.digest(content)
    earlier = list(Edition.objects.of(document).filter(language=language).order_by("-number").defer("content"))
    standing = next((e for e in earlier if e.state in {*OPEN, State.PUBLISHED}), None)
    source = None if language == document.source_language else source_edition_for(document)
    said = (digest, document.next_review, source.pk if source else None)
    if (
        standing
        and (standing.digest, standing.review_due, standing.source_edition_id) == said
        and not is_over(standing)
    ):
        raise Refused(
            _("Nothing has changed since edition %(number)d, which is %(state)s.")
            % {"number": standing.number, "state": standing.get_state_display()}
        )

    for stale in earlier:
        if stale.state in OPEN:
            _move(stale, State.WITHDRAWN, by, Event.Kind.RETRACTED)
    assert document.next_review is not None  # refuse_incomplete
    edition = Edition.objects.create(
        content_type=content_type,
        object_id=document.pk,
        language=language,
        number=earlier[0].number + 1 if earlier else 1,
        slug=document.slug,
        title=content[document.snapshot.title],
        content=content,
        digest=digest,
        source_edition=source,
        author=by,
        change_kind=ChangeKind(change_kind),
        review_due=document.next_review,
    )
    Link.objects.bulk_create(links_of(edition, type(document)))
    Event.objects.create(edition=edition, kind=Event.Kind.SUBMITTED, by=by, reason=note)
    signals.edition_submitted.send(sender=type(document), edition=edition)
    return edition


@atomic_on_fresh_row
def sign_off(edition: Edition, by: Any, role: str, *, comment: str = "") -> SignOff:
    """One person's approval, in one role; the last one that is required makes the edition approved."""
    act = {Role.MEDICAL: Act.SIGN_MEDICAL, Role.LANGUAGE: Act.SIGN_LANGUAGE}[Role(role)]
    _refuse_unless(act, by, edition)
    if role == Role.LANGUAGE and (asking := gate.unanswered(edition)):
        said = "\n".join(str(finding.message) for finding in asking)
        raise Refused(_("Look at this first, and say beside it that you have:") + "\n" + said)
    sign_off = SignOff.objects.create(
        edition=edition, role=role, verdict=Verdict.APPROVE, signer=by, digest=edition.digest, comment=comment
    )
    Event.objects.create(edition=edition, kind=Event.Kind.SIGNED, by=by, reason=comment)
    if not missing_roles(edition):
        _set_state(edition, State.APPROVED)
    signals.edition_signed.send(sender=edition.model, edition=edition)
    return sign_off


@atomic_on_fresh_row
def request_changes(edition: Edition, by: Any, *, comment: str) -> SignOff:
    """Sends an edition back. What comes next is a new edition: this one keeps its text and its comment."""
    _refuse_unless(Act.REQUEST_CHANGES, by, edition)
    if not comment.strip():
        raise Refused(_("Say what should be changed."))
    sign_off = SignOff.objects.create(
        edition=edition,
        role=reviewing_roles(by, edition)[0],
        verdict=Verdict.REQUEST_CHANGES,
        signer=by,
        digest=edition.digest,
        comment=comment,
    )
    _move(edition, State.CHANGES_REQUESTED, by, Event.Kind.CHANGES_REQUESTED, comment)
    return sign_off


@atomic_on_fresh_row
def publish(edition: Edition, by: Any, *, at: datetime.datetime | None = None) -> Edition:
    """Makes an approved edition live, now or at a time; what was live until then ends at that very moment."""
    _refuse_unless(Act.PUBLISH, by, edition)
    now = timezone.now()
    start = at or now
    if start < now:
        raise Refused(_("That time is past. Choose a later one, or publish now."))
    if blockers := gate.standing_blockers(edition, start):
        raise Refused("\n".join(str(finding.message) for finding in blockers))
    if address_taken(edition, start):
        raise Refused(_("Another page is at this address. Choose another address and send it for review again."))

    # All of them are older: whatever was open when a newer one was sent for review was retracted then.
    for older in siblings(edition).not_over(start):
        assert older.live_from is not None  # by not_over
        if older.live_from > start:  # scheduled: an older text must not come back over a newer one
            older.live_until = older.live_from
            to = State.WITHDRAWN
        else:
            older.live_until = start
            to = State.WITHDRAWN if older.state == State.WITHDRAWN else State.SUPERSEDED
        _move(older, to, by, Event.Kind.SUPERSEDED, save=["live_until"])

    edition.live_from = start
    _move(edition, State.PUBLISHED, by, Event.Kind.PUBLISHED, save=["live_from"])
    signals.edition_published.send(sender=edition.model, edition=edition)
    return edition


@atomic_on_fresh_row
def let_pass(edition: Edition, by: Any, *, finding: str, field: str, reason: str) -> Override:
    """A reviewer's word that one blocker, of a kind that allows it, does not keep this edition from going live; or that
    they looked at what a warning asks, for which no reason is needed.
    """
    if not reviewing_roles(by, edition):
        raise Refused(_("Only a reviewer of this edition, and never its author, lets a finding pass."))
    if edition.state not in {State.IN_REVIEW, State.APPROVED}:
        raise Refused(_("This edition is not under review any more."))
    here = [f for f in gate.standing(edition) if (f.id, f.field) == (finding, field) and f.overridable]
    if not here:
        raise Refused(_("This finding is not there, or it cannot be let pass: it has to be mended."))
    if not reason.strip() and any(f.is_blocker for f in here):
        raise Refused(_("Say why it may pass: the reason stays with the edition."))
    override = Override.objects.create(edition=edition, finding=finding, field=field, by=by, reason=reason)
    Event.objects.create(edition=edition, kind=Event.Kind.OVERRIDDEN, by=by, reason=f"{finding} {field}: {reason}")
    return override


@atomic_on_fresh_row
def reopen(edition: Edition, by: Any) -> Document:
    """Takes an old edition up again as the draft. What is live stays as it is until a new edition is published."""
    document = lock_document(edition.model, edition.object_id)
    if document is None:
        raise Refused(_("Its document was deleted."))
    opts = document._meta
    if not by.has_perm(f"{opts.app_label}.change_{opts.model_name}") or not may_submit(by, edition.language):
        raise Refused(_("You may not write this language."))
    snapshot.thaw(document, edition.language, edition.content)
    Event.objects.create(edition=edition, kind=Event.Kind.REOPENED, by=by)
    return document


@atomic_on_fresh_row
def withdraw(
    edition: Edition,
    by: Any,
    *,
    reason: str,
    at: datetime.datetime | None = None,
    read_instead: Edition | None = None,
) -> Edition:
    """Takes an edition from the public, now or at a time; one that is only scheduled never goes live.

    The address answers with the reason and, if one is named, leads to another document's page to read instead.
    """
    _refuse_unless(Act.WITHDRAW, by, edition)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn: patients who come back to the address will read it."))
    now = timezone.now()
    if at is not None and at < now:
        raise Refused(_("That time is past. Choose a later one, or withdraw now."))
    assert edition.live_from is not None  # by the act
    end = max(at or now, edition.live_from)
    if edition.live_until is not None and end > edition.live_until:
        raise Refused(_("It ends before that time anyway."))
    if read_instead and (read_instead.content_type_id, read_instead.object_id) == (
        edition.content_type_id,
        edition.object_id,
    ):
        raise Refused(_("Name another page to read instead."))
    edition.live_until = end
    edition.withdrawal_reason = reason
    edition.read_instead = read_instead
    saved = ["live_until", "withdrawal_reason", "read_instead"]
    _move(edition, State.WITHDRAWN, by, Event.Kind.WITHDRAWN, reason, save=saved)
    if end == edition.live_from:
        _give_back_to_predecessor(edition, by, reason)
    signals.edition_withdrawn.send(sender=edition.model, edition=edition)
    return edition


def refuse_incomplete(document: Document, language: str) -> None:
    if missing := snapshot.missing_fields(document, language):
        names = [
            str(document._meta.get_field(build_localized_fieldname(name, language)).verbose_name)  # type: ignore[union-attr]
            for name in missing
        ]
        raise Refused(
            ngettext(
                "Still empty: %(names)s. Fill it in first.", "Still empty: %(names)s. Fill them in first.", len(names)
            )
            % {"names": get_text_list(names, _("and"))}
        )
    if document.next_review is None or document.next_review <= timezone.localdate():
        raise Refused(_("Set a next review date in the future first."))
    if document.next_review > latest_review():
        raise Refused(_("Set a next review date no later than %(date)s.") % {"date": date_format(latest_review())})


def source_edition_for(document: Document) -> Edition:
    """The source edition that a translation sent for review now is a translation of.

    The one with the draft's own source text if there is one; else the live one, else the newest that stands.
    """
    editions = Edition.objects.of(document).filter(language=document.source_language)
    standing = editions.exclude(state__in=[State.CHANGES_REQUESTED, State.WITHDRAWN])
    digest = snapshot.digest(snapshot.freeze(document, document.source_language))
    source = (
        standing.filter(digest=digest).order_by("-number").first()
        or editions.live().first()
        or standing.order_by("-number").first()
    )
    if source is None:
        raise Refused(
            _("Send %(language)s, the source language, for review first: a translation belongs to an edition of it.")
            % {"language": document.get_source_language_display()}
        )
    return source


def siblings(edition: Edition) -> EditionQuerySet:
    """The other editions of the same language of the same document."""
    return Edition.objects.filter(
        content_type_id=edition.content_type_id, object_id=edition.object_id, language=edition.language
    ).exclude(pk=edition.pk)


def address_taken(edition: Edition, at: datetime.datetime) -> bool:
    """Whether another document of the kind is, or will be, read at this address, which both languages share.

    The drafts' addresses are unique, but an address that a draft has given up lives on in its live edition. Whoever
    asks holds, until the transaction ends, all who ask for documents of the kind: else two could get one address.
    """
    ContentType.objects.select_for_update(no_key=True).get(pk=edition.content_type_id)
    others = Edition.objects.of_kind(edition.model).exclude(object_id=edition.object_id)
    return others.not_over(at).filter(slug=edition.slug).exists()


def links_of(edition: Edition, model: type[Document]) -> list[Link]:
    links = []
    for relation in model.snapshot.links:
        target = model._meta.get_field(relation).related_model
        target_type = ContentType.objects.get_for_model(target)  # type: ignore[arg-type]
        links += [
            Link(edition=edition, relation=relation, position=position, target_type=target_type, target_id=key)
            for position, key in enumerate(edition.content[relation])
        ]
    return links


def _may_sign(user: Any, role: str, language: str) -> bool:
    if role == Role.MEDICAL:
        return user.has_perm("publishing.sign_medical")
    return user.has_perm(f"publishing.sign_language_{language.replace('-', '_')}")


def _refuse_signing(user: Any, edition: Edition, role: Role) -> str:
    if role not in edition.required_roles:
        return _("The source language needs no language reviewer.")
    if not _may_sign(user, role, edition.language):
        return _("You may not sign this language as %(role)s.") % {"role": role.label}
    if user.pk == edition.author_id:
        return _("You sent this for review yourself. Someone else has to sign it.")
    if edition.state != State.IN_REVIEW:
        return _("Only an edition in review can be signed.")
    if any(s.role == role and s.signer_id == user.pk for s in edition.sign_offs.all()):
        return _("You have signed this already.")
    return ""


def _refuse_unless(act: Act, by: Any, edition: Edition) -> None:
    if reason := act.refusal(by, edition):
        raise Refused(reason)


def _give_back_to_predecessor(edition: Edition, by: Any, reason: str) -> None:
    """The edition that a cancelled one would have ended goes on, until the next one if there is another.

    One that was to be withdrawn is not among them: nobody asked for it back. Neither does one go on at an address that
    another document was given for the time after it.
    """
    assert edition.live_from is not None  # by the act
    ended = siblings(edition).filter(state=State.SUPERSEDED, live_until=edition.live_from)
    predecessor = ended.order_by("-number").first()
    if predecessor and not address_taken(predecessor, edition.live_from):
        successor = siblings(edition).not_over(edition.live_from).order_by("live_from").first()
        predecessor.live_until = successor.live_from if successor else None
        to = State.SUPERSEDED if successor else State.PUBLISHED
        _move(predecessor, to, by, Event.Kind.PUBLISHED, reason, save=["live_until"])


def _move(
    edition: Edition, to: State, by: Any, kind: Event.Kind, reason: str = "", save: list[str] | None = None
) -> None:
    _set_state(edition, to, save)
    Event.objects.create(edition=edition, kind=kind, by=by, reason=reason)


def _set_state(edition: Edition, to: State, save: list[str] | None = None) -> None:
    edition.state = to
    edition.save(update_fields=["state", *(save or [])])
