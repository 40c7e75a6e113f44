import datetime
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from articles.models import Article, Misconception
from painsite.roles import StaffRole
from publishing import findings, gate, workflow
from publishing.gate import Finding, Level, Subject
from publishing.models import Document, Edition, Role, SignOff, Verdict
from tests.factories import (
    ArticleFactory,
    ArticleReferenceFactory,
    ComparisonFactory,
    MisconceptionFactory,
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

TODAY = datetime.date(2026, 6, 15)
# Half past midnight where the hospital is, and still the day before in London.
AT = datetime.datetime(2026, 6, 14, 16, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)

Check = Callable[[Subject], Iterable[Finding]]


@pytest.fixture(autouse=True)
def english_messages() -> Iterable[None]:
    with translation.override("en"):
        yield


def a_subject(language: str = "en", model: type[Document] = Article, **content: Any) -> Subject:
    content = {"slug": "here", **content}
    return Subject(model=model, object_id=1, language=language, content=content, review_due=None, at=AT)


def said(check: Check, subject: Subject) -> list[tuple[str, str]]:
    """Id and field of what a check finds."""
    return [(finding.id.removeprefix("publishing."), finding.field) for finding in check(subject)]


def messages(check: Check, subject: Subject) -> list[str]:
    return [str(finding.message) for finding in check(subject)]


def test_an_id_says_how_grave_it_is_and_no_other_check_has_it() -> None:
    listed = [line.split()[0] for line in (findings.__doc__ or "").splitlines() if line[1:4].isdigit()]
    assert len(listed) == len(set(listed)) == 17
    assert findings.blocker("B001", "").level == Level.BLOCKER
    assert findings.warning("W001", "").level == Level.WARNING


# Sign-offs ------------------------------------------------------------------------------------------------------------


def sign(edition: Edition, role: str, **values: Any) -> None:
    """As the database would not let anybody but its own maker: by whom, and of what, is for the test to say."""
    values = {"signer": UserFactory.build(pk=99), "digest": edition.digest, "verdict": Verdict.APPROVE, **values}
    signs = getattr(edition, "_prefetched_objects_cache", {}).get("sign_offs", [])
    edition._prefetched_objects_cache = {"sign_offs": [*signs, SignOff(edition=edition, role=role, **values)]}  # type: ignore[attr-defined]


def test_a_source_needs_a_clinician(db: None) -> None:
    edition = submit(TermFactory.create(), "zh-hans")
    assert said(findings.signed_by_others, gate.of_edition(edition)) == [("B001", "")]
    assert messages(findings.signed_by_others, gate.of_edition(edition)) == [
        "Not signed as medical reviewer yet. Ask one to read and sign it."
    ]
    workflow.sign_off(edition, by=staff(StaffRole.MEDICAL_REVIEWER), role=Role.MEDICAL)
    assert said(findings.signed_by_others, gate.of_edition(edition)) == []


def test_a_translation_needs_a_language_reviewer_too(db: None) -> None:
    edition = submit(TermFactory.create(), "en")
    assert said(findings.signed_by_others, gate.of_edition(edition)) == [("B001", ""), ("B001", "")]
    workflow.sign_off(edition, by=staff(StaffRole.MEDICAL_REVIEWER), role=Role.MEDICAL)
    assert messages(findings.signed_by_others, gate.of_edition(edition)) == [
        "Not signed as language reviewer yet. Ask one to read and sign it."
    ]
    workflow.sign_off(edition, by=staff(StaffRole.LANGUAGE_REVIEWER_EN), role=Role.LANGUAGE)
    assert said(findings.signed_by_others, gate.of_edition(edition)) == []


def test_the_authors_own_signature_counts_for_nothing(db: None) -> None:
    edition = submit(TermFactory.create(), "zh-hans")
    sign(edition, Role.MEDICAL, signer=edition.author)
    assert messages(findings.signed_by_others, gate.of_edition(edition)) == [
        "Its own author signed it as medical reviewer. Ask someone else to sign it."
    ]
    assert said(findings.signed_by_others, gate.of_edition(edition)) == [("B002", "")]
    sign(edition, Role.MEDICAL)
    assert said(findings.signed_by_others, gate.of_edition(edition)) == []


@pytest.mark.parametrize("values", [{"verdict": Verdict.REQUEST_CHANGES}, {"digest": "of another text"}])
def test_neither_a_refusal_nor_the_signature_of_another_text_counts(db: None, values: dict[str, str]) -> None:
    edition = submit(TermFactory.create(), "zh-hans")
    sign(edition, Role.MEDICAL, **values)
    assert said(findings.signed_by_others, gate.of_edition(edition)) == [("B001", "")]


def test_a_draft_is_not_signed(db: None) -> None:
    assert said(findings.signed_by_others, gate.of_draft(TermFactory.create(), "en")) == []


# The review date ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (None, "B003"),
        (TODAY - DAY, "B004"),
        (TODAY, "B004"),
        (TODAY + DAY, ""),
        (TODAY + 100 * DAY, ""),
        (TODAY + 101 * DAY, "B005"),
    ],
)
def test_the_review_date_lies_after_the_day_of_going_live_and_within_the_limit(
    settings: Settings, due: datetime.date | None, expected: str
) -> None:
    settings.REVIEW_LIMIT_DAYS = 100
    subject = a_subject()
    subject.review_due = due
    assert said(findings.review_date, subject) == ([(expected, "")] if expected else [])


def test_the_review_date_is_said(settings: Settings) -> None:
    settings.REVIEW_LIMIT_DAYS = 100
    subject = a_subject()
    subject.review_due = TODAY
    assert "June 15, 2026" in messages(findings.review_date, subject)[0]
    subject.review_due = TODAY + 101 * DAY
    assert "Sept. 23, 2026" in messages(findings.review_date, subject)[0]


# Required fields ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", "\u200b"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("make", "required"),
    [
        (ArticleFactory, ["title", "summary", "body", "kind"]),
        (MisconceptionFactory, ["question", "misconception", "fact", "verdict"]),
        (TermFactory, ["name", "definition", "category"]),
        (ComparisonFactory, ["title", "introduction"]),
        (TopicFactory, ["name", "summary", "facet"]),
    ],
)
def test_required_fields_of_every_kind(db: None, make: Any, required: list[str], language: str, blank: str) -> None:
    subject = gate.of_draft(make.create(), language)
    assert said(findings.required_fields, subject) == []
    for name in subject.content:
        if isinstance(subject.content[name], str):
            subject.content[name] = blank
    assert said(findings.required_fields, subject) == [("B006", name) for name in required]


def test_a_missing_fact_and_a_missing_verdict_are_named(db: None) -> None:
    subject = gate.of_draft(MisconceptionFactory.create(fact_en=" ", verdict=""), "en")
    assert messages(findings.required_fields, subject) == [
        "“fact” is empty. Fill it in.",
        "“verdict” is empty. Fill it in.",
    ]


def test_a_row_that_is_there_is_filled_in(db: None) -> None:
    article = ArticleFactory.create(references=0)
    warning = WarningFactory.create(article=article, heading_en="\u200b", text_en=" ")
    reference = ArticleReferenceFactory.create(article=article, citation_en="", claim_en="", url="", year=None)
    assert said(findings.required_fields, gate.of_draft(article, "en")) == [
        ("B006", f"warnings.{warning.pk}.heading"),
        ("B006", f"warnings.{warning.pk}.text"),
        ("B006", f"references.{reference.pk}.citation"),
    ]
    assert messages(findings.required_fields, gate.of_draft(article, "en"))[2] == (
        "“reference 1: citation” is empty. Fill it in."
    )
    assert said(findings.required_fields, gate.of_draft(article, "zh-hans")) == []


def test_a_row_of_a_comparison_is_filled_in(db: None) -> None:
    comparison = ComparisonFactory.create()
    comparison.rows.update(aspect_en="", second_en="\u3000")
    row = comparison.rows.get()
    assert said(findings.required_fields, gate.of_draft(comparison, "en")) == [
        ("B006", f"rows.{row.pk}.aspect"),
        ("B006", f"rows.{row.pk}.second"),
    ]


def test_a_number_that_is_nought_is_filled_in(db: None) -> None:
    subject = gate.of_draft(TopicFactory.create(order=0), "en")
    assert subject.content["order"] == 0
    assert said(findings.required_fields, subject) == []


# The source of a translation ------------------------------------------------------------------------------------------


def test_a_translation_goes_live_only_beside_the_source_that_it_translates(db: None) -> None:
    term = TermFactory.create()
    source, edition = submit(term, "zh-hans"), submit(term, "en")
    check = findings.translation_of_the_live_source
    assert said(check, gate.of_edition(source)) == []
    assert messages(check, gate.of_edition(edition)) == [
        "The text that it translates is not live yet. Publish that first."
    ]
    workflow.publish(approve(source), by=staff(StaffRole.PUBLISHER))
    edition = Edition.objects.get(pk=edition.pk)
    assert said(check, gate.of_edition(edition)) == []
    term.name_zh_hans = "新的名字"
    term.save()
    publish(term, "zh-hans")
    edition = Edition.objects.get(pk=edition.pk)
    assert said(check, gate.of_edition(edition)) == [("B010", "")]
    assert messages(check, gate.of_edition(edition)) == [
        "The text that it translates is not live any more. Translate the one that is."
    ]
    assert said(check, gate.of_edition(submit(term, "en"))) == []


def test_a_translation_of_what_was_withdrawn_does_not_go_live(db: None) -> None:
    term = TermFactory.create()
    source, edition = publish(term, "zh-hans"), submit(term, "en")
    withdraw(source)
    edition = Edition.objects.get(pk=edition.pk)
    assert said(findings.translation_of_the_live_source, gate.of_edition(edition)) == [("B010", "")]


def test_the_source_is_live_at_the_moment_at_which_the_translation_goes_live(db: None) -> None:
    term = TermFactory.create()
    source, edition = approve(submit(term, "zh-hans")), submit(term, "en")
    start = timezone.now() + DAY
    workflow.publish(source, by=staff(StaffRole.PUBLISHER), at=start)
    edition = Edition.objects.get(pk=edition.pk)
    check, tick = findings.translation_of_the_live_source, datetime.timedelta(microseconds=1)
    assert said(check, gate.of_edition(edition, start - tick)) == [("B010", "")]
    assert said(check, gate.of_edition(edition, start)) == []


def test_the_draft_of_a_translation_without_a_source_edition(db: None) -> None:
    term = TermFactory.create()
    assert said(findings.translation_of_the_live_source, gate.of_draft(term, "en")) == [("B010", "")]
    assert said(findings.translation_of_the_live_source, gate.of_draft(term, "zh-hans")) == []
    source = publish(term, "zh-hans")
    assert said(findings.translation_of_the_live_source, gate.of_draft(term, "en", source)) == []


def test_what_the_source_says_is_translated_even_where_it_need_not_be_filled_in(db: None) -> None:
    fact = MisconceptionFactory.create(advice_zh_hans="<p>请<strong>问</strong>医生。</p>", advice_en="<p> </p>")
    submit(fact, "zh-hans")
    found = list(findings.nothing_left_untranslated(gate.of_edition(submit(fact, "en"))))
    assert [(finding.id, finding.field, finding.overridable) for finding in found] == [
        ("publishing.B011", "advice", True)
    ]
    assert found[0].message == "The source has a text here that is not translated: “请问医生。”. Translate it."


def test_a_source_needs_no_more_than_its_translation(db: None) -> None:
    fact = MisconceptionFactory.create(advice_zh_hans="", explanation_en="<p>More.</p>", explanation_zh_hans="")
    source = submit(fact, "zh-hans")
    assert said(findings.nothing_left_untranslated, gate.of_edition(source)) == []
    assert said(findings.nothing_left_untranslated, gate.of_edition(submit(fact, "en"))) == []


def test_a_required_text_that_is_empty_is_said_once(db: None) -> None:
    article = ArticleFactory.create()
    WarningFactory.create(article=article, text_en="")
    source = submit(article, "zh-hans")
    assert said(findings.nothing_left_untranslated, gate.of_draft(article, "en", source)) == []


def test_a_row_that_the_translation_lacks_is_said_once(db: None) -> None:
    article = ArticleFactory.create()
    warning = WarningFactory.create(article=article)
    source = submit(article, "zh-hans")
    article.warnings.all().delete()
    assert said(findings.nothing_left_untranslated, gate.of_draft(article, "en", source)) == [
        ("B011", f"warnings.{warning.pk}.heading")
    ]


# Links ----------------------------------------------------------------------------------------------------------------


def with_links(*hrefs: str, language: str = "en", **values: Any) -> Subject:
    body = "".join(f'<p><a href="{href}">more</a></p>' for href in hrefs)
    article = ArticleFactory.create(body_en=body, body_zh_hans=body, **values)
    return gate.of_draft(article, language)


def test_a_link_to_what_is_not_live_can_be_let_pass(db: None) -> None:
    publish(ArticleFactory.create(slug="there"), "zh-hans")
    found = list(findings.leads_to_what_is_live(with_links("/en/articles/there/")))
    assert [(finding.id, finding.field, finding.overridable) for finding in found] == [
        ("publishing.B008", "body", True)
    ]
    assert found[0].message == (
        "This link leads to a page that is not live in English: /en/articles/there/. Publish that page first."
    )
    assert said(findings.leads_to_what_is_live, with_links("/zh-hans/articles/there/", language="zh-hans")) == []


def test_a_link_to_another_language_or_to_nothing_can_be_let_pass(db: None) -> None:
    publish(ArticleFactory.create(slug="there"), "zh-hans")
    found = list(findings.leads_to_what_is_live(with_links("/zh-hans/articles/there/", "/en/articles/", "/en/no/")))
    assert [(finding.id, finding.field, finding.overridable) for finding in found] == [
        ("publishing.B007", "body", True)
    ]
    assert found[0].message == (
        "These links lead to no page of this site in English: /zh-hans/articles/there/ · /en/no/. Correct them."
    )


def test_a_part_has_one_finding_for_all_its_dead_links(db: None) -> None:
    fact = MisconceptionFactory.create(
        explanation_en='<p><a href="/en/articles/a/">a</a> <a href="/en/articles/b/">b</a></p>',
        advice_en='<p><a href="/en/articles/a/">a</a></p>',
    )
    assert messages(findings.leads_to_what_is_live, gate.of_draft(fact, "en")) == [
        "These links lead to pages that are not live in English: /en/articles/a/ · /en/articles/b/. "
        "Publish those pages first.",
        "This link leads to a page that is not live in English: /en/articles/a/. Publish that page first.",
    ]
    assert said(findings.leads_to_what_is_live, gate.of_draft(fact, "en")) == [
        ("B008", "explanation"),
        ("B008", "advice"),
    ]


@pytest.mark.parametrize(
    "href", ["https://www.who.int/", "mailto:pain@example.org", "tel:120", "#section-1", "/en/articles/here/", "/en/"]
)
def test_a_link_elsewhere_to_the_page_itself_or_to_what_is_always_there(db: None, href: str) -> None:
    assert said(findings.leads_to_what_is_live, with_links(href, slug="here")) == []


def test_what_will_be_live_by_then_counts(db: None) -> None:
    there = ArticleFactory.create(slug="there")
    start = timezone.now() + DAY
    workflow.publish(approve(submit(there, "zh-hans")), by=staff(StaffRole.PUBLISHER), at=start)
    subject = with_links("/zh-hans/articles/there/", language="zh-hans")
    assert said(findings.leads_to_what_is_live, subject) == [("B008", "body")]
    subject.at = start
    assert said(findings.leads_to_what_is_live, subject) == []


# Documents named ------------------------------------------------------------------------------------------------------


def test_documents_that_are_not_live_are_counted_by_relation(db: None) -> None:
    topics = TopicFactory.create_batch(3)
    publish(topics[0], "zh-hans")
    related = ArticleFactory.create()
    subject = gate.of_draft(ArticleFactory.create(topics=topics, related=[related]), "zh-hans")
    found = list(findings.leads_to_what_is_live(subject))
    assert [(finding.id, finding.level, finding.field) for finding in found] == [
        ("publishing.W001", Level.WARNING, "topics"),
        ("publishing.W001", Level.WARNING, "related"),
    ]
    assert [finding.message for finding in found] == [
        "“topics” names 2 pages that are not live in Chinese. They are left out till then.",
        "“related articles” names 1 page that is not live in Chinese. It is left out till then.",
    ]


def test_documents_that_are_live_in_the_language_are_no_finding(db: None) -> None:
    topic = TopicFactory.create()
    publish(topic, "zh-hans")
    article = ArticleFactory.create(topics=[topic])
    assert said(findings.leads_to_what_is_live, gate.of_draft(article, "zh-hans")) == []
    assert said(findings.leads_to_what_is_live, gate.of_draft(article, "en")) == [("W001", "topics")]


def test_a_single_document_named_is_a_relation_too(db: None) -> None:
    child = TopicFactory.create(parent=TopicFactory.create())
    assert said(findings.leads_to_what_is_live, gate.of_draft(child, "en")) == [("W001", "parent")]


# Headings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>None.</p>", []),
        ("<h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2><h3>E</h3>", []),
        ("<h3>A</h3><h3>B</h3><h2>C</h2>", ["A"]),
        ("<p>First.</p><h3>A</h3><h2>B</h2>", ["A"]),
        ("<h2>A</h2><h4>B</h4>", ["B"]),
        ("<h4>A</h4><h2>B</h2><h4>C</h4>", ["A", "C"]),
    ],
)
def test_headings_skip_no_level(body: str, expected: list[str]) -> None:
    subject = a_subject(body=body)
    assert said(findings.headings, subject) == [("B009", "body")] * len(expected)
    for message, heading in zip(messages(findings.headings, subject), expected, strict=True):
        assert f"“{heading}”" in message


def test_a_heading_is_told_its_level() -> None:
    assert messages(findings.headings, a_subject(body="<h3>A &amp; B</h3>")) == [
        "The heading “A & B” skips a level. Make it a heading of level 2."
    ]


def test_each_part_begins_anew() -> None:
    subject = a_subject(model=Misconception, explanation="<h2>A</h2>", advice="<h3>B</h3>")
    assert said(findings.headings, subject) == [("B009", "advice")]


# Reading --------------------------------------------------------------------------------------------------------------


def test_a_hard_english_text(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = a_subject(summary="Postoperative administration necessitates multidisciplinary consideration. " * 20)
    assert said(findings.reading_level, subject) == [("W002", "")]
    message = messages(findings.reading_level, subject)[0]
    assert message.startswith("The Flesch-Kincaid grade is ")
    assert "(by the package readability); aim for 8 or less." in message
    for grade, expected in ((8.0, []), (8.01, [("W002", "")]), (None, [])):
        monkeypatch.setattr("publishing.readinglevel.grade", lambda text, grade=grade: grade)
        assert said(findings.reading_level, subject) == expected


def test_a_plain_english_text() -> None:
    assert said(findings.reading_level, a_subject(summary="The pain is bad. Rest and call us. " * 20)) == []


def test_headings_titles_and_citations_are_not_read_for_the_level(db: None) -> None:
    hard = "Multidisciplinary pharmacological contraindications " * 4
    article = ArticleFactory.create(
        title_en=hard[:110], summary_en="The pain is bad. " * 40, body_en=f"<h2>{hard}</h2><p>Rest.</p>", references=0
    )
    ArticleReferenceFactory.create(article=article, citation_en=hard, claim_en=hard)
    assert said(findings.reading_level, gate.of_draft(article, "en")) == []


@pytest.mark.parametrize(("longest", "expected"), [(30, []), (33, [("W003", "")])])
def test_the_mean_of_chinese_sentences(longest: int, expected: list[tuple[str, str]]) -> None:
    sentences = ["疼" * 30 + "。", "疼" * 30 + "。", "疼" * longest + "。"]
    subject = a_subject("zh-hans", summary="".join(sentences))
    assert said(findings.reading_level, subject) == expected


def test_the_mean_of_chinese_sentences_is_said() -> None:
    subject = a_subject("zh-hans", summary=("疼" * 31 + "。") * 3)
    assert messages(findings.reading_level, subject) == [
        "The sentences have 31.0 characters on average, without punctuation; aim for 30 or less. Split the longest."
    ]


@pytest.mark.parametrize(("uncommon", "expected"), [(20, []), (21, [("W004", "")])])
def test_the_share_of_uncommon_chinese_words(uncommon: int, expected: list[tuple[str, str]]) -> None:
    words = ["医生"] * (100 - uncommon) + ["阻滞"] * uncommon
    subject = a_subject("zh-hans", summary="。".join(words))
    assert said(findings.reading_level, subject) == expected


def test_the_uncommon_words_are_named_with_their_source() -> None:
    words = ["医生"] * 60 + [word for word in ("阻滞", "苯酚", "椎间盘", "滑囊", "腱鞘") for _ in range(8)]
    assert messages(findings.reading_level, a_subject("zh-hans", summary="。".join(words))) == [
        "40.0% of the words are not among the 20000 most common (by the word frequencies of jieba's dictionary); "
        "aim for 20% or less. Replace or explain some of these: 阻滞、苯酚、椎间盘、滑囊、腱鞘."
    ]


@pytest.mark.parametrize(
    ("language", "unit", "limit", "expected"),
    [("en", "pain ", 25, "words"), ("zh-hans", "疼", 60, "characters")],
)
def test_a_long_sentence_is_quoted_where_it_stands(language: str, unit: str, limit: int, expected: str) -> None:
    fits, too_long = (unit * limit).strip() + ".", (unit * (limit + 1)).strip() + "。"
    subject = a_subject(language, summary=fits, body=f"<h2>{unit * (limit + 1)}</h2><p>{fits}</p><p>{too_long}</p>")
    assert said(findings.long_sentences, subject) == [("W005", "body")]
    message = messages(findings.long_sentences, subject)[0]
    assert message.startswith(
        f"This sentence has {limit + 1} {expected}; up to {limit} are easy to follow. Split it: “{unit * 5}"
    )
    assert message.endswith("…”")


@pytest.mark.parametrize(
    ("language", "unit", "limit", "expected"),
    [("en", "pain ", 1000, "words"), ("zh-hans", "疼", 1500, "characters")],
)
def test_a_long_page(language: str, unit: str, limit: int, expected: str) -> None:
    assert said(findings.long_page, a_subject(language, summary=unit * 10, body=f"<p>{unit * (limit - 10)}</p>")) == []
    subject = a_subject(language, summary=unit * 10, body=f"<p>{unit * (limit - 9)}</p>")
    assert said(findings.long_page, subject) == [("W006", "")]
    assert messages(findings.long_page, subject) == [
        f"The page has {limit + 1} {expected}; up to {limit} take five minutes to read. Shorten or divide it."
    ]
