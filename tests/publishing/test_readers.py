"""What staff see of what readers said."""

import pytest
from django.test import Client

from painsite.roles import StaffRole
from publishing.models import Edition, Feedback
from tests.factories import ArticleFactory, publish, staff
from tests.pages import Document


@pytest.fixture
def edition(db: None) -> Edition:
    return publish(ArticleFactory(title_en="What is pain", body_en="<h2>Where</h2><p>Deep inside.</p>"), "en")


@pytest.fixture
def said(edition: Edition) -> Feedback:
    return Feedback.objects.create(
        edition=edition, helpful=False, place="section-1", heading="Where", remark="Which side?"
    )


def read(role: StaffRole, path: str) -> Document:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff(role))
    response = client.get(path)
    assert response.status_code == 200
    return Document(response.content)


def test_the_front_page_names_it_to_those_who_write_its_language(said: Feedback) -> None:
    for role, is_told in [
        (StaffRole.EDITOR, True),
        (StaffRole.TRANSLATOR_EN, True),
        (StaffRole.TRANSLATOR_ZH_HANS, False),
        (StaffRole.PUBLISHER, False),
    ]:
        assert ("Which side?" in read(role, "/admin/").root.text_content()) is is_told


def test_the_record_shows_it_with_the_paragraph_that_it_is_about(said: Feedback) -> None:
    page = read(StaffRole.EDITOR, f"/admin/publishing/edition/record/articles.article/{said.edition.object_id}/")
    text = page.texts("//section[@aria-labelledby='language-en']")[0]
    assert "Helpful: 0. Not helpful: 1." in text
    assert "Which side?" in text
    assert "Deep inside." in text


def test_the_form_of_the_draft_leads_there(said: Feedback) -> None:
    page = read(StaffRole.EDITOR, f"/admin/articles/article/{said.edition.object_id}/change/")
    assert "1 reader said something" in page.texts("//section[@class='publication']")[0]


def test_an_editor_finds_by_page_and_marks_as_done(said: Feedback) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff(StaffRole.EDITOR))
    path = "/admin/publishing/feedback/"
    found = {"page": f"article-{said.edition.object_id}", "done__exact": "0", "helpful__exact": "0"}
    assert "Which side?" in client.get(path, found | {"edition__language__exact": "en"}).content.decode()
    assert "Which side?" not in client.get(path, {"page": "article-999999"}).content.decode()
    assert "Which side?" in client.get(path, {"page": "rubbish-x"}).content.decode()
    client.post(path, {"action": "mark_done", "_selected_action": [said.pk]})
    said.refresh_from_db()
    assert said.done
    client.post(f"{path}{said.pk}/change/", {"remark": "Another"})
    said.refresh_from_db()
    assert (said.remark, said.done) == ("Which side?", False)


def test_who_only_reads_cannot_mark(said: Feedback) -> None:
    client = Client()
    client.force_login(staff(StaffRole.MEDICAL_REVIEWER))
    client.post("/admin/publishing/feedback/", {"action": "mark_done", "_selected_action": [said.pk]})
    said.refresh_from_db()
    assert not said.done
