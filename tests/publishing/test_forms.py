import datetime

import pytest
from django.utils import timezone

from publishing.forms import ActForm, SubmitForm
from publishing.models import ChangeKind, Edition
from publishing.workflow import Act
from tests.factories import TermFactory, publish, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return submit(TermFactory(), "zh-hans")


def test_a_submission_says_what_kind_of_change_it_is_and_may_carry_a_note() -> None:
    assert [value for value, _label in SubmitForm().fields["change_kind"].choices] == ["typo", "wording", "clinical"]  # type: ignore[attr-defined]
    form = SubmitForm({"change_kind": "typo"})
    assert form.is_valid()
    assert form.cleaned_data == {"change_kind": ChangeKind.TYPO, "note": ""}
    assert not SubmitForm({"note": "x"}).is_valid()
    assert not SubmitForm({"change_kind": "typo", "note": "x" * 1001}).is_valid()


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (Act.SIGN_MEDICAL, {"words": False}),
        (Act.SIGN_LANGUAGE, {"words": False}),
        (Act.REQUEST_CHANGES, {"words": True}),
        (Act.PUBLISH, {"at": False}),
        (Act.WITHDRAW, {"words": True, "at": False, "read_instead": False}),
    ],
)
def test_an_act_asks_for_what_it_needs_and_for_nothing_else(
    act: Act, fields: dict[str, bool], edition: Edition
) -> None:
    form = ActForm(act=act, edition=edition)
    assert {name: field.required for name, field in form.fields.items()} == fields
    assert all(field.label for field in form.fields.values())


def test_words_of_white_space_are_none(edition: Edition) -> None:
    form = ActForm({"words": " \n "}, act=Act.WITHDRAW, edition=edition)
    assert list(form.errors) == ["words"]


def test_a_time_is_of_the_hospitals_clock_as_the_browser_sends_it(edition: Edition) -> None:
    form = ActForm({"at": "2030-05-01T08:30"}, act=Act.PUBLISH, edition=edition)
    assert form.is_valid()
    assert form.cleaned_data["at"] == datetime.datetime(2030, 5, 1, 8, 30, tzinfo=timezone.get_current_timezone())
    assert 'type="datetime-local"' in str(form["at"])
    assert 'value="2030-05-01T08:30"' in str(form["at"])


@pytest.mark.parametrize("at", ["soon", "2030-13-01T00:00", "0001-01-01T00:00", "a\x00b", "9" * 50])
def test_an_odd_time_is_an_error(at: str, edition: Edition) -> None:
    form = ActForm({"at": at}, act=Act.PUBLISH, edition=edition)
    if form.is_valid():  # a year long past: refused as such by the act
        assert form.cleaned_data["at"] < timezone.now()


@pytest.mark.parametrize("key", ["abc", "9" * 30, "0", "a\x00b"])
def test_what_to_read_instead_is_another_page_that_is_live_in_the_language(key: str) -> None:
    live = publish(TermFactory(name_zh_hans="甲"), "zh-hans")
    other = publish(TermFactory(name_zh_hans="乙"), "zh-hans")
    submit(TermFactory(), "zh-hans")
    form = ActForm(act=Act.WITHDRAW, edition=live)
    assert list(form.fields["read_instead"].queryset) == [other]  # type: ignore[attr-defined]
    form = ActForm({"words": "x", "read_instead": key}, act=Act.WITHDRAW, edition=live)
    assert list(form.errors) == ["read_instead"]
