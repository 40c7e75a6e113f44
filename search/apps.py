from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from . import indexing

        indexing.connect()
        post_migrate.connect(indexing.catch_up, sender=self, dispatch_uid="search.indexing.catch_up")
