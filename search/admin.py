from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publishing.admin import RefuseOddKeys

from .models import Missed, MissedQuerySet


@admin.register(Missed)
class MissedAdmin(RefuseOddKeys, admin.ModelAdmin):
    """What patients look for and do not find: for the next text, or a name that the glossary lacks.

    The same words are one line, whatever the days; those of some days alone, where the list is filtered by day.
    """

    list_display = ("query", "language", "total", "day")
    list_filter = ("language", "day")
    search_fields = ("query",)

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("-total", "-day", "query")

    def get_queryset(self, request: HttpRequest) -> MissedQuerySet:
        return Missed.objects.summed().order_by(*self.get_ordering(request))

    @admin.display(description=_("how often"), ordering="total")
    def total(self, missed: Any) -> int:
        return int(missed.total)

    def delete_model(self, request: HttpRequest, obj: Missed) -> None:
        Missed.objects.filter(language=obj.language, query=obj.query).delete()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for missed in queryset:
            self.delete_model(request, missed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
