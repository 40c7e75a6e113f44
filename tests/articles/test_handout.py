"""What is on paper, in which order, and what never is."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import html as lxml_html
from pytest_django import DjangoAssertNumQueries

from articles import printing
from articles.models import Urgency, VerdictOnMyth
from painsite.models import SiteProfile
from publishing import richtext
from publishing.models import ChangeKind, Edition
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    FigureFactory,
    MisconceptionFactory,
    QuestionFactory,
    RowFactory,
    TermFactory,
    WarningFactory,
    publish,
    publish_all,
    withdraw,
)
from tests.pages import in_this_order
from tests.paper import Paper, needs_press, patience, squeezed

__all__ = ["patience"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patience")]
QUERIES = 9


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that the press would be handed, which it is not."""
    handed: list[str] = []

    def take(html: str) -> bytes:
        handed.append(html)
        return b"%PDF"

    monkeypatch.setattr(printing, "printed", take)
    return handed


def full_article(**more: Any) -> Any:
    closure, block = (
        TermFactory(name_zh_hans="封闭疗法", name_en="closure"),
        TermFactory(name_zh_hans="阻滞", name_en="block"),
    )
    fact = MisconceptionFactory(
        question_zh_hans="要揉吗？", question_en="Massage it?", fact_zh_hans="最好不要。", fact_en="Better not.",
        verdict=VerdictOnMyth.PARTLY_TRUE,
    )  # fmt: skip
    comparison = ComparisonFactory(title_zh_hans="两者比较", title_en="Compared", first=closure, second=block, rows=0)
    RowFactory(
        comparison=comparison, aspect_zh_hans="部位", aspect_en="Place", first_zh_hans="痛处。", first_en="The spot.",
        second_zh_hans="沿神经。", second_en="Along the nerve.",
    )  # fmt: skip
    publish_all(closure, block, fact, comparison)
    article = ArticleFactory(
        slug="pain",
        title_zh_hans="疼痛是什么",
        title_en="What is pain?",
        summary_zh_hans="它是警报。",
        summary_en="It is an alarm.",
        body_zh_hans="<h2>定义</h2><p>用阻滞治疗。</p><h2>做什么</h2><p>看医生。</p>",
        body_en="<h2>Definition</h2><p>A block’s use.</p><h2>What to do</h2><p>See a doctor.</p>",
        misconceptions=[fact],
        comparisons=[comparison],
        **more,
    )
    WarningFactory(article=article, level=Urgency.CAUTION, heading_zh_hans="小心", heading_en="Careful", order=0)
    WarningFactory(article=article, level=Urgency.EMERGENCY, order=1)
    FigureFactory(article=article)
    QuestionFactory(article=article)
    publish_all(article)
    return article


def pdf(client: Client, address: str) -> Paper:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return Paper(response.content)


# On paper -------------------------------------------------------------------------------------------------------------


@needs_press
@pytest.mark.parametrize(
    ("language", "title", "order"),
    [
        (
            "en",
            "What is pain?",
            ["Example hospital", "Edition 1", "What is pain?", "It is an alarm.", "Chest pain", "Careful", "Definition",
             "See a doctor.", "The three steps", "Mild pain", "Compared", "Place", "The spot.", "Massage it?",
             "Partly true", "Better not.", "Ask your doctor", "Must I stop my medicines", "Sources", "2014",
             "approved on", "In an emergency, call 120."],
        ),
        (
            "zh-hans",
            "疼痛是什么",
            ["示范医院", "疼痛是什么", "它是警报。", "胸痛", "小心", "定义", "看医生。", "三阶梯", "两者比较",
             "痛处。", "要揉吗？", "最好不要。", "打针以前要停药吗？", "2014", "120"],
        ),
    ],
)  # fmt: skip
def test_a_sheet_is_tagged_titled_embedded_and_reads_in_this_order(
    client: Client, language: str, title: str, order: list[str]
) -> None:
    SiteProfile.objects.create(hospital_zh_hans="示范医院", hospital_en="Example hospital")
    article = full_article()
    edition = article.editions.get(language=language)
    paper = pdf(client, f"/{language}/articles/pain/handout.pdf")
    assert bool(paper.root["/MarkInfo"]["/Marked"])
    assert paper.root["/Lang"] == {"en": "en", "zh-hans": "zh-Hans"}[language]
    assert bool(paper.root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert b"pdfuaid:part" in paper.root["/Metadata"].get_object().get_data()
    assert paper.title == title
    assert set(paper.fonts) <= {"Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"}
    assert set(paper.fonts.values()) == {True}
    names = paper.names()
    assert names.count("/H1") == 1
    assert {"/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= set(names)
    assert all(str(tag["/Alt"]) for tag in paper.tags() if tag["/S"] == "/Figure")
    assert names.index("/H1") < names.index("/H2")
    assert paper.reader.outline
    assert in_this_order(paper.words, *map(squeezed, order))
    assert f"http://testserver/{language}/editions/{edition.pk}/" in paper.links
    assert paper.size == (210, 297)


@needs_press
def test_the_text_of_the_edition_is_on_paper_whole_and_in_order(client: Client) -> None:
    paragraphs = [f"第{number}段，疼痛持续不退要就医。" for number in range(60)]
    article = ArticleFactory(slug="pain", body_zh_hans="".join(f"<p>{each}</p>" for each in paragraphs))
    publish_all(article)
    words = pdf(client, "/zh-hans/articles/pain/handout.pdf").words
    assert in_this_order(words, *map(squeezed, paragraphs))


@needs_press
def test_a_term_is_explained_at_the_foot_of_the_page_once(client: Client) -> None:
    full_article()
    words = pdf(client, "/en/articles/pain/handout.pdf").words
    definition = squeezed("A precise injection that stops a nerve passing on signals.")
    assert words.count(f"block{definition}") == 1


@needs_press
@pytest.mark.parametrize(
    ("options", "size"),
    [("paper=A5", (148, 210)), ("text=large", (210, 297)), ("paper=A5&text=large", (148, 210)),
     ("languages=both", (210, 297)), ("languages=both&paper=A5", (210, 148))],
)  # fmt: skip
def test_options_change_paper_and_print_and_nothing_that_is_said(
    client: Client, options: str, size: tuple[int, int]
) -> None:
    full_article()
    paper = pdf(client, f"/en/articles/pain/handout.pdf?{options}")
    assert paper.size == size
    assert in_this_order(
        paper.words, *map(squeezed, ["What is pain?", "Chest pain", "See a doctor.", "Along the nerve."])
    )


def test_large_print_is_at_least_18_points_and_its_notes_16(client: Client, pages: list[str]) -> None:
    full_article()
    client.get("/en/articles/pain/handout.pdf?text=large")
    body = re.search(r"html \{[^}]*font-size: ([\d.]+)pt", pages[0])
    notes = re.search(r"\.note \{[^}]*font-size: ([\d.]+)pt", pages[0])
    assert body
    assert notes
    assert (float(body[1]) >= 18, float(notes[1]) >= 16) == (True, True)


def test_the_number_of_a_note_is_as_large_as_a_patient_can_read(client: Client, pages: list[str]) -> None:
    full_article()
    client.get("/en/articles/pain/handout.pdf")
    calls = re.search(r"\.note::footnote-call \{ font-size: ([\d.]+)pt", pages[0])
    assert calls
    assert float(calls[1]) >= 8


def test_a_note_stands_between_a_long_term_and_the_mark_behind_it(client: Client, pages: list[str]) -> None:
    term = TermFactory(name_en="treatment in three steps", definition_en="Of pain.")
    publish_all(term, ArticleFactory(slug="steps", summary_en="Ask for treatment in three steps. Then rest."))
    client.get("/en/articles/steps/handout.pdf")
    (note,) = lxml_html.document_fromstring(pages[0]).xpath("//p[@class='lead']/span[@class='note']")
    assert note.getprevious().text == "treatment in three steps"
    assert note.tail == ". Then rest."


# Both languages -------------------------------------------------------------------------------------------------------


@needs_press
def test_both_languages_stand_side_by_side_each_with_its_own_symbol_and_tongue(client: Client) -> None:
    article = full_article()
    paper = pdf(client, "/zh-hans/articles/pain/handout.pdf?languages=both")
    assert in_this_order(paper.words, *map(squeezed, ["疼痛是什么", "What is pain?", "看医生。", "See a doctor."]))
    wanted = {f"http://testserver/{each.language}/editions/{each.pk}/" for each in article.editions}
    assert wanted <= set(paper.links)
    assert {str(tag["/Lang"]) for tag in paper.tags() if "/Lang" in tag} == {"zh-Hans", "en"}
    assert paper.names().count("/H1") == 2


def test_titles_stand_beside_each_other_and_so_do_the_key_messages(client: Client, pages: list[str]) -> None:
    full_article()
    client.get("/en/articles/pain/handout.pdf?languages=both")
    page = lxml_html.document_fromstring(pages[0])
    assert page.xpath("//div[@class='row head']//h1/text()") == ["What is pain?", "疼痛是什么"]
    leads = page.xpath("//div[@class='row gist']/div/p[@class='lead']")
    assert ["".join(each.itertext()) for each in leads] == ["It is an alarm.", "它是警报。"]
    sides = page.xpath("//b[@class='side']/text()")
    assert sides[:2] == ["Closure", "Block"]


def test_rows_pair_the_same_paragraph_of_each_language(client: Client, pages: list[str]) -> None:
    full_article()
    client.get("/en/articles/pain/handout.pdf?languages=both")
    root = lxml_html.document_fromstring(pages[0])
    rows = [[squeezed(cell.text_content()) for cell in row] for row in root.find_class("row")]
    assert [squeezed("What to do See a doctor."), squeezed("做什么 看医生。")] in rows
    assert {len(row) for row in rows} == {2}
    assert {cell.get("lang") for cell in root.find_class("cell")} == {"en", "zh-Hans"}
    chinese = "".join(cell.text_content() for cell in root.find_class("cell") if cell.get("lang") == "zh-Hans")
    assert "危急" in chinese
    assert set(re.findall("[A-Za-z]{3,}", chinese)) <= {"http", "testserver", "zh", "hans", "editions"}


@pytest.mark.parametrize("languages", ["en", "both"])
def test_a_definition_that_is_behind_a_clinical_change_is_not_printed(
    client: Client, pages: list[str], languages: str
) -> None:
    term = TermFactory(name_zh_hans="休息", name_en="rest", definition_en="Keep still.", definition_zh_hans="别动。")
    publish_all(term)
    texts = {"body_en": "<p>You may rest.</p>", "body_zh_hans": "<p>请休息。</p>"}
    publish_all(ArticleFactory(slug="gout", **texts))
    client.get(f"/en/articles/gout/handout.pdf?languages={languages}")
    term.refresh_from_db()
    term.definition_zh_hans = "多动。"
    term.save()
    publish(term, "zh-hans", ChangeKind.CLINICAL)
    client.get(f"/en/articles/gout/handout.pdf?languages={languages}")
    before, after = (squeezed(lxml_html.document_fromstring(page).text_content()) for page in pages)
    assert squeezed("Keep still.") in before
    assert squeezed("Keep still.") not in after
    assert squeezed("You may rest.") in after
    assert ("多动。" in after) == (languages == "both")


def test_a_translation_behind_a_clinical_change_is_not_printed_alone_or_beside_it(
    client: Client, pages: list[str]
) -> None:
    article = full_article()
    article.summary_zh_hans = "先看医生。"
    article.save()
    publish(article, "zh-hans", ChangeKind.CLINICAL)
    for address in ("/en/articles/pain/handout.pdf", "/zh-hans/articles/pain/handout.pdf?languages=both"):
        response = client.get(address)
        assert response.status_code == 409, address
        assert "It is an alarm." not in response.content.decode()
    assert pages == []
    assert client.get("/zh-hans/articles/pain/handout.pdf").status_code == 200
    assert "先看医生。" in pages[0]
    page = client.get("/zh-hans/articles/pain/").content.decode()
    assert 'value="both"' not in page
    assert "handout.pdf" not in client.get("/en/articles/pain/").content.decode()


def test_after_a_change_of_wording_both_are_still_printed(client: Client, pages: list[str]) -> None:
    article = full_article()
    article.summary_zh_hans = "它是身体的警报。"
    article.save()
    publish(article, "zh-hans", ChangeKind.WORDING)
    assert client.get("/en/articles/pain/handout.pdf?languages=both").status_code == 200
    assert 'value="both"' in client.get("/en/articles/pain/").content.decode()


def test_a_fact_that_is_behind_a_clinical_change_is_left_off_the_sheet(client: Client, pages: list[str]) -> None:
    article = full_article()
    fact = article.misconceptions.get()
    fact.fact_zh_hans = "不要揉。"
    fact.save()
    publish(fact, "zh-hans", ChangeKind.CLINICAL)
    client.get("/en/articles/pain/handout.pdf")
    assert "Better not." not in pages[0]
    client.get("/zh-hans/articles/pain/handout.pdf")
    assert "不要揉。" in pages[1]


def test_one_language_alone_is_not_printed_as_both(client: Client, pages: list[str]) -> None:
    publish(ArticleFactory(slug="pain"), "zh-hans")
    assert client.get("/zh-hans/articles/pain/handout.pdf?languages=both").status_code == 409
    assert client.get("/zh-hans/articles/pain/handout.pdf").status_code == 200
    response = client.get("/en/articles/pain/handout.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert len(pages) == 1


# Never stale ----------------------------------------------------------------------------------------------------------


def test_a_new_edition_the_departments_name_and_the_options_each_make_another_sheet(
    client: Client, pages: list[str]
) -> None:
    article = ArticleFactory(slug="pain", source_language="en")
    publish(article, "en")
    address = "/en/articles/pain/handout.pdf"
    client.get(address)
    client.get(address)
    SiteProfile.objects.create(department_en="Pain department")
    client.get(address)
    article.summary_en = "Another."
    article.save()
    publish(article, "en")
    client.get(address)
    client.get(f"{address}?paper=A5")
    assert [printing.key(page) for page in pages].count(printing.key(pages[0])) == 2
    assert len(set(map(printing.key, pages))) == 4


def test_nothing_comes_out_of_the_cache_that_is_no_longer_live(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "run", lambda html: b"%PDF")
    article = ArticleFactory(slug="pain")
    publish_all(article)
    address = "/zh-hans/articles/pain/handout.pdf"
    response = client.get(address)
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    withdraw(article.editions.get(language="zh-hans"))
    assert client.get(address).status_code == 410
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 410
    with time_machine.travel(timezone.now() + datetime.timedelta(days=800)):
        assert client.get("/en/articles/pain/handout.pdf").status_code == 410


def test_what_browsers_keep_they_ask_for_again(client: Client, pages: list[str]) -> None:
    publish_all(ArticleFactory(slug="pain"))
    response = client.get("/zh-hans/articles/pain/handout.pdf")
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-cache", "noindex")
    assert not response.cookies


# Asking ---------------------------------------------------------------------------------------------------------------


def test_a_moved_page_leads_on_and_another_language_to_its_own_address(client: Client, pages: list[str]) -> None:
    article: Any = ArticleFactory(slug="old")
    publish_all(article)
    article.slug = "new"
    article.save()
    publish_all(article)
    response = client.get("/en/articles/old/handout.pdf?paper=A5")
    assert response["Location"] == "/en/articles/new/handout.pdf?paper=A5"
    response = client.get("/en/articles/new/handout.pdf?languages=zh-hans")
    assert response["Location"] == "/zh-hans/articles/new/handout.pdf?languages=zh-hans"
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("query", ["paper=A3", "text=tiny", "languages=fr", "languages=both&paper=", "paper=%00"])
def test_what_is_not_offered_is_not_found(client: Client, pages: list[str], query: str) -> None:
    publish_all(ArticleFactory(slug="pain"))
    status = client.get(f"/en/articles/pain/handout.pdf?{query}").status_code
    assert status == (200 if query.endswith("paper=") else 400 if "%00" in query else 404)


def test_nothing_of_a_draft_is_printed(client: Client, pages: list[str]) -> None:
    assert client.get("/en/articles/pain/handout.pdf").status_code == 404
    ArticleFactory(slug="pain")
    assert client.get("/en/articles/pain/handout.pdf").status_code == 404
    assert pages == []


def test_while_it_is_made_a_page_asks_again_by_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(html: str) -> bytes:
        raise printing.NotYet(3)

    monkeypatch.setattr(printing, "printed", busy)
    publish_all(ArticleFactory(slug="pain"))
    response = client.get("/en/articles/pain/handout.pdf")
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "3", "no-store")
    assert '<meta http-equiv="refresh" content="3">' in response.content.decode()


def test_where_it_cannot_be_printed_the_page_says_so_and_the_site_goes_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(html: str) -> bytes:
        raise printing.CannotPrint

    monkeypatch.setattr(printing, "printed", broken)
    publish_all(ArticleFactory(slug="pain"))
    response = client.get("/en/articles/pain/handout.pdf")
    assert response.status_code == 503
    assert "Hand-outs cannot be printed now" in response.content.decode()
    assert "refresh" not in response.content.decode()
    assert client.get("/en/articles/pain/").status_code == 200


def test_queries_of_a_sheet(
    client: Client, pages: list[str], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    full_article()
    client.get("/en/articles/pain/handout.pdf")  # the glossary is built once
    with django_assert_max_num_queries(QUERIES + 1):
        client.get("/zh-hans/articles/pain/handout.pdf")
    with django_assert_max_num_queries(2 * QUERIES):
        client.get("/en/articles/pain/handout.pdf?languages=both")


def test_hostile_rich_text_is_cleaned_once_more_on_its_way_to_the_press(client: Client, pages: list[str]) -> None:
    publish_all(ArticleFactory(slug="pain"))
    edition = Edition.objects.get(language="zh-hans")
    hostile = '<p onclick="x">words<img src="http://a/b.png"><script>x()</script><style>*{}</style></p>'
    edition.content["body"] = hostile
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("articles.handout.live_at", lambda model, slug: [edition])
        client.get("/zh-hans/articles/pain/handout.pdf")
    body = pages[0].partition("<body>")[2]
    assert richtext.clean("<p>words</p>") in body
    assert not re.search("<img|<script|onclick|http://a", body)
