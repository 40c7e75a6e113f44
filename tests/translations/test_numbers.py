from fractions import Fraction

import pytest

from tests.translations.pairing import pair
from translations.checks import numbers
from translations.checks.quantities import quantity


def found(chinese: str, english: str) -> list[tuple[str, str, str]]:
    """Id, and what the source and the target say."""
    return [(one.id, one.words["source"], one.words["target"]) for one in numbers.check(pair(chinese, english))]


# What means the same --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("每次25毫克，每日两次", "25 mg twice daily"),
        ("一日3次", "three times a day"),
        ("一日3次，每次1片", "one tablet tid"),
        ("每8小时一次", "every 8 hours"),
        ("每8小时一次", "q8h"),
        ("隔日一次", "every other day"),
        ("隔天一次", "on alternate days"),
        ("每周三次", "three times a week"),
        ("每天2～3次", "2 to 3 times a day"),
        ("10%～20%的患者", "10–20 % of patients"),
        ("10%～20%的患者", "10% to 20% of patients"),
        ("10%～20%的患者", "between 10 and 20 percent of patients"),
        ("百分之八十的患者", "80 per cent of patients"),
        ("八成患者", "eight in ten patients"),
        ("八成半", "85%"),
        ("三分之一的人", "a third of people"),
        ("三分之二的人", "two-thirds of people"),
        ("一半的患者", "half of the patients"),
        ("一半的患者", "50% of patients"),
        ("十几种疾病", "more than a dozen diseases"),
        ("数百人", "hundreds of people"),
        ("几千人", "thousands of people"),
        ("二十三天", "23 days"),
        ("一万二千人", "12,000 people"),
        ("一万二", "twelve thousand"),
        ("10万人", "100,000 people"),
        ("1.5亿人", "150 million people"),
        ("两亿人", "two hundred million people"),
        ("2018年3月5日", "5 March 2018"),
        ("2018年3月5日", "March 5, 2018"),
        ("2018年3月", "Mar. 2018"),
        ("二〇一八年", "2018"),
        ("20世纪50年代", "the 1950s"),
        ("50多岁的人", "people in their 50s"),
        ("50多岁的人", "people in their fifties"),
        ("五十多岁", "over fifty years old"),
        ("体温超过38.5℃", "a temperature above 38.5 °C"),
        ("体温超过38℃", "a temperature above 100.4 °F"),
        ("体温超过38.5℃（101.3°F）", "a temperature above 38.5 °C (101.3 °F)"),
        ("半片", "half a tablet"),
        ("半小时", "half an hour"),
        ("半小时", "30 minutes"),
        ("一个半小时", "one and a half hours"),
        ("一个半小时", "90 minutes"),
        ("两个半月", "two and a half months"),
        ("半年", "six months"),
        ("半年", "half a year"),
        ("三个月", "three months"),
        ("每三个月复查一次", "check every three months"),
        ("两周", "a fortnight"),
        ("14天", "two weeks"),
        ("5毫升", "5 ml"),
        ("5毫升", "5 mL"),
        ("0.5克", "500 mg"),
        ("500微克", "0.5 mg"),
        ("5毫克/公斤", "5 mg/kg"),
        ("每公斤体重5毫克", "5 mg per kg"),
        ("血糖7.0 mmol/L", "blood sugar 7.0 mmol/L"),
        ("血糖高于11.1毫摩尔/升", "blood sugar above 11.1 mmol/L"),
        ("血压140/90 mmHg", "blood pressure 140/90 mmHg"),
        ("白细胞4×10⁹/L", "white cells 4 × 10^9/L"),
        ("1，000毫克", "1,000 mg"),
        ("1000毫克", "1,000 mg"),
        ("１２３例", "123 cases"),
        ("电话：010-12345678", "Phone: 010-12345678"),
        ("电话：010-12345678", "Phone: +86 10 12345678"),
        ("请拨打12345678901", "call 12345678901"),
        ("三叉神经痛", "trigeminal neuralgia"),
        ("二甲双胍", "metformin"),
        ("十二指肠溃疡", "duodenal ulcer"),
        ("第一步", "The first step"),
        ("第三次", "the third time"),
        ("2型糖尿病", "type 2 diabetes"),
        ("维生素B12", "vitamin B12"),
        ("腰4–5椎间盘", "L4–5 disc"),
        ("L4-5", "L4/5"),
        ("新冠肺炎", "COVID-19"),
        ("PM2.5", "PM2.5"),
        ("双侧膝关节", "both knees"),
        ("两侧膝关节", "bilateral knees"),
        ("两者都可以", "both are fine"),
        ("一般来说", "in general"),
        ("万一发热", "in case of fever"),
        ("十分疼痛", "very painful"),
        ("统一", "unified"),
        ("四肢无力", "weak arms and legs"),
        ("五官科", "ENT department"),
        ("一些人", "some people"),
        ("一种药", "a drug"),
        ("一天一次", "once a day"),
        ("一天一次", "daily"),
        ("每晚一次", "nightly"),
        ("每天", "every day"),
        ("每周", "weekly"),
        ("每月一次", "monthly"),
        ("两三天", "two or three days"),
        ("三五天", "three to five days"),
        ("三到五天", "3-5 days"),
        ("3至5天", "three to five days"),
        ("5~10分钟", "5–10 minutes"),
        ("下午3点", "3 pm"),
        ("15:30", "3:30 pm"),
        ("上午9时30分", "9:30 am"),
        ("参考文献[12]", "reference [12]"),
        ("增加两倍", "threefold increase"),
        ("两倍", "twofold"),
        ("增加了1倍", "doubled"),
        ("十多年", "more than ten years"),
        ("三十多年", "more than 30 years"),
        ("60岁以上", "over 60"),
        ("60岁以上", "people aged 60 or more"),
        ("千分之五", "0.5%"),
        ("5‰", "0.5%"),
        ("千万不要自己停药", "never stop the medicine yourself"),
        ("百日咳", "whooping cough"),
        ("百分比", "percentage"),
        ("约1/3", "about one third"),
        ("每10万人中有5人", "5 per 100,000 people"),
        ("第2天", "day 2"),
        ("术后第3天", "the third day after surgery"),
        ("2022年至2023年", "2022 to 2023"),
        ("3月至5月", "March to May"),
        ("每周3~5次，每次30分钟", "3 to 5 times a week, 30 minutes each"),
        ("心率60次/分", "a heart rate of 60 beats per minute"),
        ("每分钟60～100次", "60–100 beats per minute"),
        ("12个月", "a year"),
        ("第12胸椎", "the 12th thoracic vertebra"),
        ("三阶梯", "three-step ladder"),
        ("一、二阶梯药物", "drugs of steps one and two"),
        ("四大类", "four groups"),
        ("5月", "May"),
        ("可能在5月", "It may be in May"),
        ("9月1日", "1 September"),
        ("星期三", "Wednesday"),
        ("双十一", "Singles' Day"),
        ("二手烟", "second-hand smoke"),
        ("高血压3级", "grade 3 hypertension"),
        ("Ⅲ期", "stage III"),
        ("三期", "phase III"),
        ("多次", "many times"),
        ("几天", "a few days"),
        ("几周", "several weeks"),
        ("0.9%氯化钠", "0.9% sodium chloride"),
        ("2%利多卡因5ml", "5 ml of 2% lidocaine"),
        ("1:1000", "1:1000"),
        ("用药7天", "take it for 7 days"),
        ("用药7日", "take it for seven days"),
        ("一周", "7 days"),
        ("成千上万的人", "thousands of people"),
        ("上百人", "over a hundred people"),
        ("数十年", "decades"),
        ("几十年", "decades"),
        ("二三十岁", "in their twenties and thirties"),
        ("上升了0.9个百分点", "up 0.9 percentage points"),
        ("下午三点半", "half past three"),
        ("上午十时", "at ten in the morning"),
        ("晚上十一点", "11 p.m."),
        ("北京时间20时", "8 p.m. Beijing time"),
        ("六点", "six points"),
        ("中午12点", "at noon"),
        ("第七十五届", "the seventy-fifth session"),
        ("千分之93", "93 per thousand"),
        ("万分之四", "4 in 10,000"),
        ("<1/10000", "<1/10,000"),
        ("两打鸡蛋", "two dozen eggs"),
        ("半打", "half a dozen"),
        ("二十五万", "a quarter of a million"),
        ("一百五十万", "one and a half million"),
        ("12亿5000万", "1.25 billion"),
        ("30亿美元", "$3bn"),
        ("三十出头", "in his early thirties"),
        ("十几岁", "in his teens"),
        ("十七八岁", "seventeen or eighteen"),
        ("得了95分", "scored 95"),
        ("路易十六", "Louis XVI"),
        ("二十世纪六七十年代", "the 1960s and 70s"),
        ("18、19世纪", "the 18th and 19th centuries"),
        ("一个半小时", "an hour and a half"),
        ("半个小时", "half an hour"),
        ("一刻钟", "a quarter of an hour"),
        ("1小时30分", "an hour and a half"),
        ("15天以上", "15 or more days"),
        ("再过两周", "two more weeks"),
        ("两个多星期", "over two weeks"),
        ("近十年来", "over the past decade"),
        ("半个世纪", "half a century"),
        ("30 kb", "30,000 bases"),
        ("37度", "37 °C"),
        ("5平方公里", "5 km²"),
        ("2000平米", "a 2,000-sq-metre lab"),
        ("每秒3米", "3 m/s"),
        ("220伏", "220 V"),
        ("七八成", "70 to 80 per cent"),
        ("打七折", "30% off"),
        ("十倍", "tenfold"),
        ("1.8倍", "1.8-fold"),
        ("每三个月一次", "quarterly"),
        ("每半年一次", "twice a year"),
        ("早晚各一次", "twice a day"),
        ("起拍价", "the opening bid"),
        ("9秒58", "9.58 seconds"),
        ("每24秒就有一人", "one every 24 seconds"),
        ("每减1公斤", "for every kilogram lost"),
        ("一百零二岁", "a hundred and two"),
        ("约四成为复诊", "about 40% are follow-up"),
        ("28天，其中隔离14天", "28 days, 14 of them in quarantine"),
        ("L4/5和L5/S1", "L4/5 and L5/S1"),
        ("7天（范围4–8天）", "7 days (range 4–8)"),
        ("2019冠状病毒病", "COVID-19"),
        ("四肢", "limbs"),
        ("四肢", "the four limbs"),
        ("四面八方", "all directions"),
        ("24小时", "round the clock"),
        ("一个月一两次", "twice a month"),
        ("三分之一至一半", "a third to a half"),
        ("三四百人", "three to four hundred people"),
        ("半衰期为12小时", "a half-life of 12 hours"),
        ("在过去二十年中", "in the past two decades"),
        ("伊朗、韩国和意大利三国", "Iran, South Korea and Italy"),
        ("20世纪30年代", "the thirties"),
        ("20世纪30年代", "the 1930s"),
        ("30年代", "the 1930s"),
        ("1-800-232-4636", "1-800-232-4636"),
        ("+1 202-501-4444", "+1 202-501-4444"),
        ("十多天", "more than ten days"),
        ("百年一遇", "once in a century"),
        ("大约38度5", "about 38.5 degrees"),
        ("最大单日跌幅", "its biggest one-day drop"),
        ("从15天缩短至11天", "from 15 days to 11"),
        ("两张单程票", "two one-way tickets"),
    ],
)
def test_the_same_value_is_no_difference_however_it_is_written(chinese: str, english: str) -> None:
    assert found(chinese, english) == []


# What does not --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chinese", "english", "finding"),
    [
        ("每次25毫克", "25 g each time", ("B004", "25毫克", "25 g")),
        ("每次25毫克", "250 mg each time", ("B001", "25毫克", "250 mg")),
        ("25 mg", "2.5 mg", ("B001", "25 mg", "2.5 mg")),
        ("每日两次", "three times a day", ("B001", "每日两次", "three times a day")),
        ("每日两次", "twice a week", ("B001", "每日两次", "twice a week")),
        ("隔日一次", "daily", ("B001", "隔日一次", "daily")),
        ("每8小时一次", "every 6 hours", ("B001", "每8小时一次", "every 6 hours")),
        ("10%～20%", "10%", ("B002", "20%", "")),
        ("80%", "18%", ("B001", "80%", "18%")),
        ("80%", "80", ("B004", "80%", "80")),
        ("八成", "80 people", ("B001", "八成", "80")),
        ("三分之一", "two thirds", ("W001", "三分之一", "two thirds")),
        ("10万人", "10,000 people", ("W001", "10万", "10,000")),
        ("伊朗、韩国和意大利五国", "Iran, South Korea and Italy", ("W002", "五", "")),
        ("从15天缩短至11周", "from 15 days to 11", ("B004", "11周", "11")),
        ("十多天", "more than ten weeks", ("W001", "十多天", "ten weeks")),
        ("19世纪30年代", "the 1930s", ("W001", "19世纪30年代", "1930s")),
        ("1.5亿人", "15 million people", ("W001", "1.5亿", "15 million")),
        ("2018年3月5日", "5 May 2018", ("W001", "3", "May")),
        ("2018年3月5日", "6 March 2018", ("W001", "5日", "6")),
        ("2018年", "2019", ("W001", "2018", "2019")),
        ("14天", "14 weeks", ("B004", "14天", "14 weeks")),
        ("两周", "two months", ("B004", "两周", "two months")),
        ("38.5℃", "35.8 °C", ("W001", "38.5℃", "35.8 °C")),
        ("5毫升", "5 L", ("B004", "5毫升", "5 L")),
        ("5毫升", "5 mg", ("B004", "5毫升", "5 mg")),
        ("半片", "two tablets", ("B001", "半片", "two tablets")),
        ("两片", "four tablets", ("B001", "两片", "four tablets")),
        ("2粒", "3 capsules", ("B001", "2粒", "3 capsules")),
        ("2滴", "2 ml", ("B004", "2滴", "2 ml")),
        ("010-12345678", "010-12345679", ("B001", "010-12345678", "010-12345679")),
        ("60岁", "16 years", ("W001", "60岁", "16 years")),
        ("三次", "five times", ("W001", "三", "five")),
        ("L4-5", "L5-6", ("W001", "L4-5", "L5-6")),
        ("第二天就诊", "see a doctor the next week", ("W001", "第二天", "next week")),
        ("三十多年", "more than thirteen years", ("W001", "三十多年", "thirteen years")),
        ("数十种", "a dozen", ("W003", "", "a dozen")),
        ("几天", "a few weeks", ("W001", "几天", "few weeks")),
        ("500微克", "500 mg", ("B004", "500微克", "500 mg")),
        ("0.5克", "5 g", ("B001", "0.5克", "5 g")),
        ("每周三次", "three times a day", ("B001", "每周三次", "three times a day")),
        ("100万", "100 million", ("W001", "100万", "100 million")),
        ("1,000毫克", "1.000 mg", ("B001", "1,000毫克", "1.000 mg")),
        ("每公斤5毫克", "5 g per kg", ("B004", "每公斤5毫克", "5 g per kg")),
        ("下午三点半", "half past four", ("W001", "下午三点半", "half past four")),
        ("半天内", "within half an hour", ("B004", "半天", "half an hour")),
        ("一天内", "within a week", ("B001", "一天", "a week")),
        ("第七十五届", "the seventy-sixth session", ("W001", "第七十五", "seventy-sixth")),
        ("两打", "three dozen", ("W001", "两打", "three dozen")),
        ("30 kb", "30 bases", ("B004", "30 kb", "30 bases")),
        ("5平方公里", "5 km", ("B004", "5平方公里", "5 km")),
        ("7天（范围4–8天）", "7 days (range 4–9)", ("W001", "8天", "9")),
    ],
)
def test_another_value_is_found(chinese: str, english: str, finding: tuple[str, str, str]) -> None:
    assert found(chinese, english) == [finding]


@pytest.mark.parametrize(
    ("chinese", "english", "level"),
    [
        ("25毫克", "52 mg", "blocker"),
        ("5毫升", "6 ml", "blocker"),
        ("两片", "four tablets", "blocker"),
        ("80%", "18%", "blocker"),
        ("每日两次", "three times a day", "blocker"),
        ("010-12345678", "010-12345679", "blocker"),
        ("25毫克", "25 g", "blocker"),
        ("14天", "14 weeks", "blocker"),
        ("14天", "15 days", "warning"),
        ("三种药", "four drugs", "warning"),
        ("2018年", "2019", "warning"),
    ],
)
def test_a_dose_a_percentage_a_unit_and_a_telephone_number_block(chinese: str, english: str, level: str) -> None:
    assert [one.level for one in numbers.check(pair(chinese, english))] == [level]


def test_it_works_from_english_into_chinese_too() -> None:
    (one,) = numbers.check(pair("每次25克", "25 mg each time", source="en"))
    assert (one.id, one.words) == ("B004", {"source": "25 mg", "target": "25克"})
    assert (one.source, one.target) == ((0, 5), (2, 5))


def test_a_finding_says_where_in_both_texts() -> None:
    chinese, english = "可的松 25 毫克，隔日一次。", "Cortisone 25 g every other day."
    (one,) = numbers.check(pair(chinese, english))
    assert one.source is not None
    assert one.target is not None
    assert chinese[slice(*one.source)] == "25 毫克"
    assert english[slice(*one.target)] == "25 g"


def test_what_is_only_in_one_text_has_a_place_only_there() -> None:
    assert [(one.id, one.source, one.target) for one in numbers.check(pair("共 30 例患者。", "Patients."))] == [
        ("W002", (2, 4), None)
    ]
    assert [(one.id, one.source, one.target) for one in numbers.check(pair("患者。", "30 patients."))] == [
        ("W003", None, (0, 2))
    ]


def test_paragraphs_are_compared_one_by_one_where_both_texts_have_as_many() -> None:
    assert found("早上5毫克。\n晚上10毫克。", "10 mg in the morning.\n5 mg at night.") == [
        ("B001", "5毫克", "10 mg"),
        ("B001", "10毫克", "5 mg"),
    ]
    assert found("早上5毫克。\n晚上10毫克。", "At night 10 mg, in the morning 5 mg.") == []


def test_a_repetition_is_no_difference_unless_it_is_a_dose() -> None:
    assert found("3月5日至3月8日", "5 to 8 March") == []
    assert found("早25毫克，晚25毫克", "25 mg in the morning") == [("B002", "25毫克", "")]


def test_what_is_rich_is_read_without_its_markup_and_placed_in_it() -> None:
    chinese, english = "<p>每次<strong>25</strong>&nbsp;毫克。</p>", "<p>Take <strong>25</strong> g.</p>"
    (one,) = numbers.check(pair(chinese, english, rich=True))
    assert one.source is not None
    assert one.target is not None
    assert chinese[slice(*one.source)] == "25</strong>&nbsp;毫克"
    assert english[slice(*one.target)] == "25</strong> g"


def test_each_quantity_answers_for_one() -> None:
    two, two_more = quantity(0, 1, Fraction(2)), quantity(3, 4, Fraction(2))
    assert numbers.unmatched([two, two_more], [two]) == ([two_more], [])
