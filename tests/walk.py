"""Every kind of public page that there is, over documents as full and as unwieldy as editors can make them.

`publish` fills a site, `stops` says what a walk through one language of it asks for, and `NEVER_A_PAGE` names the
routes that answer machines: with the admin's and the desk's, a walk leaves out no route but those.
"""

import datetime
from dataclasses import dataclass, replace

import time_machine
from django.utils import timezone

from articles.models import Article, Drawing, Facet, Region, Urgency, VerdictOnMyth
from glossary.models import Category
from painsite import traditional
from painsite.models import SiteProfile
from painsite.roles import StaffRole
from publishing import previews, workflow
from publishing.models import Edition, State
from tests.factories import (
    LANGUAGES,
    ArticleFactory,
    ArticleReferenceFactory,
    ComparisonFactory,
    FigureFactory,
    MisconceptionFactory,
    NameFactory,
    QuestionFactory,
    RowFactory,
    TermFactory,
    TopicCodeFactory,
    TopicFactory,
    WarningFactory,
    publish_all,
    staff,
    withdraw,
)
from tests.factories import publish as publish_one

NEVER_A_PAGE = {
    "root",  # leads on
    "set_language",  # leads on
    "health",
    "javascript-catalog",
    "card",
    "feed",
    "manifest",
    "llms",
    "robots",
    "security",
    "sitemap",
    "sitemaps",
    "worker",
    "live",
    "search:suggest",
    "search:opensearch",
    "articles:article-handout",  # these three are paper
    "articles:fact-handout",
    "articles:basket-handout",
    *(f"api-v1:{name}" for name in ("openapi-json", "api-root", "department")),
    *(f"api-v1:{name}" for name in ("articles", "article", "facts", "fact", "terms", "term", "topics", "topic")),
}
HUBS = ("", "topics/", "articles/", "facts/", "glossary/", "glossary/comparisons/")
BROKEN = "broken/"
"""Where a test's own URL configuration breaks with the status that follows."""
ASKED_IN = "informationRecipient.languageCode.c"
PER_PAGE = 4
"""Entries of a list, so that few documents make lists of several pages."""

DAY = datetime.timedelta(days=1)
LONG_WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis"
LONG_NAME_ZH = "经皮穿刺三叉神经半月节微球囊压迫术后口周感觉减退伴疱疹后神经痛"
LONG_ADDRESS = "https://example.org/" + "a-path-without-end/" * 8
BODY_ZH = f"""
<h2>定义</h2><p>神经阻滞按神经的走行注射，<strong>不是</strong>封闭针。{LONG_NAME_ZH * 3}</p>
<ul><li>先检查，<a href="/zh-hans/facts/">再看问答</a></li><li>后用药：曲安奈德 25 mg</li></ul>
<h3>步骤</h3><ol><li>摆好体位</li><li>消毒</li></ol>
<h2>{LONG_NAME_ZH}</h2><blockquote>疼痛是第五生命体征。</blockquote>
<h2>用药</h2><table><tr><th>药物</th><th>剂量</th><th>用法</th><th>不良反应</th><th>注意</th></tr>
<tr><td>双氯芬酸钠双释放肠溶胶囊</td><td>75 mg</td><td>每日 1 次</td><td>胃不适</td><td>饭后服</td></tr></table>
"""
BODY_EN = f"""
<h2>What it is</h2><p>A nerve block follows the nerve and is <strong>not</strong> a closure. {LONG_WORD}.</p>
<ul><li>Examination first, <a href="/en/facts/">then the questions</a></li><li>Then triamcinolone 25 mg</li></ul>
<h3>Steps</h3><ol><li>Lie down</li><li>The skin is cleaned</li></ol>
<h2>{LONG_WORD} and otorhinolaryngological complications</h2><blockquote>Pain is the fifth vital sign.</blockquote>
<h2>Medicines</h2><table><tr><th>Medicine</th><th>Dose</th><th>Use</th><th>Side effects</th><th>Mind</th></tr>
<tr><td>Dextromethorphan hydrobromide</td><td>75 mg</td><td>Once a day</td><td>Indigestion</td><td>After food</td></tr>
</table>
"""


@dataclass(frozen=True)
class Stop:
    path: str
    status: int = 200
    is_posted: bool = False
    """An empty form is sent to it."""
    opens_term: bool = False
    """The meaning of a word in its text is opened."""


def publish() -> None:
    """One document of each kind that holds everything it can, those in the states that readers meet, and some more."""
    SiteProfile.objects.create(
        hospital_zh_hans=f"某某医科大学附属第一医院（{LONG_NAME_ZH}中心）",
        hospital_en=f"First Affiliated Hospital, Centre for {LONG_WORD}",
        department_zh_hans="疼痛科",
        department_en="Department of Pain Medicine and Anaesthesiology",
        address_zh_hans="某某市某某区某某路 1 号门诊楼三层",
        address_en="Outpatient building, third floor, 1 Example Road",
        opening_hours_zh_hans="周一至周五 8:00～17:30\n周六 8:00～12:00",
        opening_hours_en="Monday to Friday 8:00–17:30\nSaturday 8:00–12:00",
        licence_zh_hans="医疗机构执业许可证 1234567890\n京ICP备12345678号",
        licence_en="Practice licence 1234567890\nICP filing 12345678",
        telephone="+86 (010) 1234 5678",
    )
    course = TopicFactory(slug="cancer-pain", name_zh_hans="癌痛", name_en=f"{LONG_WORD} pain", order=1)
    TopicCodeFactory(topic=course, code="G89.3")
    under = TopicFactory(slug="breakthrough", name_zh_hans=LONG_NAME_ZH, name_en="Breakthrough pain", parent=course)
    places = [
        TopicFactory(slug=f"in-{region}", facet=Facet.BODY_PART, region=region, name_en=f"Pain: {region}")
        for region in (Region.HEAD, Region.NECK_SHOULDER, Region.LOWER_BACK_LEG, Region.JOINTS)
    ]
    closure = TermFactory(
        slug="closure",
        name_zh_hans="封闭针",
        name_en="closure",
        abbreviation="LA",
        category=Category.PROCEDURE,
        explanation_zh_hans=BODY_ZH,
        explanation_en=BODY_EN,
    )
    block = TermFactory(slug="nerve-block", name_zh_hans="神经阻滞", name_en="nerve block", see_also=[closure])
    unwieldy = TermFactory(slug="unwieldy", name_zh_hans=LONG_NAME_ZH, name_en=LONG_WORD)
    for language, text in (("zh-hans", "打封闭"), ("en", "closure injection")):
        NameFactory(term=closure, language=language, text=text, note="口语" if language == "zh-hans" else "in talk")
    comparison = ComparisonFactory(slug="closure-and-block", first=closure, second=block, rows=2)
    RowFactory(
        comparison=comparison,
        aspect_zh_hans="超声引导下的可视化程度",
        aspect_en="Ultrasonographically visualised",
        first_zh_hans=LONG_NAME_ZH,
        first_en=LONG_WORD,
    )
    facts = [
        MisconceptionFactory(
            slug=f"fact-{verdict}",
            verdict=verdict,
            explanation_zh_hans=BODY_ZH,
            explanation_en=BODY_EN,
            topics=[course] if verdict == VerdictOnMyth.TRUE else [course, under],
            terms=[closure, block],
        )
        for verdict in VerdictOnMyth
    ]
    related = ArticleFactory(
        slug="related",
        title_zh_hans=LONG_NAME_ZH,
        title_en=f"Living with {LONG_WORD}",
        summary_zh_hans="神经阻滞后的生活。",
        summary_en="Life after a nerve block.",
    )
    article = ArticleFactory(
        slug="article",
        title_zh_hans=f"{LONG_NAME_ZH}：治疗前后您需要知道的事",
        title_en=f"{LONG_WORD}: what to know before and after your treatment",
        summary_zh_hans="神经阻滞不是封闭针，两者不能相提并论。",
        summary_en="A nerve block is not a closure, and their effects cannot be compared.",
        body_zh_hans=BODY_ZH,
        body_en=BODY_EN,
        topics=[course, *places],
        misconceptions=facts,
        comparisons=[comparison],
        related=[related],
        references=2,
    )
    for urgency in Urgency:
        WarningFactory(article=article, level=urgency, heading_en=f"{LONG_WORD} {urgency}")
    for drawing in Drawing:
        lines = range(1, drawing.numbers + 1)
        FigureFactory(
            article=article,
            picture=drawing,
            legend_zh_hans="\n".join(f"第 {line} 处：神经阻滞" for line in lines),
            legend_en="\n".join(f"Place {line}: nerve block" for line in lines),
        )
    QuestionFactory.create_batch(2, article=article)
    ArticleReferenceFactory(article=article, url=LONG_ADDRESS, citation_en=LONG_ADDRESS, citation_zh_hans=LONG_ADDRESS)
    publish_all(course, under, *places, closure, block, unwieldy, comparison, *facts, related, article)

    # What is said of a page, and instead of one.
    for source in LANGUAGES:
        publish_one(ArticleFactory(slug=f"only-{source}", source_language=source), source)
        revised = ArticleFactory(slug=f"revised-{source}", source_language=source)
        publish_all(revised)
        revised.summary_zh_hans, revised.summary_en = "疼痛可以治疗。", "Pain can be treated."
        revised.save()
        publish_one(revised, source)
    withdrawn = ArticleFactory(slug="withdrawn")
    publish_all(withdrawn)
    for edition in withdrawn.editions.all():
        withdraw(edition)
    instead = ArticleFactory(slug="withdrawn-for-another")
    publish_all(instead)
    for edition in instead.editions.all():
        now = article.editions.live(edition.language).get()
        workflow.withdraw(edition, by=staff(StaffRole.PUBLISHER), reason=LONG_WORD, read_instead=now)
    with time_machine.travel(timezone.now() - 40 * DAY):
        publish_all(ArticleFactory(slug="overdue", next_review=timezone.localdate() + 10 * DAY))


def stops(language: str) -> list[Stop]:
    """All of them in a language or, where it is `zh-hant`, in that script; after `publish`."""
    if language == traditional.LANGUAGE:
        found = stops(traditional.SIMPLIFIED)
        inside = [each for each in found if each.path.startswith(f"/{traditional.SIMPLIFIED}/")]
        return [replace(each, path=traditional.address(each.path)) for each in inside]
    (other,) = set(LANGUAGES) - {language}
    article = Edition.objects.live(language).get(slug="article")
    revised = Edition.objects.get(slug=f"revised-{language}", language=language, state=State.SUPERSEDED)
    withdrawn = Edition.objects.get(slug="withdrawn", language=language)
    related = Article.objects.get(slug="related")
    link = previews.make_link(related, language, None, staff(StaffRole.EDITOR))
    preview = previews.link_url(link)
    inside = [
        *map(Stop, HUBS),
        Stop("articles/?page=2"),
        Stop("facts/?verdict=false"),
        Stop("facts/?verdict=true&topic=breakthrough"),  # nothing
        Stop("glossary/?initial=" + {"en": "N", "zh-hans": "S"}[language]),
        Stop("topics/cancer-pain/"),
        Stop("topics/in-head/"),
        Stop("articles/article/"),
        Stop("articles/related/", opens_term=True),
        Stop("articles/overdue/"),
        Stop(f"articles/revised-{other}/"),
        Stop(f"articles/only-{other}/"),
        Stop("articles/withdrawn/", status=410),
        Stop("articles/withdrawn-for-another/", status=410),
        Stop("facts/fact-partly-true/"),
        Stop("glossary/closure/"),
        Stop("glossary/unwieldy/"),
        Stop("glossary/comparisons/closure-and-block/"),
        Stop("search/"),
        Stop("search/?q=" + {"en": "nerve", "zh-hans": "神经"}[language]),
        Stop("search/?q=" + {"en": "nerv blok", "zh-hans": "神經阻滯"}[language] + "&kind=term"),
        Stop("search/?q=zzzzqqqq"),
        Stop("handouts/"),
        Stop(f"articles/revised-{language}/handout.pdf?languages=both", status=409),
        Stop(f"editions/{article.pk}/"),
        Stop(f"editions/{revised.pk}/"),
        Stop(f"editions/{withdrawn.pk}/", status=410),
        Stop("offline/"),
        Stop("preferences/"),
        Stop("preferences/", status=400, is_posted=True),
        Stop(f"feedback/{article.pk}/"),
        Stop(f"feedback/{article.pk}/", status=400, is_posted=True),
        Stop(f"feedback/{article.pk}/?thanks"),
        Stop(f"feedback/{revised.pk}/", status=410),
        Stop("nothing/", status=404),
        Stop("?null=%00", status=400),
        Stop("?long=" + "x" * 8000, status=414),
        *(Stop(f"{BROKEN}{status}/", status=status) for status in (403, 500)),
    ]
    return [
        *(replace(each, path=f"/{language}/{each.path}") for each in inside),
        Stop(f"/infobutton?mainSearchCriteria.v.c=G89.3&{ASKED_IN}={language}"),
        Stop(f"/infobutton?mainSearchCriteria.v.c=Z99&{ASKED_IN}={language}"),
        Stop(preview),
        Stop(preview, is_posted=True),
        Stop(preview.removesuffix("/") + "x/", status=410),
    ]
