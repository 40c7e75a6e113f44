import pytest

from publishing import repairing
from publishing.gate import Repair
from tests.factories import ArticleFactory, WarningFactory

NEEDLE = Repair("closed needle", "closure therapy")


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("A closed needle.", "A closure therapy."),
        ("Closed needle, closed  needle.", "Closure therapy, closure therapy."),
        ("An enclosed needle; closed needles.", "An enclosed needle; closed needles."),
        ("Nothing.", "Nothing."),
    ],
)
def test_words_of_their_own_are_replaced_and_a_capital_stays(text: str, mended: str) -> None:
    assert repairing.replace(text, NEEDLE) == mended


def test_of_rich_text_only_the_text_is_replaced() -> None:
    html = '<p><a href="/closed needle/">Closed&nbsp;needle</a> closed <strong>needle</strong></p>'
    mended = '<p><a href="/closed needle/">Closure therapy</a> closed <strong>needle</strong></p>'
    assert repairing.replace(html, NEEDLE, is_rich=True) == mended


def test_what_is_written_is_escaped() -> None:
    assert repairing.replace("<p>a &lt; b</p>", Repair("a < b", "b & c"), is_rich=True) == "<p>b &amp; c</p>"


def test_chinese_has_no_spaces_around_a_word() -> None:
    assert repairing.replace("打封堵针。", Repair("封堵", "封闭")) == "打封闭针。"


@pytest.mark.django_db
def test_a_part_of_the_draft_is_mended_in_one_language() -> None:
    article = ArticleFactory.create(body_en="<p>A closed needle.</p>", summary_en="A closed needle.")
    assert repairing.apply(article, "en", "body", NEEDLE)
    article.refresh_from_db()
    assert (article.body_en, article.summary_en) == ("<p>A closure therapy.</p>", "A closed needle.")
    assert article.version == 1
    assert not repairing.apply(article, "en", "body", NEEDLE)
    assert article.version == 1


@pytest.mark.django_db
def test_so_is_a_row_of_it() -> None:
    warning = WarningFactory.create(text_en="Closed needle: call.")
    assert repairing.apply(warning.article, "en", f"warnings.{warning.pk}.text", NEEDLE)
    warning.refresh_from_db()
    warning.article.refresh_from_db()
    assert (warning.text_en, warning.article.version) == ("Closure therapy: call.", 1)
