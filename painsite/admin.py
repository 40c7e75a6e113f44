"""Accounts: an administrator manages people and their groups, but makes nobody more than that. And the site profile."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from modeltranslation.admin import TranslationAdmin
from reversion.admin import VersionAdmin

from publishing.admin import RefuseOddKeys

from .models import SiteProfile
from .translation import SiteProfileTranslation

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


@admin.register(SiteProfile)
class SiteProfileAdmin(RefuseOddKeys, VersionAdmin, TranslationAdmin):
    """One form, straight from the front page; its history is kept, and an earlier text can be brought back."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses
        profile, _created = SiteProfile.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:painsite_siteprofile_change", args=[profile.pk]))

    def reversion_register(self, model: type[SiteProfile], **options: Any) -> None:
        # Without the base columns, which hold whichever language was active.
        super().reversion_register(model, exclude=SiteProfileTranslation.fields, **options)
