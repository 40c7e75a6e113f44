"""The admin of drafts, shown on articles; tests/articles and tests/glossary have the rest."""

import datetime
from typing import Any

import lxml.html
import pytest
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
from publishing.models import Edition, State
from publishing.workflow import Act
from tests.adminforms import client_as, client_of, filled_in, shown, text
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
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
from tests.publishing.administering import (
    MANY_QUERIES,
    act_url,
    again,
    change_url,
    column,
    edition_url,
    full_article,
    many,
    submit_url,
)

pytestmark = pytest.mark.django_db

LISTS = ["articles_article", "articles_misconception", "articles_topic", "glossary_term", "glossary_comparison"]


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


# Query ceilings -------------------------------------------------------------------------------------------------------


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


def test_nothing_in_a_form_comes_from_another_host_and_inline_scripts_carry_the_nonce() -> None:
    article = full_article()
    response = client_as(StaffRole.EDITOR).get(change_url(article))
    document = lxml.html.fromstring(response.content.decode())
    assert [src for src in document.xpath("//script/@src | //link/@href") if not src.startswith("/")] == []
    [nonce] = set(document.xpath("//script[not(@src)][not(@type='application/json')]/@nonce"))
    assert f"'nonce-{nonce}'" in response["content-security-policy"]
    assert not document.xpath("//script[not(@src)][not(@nonce)][not(@type='application/json')]")
    assert not document.xpath("//*[@style or @onclick]")


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
