import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import articles
from articles import body
from articles.models import Facet, Region, Topic
from articles.topictree import TopicTree
from publishing.reading import Page
from tests.factories import TopicFactory, publish, submit, withdraw
from tests.pages import Document

DRAWINGS = Path(articles.__file__).parent / "templates" / "articles" / "body"


def topic(slug: str, region: str = "", **kwargs: Any) -> Topic:
    kwargs = {"facet": Facet.BODY_PART, "name_en": slug.capitalize(), **kwargs}
    return TopicFactory.create(slug=slug, region=region, **kwargs)


def home(client: Client) -> Document:
    response = client.get("/en/")
    assert response.status_code == 200
    return Document(response.content)


def links(page: Document, view: str) -> list[tuple[str, str]]:
    """Name and address of each link in one of the two pictures, from head to foot."""
    svg = f"//svg[@aria-labelledby='body-{view}']//a"
    return list(zip(page.texts(f"{svg}/title"), page.texts(f"{svg}/@href"), strict=True))


def test_every_region_is_drawn_and_has_a_picture_of_its_own() -> None:
    drawn = {area for areas in body.VIEWS.values() for area in areas}
    assert set(body.AREAS) == set(Region.values)
    assert {area for areas in body.AREAS.values() for area in areas} == drawn
    assert set(body.CLOSEUPS) == set(Region.values)
    files = {path.stem for path in DRAWINGS.iterdir()}
    assert files == drawn | {f"details-{view}" for view in body.VIEWS}


@pytest.mark.parametrize("region", Region.values)
def test_a_picture_is_cut_out_of_a_view_that_shows_the_region(region: str) -> None:
    assert set(body.AREAS[region]) <= set(body.VIEWS[body.CLOSEUPS[region].view])


@pytest.mark.parametrize("path", sorted(DRAWINGS.iterdir()), ids=lambda path: path.stem)
def test_the_body_holds_no_word_and_no_colour(path: Path) -> None:
    drawing = path.read_text(encoding="utf-8")
    assert re.sub(r"<[^>]*>", "", drawing).strip() == ""
    assert re.findall(r"style=|fill=|stroke=|#[0-9a-f]{3}", drawing) == []


@pytest.mark.parametrize("region", Region.values)
def test_a_place_leads_to_the_live_topic_that_names_it(client: Client, db: None, region: str) -> None:
    publish(topic("ache", region), "en")
    page = home(client)
    shown = {view for view, areas in body.VIEWS.items() if set(areas) & set(body.AREAS[region])}
    for view in body.VIEWS:
        assert links(page, view) == ([("Ache", "/en/topics/ache/")] if view in shown else [])
    assert page.texts("//ul[@class='body-list']//a/@href") == ["/en/topics/ache/"]
    assert len(page.find("//ul[@class='body-list']//a/*[local-name()='svg'][@aria-hidden='true']")) == 1


def test_what_is_not_live_in_this_language_is_drawn_but_no_link(client: Client, db: None) -> None:
    publish(topic("live", Region.HEAD), "en")
    publish(topic("chinese", Region.CHEST), "zh-hans")
    submit(topic("in-review", Region.LEG), "en")
    withdraw(publish(topic("withdrawn", Region.ARM), "en"))
    page = home(client)
    assert links(page, "front") == links(page, "back") == [("Live", "/en/topics/live/")]
    assert page.texts("//ul[@class='body-list']//a") == ["Live"]
    assert len(page.find("//svg[@aria-labelledby='body-front']/g")) == len(body.VIEWS["front"])


def test_a_topic_without_a_region_is_in_the_list_only(client: Client, db: None) -> None:
    publish(topic("head", Region.HEAD), "en")
    publish(topic("somewhere"), "en")
    publish(topic("joints", Region.JOINTS, facet=Facet.SOURCE), "en")
    publish(topic("acute", facet=Facet.COURSE), "en")
    page = home(client)
    assert [name for name, _url in links(page, "front")] == ["Head", "Joints"]
    assert page.texts("//ul[@class='body-list']//a") == ["Head", "Somewhere", "Joints"]


def test_a_place_leads_to_the_topic_that_says_most_closely_where_it_is(client: Client, db: None) -> None:
    publish(topic("chest-and-belly", Region.CHEST_ABDOMEN, order=1), "en")
    publish(topic("chest", Region.CHEST, order=2), "en")
    publish(topic("belly", Region.ABDOMEN, order=4), "en")
    publish(topic("stomach", Region.ABDOMEN, order=3), "en")
    page = home(client)
    assert [name for name, _url in links(page, "front")] == ["Chest", "Stomach"]
    assert page.texts("//ul[@class='body-list']//a") == ["Chest-and-belly", "Chest", "Stomach", "Belly"]


def test_a_region_that_lies_in_several_places_is_one_link_in_each_picture(client: Client, db: None) -> None:
    publish(topic("back-and-leg", Region.LOWER_BACK_LEG), "en")
    publish(topic("joints", Region.JOINTS), "en")
    page = home(client)
    for view, shapes in (("front", 2), ("back", 3)):
        assert [name for name, _url in links(page, view)] == ["Back-and-leg", "Joints"]
        limbs, joints = page.find(f"//svg[@aria-labelledby='body-{view}']//a")
        assert len(limbs.xpath("path[not(@class)]")) == shapes
        assert len(joints.findall("circle")) == 4


def test_each_picture_is_named_by_what_stands_below_it(client: Client, db: None) -> None:
    publish(topic("head", Region.HEAD), "en")
    page = home(client)
    assert page.texts("//figcaption[@id='body-front' or @id='body-back']") == ["From the front", "From behind"]


def test_a_topic_that_was_frozen_before_there_were_regions_has_none(db: None) -> None:
    edition = publish(topic("old", Region.HEAD), "en")
    assert body.region(Page(edition)) == "head"
    assert body.region(Page(edition, {"facet": Facet.BODY_PART})) == ""
    assert body.region(Page(edition, {"facet": Facet.BODY_PART, "region": "tail"})) == ""


def test_the_picture_of_a_topic_says_nothing_of_its_own(client: Client, db: None) -> None:
    publish(topic("head", Region.HEAD), "en")
    publish(topic("somewhere"), "en")
    page = Document(client.get("/en/topics/").content)
    [picture] = page.find("//svg[contains(@class, 'topic-picture')]")
    assert picture.get("aria-hidden") == "true"
    assert picture.text_content().strip() == ""
    assert picture.getparent().text_content().split()[0] == "Head"


def test_the_region_is_part_of_what_is_signed_and_of_the_tree_without_another_query(
    db: None, django_assert_num_queries: Any
) -> None:
    edition = publish(topic("head", Region.HEAD), "en")
    assert edition.content["region"] == "head"
    facets = TopicTree("en").by_facet()
    with django_assert_num_queries(0):
        pages = body.on_the_body(facets)
        [head, *others] = body.places("front", pages)
    assert (head.areas, head.page) == (("head",), pages[0])
    assert [place.page for place in others] == [None] * (len(body.VIEWS["front"]) - 1)
