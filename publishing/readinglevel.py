"""How hard a text is to read: measures of plain text, a paragraph a line. Pure: imports no model and runs no query.

English: the Flesch-Kincaid grade by the package `readability`, which estimates syllables. Over 681 patient leaflets of
MedQuAD its grade is .5 below the grade by the syllables of the CMU Pronouncing Dictionary (mean difference .56; nine in
ten lie above 7), and the two fall on different sides of grade 8 in 5 % of them.

Chinese: the mean length of a sentence in characters, without punctuation, and the share of words that are not among the
20,000 most common. What is common is read from the word frequencies of jieba's dictionary, 349,045 words counted in 60
million, as the package `rjieba` (MIT) ships it: the 20,000th was counted 260 times, and those before it make up 90 % of
the count. The list is dated, so that newer words count as uncommon; over 919 Chinese articles on health it ranks texts
much as wordfreq's list does (Spearman's rho .75), which is kept up no more and needs jieba besides.
"""

import re
from collections import Counter

import readability
import rjieba

# A grade or a share of fewer words says little, and so does a mean of fewer sentences.
ENOUGH_WORDS = 100
ENOUGH_SENTENCES = 3

COMMON_WORDS = 20_000
_FREQUENCY_OF_THE_LAST_COMMON_WORD = 260

_ENGLISH_SENTENCE = re.compile(
    r"""\S [^\n]*? (?: [.!?]+ ["”’)\]]* (?= \s+ ["“‘(\[]* [A-Z0-9] ) | $ )""", re.VERBOSE | re.MULTILINE
)
_CHINESE_SENTENCE = re.compile(r"[^\n。！？!?…]+[。！？!?…]*[”’」』）)]*")
_ENGLISH_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_CHARACTER = re.compile(r"[^\W_]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def is_chinese(language: str) -> bool:
    return language.startswith("zh")


def sentences(text: str, language: str) -> list[str]:
    """A line ends a sentence too: a heading or an item of a list has no full stop."""
    pattern = _CHINESE_SENTENCE if is_chinese(language) else _ENGLISH_SENTENCE
    found = (match[0].strip() for match in pattern.finditer(text))
    return [sentence for sentence in found if _CHARACTER.search(sentence)]


def length(text: str, language: str) -> int:
    """In words; of Chinese in characters, without punctuation."""
    pattern = _CHARACTER if is_chinese(language) else _ENGLISH_WORD
    return len(pattern.findall(text))


def mean_sentence(text: str, language: str) -> float | None:
    """None where there are too few sentences to say."""
    lengths = [length(sentence, language) for sentence in sentences(text, language)]
    return sum(lengths) / len(lengths) if len(lengths) >= ENOUGH_SENTENCES else None


def grade(text: str) -> float | None:
    """The school grade, as Flesch and Kincaid, of an English text; None where it is too short to say."""
    if length(text, "en") < ENOUGH_WORDS:
        return None
    # One sentence a line, blanks between words, and small letters: the package takes a capital for a consonant.
    lines = (" ".join(_ENGLISH_WORD.findall(sentence)).lower() for sentence in sentences(text, "en"))
    measures = readability.getmeasures("\n".join(lines), lang="en")
    return float(measures["readability grades"]["Kincaid"])


def uncommon_words(text: str) -> tuple[float, list[str]] | None:
    """Of a Chinese text, the share of words that are not common, and these, the most frequent in the text first.

    None where it is too short to say. Without jieba's guesses at unknown words, which would be uncommon by definition.
    """
    words = [word for word in rjieba.cut(text, hmm=False) if _HAN.search(word)]
    if len(words) < ENOUGH_WORDS:
        return None
    uncommon = Counter(word for word in words if not is_common(word))
    return uncommon.total() / len(words), [word for word, _count in uncommon.most_common()]


def is_common(word: str) -> bool:
    # For a word of the dictionary, `suggest_freq` is how often it was counted.
    return rjieba.suggest_freq(word) >= _FREQUENCY_OF_THE_LAST_COMMON_WORD
