import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.codes import ICD_10, SNOMED_CT, has_check_digit, is_concept, normal, wider


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("M54", "M54"),
        ("M54.5", "M54.5"),
        ("m545", "M54.5"),
        (" M54.5 ", "M54.5"),
        ("G53.0*", "G53.0"),
        ("B02.2†", "B02.2"),
        ("B02.2+", "B02.2"),
        ("M54.50", "M54.50"),
        ("S72.001A", "S72.001A"),
        ("M54.500x003", "M54.500X003"),
    ],
)
def test_a_code_of_icd_10_is_kept_in_one_way(written: str, kept: str) -> None:
    assert normal(ICD_10, written) == kept


@pytest.mark.parametrize(
    "text", ["", "M5", "M5.45", "54.5", "MM4.5", "M54.", "M54..5", "M54.5**", "M54 .5", "M54.500x00333", "疼痛", "M5٤"]
)
def test_what_is_written_otherwise_is_no_code_of_icd_10(text: str) -> None:
    assert normal(ICD_10, text) == ""


@pytest.mark.parametrize("code", ["279039007", "31681005", "2177002", "22253000", "64859006"])
def test_concepts_of_snomed_ct_are_known_by_their_check_digit(code: str) -> None:
    assert normal(SNOMED_CT, f" {code} ") == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "279039008",  # another check digit
        "297039007",  # two digits that changed places
        "279039007 ok",
        "0279039007",
        "22253",
        "1234567890123456789",
        "680946014",  # a description
        "٢٢٢٥٣٠٠٠",
        "M54.5",
    ],
)
def test_what_is_no_concept_of_snomed_ct_is_refused(code: str) -> None:
    assert not is_concept(code)


def test_a_system_that_is_not_known_has_no_codes() -> None:
    assert normal("", "M54.5") == ""


@given(st.from_regex(r"[1-9][0-9]{4,15}", fullmatch=True), st.data())
def test_every_digit_that_was_mistyped_shows(digits: str, data: st.DataObject) -> None:
    (code,) = [digits + last for last in "0123456789" if has_check_digit(digits + last)]
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code[place]]))
    assert not has_check_digit(code[:place] + other + code[place + 1 :])


@given(st.from_regex(r"[1-9][0-9]{4,15}", fullmatch=True), st.data())
def test_two_neighbours_that_changed_places_show(digits: str, data: st.DataObject) -> None:
    (code,) = [digits + last for last in "0123456789" if has_check_digit(digits + last)]
    place = data.draw(st.integers(0, len(code) - 2))
    first, second = code[place], code[place + 1]
    assert has_check_digit(code[:place] + second + first + code[place + 2 :]) is (first == second)


def test_a_code_of_icd_10_is_part_of_those_that_it_begins_with() -> None:
    assert list(wider(ICD_10, "M54.50")) == ["M54.50", "M54.5", "M54"]
    assert list(wider(ICD_10, "M54")) == ["M54"]
    assert list(wider(ICD_10, "M54.5X3")) == ["M54.5X3", "M54.5X", "M54.5", "M54"]


def test_a_concept_of_snomed_ct_is_part_of_none() -> None:
    assert list(wider(SNOMED_CT, "279039007")) == ["279039007"]


@given(st.text(max_size=30))
def test_what_is_kept_stays_as_it_is(text: str) -> None:
    for system in (ICD_10, SNOMED_CT):
        kept = normal(system, text)
        assert normal(system, kept) == kept
        if kept:
            assert next(iter(wider(system, kept))) == kept
            assert all(normal(system, each) == each for each in wider(system, kept))
