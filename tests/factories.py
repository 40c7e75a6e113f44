"""Documents in both languages, and the people who bring them to the public."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from factory.declarations import Sequence, SubFactory
from factory.django import Password
from factory.helpers import post_generation

from articles.models import (
    Article,
    ArticleKind,
    ArticleMisconception,
    ArticleReference,
    Drawing,
    Facet,
    Figure,
    Misconception,
    MisconceptionReference,
    Question,
    Topic,
    TopicCode,
    Urgency,
    VerdictOnMyth,
    Warning,
)
from glossary.models import Category, CodeSystem, Comparison, Name, NameStatus, Row, Term, TermCode
from painsite.roles import StaffRole
from publishing import gate, workflow
from publishing.models import ChangeKind, Document, Edition, Role, State

if TYPE_CHECKING:
    DjangoModelFactory: Any  # else `ArticleFactory()`, which makes an article, is an ArticleFactory to the type checker
else:
    from factory.django import DjangoModelFactory

# People ---------------------------------------------------------------------------------------------------------------


class UserFactory(DjangoModelFactory):
    """`UserFactory(roles=[StaffRole.EDITOR])` is a member of that group."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username: Any = Sequence("user-{}".format)
    password = Password("correct horse battery staple")
    is_staff = True

    @post_generation
    def roles(user: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for role in extracted or []:
            user.groups.add(role.group())


known_staff: dict[StaffRole, Any] = {}
"""Those of the present test, with what they may: asking for it anew at each act is a tenth of a publication."""


def staff(role: StaffRole) -> Any:
    """The one person of a test who holds this role and no other."""
    name = role.name.lower().replace("_", "-")
    person = get_user_model().objects.filter(username=name).first() or UserFactory(username=name, roles=[role])
    if known_staff.get(role) != person:  # none, or one whose making was undone
        known_staff[role] = person
    return known_staff[role]


# Documents ------------------------------------------------------------------------------------------------------------


class DocumentFactory(DjangoModelFactory):
    """Relations to many are given by name: `ArticleFactory(topics=[topic])`."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True


def _set(relation: str) -> Any:
    def set_targets(instance: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            getattr(instance, relation).set(extracted)

    return post_generation(set_targets)


class TopicFactory(DocumentFactory):
    class Meta:
        model = Topic

    slug = Sequence("topic-{}".format)
    facet = Facet.COURSE
    name_zh_hans = Sequence("急性疼痛{}".format)
    name_en = Sequence("Acute pain {}".format)
    summary_zh_hans = "突然发生、很快过去的疼痛。"
    summary_en = "Pain that comes suddenly and soon passes."


class TermFactory(DocumentFactory):
    class Meta:
        model = Term

    slug = Sequence("term-{}".format)
    category = Category.PROCEDURE
    name_zh_hans = Sequence("神经阻滞{}".format)
    name_en = Sequence("nerve block {}".format)
    definition_zh_hans = "用药物准确地阻断神经的传导。"
    definition_en = "A precise injection that stops a nerve passing on signals."
    explanation_zh_hans = "<p>由受过训练的医生实施。</p>"
    explanation_en = "<p>It is given by a trained doctor.</p>"
    see_also = _set("see_also")


class CodeFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    system = CodeSystem.ICD_10
    code = Sequence(lambda number: f"Q{number // 10 % 100:02}.{number % 10}")


class TopicCodeFactory(CodeFactory):
    class Meta:
        model = TopicCode

    topic = SubFactory(TopicFactory)


class TermCodeFactory(CodeFactory):
    class Meta:
        model = TermCode

    term = SubFactory(TermFactory)


class NameFactory(DjangoModelFactory):
    class Meta:
        model = Name

    term = SubFactory(TermFactory)
    language = "en"
    text = Sequence("nerve injection {}".format)
    status = NameStatus.ADMITTED


class ComparisonFactory(DocumentFactory):
    """With one row; `rows=0` makes none."""

    class Meta:
        model = Comparison

    slug = Sequence("comparison-{}".format)
    first = SubFactory(TermFactory)
    second = SubFactory(TermFactory)
    title_zh_hans = Sequence("封闭与神经阻滞的比较{}".format)
    title_en = Sequence("Closure and nerve block compared {}".format)
    introduction_zh_hans = "两者都要打针，常被混淆。"
    introduction_en = "Both use a needle, so people mix them up."
    conclusion_zh_hans = "两者的疗效不能相提并论。"
    conclusion_en = "Their effects cannot be compared."

    @post_generation
    def rows(comparison: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        RowFactory.create_batch(1 if extracted is None else extracted, comparison=comparison)


class RowFactory(DjangoModelFactory):
    class Meta:
        model = Row

    comparison = SubFactory(ComparisonFactory, rows=0)
    order = Sequence(int)
    aspect_zh_hans = "部位"
    aspect_en = "Place"
    first_zh_hans = "打在痛点。"
    first_en = "Goes into the painful spot."
    second_zh_hans = "按神经的走行注射。"
    second_en = "Follows the course of the nerve."


class MisconceptionFactory(DocumentFactory):
    """With one reference; `references=0` makes none."""

    class Meta:
        model = Misconception

    slug = Sequence("fact-{}".format)
    verdict = VerdictOnMyth.FALSE
    question_zh_hans = Sequence("打针是哪儿疼打哪儿吗{}？".format)
    question_en = Sequence("Does the needle go in wherever it hurts {}?".format)
    misconception_zh_hans = "神经阻滞就是哪儿疼打哪儿。"
    misconception_en = "A nerve block simply goes in wherever it hurts."
    fact_zh_hans = "神经阻滞按神经的走行注射。"
    fact_en = "A nerve block follows the path of the nerves."
    explanation_zh_hans = "<p>封闭针打在疼的地方，所以有人这样想。</p>"
    explanation_en = "<p>A closure injection does, so people think so.</p>"
    advice_zh_hans = "<p>请医生讲明打在哪里。</p>"
    advice_en = "<p>Ask the doctor where it goes in.</p>"
    topics = _set("topics")
    terms = _set("terms")

    @post_generation
    def references(misconception: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if create:
            count = 1 if extracted is None else extracted
            MisconceptionReferenceFactory.create_batch(count, misconception=misconception)


class ArticleFactory(DocumentFactory):
    """With one reference; `references=0` makes none."""

    class Meta:
        model = Article

    slug = Sequence("article-{}".format)
    kind = ArticleKind.UNDERSTANDING
    title_zh_hans = Sequence("疼痛是什么{}".format)
    title_en = Sequence("What is pain {}".format)
    summary_zh_hans = "疼痛是身体的警报。"
    summary_en = "Pain is the body's alarm."
    body_zh_hans = "<h2>定义</h2><p>疼痛是不愉快的感觉。</p>"
    body_en = "<h2>Definition</h2><p>Pain is an unpleasant feeling.</p>"
    topics = _set("topics")
    comparisons = _set("comparisons")
    related = _set("related")

    @post_generation
    def misconceptions(article: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for order, misconception in enumerate(extracted or []):
            ArticleMisconception.objects.create(article=article, misconception=misconception, order=order)

    @post_generation
    def references(article: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        if create:
            ArticleReferenceFactory.create_batch(1 if extracted is None else extracted, article=article)


class FigureFactory(DjangoModelFactory):
    class Meta:
        model = Figure

    article = SubFactory(ArticleFactory)
    picture = Drawing.THREE_STEPS
    caption_zh_hans = "三阶梯"
    caption_en = "The three steps"
    legend_zh_hans = "轻度疼痛\n中度疼痛\n重度疼痛"
    legend_en = "Mild pain\nModerate pain\nSevere pain"
    description_zh_hans = "三级台阶，一级比一级高。"
    description_en = "Three steps, each higher than the last."


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    article = SubFactory(ArticleFactory)
    text_zh_hans = "打针以前要停药吗？"
    text_en = "Must I stop my medicines before the injection?"


class WarningFactory(DjangoModelFactory):
    class Meta:
        model = Warning

    article = SubFactory(ArticleFactory)
    level = Urgency.EMERGENCY
    heading_zh_hans = "胸痛"
    heading_en = "Chest pain"
    text_zh_hans = "请立即拨打 120。"
    text_en = "Call 120 at once."


class ReferenceFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    citation_zh_hans = "本院疼痛科科普文章《疼痛是什么》"
    citation_en = "Our pain department's leaflet “What is pain?”"
    claim_zh_hans = "疼痛的定义"
    claim_en = "What pain is"
    year = 2014


class ArticleReferenceFactory(ReferenceFactory):
    class Meta:
        model = ArticleReference

    article = SubFactory(ArticleFactory, references=0)


class MisconceptionReferenceFactory(ReferenceFactory):
    class Meta:
        model = MisconceptionReference

    misconception = SubFactory(MisconceptionFactory, references=0)


# Publication ----------------------------------------------------------------------------------------------------------

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

SUBMITTER: dict[str, StaffRole] = {"zh-hans": StaffRole.TRANSLATOR_ZH_HANS, "en": StaffRole.TRANSLATOR_EN}
LANGUAGE_REVIEWER: dict[str, StaffRole] = {
    "zh-hans": StaffRole.LANGUAGE_REVIEWER_ZH_HANS,
    "en": StaffRole.LANGUAGE_REVIEWER_EN,
}


def submit(document: Document, language: str, change_kind: str = ChangeKind.CLINICAL) -> Edition:
    """Sent for review by whoever writes that language; the source too, before its translation, if it never was."""
    if language == document.source_language:
        role = StaffRole.EDITOR
    else:
        role = SUBMITTER[language]
        if not document.editions.filter(language=document.source_language).exists():
            submit(document, document.source_language)
    return workflow.submit(document, language, by=staff(role), change_kind=change_kind)


def approve(edition: Edition) -> Edition:
    """Signed by everybody who has to."""
    if edition.is_translation:
        linguist = staff(LANGUAGE_REVIEWER[edition.language])
        try:
            workflow.sign_off(edition, by=linguist, role=Role.LANGUAGE)
        except workflow.Refused:
            for asked in {(finding.id, finding.field) for finding in gate.unanswered(edition)}:
                workflow.let_pass(edition, linguist, finding=asked[0], field=asked[1], reason="")
            workflow.sign_off(edition, by=linguist, role=Role.LANGUAGE)
    workflow.sign_off(edition, by=staff(StaffRole.MEDICAL_REVIEWER), role=Role.MEDICAL)
    assert edition.state == State.APPROVED
    return edition


def publish(document: Document, language: str, change_kind: str = ChangeKind.CLINICAL) -> Edition:
    """Goes the way that people go: submitted, signed, published, each by somebody else; the source first."""
    source = document.editions.filter(language=document.source_language)
    if language != document.source_language and not source.exists():
        publish(document, document.source_language)
    edition = approve(submit(document, language, change_kind))
    return workflow.publish(edition, by=staff(StaffRole.PUBLISHER))


def publish_all(*documents: Document) -> None:
    """Every language of every document."""
    for document in documents:
        for language in sorted(LANGUAGES, key=lambda code: code != document.source_language):
            publish(document, language)


def withdraw(edition: Edition, reason: str = "Wrong dose") -> Edition:
    return workflow.withdraw(edition, by=staff(StaffRole.PUBLISHER), reason=reason)
