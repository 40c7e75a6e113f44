import pytest

from tests.translations.pairing import pair
from translations.checks import direction


@pytest.mark.parametrize(
    ("chinese", "english", "said"),
    [
        ("血压升高时就医。", "See a doctor if your blood pressure is reduced.", ("升高", "reduced")),
        ("逐渐减少用量。", "Increase the dose slowly.", ("减少", "Increase")),
        ("左膝疼痛。", "Pain in the right knee.", ("左", "right")),
        ("右侧面部", "the left side of the face", ("右", "left")),
        ("饭前服用。", "Take it after meals.", ("前", "after")),
        ("手术后进食。", "Eat before surgery.", ("后", "before")),
        ("体温高于38℃", "a temperature below 38 °C", ("高于", "below")),
        ("至少休息一天", "rest for at most one day", ("至少", "at most")),
        ("上腹疼痛", "pain in the lower belly", ("上腹", "lower")),
    ],
)
def test_the_other_way_is_found(chinese: str, english: str, said: tuple[str, str]) -> None:
    assert [(one.id, one.words["source"], one.words["target"]) for one in direction.check(pair(chinese, english))] == [
        ("W005", *said)
    ]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("血压升高", "increased blood pressure"),
        ("不久之后出院", "discharged before long"),
        ("人口超过一亿", "Under the Song the population passed one hundred million"),
        ("左右两侧", "the left and right sides"),
        ("三天左右", "about three days, right away"),
        ("饭前服用", "Take it before meals"),
        ("明确诊断后再治疗", "A diagnosis is needed before treatment"),
        ("比以前减少", "has increased less than before"),
        ("不超过5毫克", "no more than 5 mg"),
        ("前列腺", "after all, the prostate"),
        ("疼痛减轻", "The pain eases"),
        ("越来越重", "gets worse"),
        ("最后", "before long"),
    ],
)
def test_the_same_way_is_not(chinese: str, english: str) -> None:
    assert list(direction.check(pair(chinese, english))) == []
