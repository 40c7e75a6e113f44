import datetime
from zoneinfo import ZoneInfo

from publishing import jsonld
from publishing.models import Edition, Role, SignOff
from publishing.reading import Page

NOON = datetime.datetime(2026, 3, 2, 20, tzinfo=datetime.UTC)  # the third of March in Shanghai
SITE = "https://pain.example"


class SomePage(Page):
    url = "/en/articles/pain/"


def page(live_from: datetime.datetime | None = NOON) -> Page:
    return SomePage(Edition(title="Pain", language="zh-hans", content={}, live_from=live_from))


def test_a_page_says_who_reviewed_it_by_role_and_when() -> None:
    reviews = [
        SignOff(role=Role.MEDICAL, signed_at=NOON),
        SignOff(role=Role.LANGUAGE, signed_at=NOON + datetime.timedelta(days=9)),
    ]
    found = jsonld.medical_web_page(page(), SITE, "It hurts.", reviews)
    assert found["@type"] == "MedicalWebPage"
    assert found["lastReviewed"] == "2026-03-03"
    assert set(found["reviewedBy"]) == {"@type", "name", "parentOrganization"}
    assert found["reviewedBy"]["parentOrganization"] == {"@id": f"{SITE}/#organization"}
    assert found["audience"] == {"@type": "Patient", "audienceType": "Patient"}
    assert found["dateModified"] == NOON.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()
    assert (found["inLanguage"], found["url"]) == ("zh-Hans", f"{SITE}/en/articles/pain/")


def test_what_is_not_known_is_not_said() -> None:
    found = jsonld.medical_web_page(page(None), SITE, "It hurts.", [], about=[], citation=["Book"])
    assert found["citation"] == ["Book"]
    assert not {"about", "reviewedBy", "lastReviewed", "dateModified"} & set(found)


def test_what_a_page_is_about_is_named_by_its_page() -> None:
    assert jsonld.named([page()], SITE) == [{"@type": "Thing", "name": "Pain", "url": f"{SITE}/en/articles/pain/"}]
