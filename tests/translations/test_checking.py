import pytest

from tests.factories import ArticleFactory, TermFactory, publish_all
from translations import checking
from translations.models import Translation

pytestmark = pytest.mark.django_db


def found(source: str, target: str, *, is_rich: bool = False) -> list[str]:
    article = ArticleFactory()
    work = Translation.objects.get(object_id=article.pk, title=article.title_zh_hans)
    known = checking.glossary(work.source_language, work.language)
    return [one.id for one in checking.findings(work, source, target, is_rich=is_rich, known=known)]


def test_a_text_is_checked_in_the_languages_of_its_translation() -> None:
    assert found("每次 25 mg。", "25 g each time.") == ["B004"]
    assert found("<p>每次 25 mg。</p>", "<p>25 mg each time.</p>", is_rich=True) == []


def test_live_terms_of_the_source_are_looked_for_under_their_names_in_the_other_language() -> None:
    publish_all(TermFactory(name_zh_hans="臭氧注射", name_en="ozone injection"))
    assert found("做臭氧注射。", "Have an injection.") == ["W007"]
    assert found("做臭氧注射。", "Have an ozone injection.") == []
