import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import translation as languages

from painsite.roles import StaffRole
from tests.factories import ArticleFactory, TermFactory, WarningFactory, publish_all, staff
from tests.translations import xliff_rules
from tests.translations.exchanged import exported, opened, untranslated, xliff
from translations import acts
from translations.models import Translation, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with languages.override("en"):
        yield


@pytest.fixture
def article() -> Any:
    return untranslated()


def test_an_xliff_of_every_kind_of_document_keeps_to_the_standard(article: Any) -> None:
    WarningFactory(article=article)
    acts.comment_on(Unit.objects.get(key="body"), by=staff(StaffRole.TRANSLATOR_EN), text="25 mg?")
    publish_all(TermFactory(name_zh_hans="饭后", name_en="after meals", slug="after"))
    content = exported("xliff")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert sorted(packed.namelist()) == ["article-pain.en.xlf", "term-after.en.xlf"]
        for name in packed.namelist():
            assert xliff_rules.errors(packed.read(name)) == []
        text = packed.read("article-pain.en.xlf").decode()
    assert "<note>translator-en: 25 mg?</note>" in text
    assert "<gls:term>饭后</gls:term>\n<gls:translation>after meals</gls:translation>" in text
    assert len(opened(content)) == 2


def test_the_command_writes_one_file_a_document_into_a_folder_or_a_zip(article: Any, tmp_path: Path) -> None:
    ArticleFactory(slug="ache", references=0)
    xliff("export", tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["article-ache.en.xlf", "article-pain.en.xlf"]
    xliff("export", tmp_path / "all.zip", "--language", "en")
    with zipfile.ZipFile(tmp_path / "all.zip") as made:
        assert sorted(made.namelist()) == ["article-ache.en.xlf", "article-pain.en.xlf"]
    said = "Texts: 0 translated, 0 confirmed, 0 kept as suggestions, 0 not taken, 6 as they were.\n"
    assert xliff("import", *sorted(tmp_path.glob("*.xlf")), "--dry-run").startswith(said)


def test_the_command_chooses_from_the_queue(article: Any, tmp_path: Path) -> None:
    other: Any = ArticleFactory(slug="ache", references=0)
    other.title_zh_hans = "疼"
    other.save()
    Translation.objects.filter(object_id=other.pk).update(assignee=staff(StaffRole.TRANSLATOR_EN))

    def names(*options: str) -> list[str]:
        xliff("export", tmp_path, *options)
        found = [file.name for file in tmp_path.iterdir()]
        for file in tmp_path.iterdir():
            file.unlink()
        return found

    assert names("--outdated") == ["article-ache.en.xlf"]
    assert names("--untranslated") == ["article-pain.en.xlf"]
    assert names("--assignee", staff(StaffRole.TRANSLATOR_EN).username) == ["article-ache.en.xlf"]
    for options, reason in (
        (["--language", "zh-hans"], "There is nothing of the kind to export"),
        (["--assignee", "nobody"], "There is no user “nobody”"),
        (["article/gain"], "There is no document “article/gain”"),
    ):
        with pytest.raises(CommandError, match=reason):
            xliff("export", tmp_path, *options)
