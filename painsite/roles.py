"""Who works here: the groups, their names and what each may do. Kept in step after every `migrate`.

Permissions belong to a language where the work does. One account may be in several groups; nobody ever signs an edition
of their own, whatever the groups.
"""

from enum import Enum
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections

DOCUMENTS = ("articles.article", "articles.topic", "articles.misconception", "glossary.term", "glossary.comparison")
PARTS = ("articles.warning", "articles.figure", "articles.question", "articles.articlereference",
         "articles.articlemisconception", "articles.misconceptionreference", "glossary.name", "glossary.context",
         "glossary.row", "articles.topiccode", "glossary.termcode")  # fmt: skip


def _on(verbs: str, models: tuple[str, ...]) -> set[str]:
    return {f"{app}.{verb}_{name}" for app, name in (m.split(".") for m in models) for verb in verbs.split()}


READ = _on(
    "view",
    (*DOCUMENTS, *PARTS, "publishing.edition", "publishing.feedback", "search.missed", "translations.translation"),
)
WRITE = _on("add change delete", (*DOCUMENTS, *PARTS))
QUEUE = _on("view change", ("glossary.recheck",))
ANSWER = _on("change", ("publishing.feedback",))
TRANSLATE = _on("change", (*DOCUMENTS, *PARTS)) | ANSWER
ASSIGN = {"translations.assign"}
PROFILE = _on("view change", ("painsite.siteprofile",))


class StaffRole(Enum):
    """A group: its names in both languages and its permissions as `app.codename`."""

    EDITOR = (
        "编辑 · editor",
        READ
        | WRITE
        | QUEUE
        | ANSWER
        | {"publishing.delete_feedback", "search.delete_missed"}
        | ASSIGN
        | {"publishing.submit_zh_hans", "publishing.submit_en"},
    )
    MEDICAL_REVIEWER = ("医学审核 · medical reviewer", READ | {"publishing.sign_medical"})
    TRANSLATOR_EN = ("英文译者 · translator (English)", READ | TRANSLATE | {"publishing.submit_en"})
    TRANSLATOR_ZH_HANS = ("中文译者 · translator (Chinese)", READ | TRANSLATE | {"publishing.submit_zh_hans"})
    LANGUAGE_REVIEWER_EN = (
        "英文审校 · language reviewer (English)",
        READ | ASSIGN | {"publishing.sign_language_en"},
    )
    LANGUAGE_REVIEWER_ZH_HANS = (
        "中文审校 · language reviewer (Chinese)",
        READ | ASSIGN | {"publishing.sign_language_zh_hans"},
    )
    PUBLISHER = ("发布员 · publisher", READ | PROFILE | {"publishing.publish", "publishing.withdraw"})
    ADMINISTRATOR = (
        "管理员 · administrator",
        READ | _on("view add change delete", ("auth.user",)) | _on("view", ("auth.group",)) | PROFILE,
    )

    def __init__(self, group_name: str, permissions: set[str]) -> None:
        self.group_name = group_name
        self.permissions = permissions

    def group(self) -> Group:
        return Group.objects.get(name=self.group_name)


def sync_groups(using: str = "default", **kwargs: Any) -> None:
    """Receiver of `post_migrate`: makes the groups and gives each exactly its permissions."""
    if Group._meta.db_table not in connections[using].introspection.table_names():
        return  # one app's migrations alone, before those of the accounts
    for app in apps.get_app_configs():
        # The apps below make theirs at this signal too, but after this one, whose turn comes first.
        create_permissions(app, verbosity=0, using=using)
    everything = Permission.objects.using(using).select_related("content_type")
    held = {f"{p.content_type.app_label}.{p.codename}": p for p in everything}
    for role in StaffRole:
        group, _created = Group.objects.using(using).get_or_create(name=role.group_name)
        # A migration backwards, or one app's alone, leaves tables and so permissions out.
        group.permissions.set([held[name] for name in role.permissions if name in held])
