import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from reversion.models import Revision

from glossary import admin_exchange, exchange
from glossary.entries import Entry
from glossary.models import Term
from painsite.roles import StaffRole
from tests.factories import TermFactory, UserFactory, staff
from tests.glossary.exchanged import closure, nerve_block

pytestmark = pytest.mark.django_db
IMPORT = "/admin/glossary/term/import/"
LIST = "/admin/glossary/term/"
FORMATS = ["tbx", "xlsx"]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def client_of(user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return client_of(staff(StaffRole.EDITOR))


def file(kind: str, *given_entries: Entry) -> SimpleUploadedFile:
    out = io.BytesIO()
    exchange.FORMATS[kind].write(given_entries, out)
    return SimpleUploadedFile(f"terms.{kind}", out.getvalue())


def upload(client: Client, content: SimpleUploadedFile) -> Any:
    return client.post(IMPORT, {"file": content})


def confirm(client: Client, page: Any) -> Any:
    return client.post(IMPORT, {"confirm": page.context["key"]})


def definition() -> str:
    return str(Term.objects.values_list("definition_en", flat=True).get())


def text(response: Any) -> str:
    return str(response.content.decode())


# Who may what ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "is_there"),
    [
        (StaffRole.EDITOR, True),
        (StaffRole.TRANSLATOR_EN, True),
        (StaffRole.MEDICAL_REVIEWER, False),
        (StaffRole.PUBLISHER, False),
    ],
)
def test_the_list_has_a_button_for_those_who_may(role: StaffRole, is_there: bool) -> None:
    button = f'<a href="{IMPORT}">Import and export</a>'
    assert (button in text(client_of(staff(role)).get(LIST))) is is_there


def test_an_editor_may_import_and_export(editor: Client) -> None:
    page = text(editor.get(IMPORT))
    assert "Export as TBX" in page
    assert 'type="file"' in page


@pytest.mark.parametrize("role", [StaffRole.TRANSLATOR_EN, StaffRole.TRANSLATOR_ZH_HANS])
def test_translators_may_only_export(role: StaffRole) -> None:
    client = client_of(staff(role))
    page = text(client.get(IMPORT))
    assert "Export as TBX" in page
    assert 'type="file"' not in page
    assert upload(client, file("tbx", nerve_block())).status_code == 403
    assert not Term.objects.exists()


def test_others_may_neither() -> None:
    client = client_of(staff(StaffRole.MEDICAL_REVIEWER))
    assert client.get(IMPORT).status_code == 403
    assert upload(client, file("tbx", nerve_block())).status_code == 403
    assert not Term.objects.exists()


def test_who_does_not_write_both_languages_may_not_import() -> None:
    user = UserFactory(roles=[StaffRole.EDITOR])
    user.groups.get().permissions.get(codename="submit_zh_hans").delete()
    assert upload(client_of(user), file("tbx", nerve_block())).status_code == 403


@pytest.mark.parametrize("kind", FORMATS)
def test_others_may_not_export(kind: str) -> None:
    client = client_of(staff(StaffRole.MEDICAL_REVIEWER))
    assert client.get(reverse("admin:glossary_term_export", args=[kind])).status_code == 403


def test_nobody_gets_in_without_an_account() -> None:
    assert Client().get(IMPORT).status_code == 302
    assert Client().get(f"{LIST}export/tbx/").status_code == 302


# Export ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_the_export_is_a_file_to_keep_that_can_be_imported_again(editor: Client, kind: str) -> None:
    TermFactory()
    response = editor.get(f"{LIST}export/{kind}/")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    today = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="glossary-{today}.{kind}"'
    page = upload(editor, SimpleUploadedFile("again", content))
    assert "Nothing changes: the glossary says already what the file says (terms: 1)." in text(page)
    assert 'name="confirm"' not in text(page)


def test_there_is_no_other_format(editor: Client) -> None:
    assert editor.get(f"{LIST}export/csv/").status_code == 404


def test_an_export_that_cannot_be_made_says_why(editor: Client) -> None:
    TermFactory(slug="long", explanation_en=f"<p>{'x' * 40_000}</p>")
    response = editor.get(f"{LIST}export/xlsx/")
    assert response.status_code == 302
    (message,) = get_messages(response.wsgi_request)
    assert str(message).startswith("A text of “long” is longer than a cell can be.")


# Import ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_looked_at_first_and_imported_when_it_is_confirmed(editor: Client, kind: str) -> None:
    page = upload(editor, file(kind, closure(), nerve_block()))
    assert page.status_code == 200
    assert "Terms: 2 new, 0 changed, 0 as they were." in text(page)
    assert not Term.objects.exists()
    response = confirm(editor, page)
    assert (response.status_code, response["Location"]) == (302, LIST)
    (message,) = get_messages(response.wsgi_request)
    assert str(message) == (
        "Terms: 2 new, 0 changed, 0 as they were. "
        "Patients read nothing of it until it is sent for review and published."
    )
    assert list(exchange.entries()) == [closure(), nerve_block()]
    revision = Revision.objects.get()
    assert (revision.user, revision.comment) == (staff(StaffRole.EDITOR), f"Import of terms.{kind}")


def test_the_report_shows_what_changes_and_escapes_it(editor: Client) -> None:
    term = TermFactory(slug="pain", definition_en="It hurts.")
    entry = next(exchange.entries())
    entry.fields["definition_en"] = "It <b>hurts</b>."
    page = text(upload(editor, file("tbx", entry)))
    assert f'<a href="/admin/glossary/term/{term.pk}/change/">pain</a>' in page
    assert "<td>short definition [en]</td>" in page
    assert "<td>It hurts.</td>" in page
    assert "<td>It &lt;b&gt;hurts&lt;/b&gt;.</td>" in page


def test_a_long_report_shows_the_first_of_it(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_exchange, "SHOWN", 1)
    page = text(upload(editor, file("tbx", closure(), nerve_block())))
    assert "closure-therapy" in page
    assert "(nerve-block)" not in page
    assert "The first 1 of 2 are shown." in page


def test_a_refused_file_says_where_and_changes_nothing(editor: Client) -> None:
    page = upload(editor, SimpleUploadedFile("<x>.tbx", b"\n<html/>"))
    assert page.status_code == 400
    assert "<li>line 2: This is not a TBX file: its first element is “html”.</li>" in text(page)
    assert "Nothing of &lt;x&gt;.tbx was imported." in text(page)
    assert not Session.objects.filter(session_data__contains="html").exists()
    assert 'name="confirm"' not in text(page)


def test_no_file_is_asked_for_again(editor: Client) -> None:
    page = editor.post(IMPORT, {})
    assert page.status_code == 400
    assert "This field is required." in text(page)


def test_a_draft_saved_in_between_is_shown_again_and_not_overwritten(editor: Client) -> None:
    TermFactory(slug="pain", definition_en="It hurts.")
    entry = next(exchange.entries())
    entry.fields["definition_en"] = "From the file."
    page = upload(editor, file("tbx", entry))
    term: Any = Term.objects.get()
    term.definition_en = "By somebody else."
    term.save()
    again = confirm(editor, page)
    assert again.status_code == 409
    assert "Drafts were changed since you looked. Nothing was imported" in text(again)
    assert "<td>By somebody else.</td>" in text(again)
    assert definition() == "By somebody else."
    assert confirm(editor, again).status_code == 302
    assert definition() == "From the file."


def test_a_file_can_be_confirmed_once(editor: Client) -> None:
    page = upload(editor, file("tbx", nerve_block()))
    assert confirm(editor, page).status_code == 302
    again = confirm(editor, page)
    assert again.status_code == 409
    assert "This file is not kept any more. Choose it again." in text(again)


def test_a_file_of_somebody_else_cannot_be_confirmed(editor: Client) -> None:
    page = upload(editor, file("tbx", nerve_block()))
    other = client_of(UserFactory(roles=[StaffRole.EDITOR]))
    assert confirm(other, page).status_code == 409
    assert not Term.objects.exists()


def test_a_bomb_is_refused_in_good_time(editor: Client) -> None:
    bomb = b'<!DOCTYPE tbx [<!ENTITY a "aaaaaaaaaa">' + b'<!ENTITY b "&a;&a;">' * 1000 + b"]><tbx>&b;</tbx>"
    started = time.monotonic()
    page = upload(editor, SimpleUploadedFile("bomb.tbx", bomb))
    assert time.monotonic() - started < 2
    assert "line 1: A document type declaration (DOCTYPE) and entities are not taken. Remove them." in text(page)
