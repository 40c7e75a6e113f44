"""Who works here: the groups, their names and what each may do. Kept in step after every `migrate`.

Permissions belong to a language where the work does. One account may be in several groups; nobody ever signs an edition
of their own, whatever the groups.
"""

from enum import Enum
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

DOCUMENTS = ("articles.article", "articles.topic", "articles.misconception", "glossary.term", "glossary.comparison")
PARTS = ("articles.warning", "articles.articlereference", "articles.articlemisconception",
         "articles.misconceptionreference", "glossary.name", "glossary.row")  # fmt: skip


def _on(verbs: str, models: tuple[str, ...]) -> set[str]:
    return {f"{app}.{verb}_{name}" for app, name in (m.split(".") for m in models) for verb in verbs.split()}


READ = _on("view", (*DOCUMENTS, *PARTS, "publishing.edition"))
WRITE = _on("add change delete", (*DOCUMENTS, *PARTS))
TRANSLATE = _on("change", DOCUMENTS)


class StaffRole(Enum):
    """A group: its names in both languages and its permissions as `app.codename`."""

    EDITOR = ("编辑 · editor", READ | WRITE | {"publishing.submit_zh_hans", "publishing.submit_en"})
    MEDICAL_REVIEWER = ("医学审核 · medical reviewer", READ | {"publishing.sign_medical"})
    TRANSLATOR_EN = ("英文译者 · translator (English)", READ | TRANSLATE | {"publishing.submit_en"})
    TRANSLATOR_ZH_HANS = ("中文译者 · translator (Chinese)", READ | TRANSLATE | {"publishing.submit_zh_hans"})
    LANGUAGE_REVIEWER_EN = ("英文审校 · language reviewer (English)", READ | {"publishing.sign_language_en"})
    LANGUAGE_REVIEWER_ZH_HANS = ("中文审校 · language reviewer (Chinese)", READ | {"publishing.sign_language_zh_hans"})
    PUBLISHER = ("发布员 · publisher", READ | {"publishing.publish", "publishing.withdraw"})
    ADMINISTRATOR = (
        "管理员 · administrator",
        READ | _on("view add change delete", ("auth.user",)) | _on("view", ("auth.group",)),
    )

    def __init__(self, group_name: str, permissions: set[str]) -> None:
        self.group_name = group_name
        self.permissions = permissions

    def group(self) -> Group:
        return Group.objects.get(name=self.group_name)


def sync_groups(**kwargs: Any) -> None:
    """Receiver of `post_migrate`: makes the groups and gives each exactly its permissions."""
    held = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role in StaffRole:
        if missing := role.permissions - held.keys():
            if Permission.objects.filter(Q(content_type__app_label="articles")).exists():
                raise LookupError(f"{role.group_name}: no such permission: {', '.join(sorted(missing))}")
            return  # a partial migration: the apps are not all there yet
        group, _created = Group.objects.get_or_create(name=role.group_name)
        group.permissions.set([held[name] for name in role.permissions])
