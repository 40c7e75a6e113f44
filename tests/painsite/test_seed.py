from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import translation
from reversion.models import Version

from articles.models import Article, ArticleMisconception, Misconception, Topic
from glossary.models import Comparison, Term
from painsite.management.commands.seed import ACCOUNTS
from painsite.roles import StaffRole
from publishing.models import Document, Edition, State
from tests.factories import publish, staff, withdraw

pytestmark = pytest.mark.django_db

REFERENCES = "references:\n  - citation: {zh-hans: 出处, en: Source}\n    claim: {zh-hans: 定义, en: Definition}\n"
FILES = {
    # By name, the topic below comes before the one that it belongs under.
    "articles/seed/topics/below.yaml": """\
facet: course
parent: over
name: {zh-hans: 下, en: Below}
summary: {zh-hans: 下。, en: Below.}
""",
    "articles/seed/topics/over.yaml": """\
facet: course
name: {zh-hans: 上, en: Over}
summary: {zh-hans: 上。, en: Over.}
""",
    "glossary/seed/terms/block.yaml": """\
category: procedure
name: {zh-hans: 阻滞, en: block}
definition: {zh-hans: 阻断。, en: It blocks.}
explanation: {zh-hans: 阻断神经。, en: It blocks nerves.}
names:
  - {language: zh-hans, text: 打封闭, status: forbidden}
see_also: [closure]
""",
    "glossary/seed/terms/closure.yaml": """\
category: procedure
name: {zh-hans: 封闭, en: closure}
definition: {zh-hans: 注射。, en: It is injected.}
explanation: {zh-hans: 注射普鲁卡因。, en: Procaine is injected.}
see_also: [block]
""",
    "glossary/seed/comparisons/both.yaml": """\
first: closure
second: block
title: {zh-hans: 二者, en: Both}
introduction: {zh-hans: 不同。, en: They differ.}
rows:
  - aspect: {zh-hans: 部位, en: Place}
    first: {zh-hans: 痛点, en: The sore spot}
    second: {zh-hans: 神经, en: The nerve}
conclusion: {zh-hans: 不同。, en: They differ.}
""",
    "articles/seed/misconceptions/first.yaml": f"""\
question: {{zh-hans: 一样吗？, en: "Are they the same?"}}
misconception: {{zh-hans: 一样。, en: They are the same.}}
verdict: "false"
fact: {{zh-hans: 不一样。, en: They are not.}}
explanation: {{zh-hans: 都打针。, en: Both use a needle.}}
advice: {{zh-hans: 问医生。, en: Ask your doctor.}}
topics: [over]
terms: [block, closure]
{REFERENCES}""",
    "articles/seed/articles/about.yaml": f"""\
kind: procedure
title: {{zh-hans: 关于, en: About}}
summary: {{zh-hans: 关于。, en: About it.}}
body: {{zh-hans: 正文。, en: The text.}}
topics: [over, below]
misconceptions: [first]
comparisons: [both]
related: [again]
{REFERENCES}""",
    "articles/seed/articles/again.yaml": f"""\
kind: procedure
title: {{zh-hans: 再说, en: Again}}
summary: {{zh-hans: 再说。, en: Again.}}
body: {{zh-hans: 正文。, en: The text.}}
topics: [below]
related: [about]
{REFERENCES}""",
}
KINDS: list[type[Document]] = [Topic, Term, Comparison, Misconception, Article]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def seed(folder: Path, *arguments: str) -> str:
    said = StringIO()
    call_command("seed", "--folder", folder, *arguments, stdout=said)
    return said.getvalue()


def rows() -> dict[str, list[Any]]:
    """Every row of every table of the project, and the accounts."""
    models = [
        model
        for app in ("publishing", "glossary", "articles", "reversion", "auth")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def test_everything_is_loaded_and_published_in_both_languages_by_the_accounts(folder: Path) -> None:
    assert seed(folder) == "8 documents loaded, 0 were there already.\n"

    for model in KINDS:
        for document in model._default_manager.all():
            live = Edition.objects.of(document).live()
            assert sorted(live.values_list("language", "number")) == [("en", 1), ("zh-hans", 1)]
    article = Article.objects.get(slug="about")
    chinese, english = (article.editions.get(language=code) for code in ("zh-hans", "en"))
    assert english.source_edition == chinese
    who = [(event.kind, event.by.username) for event in english.events.select_related("by")]
    assert who == [
        ("submitted", "translator"),
        ("signed", "linguist"),
        ("signed", "doctor"),
        ("published", "publisher"),
    ]
    assert [event.by.username for event in chinese.events.all()] == ["editor", "doctor", "publisher"]
    below = Topic.objects.get(slug="below")
    assert below.parent == Topic.objects.get(slug="over")
    assert [topic.slug for topic in article.topics.order_by("slug")] == ["below", "over"]
    assert ArticleMisconception.objects.get().article == article
    assert article.related.get().related.get() == article


def test_the_accounts_hold_their_roles_and_cannot_log_in_until_they_have_a_password(folder: Path) -> None:
    seed(folder, "--doctor", "dr-wang")
    users = get_user_model().objects.all()
    assert sorted(user.username for user in users) == ["dr-wang", "editor", "linguist", "publisher", "translator"]
    assert not any(user.has_usable_password() for user in users)
    doctor = users.get(username="dr-wang")
    assert doctor.is_staff
    assert [group.name for group in doctor.groups.all()] == [StaffRole.MEDICAL_REVIEWER.group_name]
    assert {name: len(roles) for name, roles in ACCOUNTS.items()}["translator"] == 2


def test_an_account_that_is_there_is_taken_as_it_is(folder: Path) -> None:
    editor = staff(StaffRole.EDITOR)
    seed(folder, "--editor", editor.username)
    editor.refresh_from_db()
    assert editor.has_usable_password()
    assert Edition.objects.filter(author=editor, language="zh-hans").count() == 8


def test_running_it_twice_changes_nothing(folder: Path) -> None:
    seed(folder)
    before = rows()
    assert seed(folder) == "0 documents loaded, 8 were there already.\n"
    assert rows() == before


def test_running_it_again_overwrites_no_edit_whatever_was_edited(folder: Path) -> None:
    seed(folder)
    drafted: Any = Article.objects.get(slug="about")
    drafted.title_en, drafted.body_zh_hans = "Edited", "<p>改过了。</p>"
    drafted.save()
    drafted.references.all().delete()
    moved: Any = Article.objects.get(slug="again")
    moved.slug = "somewhere-else"
    moved.save()
    publish(moved, "zh-hans")
    withdrawn = Edition.objects.of(Term.objects.get(slug="block")).live("en").get()
    withdraw(withdrawn)
    emptied: Any = Term.objects.get(slug="closure")
    emptied.name_en = None
    emptied.save()
    before = rows()

    assert seed(folder) == "0 documents loaded, 8 were there already.\n"

    assert rows() == before
    withdrawn.refresh_from_db()
    assert withdrawn.state == State.WITHDRAWN


def test_a_file_that_came_later_is_loaded_and_finds_what_was_moved(folder: Path) -> None:
    for name in ("topics/below", "articles/about"):
        (folder / f"articles/seed/{name}.yaml").rename(folder / Path(name).name)
    (folder / "articles/seed/articles/again.yaml").write_text(
        FILES["articles/seed/articles/again.yaml"].replace("[below]", "[over]").replace("related: [about]\n", ""),
        encoding="utf-8",
    )
    seed(folder)
    over, again = Topic.objects.get(slug="over"), Article.objects.get(slug="again")
    for document in (over, again):
        document.slug = f"{document.slug}-moved"
        document.save()
    for name in ("topics/below", "articles/about"):
        (folder / Path(name).name).rename(folder / f"articles/seed/{name}.yaml")

    assert seed(folder) == "2 documents loaded, 6 were there already.\n"

    assert Topic.objects.get(slug="below").parent == over
    assert Article.objects.get(slug="about").related.get() == again


def test_drafts_alone_are_loaded_when_asked_and_left_to_people(folder: Path) -> None:
    assert seed(folder, "--drafts") == "8 documents loaded, 0 were there already.\n"
    assert Article.objects.count() == 2
    assert not Edition.objects.exists()
    assert seed(folder) == "0 documents loaded, 8 were there already.\n"
    assert not Edition.objects.exists()


def test_the_first_draft_can_be_brought_back(folder: Path) -> None:
    seed(folder)
    for document in Article.objects.all():
        version = Version.objects.get_for_object(document).get()
        assert version.field_dict["slug"] == document.slug
        assert version.revision.version_set.filter(content_type=version.content_type).count() == 1
        models = {kept.content_type.model for kept in version.revision.version_set.all()}
        assert {"article", "articlereference"} <= models


MISTAKES = {
    "unreadable": ("articles/seed/articles/about.yaml", "kind:", "kin:", 1, "article has no “kin”"),
    "unknown document": ("glossary/seed/terms/block.yaml", "[closure]", "[cloture]", 7, "there is no term “cloture”"),
    "refused by the model": (
        "articles/seed/topics/below.yaml",
        "facet: course",
        "facet: source",
        2,
        "parent: It belongs to another facet.",
    ),
    "the same twice": ("glossary/seed/comparisons/both.yaml", "first: closure", "first: block", 2, "second: Choose"),
    "a loop": (
        "articles/seed/topics/over.yaml",
        "facet: course\n",
        "facet: course\nparent: over\n",
        2,
        "a topic cannot stand under itself",
    ),
    "refused by the gate": (
        "articles/seed/articles/again.yaml",
        REFERENCES,
        "",
        1,
        "",
    ),
}


@pytest.mark.parametrize(("name", "there", "mistake", "line", "reason"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_stops_it_with_file_line_and_reason_and_nothing_is_loaded(
    name: str, there: str, mistake: str, line: int, reason: str, folder: Path
) -> None:
    before = rows()
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(there, mistake), encoding="utf-8")
    with pytest.raises(CommandError) as stopped:
        seed(folder)
    assert str(stopped.value).startswith(f"{path}:{line}: {reason}")
    assert str(stopped.value).endswith("\nNothing was loaded.")
    assert rows() == before


def test_a_folder_without_seeds_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such folder"):
        seed(tmp_path)
