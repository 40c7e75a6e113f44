import pytest

from articles import jsonld
from publishing.models import Edition
from publishing.reading import Page, link, reviews
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    MisconceptionFactory,
    MisconceptionReferenceFactory,
    TopicFactory,
    publish_all,
)

pytestmark = pytest.mark.django_db

SITE = "https://pain.example"


def live(document: object) -> Page:
    page = Page(Edition.objects.live("en").get(pk__in=document.editions.values("pk")))  # type: ignore[attr-defined]
    link([page])
    return page


def test_a_fact_is_told_without_its_myth() -> None:
    document = MisconceptionFactory(
        slug="anywhere", question_en="Anywhere?", misconception_en="Inject it!", fact_en="Not so.", topics=[]
    )
    MisconceptionReferenceFactory(misconception=document, citation_en="A book")
    publish_all(document)
    page = live(document)
    found = jsonld.fact_page(page, SITE, reviews(page.edition))
    assert found["mainEntity"] == {
        "@type": "HealthTopicContent",
        "@id": f"{SITE}/en/facts/anywhere/#fact",
        "url": f"{SITE}/en/facts/anywhere/",
        "name": "Anywhere?",
        "hasHealthAspect": "https://schema.org/MisconceptionsHealthAspect",
        "text": "Not so.",
        "inLanguage": "en",
        "publisher": {"@id": f"{SITE}/#organization"},
    }
    assert found["description"] == "Not so."
    assert "A book" in found["citation"]
    assert found["lastReviewed"]
    assert "Inject" not in str(found)


def test_an_article_has_its_topics_its_facts_and_its_sources() -> None:
    topic = TopicFactory(slug="acute", name_en="Acute pain")
    fact = MisconceptionFactory(question_en="Anywhere?", misconception_en="Inject it!", fact_en="Not so.")
    related = ArticleFactory(slug="kinds")
    article = ArticleFactory(summary_en="In short.", topics=[topic], misconceptions=[fact], related=[related])
    ArticleReferenceFactory(article=article, citation_en="A book")
    publish_all(topic, fact, related, article)
    page = live(article)
    found = jsonld.article(page, SITE, reviews(page.edition))
    assert found["description"] == "In short."
    assert found["about"] == [{"@type": "Thing", "name": "Acute pain", "url": f"{SITE}/en/topics/acute/"}]
    assert [part["text"] for part in found["hasPart"]] == ["Not so."]
    assert found["relatedLink"] == [f"{SITE}/en/articles/kinds/"]
    assert "A book" in found["citation"]
    assert "Inject" not in str(found)
