from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager

from publishing.fields import RichTextField
from publishing.models import Document, Edition
from publishing.snapshot import Snapshot

from . import codes


class Category(models.TextChoices):
    ANATOMY = "anatomy", _("part of the body")
    CONDITION = "condition", _("illness")
    SYMPTOM = "symptom", _("complaint")
    PROCEDURE = "procedure", _("treatment or examination")
    MEDICINE = "medicine", _("medicine")
    CONCEPT = "concept", _("idea")


class NameStatus(models.TextChoices):
    """Administrative status of a name (TBX, ISO 30042); the preferred one is the term's own name."""

    ADMITTED = "admitted", _("admitted")
    DEPRECATED = "deprecated", _("deprecated")
    FORBIDDEN = "forbidden", _("forbidden")


class Usage(models.TextChoices):
    """Where an admitted name may stand."""

    EVERYWHERE = "everywhere", _("everywhere")
    QUESTION = "question", _("only where a patient speaks, as in a question")


class Term(Document):
    """A word that patients meet, with its plain meaning and all its names in both languages."""

    name = models.CharField(_("name"), max_length=120, help_text=_("The preferred name."))
    abbreviation = models.CharField(
        _("abbreviation"), max_length=30, blank=True, help_text=_("The same in both languages, for example PCEA.")
    )
    pinyin = models.CharField(
        _("pinyin"),
        max_length=200,
        blank=True,
        help_text=_("Of the Chinese name, with tone marks. Only where the automatic reading would be wrong."),
    )
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    definition = models.CharField(
        _("short definition"),
        max_length=500,
        help_text=_("Plain words, one sentence. It is shown wherever the word stands."),
    )
    explanation = RichTextField(_("longer explanation"), blank=True)
    see_also = models.ManyToManyField("self", verbose_name=_("see also"), blank=True, symmetrical=False)

    objects = MultilingualManager()

    snapshot = Snapshot(
        title="name",
        required=("name", "definition"),
        values=("abbreviation", "pinyin", "category"),
        links=("see_also",),
        rows=("names", "contexts", "codes"),
        later=("codes",),
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["slug"]

    @classmethod
    def page_url(cls, slug: str) -> str:
        return reverse("glossary:term", args=[slug])


class Name(models.Model):
    """Another name of a term in one language, and whether it should be used."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="names", verbose_name=_("term"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=12, choices=NameStatus.choices, default=NameStatus.ADMITTED)
    usage = models.CharField(_("where"), max_length=12, choices=Usage.choices, default=Usage.EVERYWHERE)
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Why, and what to say instead."))

    frozen_values = ("language", "text", "status", "usage", "note")

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["term", "language", "text"], name="name_unique_in_term")]

    def __str__(self) -> str:
        return self.text


class ContextKind(models.TextChoices):
    NEARBY = "nearby", _("must stand nearby")
    WITHIN = "within", _("is not this term")


class Context(models.Model):
    """What tells a term from the same characters meaning something else, such as 封闭 in 封闭针 and in 封闭式."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="contexts", verbose_name=_("term"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(_("kind"), max_length=10, choices=ContextKind.choices)
    text = models.CharField(
        _("words"),
        max_length=60,
        help_text=_(
            "Nearby: the name counts only where one of these stands close by. "
            "Not this term: an expression that contains the name and means something else."
        ),
    )

    frozen_values = ("language", "kind", "text")

    class Meta:
        verbose_name = _("context")
        verbose_name_plural = _("contexts")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["term", "language", "text"], name="context_unique_in_term")]

    def __str__(self) -> str:
        return self.text


class CodeSystem(models.TextChoices):
    ICD_10 = codes.ICD_10, "ICD-10"
    SNOMED_CT = codes.SNOMED_CT, "SNOMED CT"


class Code(models.Model):
    """What a record names an illness or a complaint by: so a page is found from a patient's record (`/infobutton`)."""

    system = models.CharField(_("system"), max_length=10, choices=CodeSystem.choices, default=CodeSystem.ICD_10)
    code = models.CharField(
        _("code"),
        max_length=20,
        help_text=_("For example M54.5. A record with a longer code of ICD-10, such as M54.50, leads here too."),
    )

    frozen_values = ("system", "code")

    class Meta:
        abstract = True
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Before the check of what is unique, so that M545 is not another code than M54.5."""
        super().clean_fields(exclude)
        if exclude and "code" in exclude:
            return
        code = codes.normal(self.system, self.code)
        if not code:
            message = _("This is no code of %(system)s. Compare it, digit by digit, with where it comes from.")
            raise ValidationError({"code": message % {"system": self.get_system_display()}})
        self.code = code


class TermCode(Code):
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="codes", verbose_name=_("term"))

    class Meta(Code.Meta):
        constraints = [models.UniqueConstraint(fields=["term", "system", "code"], name="code_once_in_term")]


class Comparison(Document):
    """Two terms that are mistaken for each other, side by side."""

    first = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name=_("first term"))
    second = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name=_("second term"))
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"))
    conclusion = models.TextField(_("conclusion"), blank=True)

    objects = MultilingualManager()

    snapshot = Snapshot(title="title", required=("title", "introduction"), links=("first", "second"), rows=("rows",))

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="comparison_of_two_terms"),
        ]

    def clean(self) -> None:
        super().clean()
        if self.first_id is not None and self.first_id == self.second_id:
            raise ValidationError({"second": _("Choose another term than the first.")})

    @classmethod
    def page_url(cls, slug: str) -> str:
        return reverse("glossary:comparison", args=[slug])


class Row(models.Model):
    """One aspect of a comparison."""

    comparison = models.ForeignKey(
        Comparison, on_delete=models.CASCADE, related_name="rows", verbose_name=_("comparison")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    aspect = models.CharField(_("aspect"), max_length=120)
    first = models.TextField(_("first term"), help_text=_("What holds for the first term."))
    second = models.TextField(_("second term"), help_text=_("What holds for the second term."))

    objects = MultilingualManager()

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order + 1}"


class Recheck(models.Model):
    """That a text should be looked at again, because a term that it uses was published under other names."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("text"))
    term = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("changed term"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    is_done = models.BooleanField(_("done"), default=False)

    class Meta:
        verbose_name = _("text to look at again")
        verbose_name_plural = _("texts to look at again")
        ordering = ["-since", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "term"], name="recheck_once")]

    def __str__(self) -> str:
        return str(self.edition)
