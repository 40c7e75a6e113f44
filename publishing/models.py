"""Documents are edited, editions are read: see docs/decisions/0001-drafts-and-editions.md."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import resolve
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname

from . import richtext

if TYPE_CHECKING:
    from .snapshot import Snapshot
    from .status import Status


def in_a_year() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=365)


def latest_review() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=settings.REVIEW_LIMIT_DAYS)


validate_slug = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    _("Use small Latin letters, digits and single hyphens, for example “what-is-pain”."),
)


class Conflict(Exception):
    """Somebody else saved the same draft in the meantime: nothing of this save was written."""


class Document(models.Model):
    """The draft of anything that is published through editions: one row, all languages.

    A subclass is registered with modeltranslation and says in `snapshot` what an edition of it holds.
    """

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        validators=[validate_slug],
        help_text=_("The last part of the page's address, the same in both languages: small letters, digits, hyphens."),
    )
    source_language = models.CharField(
        _("source language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default="zh-hans",
        help_text=_("The language this was written in. The other one is its translation."),
    )
    next_review = models.DateField(
        _("next review"),
        null=True,
        blank=True,
        default=in_a_year,
        help_text=_("When a clinician should look at this again, at most two years ahead. Patients see this date."),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    snapshot: ClassVar["Snapshot"]
    statuses: dict[str, list["Status"]]  # only where `status.attach` put them

    class Meta:
        abstract = True

    def __str__(self) -> str:
        for language in (translation.get_language(), self.source_language, *dict(settings.LANGUAGES)):
            if language in dict(settings.LANGUAGES) and (title := self.text(self.snapshot.title, language)):
                return title
        return self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves the draft unless it was saved by somebody else since it was read, then raises `Conflict`."""
        version = self.version
        try:
            with transaction.atomic(using=kwargs.get("using")):
                if not self._state.adding:
                    self._claim_version()
                super().save(*args, **kwargs)
        except BaseException:
            self.version = version  # nothing was written: the same save may be tried again
            raise

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # Without the base columns, which read whichever language is active: a draft may be in one language alone.
        base = translator.get_options_for_model(type(self)).get_field_names()
        super().clean_fields({*(exclude or ()), *base})

    def clean(self) -> None:
        super().clean()
        field = build_localized_fieldname(self.snapshot.title, self.source_language)
        errors: dict[str, Any] = {}
        if richtext.is_blank(getattr(self, field)):
            errors[field] = _("Fill this in: it is the title in the source language.")
        if self.next_review and self.next_review > latest_review():
            errors["next_review"] = _("At the latest %(date)s.") % {"date": date_format(latest_review())}
        if refusal := self._refuse_address():
            errors["slug"] = refusal
        if errors:
            raise ValidationError(errors)

    def unique_error_message(self, model_class: type[models.Model], unique_check: Sequence[str]) -> ValidationError:
        if tuple(unique_check) != ("slug",):
            return super().unique_error_message(model_class, unique_check)
        holder = model_class._default_manager.exclude(pk=self.pk).filter(slug=self.slug).first()
        message = _("“%(title)s” has this address. Choose another one.")
        return ValidationError(message, code="unique", params={"title": holder})

    def _refuse_address(self) -> str:
        """Why the address cannot be this document's; "" when it can. Drafts of the same address are unique anyway."""
        try:
            validate_slug(self.slug)
        except ValidationError:
            return ""  # said already
        if resolve(self.page_url(self.slug)).kwargs.get("slug") != self.slug:
            return str(_("Another page of this site is at this address. Choose another one."))
        if holder := Edition.objects.of_kind(type(self)).exclude(object_id=self.pk).holding(self.slug).first():
            message = _("“%(title)s” had this address, and old links lead there. Choose another one.")
            return message % {"title": holder.document}
        return ""

    def _claim_version(self) -> None:
        # One statement that compares and sets, so that of two savers exactly one wins, on every database.
        claimed = (
            type(self)._base_manager.filter(pk=self.pk, version=self.version).update(version=models.F("version") + 1)
        )
        if not claimed:
            raise Conflict(self)
        self.version += 1

    def text(self, field: str, language: str) -> str:
        """A translated field's text in one language, "" where there is none."""
        return getattr(self, build_localized_fieldname(field, language)) or ""

    @property
    def translation_languages(self) -> list[str]:
        return [code for code, _name in settings.LANGUAGES if code != self.source_language]

    @property
    def editions(self) -> "EditionQuerySet":
        # Not a GenericRelation: that would delete the record of what patients read together with the draft.
        return Edition.objects.of(self)

    @classmethod
    def page_url(cls, slug: str) -> str:
        """The public address, in the active language, of this kind of document."""
        raise NotImplementedError


class State(models.TextChoices):
    """What people decided about an edition. Whether it can be read is another matter: see `live()`."""

    IN_REVIEW = "in_review", pgettext_lazy("edition", "in review")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("edition", "changes requested")
    APPROVED = "approved", pgettext_lazy("edition", "approved")
    PUBLISHED = "published", pgettext_lazy("edition", "published")
    SUPERSEDED = "superseded", pgettext_lazy("edition", "superseded")
    WITHDRAWN = "withdrawn", pgettext_lazy("edition", "withdrawn")


OPEN = (State.IN_REVIEW, State.APPROVED)
"""Under review: somebody may still have to sign or publish it."""


class ChangeKind(models.TextChoices):
    TYPO = "typo", _("typo: spelling, punctuation, layout")
    WORDING = "wording", _("wording: says the same in other words")
    CLINICAL = "clinical", _("clinical: what patients should know or do has changed")


class Role(models.TextChoices):
    """As what a person signs."""

    MEDICAL = "medical", _("medical reviewer")
    LANGUAGE = "language", _("language reviewer")


class Verdict(models.TextChoices):
    APPROVE = "approve", _("approved")
    REQUEST_CHANGES = "request_changes", _("asks for changes")


class EditionQuerySet(models.QuerySet["Edition"]):
    def live(self, language: str | None = None, at: datetime.datetime | None = None) -> Self:
        """What patients may read at a moment: the one door between editions and everything public.

        Decided by the clock when it is asked, never by a job: published and not yet over, and its review not overdue by
        more than the grace period. Where the settings say so, neither is a translation whose source has since changed
        clinically.
        """
        at = at or timezone.now()
        review_due_after = timezone.localdate(at) - datetime.timedelta(days=settings.REVIEW_GRACE_DAYS)
        live = self.filter(
            Q(live_until__isnull=True) | Q(live_until__gt=at), live_from__lte=at, review_due__gte=review_due_after
        )
        if settings.OUTDATED_TRANSLATIONS == "hidden":
            live = live.not_outdated(at)
        return live.filter(language=language) if language else live

    def not_outdated(self, at: datetime.datetime) -> Self:
        """Without translations of a source that has changed clinically since."""
        # What is said of originals is no more than it seems: PostgreSQL asks, by the index, for translations alone, and
        # does not try to join the whole table with itself, which it did in seconds where it had no statistics yet.
        return self.filter(Q(source_edition__isnull=True) | ~self._changed_source(at))

    def outdated(self, at: datetime.datetime) -> Self:
        return self.filter(self._changed_source(at))

    def _changed_source(self, at: datetime.datetime) -> models.Exists:
        newer = self.model._default_manager.filter(
            content_type=models.OuterRef("content_type"),
            object_id=models.OuterRef("object_id"),
            language=models.OuterRef("source_edition__language"),
            number__gt=models.OuterRef("source_edition__number"),
        )
        return models.Exists(newer.was_live(at).filter(change_kind=ChangeKind.CLINICAL))

    def clinical_since(self, source: "Edition", at: datetime.datetime) -> Self:
        newer = self.filter(
            content_type_id=source.content_type_id,
            object_id=source.object_id,
            language=source.language,
            number__gt=source.number,
            change_kind=ChangeKind.CLINICAL,
        )
        return newer.was_live(at)

    def was_live(self, at: datetime.datetime) -> Self:
        """Those that could ever be read up to a moment; not those that were cancelled before their time."""
        return self.filter(live_from__lte=at).exclude(live_until=F("live_from"))

    def holding(self, slug: str) -> Self:
        """Those that give their document an address: it was, is or may yet be read there."""
        held = Q(state__in=[State.IN_REVIEW, State.APPROVED]) | Q(live_from__isnull=False)
        return self.filter(held, slug=slug).exclude(live_until=F("live_from"))

    def not_over(self, at: datetime.datetime) -> Self:
        """Live or scheduled, as far as the span goes: some of it lies after the moment."""
        ends_later = Q(live_until__gt=at) & Q(live_until__gt=F("live_from"))
        return self.filter(Q(live_until__isnull=True) | ends_later, live_from__isnull=False)

    def of(self, *documents: Document) -> Self:
        """The editions of documents of one kind."""
        if not documents:
            return self.none()
        kind = ContentType.objects.get_for_model(documents[0])
        return self.filter(content_type=kind, object_id__in=[document.pk for document in documents])

    def of_kind(self, model: type[Document]) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def pointing_to(self, edition: "Edition", *relations: str) -> Self:
        """Editions in which the document of the given edition is named under a relation, such as an article's topic."""
        return self.filter(
            links__relation__in=relations,
            links__target_type_id=edition.content_type_id,
            links__target_id=edition.object_id,
        )

    def open(self) -> Self:
        return self.filter(state__in=OPEN)


class Edition(models.Model):
    """One language of one document, frozen when it was sent for review. People sign it; patients read it.

    Nothing but the state and the span of time ever changes: `guards` holds that in the database itself.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField(_("document number"))
    document = GenericForeignKey("content_type", "object_id")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField(_("edition"))
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    content = models.JSONField(_("content"))
    digest = models.CharField(_("checksum"), max_length=64, help_text=_("SHA-256 of the content."))
    source_edition = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
        verbose_name=_("translates"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="editions", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("sent for review"), default=timezone.now)
    change_kind = models.CharField(
        _("kind of change"), max_length=10, choices=ChangeKind.choices, default=ChangeKind.CLINICAL
    )
    review_due = models.DateField(_("next review"))

    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.IN_REVIEW)
    live_from = models.DateTimeField(_("live from"), null=True, blank=True)
    live_until = models.DateTimeField(_("live until"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("why it was withdrawn"), blank=True)
    read_instead = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("what to read instead"),
        help_text=_("An edition of another page; patients are led to what is live of it."),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["content_type", "object_id", "language", "-number"]
        get_latest_by = "number"
        permissions = [
            ("submit_zh_hans", _("Can send Chinese for review")),
            ("submit_en", _("Can send English for review")),
            ("sign_medical", _("Can sign as medical reviewer")),
            ("sign_language_zh_hans", _("Can sign as language reviewer of Chinese")),
            ("sign_language_en", _("Can sign as language reviewer of English")),
            ("publish", _("Can publish")),
            ("withdraw", _("Can withdraw")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "language", "number"], name="edition_number_unique"
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "language"],
                condition=Q(state__in=["in_review", "approved"]),
                name="edition_one_open_per_language",
            ),
            models.CheckConstraint(
                condition=Q(live_until__isnull=True) | Q(live_from__isnull=False, live_until__gte=F("live_from")),
                name="edition_span_forwards",
            ),
            models.CheckConstraint(
                condition=(
                    Q(live_from__isnull=False, state__in=["published", "superseded", "withdrawn"])
                    | Q(live_from__isnull=True, state__in=["in_review", "changes_requested", "approved", "withdrawn"])
                ),
                name="edition_live_only_if_published",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(state__in=["superseded", "withdrawn"]) | Q(live_from__isnull=True) | Q(live_until__isnull=False)
                ),
                name="edition_superseded_or_withdrawn_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["language", "content_type", "slug"], name="edition_by_address"),
            models.Index(fields=["content_type", "object_id", "language", "live_from"], name="edition_by_document"),
        ]

    def __str__(self) -> str:
        return _("%(title)s (%(language)s, edition %(number)d)") % {
            "title": self.title,
            "language": self.get_language_display(),
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        with translation.override(self.language):
            return self.model.page_url(self.slug)

    @property
    def model(self) -> type[Document]:
        # From Django's own store of kinds, so that a list of editions asks for each of them once.
        model = ContentType.objects.get_for_id(self.content_type_id).model_class()
        assert model is not None, "a content type without its model"
        return model  # type: ignore[return-value]

    @property
    def kind(self) -> str:
        """The kind of document as templates name it: article, term, misconception …"""
        return ContentType.objects.get_for_id(self.content_type_id).model

    def is_live(self, at: datetime.datetime | None = None) -> bool:
        """The same rule as `EditionQuerySet.live`, for an edition in hand."""
        at = at or timezone.now()
        return self.is_in_time(at) and not (settings.OUTDATED_TRANSLATIONS == "hidden" and self.outdated_by(at))

    def is_in_time(self, at: datetime.datetime) -> bool:
        """Live as far as its own span and review date go, which no query is needed for."""
        grace = datetime.timedelta(days=settings.REVIEW_GRACE_DAYS)
        return (
            self.live_from is not None
            and self.live_from <= at
            and (self.live_until is None or at < self.live_until)
            and self.review_due >= timezone.localdate(at) - grace
        )

    @property
    def ends_at(self) -> datetime.datetime:
        """From when it is not live any more, if nobody decides anything else: by its own span or its review date."""
        day_after = self.review_due + datetime.timedelta(days=settings.REVIEW_GRACE_DAYS + 1)
        grace_ends = timezone.make_aware(datetime.datetime.combine(day_after, datetime.time.min))
        return min(self.live_until, grace_ends) if self.live_until else grace_ends

    def was_live(self, at: datetime.datetime | None = None) -> bool:
        """Whether it could ever be read up to a moment; not one that was cancelled before its time."""
        at = at or timezone.now()
        return self.live_from is not None and self.live_from <= at and self.live_until != self.live_from

    def is_withdrawn(self, at: datetime.datetime | None = None) -> bool:
        """Whether it was taken from the public, by a decision whose time has come."""
        at = at or timezone.now()
        return self.state == State.WITHDRAWN and self.live_until is not None and self.live_until <= at

    def is_review_overdue(self, at: datetime.datetime | None = None) -> bool:
        """Whether readers are told that the page is being reviewed."""
        overdue_since = self.review_due + datetime.timedelta(days=settings.REVIEW_OVERDUE_DAYS)
        return timezone.localdate(at or timezone.now()) >= overdue_since

    def outdated_by(self, at: datetime.datetime | None = None) -> "Edition | None":
        """The newest clinical change of the source that went live since the edition of it that this one translates."""
        if self.source_edition is None:
            return None
        newer = Edition.objects.clinical_since(self.source_edition, at or timezone.now())
        return newer.defer("content").order_by("-number").first()

    @property
    def is_translation(self) -> bool:
        return self.source_edition_id is not None

    @property
    def required_roles(self) -> set[str]:
        """Who must have signed: a clinician always, and a language reviewer for a translation."""
        return {Role.MEDICAL, Role.LANGUAGE} if self.is_translation else {Role.MEDICAL}


class Link(models.Model):
    """That an edition names another document; written with it, so that either end can be asked for the other."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="links", verbose_name=_("edition"))
    relation = models.CharField(_("relation"), max_length=40)
    position = models.PositiveIntegerField(_("position"))
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    target_id = models.PositiveBigIntegerField(_("document number"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["edition", "relation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "relation", "position"], name="link_position_unique"),
        ]
        indexes = [models.Index(fields=["target_type", "target_id", "relation"], name="link_by_target")]

    def __str__(self) -> str:
        return f"{self.relation} {self.position}"


class SignOff(models.Model):
    """One person's verdict on one edition, in one role. Never by the edition's author: `guards` holds that too."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="sign_offs", verbose_name=_("edition"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict.choices)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_offs", verbose_name=_("signed by")
    )
    digest = models.CharField(_("checksum"), max_length=64, help_text=_("Of the content that was signed."))
    comment = models.TextField(_("comment"), blank=True)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "role", "signer", "verdict"], name="signoff_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_verdict_display()}"


class Event(models.Model):
    """What happened to an edition, by whom, when and why: its history, in the order in which it was written."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("sent for review")
        SIGNED = "signed", _("signed")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        RETRACTED = "retracted", _("replaced by a newer submission")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")
        OVERRIDDEN = "overridden", _("a finding was let pass")
        REOPENED = "reopened", _("taken up again as the draft")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="events", verbose_name=_("edition"))
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class Override(models.Model):
    """That a reviewer let one blocker of one edition pass, by name and with a reason."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="overrides", verbose_name=_("edition"))
    finding = models.CharField(_("finding"), max_length=40)
    field = models.CharField(_("part"), max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by whom")
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "finding", "field"], name="override_once_per_finding"),
        ]

    def __str__(self) -> str:
        return self.finding


class PreviewLink(models.Model):
    """That somebody without an account may read a draft or an edition for a while: the row behind a signed address."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField(_("document number"))
    document = GenericForeignKey("content_type", "object_id")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    edition = models.ForeignKey(
        Edition,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="preview_links",
        verbose_name=_("edition"),
        help_text=_("Empty: the draft as it is when the link is opened."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.document} ({self.get_language_display()})"

    @property
    def expires_at(self) -> datetime.datetime:
        return self.created_at + datetime.timedelta(days=settings.PREVIEW_DAYS)

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class Remark(models.Model):
    """What a reader of a preview link said about the text."""

    link = models.ForeignKey(PreviewLink, on_delete=models.CASCADE, related_name="remarks", verbose_name=_("link"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    text = models.TextField(_("remark"), max_length=2000)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.name or str(self.at)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def kept(self) -> Self:
        """Not past the time for which it is kept, whether or not it was deleted yet."""
        return self.filter(at__gt=self._horizon())

    def expired(self) -> Self:
        return self.filter(at__lte=self._horizon())

    @staticmethod
    def _horizon() -> datetime.datetime:
        return timezone.now() - datetime.timedelta(days=settings.FEEDBACK_DAYS)


class Feedback(models.Model):
    """What a reader said of a live edition. Nothing in it says who."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="feedback", verbose_name=_("edition"))
    helpful = models.BooleanField(_("helpful"))
    place = models.CharField(_("part"), max_length=80, blank=True, help_text=_("Empty: the whole page."))
    heading = models.CharField(_("heading"), max_length=300, blank=True)
    remark = models.TextField(_("remark"), max_length=1000, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    done = models.BooleanField(_("done"), default=False, help_text=_("An editor has seen to it."))

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("what a reader said")
        verbose_name_plural = _("what readers said")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["done", "-at"], name="feedback_waiting")]

    def __str__(self) -> str:
        # Not the remark: what was deleted must not live on in the admin's log.
        return (
            _("helpful: %(title)s") % {"title": self.edition.title}
            if self.helpful
            else (_("not helpful: %(title)s") % {"title": self.edition.title})
        )


def editions_by_document(documents: Iterable[Document]) -> dict[int, list[Edition]]:
    """The editions, without their content, of documents of one kind, newest first, in one query."""
    found: dict[int, list[Edition]] = {}
    for edition in Edition.objects.of(*documents).defer("content").order_by("-number"):
        found.setdefault(edition.object_id, []).append(edition)
    return found
