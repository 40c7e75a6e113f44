"""Files for translators at the desk, asked as people ask."""

import io
import zipfile
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from painsite.roles import StaffRole
from tests.factories import ArticleFactory, WarningFactory, staff
from translations import exchange_views
from translations.models import Translation, Unit

pytestmark = pytest.mark.django_db

QUEUE, EXPORT, IMPORT = "/admin/desk/", "/admin/desk/export/", "/admin/desk/import/"


def at(user: Any) -> Client:
    client = Client(headers={"accept-language": "en", "sec-fetch-site": "same-origin"})
    client.force_login(user)
    return client


@pytest.fixture
def translator() -> Client:
    return at(staff(StaffRole.TRANSLATOR_EN))


@pytest.fixture
def article() -> Any:
    return ArticleFactory(slug="pain", title_zh_hans="疼痛", title_en="", references=0)


def translation() -> Translation:
    return Translation.objects.get(language="en", title__startswith="疼痛")


def exported(client: Client, **asked: Any) -> bytes:
    response: Any = client.get(EXPORT, asked)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def filled(client: Client, title: str = "Pain") -> SimpleUploadedFile:
    content = exported(client, of=translation().pk, format="po").decode()
    text = content.replace('msgid "疼痛"\nmsgstr ""', f'msgid "疼痛"\nmsgstr "{title}"')
    return SimpleUploadedFile("pain.po", text.encode())


def upload(client: Client, file: Any) -> Any:
    return client.post(IMPORT, {"file": file})


def confirm(client: Client, page: Any) -> Any:
    return client.post(IMPORT, {"confirm": page.context["key"]})


def text(response: Any) -> str:
    return str(response.content.decode())


def title() -> str:
    return Unit.objects.get(translation=translation(), key="title").target


# Out ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "start"),
    [
        ("xliff", "article-pain.en.xlf", b"<?xml"),
        ("xliff12", "article-pain.en.xlf", b"<?xml"),
        ("po", "article-pain.en.po", b"#"),
        ("xlsx", "article-pain.en.xlsx", b"PK"),
    ],
)
def test_a_translation_in_every_format(kind: str, name: str, start: bytes, translator: Client, article: Any) -> None:
    response: Any = translator.get(f"{EXPORT}?of={translation().pk}&format={kind}")
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(response.streaming_content).startswith(start)


def test_what_the_queue_shows_goes_out(translator: Client, article: Any) -> None:
    ArticleFactory(slug="ache", title_zh_hans="酸痛", references=0)
    with zipfile.ZipFile(io.BytesIO(exported(translator))) as packed:
        assert sorted(packed.namelist()) == ["article-ache.en.xlf", "article-pain.en.xlf"]
    assert b"article/ache" in exported(translator, q="酸")
    assert b"article/pain" in exported(translator, tab="unassigned")
    page = translator.get(QUEUE, {"q": "酸", "tab": "all"})
    assert '<input type="hidden" name="q" value="酸">' in text(page)
    assert '<input type="hidden" name="tab" value="all">' in text(page)


def test_only_languages_that_the_person_writes_go_out(article: Any) -> None:
    client = at(staff(StaffRole.TRANSLATOR_ZH_HANS))
    assert client.get(EXPORT, {"of": translation().pk}).status_code == 403
    response = client.get(EXPORT, {"language": "en"}, follow=True)
    assert "There is nothing of the kind to export." in text(response)


@pytest.mark.parametrize("asked", [{"format": "doc"}, {"of": "x"}, {"of": "999999"}])
def test_what_there_is_not_is_not_found(asked: dict[str, str], translator: Client) -> None:
    assert translator.get(EXPORT, asked).status_code == 404


def test_a_list_that_is_too_long_is_not_packed(
    translator: Client, article: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_views, "MAX_DOCUMENTS", 0)
    assert "These are more than 0 documents." in text(translator.get(EXPORT, follow=True))


def test_a_text_that_no_cell_holds_is_told(translator: Client, article: Any) -> None:
    article.body_zh_hans = f"<p>{'长' * 40_000}</p>"
    article.save()
    response = translator.get(f"{EXPORT}?of={translation().pk}&format=xlsx", follow=True)
    assert "The text “body” is longer than a cell can be" in text(response)


# In -------------------------------------------------------------------------------------------------------------------


def test_a_file_is_looked_at_and_then_confirmed(translator: Client, article: Any) -> None:
    page = upload(translator, filled(translator))
    assert page.status_code == 200
    assert "Texts: 1 translated, 0 confirmed, 0 kept as suggestions, 0 not taken, 2 as they were." in text(page)
    assert '<td lang="en">Pain</td>' in text(page)
    assert title() == ""
    before = Session.objects.count()
    done = confirm(translator, page)
    assert (done.status_code, done["Location"]) == (302, QUEUE)
    assert title() == "Pain"
    assert Session.objects.count() == before - 1
    assert confirm(translator, page).status_code == 409


def test_what_is_not_taken_is_told_first(translator: Client, article: Any) -> None:
    file = filled(translator)
    article.title_en = "By somebody else"
    article.save()
    page = upload(translator, file)
    assert "0 translated, 0 confirmed, 0 kept as suggestions, 1 not taken" in text(page)
    assert "the draft has got another translation since this file was made, and keeps it" in text(page)
    assert "By somebody else" in text(page)
    assert page.context["key"] == ""
    assert title() == "By somebody else"


def test_a_text_that_changed_in_the_meantime_shows_the_report_again(translator: Client, article: Any) -> None:
    page = upload(translator, filled(translator))
    article.title_zh_hans = "疼痛是什么"
    article.save()
    again = confirm(translator, page)
    assert again.status_code == 409
    assert "Texts were changed since you looked. Nothing was imported" in text(again)
    assert title() == ""
    assert confirm(translator, again).status_code == 302
    assert Unit.objects.get(key="title", translation=translation()).suggestion == "Pain"


def test_what_is_wrong_is_told_with_its_line(translator: Client, article: Any) -> None:
    page = upload(translator, SimpleUploadedFile("a.po", b"\nhello"))
    assert page.status_code == 400
    assert "Nothing of a.po was imported." in text(page)
    assert "line 2: This is not a PO file, or it is broken here. Export it once more." in text(page)


def test_a_file_of_another_language_is_refused(translator: Client, article: Any) -> None:
    file = filled(translator)
    page = upload(at(staff(StaffRole.TRANSLATOR_ZH_HANS)), file)
    assert page.status_code == 400
    assert "line 1: You may not write this language." in text(page)


def test_who_writes_no_language_has_no_files(article: Any) -> None:
    client = at(staff(StaffRole.MEDICAL_REVIEWER))
    assert client.get(EXPORT).status_code == 403
    assert client.get(IMPORT).status_code == 403
    assert upload(client, SimpleUploadedFile("a.po", b"x")).status_code == 403
    assert "Files for translators" not in text(client.get(QUEUE))


def test_the_page_of_a_translation_leads_to_its_files(translator: Client, article: Any) -> None:
    key = translation().pk
    assert f'<a href="{IMPORT}?of={key}">Files for translators</a>' in text(translator.get(f"/admin/desk/{key}/"))
    assert f'href="{EXPORT}?of={key}&amp;format=po"' in text(translator.get(IMPORT, {"of": key}))


def test_without_a_file_the_form_says_so(translator: Client) -> None:
    page = translator.post(IMPORT, {})
    assert page.status_code == 400
    assert "This field is required." in text(page)


def test_the_report_names_each_text_as_the_desk_does_in_the_language_of_the_reader(
    translator: Client, article: Any, django_assert_max_num_queries: Any
) -> None:
    WarningFactory(article=article, order=1)
    second = WarningFactory(article=article, order=2, text_zh_hans="剧痛", text_en="")
    content = exported(translator, of=translation().pk, format="po").decode()
    for source in ("疼痛", "剧痛"):
        content = content.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "Pain"')
    key = f"warnings.{second.pk}.text"
    for language, names in (("en", ["Title", "Warning 2: Text"]), ("zh-hans", ["标题", "警示 2: 正文"])):
        with django_assert_max_num_queries(30):
            page: Any = translator.post(
                IMPORT,
                {"file": SimpleUploadedFile("pain.po", content.encode())},
                headers={"accept-language": language},
            )
        assert [line.name for line in page.context["lines"]] == names
        assert [line.key for line in page.context["lines"]] == ["title", key]
