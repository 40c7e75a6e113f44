from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from articles.models import Article, ArticleKind, Misconception, Topic, Urgency, VerdictOnMyth
from glossary.models import Term
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    ComparisonFactory,
    MisconceptionFactory,
    MisconceptionReferenceFactory,
    QuestionFactory,
    RowFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)
from tests.pages import Document, in_this_order

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> Document:
    response = client.get(path)
    assert response.status_code == 200, path
    return Document(response.content)


# Articles -------------------------------------------------------------------------------------------------------------


def full_article() -> Article:
    """One with everything that an article can have."""
    topic = TopicFactory(name_en="Acute pain")
    fact = MisconceptionFactory(question_en="Massage it?", fact_en="Better not.", verdict=VerdictOnMyth.PARTLY_TRUE)
    closure, block = TermFactory(name_en="closure"), TermFactory(name_en="block")
    comparison = ComparisonFactory(title_en="Closure and block", first=closure, second=block, rows=0)
    RowFactory(comparison=comparison, aspect_en="Place", first_en="The painful spot.", second_en="Along the nerve.")
    related = ArticleFactory(title_en="Kinds of pain", summary_en="There are several.")
    publish_all(topic, fact, closure, block, comparison, related)
    article = ArticleFactory(
        slug="pain",
        kind=ArticleKind.CONDITION,
        title_en="What is pain?",
        summary_en="It is an alarm.",
        body_en="<h2>One</h2><p>First.</p><h2>Two</h2><p>Second.</p><h2>Three</h2><p>Third.</p>",
        topics=[topic],
        misconceptions=[fact],
        comparisons=[comparison],
        related=[related],
    )
    WarningFactory(article=article, heading_en="Chest pain", text_en="Call 120.")
    QuestionFactory(article=article, text_en="What is the cause?")
    ArticleReferenceFactory(article=article, citation_en="A book", claim_en="What pain is", year=2014)
    return article


def test_an_article_shows_everything_in_the_order_of_its_importance(client: Client) -> None:
    publish(full_article(), "en")
    page = read(client, "/en/articles/pain/")
    assert in_this_order(
        page.main,
        *("Illness", "What is pain?", "It is an alarm."),
        *("Emergency: get help now", "Chest pain", "Call 120."),
        *(
            "On this page",
            "One",
            "Two",
            "Three",
            "What patients ask",
            "Ask your doctor",
            "One",
            "First.",
            "Two",
            "Second.",
            "Three",
            "Third.",
        ),
        *("Closure and block", "closure", "block", "Place", "The painful spot.", "Along the nerve."),
        *("Massage it?", "Common belief: Partly true", "Better not."),
        *("Ask your doctor", "What is the cause?"),
        *("Kinds of pain", "There are several.", "Acute pain"),
        *("Sources", "A book", "(2014)", "Supports: What pain is"),
        *("Medical reviewer", "approved on", "Language reviewer", "Next review", "Edition", "1"),
    )


def test_emergencies_come_before_all_other_warnings(client: Client) -> None:
    article = ArticleFactory(slug="pain")
    for order, level in enumerate([Urgency.CAUTION, Urgency.URGENT, Urgency.EMERGENCY, Urgency.URGENT]):
        WarningFactory(article=article, level=level, order=order, heading_en=f"{order}")
    publish(article, "en")
    assert read(client, "/en/articles/pain/").texts("//section[starts-with(@class, 'warning')]/h2") == [
        "Emergency: get help now 2",
        "Urgent: see a doctor today 1",
        "Urgent: see a doctor today 3",
        "Take care 0",
    ]


def test_contents_lead_to_the_headings_and_to_what_follows_the_body(client: Client) -> None:
    publish(full_article(), "en")
    page = read(client, "/en/articles/pain/")
    targets = page.texts("//nav[@class='contents']//a/@href")
    assert targets == ["#section-1", "#section-2", "#section-3", "#comparison-1", "#facts", "#ask"]
    assert all(len(page.find(f"//main//*[@id='{target[1:]}']")) == 1 for target in targets)
    assert page.texts("//h2[starts-with(@id, 'section-')]") == ["One", "Two", "Three"]


def test_two_headings_need_no_contents(client: Client) -> None:
    publish(ArticleFactory(slug="short", body_zh_hans="<h2>一</h2><p>甲。</p><h2>二</h2><p>乙。</p>"), "zh-hans")
    assert not read(client, "/zh-hans/articles/short/").find("//nav[@class='contents']")


def test_what_is_linked_is_left_out_where_it_is_not_live_in_this_language(client: Client) -> None:
    article = full_article()
    publish(article, "en")
    for edition in Edition.objects.live("en").exclude(object_id=article.pk, slug="pain"):
        Edition.objects.filter(pk=edition.pk).update(live_until=edition.live_from)
    page = read(client, "/en/articles/pain/")
    assert not page.find("//table")
    assert page.texts("//main//section/h2") == [
        "Emergency: get help now Chest pain",
        "Ask your doctor",
        "Sources",
        "About this page",
        "Was this page helpful?",
    ]


def test_a_comparison_stands_though_a_term_of_it_is_not_live(client: Client) -> None:
    comparison = ComparisonFactory(slug="two")
    publish(comparison, "en")
    publish(ArticleFactory(slug="pain", comparisons=[comparison]), "en")
    assert read(client, "/en/articles/pain/").texts("//thead//th") == ["Aspect", "The first", "The second"]


def test_a_text_that_was_stored_unclean_is_shown_clean(client: Client) -> None:
    clean = publish(ArticleFactory(slug="pain"), "zh-hans")
    unclean = Edition.objects.create(
        content_type=clean.content_type,
        object_id=clean.object_id,
        language=clean.language,
        number=2,
        slug=clean.slug,
        title=clean.title,
        content={**clean.content, "body": "<p onclick='x()'>正文</p><script>alert(1)</script>"},
        digest="as if by hand",
        author=clean.author,
        review_due=clean.review_due,
    )
    workflow.publish(approve(unclean), by=staff(StaffRole.PUBLISHER))
    page = read(client, "/zh-hans/articles/pain/")
    assert page.texts("//div[@class='prose']") == ["正文"]
    assert not page.find("//script[not(@src) and not(@type='application/ld+json')] | //*[@onclick]")


def test_plain_text_is_escaped(client: Client) -> None:
    article = ArticleFactory(slug="pain", title_en="<b>A</b> & B", summary_en='"<script>alert(1)</script>')
    ArticleReferenceFactory(article=article, citation_en="<i>Book</i>", url="javascript:alert(1)")
    publish(article, "en")
    page = read(client, "/en/articles/pain/")
    assert page.texts("//h1") == ["<b>A</b> & B"]
    assert not page.find("//main//script[not(@src)] | //main//b | //i | //a[starts-with(@href, 'javascript')]")


def test_the_head_says_what_the_page_is(client: Client) -> None:
    publish(full_article(), "en")
    page = read(client, "/en/articles/pain/")
    assert page.texts("/html/@lang") == ["en"]
    assert page.texts("/html/head/title") == ["What is pain? · Pain Clinic Patient Information"]
    assert page.texts("//meta[@name='description']/@content") == ["It is an alarm."]
    assert page.texts("//link[@rel='canonical']/@href") == ["http://testserver/en/articles/pain/"]
    assert not page.find("//meta[@name='robots']")


def test_a_language_that_is_not_live_is_no_alternate(client: Client) -> None:
    article = ArticleFactory(slug="pain")
    publish(article, "zh-hans")
    submit(article, "en")
    assert read(client, "/zh-hans/articles/pain/").texts("//link[@rel='alternate']/@hreflang") == [
        "zh-Hans",
        "zh-Hant",
        "x-default",
    ]


def test_both_languages_are_alternates_once_both_are_live(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain"))
    page = read(client, "/zh-hans/articles/pain/")
    assert page.texts("/html/@lang") == ["zh-Hans"]
    assert dict(zip(page.texts("//link/@hreflang"), page.texts("//link[@hreflang]/@href"), strict=True)) == {
        "zh-Hans": "http://testserver/zh-hans/articles/pain/",
        "zh-Hant": "http://testserver/zh-hant/articles/pain/",
        "en": "http://testserver/en/articles/pain/",
        "x-default": "http://testserver/zh-hans/articles/pain/",
    }


def test_the_language_switch_stays_on_the_page(client: Client) -> None:
    publish_all(ArticleFactory(slug="pain", title_zh_hans="疼痛是什么", title_en="What is pain?"))
    addresses = read(client, "/en/articles/pain/").texts("//nav[@class='languages']//a/@href")
    titles = [read(client, address).texts("//h1") for address in addresses]
    assert titles == [["疼痛是什么"], ["疼痛是什麼"]]


def test_articles_are_listed_by_kind_and_then_by_title(client: Client) -> None:
    for kind, title in [
        (ArticleKind.MEDICINE, "Steroids"),
        (ArticleKind.UNDERSTANDING, "What is pain"),
        (ArticleKind.UNDERSTANDING, "Kinds of pain"),
    ]:
        publish_all(ArticleFactory(kind=kind, title_en=title))
    publish(ArticleFactory(title_en="Not translated", title_zh_hans="没有译文"), "zh-hans")
    page = read(client, "/en/articles/")
    assert page.texts("//main//h2") == ["Understanding pain", "Medicine"]
    assert page.texts("//main//section//a") == ["Kinds of pain", "What is pain", "Steroids"]


def test_chinese_articles_are_listed_by_pinyin(client: Client) -> None:
    for title in ["阻滞", "疼痛", "封闭"]:
        publish(ArticleFactory(title_zh_hans=title), "zh-hans")
    assert read(client, "/zh-hans/articles/").texts("//main//section//a") == ["封闭", "疼痛", "阻滞"]


def test_a_long_list_has_pages(client: Client) -> None:
    for article in ArticleFactory.create_batch(31):
        publish(article, "zh-hans")
    first, second = read(client, "/zh-hans/articles/"), read(client, "/zh-hans/articles/?page=2")
    assert [len(page.find("//main//section//a")) for page in (first, second)] == [30, 1]
    assert first.texts("//a[@rel='next']/@href") == ["/zh-hans/articles/?page=2"]
    assert second.texts("//a[@rel='prev']/@href") == ["/zh-hans/articles/"]
    assert second.texts("//link[@rel='canonical']/@href") == ["http://testserver/zh-hans/articles/?page=2"]
    assert client.get("/zh-hans/articles/?page=3").status_code == 404


# Facts ----------------------------------------------------------------------------------------------------------------


def full_fact(explanation_en: str = "<p>Another injection does.</p>") -> Misconception:
    term = TermFactory(name_en="nerve block")
    publish_all(term)
    fact = MisconceptionFactory(
        slug="anywhere",
        question_en="Does it go in wherever it hurts?",
        misconception_en="It goes in wherever it hurts.",
        verdict=VerdictOnMyth.FALSE,
        fact_en="It follows the nerve.",
        explanation_en=explanation_en,
        advice_en="<p>Ask where it goes in.</p>",
        terms=[term],
    )
    MisconceptionReferenceFactory(misconception=fact, citation_en="A leaflet")
    return fact


def test_a_fact_stands_before_the_myth_and_again_after_it(client: Client) -> None:
    publish(full_fact(), "en")
    page = read(client, "/en/facts/anywhere/")
    assert page.texts("//h1") == ["Does it go in wherever it hurts?"]
    assert in_this_order(
        page.main,
        *("Common belief: False", "It follows the nerve."),
        *("What is often believed", "It goes in wherever it hurts."),
        *("Why people believe it, and where it fails", "Another injection does."),
        *("Keep this in mind", "It follows the nerve.", "Ask where it goes in."),
        *("nerve block", "Sources", "A leaflet", "Medical reviewer"),
    )


def test_the_myth_is_said_once_and_never_in_the_head(client: Client) -> None:
    publish(full_fact(), "en")
    page = read(client, "/en/facts/anywhere/")
    assert page.main.count("It goes in wherever it hurts.") == 1
    assert page.texts("//meta[@name='description']/@content") == ["It follows the nerve."]


def test_an_explanation_with_headings_of_its_own_gets_no_other(client: Client) -> None:
    publish(full_fact("<h2>Why so</h2><p>Another injection does.</p>"), "en")
    assert "Why people believe it" not in read(client, "/en/facts/anywhere/").main


def test_the_list_of_facts_has_question_verdict_and_fact_but_no_myth(client: Client) -> None:
    publish(full_fact(), "en")
    page = read(client, "/en/facts/")
    assert in_this_order(page.main, "Does it go in wherever it hurts?", "Common belief: False", "It follows the nerve.")
    assert "It goes in wherever it hurts." not in page.main


def test_facts_have_pages(client: Client) -> None:
    for fact in MisconceptionFactory.create_batch(31):
        publish(fact, "zh-hans")
    assert len(read(client, "/zh-hans/facts/?page=2").find("//main//ul/li/a")) == 1
    assert client.get("/zh-hans/facts/?page=0").status_code == 404


def test_choices_that_nothing_fits_say_so_and_lead_back_to_all(client: Client) -> None:
    facts_to_filter()
    page = read(client, "/en/facts/?verdict=true")
    assert page.texts("//p[@role='status']") == ["0 questions · Show all"]
    assert "No question fits both choices." in page.main


def test_a_verdict_of_two_words_stays_in_one_line(client: Client) -> None:
    publish_all(MisconceptionFactory(verdict=VerdictOnMyth.DEPENDS))
    assert "Common belief: It\u00a0depends" in client.get("/en/facts/").content.decode()


def facts_to_filter() -> None:
    acute, chronic, unused = TopicFactory(slug="acute"), TopicFactory(slug="chronic"), TopicFactory(slug="unused")
    false, depends = VerdictOnMyth.FALSE, VerdictOnMyth.DEPENDS
    publish_all(
        *(acute, chronic, unused),
        MisconceptionFactory(question_en="One?", verdict=false, topics=[acute]),
        MisconceptionFactory(question_en="Two?", verdict=depends, topics=[acute, chronic]),
        MisconceptionFactory(question_en="Three?", verdict=depends),
    )


@pytest.mark.parametrize(
    ("query", "questions"),
    [
        ("", ["One?", "Three?", "Two?"]),
        ("verdict=&topic=", ["One?", "Three?", "Two?"]),
        ("verdict=depends", ["Three?", "Two?"]),
        ("topic=acute", ["One?", "Two?"]),
        ("topic=chronic&verdict=depends", ["Two?"]),
        ("topic=chronic&verdict=false", []),
        ("verdict=true", []),
    ],
)
def test_facts_are_filtered_by_verdict_and_topic(client: Client, query: str, questions: list[str]) -> None:
    facts_to_filter()
    page = read(client, f"/en/facts/?{query}")
    assert page.texts("//main//ul/li/a") == questions
    assert page.texts("//link[@rel='canonical']/@href") == ["http://testserver/en/facts/"]


def test_a_filter_offers_only_topics_that_have_facts_and_keeps_what_was_chosen(client: Client) -> None:
    facts_to_filter()
    page = read(client, "/en/facts/?topic=chronic&verdict=depends")
    assert sorted(page.texts("//select[@name='topic']/option/@value")) == ["", "acute", "chronic"]
    assert page.texts("//option[@selected]/@value") == ["depends", "chronic"]
    assert page.texts("//p[@role='status']") == ["1 question · Show all"]


@pytest.mark.parametrize("query", ["verdict=wrong", "topic=unused", "topic=nothing", "topic=%ff", "verdict=FALSE"])
def test_a_filter_that_is_not_offered_is_not_found(client: Client, query: str) -> None:
    facts_to_filter()
    assert client.get(f"/en/facts/?{query}").status_code == 404


def test_a_filter_goes_along_into_another_language_and_to_no_search_engine(client: Client) -> None:
    facts_to_filter()
    page = read(client, "/en/facts/?topic=chronic&verdict=depends&page=1")
    query = "verdict=depends&topic=chronic"
    assert page.texts("//nav[@class='languages']//a/@href") == [f"/zh-{it}/facts/?{query}" for it in ("hans", "hant")]
    assert not [each for each in page.texts("//link[@hreflang]/@href") if "?" in each]


def test_a_topic_chosen_in_a_language_that_has_facts_about_it_is_empty_in_one_that_has_none(client: Client) -> None:
    facts_to_filter()
    withdraw(Edition.objects.get(slug="chronic", language="zh-hans"))
    assert read(client, "/zh-hans/facts/?topic=chronic").texts("//p[@role='status']") == ["0 个问题 · 显示全部"]
    assert len(read(client, "/en/facts/?topic=chronic").find("//main//ul/li/a")) == 1


def test_the_pages_of_a_filtered_list_keep_the_filter(client: Client) -> None:
    for fact in MisconceptionFactory.create_batch(31, verdict=VerdictOnMyth.FALSE):
        publish(fact, "zh-hans")
    first, second = (read(client, f"/zh-hans/facts/?verdict=false{page}") for page in ("", "&page=2"))
    assert first.texts("//a[@rel='next']/@href") == ["/zh-hans/facts/?verdict=false&page=2"]
    assert second.texts("//a[@rel='prev']/@href") == ["/zh-hans/facts/?verdict=false"]


# Topics ---------------------------------------------------------------------------------------------------------------


def topics() -> tuple[Topic, Topic, Topic]:
    acute = TopicFactory(slug="acute", name_en="Acute pain", summary_en="It begins suddenly.")
    injury = TopicFactory(slug="injury", name_en="Pain from an injury", parent=acute)
    burn = TopicFactory(slug="burn", name_en="Pain from a burn", parent=injury)
    publish_all(acute, injury, burn)
    return acute, injury, burn


def test_topics_are_listed_as_a_tree(client: Client) -> None:
    topics()
    page = read(client, "/en/topics/")
    assert page.texts("//main//h2") == ["By course"]
    assert page.texts("//main//ul/li/ul/li/ul/li/a") == ["Pain from a burn"]


def test_a_topic_shows_what_is_above_and_under_it_and_all_that_names_it(client: Client) -> None:
    _acute, injury, _burn = topics()
    publish_all(
        ArticleFactory(title_en="Cuts and bruises", summary_en="They heal.", topics=[injury]),
        ArticleFactory(title_en="About something else"),
        MisconceptionFactory(question_en="Massage it?", fact_en="Better not.", topics=[injury]),
    )
    page = read(client, "/en/topics/injury/")
    assert page.texts("//nav[@class='breadcrumb']//a") == ["Home", "Topics", "Acute pain"]
    assert in_this_order(page.main, "Pain from a burn", "Cuts and bruises", "They heal.", "Massage it?", "Better not.")
    assert "About something else" not in page.main
    assert in_this_order(page.main, "Medical reviewer", "Edition")


# Queries --------------------------------------------------------------------------------------------------------------


def many(count: int) -> None:
    """So many of everything, all naming each other, in both languages."""
    all_topics: list[Topic] = TopicFactory.create_batch(count)
    terms: list[Term] = TermFactory.create_batch(count)
    comparisons = [ComparisonFactory(first=term, second=terms[0]) for term in terms[1:]]
    facts = MisconceptionFactory.create_batch(count, topics=all_topics, terms=terms)
    related = ArticleFactory.create_batch(count, topics=all_topics)
    article = ArticleFactory(
        slug="pain", topics=all_topics, misconceptions=facts, comparisons=comparisons, related=related
    )
    WarningFactory.create_batch(count, article=article)
    ArticleReferenceFactory.create_batch(count, article=article)
    publish_all(*all_topics, *terms, *comparisons, *facts, *related, article)


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_the_number_of_rows(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    many(count)
    topic, fact = Topic.objects.earliest("pk"), Misconception.objects.earliest("pk")
    ceilings = {
        "/en/articles/pain/": 8,
        f"/en/facts/{fact.slug}/": 8,
        f"/en/topics/{topic.slug}/": 8,
        "/en/articles/": 6,
        "/en/facts/": 6,
        f"/en/facts/?verdict={fact.verdict}&topic={topic.slug}": 6,
        "/en/topics/": 6,
    }
    for path, ceiling in ceilings.items():
        with django_assert_max_num_queries(ceiling):
            read(client, path)


def test_ceilings_hold_for_the_first_reader_too(client: Client, django_assert_max_num_queries: Any) -> None:
    many(2)
    for path, ceiling in {"/en/articles/pain/": 8, "/en/articles/": 6, "/en/topics/": 6}.items():
        ContentType.objects.clear_cache()
        with django_assert_max_num_queries(ceiling):
            read(client, path)
