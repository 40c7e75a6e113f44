"""The admin of editions."""

from typing import Any

import lxml.html
import pytest
from django.urls import reverse
from django.utils import translation
from reversion.models import Version

from articles.models import Topic, Urgency, Warning
from glossary.models import Comparison, Name
from painsite.roles import StaffRole
from publishing import workflow
from publishing.models import Edition, Event, Override, SignOff, State
from publishing.workflow import Act
from tests.adminforms import client_as, client_of, text
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
    staff,
    submit,
    withdraw,
)
from tests.publishing.administering import (
    MANY,
    MANY_QUERIES,
    act_url,
    again,
    change,
    column,
    edition_url,
    full_article,
    many,
    submit_url,
    url_of,
)

pytestmark = pytest.mark.django_db

EDITOR, TRANSLATOR, DOCTOR = StaffRole.EDITOR, StaffRole.TRANSLATOR_EN, StaffRole.MEDICAL_REVIEWER
PUBLISHER = StaffRole.PUBLISHER
NUMBERED = ("pk", "state", "digest", "live_from", "live_until")

# Lists ----------------------------------------------------------------------------------------------------------------


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


def test_editions_and_the_front_page_take_few_queries_with_hundreds_waiting(django_assert_max_num_queries: Any) -> None:
    many(ArticleFactory)
    client = client_as(StaffRole.MEDICAL_REVIEWER)
    editions = reverse("admin:publishing_edition_changelist")
    for url in (editions, f"{editions}?waiting=me", f"{editions}?q=pain&kind=article", reverse("admin:index")):
        with django_assert_max_num_queries(MANY_QUERIES):
            page = client.get(url)
        assert page.status_code == 200
    assert f"All {2 * MANY}" in text(page)


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


# Reopen ---------------------------------------------------------------------------------------------------------------


def reopen(edition: Edition, role: StaffRole = EDITOR) -> Any:
    return client_as(role).post(url_of("reopen", edition.pk))


def test_the_source_comes_back_with_its_values_parts_and_links() -> None:
    topics, facts = TopicFactory.create_batch(3), MisconceptionFactory.create_batch(3)
    article = ArticleFactory(kind="condition", title_zh_hans="初稿", topics=topics[:2], misconceptions=facts[1::-1])
    kept = WarningFactory(article=article, level=Urgency.URGENT, heading_zh_hans="胸痛", heading_en="Chest pain")
    dropped = WarningFactory(article=article, heading_zh_hans="无力", heading_en="Weakness")
    old = publish(article, "zh-hans")
    english = publish(article, "en")

    change(article, kind="medicine", title_zh_hans="二稿", title_en="Second", slug="moved", next_review="2027-01-01")
    article.topics.set(topics[2:])
    article.misconception_rows.all().delete()
    article.misconception_rows.create(misconception=facts[2])
    Warning.objects.filter(pk=kept.pk).update(level=Urgency.CAUTION, heading_zh_hans="胸闷", heading_en="Tight chest")
    Warning.objects.filter(pk=dropped.pk).delete()
    WarningFactory(article=article, heading_zh_hans="新的")
    live = list(Edition.objects.live().order_by("pk").values(*NUMBERED))

    response = reopen(old)
    assert response["Location"] == reverse("admin:articles_article_change", args=[article.pk])
    article = again(article)
    assert (article.kind, article.title_zh_hans) == ("condition", "初稿")
    assert set(article.topics.all()) == set(topics[:2])
    assert [row.misconception for row in article.misconception_rows.all()] == facts[1::-1]
    warnings = [(w.pk, w.level, w.heading_zh_hans) for w in article.warnings.all()]
    assert warnings == [(kept.pk, "urgent", "胸痛"), (dropped.pk, "emergency", "无力")]
    # English is another edition's; the address and the date are the draft's.
    assert [w.heading_en for w in article.warnings.all()] == ["Tight chest", None]
    assert (article.title_en, article.slug, str(article.next_review)) == ("Second", "moved", "2027-01-01")
    # What was frozen before is what would be frozen now, but for the address.
    assert submit(change(article, slug=old.slug, next_review="2027-02-01"), "zh-hans").digest == old.digest
    assert list(Edition.objects.live().order_by("pk").values(*NUMBERED)) == live
    # And now English, whose texts find the parts that it has texts for.
    reopen(english)
    article = again(article)
    assert [w.heading_en for w in article.warnings.all()] == ["Chest pain", "Weakness"]
    assert article.title_en == english.title


def test_a_translation_brings_back_its_texts_alone() -> None:
    topic = TopicFactory()
    article = ArticleFactory(kind="condition", title_zh_hans="初稿", title_en="First", topics=[topic])
    kept, dropped = WarningFactory.create_batch(2, article=article, heading_en="Chest pain")
    english = publish(article, "en")
    change(article, kind="medicine", title_zh_hans="二稿", title_en="Second")
    article.topics.clear()
    dropped.delete()
    added = WarningFactory(article=article, heading_en="Added")
    Warning.objects.filter(pk=kept.pk).update(heading_en="Tight chest", heading_zh_hans="胸闷", level="caution")
    reopen(english, TRANSLATOR)
    article = again(article)
    assert (article.title_en, article.title_zh_hans, article.kind) == ("First", "二稿", "medicine")
    assert list(article.topics.all()) == []
    found = {w.pk: (w.heading_en, w.heading_zh_hans, w.level) for w in article.warnings.all()}
    assert found == {kept.pk: ("Chest pain", "胸闷", "caution"), added.pk: ("Added", "胸痛", "emergency")}


def test_the_other_names_of_a_term_come_and_go_with_their_language() -> None:
    term = TermFactory()
    chinese = NameFactory(term=term, language="zh-hans", text="神经封闭")
    one, other = NameFactory(term=term, text="nerve injection"), NameFactory(term=term, text="conduction block")
    english = publish(term, "en")
    Name.objects.filter(pk=chinese.pk).update(text="封闭")
    # One takes the words of another that is gone, and a third takes its own.
    Name.objects.filter(pk=one.pk).delete()
    Name.objects.filter(pk=other.pk).update(text="nerve injection")
    NameFactory(term=term, text="conduction block")
    assert reopen(english).status_code == 302
    names = set(again(term).names.values_list("pk", "language", "text"))
    assert names == {
        (chinese.pk, "zh-hans", "封闭"),
        (one.pk, "en", "nerve injection"),
        (other.pk, "en", "conduction block"),
    }


def test_what_was_deleted_since_is_not_named_again() -> None:
    above, gone_topic = TopicFactory(), TopicFactory()
    topic = TopicFactory(parent=gone_topic)
    article = ArticleFactory(topics=[topic, gone_topic])
    first, second, gone = TermFactory.create_batch(3)
    comparison = ComparisonFactory(first=gone, second=second)
    editions = [submit(document, "zh-hans") for document in (topic, article, comparison)]
    change(topic, parent=above)
    change(comparison, first=first)
    article.topics.clear()
    gone_topic.delete()
    gone.delete()
    assert [reopen(edition).status_code for edition in editions] == [302, 302, 302]
    assert Topic.objects.get(pk=topic.pk).parent is None
    assert list(again(article).topics.all()) == [topic]
    assert Comparison.objects.get(pk=comparison.pk).first == first  # it has to name one


def test_reopening_is_in_the_history_of_the_edition_and_of_the_draft_and_can_be_undone() -> None:
    article = ArticleFactory(title_zh_hans="初稿")
    edition = publish(article, "zh-hans")
    change(article, title_zh_hans="二稿")
    reopen(edition)
    event = edition.events.latest("pk")
    assert (event.kind, event.by) == (Event.Kind.REOPENED, staff(EDITOR))
    version = Version.objects.get_for_object(article)[0]
    assert (version.revision.user, version.field_dict["title_zh_hans"]) == (staff(EDITOR), "初稿")
    history = client_as(EDITOR).get(reverse("admin:articles_article_history", args=[article.pk]))
    assert "Edition 1 is the draft now." in text(history)


def test_who_has_the_draft_open_while_it_is_reopened_merges() -> None:
    article = ArticleFactory()
    edition = publish(article, "zh-hans")
    version = again(article).version
    reopen(edition)
    assert again(article).version == version + 1


@pytest.mark.parametrize(
    ("language", "role", "message"),
    [
        ("zh-hans", TRANSLATOR, "You may not write this language."),
        ("en", StaffRole.TRANSLATOR_ZH_HANS, "You may not write this language."),
        ("zh-hans", DOCTOR, "You may not write this language."),
        ("zh-hans", PUBLISHER, "You may not write this language."),
    ],
)
def test_only_who_writes_a_language_reopens_it(language: str, role: StaffRole, message: str) -> None:
    article = ArticleFactory(title_zh_hans="初稿", title_en="First")
    edition = publish(article, language)
    article = change(article, title_zh_hans="二稿", title_en="Second")
    response = reopen(edition, role)
    assert response.status_code == 403
    assert message in text(response)
    assert again(article).version == article.version
    assert "reopened" not in [event.kind for event in edition.events.all()]
    page = client_as(role).get(url_of("edition_change", edition.pk))
    assert url_of("reopen", edition.pk) not in page.content.decode()


# Let pass -------------------------------------------------------------------------------------------------------------

DEAD = {"finding": "publishing.B008", "field": "body"}


@pytest.fixture
def with_dead_link(db: None) -> Edition:
    """Its link leads to what is only a draft."""
    ArticleFactory(slug="not-yet")
    body = '<p><a href="/zh-hans/articles/not-yet/">更多</a></p>'
    return submit(ArticleFactory(body_zh_hans=body), "zh-hans")


def let_pass(edition: Edition, data: dict[str, str], role: StaffRole = DOCTOR) -> Any:
    return client_as(role).post(url_of("let_pass", edition.pk), {**DEAD, **data})


def test_a_reviewer_lets_a_finding_pass_by_name_with_a_reason_that_stays_in_sight(with_dead_link: Edition) -> None:
    response = let_pass(with_dead_link, {"reason": "It goes live tomorrow."})
    assert response["Location"] == url_of("edition_change", with_dead_link.pk)
    override = Override.objects.get()
    assert (override.edition, override.finding, override.field) == (with_dead_link, *DEAD.values())
    assert (override.by, override.reason) == (staff(DOCTOR), "It goes live tomorrow.")
    page = text(client_as(EDITOR).get(response["Location"]))
    assert "A reviewer let this pass." in page
    assert "It goes live tomorrow." in page
    workflow.publish(approve(with_dead_link), staff(PUBLISHER))
    assert "It goes live tomorrow." in text(client_as(EDITOR).get(response["Location"]))


def test_without_it_the_publisher_is_told_why_not(with_dead_link: Edition) -> None:
    approve(with_dead_link)
    address = url_of("edition_act", with_dead_link.pk, "publish")
    response = client_as(PUBLISHER).post(address)
    assert response.status_code == 403
    assert "This link leads to a page that is not live in Chinese: /zh-hans/articles/not-yet/." in text(response)


@pytest.mark.parametrize(
    ("role", "data", "message"),
    [
        (DOCTOR, {"reason": " "}, "Say why it may pass: the reason stays with the edition."),
        (DOCTOR, {}, "Say why it may pass: the reason stays with the edition."),
        (DOCTOR, {"reason": "Fine", "field": "summary"}, "This finding is not there"),
        (DOCTOR, {"reason": "Fine", "finding": "publishing.B001", "field": ""}, "it has to be mended"),
        (EDITOR, {"reason": "Fine"}, "Only a reviewer of this edition, and never its author, lets a finding pass."),
        (PUBLISHER, {"reason": "Fine"}, "Only a reviewer of this edition, and never its author, lets a finding pass."),
        (
            StaffRole.LANGUAGE_REVIEWER_EN,
            {"reason": "Fine"},
            "Only a reviewer of this edition, and never its author, lets a finding pass.",
        ),
    ],
)
def test_what_cannot_be_let_pass_says_why(
    with_dead_link: Edition, role: StaffRole, data: dict[str, str], message: str
) -> None:
    response = let_pass(with_dead_link, data, role)
    assert response.status_code == 403
    assert message in text(response)
    assert not Override.objects.exists()


@pytest.mark.parametrize(
    "data", [{"reason": "\x00"}, {"reason": "x" * 2001}, {"finding": ""}, {"finding": "x" * 41}, {"field": "x" * 81}]
)
def test_odd_input_is_refused(with_dead_link: Edition, data: dict[str, str]) -> None:
    assert let_pass(with_dead_link, {"reason": "Fine", **data}).status_code == 400
    assert not Override.objects.exists()


def test_an_author_who_is_a_reviewer_too_lets_nothing_of_their_own_pass(with_dead_link: Edition) -> None:
    both = UserFactory(roles=[EDITOR, DOCTOR])
    edition = workflow.submit(change(with_dead_link.document, title_zh_hans="二稿"), "zh-hans", both)
    with translation.override("en"), pytest.raises(workflow.Refused, match="never its author"):
        workflow.let_pass(edition, both, **DEAD, reason="I wrote it")
