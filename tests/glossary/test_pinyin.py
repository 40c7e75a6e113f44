import pytest

from glossary.pinyin import pinyin


@pytest.mark.parametrize(
    ("name", "corrected", "said"),
    [
        ("神经阻滞", "", "shén jīng zǔ zhì"),
        ("PCEA 泵", "", "PCEA  bèng"),
        ("出血", "chū xuè", "chū xuè"),
    ],
)
def test_a_name_is_said_with_tone_marks(name: str, corrected: str, said: str) -> None:
    assert pinyin(name, corrected).split() == said.split()
