"""Accounts: an administrator manages people and their groups, but makes nobody more than that."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

ONLY_SUPERUSERS = ("is_superuser", "user_permissions")


class AccountAdmin(UserAdmin):
    """Django's, without its open door: who may change accounts could else make themselves superuser."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        readonly = super().get_readonly_fields(request, obj)
        return readonly if request.user.is_superuser else (*readonly, *ONLY_SUPERUSERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (request.user.is_superuser or not is_superuser(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (request.user.is_superuser or not is_superuser(obj))


def is_superuser(user: Any) -> bool:
    return user is not None and user.is_superuser


admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
