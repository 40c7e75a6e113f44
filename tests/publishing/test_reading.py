import datetime
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from articles.models import Article, ArticleKind
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from publishing.reading import (
    Page,
    brief,
    document_page,
    ever_live_at,
    label,
    link,
    live_at,
    paginated,
    public,
    reviews,
)
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    TermFactory,
    TopicFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)

pytestmark = pytest.mark.django_db


def rename(article: Article, slug: str) -> Article:
    article.slug = slug
    article.save()
    return article


# Page -----------------------------------------------------------------------------------------------------------------


def test_a_page_has_what_its_edition_holds_and_no_more() -> None:
    page = Page(publish(ArticleFactory(summary_zh_hans="要点", slug="pain"), "zh-hans"))
    assert (page.slug, page.summary, page.url) == ("pain", "要点", "/zh-hans/articles/pain/")
    assert not hasattr(page, "author")


def test_a_page_shows_what_was_frozen_and_not_the_draft() -> None:
    article = ArticleFactory(title_en="As signed")
    edition = publish(article, "en")
    Article.objects.filter(pk=article.pk).update(title_en="As edited since")
    assert Page(Edition.objects.get(pk=edition.pk)).title == "As signed"


def test_a_choice_is_shown_in_the_readers_language() -> None:
    page = Page(publish(ArticleFactory(kind=ArticleKind.MEDICINE), "zh-hans"))
    with translation.override("en"):
        assert page.choice("kind") == "medicine"


def test_a_choice_that_is_no_longer_offered_is_shown_as_it_is() -> None:
    assert label(Article, "kind", "advice") == "advice"


# Which edition an address leads to ------------------------------------------------------------------------------------


def page_at(slug: str, language: str = "en") -> HttpResponse:
    with translation.override(language):
        request = RequestFactory().get(f"/{language}/articles/{slug}/")
        return document_page(request, Article, slug, "articles/article.html", lambda page: {"body": page.body})


def test_a_live_document_is_found_with_all_its_languages() -> None:
    article = ArticleFactory(slug="pain")
    publish_all(article, TermFactory(slug="pain"))
    assert sorted(edition.language for edition in live_at(Article, "pain")) == ["en", "zh-hans"]
    assert page_at("pain").status_code == 200


@pytest.mark.parametrize("stage", ["draft", "in review", "approved", "scheduled", "never there"])
def test_what_was_never_live_is_not_found(stage: str) -> None:
    if stage != "never there":
        article = ArticleFactory(slug="pain")
    if stage == "in review":
        submit(article, "zh-hans")
    if stage in {"approved", "scheduled"}:
        edition = approve(submit(article, "zh-hans"))
    if stage == "scheduled":
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        workflow.publish(edition, by=staff(StaffRole.PUBLISHER), at=tomorrow)
    with pytest.raises(Http404):
        page_at("pain", "zh-hans")


def test_what_was_withdrawn_is_gone() -> None:
    withdraw(publish(ArticleFactory(slug="pain"), "zh-hans"))
    response = page_at("pain", "zh-hans")
    assert response.status_code == 410
    assert "noindex" in response.content.decode()


def test_what_was_cancelled_before_its_time_was_never_there() -> None:
    edition = approve(submit(ArticleFactory(slug="pain"), "zh-hans"))
    workflow.publish(edition, by=staff(StaffRole.PUBLISHER), at=timezone.now() + datetime.timedelta(hours=1))
    withdraw(edition)
    assert not ever_live_at(Article, "pain").exists()


def test_what_is_live_in_the_other_language_only_is_announced_with_a_link_and_no_word_of_it() -> None:
    publish(ArticleFactory(slug="pain", title_zh_hans="疼痛是什么"), "zh-hans")
    response = page_at("pain", "en")
    html = response.content.decode()
    assert response.status_code == 200
    assert '<meta name="robots" content="noindex">' in html
    assert 'href="/zh-hans/articles/pain/"' in html
    assert "疼痛" not in html


def test_what_was_withdrawn_in_one_language_is_announced_in_the_other() -> None:
    article = ArticleFactory(slug="pain")
    publish_all(article)
    withdraw(article.editions.get(language="en"))
    assert "noindex" in page_at("pain", "en").content.decode()


def test_an_old_address_leads_to_the_new_one() -> None:
    article = ArticleFactory(slug="old")
    publish(article, "zh-hans")
    publish(rename(article, "new"), "zh-hans")
    response = page_at("old", "zh-hans")
    assert (response.status_code, response["Location"]) == (301, "/zh-hans/articles/new/")


def test_an_address_that_is_new_in_one_language_leads_to_the_old_one_in_the_other() -> None:
    article = ArticleFactory(slug="old")
    publish_all(article)
    publish(rename(article, "new"), "zh-hans")
    assert page_at("new", "zh-hans").status_code == 200
    assert page_at("old", "en").status_code == 200
    assert page_at("new", "en")["Location"] == "/en/articles/old/"
    assert page_at("old", "zh-hans")["Location"] == "/zh-hans/articles/new/"


def test_an_address_that_changed_hands_leads_to_its_present_owner() -> None:
    first = ArticleFactory(slug="pain", title_zh_hans="旧文")
    publish(first, "zh-hans")
    publish(rename(first, "pain-then"), "zh-hans")
    publish(ArticleFactory(slug="pain", title_zh_hans="新文"), "zh-hans")
    assert "新文" in page_at("pain", "zh-hans").content.decode()


# Reviews --------------------------------------------------------------------------------------------------------------


def test_reviews_are_the_approvals_clinicians_first() -> None:
    edition = publish(ArticleFactory(), "en")
    assert [sign_off.role for sign_off in reviews(edition)] == ["medical", "language"]


# Links ----------------------------------------------------------------------------------------------------------------


def linked_titles(edition: Edition) -> dict[str, list[str]]:
    page = Page(edition)
    link([page])
    return {relation: [target.title for target in pages] for relation, pages in page.linked.items()}


def test_links_lead_to_what_is_live_in_the_same_language() -> None:
    live, translated_only, draft = TopicFactory(name_en="Live"), TopicFactory(), TopicFactory()
    publish_all(live)
    publish(translated_only, "zh-hans")
    assert linked_titles(publish(ArticleFactory(topics=[live, translated_only, draft]), "en")) == {"topics": ["Live"]}


def test_links_keep_their_order() -> None:
    terms = TermFactory.create_batch(2)
    publish_all(*terms)
    edition = publish(ComparisonFactory(first=terms[1], second=terms[0]), "en")
    assert linked_titles(edition) == {"first": [terms[1].name_en], "second": [terms[0].name_en]}


def test_one_query_links_any_number_of_pages(django_assert_num_queries: Any) -> None:
    topics, related = TopicFactory.create_batch(3), ArticleFactory.create_batch(3)
    publish_all(*topics, *related)
    pages = [Page(publish(ArticleFactory(topics=topics, related=related), "en")) for _ in range(3)]
    link(pages)
    with django_assert_num_queries(1):
        link(pages)


def test_nothing_named_asks_nothing(django_assert_num_queries: Any) -> None:
    page = Page(publish(ArticleFactory(), "zh-hans"))
    link([page])
    with django_assert_num_queries(0):
        link([page])
        link([])


# Lists ----------------------------------------------------------------------------------------------------------------


def test_a_list_has_the_named_texts_only_in_one_query(django_assert_num_queries: Any) -> None:
    publish(ArticleFactory(summary_en="Key message", slug="pain"), "en")
    with django_assert_num_queries(1):
        (page,) = brief(Edition.objects.live("en"), "summary", "kind")
        assert (page.summary, page.kind, page.url) == ("Key message", "understanding", "/en/articles/pain/")
        assert not hasattr(page, "body")


def get(query: str) -> HttpRequest:
    return RequestFactory().get("/en/articles/" + query)


def test_a_list_is_cut_into_pages() -> None:
    assert list(paginated(get(""), range(31))) == list(range(30))
    assert list(paginated(get("?page=2"), range(31))) == [30]
    assert list(paginated(get("?page=1"), [])) == []


@pytest.mark.parametrize(
    "number", ["0", "-1", "3", "x", "", "1.0", "+1", " 1", "01", "1_0", "٢", "２", "last", "9" * 5000, "1'--", "\ufffd"]
)
def test_a_page_that_there_is_not_is_not_found(number: str) -> None:
    with pytest.raises(Http404):
        paginated(RequestFactory().get("/en/articles/", {"page": number}), range(31))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_public_page_is_only_read(method: str) -> None:
    response = public(lambda request: HttpResponse("text"))(RequestFactory().generic(method, "/"))
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
