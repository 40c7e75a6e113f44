import json
from typing import Any

import pytest
from django.test import Client

from glossary import views
from glossary.models import Category, NameStatus, Term
from tests.factories import (
    ArticleFactory,
    ComparisonFactory,
    MisconceptionFactory,
    NameFactory,
    RowFactory,
    TermFactory,
    publish,
    publish_all,
    submit,
)
from tests.pages import Document, in_this_order

pytestmark = pytest.mark.django_db


def read(client: Client, path: str) -> Document:
    response = client.get(path)
    assert response.status_code == 200, path
    return Document(response.content)


def publish_terms(*names: str, **values: str) -> None:
    for name in names:
        publish_all(TermFactory(name_zh_hans=name, **values))


# The list -------------------------------------------------------------------------------------------------------------


def test_chinese_terms_stand_under_the_initials_of_their_pinyin(client: Client) -> None:
    publish_terms("阻滞", "封闭", "分布", "3D 成像")
    page = read(client, "/zh-hans/glossary/")
    assert page.texts("//main//h2") == ["F", "Z", "#"]
    assert page.texts("//dt/a") == ["分布", "封闭", "阻滞", "3D 成像"]
    assert page.texts("//nav[@class='initials']//a/@href") == ["?initial=F", "?initial=Z", "?initial=%23"]


def test_a_given_pinyin_decides_where_a_term_stands(client: Client) -> None:
    publish_terms("重复经颅磁刺激", pinyin="zhòng fù")
    assert read(client, "/zh-hans/glossary/").texts("//main//h2") == ["Z"]


def test_english_terms_stand_in_alphabetical_order(client: Client) -> None:
    publish_all(*(TermFactory(name_en=name) for name in ["strain", "nerve block", "neuralgia", "gout"]))
    publish(TermFactory(name_en="not translated"), "zh-hans")
    page = read(client, "/en/glossary/")
    assert page.texts("//main//h2") == ["G", "N", "S"]
    assert page.texts("//dt/a") == ["gout", "nerve block", "neuralgia", "strain"]


def test_a_term_is_listed_with_abbreviation_and_definition(client: Client) -> None:
    publish_all(TermFactory(name_en="epidural pump", abbreviation="PCEA", definition_en="Relief at a button."))
    assert in_this_order(read(client, "/en/glossary/").main, "epidural pump", "PCEA", "Relief at a button.")


def test_one_initial_can_be_asked_for(client: Client) -> None:
    publish_terms("阻滞", "封闭")
    page = read(client, "/zh-hans/glossary/?initial=F")
    assert page.texts("//dt/a") == ["封闭"]
    assert page.texts("//a[@aria-current='page' and starts-with(@href, '?')]") == ["F"]
    assert page.texts("//link[@rel='canonical']/@href") == ["http://testserver/zh-hans/glossary/?initial=F"]


@pytest.mark.parametrize("letter", ["A", "f", "FF", "", "%", "阻", "\ufffd"])
def test_an_initial_that_no_term_has_is_not_found(client: Client, letter: str) -> None:
    publish_terms("封闭")
    assert client.get("/zh-hans/glossary/", {"initial": letter}).status_code == 404


def test_with_many_terms_there_is_one_initial_at_a_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "TERMS_ON_ONE_PAGE", 2)
    publish_terms("阻滞", "封闭")
    assert read(client, "/zh-hans/glossary/").texts("//dt/a") == ["封闭", "阻滞"]
    publish_terms("癌痛")
    page = read(client, "/zh-hans/glossary/")
    assert page.texts("//dt/a") == ["癌痛"]
    assert page.texts("//nav[@class='initials']//a") == ["A", "F", "Z"]
    assert page.texts("//link[@rel='canonical']/@href") == ["http://testserver/zh-hans/glossary/"]


def test_a_glossary_without_terms_says_so(client: Client) -> None:
    assert "Nothing has been published here yet." in read(client, "/en/glossary/").main


# A term ---------------------------------------------------------------------------------------------------------------


def full_term() -> Term:
    """One with everything that a term can have."""
    other = TermFactory(name_en="nerve block", definition_en="Stops a nerve.")
    term = TermFactory(
        slug="closure",
        category=Category.PROCEDURE,
        name_zh_hans="封闭疗法",
        name_en="closure therapy",
        abbreviation="CT",
        definition_en="An injection at the painful spot.",
        explanation_en="<p>It began long ago.</p>",
        see_also=[other],
    )
    NameFactory(term=term, language="en", text="closure injection", note="What patients say.")
    NameFactory(term=term, language="en", text="closed needle", status=NameStatus.FORBIDDEN)
    NameFactory(term=term, language="en", text="blockade", status=NameStatus.DEPRECATED)
    NameFactory(term=term, language="zh-hans", text="打封闭")
    publish_all(
        other,
        ComparisonFactory(first=other, second=term, title_en="Closure and block", introduction_en="Both use a needle."),
        MisconceptionFactory(question_en="Is it the same?", fact_en="They differ.", terms=[term]),
    )
    return term


def test_a_term_shows_all_that_is_known_of_it(client: Client) -> None:
    publish_all(full_term())
    assert in_this_order(
        read(client, "/en/glossary/closure/").main,
        *("Treatment or examination", "closure therapy", "An injection at the painful spot."),
        *("Abbreviation", "CT", "封闭疗法", "Also called", "closure injection", "What patients say."),
        *("It began long ago.", "Closure and block", "Both use a needle."),
        *("Is it the same?", "Common belief: False", "They differ."),
        *("See also", "nerve block", "Stops a nerve.", "Medical reviewer", "Edition"),
    )


def test_only_admitted_names_of_the_language_are_shown(client: Client) -> None:
    publish_all(full_term())
    english, chinese = read(client, "/en/glossary/closure/").main, read(client, "/zh-hans/glossary/closure/").main
    assert "打封闭" in chinese
    for text, name in [(english, "closed needle"), (english, "blockade"), (english, "打封闭"), (chinese, "injection")]:
        assert name not in text


def test_the_name_in_the_other_language_is_marked_as_such(client: Client) -> None:
    publish_all(full_term())
    assert read(client, "/en/glossary/closure/").texts("//dd[@lang='zh-Hans']") == ["封闭疗法"]


def test_the_name_in_the_other_language_is_shown_only_if_it_is_live_there(client: Client) -> None:
    publish(full_term(), "zh-hans")
    page = read(client, "/zh-hans/glossary/closure/")
    assert not page.find("//dd[@lang='en']")
    assert "closure therapy" not in page.main


def test_a_chinese_name_is_shown_with_its_pinyin(client: Client) -> None:
    publish_all(
        TermFactory(slug="block", name_zh_hans="神经阻滞"), TermFactory(slug="blood", name_zh_hans="血", pinyin="xuè")
    )
    for path, said in [("/zh-hans/glossary/block/", "shén jīng zǔ zhì"), ("/en/glossary/blood/", "xuè")]:
        assert read(client, path).texts("//dd[@lang='zh-Latn-pinyin']") == [said]


def test_what_a_term_is_not_stands_in_a_table(client: Client) -> None:
    closure, block = TermFactory(slug="closure", name_en="closure"), TermFactory(name_en="block")
    comparison = ComparisonFactory(slug="both", first=closure, second=block, rows=0)
    RowFactory(comparison=comparison, aspect_en="Place", first_en="Where it hurts.", second_en="Along the nerve.")
    publish_all(closure, block, comparison)
    page = read(client, "/en/glossary/closure/")
    assert page.texts("//table//th") == ["Aspect", "closure", "block", "Place"]
    assert page.texts("//h3/a/@href") == ["/en/glossary/comparisons/both/"]


def test_a_term_shows_the_live_articles_and_facts_that_mention_it_or_name_it(client: Client) -> None:
    gout = TermFactory(slug="gout", name_en="gout")
    publish_all(
        gout,
        ArticleFactory(title_en="Joints", body_en="<p>Gout hurts.</p>"),
        ArticleFactory(title_en="Elsewhere"),
        MisconceptionFactory(question_en="Named?", terms=[gout]),
        MisconceptionFactory(question_en="Mentioned and named?", fact_en="Gout.", terms=[gout]),
    )
    submit(ArticleFactory(source_language="en", title_en="Not yet", body_en="<p>Gout hurts.</p>"), "en")
    page = read(client, "/en/glossary/gout/")
    assert page.texts("//section[@aria-labelledby='articles']//a") == ["Joints"]
    assert page.texts("//section[@aria-labelledby='facts']//a") == ["Mentioned and named?", "Named?"]


# For machines ---------------------------------------------------------------------------------------------------------


def data(page: Document) -> Any:
    (script,) = page.find("//body//script[@type='application/ld+json']")  # the head has what every page has
    return json.loads(script.text)


def test_a_term_is_a_defined_term_of_the_glossary(client: Client) -> None:
    term = TermFactory(slug="gout", name_en="gout", abbreviation="GT", definition_en="</script><b>&amp; more")
    NameFactory(term=term, text="podagra")
    NameFactory(term=term, text="bad word", status=NameStatus.FORBIDDEN)
    publish_all(term)
    site = "http://testserver/en/glossary/"
    assert data(read(client, "/en/glossary/gout/")) == {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": f"{site}gout/",
        "url": f"{site}gout/",
        "name": "gout",
        "description": "</script><b>&amp; more",
        "inLanguage": "en",
        "alternateName": ["GT", "podagra"],
        "inDefinedTermSet": {"@type": "DefinedTermSet", "@id": site, "url": site},
    }


def test_the_glossary_is_a_set_of_its_terms(client: Client) -> None:
    publish_terms("封闭", slug="closure", definition_zh_hans="打针。")
    found = data(read(client, "/zh-hans/glossary/"))
    assert (found["@type"], found["inLanguage"]) == ("DefinedTermSet", "zh-Hans")
    url = "http://testserver/zh-hans/glossary/closure/"
    assert found["hasDefinedTerm"] == [
        {"@type": "DefinedTerm", "@id": url, "url": url, "name": "封闭", "description": "打针。"}
    ]


# Comparisons ----------------------------------------------------------------------------------------------------------


def test_a_comparison_sets_two_terms_side_by_side(client: Client) -> None:
    closure, block = TermFactory(name_en="closure"), TermFactory(name_en="block")
    comparison = ComparisonFactory(
        slug="both",
        first=closure,
        second=block,
        rows=0,
        title_en="Both compared",
        introduction_en="People mix them up.",
        conclusion_en="They differ.",
    )
    RowFactory(comparison=comparison, aspect_en="Place", first_en="Where it hurts.", second_en="Along the nerve.")
    RowFactory(comparison=comparison, aspect_en="Skill", first_en="Little.", second_en="Much.")
    publish_all(closure, block, comparison)
    page = read(client, "/en/glossary/comparisons/both/")
    assert page.texts("//thead//th") == ["Aspect", "closure", "block"]
    assert [page.texts(f"//tbody/tr[{number}]/*") for number in (1, 2)] == [
        ["Place", "closure Where it hurts.", "block Along the nerve."],
        ["Skill", "closure Little.", "block Much."],
    ]
    assert in_this_order(page.main, "Both compared", "People mix them up.", "They differ.", "Medical reviewer")


def test_comparisons_are_listed(client: Client) -> None:
    comparison = ComparisonFactory(slug="both", title_en="Closure and block")
    publish_all(comparison)
    page = read(client, "/en/glossary/comparisons/")
    assert page.texts("//main//ul//a") == ["Closure and block"]
    assert page.texts("//main//ul//a/@href") == ["/en/glossary/comparisons/both/"]


# Queries --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_the_number_of_rows(
    client: Client, django_assert_max_num_queries: Any, count: int
) -> None:
    others = TermFactory.create_batch(count)
    term = TermFactory(slug="closure", see_also=others)
    NameFactory.create_batch(count, term=term, language="en")
    comparisons = [ComparisonFactory(slug=f"both-{number}", first=term, second=others[number]) for number in range(2)]
    comparisons += [ComparisonFactory(first=other, second=term, rows=count) for other in others]
    publish_all(*others, term, *comparisons, *MisconceptionFactory.create_batch(count, terms=[term, *others]))
    ceilings = {
        "/en/glossary/closure/": 8,
        "/en/glossary/comparisons/both-0/": 8,
        "/en/glossary/": 6,
        "/en/glossary/comparisons/": 6,
    }
    for path, ceiling in ceilings.items():
        with django_assert_max_num_queries(ceiling):
            read(client, path)
