import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django import Settings

from articles.models import Article, ArticleKind
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import ChangeKind, Edition
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
from tests.pages import Document

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


# In time --------------------------------------------------------------------------------------------------------------

NOW = datetime.datetime(2026, 6, 15, 4, tzinfo=datetime.UTC)  # noon where the hospital is
DAY, TICK = datetime.timedelta(days=1), datetime.timedelta(microseconds=1)
BANNER = "Part of this page is out of date"
UNDER_REVIEW = "This page is being reviewed: it was due to be checked by a doctor again."


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def take_back(article: Any, language: str = "en", **how: Any) -> Edition:
    edition = article.editions.filter(language=language).exclude(live_from=None).latest()
    return workflow.withdraw(edition, staff(StaffRole.PUBLISHER), **{"reason": "Wrong dose", **how})


def publish_at(article: Any, language: str, at: datetime.datetime, kind: str = ChangeKind.CLINICAL) -> Edition:
    return workflow.publish(approve(submit(article, language, kind)), staff(StaffRole.PUBLISHER), at=at)


def change(article: Any, language: str, kind: str) -> Edition:
    """Goes live in one language, saying something else."""
    field = f"title_{language.replace('-', '_')}"
    setattr(article, field, f"{getattr(article, field)}x")
    article.save()
    return publish(article, language, kind)


def reason_at(slug: str, language: str = "en") -> list[str]:
    response = page_at(slug, language)
    assert response.status_code == 410
    return Document(response.content).texts("//blockquote")


def shown(slug: str, language: str = "en") -> str:
    response = page_at(slug, language)
    assert response.status_code == 200
    return Document(response.content).main


def test_a_withdrawal_says_why_in_its_own_language_and_as_text() -> None:
    article = ArticleFactory(slug="pain")
    publish_all(article)
    take_back(article, "en", reason="Wrong dose <b>of</b> morphine")
    take_back(article, "zh-hans", reason="吗啡剂量有误")
    assert reason_at("pain", "en") == ["Wrong dose <b>of</b> morphine"]
    assert reason_at("pain", "zh-hans") == ["吗啡剂量有误"]


def test_a_withdrawal_leads_to_what_is_live_of_what_it_names_at_its_present_address() -> None:
    article, other = ArticleFactory(slug="pain"), ArticleFactory(slug="before", title_en="Before")
    publish_all(article, other)
    take_back(article, "en", read_instead=other.editions.live("en").get())
    instead = "//main//p[a[@href]][contains(., 'Read this instead')]/a/@href"
    assert Document(page_at("pain").content).texts(instead) == ["/en/articles/before/"]
    publish(rename(other, "after"), "zh-hans")
    publish(other, "en")
    assert Document(page_at("pain").content).texts(instead) == ["/en/articles/after/"]
    take_back(other, "en")
    assert Document(page_at("pain").content).texts(instead) == []


def test_a_withdrawal_is_told_at_every_address_that_the_document_had() -> None:
    article = ArticleFactory(slug="first")
    publish(article, "zh-hans")
    for slug in ("second", "third"):
        publish(rename(article, slug), "zh-hans")
    for slug in ("first", "second"):
        response = page_at(slug, "zh-hans")
        assert (response.status_code, response["Location"]) == (301, "/zh-hans/articles/third/")
    take_back(article, "zh-hans")
    assert [reason_at(slug, "zh-hans") for slug in ("first", "second", "third")] == [["Wrong dose"]] * 3


def test_what_was_withdrawn_in_one_language_says_so_there_with_the_way_to_the_other() -> None:
    article = ArticleFactory(slug="pain")
    publish_all(article)
    take_back(article, "en")
    assert reason_at("pain") == ["Wrong dose"]
    languages = Document(page_at("pain").content).texts("//nav[@class='languages']//a/@href")
    assert languages == ["/zh-hans/articles/pain/", "/zh-hant/articles/pain/"]
    assert page_at("pain", "zh-hans").status_code == 200


def test_where_it_is_live_nowhere_the_other_language_is_not_offered() -> None:
    article = ArticleFactory(slug="pain")
    publish(article, "zh-hans")
    take_back(article, "zh-hans")
    for language, homes in [("zh-hans", ["/zh-hant/", "/en/"]), ("en", ["/zh-hans/", "/zh-hant/"])]:
        page = Document(page_at("pain", language).content)
        assert page.texts("//nav[@class='languages']//a/@href") == homes


def test_a_reason_is_not_told_before_its_time(clock: Any) -> None:
    article = ArticleFactory(slug="pain", next_review=NOW.date() + 10 * DAY)
    publish(article, "zh-hans")
    take_back(article, "zh-hans", at=NOW + 200 * DAY)
    assert "Wrong dose" not in shown("pain", "zh-hans")
    clock.shift(150 * DAY)  # hidden, for its review is long overdue
    assert reason_at("pain", "zh-hans") == []
    clock.shift(50 * DAY)
    assert reason_at("pain", "zh-hans") == ["Wrong dose"]


def test_what_is_published_again_is_no_longer_withdrawn() -> None:
    article = ArticleFactory(slug="pain", title_zh_hans="疼痛")
    publish(article, "zh-hans")
    take_back(article, "zh-hans")
    change(article, "zh-hans", ChangeKind.CLINICAL)
    assert "疼痛x" in shown("pain", "zh-hans")


def test_a_publication_and_a_withdrawal_come_at_their_time(clock: Any) -> None:
    publish_at(ArticleFactory(slug="pain"), "zh-hans", NOW + DAY)
    take_back(Article.objects.get(), "zh-hans", at=NOW + 2 * DAY)
    clock.shift(DAY - TICK)
    with pytest.raises(Http404):
        page_at("pain", "zh-hans")
    clock.shift(TICK)
    assert page_at("pain", "zh-hans").status_code == 200
    clock.shift(DAY - TICK)
    assert page_at("pain", "zh-hans").status_code == 200
    clock.shift(TICK)
    assert reason_at("pain", "zh-hans") == ["Wrong dose"]


@pytest.mark.parametrize(("overdue_days", "grace_days"), [(0, 90), (14, 30)])
def test_a_page_whose_review_is_overdue_says_so_and_is_hidden_after_the_grace(
    clock: Any, settings: Settings, overdue_days: int, grace_days: int
) -> None:
    settings.REVIEW_OVERDUE_DAYS, settings.REVIEW_GRACE_DAYS = overdue_days, grace_days
    publish(ArticleFactory(slug="pain", next_review=NOW.date() + 10 * DAY), "zh-hans")
    midnight = datetime.datetime(2026, 6, 24, 16, tzinfo=datetime.UTC)  # where the hospital is
    clock.move_to(midnight + overdue_days * DAY - TICK)
    with translation.override("zh-hans"):
        line = translation.gettext(UNDER_REVIEW)
    assert line not in shown("pain", "zh-hans")
    clock.shift(TICK)
    assert line in shown("pain", "zh-hans")
    clock.move_to(midnight + (grace_days + 1) * DAY - TICK)
    assert line in shown("pain", "zh-hans")
    clock.shift(TICK)
    assert reason_at("pain", "zh-hans") == []


# A translation and its source -----------------------------------------------------------------------------------------


@pytest.fixture
def translated(clock: Any) -> Any:
    article = ArticleFactory(slug="pain")
    publish_all(article)
    clock.shift(DAY)
    return article


def test_a_clinical_change_of_the_source_puts_a_banner_on_its_translation_that_leads_to_the_newer_text(
    translated: Any,
) -> None:
    assert BANNER not in shown("pain")
    change(translated, "zh-hans", ChangeKind.CLINICAL)
    page = Document(page_at("pain").content)
    assert page.texts("//section[@aria-labelledby='outdated']/h2") == [BANNER]
    assert page.texts("//section[@aria-labelledby='outdated']//a/@href") == ["/zh-hans/articles/pain/"]
    assert BANNER not in shown("pain", "zh-hans")


@pytest.mark.parametrize("rule", ["banner", "hidden"])
@pytest.mark.parametrize("kind", [ChangeKind.WORDING, ChangeKind.TYPO])
def test_another_change_does_nothing_to_its_translation(
    translated: Any, settings: Settings, rule: str, kind: str
) -> None:
    settings.OUTDATED_TRANSLATIONS = rule
    change(translated, "zh-hans", kind)
    assert BANNER not in shown("pain")


def test_a_clinical_change_is_not_forgotten_over_a_later_typo(translated: Any, clock: Any) -> None:
    change(translated, "zh-hans", ChangeKind.CLINICAL)
    clock.shift(DAY)
    change(translated, "zh-hans", ChangeKind.TYPO)
    assert BANNER in shown("pain")


def test_a_translation_of_the_newer_text_has_no_banner(translated: Any) -> None:
    change(translated, "zh-hans", ChangeKind.CLINICAL)
    change(translated, "en", ChangeKind.CLINICAL)
    assert BANNER not in shown("pain")


def test_a_clinical_change_of_a_translation_does_nothing_to_its_source(translated: Any, settings: Settings) -> None:
    settings.OUTDATED_TRANSLATIONS = "hidden"
    change(translated, "en", ChangeKind.CLINICAL)
    assert page_at("pain", "zh-hans").status_code == 200


def test_a_scheduled_clinical_change_counts_from_its_time_and_a_cancelled_one_never(
    translated: Any, clock: Any
) -> None:
    translated.title_zh_hans = "二稿"
    translated.save()
    start = timezone.now() + DAY
    cancelled = publish_at(translated, "zh-hans", start)
    withdraw(cancelled)
    translated.title_zh_hans = "三稿"
    translated.save()
    publish_at(translated, "zh-hans", start + DAY)
    clock.move_to(start + DAY - TICK)
    assert BANNER not in shown("pain")
    clock.shift(TICK)
    assert BANNER in shown("pain")


def test_the_banner_stays_when_the_newer_source_is_withdrawn(translated: Any, clock: Any) -> None:
    change(translated, "zh-hans", ChangeKind.CLINICAL)
    clock.shift(DAY)
    take_back(translated, "zh-hans")
    page = Document(page_at("pain").content)
    assert BANNER in page.main
    assert not page.find("//section[@aria-labelledby='outdated']//a")


def test_an_outdated_translation_is_hidden_where_the_settings_say_so(translated: Any, settings: Settings) -> None:
    settings.OUTDATED_TRANSLATIONS = "hidden"
    change(translated, "zh-hans", ChangeKind.CLINICAL)
    page = Document(page_at("pain").content)
    assert page.texts("//h1") == ["There is no English version of this page yet"]
    assert page.texts("//main//ul[@class='links']//a/@hreflang") == ["zh-Hans"]
    assert not Edition.objects.live("en").exists()
    change(translated, "en", ChangeKind.CLINICAL)
    assert page_at("pain").status_code == 200


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
