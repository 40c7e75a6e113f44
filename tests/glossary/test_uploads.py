from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import translation

from glossary import uploads
from glossary.uploads import UploadField, keep, take

SENT = ("terms.tbx", b"<tbx/>", "fingerprint")


def asked(session: SessionStore, confirm: str = "") -> Any:
    request = RequestFactory().post("/", {"confirm": confirm})
    request.session = session
    return request


@pytest.fixture
def session(db: None) -> SessionStore:
    return SessionStore()


def test_a_file_is_taken_once_by_its_key_and_leaves_nothing_behind(session: SessionStore) -> None:
    key = keep(asked(session), "terms", *SENT)
    assert SessionStore().exists(key)
    assert take(asked(session, key), "terms") == SENT
    assert take(asked(session, key), "terms") is None
    assert not SessionStore().exists(key)


def test_of_each_kind_the_file_looked_at_last_is_the_one_that_counts(session: SessionStore) -> None:
    first = keep(asked(session), "terms", *SENT)
    other = keep(asked(session), "texts", *SENT)
    second = keep(asked(session), "terms", "new.tbx", b"", "")
    assert take(asked(session, first), "terms") is None
    assert take(asked(session, second), "terms") == ("new.tbx", b"", "")
    assert take(asked(session, other), "texts") == SENT


def test_a_file_of_somebody_else_is_not_taken(session: SessionStore) -> None:
    key = keep(asked(session), "terms", *SENT)
    assert take(asked(SessionStore(), key), "terms") is None
    assert take(asked(session), "terms") is None


def test_a_file_is_not_kept_for_ever(session: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WAITS_FOR", -1)
    key = keep(asked(session), "terms", *SENT)
    assert take(asked(session, key), "terms") is None


def test_a_large_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 10)
    field = UploadField(accept=".tbx")
    assert field.clean(SimpleUploadedFile("a.tbx", b"x" * 10)).size == 10
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        field.clean(SimpleUploadedFile("a.tbx", b"x" * 11))
    assert refused.value.messages == ["The file is larger than 0 MB. Split it."]
