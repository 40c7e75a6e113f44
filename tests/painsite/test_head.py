"""What the pages' heads tell machines."""

import json
from typing import Any

import pytest
from django.test import Client

from painsite.models import SiteProfile
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    publish,
    publish_all,
)
from tests.pages import Document

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
REQUIRED = {
    "BreadcrumbList": {"@id", "itemListElement"},
    "CollectionPage": {"url", "name", "description", "inLanguage", "isPartOf", "publisher"},
    "DefinedTerm": {"name", "description"},
    "DefinedTermSet": {"url"},
    "HealthTopicContent": {"name", "text", "hasHealthAspect", "inLanguage"},
    "ItemList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "MedicalOrganization": {"@id", "name", "url"},
    "MedicalWebPage": {"url", "name", "description", "inLanguage", "lastReviewed", "reviewedBy", "audience"},
    "Organization": {"name", "parentOrganization"},
    "Patient": {"audienceType"},
    "Thing": {"name", "url"},
    "WebSite": {"@id", "url", "name", "inLanguage", "publisher"},
}
PAGES = {
    "": set(),
    "topics/": {"CollectionPage"},
    "articles/": {"CollectionPage", "ItemList"},
    "facts/": {"CollectionPage", "ItemList"},
    "glossary/": {"CollectionPage", "DefinedTermSet", "DefinedTerm"},
    "glossary/comparisons/": {"CollectionPage", "ItemList"},
    "topics/acute/": {"MedicalWebPage"},
    "articles/pain/": {"MedicalWebPage", "HealthTopicContent", "Thing"},
    "facts/anywhere/": {"MedicalWebPage", "HealthTopicContent"},
    "glossary/gout/": {"MedicalWebPage", "DefinedTerm"},
    "glossary/comparisons/two/": {"MedicalWebPage", "DefinedTerm"},
}


@pytest.fixture(scope="module")
def _everything(module_db: None) -> None:
    topic, term = TopicFactory(slug="acute", name_en="Acute"), TermFactory(slug="gout", name_en="gout")
    other = TermFactory(slug="lumbago")
    fact = MisconceptionFactory(
        slug="anywhere",
        question_en='Is it "so"?',
        misconception_en="Inject it!",
        fact_en="Not </script> so & never.",
        topics=[topic],
    )
    comparison = ComparisonFactory(slug="two", first=term, second=other)
    article = ArticleFactory(slug="pain", title_en="Pain", topics=[topic], misconceptions=[fact])
    publish_all(topic, term, other, fact, comparison, article)


def read(client: Client, path: str) -> Document:
    response = client.get(path)
    assert response.status_code == 200
    return Document(response.content)


def meta(page: Document, name: str) -> list[str]:
    return page.texts(f"//head/meta[@property='{name}' or @name='{name}']/@content")


def things(data: Any) -> Any:
    """Everything in linked data that says of what type it is."""
    if isinstance(data, list):
        for each in data:
            yield from things(each)
    elif isinstance(data, dict):
        if "@type" in data:
            yield data
        for each in data.values():
            yield from things(each)


def linked_data(page: Document) -> list[Any]:
    return [json.loads(script.text) for script in page.find("//script[@type='application/ld+json']")]


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PAGES)
def test_linked_data_is_whole_on_every_kind_of_page(client: Client, language: str, path: str) -> None:
    page = read(client, f"/{language}/{path}")
    found = linked_data(page)
    assert all(data["@context"] == "https://schema.org" for data in found)
    types = {thing["@type"] for thing in things(found)}
    base = {"MedicalOrganization", "WebSite"} | ({"BreadcrumbList", "ListItem"} if path else set())
    assert base | PAGES[path] <= types <= set(REQUIRED)
    for thing in things(found):
        assert REQUIRED[thing["@type"]] <= {name for name, value in thing.items() if value}, thing
    ids = {thing["@id"] for thing in things(found) if "@id" in thing}
    named = {
        each["@id"] for thing in things(found) for each in thing.values() if isinstance(each, dict) and "@id" in each
    }
    assert {name for name in named if not name.endswith("/glossary/")} <= ids
    assert "Inject" not in json.dumps(found)


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize("path", PAGES)
def test_a_shared_link_has_a_title_a_text_and_a_picture(client: Client, path: str) -> None:
    page = read(client, f"/en/{path}")
    (canonical,) = page.texts("//link[@rel='canonical']/@href")
    assert meta(page, "og:url") == [canonical] == [f"{SITE}/en/{path}"]
    assert meta(page, "og:type") == [
        "article" if path.count("/") > 1 and path != "glossary/comparisons/" else "website"
    ]
    assert meta(page, "og:title")[0] == page.texts("//title")[0].partition(" · ")[0]
    assert meta(page, "og:description") == meta(page, "description")
    assert all(meta(page, "og:description"))
    assert (meta(page, "og:locale"), meta(page, "og:locale:alternate")) == (["en_GB"], ["zh_CN"])
    assert (meta(page, "og:image:width"), meta(page, "og:image:height")) == (["1200"], ["630"])
    assert all(meta(page, "og:image:alt"))
    assert meta(page, "twitter:card") == ["summary_large_image"]
    (image,) = meta(page, "og:image")
    assert client.head(image.removeprefix(SITE)).status_code == 200
    assert bool(meta(page, "article:modified_time")) == (meta(page, "og:type") == ["article"])


@pytest.mark.usefixtures("_everything")
def test_a_shared_fact_is_the_fact_and_never_the_myth(client: Client) -> None:
    page = read(client, "/en/facts/anywhere/")
    assert meta(page, "og:title") == ['Is it "so"?']
    assert meta(page, "og:description") == ["Not </script> so & never."]
    assert meta(page, "og:image:alt") == ['Is it "so"? Common belief: False Not </script> so & never.']
    assert not [content for content in page.texts("//head//@content") if "Inject" in content]


@pytest.mark.usefixtures("_everything")
@pytest.mark.parametrize("path", ["", "articles/", "articles/pain/"])
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_page_names_its_languages(client: Client, language: str, path: str) -> None:
    page = read(client, f"/{language}/{path}")
    found = dict(zip(page.texts("//link/@hreflang"), page.texts("//link[@hreflang]/@href"), strict=True))
    assert found == {
        "zh-Hans": f"{SITE}/zh-hans/{path}",
        "zh-Hant": f"{SITE}/zh-hant/{path}",
        "en": f"{SITE}/en/{path}",
        "x-default": f"{SITE}/zh-hans/{path}",
    }


def test_a_page_that_is_in_english_only_names_no_chinese(client: Client) -> None:
    publish(ArticleFactory(slug="rest", source_language="en"), "en")
    assert read(client, "/en/articles/rest/").texts("//link/@hreflang") == ["en", "x-default"]


@pytest.mark.usefixtures("_everything")
def test_the_trail_is_that_of_the_page(client: Client) -> None:
    for path in PAGES:
        page = read(client, f"/en/{path}")
        shown = page.texts("//nav[@class='breadcrumb']//a")
        told = [
            item["name"]
            for thing in things(linked_data(page))
            if thing["@type"] == "BreadcrumbList"
            for item in thing["itemListElement"]
        ]
        assert told[:-1] == shown, path


def test_a_further_page_of_a_list_is_canonical_itself(client: Client) -> None:
    publish_all(*(ArticleFactory() for _ in range(31)))
    assert read(client, "/en/articles/?page=2").texts("//link[@rel='canonical']/@href") == [
        f"{SITE}/en/articles/?page=2"
    ]
    assert read(client, "/en/articles/?page=1&from=mail").texts("//link[@rel='canonical']/@href") == [
        f"{SITE}/en/articles/"
    ]


def test_the_department_is_the_publisher(client: Client) -> None:
    SiteProfile.objects.create(hospital_en="City Hospital", department_en="Pain department", telephone="010-1234 5678")
    (data,) = linked_data(read(client, "/en/"))
    (department,) = (thing for thing in data["@graph"] if thing["@type"] == "MedicalOrganization")
    assert (department["name"], department["telephone"]) == ("Pain department", "010-1234 5678")
    assert department["parentOrganization"] == {"@type": "Hospital", "name": "City Hospital"}
    assert department["contactPoint"]["telephone"] == "120"


def test_what_is_not_to_be_found_says_so_and_nothing_else(client: Client) -> None:
    page = Document(client.get("/en/articles/nothing/").content)
    assert meta(page, "robots") == ["noindex"]
    assert not page.find("//link[@rel='canonical'] | //link[@hreflang] | //meta[@property]")
    assert not linked_data(page)


def test_every_page_leads_to_the_feed_the_manifest_and_the_icons(client: Client) -> None:
    page = read(client, "/en/")
    assert page.texts("//link[@type='application/atom+xml']/@href") == ["/en/feed/"]
    assert page.texts("//link[@rel='manifest']/@href") == ["/en/manifest.webmanifest"]
    assert len(meta(page, "theme-color")) == 2
