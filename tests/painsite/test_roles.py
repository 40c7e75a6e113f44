import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection

from articles.models import Article
from painsite.roles import StaffRole, sync_groups
from publishing.models import Document, Edition
from tests.factories import UserFactory, staff


def permissions(group: Group) -> set[str]:
    return {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}


@pytest.mark.parametrize("role", StaffRole)
def test_migrating_makes_each_group_with_exactly_its_permissions(db: None, role: StaffRole) -> None:
    assert permissions(role.group()) == role.permissions


def test_there_are_no_other_groups(db: None) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {role.group_name for role in StaffRole}


def test_a_group_that_was_changed_by_hand_is_put_right(db: None) -> None:
    group = StaffRole.PUBLISHER.group()
    group.permissions.set([Permission.objects.get(codename="sign_medical")])
    StaffRole.EDITOR.group().delete()
    sync_groups()
    assert permissions(group) == StaffRole.PUBLISHER.permissions
    assert permissions(StaffRole.EDITOR.group()) == StaffRole.EDITOR.permissions


def test_members_stay_in_their_group(db: None) -> None:
    editor = staff(StaffRole.EDITOR)
    sync_groups()
    assert list(editor.groups.all()) == [StaffRole.EDITOR.group()]


def test_a_group_of_the_hospitals_own_is_left_alone(db: None) -> None:
    own = Group.objects.create(name="药房")
    own.permissions.set([Permission.objects.get(codename="view_article")])
    sync_groups()
    assert permissions(own) == {"articles.view_article"}


WORKFLOW = {f"publishing.{codename}" for codename, _name in Edition._meta.permissions}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (StaffRole.EDITOR, {"submit_zh_hans", "submit_en"}),
        (StaffRole.MEDICAL_REVIEWER, {"sign_medical"}),
        (StaffRole.TRANSLATOR_EN, {"submit_en"}),
        (StaffRole.TRANSLATOR_ZH_HANS, {"submit_zh_hans"}),
        (StaffRole.LANGUAGE_REVIEWER_EN, {"sign_language_en"}),
        (StaffRole.LANGUAGE_REVIEWER_ZH_HANS, {"sign_language_zh_hans"}),
        (StaffRole.PUBLISHER, {"publish", "withdraw"}),
        (StaffRole.ADMINISTRATOR, set()),
    ],
)
def test_what_each_role_does_to_an_edition(role: StaffRole, expected: set[str]) -> None:
    assert role.permissions & WORKFLOW == {f"publishing.{codename}" for codename in expected}


def test_everything_that_can_be_done_to_an_edition_is_somebodys() -> None:
    assert set().union(*(role.permissions for role in StaffRole)) >= WORKFLOW


def test_nobody_may_write_an_edition_a_signature_or_their_history() -> None:
    written = {
        f"publishing.{verb}_{model}"
        for verb in ("add", "change", "delete")
        for model in ("edition", "signoff", "event", "link")
    }
    assert not any(role.permissions & written for role in StaffRole)


@pytest.mark.parametrize("model", Document.__subclasses__(), ids=lambda model: model.__name__)
def test_editors_write_every_document_and_its_parts_and_translators_its_texts(model: type[Document]) -> None:
    rows = [model._meta.get_field(name).related_model for name in model.snapshot.rows]
    for each in [model, *rows]:
        assert isinstance(each, type)
        app, name = each._meta.app_label, each._meta.model_name
        assert {f"{app}.{verb}_{name}" for verb in ("add", "change", "delete", "view")} <= StaffRole.EDITOR.permissions
        for role in (StaffRole.TRANSLATOR_EN, StaffRole.TRANSLATOR_ZH_HANS):
            assert {f"{app}.change_{name}", f"{app}.view_{name}"} <= role.permissions
            assert not {f"{app}.add_{name}", f"{app}.delete_{name}"} & role.permissions


@pytest.mark.parametrize("role", [r for r in StaffRole if "TRANSLATOR" not in r.name and r != StaffRole.EDITOR])
def test_who_reviews_publishes_or_administers_writes_no_text(role: StaffRole) -> None:
    content = {p for p in role.permissions if p.startswith(("articles.", "glossary."))}
    assert content == {p for p in content if ".view_" in p}


def test_one_account_may_be_in_several_groups(db: None) -> None:
    both = UserFactory.create(roles=[StaffRole.EDITOR, StaffRole.PUBLISHER])
    assert both.has_perm("publishing.publish")
    assert both.has_perm("articles.change_article")
    assert not both.has_perm("publishing.sign_medical")


@pytest.mark.django_db(transaction=True)
def test_groups_come_with_the_first_migration_from_nothing() -> None:
    """The permissions of the apps are made by the same signal, some of them after the groups' turn has come."""
    try:
        for table in ("auth_user_groups", "auth_group_permissions", "auth_user_user_permissions", "auth_permission"):
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table}")
        Group.objects.all().delete()
        call_command("migrate", verbosity=0)
        for role in StaffRole:
            assert permissions(role.group()) == role.permissions
    finally:
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrating_an_app_away_takes_nothing_else_from_the_groups() -> None:
    try:
        call_command("migrate", "articles", "zero", verbosity=0)
        assert "glossary.change_term" in permissions(StaffRole.EDITOR.group())
    finally:
        call_command("migrate", verbosity=0)
    assert permissions(StaffRole.EDITOR.group()) == StaffRole.EDITOR.permissions
    assert not Article.objects.exists()
