"""Two people change the same draft in the admin: who comes second is shown both texts, and nothing is lost."""

from typing import Any

import pytest
from django.urls import reverse
from reversion.models import Version

from articles.models import Article, ArticleMisconception
from painsite.roles import StaffRole
from publishing import merging
from tests.adminforms import filled_in, text
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    MisconceptionFactory,
    TermFactory,
    TopicFactory,
    WarningFactory,
)
from tests.publishing.drafting import (
    Person,
    add_warning,
    conflict,
    delete,
    fresh,
    headings,
    parts,
    saved,
)

pytestmark = pytest.mark.django_db


# Fields ---------------------------------------------------------------------------------------------------------------


def test_who_comes_second_is_shown_both_texts_and_nothing_is_written() -> None:
    article = ArticleFactory(title_en="Pain")
    first, second = Person(article), Person(article)
    saved(first, title_en="What pain is")

    page = conflict(second, title_en="About pain")

    assert fresh(article).title_en == "What pain is"
    assert parts(page) == {"title_en": ("Title", "en", True)}
    assert second.form["title_en"] == "About pain"
    assert "Yun Li saved this at" in text(page)
    assert "One part was changed by both of you." in text(page)
    assert "<ins>What pain is</ins>" in page.content.decode() or "<ins>What</ins>" in page.content.decode()


def test_the_merged_text_is_saved_over_the_one_that_was_shown() -> None:
    article = ArticleFactory(title_en="Pain")
    first, second = Person(article), Person(article)
    saved(first, title_en="What pain is")
    conflict(second, title_en="About pain")

    saved(second, title_en="What pain is about")

    assert (fresh(article).title_en, fresh(article).version) == ("What pain is about", article.version + 2)


def test_the_saved_text_can_be_taken_without_any_script() -> None:
    article = ArticleFactory(title_en="Pain", body_en="<p>One.</p>")
    first, second = Person(article), Person(article)
    saved(first, title_en="What pain is", body_en="<p>Two.</p>")
    conflict(second, title_en="About pain", body_en="<p>Three.</p>")

    saved(second, take_saved=["title_en"])

    assert (fresh(article).title_en, fresh(article).body_en) == ("What pain is", "<p>Three.</p>")


def test_what_only_one_of_them_changed_is_kept_without_a_question() -> None:
    topic = TopicFactory()
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    saved(first, title_zh_hans="甲", summary_en="First's summary.", topics=[topic.pk])

    page = conflict(second, title_en="Second's title", body_zh_hans="<p>乙。</p>")

    assert parts(page) == {"title_en": ("Title", "en", False), "body_zh_hans": ("Text", "zh-hans", False)}
    assert [(label, code) for label, code, _text in page.context["adopted"]] == [
        ("Title", "zh-hans"),
        ("Key message", "en"),
        ("Topics", ""),
    ]
    assert "both fit together" in text(page)
    saved(second)
    now = fresh(article)
    assert (now.title_zh_hans, now.title_en) == ("甲", "Second's title")
    assert (now.summary_en, now.body_zh_hans, list(now.topics.all())) == (
        "First's summary.",
        "<p>乙。</p>",
        [topic],
    )


def test_the_order_in_which_topics_come_back_from_the_form_is_no_change() -> None:
    topics = TopicFactory.create_batch(3)
    article = ArticleFactory(topics=topics)
    first, second = Person(article), Person(article)
    saved(first, topics=[topics[0].pk])

    conflict(second, topics=[topic.pk for topic in reversed(topics)], title_en="Mine")
    saved(second)

    assert (list(fresh(article).topics.all()), fresh(article).title_en) == ([topics[0]], "Mine")


def test_lines_that_a_browser_ends_in_its_own_way_are_no_change() -> None:
    article = ArticleFactory(summary_en="One.\nTwo.")
    first, second = Person(article), Person(article)
    saved(first, summary_en="First.")

    page = conflict(second, summary_en="One.\r\nTwo.\r\n", title_en="Mine")

    assert parts(page).keys() == {"title_en"}
    saved(second)
    assert fresh(article).summary_en == "First."


def test_both_typing_the_same_is_no_difference() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    saved(first, title_en="The same")
    assert parts(conflict(second, title_en="The same")) == {}
    saved(second)


def test_a_third_save_meanwhile_is_one_more_conflict_with_what_was_shown_the_second_time_as_its_base() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    saved(first, title_en="First's", summary_en="First's.")
    conflict(second, title_en="Second's")
    third = Person(article)
    saved(third, title_en="Third's", summary_en="Third's.")

    page = conflict(second)

    assert parts(page) == {"title_en": ("Title", "en", True)}
    assert second.form["title_en"] == "Second's"
    saved(second)
    assert (fresh(article).title_en, fresh(article).summary_en) == ("Second's", "Third's.")


def test_a_taken_text_that_changed_once_more_is_taken_as_it_is_now() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    saved(first, title_en="First's")
    conflict(second, title_en="Second's", summary_en="Mine.")
    saved(Person(article), title_en="Third's")

    assert parts(conflict(second, take_saved=["title_en"])) == {"summary_en": ("Key message", "en", False)}
    saved(second)
    assert (fresh(article).title_en, fresh(article).summary_en) == ("Third's", "Mine.")


def test_what_the_form_refuses_is_kept_through_a_conflict_and_said_after_it() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    saved(first, title_en="First's")

    page = conflict(second, slug="Not An Address", next_review="soon", title_en="Second's")

    assert parts(page).keys() == {"slug", "next_review", "title_en"}
    assert (second.form["slug"], second.form["next_review"]) == ("Not An Address", "soon")
    page = second.save()
    assert page.status_code == 200
    assert filled_in(page) | {"slug": "Not An Address", "next_review": "soon", "title_en": "Second's"} == filled_in(
        page
    )
    assert fresh(article).title_en == "First's"


@pytest.mark.parametrize(
    ("version", "base"),
    [
        (None, None),
        (None, "[]"),
        ("", "{"),
        ("abc", '{"fields": 1, "rows": {}}'),
        ("-1", '{"fields": {}, "rows": []}'),
        ("1.0", '{"fields": {"title_en": []}, "rows": {"warnings": 1}}'),
        ("9" * 30, "[" * 9999),
        ("\x00", "\x00"),
    ],
)
def test_a_form_that_does_not_say_what_it_saw_writes_nothing_and_loses_nothing(
    version: str | None, base: str | None
) -> None:
    article = ArticleFactory(title_en="Pain")
    person = Person(article)
    for name, value in (("version", version), ("base", base)):
        del person.form[name]
        if value is not None:
            person.form[name] = value

    page = conflict(person, title_en="Mine")

    assert (fresh(article).title_en, fresh(article).version) == ("Pain", article.version)
    assert parts(page) == {"title_en": ("Title", "en", True)}
    saved(person)
    assert fresh(article).title_en == "Mine"


def test_a_hostile_text_is_shown_as_text_on_both_sides() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    attack = "<script>alert(1)</script>"
    saved(first, title_en=f"1{attack}", summary_en=attack)
    page = conflict(second, title_en=f"2{attack}", summary_en=f"\"'>{attack}", body_en=f"<p>x</p>{attack}")
    assert attack not in page.content.decode().replace("&lt;", "<").split("<form id=")[0]
    assert "<script>alert" not in page.content.decode()


def test_the_page_speaks_chinese() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article, language="zh-hans")
    saved(first, title_en="First's")
    page = conflict(second, title_en="Second's")
    assert page.content.decode().count('lang="zh-hans"') >= 1


def test_somebody_elses_window_may_be_ones_own() -> None:
    article = ArticleFactory()
    person = Person(article)
    client, form = person.client, dict(person.form)
    saved(person, title_en="Here")
    page = client.post(person.url, form | {"title_en": "There"})
    assert page.status_code == 409
    assert "You saved this yourself at" in text(page)


def test_a_save_outside_the_admin_is_by_somebody() -> None:
    article = ArticleFactory()
    person = Person(article)
    now = fresh(article)
    now.title_en = "By a command"
    now.save()
    assert "Somebody saved this at" in text(conflict(person, title_en="Mine"))


def test_a_draft_saved_in_a_small_window_is_no_conflict() -> None:
    article = ArticleFactory()
    person = Person(article)
    page = person.save(title_en="In a small window", _popup="1")
    assert (page.status_code, fresh(article).title_en) == (200, "In a small window")
    page = person.save(title_en="From an old one", _popup="1")
    assert page.status_code == 409
    assert person.form["_popup"] == "1"
    assert person.save().status_code == 200
    assert fresh(article).title_en == "From an old one"


def test_a_conflict_leaves_no_history_behind() -> None:
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    saved(first, title_en="First's")
    conflict(second, title_en="Second's")
    assert Version.objects.get_for_object(article).count() == 1


# Rows -----------------------------------------------------------------------------------------------------------------


def test_a_row_changed_by_both_is_shown_field_by_field() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    first, second = Person(article), Person(article)
    saved(first, warnings_0__heading_en="First's", warnings_0__text_en="First's text")

    page = conflict(second, warnings_0__heading_en="Second's", warnings_0__text_zh_hans="乙")

    assert parts(page) == {
        "warnings-0-heading_en": ("Warning 1: heading", "en", True),
        "warnings-0-text_zh_hans": ("Warning 1: text", "zh-hans", False),
    }
    saved(second)
    row = article.warnings.get()
    assert (row.heading_en, row.text_en, row.text_zh_hans) == ("Second's", "First's text", "乙")


def test_a_row_changed_in_one_persons_form_alone_is_a_conflict_of_the_document() -> None:
    article = ArticleFactory()
    WarningFactory(article=article, heading_en="Old")
    first, second = Person(article), Person(article)
    saved(first, warnings_0__heading_en="New")
    conflict(second, title_en="Second's")
    saved(second)
    assert (headings(article), fresh(article).title_en) == (["New"], "Second's")


def test_rows_that_each_of_them_added_are_all_there() -> None:
    article = ArticleFactory()
    WarningFactory(article=article, heading_en="Old")
    first, second = Person(article), Person(article)
    saved(first, **add_warning(first, "First's", 1))

    page = conflict(second, **add_warning(second, "Second's", 1))

    assert {key for key in parts(page) if key.startswith("warnings-1")} == set()
    assert parts(page)["warnings-2-heading_en"] == ("Warning 3: heading", "en", False)
    assert ("Warning 2: heading", "en", "<p>First&#x27;s</p>") in page.context["adopted"]
    saved(second)
    assert headings(article) == ["Old", "First's", "Second's"]


def test_a_row_that_the_other_deleted_and_nobody_changed_stays_deleted() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    first, second = Person(article), Person(article)
    saved(first, warnings_0__DELETE="on")
    assert parts(conflict(second, title_en="Mine")).keys() == {"title_en"}
    saved(second)
    assert (headings(article), fresh(article).title_en) == ([], "Mine")


def test_a_row_that_the_other_deleted_comes_back_if_it_was_changed() -> None:
    article = ArticleFactory()
    WarningFactory(article=article, heading_en="Old")
    WarningFactory(article=article, heading_en="Other", order=1)
    first, second = Person(article), Person(article)
    saved(first, warnings_0__DELETE="on")

    page = conflict(second, warnings_0__heading_en="Second's")

    assert parts(page)["warnings-1-DELETE"] == ("Warning 2", "", True)
    assert "It comes back, unless you delete it here too." in text(page)
    saved(second)
    assert sorted(headings(article)) == ["Other", "Second's"]
    assert article.warnings.get(heading_en="Second's").text_zh_hans == "请立即拨打 120。"


def test_a_row_that_the_other_deleted_can_be_left_deleted() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    first, second = Person(article), Person(article)
    saved(first, warnings_0__DELETE="on")
    conflict(second, warnings_0__heading_en="Second's", title_en="Mine")
    saved(second, warnings_0__DELETE="on")
    assert (headings(article), fresh(article).title_en) == ([], "Mine")


def test_a_row_deleted_here_and_left_alone_there_is_deleted() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    first, second = Person(article), Person(article)
    saved(first, title_en="First's")
    assert parts(conflict(second, warnings_0__DELETE="on")) == {}
    saved(second)
    assert headings(article) == []


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_row_deleted_here_and_changed_there_is_asked_about(is_deleted: bool) -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    first, second = Person(article), Person(article)
    saved(first, warnings_0__heading_en="Important")

    page = conflict(second, warnings_0__DELETE="on")

    assert parts(page) == {"warnings-0-DELETE": ("Warning 1", "", True)}
    assert "You deleted this, but it was changed in the meantime." in text(page)
    assert "Important" in text(page)
    if not is_deleted:
        del second.form["warnings-0-DELETE"]
    saved(second)
    assert headings(article) == ([] if is_deleted else ["Important"])


def test_a_row_deleted_by_both_is_gone() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    first, second = Person(article), Person(article)
    saved(first, warnings_0__DELETE="on")
    assert parts(conflict(second, warnings_0__DELETE="on")) == {}
    saved(second)
    assert headings(article) == []


def test_the_order_of_the_misconceptions_and_of_the_references_is_merged_like_any_field() -> None:
    misconceptions = MisconceptionFactory.create_batch(3)
    article = ArticleFactory(misconceptions=misconceptions, references=0)
    for order in range(2):
        ArticleReferenceFactory(article=article, order=order, citation_en=f"Book {order}")
    first, second = Person(article), Person(article)
    saved(first, misconception_rows_0__order="9", references_0__order="5")

    page = conflict(second, misconception_rows_2__order="1", references_0__order="7")

    # The rows come in the order that is saved now: the first one has become the last.
    assert {(label, by_both) for label, _code, by_both in parts(page).values()} == {
        ("Misconception and fact 2: order", False),
        ("Reference 2: order", True),
    }
    saved(second)
    rows = ArticleMisconception.objects.filter(article=article)
    assert [row.misconception for row in rows] == [misconceptions[1], misconceptions[2], misconceptions[0]]
    assert list(article.references.values_list("citation_en", "order")) == [("Book 1", 1), ("Book 0", 7)]


def test_the_same_misconception_added_by_both_is_said_by_the_form_and_nothing_is_lost() -> None:
    misconception = MisconceptionFactory()
    article = ArticleFactory()
    first, second = Person(article), Person(article)
    row = {
        "misconception_rows__TOTAL_FORMS": 1,
        "misconception_rows_0__misconception": misconception.pk,
        "misconception_rows_0__order": 0,
    }
    saved(first, **row)
    conflict(second, **row, title_en="Mine")

    page = second.save()

    assert page.status_code == 200
    form = filled_in(page)
    assert (form["title_en"], form["misconception_rows-TOTAL_FORMS"]) == ("Mine", "2")
    del form["misconception_rows-1-misconception"], form["misconception_rows-1-order"]
    form["misconception_rows-TOTAL_FORMS"] = "1"
    second.form = form
    saved(second)
    assert (fresh(article).title_en, list(fresh(article).misconceptions.all())) == ("Mine", [misconception])


def test_rows_whose_language_is_a_field_are_merged_too() -> None:
    term = TermFactory()
    first, second = Person(term), Person(term)
    names = {
        "names__TOTAL_FORMS": 1,
        "names_0__language": "en",
        "names_0__status": "admitted",
        "names_0__usage": "everywhere",
    }
    saved(first, **names, names_0__text="nerve injection")
    conflict(second, **names, names_0__text="blockade")
    saved(second)
    assert sorted(term.names.values_list("text", flat=True)) == ["blockade", "nerve injection"]


# Translators ----------------------------------------------------------------------------------------------------------


def test_a_translator_takes_the_new_source_and_keeps_the_translation() -> None:
    article = ArticleFactory()
    editor, translator = Person(article), Person(article, StaffRole.TRANSLATOR_EN)
    saved(editor, title_zh_hans="新的题目", title_en="The editor's")

    page = conflict(translator, title_en="The translator's")

    assert parts(page) == {"title_en": ("Title", "en", True)}
    assert [(label, code) for label, code, _text in page.context["adopted"]] == [("Title", "zh-hans")]
    saved(translator)
    assert (fresh(article).title_zh_hans, fresh(article).title_en) == ("新的题目", "The translator's")


def test_what_a_translator_wrote_into_a_row_that_is_gone_is_shown_to_be_copied() -> None:
    article = ArticleFactory()
    WarningFactory(article=article)
    editor, translator = Person(article), Person(article, StaffRole.TRANSLATOR_EN)
    saved(editor, warnings_0__DELETE="on")

    page = conflict(translator, warnings_0__text_en="Hours of work", title_en="Mine")

    assert page.context["homeless"] == [("Warning 1: text", "Hours of work")]
    assert "You may not add parts." in text(page)
    saved(translator)
    assert (headings(article), fresh(article).title_en) == ([], "Mine")


# Deletion -------------------------------------------------------------------------------------------------------------


def test_what_was_typed_into_a_draft_that_is_gone_becomes_a_new_draft() -> None:
    topic = TopicFactory()
    article: Any = ArticleFactory(topics=[topic])
    WarningFactory(article=article)
    person = Person(article)
    delete(article)

    page = person.save(title_en="Mine")

    assert page.status_code == 409
    assert "deleted this at" in text(page)
    assert parts(page)["title_en"] == ("Title", "en", False)
    assert page.context["action"] == reverse("admin:articles_article_add")
    assert person.client.post(page.context["action"], filled_in(page)).status_code == 302
    new = Article.objects.get()
    assert (new.text("title", "en"), new.text("body", "zh-hans")) == ("Mine", article.body_zh_hans)
    assert new.slug == article.slug
    assert (headings(new), list(new.topics.all())) == (["Chest pain"], [topic])


def test_a_translator_of_a_draft_that_is_gone_can_copy_what_they_wrote() -> None:
    article = ArticleFactory()
    person = Person(article, StaffRole.TRANSLATOR_EN)
    delete(article)
    page = conflict(person, title_en="Mine")
    assert page.context["action"] == ""
    assert "You may not make a new draft." in text(page)
    assert person.form["title_en"] == "Mine"


# The parts that need no page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "posted",
    [None, "", "null", "[]", "1", '"x"', "{}", '{"fields": {}}', '{"fields": {}, "rows": {"a": 1}}', "[" * 99999],
)
def test_an_odd_base_is_none(posted: str | None) -> None:
    assert merging.parse_base(posted) == {}
