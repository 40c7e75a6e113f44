from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from publishing.admin import RefuseOddKeys

from .models import Missed


@admin.register(Missed)
class MissedAdmin(RefuseOddKeys, admin.ModelAdmin):
    """What patients look for and do not find: for the next text, or a name that the glossary lacks."""

    list_display = ("query", "language", "count", "day")
    list_filter = ("language", "day")
    search_fields = ("query",)
    ordering = ("-count", "-day", "query")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
