"""The admin of documents and editions, shown on articles; tests/articles and tests/glossary have the rest."""

import datetime
from typing import Any

import lxml.html
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from articles.models import Article, ArticleReference, Topic, Warning
from glossary.models import Name, Term
from painsite.roles import StaffRole
from publishing import snapshot, workflow
from publishing.models import Edition, Event, SignOff, State
from publishing.workflow import Act
from tests.adminforms import client_as, client_of, filled_in, shown, text
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    NameFactory,
    TermFactory,
    TopicFactory,
    UserFactory,
    WarningFactory,
    approve,
    publish,
    publish_all,
    staff,
    submit,
    withdraw,
)

pytestmark = pytest.mark.django_db

LISTS = ["articles_article", "articles_misconception", "articles_topic", "glossary_term", "glossary_comparison"]
MANY_QUERIES = 20
MANY = 500


def again(document: Any) -> Any:
    """The same from the database."""
    return type(document)._base_manager.get(pk=document.pk)


def change_url(document: Any) -> str:
    return reverse(f"admin:{document._meta.app_label}_{document._meta.model_name}_change", args=[document.pk])


def submit_url(document: Any, language: str) -> str:
    name = f"admin:{document._meta.app_label}_{document._meta.model_name}_submit"
    return reverse(name, args=[document.pk, language])


def edition_url(edition: Edition) -> str:
    return reverse("admin:publishing_edition_change", args=[edition.pk])


def act_url(edition: Edition, act: Act) -> str:
    return reverse("admin:publishing_edition_act", args=[edition.pk, act])


def full_article(**fields: Any) -> Any:
    article = ArticleFactory(**fields)
    WarningFactory(article=article)
    return article


# Lists ----------------------------------------------------------------------------------------------------------------


def articles_in_every_status() -> dict[str, Any]:
    """By the status that their English has, and no other article has."""
    articles = {name: full_article() for name in ("draft", "in_review", "changes_requested", "approved", "live")}
    articles["missing"] = full_article(body_en="")
    articles["changed"], articles["ended"] = full_article(), full_article()
    submit(articles["in_review"], "en")
    edition = submit(articles["changes_requested"], "en")
    workflow.request_changes(edition, staff(StaffRole.MEDICAL_REVIEWER), comment="Call it a nerve block.")
    approve(submit(articles["approved"], "en"))
    for name in ("live", "changed", "ended"):
        publish_all(articles[name])
    Article.objects.filter(pk=articles["changed"].pk).update(title_en="Another title")
    withdraw(articles["ended"].editions.live("en").get())
    return articles


def column(page: Any, heading: str) -> dict[str, str]:
    """The text of one column by the first, which names the row."""
    table = lxml.html.fromstring(page.content.decode()).get_element_by_id("result_list")
    headings = [cell.text_content().strip() for cell in table.xpath("./thead/tr/th")]
    place = headings.index(heading)
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath("./tbody/tr")]
    return {next(cell for cell in row if cell): row[place] for row in rows}


def test_the_list_says_how_far_each_language_of_a_document_is() -> None:
    articles = articles_in_every_status()

    page = client_as(StaffRole.EDITOR).get(reverse("admin:articles_article_changelist"))

    english = column(page, "English")
    assert {name: english[again(a).title_en] for name, a in articles.items()} == {
        "missing": "text missing",
        "draft": "draft",
        "in_review": "in review",
        "changes_requested": "changes requested",
        "approved": "approved",
        "live": "live",
        "changed": "live changed since",
        "ended": "no longer live",
    }
    chinese = column(page, "Chinese")
    assert {name: chinese[again(a).title_en] for name, a in articles.items()} == {
        "missing": "draft",
        "draft": "draft",
        "in_review": "in review",
        "changes_requested": "in review",
        "approved": "in review",
        "live": "live",
        "changed": "live",
        "ended": "live",
    }


def test_a_filter_shows_exactly_the_documents_of_which_a_language_has_a_status() -> None:
    articles = articles_in_every_status()
    client = client_as(StaffRole.EDITOR)

    def found(**filters: str) -> set[str]:
        page = client.get(reverse("admin:articles_article_changelist"), filters)
        keys = {document.pk for document in page.context["cl"].result_list}
        return {name for name, article in articles.items() if article.pk in keys}

    expected = {name: {name} for name in articles} | {"live": {"live", "changed"}, "scheduled": set()}
    assert {status: found(status_en=status) for status in expected} == expected
    assert found(status_zh_hans="live") == {"live", "changed", "ended"}
    assert found(status_zh_hans="live", status_en="ended") == {"ended"}
    assert found(status_en="nonsense") == set(articles)


@pytest.mark.parametrize("typed", ["骨质", "brittle", "long-cortisone", "隔日", "every other day"])
def test_a_list_is_searched_in_both_languages_whichever_is_spoken(typed: str) -> None:
    wanted = ArticleFactory(
        slug="long-cortisone",
        title_zh_hans="激素与骨质",
        title_en="Do steroids make bones brittle?",
        body_zh_hans="<p>隔日一次</p>",
        body_en="<p>Once every other day</p>",
    )
    ArticleFactory()
    for language in ("en", "zh-hans"):
        page = client_as(StaffRole.EDITOR, language).get(reverse("admin:articles_article_changelist"), {"q": typed})
        assert [document.pk for document in page.context["cl"].result_list] == [wanted.pk]


def test_editions_are_listed_with_their_kind_and_state_and_filtered_by_both() -> None:
    article: Any = full_article()
    term: Any = TermFactory()
    submit(article, "en")
    publish(term, "zh-hans")
    client = client_as(StaffRole.PUBLISHER)
    url = reverse("admin:publishing_edition_changelist")

    def titles(**filters: str) -> set[str]:
        return {str(edition) for edition in client.get(url, filters).context["cl"].result_list}

    assert titles()  # the language is the client's from here on
    chinese, english = (str(article.editions.get(language=code)) for code in ("zh-hans", "en"))
    of_term = str(term.editions.get())
    assert titles() == {chinese, english, of_term}
    assert titles(kind="term") == {of_term}
    assert titles(kind="nonsense") == {chinese, english, of_term}
    assert titles(language="en") == {english}
    assert titles(state="published") == {of_term}
    assert titles(q=term.slug) == {of_term}
    assert column(client.get(url), "Kind")[term.name_zh_hans] == "term"


def test_what_waits_for_a_person_is_on_their_front_page_and_behind_a_filter() -> None:
    article = full_article()
    chinese, english = submit(article, "zh-hans"), submit(article, "en")
    url = reverse("admin:publishing_edition_changelist")

    def waiting(role: StaffRole) -> set[str]:
        client = client_as(role)
        index = lxml.html.fromstring(client.get(reverse("admin:index")).content.decode())
        on_index = {link.text_content() for link in index.xpath("//section[contains(@class, 'waiting')]//a")}
        listed = client.get(url, {"waiting": "me"}).context["cl"].result_list
        assert on_index == {str(edition) for edition in listed}
        return on_index

    assert waiting(StaffRole.MEDICAL_REVIEWER) == {str(chinese), str(english)}
    assert waiting(StaffRole.LANGUAGE_REVIEWER_EN) == {str(english)}
    assert waiting(StaffRole.LANGUAGE_REVIEWER_ZH_HANS) == set()
    assert waiting(StaffRole.EDITOR) == set()
    approve(english)
    assert waiting(StaffRole.PUBLISHER) == {str(english)}
    assert waiting(StaffRole.LANGUAGE_REVIEWER_EN) == set()


# Query ceilings -------------------------------------------------------------------------------------------------------


def many(factory: Any, **shared: Any) -> None:
    """Five hundred documents, the first fifty with relations, each language of all of them in review."""
    model = factory._meta.model
    model.objects.bulk_create(factory.build(**shared) for _ in range(MANY))
    documents = list(model.objects.all())
    snapshot.prefetch(documents)
    kind, author = ContentType.objects.get_for_model(model), staff(StaffRole.EDITOR)
    editions = []
    for document in documents:
        for language in ("zh-hans", "en"):
            content = snapshot.freeze(document, language)
            editions.append(
                Edition(
                    content_type=kind,
                    object_id=document.pk,
                    language=language,
                    number=1,
                    slug=document.slug,
                    title=content[document.snapshot.title],
                    content=content,
                    digest=snapshot.digest(content),
                    author=author,
                    review_due=document.next_review,
                )
            )
    Edition.objects.bulk_create(editions)


@pytest.fixture
def many_of(request: pytest.FixtureRequest) -> str:
    match request.param:
        case "articles_article":
            many(ArticleFactory)
            topics, fact = [TopicFactory(), TopicFactory()], MisconceptionFactory()
            for article in Article.objects.all()[:50]:
                article.topics.set(topics)
                article.misconceptions.add(fact)
                WarningFactory(article=article)
        case "articles_misconception":
            many(MisconceptionFactory)
        case "articles_topic":
            many(TopicFactory)
            top, *below = Topic.objects.all()
            Topic.objects.filter(pk__in=[topic.pk for topic in below]).update(parent=top)
        case "glossary_term":
            many(TermFactory)
            Name.objects.bulk_create(Name(term=term, language="en", text="block") for term in Term.objects.all())
        case "glossary_comparison":
            many(ComparisonFactory, first=TermFactory(), second=TermFactory(), rows=0)
    return request.param


@pytest.mark.parametrize("many_of", LISTS, indirect=True)
def test_a_list_of_hundreds_takes_few_queries_however_it_is_filtered(
    many_of: str, django_assert_max_num_queries: Any
) -> None:
    client = client_as(StaffRole.EDITOR)
    url = reverse(f"admin:{many_of}_changelist")
    for query in (
        {},
        {"p": "2"},
        {"q": "pain"},
        {"status_en": "in_review"},
        {"status_en": "in_review", "status_zh_hans": "in_review", "q": "1"},
        {"_facets": "True"},
    ):
        with django_assert_max_num_queries(MANY_QUERIES):
            page = client.get(url, query)
        assert page.status_code == 200
    assert len(page.context["cl"].result_list) == 50


def test_editions_and_the_front_page_take_few_queries_with_hundreds_waiting(django_assert_max_num_queries: Any) -> None:
    many(ArticleFactory)
    client = client_as(StaffRole.MEDICAL_REVIEWER)
    editions = reverse("admin:publishing_edition_changelist")
    for url in (editions, f"{editions}?waiting=me", f"{editions}?q=pain&kind=article", reverse("admin:index")):
        with django_assert_max_num_queries(MANY_QUERIES):
            page = client.get(url)
        assert page.status_code == 200
    assert f"All {2 * MANY}" in text(page)


# Forms ----------------------------------------------------------------------------------------------------------------


def test_an_editor_changes_both_languages_the_relations_and_the_parts_in_one_form() -> None:
    article, topic = full_article(), TopicFactory()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(change_url(article))) | {
        "title_en": "What pain is",
        "body_zh_hans": "<h2>定义</h2><p>疼痛有<em>两</em>种。</p><script>1</script>",
        "topics": [topic.pk],
        "warnings-TOTAL_FORMS": "2",
        "warnings-0-text_en": "Call 120 now.",
        "warnings-1-level": "caution",
        "warnings-1-heading_zh_hans": "注意",
        "warnings-1-heading_en": "Mind",
        "warnings-1-text_zh_hans": "慢慢来。",
        "warnings-1-text_en": "Take your time.",
        "warnings-1-order": "1",
        "references-0-DELETE": "on",
    }

    assert client.post(change_url(article), data).status_code == 302

    article = again(article)
    assert article.title_en == "What pain is"
    assert article.body_zh_hans == "<h2>定义</h2><p>疼痛有两种。</p>"
    assert list(article.topics.all()) == [topic]
    assert list(article.warnings.values_list("heading_zh_hans", "heading_en", "text_en")) == [
        ("胸痛", "Chest pain", "Call 120 now."),
        ("注意", "Mind", "Take your time."),
    ]
    assert not article.references.exists()


def test_a_new_article_is_made_in_one_language_alone() -> None:
    client = client_as(StaffRole.EDITOR)
    url = reverse("admin:articles_article_add")
    data = filled_in(client.get(url)) | {
        "kind": "condition",
        "slug": "gout",
        "source_language": "en",
        "title_en": "Gout",
    }
    data["next_review"] = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    assert client.post(url, data).status_code == 302
    article: Any = Article.objects.get(slug="gout")
    assert (article.title_en, article.title_zh_hans, article.body_zh_hans) == ("Gout", None, "")


def test_a_form_that_fails_keeps_everything_typed_in_both_languages_and_says_in_which_tab_the_error_is() -> None:
    article = full_article()
    client = client_as(StaffRole.EDITOR)
    typed = {
        "title_zh_hans": "",
        "title_en": "A title <b>typed</b>",
        "summary_zh_hans": "打了一半",
        "summary_en": "Half typed & not saved",
        "body_zh_hans": "<h2>新的</h2><p>正文</p>",
        "body_en": "<h2>New</h2><p>text</p>",
        "slug": "Not An Address",
        "warnings-TOTAL_FORMS": "2",
        "warnings-0-heading_en": "x" * 121,
        "warnings-0-text_zh_hans": "改过的警示",
        "warnings-1-heading_zh_hans": "",
        "warnings-1-heading_en": "New warning",
        "warnings-1-text_zh_hans": "新警示",
        "warnings-1-text_en": "Its text",
        "warnings-1-order": "1",
        "references-0-citation_zh_hans": "新出处",
        "references-0-claim_en": "Another claim",
    }

    page = client.post(change_url(article), filled_in(client.get(change_url(article))) | typed)

    assert page.status_code == 200
    assert {name: value for name, value in shown(page).items() if name in typed} == typed
    words = text(page)
    assert "In the tab “Chinese”: Title, Warning 2: Heading" in words
    assert "In the tab “English”: Warning 1: Heading" in words
    assert again(article).title_en == article.title_en


def test_an_address_that_another_document_had_is_refused_beside_the_field_with_its_name() -> None:
    other = ArticleFactory(slug="pain", title_en="What is pain")
    publish(other, "zh-hans")
    Article.objects.filter(pk=other.pk).update(slug="moved")
    article = ArticleFactory(slug="mine")
    page = client_as(StaffRole.EDITOR).get(change_url(article))
    for slug, said in [("pain", "“What is pain” had this address"), ("moved", "“What is pain” has this address.")]:
        refused = client_as(StaffRole.EDITOR).post(change_url(article), {**filled_in(page), "slug": slug})
        assert refused.status_code == 200
        (error,) = lxml.html.fromstring(refused.content.decode()).find_class("field-slug")
        assert said in error.text_content()
        assert again(article).slug == "mine"


def test_a_part_needs_its_text_in_the_source_language_only() -> None:
    article = full_article(source_language="en")
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(change_url(article)))
    page = client.post(change_url(article), data | {"warnings-0-heading_en": "", "references-0-citation_en": " "})
    assert "In the tab “English”: Warning 1: Heading, Reference 1: Citation" in text(page)
    empty = {"warnings-0-heading_zh_hans": "", "warnings-0-text_zh_hans": "", "references-0-citation_zh_hans": ""}
    assert client.post(change_url(article), data | empty).status_code == 302
    data = filled_in(client.get(change_url(article)))
    assert client.post(change_url(article), data | {"source_language": "zh-hans"}).status_code == 200


ODD = {
    "null byte": "a\x00b",
    "very long": "痛" * 20_000,
    "huge number": "9" * 40,
    "negative": "-1",
    "markup": "<script>alert(1)</script>",
    "turned round": "\u202eabc",
    "emoji": "\U0001f9e0" * 200,
    "control": "\x01\x1b",
}
FIELDS = [
    "title_zh_hans", "title_en", "summary_en", "body_zh_hans", "body_en", "slug", "kind", "source_language",
    "next_review", "topics", "related", "warnings-TOTAL_FORMS", "warnings-0-id", "warnings-0-level",
    "warnings-0-heading_en", "warnings-0-text_zh_hans", "warnings-0-order", "references-0-url", "references-0-year",
    "references-0-article", "misconception_rows-0-misconception", "misconception_rows-0-order",
]  # fmt: skip


@pytest.mark.parametrize("value", ODD.values(), ids=list(ODD))
def test_odd_input_in_any_field_is_a_message_or_is_saved_but_never_breaks(value: str) -> None:
    article = full_article(misconceptions=[MisconceptionFactory()])
    client = client_as(StaffRole.EDITOR)
    good = filled_in(client.get(change_url(article)))
    assert set(FIELDS) - {"topics", "related"} <= set(good)
    for field in FIELDS:
        page = client.post(change_url(article), good | {field: value})
        assert page.status_code in {200, 302}, field
        if page.status_code == 302:
            good = filled_in(client.get(change_url(article)))
    connection.check_constraints()


@pytest.mark.parametrize(
    "lost", ["warnings-TOTAL_FORMS", "warnings-INITIAL_FORMS", "title_zh_hans", "slug", "next_review", "kind"]
)
def test_a_form_with_a_field_missing_is_shown_again(lost: str) -> None:
    article = full_article()
    client = client_as(StaffRole.EDITOR)
    data = filled_in(client.get(change_url(article)))
    del data[lost]
    assert client.post(change_url(article), data).status_code in {200, 302}
    assert again(article).title_zh_hans == article.title_zh_hans


# Whose languages they are ---------------------------------------------------------------------------------------------


def test_a_translator_fills_in_their_language_in_the_text_and_in_its_parts() -> None:
    article = full_article(title_en="", summary_en="", body_en="")
    Warning.objects.filter(article=article).update(heading_en="", text_en="")
    client = client_as(StaffRole.TRANSLATOR_EN)
    data = filled_in(client.get(change_url(article))) | {
        "title_en": "What is pain?",
        "summary_en": "Pain is an alarm.",
        "body_en": "<p>Pain hurts.</p>",
        "warnings-0-heading_en": "Chest pain",
        "warnings-0-text_en": "Call 120.",
        "references-0-claim_en": "All of it",
    }

    assert client.post(change_url(article), data).status_code == 302

    translated = again(article)
    assert (translated.title_en, translated.body_en) == ("What is pain?", "<p>Pain hurts.</p>")
    warning, reference = translated.warnings.get(), translated.references.get()
    assert (warning.heading_en, warning.text_en, reference.claim_en) == ("Chest pain", "Call 120.", "All of it")
    assert (warning.heading_zh_hans, translated.title_zh_hans) == ("胸痛", article.title_zh_hans)


def row_of(instance: Any) -> dict[str, Any]:
    """All columns but those that note a save, and the base columns, which hold either language."""
    model: type[Model] = type(instance)
    base = snapshot.translated_fields(model)
    return {
        field.attname: field.value_from_object(instance)
        for field in instance._meta.concrete_fields
        if field.name not in {"version", "updated_at", *base}
    }


@pytest.mark.parametrize(
    ("role", "theirs", "others"),
    [(StaffRole.TRANSLATOR_EN, "en", "zh_hans"), (StaffRole.TRANSLATOR_ZH_HANS, "zh_hans", "en")],
)
def test_a_hand_made_post_of_a_translator_changes_nothing_but_their_language(
    role: StaffRole, theirs: str, others: str
) -> None:
    article = full_article(topics=[TopicFactory()], misconceptions=[MisconceptionFactory()])
    parts = [article.warnings.get(), article.references.get(), article.misconception_rows.get()]
    before = [row_of(instance) for instance in (article, *parts)]
    client = client_as(role)
    data = filled_in(client.get(change_url(article)))
    assert f"title_{others}" not in data
    forged = {
        f"title_{others}": "forged",
        f"summary_{others}": "forged",
        f"body_{others}": "<p>forged</p>",
        "title": "forged",
        "slug": "forged",
        "kind": "medicine",
        "source_language": "en",
        "next_review": "2026-12-31",
        "topics": [],
        "related": [article.pk],
        "warnings-0-level": "caution",
        f"warnings-0-heading_{others}": "forged",
        f"warnings-0-text_{others}": "",
        "warnings-0-order": "9",
        "warnings-0-DELETE": "on",
        "references-TOTAL_FORMS": "2",
        "references-0-year": "1999",
        "references-0-url": "https://example.org/",
        f"references-1-citation_{theirs}": "forged",
        "references-1-order": "1",
        "misconception_rows-0-order": "9",
        "misconception_rows-0-DELETE": "on",
    }

    assert client.post(change_url(article), data | forged | {f"title_{theirs}": "Mine"}).status_code == 302

    after = [row_of(again(one)) for one in (article, *parts)]
    before[0][f"title_{theirs}"] = "Mine"
    assert after == before
    assert article.topics.count() == 1
    assert not article.related.exists()
    assert ArticleReference.objects.count() == 1


@pytest.mark.parametrize(
    "role",
    [StaffRole.MEDICAL_REVIEWER, StaffRole.LANGUAGE_REVIEWER_EN, StaffRole.PUBLISHER, StaffRole.ADMINISTRATOR],
)
def test_who_does_not_write_reads_the_draft_in_both_languages_and_cannot_post(role: StaffRole) -> None:
    article = full_article()
    client = client_as(role)
    page = client.get(change_url(article))
    document = lxml.html.fromstring(page.content.decode())
    assert "<h2>Definition</h2><p>Pain is an unpleasant feeling.</p>" in page.content.decode()
    assert [cell.get("lang") for cell in document.xpath("//tr[th = 'Title']/td")] == ["zh-Hans", "en"]
    assert not document.xpath("//form[@id='article_form']")
    assert client.post(change_url(article), {"title_en": "forged"}).status_code == 403
    assert client.post(submit_url(article, "en")).status_code == 403
    assert row_of(again(article)) == row_of(article)


def test_who_is_not_staff_sees_nothing_of_it() -> None:
    article = full_article()
    edition = submit(article, "zh-hans")
    for client in (Client(), client_of(UserFactory(is_staff=False)), client_of(UserFactory())):
        for url in (
            change_url(article),
            submit_url(article, "en"),
            edition_url(edition),
            act_url(edition, Act.PUBLISH),
        ):
            for response in (client.get(url), client.post(url)):
                assert response.status_code in {302, 403}
                if response.status_code == 302:
                    assert response["location"].startswith(reverse("admin:login"))
    assert Edition.objects.get().state == State.IN_REVIEW


# Sending for review ---------------------------------------------------------------------------------------------------


def test_an_editor_sends_each_language_for_review_with_the_kind_of_change_and_a_note() -> None:
    article = full_article()
    client = client_as(StaffRole.EDITOR)
    for language in ("zh-hans", "en"):
        assert submit_url(article, language) in client.get(change_url(article)).content.decode()
        response = client.post(submit_url(article, language), {"change_kind": "wording", "note": "See line 3"})
        edition = article.editions.get(language=language)
        assert response["location"] == edition_url(edition)
        assert (edition.state, edition.change_kind, edition.author) == ("in_review", "wording", staff(StaffRole.EDITOR))
        assert edition.events.get().reason == "See line 3"


def test_a_translator_sends_their_language_only() -> None:
    article = full_article()
    submit(article, "zh-hans")
    client = client_as(StaffRole.TRANSLATOR_EN)
    page = client.get(change_url(article)).content.decode()
    assert submit_url(article, "en") in page
    assert submit_url(article, "zh-hans") not in page
    assert client.get(submit_url(article, "zh-hans")).status_code == 403
    assert client.post(submit_url(article, "zh-hans"), {"change_kind": "typo"}).status_code == 403
    assert client.post(submit_url(article, "en"), {"change_kind": "typo"}).status_code == 302
    assert sorted(article.editions.values_list("language", flat=True)) == ["en", "zh-hans"]


def test_what_cannot_be_sent_says_why_and_keeps_what_was_typed() -> None:
    article = full_article(summary_en="", body_en="<p> </p>")
    submit(article, "zh-hans")
    client = client_as(StaffRole.EDITOR)
    page = client.post(submit_url(article, "en"), {"change_kind": "typo", "note": "a note"})
    assert page.status_code == 409
    assert "Still empty: key message [en] and text [en]. Fill them in first." in text(page)
    assert "a note</textarea>" in page.content.decode()
    assert not article.editions.filter(language="en").exists()
    page = client.post(submit_url(article, "zh-hans"), {"change_kind": "typo"})
    assert (page.status_code, article.editions.count()) == (409, 1)
    assert "Nothing has changed since edition 1" in text(page)


@pytest.mark.parametrize("data", [{}, {"change_kind": "nonsense"}, {"change_kind": "typo", "note": "a\x00b"}])
def test_a_submission_with_odd_input_is_asked_for_again(data: dict[str, str]) -> None:
    article = full_article()
    page = client_as(StaffRole.EDITOR).post(submit_url(article, "zh-hans"), data)
    assert (page.status_code, article.editions.count()) == (400, 0)


# Acts on editions -----------------------------------------------------------------------------------------------------


def translation_in(state: str) -> Edition:
    article = full_article()
    edition = submit(article, "en")
    if state == "in_review":
        return edition
    if state == "changes_requested":
        workflow.request_changes(edition, staff(StaffRole.LANGUAGE_REVIEWER_EN), comment="Say it in plain words.")
        return edition
    if state == "signed by the linguist":
        workflow.sign_off(edition, staff(StaffRole.LANGUAGE_REVIEWER_EN), "language")
        return edition
    approve(edition)
    if state == "approved":
        return edition
    approve(article.editions.get(language="zh-hans"))
    workflow.publish(article.editions.get(language="zh-hans"), staff(StaffRole.PUBLISHER))
    workflow.publish(edition, staff(StaffRole.PUBLISHER))
    if state == "withdrawn":
        withdraw(edition)
    if state == "superseded":
        article.title_en = "Another title"
        article.save()
        publish(article, "en")
        edition.refresh_from_db()
    return edition


SIGN, ASK, PUBLISH, WITHDRAW = {Act.SIGN_MEDICAL}, {Act.REQUEST_CHANGES}, {Act.PUBLISH}, {Act.WITHDRAW}
ALLOWED: dict[str, dict[StaffRole, set[Act]]] = {
    "in_review": {
        StaffRole.MEDICAL_REVIEWER: SIGN | ASK,
        StaffRole.LANGUAGE_REVIEWER_EN: {Act.SIGN_LANGUAGE} | ASK,
    },
    "signed by the linguist": {StaffRole.MEDICAL_REVIEWER: SIGN | ASK, StaffRole.LANGUAGE_REVIEWER_EN: ASK},
    "changes_requested": {},
    "approved": {
        StaffRole.MEDICAL_REVIEWER: ASK,
        StaffRole.LANGUAGE_REVIEWER_EN: ASK,
        StaffRole.PUBLISHER: PUBLISH,
    },
    "published": {StaffRole.PUBLISHER: WITHDRAW},
    "superseded": {},
    "withdrawn": {},
}


def acts_shown(page: Any) -> set[str]:
    actions = lxml.html.fromstring(page.content.decode()).xpath("//form/@action")
    return {action.rstrip("/").rpartition("/")[2] for action in actions if "/act/" in action}


def record(edition: Edition) -> tuple[Any, ...]:
    return (*Edition.objects.order_by("pk").values(), SignOff.objects.count(), Event.objects.count())  # type: ignore[misc]  # the plugin takes `document` for a relation


@pytest.mark.parametrize("state", ALLOWED)
def test_a_person_is_shown_exactly_what_they_may_do_and_refused_everything_else(state: str) -> None:
    edition = translation_in(state)
    before = record(edition)
    for role in StaffRole:
        client, allowed = client_as(role), ALLOWED[state].get(role, set())
        assert acts_shown(client.get(edition_url(edition))) == allowed, role
        for act in set(Act) - allowed:
            page = client.post(act_url(edition, act), {f"{act}-words": "I do it all the same"})
            assert page.status_code == 403, (role, act)
            assert "I do it all the same" in text(page) or act == Act.PUBLISH
    assert record(edition) == before


def test_an_edition_goes_from_review_to_the_public_and_back_by_the_buttons() -> None:
    article = full_article()
    for language, roles in [
        ("zh-hans", {Act.SIGN_MEDICAL: StaffRole.MEDICAL_REVIEWER}),
        ("en", {Act.SIGN_LANGUAGE: StaffRole.LANGUAGE_REVIEWER_EN, Act.SIGN_MEDICAL: StaffRole.MEDICAL_REVIEWER}),
    ]:
        edition = submit(article, language)
        for act, role in {**roles, Act.PUBLISH: StaffRole.PUBLISHER}.items():
            response = client_as(role).post(act_url(edition, act), {f"{act}-words": "Good"}, follow=True)
            assert response.status_code == 200
            assert f"Done: {act.label}, {edition}." in text(response)
        edition.refresh_from_db()
        assert edition.is_live()
    assert list(edition.sign_offs.values_list("role", "comment")) == [("language", "Good"), ("medical", "Good")]

    client = client_as(StaffRole.PUBLISHER)
    page = client.post(act_url(edition, Act.WITHDRAW), {"withdraw-words": " "})
    assert (page.status_code, acts_shown(page)) == (400, {Act.WITHDRAW})
    client.post(act_url(edition, Act.WITHDRAW), {"withdraw-words": "The dose is wrong."})
    edition.refresh_from_db()
    assert (edition.state, edition.is_live()) == (State.WITHDRAWN, False)
    assert edition.events.latest("pk").reason == "The dose is wrong."
    assert "The dose is wrong." in text(client.get(edition_url(edition)))


def test_nobody_signs_what_they_sent_for_review_themselves() -> None:
    author = UserFactory(roles=[StaffRole.EDITOR, StaffRole.MEDICAL_REVIEWER, StaffRole.PUBLISHER])
    client = client_of(author)
    article = full_article()
    client.post(submit_url(article, "zh-hans"), {"change_kind": "clinical"})
    edition = article.editions.get()

    page = client.get(edition_url(edition))
    assert acts_shown(page) == set()
    assert "You sent this for review yourself. Someone else has to sign it." in text(page)

    for act in Act:
        assert client.post(act_url(edition, act), {f"{act}-words": "x"}).status_code == 403
    assert not edition.sign_offs.exists()


@pytest.mark.parametrize(
    ("act", "data"),
    [
        (Act.PUBLISH, {"publish-at": "yesterday"}),
        (Act.PUBLISH, {"publish-at": "a\x00b"}),
        (Act.PUBLISH, {"publish-at": "9999-99-99T00:00"}),
        (Act.REQUEST_CHANGES, {"request_changes-words": "x" * 2001}),
        (Act.REQUEST_CHANGES, {"request_changes-words": "a\x00b"}),
        (Act.REQUEST_CHANGES, {}),
    ],
)
def test_an_act_with_odd_input_is_asked_for_again(act: Act, data: dict[str, str]) -> None:
    edition = translation_in("approved")
    before = record(edition)
    role = StaffRole.PUBLISHER if act == Act.PUBLISH else StaffRole.MEDICAL_REVIEWER
    page = client_as(role).post(act_url(edition, act), data)
    assert (page.status_code, act in acts_shown(page)) == (400, True)
    assert record(edition) == before


def test_looking_at_an_act_leads_to_the_edition_and_does_nothing() -> None:
    edition = translation_in("approved")
    response = client_as(StaffRole.PUBLISHER).get(act_url(edition, Act.PUBLISH))
    assert response["location"] == edition_url(edition)
    edition.refresh_from_db()
    assert edition.state == State.APPROVED


def test_an_edition_is_neither_added_nor_changed_nor_deleted_by_anyone() -> None:
    superuser = UserFactory(is_superuser=True)
    edition = translation_in("in_review")
    before = record(edition)
    client = client_of(superuser)
    assert client.get(reverse("admin:publishing_edition_add")).status_code == 403
    for url in (edition_url(edition), reverse("admin:publishing_edition_delete", args=[edition.pk])):
        client.post(url, {"title": "forged", "post": "yes"})
    client.post(
        reverse("admin:publishing_edition_changelist"),
        {"action": "delete_selected", "_selected_action": [edition.pk], "post": "yes"},
    )
    assert record(edition) == before


# The page of an edition -----------------------------------------------------------------------------------------------


def test_the_page_of_a_translation_shows_all_of_its_text_beside_its_source_escaped() -> None:
    article = full_article(
        topics=[TopicFactory(name_en="By <course>")],
        title_en="Is 3 < 5 & <b>bold</b>?",
        body_en="<h2>Definition</h2><p>Pain &lt;5&gt; hurts.</p>",
        summary_en="First line\nsecond <i>line</i>",
    )
    edition = submit(article, "en")
    page = client_as(StaffRole.MEDICAL_REVIEWER).get(edition_url(edition))
    content = page.content.decode()
    document = lxml.html.fromstring(content)

    def cells(part: str) -> list[str]:
        [row] = document.xpath(f"//tr[th = '{part}']")
        return [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]

    assert document.xpath("//table[@class='side-by-side']//td/@lang")[:2] == ["zh-Hans", "en"]
    assert cells("Title") == [article.title_zh_hans, "Is 3 < 5 & <b>bold</b>?"]
    assert cells("Key message") == [article.summary_zh_hans, "First linesecond <i>line</i>"]
    assert cells("Text") == ["定义疼痛是不愉快的感觉。", "DefinitionPain <5> hurts."]
    assert cells("Topics") == ["By <course>"] * 2
    assert cells("Warning 1: Urgency") == ["Emergency: get help now"] * 2
    assert cells("Warning 1: Text") == ["请立即拨打 120。", "Call 120 at once."]
    assert cells("Reference 1: Year") == ["2014", "2014"]
    assert not document.xpath("//tr[th = 'Reference 1: Link']")
    assert "<b>bold" not in content
    assert "<h2>Definition</h2><p>Pain &lt;5&gt; hurts.</p>" in content


def test_a_warning_that_the_translation_lost_is_shown_beside_an_empty_place() -> None:
    article = full_article()
    submit(article, "zh-hans")
    article.warnings.all().delete()
    edition = submit(article, "en")
    document = lxml.html.fromstring(client_as(StaffRole.MEDICAL_REVIEWER).get(edition_url(edition)).content.decode())
    [row] = document.xpath("//tr[th = 'Warning 1: Text']")
    assert [cell.text_content().strip() for cell in row.xpath("./td")] == ["请立即拨打 120。", ""]


def test_the_page_of_an_edition_tells_its_history_and_who_is_still_to_sign() -> None:
    edition = translation_in("signed by the linguist")
    page = text(client_as(StaffRole.MEDICAL_REVIEWER).get(edition_url(edition)))
    assert "in review still to sign: medical reviewer" in page
    assert "translator-en · sent for review" in page
    assert "language-reviewer-en · signed" in page


# Deleting and bringing back -------------------------------------------------------------------------------------------


def test_a_document_with_editions_is_not_deleted_and_the_page_says_why() -> None:
    article, other = full_article(), full_article()
    submit(article, "zh-hans")
    client = client_as(StaffRole.EDITOR)
    one = reverse("admin:articles_article_delete", args=[article.pk])
    some = {"action": "delete_selected", "_selected_action": [article.pk, other.pk], "post": "yes"}
    for page in (
        client.get(one),
        client.post(one, {"post": "yes"}),
        client.post(reverse("admin:articles_article_changelist"), some),
    ):
        assert page.status_code == 200
        assert f"{article.title_en}: has editions, which are a record: withdraw it instead" in text(page)
    assert Article.objects.count() == 2


def test_a_draft_without_editions_is_deleted_and_brought_back_with_its_parts_in_both_languages() -> None:
    topic = TopicFactory()
    article = full_article(topics=[topic], misconceptions=[MisconceptionFactory()])
    client = client_as(StaffRole.EDITOR)
    assert client.post(change_url(article), filled_in(client.get(change_url(article)))).status_code == 302
    before = row_of(again(article))

    delete = reverse("admin:articles_article_delete", args=[article.pk])
    assert client.post(delete, filled_in(client.get(delete))).status_code == 302
    assert not Article.objects.exists()

    assert article.title_en in text(client.get(reverse("admin:articles_article_recoverlist")))
    url = reverse("admin:articles_article_recover", args=[Version.objects.get_deleted(Article).get().pk])
    page = client.get(url)
    assert "Call 120 at once." in page.content.decode()
    assert not Article.objects.exists()
    assert client.post(url, filled_in(page)).status_code == 302
    back = again(article)
    assert {**row_of(back), "created_at": None} == {**before, "created_at": None}
    assert (back.warnings.get().heading_zh_hans, back.references.get().citation_en) == (
        "胸痛",
        "Our pain department's leaflet “What is pain?”",
    )
    assert list(back.topics.all()) == [topic]
    assert back.misconceptions.count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_earlier_draft_comes_back_in_both_languages_and_changes_nothing_that_is_live(language: str) -> None:
    article = full_article(title_zh_hans="第一稿", title_en="First")
    publish_all(article)
    client = client_as(StaffRole.EDITOR, language)
    url = change_url(article)
    client.post(url, filled_in(client.get(url)))
    client.post(
        url,
        filled_in(client.get(url))
        | {"title_zh_hans": "第二稿", "title_en": "Second", "warnings-0-DELETE": "on", "references-0-year": "1999"},
    )
    assert not article.warnings.exists()
    live = list(Edition.objects.live().values())  # type: ignore[misc]
    first = Version.objects.get_for_object(article).last()
    assert first is not None
    assert str(first.pk) in client.get(reverse("admin:articles_article_history", args=[article.pk])).content.decode()

    revision = reverse("admin:articles_article_revision", args=[article.pk, first.pk])
    page = client.get(revision)
    assert (shown(page)["title_zh_hans"], shown(page)["title_en"]) == ("第一稿", "First")
    assert again(article).title_en == "Second"
    assert client.post(revision, filled_in(page)).status_code == 302

    back = again(article)
    assert (back.title_zh_hans, back.title_en) == ("第一稿", "First")
    assert (back.warnings.get().text_en, back.references.get().year) == ("Call 120 at once.", 2014)
    assert list(Edition.objects.live().values()) == live  # type: ignore[misc]


def test_an_earlier_draft_is_brought_back_only_by_who_may_write_all_of_it() -> None:
    article = full_article()
    editor = client_as(StaffRole.EDITOR)
    editor.post(change_url(article), filled_in(editor.get(change_url(article))))
    Article.objects.update(title_zh_hans="编辑刚改的")
    version = Version.objects.get_for_object(article).get()
    revision = reverse("admin:articles_article_revision", args=[article.pk, version.pk])
    recover = reverse("admin:articles_article_recover", args=[version.pk])
    data = filled_in(editor.get(revision))
    for role in set(StaffRole) - {StaffRole.EDITOR}:
        for url in (revision, recover):
            assert client_as(role).get(url).status_code == 403
            assert client_as(role).post(url, data).status_code == 403
    assert again(article).title_zh_hans == "编辑刚改的"


# Odd requests ---------------------------------------------------------------------------------------------------------

ODD_KEYS = ["abc", "0", "-1", "9" * 30, "1.5", "_5F", "%20", "é"]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_odd_key_is_nothing_that_there_is(key: str) -> None:
    client = client_as(StaffRole.EDITOR)
    for url in (
        f"/admin/articles/article/{key}/change/",
        f"/admin/articles/article/{key}/delete/",
        f"/admin/articles/article/{key}/history/",
        f"/admin/articles/article/{key}/history/1/",
        f"/admin/articles/article/{key}/submit/en/",
        f"/admin/articles/article/recover/{key}/",
        f"/admin/publishing/edition/{key}/change/",
        f"/admin/publishing/edition/{key}/act/publish/",
    ):
        assert client.get(url, follow=True).status_code == 404, url
        assert client.post(url, follow=True).status_code in {403, 404}, url


@pytest.mark.parametrize("key", ["abc", "9" * 30, "1\x00", "-", ""])
def test_an_action_on_an_odd_key_is_refused(key: str) -> None:
    ArticleFactory()
    data = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
    response = client_as(StaffRole.EDITOR).post(reverse("admin:articles_article_changelist"), data)
    assert (response.status_code, Article.objects.count()) == (400, 1)


@pytest.mark.parametrize(
    "query",
    ["o=abc", "p=abc", "p=99999", "status_en=zzz", "kind__exact=zzz", "topics__id__exact=abc", "foo=bar", "id__in=a",
     "all=", f"topics__id__exact={'9' * 30}", "q=%F0%9F%98%80", "q=%ff", f"q={'x' * 3000}", "source_language=fr"],
)  # fmt: skip
def test_a_list_with_an_odd_query_never_breaks(query: str) -> None:
    url = reverse("admin:articles_article_changelist")
    response = client_as(StaffRole.EDITOR).get(f"{url}?{query}", follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["topics=abc", f"topics={'9' * 30}", "topics=1,x", "next_review=zzz", "title_en=x"])
def test_a_new_form_with_odd_values_in_its_address_never_breaks(query: str) -> None:
    assert client_as(StaffRole.EDITOR).get(f"/admin/articles/article/add/?{query}").status_code == 200
    assert client_as(StaffRole.EDITOR).get("/admin/articles/topic/add/?parent=abc").status_code == 200


def test_an_unknown_language_or_act_is_nothing_that_there_is() -> None:
    article = full_article()
    edition = submit(article, "zh-hans")
    client = client_as(StaffRole.EDITOR)
    for language in ("fr", "zh", "en-gb", "ZH-HANS"):
        url = f"/admin/articles/article/{article.pk}/submit/{language}/"
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    for act in ("nonsense", "delete", "SIGN_MEDICAL"):
        url = f"/admin/publishing/edition/{edition.pk}/act/{act}/"
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


def test_relations_are_chosen_by_typing_in_either_language() -> None:
    topic: Any = TopicFactory(name_zh_hans="头痛", name_en="Headache")
    TopicFactory()
    client = client_as(StaffRole.EDITOR)
    asked = {"app_label": "articles", "model_name": "article", "field_name": "topics"}
    for typed in ("头痛", "headache", topic.slug):
        answer = client.get(reverse("admin:autocomplete"), {**asked, "term": typed}).json()
        assert answer["results"] == [{"id": str(topic.pk), "text": "Headache"}]
    for odd in ({**asked, "field_name": "zzz"}, {**asked, "app_label": "zzz"}, {}):
        assert client.get(reverse("admin:autocomplete"), odd).status_code == 403
    assert client.get(reverse("admin:autocomplete"), {**asked, "page": "abc"}).status_code == 404


def test_nothing_in_a_form_comes_from_another_host_and_inline_scripts_carry_the_nonce() -> None:
    article = full_article()
    response = client_as(StaffRole.EDITOR).get(change_url(article))
    document = lxml.html.fromstring(response.content.decode())
    assert [src for src in document.xpath("//script/@src | //link/@href") if not src.startswith("/")] == []
    [nonce] = set(document.xpath("//script[not(@src)][not(@type='application/json')]/@nonce"))
    assert f"'nonce-{nonce}'" in response["content-security-policy"]
    assert not document.xpath("//script[not(@src)][not(@nonce)][not(@type='application/json')]")
    assert not document.xpath("//*[@style or @onclick]")


# Repairs --------------------------------------------------------------------------------------------------------------


def with_forbidden_word(**values: Any) -> Any:
    term = TermFactory(name_en="closure therapy", name_zh_hans="封闭疗法")
    NameFactory(term=term, text="closed needle", status="forbidden")
    publish_all(term)
    return ArticleFactory(source_language="en", body_en="<p>A closed needle.</p>", **values)


REPAIR = "glossary.B001|body|closed needle"


def repair(article: Any, role: StaffRole = StaffRole.EDITOR, **sent: Any) -> Any:
    url = reverse("admin:articles_article_repair", args=[article.pk, "en"])
    return client_as(role).post(url, {"repair": REPAIR, "version": article.version, **sent}, follow=True)


def test_a_forbidden_word_is_replaced_with_one_click_on_each_page_that_shows_it() -> None:
    article = with_forbidden_word()
    edition = submit(article, "en")
    for url in (
        reverse("admin:articles_article_submit", args=[article.pk, "en"]),
        reverse("admin:publishing_edition_change", args=[edition.pk]),
    ):
        page = lxml.html.fromstring(client_as(StaffRole.EDITOR).get(url).content.decode())
        (_button,) = page.xpath(f"//button[@value='{REPAIR}'][@form='repair-en']")
        (form,) = page.xpath("//form[@id='repair-en'][not(ancestor::form)]")
        assert form.get("action") == reverse("admin:articles_article_repair", args=[article.pk, "en"])
    answer = repair(article)
    assert "“closed needle” was replaced by “closure therapy” in the draft." in text(answer)
    article.refresh_from_db()
    assert (article.body_en, article.version) == ("<p>A closure therapy.</p>", 1)
    assert Version.objects.get_for_object(article).count() == 1
    assert edition.content["body"] == "<p>A closed needle.</p>"


def test_a_repair_in_the_form_saves_what_was_typed_and_then_replaces() -> None:
    article = with_forbidden_word()
    url = reverse("admin:articles_article_change", args=[article.pk])
    client = client_as(StaffRole.EDITOR)
    page = client.get(url)
    document = lxml.html.fromstring(page.content.decode())
    (button,) = document.xpath("//form[@id='article_form']//button[@name='_repair']")
    assert (button.get("value"), button.get("form")) == (f"en {REPAIR}", None)
    typed = {**filled_in(page), "title_en": "Typed just now", "_repair": button.get("value")}
    answer = client.post(url, typed, follow=True)
    assert "“closed needle” was replaced by “closure therapy” in the draft." in text(answer)
    assert answer.redirect_chain == [(url, 302)]
    article.refresh_from_db()
    assert (article.title_en, article.body_en) == ("Typed just now", "<p>A closure therapy.</p>")


def test_a_repair_in_a_form_with_a_mistake_keeps_what_was_typed() -> None:
    article = with_forbidden_word()
    url = reverse("admin:articles_article_change", args=[article.pk])
    client = client_as(StaffRole.EDITOR)
    typed = {**filled_in(client.get(url)), "slug": "", "title_en": "Typed just now", "_repair": f"en {REPAIR}"}
    answer = client.post(url, typed)
    assert answer.status_code == 200
    assert shown(answer)["title_en"] == "Typed just now"
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


def test_nobody_repairs_a_language_that_is_not_theirs_through_the_form() -> None:
    article = with_forbidden_word()
    url = reverse("admin:articles_article_change", args=[article.pk])
    client = client_as(StaffRole.TRANSLATOR_ZH_HANS)
    client.post(url, {**filled_in(client.get(url)), "_repair": f"en {REPAIR}"})
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


def test_a_draft_that_somebody_saved_meanwhile_is_left_alone() -> None:
    article = with_forbidden_word()
    Article.objects.get(pk=article.pk).save()
    assert "Somebody else saved this draft in the meantime. Nothing was replaced." in text(repair(article))
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


@pytest.mark.parametrize("wanted", ["", "glossary.B001|title|closed needle", "glossary.B001|body|pain", "x"])
def test_only_what_a_finding_proposes_is_replaced(wanted: str) -> None:
    article = with_forbidden_word()
    assert "The words are not in the draft any more" in text(repair(article, repair=wanted))
    article.refresh_from_db()
    assert article.body_en == "<p>A closed needle.</p>"


def test_who_may_not_write_the_language_repairs_nothing_in_it() -> None:
    assert repair(with_forbidden_word(), StaffRole.TRANSLATOR_ZH_HANS).status_code == 403
