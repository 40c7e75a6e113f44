from collections.abc import Iterator

import pytest
from django.utils import translation

from glossary import faults as faults_module
from glossary.faults import Fault, Faults, Line, Refused, Row


@pytest.fixture(autouse=True, scope="module")
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_a_fault_says_where_it_is() -> None:
    assert str(Fault(Line(12), "wrong")) == "line 12: wrong"
    assert str(Fault(Row("names", 3), "wrong")) == "sheet “names”, row 3: wrong"
    assert str(Fault(None, "wrong")) == "wrong"


def test_looking_for_faults_stops_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults_module, "MAX_FAULTS", 2)
    faults = Faults()
    faults.add("one")
    with pytest.raises(Refused) as caught:
        faults.add("two")
    assert str(caught.value) == "one\ntwo\nThere may be more; looking for them stopped here."


def test_faults_that_were_not_found_are_not_raised() -> None:
    Faults().raise_any()
