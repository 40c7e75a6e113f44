from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager
from modeltranslation.utils import build_localized_fieldname

from glossary.models import Code, Comparison, Term
from publishing.fields import RichTextField
from publishing.models import Document
from publishing.snapshot import Snapshot


class Facet(models.TextChoices):
    COURSE = "course", _("by course")
    BODY_PART = "body-part", _("by part of the body")
    SOURCE = "source", _("by source")
    SETTING = "setting", _("by situation")


class Region(models.TextChoices):
    """Where on the body it hurts; `articles.body` knows which areas of the drawing that is."""

    HEAD = "head", _("head and face")
    NECK_SHOULDER = "neck-shoulder", _("neck and shoulders")
    CHEST = "chest", _("chest")
    ABDOMEN = "abdomen", _("belly")
    CHEST_ABDOMEN = "chest-abdomen", _("chest and belly")
    BACK = "back", _("upper back")
    LOWER_BACK = "lower-back", _("lower back")
    LEG = "leg", _("hips, legs and feet")
    LOWER_BACK_LEG = "lower-back-leg", _("lower back and legs")
    ARM = "arm", _("arms and hands")
    JOINTS = "joints", _("joints, such as elbows and knees")


class Topic(Document):
    facet = models.CharField(_("facet"), max_length=10, choices=Facet.choices)
    region = models.CharField(
        _("place on the body picture"),
        max_length=15,
        choices=Region.choices,
        blank=True,
        help_text=_("Whoever touches this place on the picture of the body comes to this topic. Leave blank if none."),
    )
    name = models.CharField(_("name"), max_length=80)
    summary = models.TextField(_("summary"), help_text=_("One to three sentences."))
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("belongs under"),
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = MultilingualManager()

    snapshot = Snapshot(
        title="name",
        required=("name", "summary"),
        values=("facet", "region", "order"),
        links=("parent",),
        rows=("codes",),
        later=("region", "codes"),
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["facet", "order", "slug"]

    def clean(self) -> None:
        super().clean()
        if self.parent and self.parent.facet != self.facet:
            raise ValidationError({"parent": _("It belongs to another facet.")})
        if self.pk and any(above.pk == self.pk for above in self.ancestors()):
            raise ValidationError({"parent": _("A topic cannot stand under itself.")})

    def ancestors(self) -> Iterator["Topic"]:
        """The topics above this one, nearest first; a loop in the data ends it."""
        seen: set[int] = set()
        above = self.parent
        while above is not None and above.pk not in seen:
            yield above
            seen.add(above.pk)
            above = above.parent

    @classmethod
    def page_url(cls, slug: str) -> str:
        return reverse("articles:topic", args=[slug])


class TopicCode(Code):
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="codes", verbose_name=_("topic"))

    class Meta(Code.Meta):
        constraints = [models.UniqueConstraint(fields=["topic", "system", "code"], name="code_once_in_topic")]


def unlinked_terms() -> models.ManyToManyField:
    return models.ManyToManyField(
        Term,
        verbose_name=_("terms not linked here"),
        blank=True,
        related_name="+",
        help_text=_("Where this page mentions them, they stay plain text."),
    )


class VerdictOnMyth(models.TextChoices):
    FALSE = "false", _("False")
    PARTLY_TRUE = "partly-true", _("Partly true")
    DEPENDS = "depends", _("It depends")
    UNPROVEN = "unproven", _("Unproven")
    TRUE = "true", _("True")


class Misconception(Document):
    """A question that patients ask, the belief behind it, and the fact."""

    question = models.CharField(_("question"), max_length=200, help_text=_("As a patient would ask it."))
    misconception = models.TextField(_("misconception"), help_text=_("The belief itself, in one sentence."))
    verdict = models.CharField(_("verdict"), max_length=12, choices=VerdictOnMyth.choices)
    fact = models.TextField(_("fact"), help_text=_("One to three sentences that can stand alone."))
    explanation = RichTextField(_("why people believe it, and where it fails"), blank=True)
    advice = RichTextField(_("what to do"), blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True)
    terms = models.ManyToManyField(Term, verbose_name=_("terms"), blank=True)
    unlinked_terms = unlinked_terms()

    objects = MultilingualManager()

    snapshot = Snapshot(
        title="question",
        required=("question", "misconception", "fact"),
        values=("verdict",),
        links=("topics", "terms", "unlinked_terms"),
        rows=("references",),
        spoken=("question", "misconception"),
    )

    class Meta:
        verbose_name = _("misconception and fact")
        verbose_name_plural = _("misconceptions and facts")
        ordering = ["slug"]

    @classmethod
    def page_url(cls, slug: str) -> str:
        return reverse("articles:fact", args=[slug])


class ArticleKind(models.TextChoices):
    UNDERSTANDING = "understanding", _("understanding pain")
    CONDITION = "condition", _("illness")
    PROCEDURE = "procedure", _("treatment")
    MEDICINE = "medicine", _("medicine")
    SELF_CARE = "self-care", _("what you can do yourself")


class Article(Document):
    kind = models.CharField(_("kind"), max_length=15, choices=ArticleKind.choices)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(
        _("key message"), help_text=_("What the reader should take away, in one to three sentences.")
    )
    body = RichTextField(_("text"))
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True)
    misconceptions = models.ManyToManyField(
        Misconception, verbose_name=_("misconceptions and facts"), blank=True, through="ArticleMisconception"
    )
    comparisons = models.ManyToManyField(Comparison, verbose_name=_("comparisons"), blank=True)
    related = models.ManyToManyField("self", verbose_name=_("related articles"), blank=True, symmetrical=False)
    unlinked_terms = unlinked_terms()

    objects = MultilingualManager()

    snapshot = Snapshot(
        title="title",
        required=("title", "summary", "body"),
        values=("kind",),
        links=("topics", "misconceptions", "comparisons", "related", "unlinked_terms"),
        rows=("warnings", "figures", "questions", "references"),
        later=("figures", "questions"),
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["slug"]

    @classmethod
    def page_url(cls, slug: str) -> str:
        return reverse("articles:article", args=[slug])


class ArticleMisconception(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="misconception_rows")
    misconception = models.ForeignKey(
        Misconception, on_delete=models.PROTECT, related_name="+", verbose_name=_("misconception and fact")
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("misconception and fact")
        verbose_name_plural = _("misconceptions and facts")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "misconception"], name="misconception_once_per_article"),
        ]

    def __str__(self) -> str:
        return str(self.order)


class Urgency(models.TextChoices):
    CAUTION = "caution", _("Take care")
    URGENT = "urgent", _("Urgent: see a doctor today")
    EMERGENCY = "emergency", _("Emergency: get help now")


class Warning(models.Model):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="warnings", verbose_name=_("article"))
    level = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, default=Urgency.CAUTION)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"))
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = MultilingualManager()

    frozen_values = ("level",)

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.get_level_display()


class Drawing(models.TextChoices):
    """Each is a template without words; its numbers are explained by the figure that shows it."""

    THREE_STEPS = "three-steps", _("three steps, from mild to severe pain (3 numbers)")
    BLOCK_AND_CLOSURE = "block-and-closure", _("where a closure injection and a nerve block go in (4 numbers)")
    PCEA = "pcea", _("pain pump with a tube to the epidural space (5 numbers)")

    @property
    def numbers(self) -> int:
        return {Drawing.THREE_STEPS: 3, Drawing.BLOCK_AND_CLOSURE: 4, Drawing.PCEA: 5}[self]


class Figure(models.Model):
    """A drawing and what it says: all its words are here, so that they are signed with the article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="figures", verbose_name=_("article"))
    picture = models.CharField(_("picture"), max_length=20, choices=Drawing.choices)
    caption = models.CharField(_("caption"), max_length=120, help_text=_("What the picture shows, in one line."))
    legend = models.TextField(_("legend"), help_text=_("One line for each number in the picture, in their order."))
    description = models.TextField(
        _("description"),
        help_text=_("The whole picture in words, for people who cannot see it."),
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = MultilingualManager()

    frozen_values = ("picture",)
    texts_of_lines = ("legend",)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.get_picture_display()

    def clean(self) -> None:
        """In the source language only: whoever exchanges the picture may not be able to write the other one."""
        super().clean()
        if self.picture not in Drawing.values or not hasattr(self, "article"):
            return
        name = build_localized_fieldname("legend", self.article.source_language)
        lines, numbers = len(legend_lines(getattr(self, name) or "")), Drawing(self.picture).numbers
        if lines != numbers:
            message = _("Numbers in the picture: %(numbers)d, lines here: %(lines)d.")
            raise ValidationError({name: message % {"numbers": numbers, "lines": lines}})


def legend_lines(legend: str) -> list[str]:
    return [line.strip() for line in legend.splitlines() if line.strip()]


class Question(models.Model):
    """What the reader may want to ask the doctor."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="questions", verbose_name=_("article"))
    text = models.CharField(_("question"), max_length=200, help_text=_("As a patient would ask it."))
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = MultilingualManager()

    class Meta:
        verbose_name = _("question to ask the doctor")
        verbose_name_plural = _("questions to ask the doctor")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order + 1}"


class Reference(models.Model):
    """Where a claim comes from."""

    citation = models.CharField(_("citation"), max_length=400, help_text=_("Author, title, where it appeared."))
    claim = models.CharField(_("supports"), max_length=400, blank=True, help_text=_("Which claim it supports."))
    url = models.URLField(_("link"), max_length=400, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, validators=[MinValueValidator(1800), MaxValueValidator(2100)]
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    frozen_values = ("url", "year")

    class Meta:
        abstract = True
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order + 1}"


class ArticleReference(Reference):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="references", verbose_name=_("article"))

    objects = MultilingualManager()


class MisconceptionReference(Reference):
    misconception = models.ForeignKey(
        Misconception, on_delete=models.CASCADE, related_name="references", verbose_name=_("misconception and fact")
    )

    objects = MultilingualManager()
