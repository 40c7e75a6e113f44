import pytest

from tests.translations.pairing import pair
from translations.checks import negation


def found(chinese: str, english: str) -> list[str]:
    """The words that the other text does not answer."""
    return [one.words["word"] for one in negation.check(pair(chinese, english))]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("不要自己停药。", "Do not stop the medicine yourself."),
        ("切勿按摩。", "Never massage it."),
        ("没有发热。", "There is no fever."),
        ("无症状的人", "asymptomatic people"),
        ("避免久坐。", "Avoid sitting for long."),
        ("避免久坐。", "Do not sit for long."),
        ("除非医生同意", "unless your doctor agrees"),
        ("非感染性疼痛", "non-infectious pain"),
        ("手脚没力气", "weak arms and legs"),
        ("睡不好", "sleeps badly"),
        ("疼痛持续不止", "pain does not stop"),
        ("普通止痛药无效", "Ordinary painkillers are not effective"),
        ("普通止痛药无效", "Ordinary painkillers are ineffective"),
        ("不揉、不按、不用力扳。", "Do not rub, press or force it."),
        ("既不怕，也不滥用。", "Neither fear nor misuse it."),
        ("原因不明", "of unknown cause"),
        ("不仅止痛", "not only stops pain"),
        ("是不是感染", "whether it is an infection"),
        ("有没有糖尿病", "if you have diabetes"),
        ("特别注意性别", "mind the sex above all"),
        ("不同的人", "different people"),
        ("差不多好了", "almost well"),
        ("不得不手术", "has to be operated on"),
        ("剂量不超过5毫克", "no more than 5 mg"),
        ("不一定是病变部位", "is not always the lesion"),
        ("别无选择", "no choice"),
        ("他不得不放弃。", "He had no choice but to give up."),
        ("毫无疑问，这样对。", "Without doubt this is right."),
        ("别忘了戴口罩，别摸脸。", "Don't forget the mask, and don't touch your face."),
        ("否则会透不过气。", "Otherwise he can't breathe."),
        ("如无不适", "if you feel no discomfort"),
        ("阿莫西林", "amoxicillin"),
        ("从不足10万增长", "grew from under 100,000"),
        ("间隔不得少于8小时", "at least 8 hours apart"),
        ("最不发达国家", "the least developed countries"),
        ("并非不可能", "It is not impossible."),
        ("每天不超过4克", "up to 4 g a day"),
        ("最早要到2021年才能上市。", "It will not be sold before 2021."),
        ("可免费改签。", "You may change it at no charge."),
        ("避免医院不堪重负。", "This keeps hospitals from being overwhelmed."),
        ("数据不足，无法下结论。", "The data are insufficient to tell."),
        ("太晚了，帮不上。", "It is too late to help."),
        ("这没有问题。", "That is fine."),
    ],
)
def test_a_denial_may_be_said_in_other_words(chinese: str, english: str) -> None:
    assert found(chinese, english) == []


@pytest.mark.parametrize(
    ("chinese", "english", "words"),
    [
        ("不要自己停药。", "Stop the medicine yourself.", ["不"]),
        ("可以自己停药。", "You must not stop the medicine yourself.", ["not"]),
        ("神经阻滞不是封闭", "Nerve block is closure therapy", ["不"]),
        ("普通止痛药无效", "Ordinary painkillers are effective", ["无"]),
        ("切勿按摩。", "Massage it.", ["勿"]),
        ("没有发热。", "There is a fever.", ["没有"]),
        ("有发热。", "There is no fever.", ["no"]),
        ("并非所有人都会发病。", "Everyone becomes ill.", ["并非"]),
        ("接受治疗的患者", "untreated patients", ["untreated"]),
        ("如果有水，请用浓度不低于60%的酒精", "If water is not available, use at least 60% alcohol", ["not"]),
        ("这意味着有传染性。", "It does not necessarily mean that it spreads.", ["not necessarily"]),
        ("按时吃药。", "Take your medicine without food.", ["without"]),
        ("避免久坐，不要弯腰。", "Avoid sitting, and bend.", ["不"]),
        ("不疼。可以走。", "It does not hurt. You may not walk.", ["not"]),
        ("您别用力。", "Press hard.", ["您别"]),
        ("药也没用。", "The medicine did help.", ["没"]),
        ("患者能工作。", "Patients are unable to work.", ["unable"]),
        ("无需停药", "You need to stop it.", ["无需"]),
        ("每天不超过4克", "more than 4 g a day", ["不超过"]),
        ("每天超过4克", "no more than 4 g a day", ["no more than"]),
    ],
)
def test_a_lost_or_added_denial_is_found(chinese: str, english: str, words: list[str]) -> None:
    assert found(chinese, english) == words


def test_it_is_a_warning_with_the_word_and_the_sentence_that_should_answer() -> None:
    (one,) = negation.check(pair("好。不要停药。", "Fine. Stop it."))
    assert (one.id, one.level, one.source, one.target) == ("W004", "warning", (2, 3), (6, 14))
